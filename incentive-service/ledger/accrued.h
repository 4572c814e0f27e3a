#pragma once

// What accrues, in the ledger: of each partner and period of a program's scale what no statement that is issued has
// said. Values and decisions. Amounts are minor units of the program's currency.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "common/time/date.h"
#include "incentive-service/ledger/ledger_entry.h"
#include "incentive-service/statements/statement.h"

namespace tributary::incentive {

// Of one program: by (partner, period of its scale).
using AccruedAmounts = std::map<std::pair<std::string, std::string>, int64_t>;

// What is left of an accrual for statements to say, drafts apart, with what is left of those before it in the scale's
// period.
struct UnstatedAccrual {
  std::string partner;
  std::string scale;  // id of the scale's period
  Date start;         // of the accrual's own
  int64_t amount = 0;
};
// Of each scale's period what the last of its accruals has.
AccruedAmounts UnstatedOf(absl::Span<const UnstatedAccrual> accruals);

// From what the ledger has of an item in kAccrued to what it is to have.
struct AccruedMove {
  std::string partner;
  std::string program;  // id
  std::string period;   // id
  std::string currency;
  int64_t before = 0;
  int64_t after = 0;
  friend bool operator==(const AccruedMove&, const AccruedMove&) = default;
};

// What takes a program from what is entered to what is unstated and what drafts say; without what stays. By (partner,
// period).
std::vector<AccruedMove> AccruedMovesOf(const std::string& program, const std::string& currency,
                                        const AccruedAmounts& entered, const AccruedAmounts& unstated,
                                        const AccruedAmounts& drafted);

// What the entries of a statement say in all, by (program, period of its scale).
std::map<std::pair<std::string, std::string>, int64_t> SaidByPeriod(const Statement& statement);

// Nothing where it stays.
std::optional<LedgerEntry> EntryOf(const AccruedMove& move);

// What the ledger had accrued of a partner's item at the end of a day.
struct AccruedBalance {
  std::string program;  // id
  std::string period;   // id
  std::string currency;
  int64_t amount = 0;
  absl::Time entry_time;  // of the last entry
};

}  // namespace tributary::incentive
