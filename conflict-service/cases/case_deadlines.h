#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "conflict-service/cases/case.h"

namespace tributary::conflict {

// How long each step of a case may take.
struct StepDays {
  int triage = 1;   // OPEN or REOPENED to TRIAGED
  int resolve = 1;  // TRIAGED to RESOLVED
  int close = 1;    // RESOLVED to CLOSED: time to object
  friend bool operator==(const StepDays&, const StepDays&) = default;
};

// How long the steps of cases may take, and whom they are escalated to. In versions; the defaults are the built-in one.
struct CaseDeadlines {
  std::array<StepDays, 3> days = {{{7, 30, 14}, {3, 14, 14}, {1, 7, 14}}};  // LOW, MEDIUM, HIGH
  // By the level of the escalation; the last holds for all further ones.
  std::vector<StaffRole> roles = {StaffRole::kChannelManager, StaffRole::kAdministrator};
  int64_t version = 0;
  absl::Time update_time = absl::UnixEpoch();  // of a version above 0

  // How long the step that leaves this state may take; zero where none is due.
  absl::Duration TimeFor(CaseState state, Severity severity) const;
  // Whom the level-th escalation of a step, from 1, goes to.
  StaffRole RoleOf(int32_t level) const;
};

inline constexpr std::string_view kCaseDeadlines = "caseDeadlines/default";

// Refuses, all at once: days below 1, no role.
absl::Status CheckCaseDeadlines(const CaseDeadlines& deadlines);

}  // namespace tributary::conflict
