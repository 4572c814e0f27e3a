#include "inventory-service/report_profiles/report_profile_proto.h"

#include "common/paging/etag.h"
#include "common/status/status.h"
#include "common/wire/wire.h"

namespace tributary::inventory {
namespace {

// The wire's numbers begin at 1, for nothing is 0 there.
v1::ReportProfile::Format ToProto(ReportFormat format) {
  return static_cast<v1::ReportProfile::Format>(static_cast<int>(format) + 1);
}
static_assert(static_cast<int>(ReportFormat::kCsv) + 1 == v1::ReportProfile::CSV);
static_assert(static_cast<int>(ReportFormat::kXlsx) + 1 == v1::ReportProfile::XLSX);
static_assert(static_cast<int>(ReportFormat::kJson) + 1 == v1::ReportProfile::JSON);
static_assert(static_cast<int>(ReportFormat::kEdi852) + 1 == v1::ReportProfile::EDI_852);
static_assert(static_cast<int>(ReportFormat::kEdi867) + 1 == v1::ReportProfile::EDI_867);

}  // namespace

v1::ReportProfile ToProto(const ReportProfile& profile) {
  v1::ReportProfile out;
  out.set_name(profile.name());
  out.set_uid(profile.uid.ToString());
  out.set_etag(EtagOf(profile.version));
  *out.mutable_create_time() = wire::ToProto(profile.create_time);
  *out.mutable_update_time() = wire::ToProto(profile.update_time);
  out.set_display_name(profile.display_name);
  out.set_kind(static_cast<v1::ReportProfile::Kind>(profile.kind));
  out.set_format(ToProto(profile.format));
  for (const ColumnMapping& mapping : profile.columns) {
    v1::ReportProfile::Column& column = *out.add_columns();
    column.set_field(static_cast<v1::ReportProfile::Field>(mapping.field));
    column.set_column(mapping.column);
    column.set_constant(mapping.constant);
  }
  for (const ActivityCode& code : profile.activity_codes) {
    v1::ReportProfile::ActivityCode& one = *out.add_activity_codes();
    one.set_code(code.code);
    one.set_activity(static_cast<v1::PartnerReport::Activity>(code.activity));
  }
  for (const UnitCode& code : profile.unit_codes) {
    v1::ReportProfile::UnitCode& one = *out.add_unit_codes();
    one.set_code(code.code);
    one.set_unit(code.unit);
  }
  out.set_encoding(profile.encoding);
  out.set_delimiter(profile.delimiter);
  out.set_sheet(profile.sheet);
  out.set_header_row(static_cast<int32_t>(profile.header_row));
  out.set_date_format(profile.date_format);
  out.set_decimal_point(std::string(1, profile.numbers.point));
  if (profile.numbers.grouping != 0) out.set_grouping(std::string(1, profile.numbers.grouping));
  out.set_partner_product_codes(profile.partner_product_codes);
  out.set_partner_site_codes(profile.partner_site_codes);
  out.set_partner_customer_codes(profile.partner_customer_codes);
  out.set_default_profile(profile.is_default);
  return out;
}

absl::StatusOr<ReportProfile> FromProto(const v1::ReportProfile& profile) {
  ReportProfile out;
  out.display_name = profile.display_name();
  out.kind = static_cast<ReportKind>(profile.kind());
  out.format = static_cast<ReportFormat>(profile.format() - 1);
  for (const auto& column : profile.columns()) {
    out.columns.push_back(
        {.field = static_cast<ReportField>(column.field()), .column = column.column(), .constant = column.constant()});
  }
  for (const auto& code : profile.activity_codes()) {
    out.activity_codes.push_back({.code = code.code(), .activity = static_cast<Activity>(code.activity())});
  }
  for (const auto& code : profile.unit_codes()) out.unit_codes.push_back({.code = code.code(), .unit = code.unit()});
  out.encoding = profile.encoding();
  out.delimiter = profile.delimiter();
  out.sheet = profile.sheet();
  out.header_row = std::max(profile.header_row(), 1);
  out.date_format = profile.date_format();
  // A text of one character may have more bytes.
  if (profile.decimal_point().size() > 1)
    return InvalidField("decimal_point", profile.decimal_point(), "\".\" or \",\"");
  if (profile.grouping().size() > 1)
    return InvalidField("grouping", profile.grouping(), "one of \",\" \".\" \"'\" and a space");
  if (!profile.decimal_point().empty()) out.numbers.point = profile.decimal_point()[0];
  if (!profile.grouping().empty()) out.numbers.grouping = profile.grouping()[0];
  out.partner_product_codes = profile.partner_product_codes();
  out.partner_site_codes = profile.partner_site_codes();
  out.partner_customer_codes = profile.partner_customer_codes();
  out.is_default = profile.default_profile();
  RETURN_IF_ERROR(CheckProfile(out));
  return out;
}

}  // namespace tributary::inventory
