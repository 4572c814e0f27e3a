#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "conflict-service/contests/award.h"

namespace tributary::conflict {

// Registrations of one customer that overlap and are decided together. While it is open, its members are the deals that
// name it.
struct Contest {
  enum class State { kOpen = 1, kAwarded = 2, kMerged = 3 };
  std::string name;  // contests/{contest}
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  State state = State::kOpen;
  std::string policy;  // adjudicationPolicies/{adjudication_policy}
  Date end;            // it can be awarded from this day on
  std::string inputs;  // what award.h writes, of the last decision; empty until the award
  std::string award;
  std::string awarded_by;
};
inline constexpr Contest::State kAllContestStates[] = {Contest::State::kOpen, Contest::State::kAwarded,
                                                       Contest::State::kMerged};
std::string_view NameOf(Contest::State state);

Contest NewContest(std::string policy, Date end, absl::Time now);
// OPEN, and its end has come: else STATE_CONFLICT, CONTEST_OPEN.
absl::Status CheckMayAward(const Contest& contest, absl::Time now);
// Also of one that is decided again.
Contest Award(Contest contest, const ContestInputs& inputs, const std::vector<Placing>& award, std::string awarded_by,
              absl::Time now);

// A decision of a contest, which is kept as it was made: the award is the first; each accepted appeal makes one more.
struct ContestDecision {
  std::string contest;
  int64_t number = 1;
  absl::Time decide_time;
  std::string inputs;  // what award.h writes
  std::string award;
  std::string decided_by;
};
ContestDecision DecisionOf(const Contest& awarded, int64_t number);

// A registration has met members of both: all are decided together, at the later of the two ends, so that nobody has
// less time than he was told.
Contest WithEnd(Contest contest, Date end, absl::Time now);
Contest Merged(Contest contest, absl::Time now);

}  // namespace tributary::conflict
