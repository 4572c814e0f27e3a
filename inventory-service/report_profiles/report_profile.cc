#include "inventory-service/report_profiles/report_profile.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

bool IsEdi(ReportFormat format) { return format == ReportFormat::kEdi852 || format == ReportFormat::kEdi867; }

// The columns of formats/edi.h that are not called as the field is.
std::string_view EdiColumnOf(ReportField field) {
  switch (field) {
    case ReportField::kProduct:
      return "product_code";
    case ReportField::kSite:
      return "site_code";
    case ReportField::kEndCustomer:
      return "customer_code";
    case ReportField::kUnitPrice:
      return "price";
    default:
      return NameOf(field);
  }
}

// "date" -> columns[3] for errors.
void CheckColumns(const ReportProfile& profile, std::vector<FieldViolation>& violations) {
  std::set<ReportField> seen;
  for (size_t i = 0; i < profile.columns.size(); ++i) {
    const ColumnMapping& mapping = profile.columns[i];
    const std::string at = StrCat("columns[", i, "]");
    if (!seen.insert(mapping.field).second) {
      violations.push_back({StrCat(at, ".field"), std::string(NameOf(mapping.field)), "each field once"});
    }
    if (mapping.column.empty() && mapping.constant.empty()) {
      violations.push_back({StrCat(at, ".column"), "nothing", "a column, a constant, or both"});
    }
  }
}

}  // namespace

std::string_view NameOf(ReportKind kind) {
  switch (kind) {
    case ReportKind::kSellThrough:
      return "SELL_THROUGH";
    case ReportKind::kOnHand:
      return "ON_HAND";
    case ReportKind::kBoth:
      return "BOTH";
  }
  return "KIND_UNSPECIFIED";
}

std::string_view NameOf(ReportField field) {
  constexpr std::string_view kNames[] = {"",
                                         "activity",
                                         "date",
                                         "boundary",
                                         "site",
                                         "document",
                                         "line",
                                         "product",
                                         "lot",
                                         "quantity",
                                         "unit",
                                         "unit_price",
                                         "currency",
                                         "region",
                                         "end_customer",
                                         "sale_type",
                                         "original_document",
                                         "original_line"};
  return kNames[static_cast<int>(field)];
}

absl::Status CheckProfile(const ReportProfile& profile) {
  std::vector<FieldViolation> violations;
  CheckColumns(profile, violations);
  std::set<std::string_view> codes;
  for (size_t i = 0; i < profile.activity_codes.size(); ++i) {
    if (!codes.insert(profile.activity_codes[i].code).second) {
      violations.push_back({StrCat("activity_codes[", i, "].code"), profile.activity_codes[i].code, "each code once"});
    }
  }
  codes.clear();
  for (size_t i = 0; i < profile.unit_codes.size(); ++i) {
    if (!codes.insert(profile.unit_codes[i].code).second) {
      violations.push_back({StrCat("unit_codes[", i, "].code"), profile.unit_codes[i].code, "each code once"});
    }
  }
  if (profile.delimiter.size() > 1 || profile.delimiter == "\"" || profile.delimiter == "\n" ||
      profile.delimiter == "\r") {
    violations.push_back({"delimiter", Printable(profile.delimiter), "one character, no quotation mark or line end"});
  }
  const auto check = [&](std::string_view field, const absl::Status& status) {
    for (FieldViolation& violation : DetailOf(AtField(status, field)).violations) violations.push_back(violation);
  };
  if (!profile.date_format.empty()) check("date_format", CheckDateFormat(profile.date_format));
  for (FieldViolation violation : DetailOf(CheckNumberFormat(profile.numbers)).violations) {
    if (violation.field != "grouping") violation.field = "decimal_point";
    violations.push_back(std::move(violation));
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

Activities ActivitiesOf(const ReportProfile& profile) {
  switch (profile.kind) {
    case ReportKind::kSellThrough:
      return Activities::Of(Activity::kSellThrough);
    case ReportKind::kOnHand:
      return Activities::Of(Activity::kOnHand);
    case ReportKind::kBoth:
      return Activities::All();
  }
  return {};
}

SheetOptions SheetOptionsOf(const ReportProfile& profile) {
  SheetOptions options;
  options.encoding = profile.encoding;
  if (!profile.delimiter.empty()) options.delimiter = profile.delimiter[0];
  options.sheet = profile.sheet;
  options.header_row = profile.header_row;
  return options;
}

std::string ReadingOf(const ReportProfile& profile) {
  std::string text =
      StrCat(static_cast<int>(profile.kind), "\n", static_cast<int>(profile.format), "\n", profile.encoding, "\n",
             profile.delimiter, "\n", profile.sheet, "\n", profile.header_row, "\n", profile.date_format, "\n",
             std::string(1, profile.numbers.point), "\n", static_cast<int>(profile.numbers.grouping), "\n");
  StrAppend(&text, profile.partner_product_codes ? "p" : "", profile.partner_site_codes ? "s" : "",
            profile.partner_customer_codes ? "c" : "", "\n");
  // Fields and codes are looked up, so their order says nothing.
  std::vector<std::string> lines;
  for (const ColumnMapping& m : profile.columns) {
    lines.push_back(StrCat(static_cast<int>(m.field), ":", m.column.size(), ":", m.column, m.constant));
  }
  for (const ActivityCode& c : profile.activity_codes) {
    lines.push_back(StrCat("a", static_cast<int>(c.activity), ":", c.code));
  }
  for (const UnitCode& c : profile.unit_codes) lines.push_back(StrCat("u", c.code.size(), ":", c.code, c.unit));
  std::sort(lines.begin(), lines.end());
  for (const std::string& line : lines) StrAppend(&text, line.size(), ":", line, "\n");
  return text;
}

ColumnMapping MappingOf(const ReportProfile& profile, ReportField field) {
  for (const ColumnMapping& mapping : profile.columns) {
    if (mapping.field == field) return mapping;
  }
  return {.field = field, .column = std::string(IsEdi(profile.format) ? EdiColumnOf(field) : NameOf(field))};
}

}  // namespace tributary::inventory
