#include "inventory-service/partner_reports/report.h"

#include <algorithm>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {

std::string_view NameOf(ReportMode mode) { return mode == ReportMode::kSnapshot ? "SNAPSHOT" : "APPEND"; }

bool ReportCoverage::CoversSite(std::string_view site) const {
  return sites.empty() || std::binary_search(sites.begin(), sites.end(), site);
}

bool ReportCoverage::Covers(const Cell& cell) const {
  return from <= cell.date && cell.date <= to && activities.Contains(cell.activity) && CoversSite(cell.site);
}

std::string PartnerReport::name() const { return StrCat("partners/", partner, "/reports/", id.ToString()); }

absl::Status CheckTerms(ReportMode mode, const ReportCoverage& coverage, bool zero_report, bool has_file,
                        Activities of_profile) {
  if (coverage.to < coverage.from) {
    return InvalidField("coverage.to_date", coverage.to.ToString(),
                        StrCat("not before from_date, ", coverage.from.ToString()));
  }
  if (coverage.to.days() - coverage.from.days() >= kMostDays) {
    return InvalidField("coverage.to_date", coverage.to.ToString(),
                        StrCat("at most ", kMostDays, " days from ", coverage.from.ToString()));
  }
  for (const Activity activity : kActivities) {
    if (coverage.activities.Contains(activity) && !of_profile.Contains(activity)) {
      return InvalidField("coverage.activities", NameOf(activity), "what the profile's kind tells of");
    }
  }
  if (coverage.sites.size() > kMostSites) {
    return InvalidField("coverage.sites", StrCat(coverage.sites.size(), " sites"), StrCat("at most ", kMostSites));
  }
  if (zero_report && mode != ReportMode::kSnapshot) {
    return InvalidField("mode", NameOf(mode), "SNAPSHOT: a zero report is all there is to say");
  }
  if (zero_report && has_file) {
    return InvalidField("content", "a file", "none: a zero report says that there is nothing to tell");
  }
  if (!zero_report && !has_file) return InvalidField("content", "nothing", "the file's bytes, or zero_report");
  return absl::OkStatus();
}

}  // namespace tributary::inventory
