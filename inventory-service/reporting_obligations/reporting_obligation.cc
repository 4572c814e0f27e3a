#include "inventory-service/reporting_obligations/reporting_obligation.h"

#include <algorithm>
#include <set>

#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"

namespace tributary::inventory {
namespace {

Date MonthStart(Date day) { return day.AddDays(1 - day.day()); }

Date NextMonth(Date day) { return MonthStart(MonthStart(day).AddDays(31)); }

DateRange CalendarPeriod(ReportingPeriodKind kind, Date day) {
  switch (kind) {
    case ReportingPeriodKind::kDay:
      return {day, day.AddDays(1)};
    case ReportingPeriodKind::kWeek: {
      // 1970-01-01 was a Thursday; weeks begin on Mondays.
      const int since_monday = ((day.days() + 3) % 7 + 7) % 7;
      return {day.AddDays(-since_monday), day.AddDays(7 - since_monday)};
    }
    case ReportingPeriodKind::kMonth:
      return {MonthStart(day), NextMonth(day)};
    case ReportingPeriodKind::kQuarter:
      return QuarterOf(day);
  }
  return {day, day.AddDays(1)};
}

bool Meets(const ReportingObligation& obligation, const ReceivedReport& report, Date day) {
  const ReportCoverage& coverage = report.coverage;
  return coverage.activities.Contains(obligation.activity) && coverage.from <= day && day <= coverage.to &&
         (obligation.site.empty() || coverage.CoversSite(obligation.site));
}

// The day's first report that will do; null where none does.
const ReceivedReport* FirstOf(const ReportingObligation& obligation, const std::vector<ReceivedReport>& reports,
                              Date day) {
  const ReceivedReport* first = nullptr;
  for (const ReceivedReport& report : reports) {
    if (Meets(obligation, report, day) && (first == nullptr || report.create_time < first->create_time)) {
      first = &report;
    }
  }
  return first;
}

// Stock of a period is told by its last day, sales by each.
Date FirstTold(const ReportingObligation& obligation, const DateRange& period) {
  return obligation.activity == Activity::kOnHand ? period.end.AddDays(-1) : period.start;
}

ReportingPeriod Judge(const ReportingObligation& obligation, const std::vector<ReceivedReport>& reports,
                      const DateRange& period, Date as_of) {
  ReportingPeriod out{.start = period.start, .end = period.end.AddDays(-1)};
  out.due = out.end.AddDays(obligation.due_days);
  bool complete = true;
  bool zero = true;
  absl::Time received = absl::InfinitePast();
  for (Date day = FirstTold(obligation, period); day < period.end; day = day.AddDays(1)) {
    const ReceivedReport* const first = FirstOf(obligation, reports, day);
    if (first == nullptr) {
      complete = false;
      break;
    }
    received = std::max(received, first->create_time);
    zero = zero && std::none_of(reports.begin(), reports.end(), [&](const ReceivedReport& report) {
             return !report.zero_report && Meets(obligation, report, day);
           });
  }
  if (!complete) {
    out.standing = out.due < as_of ? PeriodStanding::kOverdue : PeriodStanding::kOpen;
    return out;
  }
  out.standing = PeriodStanding::kReceived;
  out.received = received;
  out.zero_report = zero;
  out.late = out.due < UtcToday(received);
  return out;
}

}  // namespace

absl::Status CheckObligation(const ReportingObligation& obligation) {
  if (obligation.activity != Activity::kSellThrough && obligation.activity != Activity::kOnHand) {
    return InvalidField("activity", NameOf(obligation.activity), "SELL_THROUGH or ON_HAND");
  }
  if (obligation.effective.end <= obligation.effective.start) {
    return InvalidField("effective_to", obligation.effective.end.ToString(),
                        StrCat("after effective_from, ", obligation.effective.start.ToString()));
  }
  return absl::OkStatus();
}

DateRange PeriodOf(const ReportingObligation& obligation, Date day) {
  const DateRange period = CalendarPeriod(obligation.period, day);
  return {std::max(period.start, obligation.effective.start), std::min(period.end, obligation.effective.end)};
}

std::vector<ReportingPeriod> PeriodsOf(const ReportingObligation& obligation,
                                       const std::vector<ReceivedReport>& reports, Date as_of,
                                       std::optional<Date> after, size_t limit) {
  std::vector<ReportingPeriod> periods;
  Date day = obligation.effective.start;
  if (after.has_value() && *after >= day) day = PeriodOf(obligation, *after).end;
  while (periods.size() < limit && day <= as_of && day < obligation.effective.end) {
    const DateRange period = PeriodOf(obligation, day);
    periods.push_back(Judge(obligation, reports, period, as_of));
    day = period.end;
  }
  return periods;
}

std::optional<Date> StaleSince(const ReportingObligation& obligation, const std::vector<ReceivedReport>& reports) {
  std::vector<DateRange> told;
  for (const ReceivedReport& report : reports) {
    const Date from = report.coverage.from;
    if (Meets(obligation, report, from)) told.push_back({from, report.coverage.to.AddDays(1)});
  }
  std::ranges::sort(told, {}, &DateRange::start);
  // Days are asked about in their order: of the ranges that have begun, the one that goes furthest says.
  size_t begun = 0;
  Date upto = obligation.effective.start;
  Date day = obligation.effective.start;
  while (day < obligation.effective.end) {
    const DateRange period = PeriodOf(obligation, day);
    // Past the last day that a report covers nothing is to be found.
    for (Date owed = FirstTold(obligation, period); owed < period.end; owed = owed.AddDays(1)) {
      for (; begun < told.size() && told[begun].start <= owed; ++begun) upto = std::max(upto, told[begun].end);
      if (owed < upto) continue;
      return obligation.activity == Activity::kOnHand ? period.start : owed;
    }
    day = period.end;
  }
  return std::nullopt;
}

std::optional<Date> StaleSince(const std::vector<ReportingObligation>& obligations,
                               const std::vector<ReceivedReport>& reports, std::string_view site) {
  std::optional<Date> since;
  bool owes = false;
  for (const ReportingObligation& obligation : obligations) {
    if (obligation.activity != Activity::kSellThrough) continue;
    if (!obligation.site.empty() && obligation.site != site) continue;
    owes = true;
    const std::optional<Date> one = StaleSince(obligation, reports);
    if (one.has_value() && (!since.has_value() || *one < *since)) since = one;
  }
  if (owes) return since;
  for (const ReceivedReport& report : reports) {
    if (!report.coverage.activities.Contains(Activity::kSellThrough) || !report.coverage.CoversSite(site)) continue;
    const Date next = report.coverage.to.AddDays(1);
    if (!since.has_value() || next > *since) since = next;
  }
  if (since.has_value() && *since > OpenEnd()) return std::nullopt;  // all days there are were told
  return since;
}

std::map<std::string, std::optional<Date>> StaleSites(const std::vector<ReportingObligation>& obligations,
                                                      const std::vector<ReceivedReport>& reports) {
  std::set<std::string> sites = {""};
  for (const ReportingObligation& obligation : obligations) sites.insert(obligation.site);
  for (const ReceivedReport& report : reports) sites.insert(report.coverage.sites.begin(), report.coverage.sites.end());
  std::map<std::string, std::optional<Date>> stale;
  for (const std::string& site : sites) stale.emplace(site, StaleSince(obligations, reports, site));
  return stale;
}

}  // namespace tributary::inventory
