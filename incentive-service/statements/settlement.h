#pragma once

// Statements as money: what of their entries and adjustments is settled, and what disputes hold back. Values and
// decisions. Amounts are minor units of the statement's currency.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "incentive-service/ledger/ledger_entry.h"
#include "incentive-service/statements/statement.h"

namespace tributary::incentive {

// An entry of a statement, or an adjustment in it.
struct StatementItem {
  int ordinal = 0;
  std::string program;  // id; empty for an adjustment of none
  std::string period;   // of the program; empty for an adjustment
  int64_t amount = 0;
  int64_t settled = 0;
  int64_t withheld = 0;  // by disputes that are open
  int64_t waived = 0;    // of the amount: what a cap of clawbacks adds to it

  int64_t open() const { return amount - settled - withheld; }  // what a settlement would settle
  friend bool operator==(const StatementItem&, const StatementItem&) = default;
};

// Of entries and then of adjustments, by ordinal; nothing of them settled or withheld.
std::vector<StatementItem> ItemsOf(const Statement& statement);

// What takes the items of a statement from `before` to `after`, both by the same ordinals; what is settled goes to
// `settled_into`. Items that do not move make no entry.
std::vector<LedgerEntry> MovesOf(const Statement& statement, LedgerKind kind, const std::vector<StatementItem>& before,
                                 const std::vector<StatementItem>& after,
                                 LedgerAccount settled_into = LedgerAccount::kPaid);
// What issuing a statement enters.
std::vector<LedgerEntry> IssueOf(const Statement& statement);

// The statement with what its items say of settled and withheld.
Statement WithItems(Statement statement, const std::vector<StatementItem>& items);

struct Settlement {
  Statement statement;
  std::vector<StatementItem> items;
  int64_t amount = 0;                // into the payee's wallet, below 0 out of it; or what the partner deducted
  bool first = true;                 // nothing of the statement was settled before
  std::vector<LedgerEntry> entries;  // of the partner
  std::optional<LedgerEntry> entry_of_payee;  // where that is another partner
};
// ISSUED or ACCEPTED -> SETTLED; of one that is PART_DISPUTED what is neither disputed nor settled, and it stays so.
// `items`: as they are; `payee`: id of who is paid what the partner earns. Refused, in this order: STATE_CONFLICT from
// another state, and where a statement that is PART_DISPUTED has nothing to settle; SECOND_PERSON_REQUIRED where the
// principal issued it: a second person moves money.
absl::StatusOr<Settlement> SettleItems(Statement statement, std::vector<StatementItem> items, const std::string& payee,
                                       std::string_view principal, absl::Time now);

// Settles so much by what the partner has deducted itself, and moves nothing of its wallet: of items above 0 in their
// order, or all of them where it is all that is open, which settles the statement as SettleItems does. Refused, in this
// order: STATE_CONFLICT and SECOND_PERSON_REQUIRED as SettleItems; ALLOCATION_EXCEEDS where less is open.
absl::StatusOr<Settlement> DeductItems(Statement statement, std::vector<StatementItem> items, int64_t amount,
                                       std::string_view principal, absl::Time now);

// Takes so much back of what DeductItems settled: of items above 0, the last first, or all of them where it is all.
// `deducted`: what deductions have settled of each item, by ordinal. What is taken back is open again, to be settled
// otherwise. Refused, in this order: STATE_CONFLICT and SECOND_PERSON_REQUIRED as Unsettle; ALLOCATION_EXCEEDS where
// deductions have settled less.
absl::StatusOr<Settlement> UndeductItems(Statement statement, std::vector<StatementItem> items,
                                         const std::map<int, int64_t>& deducted, int64_t amount,
                                         std::string_view principal, absl::Time now);

}  // namespace tributary::incentive
