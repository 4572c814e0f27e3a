#include "partner-service/support_requests/support_policy.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/time/civil_time.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

// The instant of a minute of a day, on the clock of the calendar's time zone.
absl::Time At(Date day, int minute, absl::TimeZone zone) {
  return absl::FromCivil(absl::CivilMinute(day.year(), day.month(), day.day()) + minute, zone);
}

Date NextWorked(const WorkingDays& working, Date day) {
  do {
    day = day.AddDays(1);
  } while (!working.Works(day));
  return day;
}

}  // namespace

std::string_view NameOf(SupportSeverity severity) {
  switch (severity) {
    case SupportSeverity::kCritical:
      return "CRITICAL";
    case SupportSeverity::kHigh:
      return "HIGH";
    case SupportSeverity::kNormal:
      return "NORMAL";
    case SupportSeverity::kLow:
      return "LOW";
  }
  return "SEVERITY_UNSPECIFIED";
}

std::string SupportPolicy::name() const { return StrCat("supportPolicies/", id); }

absl::Status CheckTerms(const SupportPolicy& policy) {
  std::vector<FieldViolation> violations;
  CheckOneLine("display_name", policy.display_name, &violations);
  if (policy.closing_minute <= policy.opening_minute) {
    violations.push_back({"closing_minute", StrCat(policy.closing_minute),
                          StrCat("a minute after opening_minute, ", policy.opening_minute)});
  }
  std::set<SupportSeverity> seen;
  for (size_t i = 0; i < policy.terms.size(); ++i) {
    const SupportTerm& term = policy.terms[i];
    const std::string at = StrCat("terms[", i, "]");
    if (!seen.insert(term.severity).second) {
      violations.push_back({StrCat(at, ".severity"), std::string(NameOf(term.severity)), "each severity once"});
    }
    if ((term.working_hours > 0) == (term.working_days > 0)) {
      violations.push_back({StrCat(at, ".working_hours"), term.working_hours > 0 ? "hours and days" : "neither",
                            "one of working_hours and working_days"});
    }
  }
  return AllOf(std::move(violations));
}

const SupportTerm* TermOf(const SupportPolicy& policy, SupportSeverity severity) {
  const auto found = std::find_if(policy.terms.begin(), policy.terms.end(),
                                  [&](const SupportTerm& term) { return term.severity == severity; });
  return found == policy.terms.end() ? nullptr : &*found;
}

absl::Time DueTime(const SupportPolicy& policy, const SupportTerm& term, const FiscalCalendar& calendar,
                   absl::Time asked) {
  absl::TimeZone zone = absl::UTCTimeZone();
  absl::LoadTimeZone(Abseil(calendar.time_zone), &zone);
  Date day = TodayOf(calendar, asked);
  if (term.working_days > 0) {
    for (int i = 0; i < term.working_days; ++i) day = NextWorked(calendar.working, day);
    return At(day, policy.closing_minute, zone);
  }
  absl::Duration left = absl::Hours(term.working_hours);
  if (!calendar.working.Works(day)) day = NextWorked(calendar.working, day);
  for (;; day = NextWorked(calendar.working, day)) {
    const absl::Time from = std::max(asked, At(day, policy.opening_minute, zone));
    const absl::Time to = At(day, policy.closing_minute, zone);
    if (to <= from) continue;
    if (left <= to - from) return from + left;
    left -= to - from;
  }
}

}  // namespace tributary::partner
