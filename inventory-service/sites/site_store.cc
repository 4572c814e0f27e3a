#include "inventory-service/sites/site_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/page_of.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kColumns =
    "partner, id, uid, version, create_time, update_time, display_name, region, negative_stock, closed_on, "
    "count_tolerance";
constexpr size_t kWidth = 11;

Site Read(const mysql::Row& row) {
  Site site{.partner = row.Text(0),
            .id = row.Text(1),
            .uid = row.Id(2),
            .version = row.Int(3),
            .create_time = row.Instant(4),
            .update_time = row.Instant(5),
            .display_name = row.Text(6),
            .region = row.Text(7),
            .negative_stock = static_cast<NegativeStock>(row.Int(8))};
  if (!row.IsNull(9)) site.closed_on = row.Day(9);
  site.count_tolerance = row.Dec(10);
  return site;
}

void Append(const Site& site, mysql::Values* values) {
  values->insert(values->end(), {site.partner, site.id, site.uid, site.version, site.create_time, site.update_time,
                                 site.display_name, site.region, static_cast<int>(site.negative_stock),
                                 mysql::Value(site.closed_on), site.count_tolerance});
}

absl::StatusOr<Site> GetOne(mysql::Transaction& sql, std::string_view partner, std::string_view id,
                            std::string_view lock) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kColumns, " FROM site WHERE partner = ? AND id = ?", lock), {partner, id}));
  if (rows.empty()) return NotFound(SiteName(partner, id));
  return Read(rows.front());
}

}  // namespace

const std::vector<FilterField>& SiteStore::Fields() {
  static const auto& fields =
      *new std::vector<FilterField>{FilterField::String("region", "CONCAT('regions/', NULLIF(region, ''))")};
  return fields;
}

absl::Status SiteStore::Insert(mysql::Transaction& sql, const Site& site) const {
  mysql::Values values;
  Append(site, &values);
  ASSIGN_OR_RETURN(
      const bool fresh,
      sql.TryInsert(StrCat("INSERT INTO site (", kColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"), values));
  return fresh ? absl::OkStatus() : AlreadyExists(site.name());
}

absl::Status SiteStore::Ensure(mysql::Transaction& sql, absl::Span<const Site> sites) const {
  mysql::Values values;
  for (const Site& site : sites) Append(site, &values);
  return sql.InsertRows(StrCat("INSERT INTO site (", kColumns, ") VALUES"), kWidth, values,
                        "ON DUPLICATE KEY UPDATE id = VALUES(id)");
}

absl::Status SiteStore::Update(mysql::Transaction& sql, const Site& site) const {
  return sql
      .Execute(
          "UPDATE site SET version = ?, update_time = ?, display_name = ?, region = ?, negative_stock = ?, "
          "closed_on = ?, count_tolerance = ? WHERE partner = ? AND id = ?",
          {site.version, site.update_time, site.display_name, site.region, static_cast<int>(site.negative_stock),
           mysql::Value(site.closed_on), site.count_tolerance, site.partner, site.id})
      .status();
}

absl::StatusOr<Site> SiteStore::Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const {
  return GetOne(sql, partner, id, "");
}

absl::StatusOr<Site> SiteStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                             std::string_view id) const {
  return GetOne(sql, partner, id, " FOR UPDATE");
}

absl::StatusOr<Site> SiteStore::GetForShare(mysql::Transaction& sql, std::string_view partner,
                                            std::string_view id) const {
  return GetOne(sql, partner, id, " LOCK IN SHARE MODE");
}

absl::StatusOr<std::vector<Site>> SiteStore::List(mysql::Transaction& sql, std::string_view partner,
                                                  std::string_view after_partner, std::string_view after_id,
                                                  const SqlPredicate& filter, int limit) const {
  const PageClauses page = PageOf(partner, {{"partner", after_partner}, {"id", after_id}}, filter, limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM site ", page.sql()), page.values));
  std::vector<Site> sites;
  for (const mysql::Row& row : rows) sites.push_back(Read(row));
  return sites;
}

}  // namespace tributary::inventory
