#pragma once

// Sales targets: figures for a partner and a fiscal period, divided into parts that always sum to them. Pure values and
// decisions.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/money/decimal.h"
#include "common/time/date.h"
#include "partner-service/fiscal_calendars/fiscal_calendar.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class TargetBasis { kOrder = 1, kSellIn = 2, kSellThrough = 3 };
enum class MissConsequence { kNone = 0, kNotice = 1, kReview = 2, kLevelAtRisk = 3, kGrantAtRisk = 4, kBlock = 5 };
std::string_view NameOf(TargetBasis basis);
std::string_view NameOf(MissConsequence consequence);

// One statement of the figure.
struct TargetRevision {
  int number = 1;
  Decimal figure;
  std::string reason;
  std::string principal;
  absl::Time time;
  friend bool operator==(const TargetRevision&, const TargetRevision&) = default;
};

struct SalesTarget {
  std::string partner_id;
  std::string id;
  Revision revision;
  std::string display_name;
  TargetBasis basis = TargetBasis::kSellIn;
  std::string calendar_id;
  std::string period;                      // of that calendar
  DateRange days;                          // of the period, as they were when the target was made
  std::vector<std::string> product_lines;  // productLines/{product_line}
  std::vector<std::string> products;       // products/{product}
  std::string currency;                    // empty for a target of units
  Decimal figure;                          // amount or quantity
  std::string parent;                      // name of the whole; empty where it is a part of none
  Decimal weight;                          // its share among the parts
  MissConsequence consequence = MissConsequence::kNone;
  std::string consequence_note;
  int grace_days = 0;                     // after the period, before it is decided whether it is missed
  absl::Time decision_due;                // when that is, by the calendar
  std::optional<absl::Time> decide_time;  // when it was
  bool missed = false;
  std::vector<TargetRevision> revisions;  // oldest first

  std::string name() const;  // partners/{partner_id}/targets/{id}
};

// The target with its first revision.
SalesTarget Begin(SalesTarget target, std::string_view principal, absl::Time now);
// When it is decided whether it is missed: after its period and grace, by its calendar.
absl::Time DecisionDueOf(const SalesTarget& target, const FiscalCalendar& calendar);

// INVALID_FIELD: a product or product line that is no name; consequence_note or display_name with control characters.
absl::Status CheckContent(const SalesTarget& target);

// `total` shared by `weights`, exactly: in the currency's minor units (without a currency in whole units) where it is
// whole in them, else in millionths; what does not divide goes to the largest remainders, the earlier part first.
std::vector<Decimal> Share(Decimal total, std::string_view currency, const std::vector<Decimal>& weights);

// One part that is asked for.
struct PartWanted {
  std::string partner_id;
  std::string id;
  Decimal weight;
  std::string period;  // empty: the whole's
  std::vector<std::string> product_lines;
  std::vector<std::string> products;
};

// The parts of `whole`, which sum to it. Refused, in this order:
//   STATE_CONFLICT  it has parts already
//   INVALID_FIELD   parts[i]: one twice, or the whole itself; a period that is not of the calendar or does not lie in
//                   the whole's; lines or products that are not the whole's; weights that are all 0
absl::StatusOr<std::vector<SalesTarget>> Cascade(const SalesTarget& whole, bool has_parts,
                                                 const std::vector<PartWanted>& wanted, const FiscalCalendar& calendar,
                                                 std::string_view principal, absl::Time now);

// A whole with all that lies below it, by name.
using TargetTree = std::map<std::string, SalesTarget>;

struct Adjustment {
  std::string name;
  Decimal figure;
  std::string counterpart;  // for a part: the other part that takes the difference
  std::string reason;
  std::string principal;
};

// The targets that are not as they were, each with a further revision where its figure moved; every whole is then the
// sum of its parts again. `tree` holds the target's uppermost whole and everything below. Refused, in this order:
//   STATE_CONFLICT  a part without a counterpart
//   INVALID_FIELD   counterpart: not another part of the same whole, or given for what is a part of none; it has less
//                   than the difference
absl::StatusOr<std::vector<SalesTarget>> Adjust(const TargetTree& tree, const Adjustment& adjustment, absl::Time now);

// The target once it is decided whether it is missed.
SalesTarget Decided(const SalesTarget& target, bool missed, absl::Time now);

// The content of `changed` that may change by itself: display name, consequence and its note. Refused: INVALID_FIELD;
// another consequence once it is decided.
absl::StatusOr<SalesTarget> Change(const SalesTarget& target, const SalesTarget& changed, absl::Time now);

}  // namespace tributary::partner
