#pragma once

// Reports of partners and their rows on the wire.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/imports/import.h"
#include "google/protobuf/repeated_field.h"
#include "inventory-service/partner_reports/report.h"
#include "inventory-service/partner_reports/report_row.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/inventory/v1/partner_report.pb.h"
#include "tributary/inventory/v1/report_row.pb.h"

namespace tributary::inventory {

v1::PartnerReport ToProto(const PartnerReport& report);
v1::ReportDisagreement ToProto(std::string_view partner, const Disagreement& disagreement);
v1::ReportRow ToProto(std::string_view partner, const ReportRow& row);
api::v1::RowError ToProto(const imports::RowError& error);

// What is stated of a report: profile, file, coverage (activities may be empty), mode, revision, report_time,
// zero_report; violations name the fields of the resource.
absl::StatusOr<PartnerReport> FromProto(const v1::PartnerReport& report, std::string_view partner);

// Cells that somebody writes over others.
std::vector<std::pair<std::string, std::string>> FromProto(
    const google::protobuf::RepeatedPtrField<v1::ReportCell>& cells);

}  // namespace tributary::inventory
