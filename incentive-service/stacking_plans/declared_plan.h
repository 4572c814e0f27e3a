#pragma once

// Stacking plans as they are declared: their rules (engine/stacking_plan.h), their time, their life. Members are the
// programs that the rules name; in them programs are ids.
//
// A plan holds for whole periods of its members, which all have the same. From its effective day on their periods are
// evaluated and closed together, so no period is ever half stacked.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/ids/uuid.h"
#include "common/time/date.h"
#include "incentive-service/engine/lint/finding.h"
#include "incentive-service/engine/lint/margin.h"
#include "incentive-service/engine/stacking_plan.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

// The numbers are stored and are those of the wire.
enum class StackingPlanState {
  kDraft = 1,   // being written
  kActive = 2,  // its members' periods are evaluated and closed together
  kEnded = 3,   // those from effective.end on stand side by side; those before are still the plan's
};
std::string_view NameOf(StackingPlanState state);  // "DRAFT"

struct DeclaredPlan {
  std::string id;  // the last segment of its name
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  StackingPlanState state = StackingPlanState::kDraft;
  std::string display_name;
  DateRange effective;  // whole periods; the end is OpenEnd() where it has none
  StackingPlan rules;
  friend bool operator==(const DeclaredPlan&, const DeclaredPlan&) = default;

  std::string name() const { return "stackingPlans/" + id; }
};

// The programs that the rules name, sorted, each once.
std::vector<std::string> MembersOf(const StackingPlan& rules);

// What forbids to activate the plan, each an error, in this order. `programs`: the members that there are, each judged
// by the terms that hold from the plan's first day on, also by those of its later revisions.
// - stack-cycle, group-member-net-of-fellow: a cycle, named (lint/cycles.h)
// - stacking-plan: a fault with field, got and want: no member at all; as CheckPlan; a member that is not ACTIVE, whose
//   period or basis is not the first's, that is paid more often than its period ends, or that carries what is below 0;
//   an effective_from that begins no period of the members
// Where there is none of these, and a margin is given: stack-negative-margin, an error too (lint/margin.h), as if every
// member counted the sale; one for each set of terms that members have at once.
std::vector<Finding> LintPlan(const DeclaredPlan& plan, absl::Span<const Program> programs,
                              const std::optional<StandardMargin>& margin = std::nullopt);

// LINT_FAILED with the first of the plan's findings, where there is any.
absl::Status PassLint(const DeclaredPlan& plan, absl::Span<const Finding> findings);

// A draft with other rules, name and days. STATE_CONFLICT once it is active.
absl::StatusOr<DeclaredPlan> Revise(const DeclaredPlan& plan, DeclaredPlan revised, absl::Time now);
// DRAFT -> ACTIVE. STATE_CONFLICT; LINT_FAILED with the first of `findings`.
absl::StatusOr<DeclaredPlan> Activate(const DeclaredPlan& plan, absl::Span<const Finding> findings, absl::Time now);
// ACTIVE -> ENDED at the end of the period of `member` that is running today; at its beginning where that is still to
// come. STATE_CONFLICT.
absl::StatusOr<DeclaredPlan> End(const DeclaredPlan& plan, const Program& member, absl::Time now);

// The period that a call names. INVALID_FIELD period where it is none, or none of the plan's time.
absl::StatusOr<Period> PeriodUnder(const DeclaredPlan& plan, const Periods& periods, std::string_view period);

}  // namespace tributary::incentive
