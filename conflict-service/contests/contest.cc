#include "conflict-service/contests/contest.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"

namespace tributary::conflict {
namespace {

Contest Changed(Contest contest, absl::Time now) {
  contest.update_time = now;
  ++contest.version;
  return contest;
}

}  // namespace

std::string_view NameOf(Contest::State state) {
  switch (state) {
    case Contest::State::kOpen:
      return "OPEN";
    case Contest::State::kAwarded:
      return "AWARDED";
    case Contest::State::kMerged:
      return "MERGED";
  }
  return "STATE_UNSPECIFIED";
}

Contest NewContest(std::string policy, Date end, absl::Time now) {
  Contest contest;
  contest.uid = Uuid::New(now);
  contest.name = StrCat("contests/", contest.uid.ToString());
  contest.create_time = contest.update_time = now;
  contest.policy = std::move(policy);
  contest.end = end;
  return contest;
}

absl::Status CheckMayAward(const Contest& contest, absl::Time now) {
  if (contest.state != Contest::State::kOpen) return WrongState(contest.name, "award", NameOf(contest.state), "OPEN");
  if (UtcToday(now) >= contest.end) return absl::OkStatus();
  return Error(Reason::kContestOpen, StrCat(contest.name, ": got ", UtcToday(now).ToString(), ", want ",
                                            contest.end.ToString(), " or later"));
}

Contest Award(Contest contest, const ContestInputs& inputs, const std::vector<Placing>& award, std::string awarded_by,
              absl::Time now) {
  contest.state = Contest::State::kAwarded;
  contest.inputs = Write(inputs);
  contest.award = Write(award);
  contest.awarded_by = std::move(awarded_by);
  return Changed(std::move(contest), now);
}

ContestDecision DecisionOf(const Contest& awarded, int64_t number) {
  return {awarded.name, number, awarded.update_time, awarded.inputs, awarded.award, awarded.awarded_by};
}

Contest WithEnd(Contest contest, Date end, absl::Time now) {
  contest.end = end;
  return Changed(std::move(contest), now);
}

Contest Merged(Contest contest, absl::Time now) {
  contest.state = Contest::State::kMerged;
  return Changed(std::move(contest), now);
}

}  // namespace tributary::conflict
