#pragma once

// Statements: what a partner is paid for one period, by the programs that were closed for it. A draft gathers entries;
// once issued it is fixed, and chained to the one before by its hash.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/time/date.h"
#include "incentive-service/accruals/pricing.h"
#include "incentive-service/period_budgets/budget_use.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/stacking_plans/stacking.h"

namespace tributary::incentive {

// The numbers are stored and are those of the wire.
enum class StatementState { kIssued = 1, kDraft = 2, kAccepted = 3, kSettled = 4, kPartDisputed = 5 };
enum class StatementKind {
  kRegular = 1,  // periods that were closed, and what became of those before
  kTrueUp = 2,   // what became of periods of programs that have ended
};
enum class StatementEntryKind {
  kEarned = 1,     // the period was closed
  kTrueUp = 2,     // a closed period is worth something else by now
  kGuarantee = 3,  // what its guarantee adds to what it earned
};
std::string_view NameOf(StatementState state);
std::string_view NameOf(StatementKind kind);
std::string_view NameOf(StatementEntryKind kind);

struct StatementLine {
  int64_t ordinal = 0;  // from 1, by (basis date, document, line)
  std::string fact;     // without "partners/{partner}/" of whose it is
  Date basis_date;
  std::string product;
  Decimal quantity;
  Decimal amount;
  std::string currency;
  int64_t share = 0;  // minor units of the statement's currency
  int entry = 0;      // its ordinal
  // Under Measure::kCount: as which order, customer, product or site of the entry's it counts, numbered from 1 in the
  // order of the lines; 0 where that is not known. Under Measure::kMix 1 where it is of the set,
  // under Measure::kDaysToPay the days, under Measure::kFreeGoods by order as which order.
  int64_t counted_as = 0;
  // Id of whose it is, where that is not the statement's partner but one that it took over, or that earns with it.
  std::string of_partner;
  std::optional<Rational> unit_cost;  // under Measure::kMargin, of at most nine decimals; unset where it is not known
  // Of a part of an unlinked return: the sale that it is matched with, without "partners/{partner}/".
  std::string matched;
  friend bool operator==(const StatementLine&, const StatementLine&) = default;

  // Of the fact; `partner`: the statement's.
  std::string name(std::string_view partner) const;
};

// How a guarantee came to what it adds to a period, in minor units (engine/guarantee.h).
struct GuaranteeSteps {
  int64_t earned = 0;  // what statements have said that the period earned, this one included
  int64_t carry_before = 0;
  int64_t top_up = 0;
  int64_t recouped = 0;
  int64_t carry = 0;
  friend bool operator==(const GuaranteeSteps&, const GuaranteeSteps&) = default;
};

// What a program's budget left of an entry's value, in minor units. The entry's value is the share, or what was stated
// before and is still owed.
struct BudgetSteps {
  int64_t asked = 0;  // the value before it
  int64_t share = 0;  // what the budget has for it
  BudgetTerm term;
  friend bool operator==(const BudgetSteps&, const BudgetSteps&) = default;
};

// What a cap of clawbacks left stated of a closed period, in minor units. The entry's value is what the period is worth
// and what is waived.
struct ClawbackSteps {
  int64_t most = 0;           // the most that was ever stated of the period before
  int64_t stays = 0;          // what of it stays, whatever late facts make of the period
  int64_t waived = 0;         // what that is beyond what the period is worth
  int64_t waived_before = 0;  // of what was stated before
  friend bool operator==(const ClawbackSteps&, const ClawbackSteps&) = default;

  int64_t added() const { return waived - waived_before; }
};

// Units that an entry states of free goods.
struct StatedUnits {
  GoodsWork work;
  Decimal before;  // what earlier entries have stated

  Decimal units() const { return work.due - before; }
};

// What one program says of one period of its scale.
struct StatementEntry {
  int ordinal = 0;  // from 1
  StatementEntryKind kind = StatementEntryKind::kEarned;
  std::string program;  // its id
  int64_t program_version = 0;
  Period scale;
  Date counted_until;        // first day whose lines do not count: the end of the scale's period, or of a payout period
  std::string close_period;  // of the close that made it
  Pricing pricing;           // of its lines
  int64_t value = 0;         // minor units, rounded once
  int64_t stated_before = 0;
  std::vector<StatementLine> lines;         // as made; the store keeps them apart
  std::optional<GuaranteeSteps> guarantee;  // of kGuarantee, which has no lines
  std::optional<Stacking> stacking;         // of a program under a stacking plan
  std::optional<StatedUnits> goods;         // of a program that gives free goods
  std::optional<BudgetSteps> budget;        // of a program with a budget
  std::optional<ClawbackSteps> clawback;    // of a true-up of a program that bounds them

  int64_t amount() const { return value - stated_before; }
  // Of the value: what the period is worth, which lines and members share.
  int64_t worth() const { return value - (clawback.has_value() ? clawback->waived : 0); }
  // What it waives beyond what earlier entries did.
  int64_t waives() const { return clawback.has_value() ? clawback->added() : 0; }
  // Whether earlier entries have said it all.
  bool says_nothing() const { return amount() == 0 && waives() == 0 && (!goods.has_value() || goods->units().zero()); }
};

// What somebody added or took by hand, taken up when the statement was issued.
struct StatementAdjustment {
  int ordinal = 0;         // behind the entries
  std::string adjustment;  // id
  std::string program;     // id; empty for none
  std::string reason;
  std::string document;  // empty where it settles a dispute
  int64_t amount = 0;    // minor units
  friend bool operator==(const StatementAdjustment&, const StatementAdjustment&) = default;
};

// What a settlement credited to a wallet.
struct StatementPayment {
  std::string payee;   // id of whose wallet it is
  int64_t amount = 0;  // minor units; below 0: taken from it
  Date day;            // of the settlement (UTC)
  friend bool operator==(const StatementPayment&, const StatementPayment&) = default;
};

struct Statement {
  std::string partner;
  int64_t number = 0;  // counts the partner's statements from 1
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  StatementState state = StatementState::kDraft;
  StatementKind kind = StatementKind::kRegular;
  Period period;
  std::string currency;
  int64_t line_count = 0;
  int64_t total = 0;  // minor units
  std::optional<absl::Time> issue_time;
  std::string issued_by;                         // principal
  std::string previous_hash;                     // of the partner's statement before; empty for the first
  std::string hash;                              // empty for a draft
  std::vector<StatementEntry> entries;           // by ordinal, without lines
  std::vector<StatementAdjustment> adjustments;  // by ordinal
  int64_t settled = 0;                           // of the total, minor units
  int64_t withheld = 0;                          // by disputes that are open
  std::vector<StatementPayment> payments;        // in their order

  std::string path() const { return "statements/" + std::to_string(number); }
  std::string name() const { return "partners/" + partner + "/" + path(); }
};

// partners/{partner}/statements/{number}. INVALID_FIELD `field` where the pattern is another; a last segment that is no
// number names a statement that is not there (NOT_FOUND).
struct StatementKey {
  std::string partner;
  int64_t number = 0;
};
absl::StatusOr<StatementKey> ParseStatementName(std::string_view name, std::string_view field = "name");

// DRAFT -> ISSUED, without its hash. STATE_CONFLICT from another state, and where an earlier statement of the partner
// is a draft: the chain goes by number.
absl::StatusOr<Statement> Issue(Statement statement, std::string_view principal, bool earlier_is_draft, absl::Time now);
// Takes up what people added by hand, behind the entries, in this order. Of a draft that is about to be issued.
Statement TakeUp(Statement statement, std::vector<StatementAdjustment> adjustments);
// ISSUED -> ACCEPTED. STATE_CONFLICT.
absl::StatusOr<Statement> Accept(Statement statement, absl::Time now);
// ISSUED or ACCEPTED -> SETTLED; PART_DISPUTED stays so. STATE_CONFLICT; SECOND_PERSON_REQUIRED where the principal
// issued it: a second person moves money. (statements/settlement.h: with the money.)
absl::StatusOr<Statement> Settle(Statement statement, std::string_view principal, absl::Time now);
// SETTLED -> ISSUED, since something of it is not settled after all; others stay as they are. STATE_CONFLICT of a
// draft; SECOND_PERSON_REQUIRED as Settle.
absl::StatusOr<Statement> Unsettle(Statement statement, std::string_view principal, absl::Time now);

}  // namespace tributary::incentive
