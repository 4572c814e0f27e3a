#pragma once

// What an appeal makes of a contest that was awarded: it is decided again by the whole evidence of the last decision
// with that of the appeal, under the same terms. Pure.

#include <string>
#include <vector>

#include "common/time/date.h"
#include "conflict-service/contests/award.h"
#include "conflict-service/deals/deal.h"
#include "conflict-service/deals/scope_check.h"

namespace tributary::conflict {

// Whether an appeal on `today` decides a contest again that was awarded on `awarded_on` (Terms::appeal_days).
bool InTimeToAppeal(const Terms& terms, Date awarded_on, Date today);

// Whether a registration that a contest decided still has its part in it: it was neither won, which nothing takes back,
// nor given up, turned down or over.
bool StillContests(const Deal& deal);

// Of what it holds, by leaves, what its contest is not about: renewals since.
Share BesideOf(const Deal& deal, const Box& requested, const Places& places);

// The inputs of a contest's decisions, the award's first, as one: all that were in the award, each with the evidence
// that was last weighed of it.
ContestInputs WholeOf(const std::vector<ContestInputs>& decisions);

// One of the contest's registrations as it stands now.
struct ContestantNow {
  std::string deal;
  Box requested;           // as the contest has it: without what it was renewed by since
  std::vector<Box> taken;  // what others outside of the contest have before it
  Share beside;            // BesideOf
};

// The inputs of the new decision. Who is not among `now` is left out; of the others, nobody gets what another one holds
// beside. Of `appeal` all evidence counts that is given here, of the others what was weighed before.
ContestInputs WithAppeal(const ContestInputs& whole, const std::string& appeal, const std::vector<Proof>& evidence,
                         const std::vector<ContestantNow>& now);

// What a registration has by the new decision: its share and what it holds beside. What is waitlisted again and was
// granted, or accepted, before stays granted.
Share HeldAfter(const Share& share, const std::vector<Box>& granted_before, const Share& beside);

}  // namespace tributary::conflict
