#pragma once

// Closing a period: from then on its statements are fixed.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "incentive-service/facts/watermark.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/statements/entry.h"

namespace tributary::incentive {

struct PeriodClose {
  std::string program;  // its id
  std::string period;   // its id
  int64_t program_version = 0;
  absl::Time close_time;
  Watermark watermark;
  int64_t statements = 0;
  int64_t total = 0;  // minor units
  std::string currency;
  int64_t lines = 0;
  int64_t other_currency_lines = 0;
  int64_t unpriced_lines = 0;
  int64_t true_ups = 0;  // of the entries: those of periods that were closed before
  // Of partner-service's feed, where the program measures growth, rolls up or asks what partners are.
  Watermark partner_watermark;

  std::string name() const { return "programs/" + program + "/closes/" + period; }
};

// programs/{program}/closes/{period}; INVALID_FIELD name.
struct CloseKey {
  std::string program;
  std::string period;
};
absl::StatusOr<CloseKey> ParseCloseName(std::string_view name);

// The payout period to close, or why it cannot be, in this order:
//   STATE_CONFLICT    the program is a draft
//   INVALID_FIELD     name: no period, or not one of the program's time
//   PERIOD_NOT_ENDED  its last day has not passed where the program is
//   PERIOD_CLOSED     it is closed already
//   STATE_CONFLICT    the one before it is open: each states what is new
absl::StatusOr<Period> DecideClose(const Program& program, std::string_view period, absl::Time now, bool closed,
                                   bool open_before);
// When its last day has passed: then, or now where that is later; now where it is no period.
absl::Time OnceEnded(const Program& program, std::string_view period, absl::Time now);
// The payout period before; nullopt where the program had not begun.
std::optional<Period> PayoutBefore(const Program& program, const Period& payout);

// The payout period that holds the day, in which true-ups are stated without a close. STATE_CONFLICT where the
// program's fiscal calendar does not reach the day.
absl::StatusOr<Period> RunningOn(const Program& program, Date day);

// What is stored of a close, but for how many statements it made or added to.
PeriodClose CloseOf(const Program& program, const Period& period, const StatedPeriod& stated, Watermark watermark,
                    absl::Time now);

}  // namespace tributary::incentive
