#include "inventory-service/partner_reports/report_proto.h"

#include <algorithm>

#include "common/digest/sha256.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/partner_reports/report_facts.h"
#include "inventory-service/sites/site.h"
#include "inventory-service/units/line_quantity_proto.h"

namespace tributary::inventory {
namespace {

std::string ReportName(std::string_view partner, const Uuid& id) {
  return StrCat("partners/", partner, "/reports/", id.ToString());
}

v1::PartnerReport::Activity ToProto(Activity activity) { return static_cast<v1::PartnerReport::Activity>(activity); }

v1::ReportRow::Content ToProto(std::string_view partner, const RowContent& content) {
  v1::ReportRow::Content out;
  out.set_activity(ToProto(content.cell.activity));
  *out.mutable_date() = wire::ToProto(content.cell.date);
  out.set_site(SiteName(partner, content.cell.site));
  if (content.cell.activity == Activity::kOnHand) {
    out.set_boundary(static_cast<v1::OnHandReport::Boundary>(content.boundary));
  }
  out.set_document(content.document);
  out.set_line(content.line);
  out.set_product(ProductName(content.product));
  out.set_lot(content.lot);
  *out.mutable_quantity() = wire::ToProto(content.quantity);
  PutUnit(content.unit, content.unit_quantity, &out);
  if (content.unit_price.has_value()) {
    *out.mutable_unit_price() = wire::ToProto(Money{content.currency, *content.unit_price});
  }
  if (!content.region.empty()) out.set_region(StrCat("regions/", content.region));
  out.set_end_customer(content.end_customer);
  return out;
}

}  // namespace

v1::PartnerReport ToProto(const PartnerReport& report) {
  v1::PartnerReport out;
  out.set_name(report.name());
  out.set_uid(report.id.ToString());
  out.set_etag(EtagOf(report.version));
  *out.mutable_create_time() = wire::ToProto(report.create_time);
  *out.mutable_update_time() = wire::ToProto(report.update_time);
  if (!report.profile.empty()) {
    out.set_profile(StrCat("partners/", report.partner, "/reportProfiles/", report.profile));
  }
  out.set_file(report.file);
  v1::PartnerReport::Coverage& coverage = *out.mutable_coverage();
  *coverage.mutable_from_date() = wire::ToProto(report.coverage.from);
  *coverage.mutable_to_date() = wire::ToProto(report.coverage.to);
  for (const Activity activity : kActivities) {
    if (report.coverage.activities.Contains(activity)) coverage.add_activities(ToProto(activity));
  }
  for (const std::string& site : report.coverage.sites) coverage.add_sites(SiteName(report.partner, site));
  out.set_mode(static_cast<v1::PartnerReport::Mode>(report.mode));
  out.set_revision(report.rank.revision);
  if (report.rank.instant != absl::InfinitePast()) *out.mutable_report_time() = wire::ToProto(report.rank.instant);
  out.set_zero_report(report.zero_report);
  if (report.size > 0) out.set_sha256(Hex(report.sha256));
  out.set_size(report.size);
  out.set_encoding(report.encoding);
  v1::PartnerReport::Counts& counts = *out.mutable_counts();
  counts.set_received(report.counts.received);
  counts.set_accepted(report.counts.accepted);
  counts.set_repaired(report.counts.repaired);
  counts.set_rejected(report.counts.rejected);
  counts.set_duplicate(report.counts.duplicate);
  counts.set_superseded(report.counts.superseded);
  out.set_disagreements(report.disagreements);
  return out;
}

v1::ReportDisagreement ToProto(std::string_view partner, const Disagreement& disagreement) {
  v1::ReportDisagreement out;
  out.set_activity(ToProto(disagreement.cell.activity));
  out.set_site(SiteName(partner, disagreement.cell.site));
  *out.mutable_date() = wire::ToProto(disagreement.cell.date);
  out.set_winner(ReportName(partner, disagreement.winner));
  out.set_other(ReportName(partner, disagreement.other));
  return out;
}

api::v1::RowError ToProto(const imports::RowError& error) {
  api::v1::RowError out;
  out.set_row(error.row);
  out.set_column(error.column);
  out.set_got(error.got);
  out.set_want(error.want);
  out.set_reason(std::string(NameOf(error.reason)));
  return out;
}

v1::ReportRow ToProto(std::string_view partner, const ReportRow& row) {
  v1::ReportRow out;
  out.set_name(StrCat(ReportName(partner, row.report), "/rows/", row.number));
  out.set_etag(EtagOf(row.version));
  out.set_state(static_cast<v1::ReportRow::State>(row.state));
  out.set_number(row.number);
  for (const auto& [column, value] : row.cells) {
    v1::ReportCell& cell = *out.add_raw();
    cell.set_column(column);
    cell.set_value(value);
  }
  for (const auto& [column, value] : row.repairs) {
    v1::ReportCell& cell = *out.add_repairs();
    cell.set_column(column);
    cell.set_value(value);
  }
  for (const imports::RowError& error : row.errors) *out.add_errors() = ToProto(error);
  if (!row.content.has_value()) return out;
  *out.mutable_content() = ToProto(partner, *row.content);
  if (MakesFacts(row.key.activity)) {
    out.set_fact(StrCat("partners/", partner,
                        row.key.activity == Activity::kSellThrough ? "/sales/" : "/onHandReports/",
                        SaleSegment(row.key.document, row.key.line, 0)));
  }
  return out;
}

absl::StatusOr<PartnerReport> FromProto(const v1::PartnerReport& report, std::string_view partner) {
  FieldReader fields;
  PartnerReport out;
  out.partner = std::string(partner);
  if (!report.profile().empty()) {
    const auto ids =
        ParseResourceName(report.profile(), "partners/{partner}/reportProfiles/{report_profile}", "profile");
    if (!ids.ok() || (*ids)[0] != partner) {
      fields.Refuse("profile", report.profile(), StrCat("a profile of partners/", partner));
    } else {
      out.profile = (*ids)[1];
    }
  }
  out.file = report.file();
  out.coverage.from = fields.Take("coverage.from_date", wire::FromProto(report.coverage().from_date()));
  out.coverage.to = fields.Take("coverage.to_date", wire::FromProto(report.coverage().to_date()));
  for (const int activity : report.coverage().activities()) {
    out.coverage.activities.Add(static_cast<Activity>(activity));
  }
  for (int i = 0; i < report.coverage().sites_size(); ++i) {
    const std::string& name = report.coverage().sites(i);
    const auto ids = ParseResourceName(name, "partners/{partner}/sites/{site}");
    if (!ids.ok() || (*ids)[0] != partner) {
      fields.Refuse(StrCat("coverage.sites[", i, "]"), name, StrCat("a site of partners/", partner));
    } else {
      out.coverage.sites.push_back((*ids)[1]);
    }
  }
  std::sort(out.coverage.sites.begin(), out.coverage.sites.end());
  out.coverage.sites.erase(std::unique(out.coverage.sites.begin(), out.coverage.sites.end()), out.coverage.sites.end());
  out.mode = report.mode() == v1::PartnerReport::APPEND ? ReportMode::kAppend : ReportMode::kSnapshot;
  out.rank.revision = report.revision();
  out.revision_declared = report.revision() != 0;
  out.rank.instant = report.has_report_time() ? wire::FromProto(report.report_time()) : absl::InfinitePast();
  out.zero_report = report.zero_report();
  RETURN_IF_ERROR(fields.status());
  return out;
}

std::vector<std::pair<std::string, std::string>> FromProto(
    const google::protobuf::RepeatedPtrField<v1::ReportCell>& cells) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const v1::ReportCell& cell : cells) out.emplace_back(cell.column(), cell.value());
  return out;
}

}  // namespace tributary::inventory
