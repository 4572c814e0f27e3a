#pragma once

// The sums that a stacking plan is evaluated on, moved by lines as they come and go. Pure; one line costs the edges and
// caps that it touches, whatever the history.

#include <map>
#include <string>
#include <utility>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "incentive-service/engine/shares.h"
#include "incentive-service/engine/stacking_plan.h"

namespace tributary::incentive {

// What a line, or a sum of lines, brings to one program.
struct Portion {
  Decimal qualifying;           // money that reaches tiers
  Decimal earning;              // money that is paid on
  Decimal qualifying_quantity;  // base units
  Decimal earning_quantity;
  // What lines in other currencies are by the rates of their days, which Decimal does not hold: money beside both of
  // the above. Lines without a rate bring units alone.
  Rational converted;
  Portion& operator+=(const Portion& other);
  Portion operator-() const;
  bool Earns() const { return !earning.zero() || !earning_quantity.zero() || !converted.zero(); }
  Rational reaches() const { return Rational(qualifying) + converted; }
  Rational is_paid_on() const { return Rational(earning) + converted; }
  friend bool operator==(const Portion&, const Portion&) = default;
};

// A line and the programs that it counts for.
struct StackLine {
  LineKey key;  // its fact is its own alone
  // What it competes as in groups of scope kLine: a linked return names its sale's fact, so that both go to one winner
  // and the return takes back what the sale brought. "": itself.
  std::string unit;
  std::map<std::string, Portion> portions;  // by program

  // What it brings to the program: nullptr for nothing that is paid on.
  const Portion* Earning(const std::string& program) const;
};

// Sums alone suffice, but for groups of scope kLine, which want their lines. Two sums of the same lines are equal.
struct StackSums {
  std::map<std::string, Portion> programs;
  // E(u and g) by (u, g) for each net-of edge: what the lines that both are paid on bring to u.
  std::map<std::pair<std::string, std::string>, Portion> overlaps;
  // By shared cap with a rate: what its rate is of, money alone. A line's part is the largest earning amount (by size)
  // that it brings to a member, which is the line's amount where programs do not weigh lines differently.
  std::map<std::string, Portion> cap_bases;
  friend bool operator==(const StackSums&, const StackSums&) = default;
};

// Adds a line, or takes it out again: then the sums are as if it had never been.
void AddLine(const StackingPlan& plan, const StackLine& line, StackSums* sums);
void RemoveLine(const StackingPlan& plan, const StackLine& line, StackSums* sums);
StackSums SumsOf(const StackingPlan& plan, absl::Span<const StackLine> lines);

}  // namespace tributary::incentive
