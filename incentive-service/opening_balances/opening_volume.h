#pragma once

// Whether a period of a program may begin with what an opening balance says of it. A decision.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "incentive-service/opening_balances/opening_balance.h"
#include "incentive-service/programs/period.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

// What is known of a volume's program.
struct VolumeGround {
  bool stacked = false;             // the period is evaluated by a stacking plan
  std::vector<std::string> closed;  // ids of its payout periods
  int64_t lines = 0;                // of the partner, that count in the period until the day of the balance
};

// The period of the program's scale that the balance's day lies in; one without an id where it lies in none.
Period PeriodWith(const OpeningBalance& balance, const Program& program);

// What of the program, as it is in the period, keeps sums without lines from counting; empty: nothing.
std::string_view KeepsVolumesOut(const Program& program);

// The period of the program's scale that the volume is of, by the terms that are in force in it. `path`:
// "opening_balance.volumes[2]". Refused, in this order: STATE_CONFLICT where the program is not ACTIVE; INVALID_FIELD
// where its value is no function of sums of lines alone, it is in another currency, it has no period on the day or is
// not for the partner; PERIOD_CLOSED where a payout period is that ends after the day; STATE_CONFLICT where lines up to
// the day count already: the volume has them.
absl::StatusOr<Period> DecideVolume(const OpeningBalance& balance, const Program& program, const VolumeGround& ground,
                                    std::string_view path);

}  // namespace tributary::incentive
