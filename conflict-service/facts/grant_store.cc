#include "conflict-service/facts/grant_store.h"

#include <map>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kSelectGrants =
    "SELECT name, partner, active, exclusivity, regions, product_lines, segments, routes, effective_from, effective_to "
    "FROM territory_grant ";

void AddGrants(const mysql::Rows& rows, std::vector<Grant>* grants) {
  for (const mysql::Row& row : rows) {
    grants->push_back({.name = row.Text(0),
                       .partner = row.Text(1),
                       .active = row.Bool(2),
                       .exclusivity = static_cast<Grant::Exclusivity>(row.Int(3)),
                       .scope = {.regions = SplitLines(row.Bytes(4)),
                                 .product_lines = SplitLines(row.Bytes(5)),
                                 .segments = SplitLines(row.Bytes(6)),
                                 .routes = SplitLines(row.Bytes(7)),
                                 .time = {row.Day(8), row.Day(9)}}});
  }
}

absl::StatusOr<std::vector<Grant>> Read(mysql::Transaction& sql, const std::set<std::string>& names,
                                        std::string_view where) {
  std::vector<Grant> grants;
  RETURN_IF_ERROR(ForNames(names, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelectGrants, where, in), values));
    AddGrants(rows, &grants);
    return absl::OkStatus();
  }));
  return grants;
}

// As grant_region has it.
int StandingOf(const Grant& grant) {
  if (!grant.active) return 0;
  return grant.exclusivity == Grant::Exclusivity::kExclusive ? 2 : 1;
}

// The `column` of the rows of grant_region for which `where` and one of these names hold.
absl::StatusOr<std::set<std::string>> FromGrantRegion(mysql::Transaction& sql, std::string_view column,
                                                      std::string_view where, const std::set<std::string>& names) {
  std::set<std::string> found;
  RETURN_IF_ERROR(ForNames(names, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT DISTINCT ", column, " FROM grant_region WHERE ", where, " IN ", in), values));
    for (const mysql::Row& row : rows) found.insert(row.Text(0));
    return absl::OkStatus();
  }));
  return found;
}

}  // namespace

absl::Status GrantStore::PutPartners(mysql::Transaction& sql, const std::vector<PartnerFact>& partners) const {
  mysql::Values values;
  for (const PartnerFact& partner : partners) values.insert(values.end(), {partner.name, partner.terminated});
  return sql.InsertRows("INSERT INTO partner (name, ended) VALUES", 2, values,
                        "ON DUPLICATE KEY UPDATE ended = VALUES(ended)");
}

absl::StatusOr<std::optional<PartnerFact>> GrantStore::FindPartner(mysql::Transaction& sql,
                                                                   const std::string& name) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT ended FROM partner WHERE name = ?", {name}));
  if (rows.empty()) return std::nullopt;
  return PartnerFact{name, rows[0].Bool(0)};
}

absl::Status GrantStore::Put(mysql::Transaction& sql, const std::vector<Grant>& grants) const {
  std::map<std::string, const Grant*> last;
  for (const Grant& grant : grants) last[grant.name] = &grant;
  Texts texts;
  mysql::Values rows;
  mysql::Values regions;
  std::set<std::string> names;
  for (const auto& [name, grant] : last) {
    names.insert(name);
    const ScopeBox& scope = grant->scope;
    rows.insert(rows.end(), {name, grant->partner, grant->active, static_cast<int>(grant->exclusivity),
                             texts.Keep(JoinLines(scope.regions)), texts.Keep(JoinLines(scope.product_lines)),
                             texts.Keep(JoinLines(scope.segments)), texts.Keep(JoinLines(scope.routes)),
                             scope.time.start, scope.time.end});
    for (const std::string& region : std::set<std::string>(scope.regions.begin(), scope.regions.end())) {
      regions.insert(regions.end(), {name, texts.Keep(region), StandingOf(*grant)});
    }
  }
  RETURN_IF_ERROR(sql.InsertRows(
      "INSERT INTO territory_grant (name, partner, active, exclusivity, regions, product_lines, segments, routes, "
      "effective_from, effective_to) VALUES",
      10, rows,
      "ON DUPLICATE KEY UPDATE active = VALUES(active), exclusivity = VALUES(exclusivity), regions = VALUES(regions), "
      "product_lines = VALUES(product_lines), segments = VALUES(segments), routes = VALUES(routes), "
      "effective_from = VALUES(effective_from), effective_to = VALUES(effective_to)"));
  RETURN_IF_ERROR(ForNames(names, [&](const std::string& in, const mysql::Values& values) {
    return sql.Execute(StrCat("UPDATE grant_region SET standing = 0 WHERE grant_name IN ", in), values).status();
  }));
  return sql.InsertRows("INSERT INTO grant_region (grant_name, region, standing) VALUES", 3, regions,
                        "ON DUPLICATE KEY UPDATE standing = VALUES(standing)");
}

absl::StatusOr<std::vector<Grant>> GrantStore::Named(mysql::Transaction& sql,
                                                     const std::set<std::string>& names) const {
  return Read(sql, names, "WHERE name IN ");
}

absl::StatusOr<std::vector<Grant>> GrantStore::ActiveOf(mysql::Transaction& sql,
                                                        const std::set<std::string>& partners) const {
  return Read(sql, partners, "WHERE active = 1 AND partner IN ");
}

absl::StatusOr<std::vector<Grant>> GrantStore::ActiveIn(mysql::Transaction& sql,
                                                        const std::set<std::string>& regions) const {
  ASSIGN_OR_RETURN(const std::set<std::string> names,
                   FromGrantRegion(sql, "grant_name", "standing IN (1, 2) AND region", regions));
  return Named(sql, names);
}

absl::StatusOr<std::set<std::string>> GrantStore::EverNamedBy(mysql::Transaction& sql,
                                                              const std::set<std::string>& names) const {
  return FromGrantRegion(sql, "region", "grant_name", names);
}

absl::StatusOr<std::vector<Grant>> GrantStore::Helpers(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelectGrants, "WHERE active = 1 AND exclusivity = ? ORDER BY name"),
                             {static_cast<int>(Grant::Exclusivity::kHelper)}));
  std::vector<Grant> grants;
  AddGrants(rows, &grants);
  return grants;
}

absl::StatusOr<std::set<std::string>> GrantStore::ExclusiveIn(mysql::Transaction& sql,
                                                              const std::set<std::string>& regions) const {
  return FromGrantRegion(sql, "grant_name", "standing = 2 AND region", regions);
}

absl::StatusOr<std::set<std::string>> GrantStore::Exclusive(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT DISTINCT grant_name FROM grant_region WHERE standing = 2"));
  std::set<std::string> names;
  for (const mysql::Row& row : rows) names.insert(row.Text(0));
  return names;
}

}  // namespace tributary::conflict
