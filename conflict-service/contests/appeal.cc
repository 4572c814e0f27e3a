#include "conflict-service/contests/appeal.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace tributary::conflict {
namespace {

// The parts of these boxes that lie outside of the other one.
std::vector<Box> Outside(const std::vector<Box>& boxes, const Box& of, const Places& places) {
  std::vector<Box> outside;
  for (const Box& box : boxes) {
    for (Remainder& part : Minus(WithLeaves(box, places), of)) outside.push_back(std::move(part.box));
  }
  return outside;
}

void AppendTo(std::vector<Box>* boxes, const std::vector<Box>& more) {
  boxes->insert(boxes->end(), more.begin(), more.end());
}

}  // namespace

bool InTimeToAppeal(const Terms& terms, Date awarded_on, Date today) {
  return terms.appeal_days == 0 || today <= AddBusinessDays(awarded_on, terms.appeal_days, terms.holidays);
}

bool StillContests(const Deal& deal) {
  switch (deal.state) {
    case Deal::State::kApproved:
    case Deal::State::kPartApproved:
    case Deal::State::kDuplicate:
      return true;
    case Deal::State::kUnderReview:
      return deal.contest.empty();
    case Deal::State::kDraft:
    case Deal::State::kSubmitted:
    case Deal::State::kWithdrawn:
    case Deal::State::kRejected:
    case Deal::State::kExpired:
    case Deal::State::kWon:
    case Deal::State::kLost:
      return false;
  }
  return false;
}

Share BesideOf(const Deal& deal, const Box& requested, const Places& places) {
  return {Outside(deal.granted, requested, places), Outside(deal.waitlisted, requested, places), false};
}

ContestInputs WholeOf(const std::vector<ContestInputs>& decisions) {
  ContestInputs whole;
  for (const ContestInputs& inputs : decisions) {
    if (whole.contestants.empty()) {
      whole = inputs;
      continue;
    }
    for (Contestant& contestant : whole.contestants) {
      for (const Contestant& again : inputs.contestants) {
        if (again.deal == contestant.deal) contestant.evidence = again.evidence;
      }
    }
  }
  return whole;
}

ContestInputs WithAppeal(const ContestInputs& whole, const std::string& appeal, const std::vector<Proof>& evidence,
                         const std::vector<ContestantNow>& now) {
  const auto find = [&now](const std::string& deal) {
    return std::find_if(now.begin(), now.end(), [&deal](const ContestantNow& one) { return one.deal == deal; });
  };
  ContestInputs inputs{whole.policy, appeal, whole.terms, {}};
  for (Contestant contestant : whole.contestants) {
    const auto one = find(contestant.deal);
    if (one == now.end()) continue;
    if (contestant.deal == appeal) contestant.evidence = evidence;
    contestant.requested = one->requested;
    contestant.taken = one->taken;
    std::erase_if(contestant.rivals, [&](const std::string& rival) { return find(rival) == now.end(); });
    for (const std::string& rival : contestant.rivals) {
      const Share& beside = find(rival)->beside;
      AppendTo(&contestant.taken, beside.granted);
      AppendTo(&contestant.taken, beside.waitlisted);
    }
    inputs.contestants.push_back(std::move(contestant));
  }
  return inputs;
}

Share HeldAfter(const Share& share, const std::vector<Box>& granted_before, const Share& beside) {
  Share held{share.granted, {}, share.whole && beside.waitlisted.empty()};
  for (const Box& box : share.waitlisted) {
    for (const Box& before : granted_before) {
      if (std::optional<Box> both = Intersect(box, before)) held.granted.push_back(*std::move(both));
    }
    for (Remainder& part : Minus(box, granted_before)) held.waitlisted.push_back(std::move(part.box));
  }
  AppendTo(&held.granted, beside.granted);
  AppendTo(&held.waitlisted, beside.waitlisted);
  return held;
}

}  // namespace tributary::conflict
