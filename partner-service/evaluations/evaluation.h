#pragma once

// Evaluations: OPEN -> PUBLISHED -> APPEALED -> CONFIRMED or WITHDRAWN. Pure values and decisions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/time/date.h"
#include "partner-service/evaluations/scoring.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class EvaluationState { kOpen = 1, kPublished = 2, kAppealed = 3, kConfirmed = 4, kWithdrawn = 5 };
std::string_view NameOf(EvaluationState state);

struct Appeal {
  std::string reason;
  std::string principal;
  absl::Time time;
  bool upheld = false;
  std::string decision;
  std::string decider;
  std::optional<absl::Time> decide_time;  // once decided
};

struct Evaluation {
  std::string partner_id;
  std::string id;
  Revision revision;
  std::string template_id;
  std::string first_template_id;  // of the template's line
  std::string period;             // of the template's calendar
  DateRange days;                 // of the period, as they were when it was made
  EvaluationState state = EvaluationState::kOpen;
  Scorecard scorecard;
  Date counted_to;  // the last day that counts
  absl::Time evaluate_time;
  std::string inputs_sha256;
  int64_t inventory_cursor = 0;
  std::optional<absl::Time> publish_time;
  std::string publisher;
  std::optional<Date> appeal_before;  // the first day on which it is too late, by the partner's calendar
  std::optional<Appeal> appeal;
  std::string sanction;  // its name; empty without one

  std::string name() const;  // partners/{partner_id}/evaluations/{id}
};

// What an evaluation says of a moment.
struct WorkedOut {
  Scorecard scorecard;
  Date counted_to;
  std::string inputs_sha256;
  int64_t inventory_cursor = 0;
};

// Refused: not OPEN.
absl::Status CheckOpen(const Evaluation& evaluation, std::string_view verb);
// The evaluation as it was worked out. Refused: not OPEN.
absl::StatusOr<Evaluation> Run(const Evaluation& evaluation, WorkedOut worked_out, absl::Time now);
// Whether that would say anything else than is said already.
bool Differs(const Evaluation& evaluation, const WorkedOut& worked_out);

struct Publication {
  std::string principal;
  absl::Time time;
  Date today;           // by the template's calendar
  Date partners_today;  // by the partner's
  int appeal_days = 0;  // of the template
};
// The evaluation as it was worked out for the last time. Refused: not OPEN; PERIOD_NOT_ENDED.
absl::StatusOr<Evaluation> Publish(const Evaluation& evaluation, WorkedOut worked_out, const Publication& publication);
// Refused: not PUBLISHED, or too late on `today` (of the partner).
absl::StatusOr<Evaluation> AppealAgainst(const Evaluation& evaluation, std::string_view reason,
                                         std::string_view principal, Date today, absl::Time now);
// Refused: not APPEALED; SECOND_PERSON_REQUIRED where the decider has published it.
absl::StatusOr<Evaluation> Decide(const Evaluation& evaluation, bool uphold, std::string_view decision,
                                  std::string_view decider, absl::Time now);

}  // namespace tributary::partner
