#pragma once

// Whether a line counts in a program, and if not, why. A function of the line, the program and the close of the period
// of the scale that the line falls into: late facts are those recorded beyond the close's watermark.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "incentive-service/engine/free_goods.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/facts/watermark.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

// A period of a scale that is closed.
struct ClosedPeriod {
  Watermark watermark;
  absl::Time grace_until = absl::InfiniteFuture();     // late facts that add to the amount count if recorded before
  absl::Time clawback_until = absl::InfiniteFuture();  // those that lower it
  // Of partner-service's feed, where relationships say who earns by whose lines, or the program asks what partners are.
  Watermark partner_watermark;
};
// Whether a fact of the shard was told after the period was closed.
bool IsLate(const Told& told, int shard, const ClosedPeriod& close);
// Whether the line was told and counted as of a watermark, as if nothing beyond it had been told.
bool WasLive(const FactLine& line, const Watermark& then);
// The same of all lines: those told beyond it go, and so does what took others back. On which day a return counts stays
// as it is known now.
void LeaveOutToldAfter(const Watermark& then, std::vector<FactLine>* lines);
ClosedPeriod ClosedPeriodOf(const Program& program, const Period& scale, Watermark watermark,
                            Watermark partner_watermark = {});

// By (program, period of its scale).
using ClosedPeriods = std::map<std::pair<std::string, std::string>, ClosedPeriod>;
const ClosedPeriod* Find(const ClosedPeriods& closes, const Program& program, const Period& scale);

// The numbers are those of the wire; the first that holds is told, in the order of WhyAbsent.
enum class AbsenceReason {
  kUnknownLine = 1,
  kProgramNotActive = 2,
  kIsReversal = 3,
  kReversed = 4,
  kPartnerNotEligible = 5,
  kProductNotIncluded = 6,
  kOutsideEffectiveDates = 7,
  kLateBeyondGrace = 8,
  kLateBeyondClawback = 9,
  kReturnsUncountedLine = 10,
  kOtherCurrency = 11,
  kUnpriced = 12,
  kOtherBasis = 13,
  kIsAdjustment = 14,
  kNoAmount = 15,
  kCountsWithSuccessor = 16,
  kCountsWithGroup = 17,
  kNoCost = 20,
  kCustomerNotEligible = 21,
};

// Why the line does not count; nullopt where it does. kUnknownLine, kUnpriced, kCountsWithSuccessor, kCountsWithGroup
// and kNoCost are for others to find.
std::optional<AbsenceReason> WhyAbsent(const Program& program, const FactLine& line, const ClosedPeriod* close);

// kPartnerNotEligible where the program is not for the partner of the line, by name or by what it was, then
// kCustomerNotEligible where it is not for the line's customer. Of a program that asks what they were, a line counts
// only once its standing has been written down (standings/standings.h).
std::optional<AbsenceReason> WhyNotEligible(const Program& program, const FactLine& line);

// The order, customer, product or site as which the line counts under Measure::kCount: the order that it names, or else
// its document; the customer by the partner's name; the site that it names, or else "main". Empty where that is not
// known, and of a program that counts none. It lives as long as both.
std::string_view CountedAs(const Program& program, const FactLine& line);

// The order that the line names, or else its document. It lives as long as the line.
std::string_view OrderOf(const FactLine& line);

// What the line adds to free goods: units that were paid, or given where it costs nothing; nothing of a program that
// gives none.
GoodsUnits GoodsOf(const Program& program, const FactLine& line);

// Whether the line is of the set of a mix; false of a program that measures none.
bool IsOfSet(const Program& program, const FactLine& line);

}  // namespace tributary::incentive
