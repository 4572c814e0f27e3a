#include "conflict-service/cases/case_deadlines.h"

#include <algorithm>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::conflict {

absl::Duration CaseDeadlines::TimeFor(CaseState state, Severity severity) const {
  const StepDays& of = days[static_cast<size_t>(severity) - 1];
  switch (state) {
    case CaseState::kOpen:
    case CaseState::kReopened:
      return absl::Hours(24 * of.triage);
    case CaseState::kTriaged:
    case CaseState::kInMediation:
      return absl::Hours(24 * of.resolve);
    case CaseState::kResolved:
      return absl::Hours(24 * of.close);
    case CaseState::kClosed:
      return absl::ZeroDuration();
  }
  return absl::ZeroDuration();
}

StaffRole CaseDeadlines::RoleOf(int32_t level) const {
  if (roles.empty() || level < 1) return StaffRole::kNone;
  return roles[std::min(static_cast<size_t>(level), roles.size()) - 1];
}

absl::Status CheckCaseDeadlines(const CaseDeadlines& deadlines) {
  std::vector<FieldViolation> violations;
  for (size_t i = 0; i < deadlines.days.size(); ++i) {
    const StepDays& of = deadlines.days[i];
    for (const auto& [field, days] : {std::pair("triage_days", of.triage), std::pair("resolve_days", of.resolve),
                                      std::pair("close_days", of.close)}) {
      if (days < 1) violations.push_back({StrCat("deadlines[", i, "].", field), StrCat(days), "at least 1"});
    }
  }
  if (deadlines.roles.empty()) violations.push_back({"escalation_roles", "none", "at least one"});
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return absl::OkStatus();
}

}  // namespace tributary::conflict
