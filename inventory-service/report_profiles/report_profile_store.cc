#include "inventory-service/report_profiles/report_profile_store.h"

#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/page_of.h"
#include "inventory-service/partner_reports/packed_texts.h"

namespace tributary::inventory {
namespace {

// What a profile keeps for good, and what changes with it: read and written in this order.
constexpr std::string_view kKept[] = {"partner", "id", "uid", "create_time"};
constexpr std::string_view kChanging[] = {"version",
                                          "update_time",
                                          "display_name",
                                          "kind",
                                          "format",
                                          "column_mappings",
                                          "activity_codes",
                                          "unit_codes",
                                          "encoding",
                                          "delimiter",
                                          "sheet",
                                          "header_row",
                                          "date_format",
                                          "decimal_point",
                                          "grouping_mark",
                                          "partner_product_codes",
                                          "partner_site_codes",
                                          "partner_customer_codes",
                                          "is_default"};

std::string Columns() { return StrCat(StrJoin(kKept, ", "), ", ", StrJoin(kChanging, ", ")); }

int NumberIn(const std::string& text) {
  int number = 0;
  return absl::SimpleAtoi(text, &number) ? number : 0;
}

std::string PackColumns(const std::vector<ColumnMapping>& columns) {
  std::string packed;
  for (const ColumnMapping& one : columns) {
    packed += PackTexts({StrCat(static_cast<int>(one.field)), one.column, one.constant});
  }
  return packed;
}

std::string PackCodes(const std::vector<ActivityCode>& codes) {
  std::string packed;
  for (const ActivityCode& one : codes) packed += PackTexts({StrCat(static_cast<int>(one.activity)), one.code});
  return packed;
}

std::string PackCodes(const std::vector<UnitCode>& codes) {
  std::string packed;
  for (const UnitCode& one : codes) packed += PackTexts({one.code, one.unit});
  return packed;
}

// Its lists as they are stored.
struct Packed {
  explicit Packed(const ReportProfile& profile)
      : columns(PackColumns(profile.columns)),
        activity_codes(PackCodes(profile.activity_codes)),
        unit_codes(PackCodes(profile.unit_codes)) {}
  const std::string columns;
  const std::string activity_codes;
  const std::string unit_codes;
};

// The values of kChanging; both outlive them.
mysql::Values ChangingOf(const ReportProfile& profile, const Packed& packed) {
  return {profile.version,
          profile.update_time,
          profile.display_name,
          static_cast<int>(profile.kind),
          static_cast<int>(profile.format),
          packed.columns,
          packed.activity_codes,
          packed.unit_codes,
          profile.encoding,
          profile.delimiter,
          profile.sheet,
          profile.header_row,
          profile.date_format,
          static_cast<int>(profile.numbers.point),
          static_cast<int>(profile.numbers.grouping),
          profile.partner_product_codes,
          profile.partner_site_codes,
          profile.partner_customer_codes,
          profile.is_default};
}

ReportProfile Read(const mysql::Row& row) {
  ReportProfile profile{.partner = row.Text(0),
                        .id = row.Text(1),
                        .uid = row.Id(2),
                        .version = row.Int(4),
                        .create_time = row.Instant(3),
                        .update_time = row.Instant(5),
                        .display_name = row.Text(6),
                        .kind = static_cast<ReportKind>(row.Int(7)),
                        .format = static_cast<ReportFormat>(row.Int(8)),
                        .encoding = row.Text(12),
                        .delimiter = row.Text(13),
                        .sheet = row.Text(14),
                        .header_row = row.Int(15),
                        .date_format = row.Text(16),
                        .partner_product_codes = row.Bool(19),
                        .partner_site_codes = row.Bool(20),
                        .partner_customer_codes = row.Bool(21),
                        .is_default = row.Bool(22)};
  std::vector<std::string> columns = UnpackTexts(row.Bytes(9));
  for (size_t i = 0; i + 2 < columns.size(); i += 3) {
    profile.columns.push_back({.field = static_cast<ReportField>(NumberIn(columns[i])),
                               .column = std::move(columns[i + 1]),
                               .constant = std::move(columns[i + 2])});
  }
  std::vector<std::string> codes = UnpackTexts(row.Bytes(10));
  for (size_t i = 0; i + 1 < codes.size(); i += 2) {
    profile.activity_codes.push_back(
        {.code = std::move(codes[i + 1]), .activity = static_cast<Activity>(NumberIn(codes[i]))});
  }
  std::vector<std::string> units = UnpackTexts(row.Bytes(11));
  for (size_t i = 0; i + 1 < units.size(); i += 2) {
    profile.unit_codes.push_back({.code = std::move(units[i]), .unit = std::move(units[i + 1])});
  }
  profile.numbers.point = static_cast<char>(row.Int(17));
  profile.numbers.grouping = static_cast<char>(row.Int(18));
  return profile;
}

absl::StatusOr<std::vector<ReportProfile>> Select(mysql::Transaction& sql, std::string_view tail,
                                                  const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", Columns(), " FROM report_profile ", tail), values));
  std::vector<ReportProfile> profiles;
  for (const mysql::Row& row : rows) profiles.push_back(Read(row));
  return profiles;
}

absl::StatusOr<ReportProfile> One(mysql::Transaction& sql, std::string_view partner, std::string_view id,
                                  std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<ReportProfile> found,
                   Select(sql, StrCat("WHERE partner = ? AND id = ?", lock), {partner, id}));
  if (found.empty()) return NotFound(StrCat("partners/", partner, "/reportProfiles/", id));
  return std::move(found.front());
}

// At most one of a partner's profiles is the default.
absl::Status TakeDefaultFromOthers(mysql::Transaction& sql, const ReportProfile& profile) {
  if (!profile.is_default) return absl::OkStatus();
  return sql
      .Execute(
          "UPDATE report_profile SET is_default = 0, version = version + 1, update_time = ? WHERE partner = ? AND "
          "is_default = 1 AND id <> ?",
          {profile.update_time, profile.partner, profile.id})
      .status();
}

}  // namespace

const std::vector<FilterField>& ReportProfileStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("kind", "kind", {{"SELL_THROUGH", 1}, {"ON_HAND", 2}, {"BOTH", 3}}),
      FilterField::Enum("format", "format", {{"CSV", 0}, {"XLSX", 1}, {"JSON", 2}, {"EDI_852", 3}, {"EDI_867", 4}}),
      FilterField::Boolean("default_profile", "is_default")};
  return fields;
}

absl::StatusOr<ReportProfile> ReportProfileStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                      std::string_view id) const {
  return One(sql, partner, id, "");
}

absl::StatusOr<ReportProfile> ReportProfileStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                               std::string_view id) const {
  return One(sql, partner, id, " FOR UPDATE");
}

absl::StatusOr<std::optional<ReportProfile>> ReportProfileStore::Default(mysql::Transaction& sql,
                                                                         std::string_view partner) const {
  ASSIGN_OR_RETURN(std::vector<ReportProfile> found, Select(sql, "WHERE partner = ? AND is_default = 1", {partner}));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

absl::StatusOr<std::vector<ReportProfile>> ReportProfileStore::List(mysql::Transaction& sql, std::string_view partner,
                                                                    std::string_view after_partner,
                                                                    std::string_view after_id,
                                                                    const SqlPredicate& filter, int limit) const {
  const PageClauses page = PageOf(partner, {{"partner", after_partner}, {"id", after_id}}, filter, limit);
  return Select(sql, page.sql(), page.values);
}

absl::Status ReportProfileStore::Insert(mysql::Transaction& sql, const ReportProfile& profile) const {
  RETURN_IF_ERROR(TakeDefaultFromOthers(sql, profile));
  const Packed packed(profile);
  mysql::Values values = {profile.partner, profile.id, profile.uid, profile.create_time};
  const mysql::Values changing = ChangingOf(profile, packed);
  values.insert(values.end(), changing.begin(), changing.end());
  ASSIGN_OR_RETURN(const bool fresh, sql.TryInsertRows(StrCat("INSERT INTO report_profile (", Columns(), ") VALUES"),
                                                       values.size(), values));
  return fresh ? absl::OkStatus() : AlreadyExists(profile.name());
}

absl::Status ReportProfileStore::Update(mysql::Transaction& sql, const ReportProfile& profile) const {
  RETURN_IF_ERROR(TakeDefaultFromOthers(sql, profile));
  const Packed packed(profile);
  mysql::Values values = ChangingOf(profile, packed);
  values.insert(values.end(), {profile.partner, profile.id});
  return sql
      .Execute(StrCat("UPDATE report_profile SET ", StrJoin(kChanging, " = ?, "), " = ? WHERE partner = ? AND id = ?"),
               values)
      .status();
}

}  // namespace tributary::inventory
