#pragma once

// Support policies: within which working time partners are answered. A policy never changes. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "partner-service/fiscal_calendars/fiscal_calendar.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class SupportSeverity { kCritical = 1, kHigh = 2, kNormal = 3, kLow = 4 };
std::string_view NameOf(SupportSeverity severity);

// One of the two is not 0.
struct SupportTerm {
  SupportSeverity severity = SupportSeverity::kNormal;
  int working_hours = 0;
  int working_days = 0;
  friend bool operator==(const SupportTerm&, const SupportTerm&) = default;
};

struct SupportPolicy {
  std::string id;
  Revision revision;
  std::string display_name;
  std::string calendar_id;
  int opening_minute = 0;     // of the day
  int closing_minute = 1440;  // of the day
  std::vector<SupportTerm> terms;

  std::string name() const;  // supportPolicies/{id}
};

// INVALID_FIELD: a name with control characters; it closes no later than it opens; a severity twice; a term that is not
// exactly one of hours and days.
absl::Status CheckTerms(const SupportPolicy& policy);

// The term of the severity; null where the policy has none.
const SupportTerm* TermOf(const SupportPolicy& policy, SupportSeverity severity);

// By when an answer is due that was asked for at `asked`, by the calendar's working days and time zone. Hours count
// between opening and closing; days that are worked count from the day after, the last one to its closing.
absl::Time DueTime(const SupportPolicy& policy, const SupportTerm& term, const FiscalCalendar& calendar,
                   absl::Time asked);

}  // namespace tributary::partner
