#pragma once

// When partners owe reports, what has come and what has not: values and decisions. No report is not zero.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/time/date.h"
#include "inventory-service/partner_reports/report.h"

namespace tributary::inventory {

// The numbers are stored and are those of the wire.
enum class ReportingPeriodKind : int { kDay = 1, kWeek = 2, kMonth = 3, kQuarter = 4 };

struct ReportingObligation {
  std::string partner;
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  Activity activity = Activity::kSellThrough;  // sold, of which every day is told; or on hand, of which the last day is
  std::string site;                            // id; empty: a report of any site will do
  ReportingPeriodKind period = ReportingPeriodKind::kMonth;
  int due_days = 0;  // after the period's last day
  DateRange effective;

  std::string name() const { return "partners/" + partner + "/reportingObligations/" + id; }
};

// INVALID_FIELD, by field of the resource: an activity that nobody owes; an end that is not behind the beginning.
absl::Status CheckObligation(const ReportingObligation& obligation);

// What is looked at of a report.
struct ReceivedReport {
  ReportCoverage coverage;
  absl::Time create_time;
  bool zero_report = false;
};

enum class PeriodStanding : int { kOpen = 1, kReceived = 2, kOverdue = 3 };

struct ReportingPeriod {
  Date start;
  Date end;  // the last day
  Date due;  // the last day on which it is in time
  PeriodStanding standing = PeriodStanding::kOpen;
  std::optional<absl::Time> received;  // when the report came that completed it
  bool late = false;
  bool zero_report = false;  // zero reports alone cover it
};

// The calendar period that holds the day, cut to what is to be reported.
DateRange PeriodOf(const ReportingObligation& obligation, Date day);

// The periods that begin on `as_of` or before, judged as of that day; of those that begin after `after`, at most
// `limit`.
std::vector<ReportingPeriod> PeriodsOf(const ReportingObligation& obligation,
                                       const std::vector<ReceivedReport>& reports, Date as_of,
                                       std::optional<Date> after, size_t limit);

// The first day that is to be reported and that no report covers; nothing where all of an ended obligation was
// reported. From here on figures are stale.
std::optional<Date> StaleSince(const ReportingObligation& obligation, const std::vector<ReceivedReport>& reports);

// The same of stock at a site, which is as stale as the first of what is owed of it; where nothing is owed, the day
// after the last that a report covers, if there is one. Nothing where the partner neither owes reports of the site nor
// sent any.
std::optional<Date> StaleSince(const std::vector<ReportingObligation>& obligations,
                               const std::vector<ReceivedReport>& reports, std::string_view site);

// The same of each site that an obligation or a report names; under "", of every other site.
std::map<std::string, std::optional<Date>> StaleSites(const std::vector<ReportingObligation>& obligations,
                                                      const std::vector<ReceivedReport>& reports);

}  // namespace tributary::inventory
