#pragma once

// The ledger in the database. Each call works in the caller's transaction. Whoever enters something has the partner's
// ledger until the transaction ends: it is the last lock that a transaction takes, behind statements, claims and
// wallets.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/ledger/aged_balances.h"
#include "incentive-service/ledger/ledger_entry.h"

namespace tributary::incentive {

struct LedgerKey {
  std::string partner;
  int64_t number = 0;
};

class LedgerStore {
 public:
  // Enters these, which are all of one partner, and numbers them. OVERFLOW where a balance would leave its range.
  absl::Status Post(mysql::Transaction& sql, std::vector<LedgerEntry> entries, absl::Time now) const;
  absl::Status Post(mysql::Transaction& sql, std::optional<LedgerEntry> entry, absl::Time now) const;

  // NOT_FOUND.
  absl::StatusOr<LedgerEntry> Get(mysql::Transaction& sql, const LedgerKey& key) const;
  // By (partner, number), after `after`; of one partner or of all, of one account or of all.
  static const std::vector<FilterField>&
  FilterFields();  // kind, item, program, period, statement, currency, entry_time
  absl::StatusOr<std::vector<LedgerEntry>> List(mysql::Transaction& sql, const std::optional<std::string>& partner,
                                                std::optional<LedgerAccount> account, const LedgerKey& after,
                                                const SqlPredicate& where, int limit) const;

  // Those of one journal export (journal_exports/), by (partner, number).
  absl::StatusOr<std::vector<LedgerEntry>> ListExported(mysql::Transaction& sql, std::string_view month) const;

  // By (currency, number): what of the partner's statements was stated or held back at the end of a day (UTC), ages
  // apart.
  absl::StatusOr<std::vector<OpenStatement>> OpenStatements(mysql::Transaction& sql, std::string_view partner,
                                                            Date as_of) const;

  // What deductions have settled of a statement, by the ordinals of its items, without those of nothing.
  absl::StatusOr<std::map<int, int64_t>> DeductedOf(mysql::Transaction& sql, std::string_view partner,
                                                    int64_t statement) const;

  // How often the books disagree: entries that do not sum to 0, accounts that are not the sum of their legs,
  // statements, claims, wallets, payouts, deductions, overruns of budgets and waived clawbacks that are not where their
  // entries say, payouts whose holds have not what they are of, currencies in which something was passed on to nobody,
  // and accruals that are not what was entered of them, or of a closed period not what drafts say. 0 at all times.
  // Reads everything.
  absl::StatusOr<int64_t> Mismatches(mysql::Transaction& sql) const;
};

}  // namespace tributary::incentive
