#pragma once

// The ledger as the vendor's books take it: the batch of a month, with the vendor's own codes for accounts. Values and
// decisions.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/ids/uuid.h"
#include "incentive-service/ledger/ledger_entry.h"
#include "incentive-service/programs/period.h"

namespace tributary::incentive {

using AccountCodes = std::map<LedgerAccount, std::string>;

struct JournalExport {
  Period period;  // a month; its id is that of the export
  Uuid uid;
  absl::Time create_time;
  AccountCodes codes;
  int64_t entries = 0;
  int64_t legs = 0;
  std::string sha256;

  std::string name() const { return "journalExports/" + period.id; }
};

// What is to be exported. INVALID_FIELD journal_export_id where it is no month; journal_export.account_codes[i].account
// where it is none of the ledger's or named twice, journal_export.account_codes where one is missing; all at once.
absl::StatusOr<JournalExport> NewExport(std::string_view month,
                                        const std::vector<std::pair<LedgerAccount, std::string>>& codes);

// Refused, in this order: PERIOD_NOT_ENDED before the month has ended (UTC); PERIOD_CLOSED where `latest`, the last
// month that is exported or nothing, is behind it.
absl::Status CheckExportable(const JournalExport& wanted, std::string_view latest, absl::Time now);
// ALREADY_EXISTS where the month is exported with other codes.
absl::Status CheckSame(const JournalExport& known, const JournalExport& wanted);

// CSV by RFC 4180, UTF-8, LF: a row of names, then one a leg, as `entries` go. What goes into an account is a credit,
// what goes out of it a debit; amounts are plain decimals.
//   batch,partner,entry,date,kind,item,statement,program,period,account,account_code,currency,debit,credit
std::string WriteJournal(const JournalExport& exported, absl::Span<const LedgerEntry> entries);

}  // namespace tributary::incentive
