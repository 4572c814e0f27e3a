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

bool IsExclusive(const Grant& grant) { return grant.active && grant.exclusivity == Grant::Exclusivity::kExclusive; }

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
    if (!IsExclusive(*grant)) continue;
    for (const std::string& region : std::set<std::string>(scope.regions.begin(), scope.regions.end())) {
      regions.insert(regions.end(), {texts.Keep(region), name});
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
    return sql.Execute(StrCat("DELETE FROM exclusive_region WHERE grant_name IN ", in), values).status();
  }));
  return sql.InsertRows("INSERT INTO exclusive_region (region, grant_name) VALUES", 2, regions);
}

absl::StatusOr<std::vector<Grant>> GrantStore::Named(mysql::Transaction& sql,
                                                     const std::set<std::string>& names) const {
  return Read(sql, names, "WHERE name IN ");
}

absl::StatusOr<std::vector<Grant>> GrantStore::ActiveOf(mysql::Transaction& sql,
                                                        const std::set<std::string>& partners) const {
  return Read(sql, partners, "WHERE active = 1 AND partner IN ");
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
  std::set<std::string> names;
  RETURN_IF_ERROR(ForNames(regions, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT DISTINCT grant_name FROM exclusive_region WHERE region IN ", in), values));
    for (const mysql::Row& row : rows) names.insert(row.Text(0));
    return absl::OkStatus();
  }));
  return names;
}

absl::StatusOr<std::set<std::string>> GrantStore::Exclusive(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT DISTINCT grant_name FROM exclusive_region"));
  std::set<std::string> names;
  for (const mysql::Row& row : rows) names.insert(row.Text(0));
  return names;
}

}  // namespace tributary::conflict
