#pragma once

// From a file to rows that are read: what codes, products and sites there are is looked up here.

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "inventory-service/partner_reports/report.h"
#include "inventory-service/partner_reports/report_row.h"
#include "inventory-service/partner_reports/source_rows.h"
#include "inventory-service/report_profiles/report_profile.h"

namespace tributary::inventory {

// INVALID_FIELD at "content" where the file as a whole cannot be read, or has no row.
absl::StatusOr<SourceRows> ReadFile(const ReportProfile& profile, std::string_view bytes);

// Reads the rows (again) by the profile: each has its content and the state ACCEPTED, or is REJECTED with its errors.
// Keys are not given yet. `now` is when the rows were read.
absl::Status ReadRows(mysql::Transaction& sql, const ReportProfile& profile, const ReportCoverage& coverage,
                      absl::Time now, std::vector<ReportRow>& rows);

}  // namespace tributary::inventory
