#include "conflict-service/facts/region_store.h"

#include <map>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

using Names = std::set<std::string>;
using Ancestors = std::map<std::string, Names>;

absl::StatusOr<Ancestors> ReadAncestors(mysql::Transaction& sql, const Names& regions) {
  Ancestors ancestors;
  RETURN_IF_ERROR(ForNames(regions, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT region, ancestor FROM region_ancestor WHERE region IN ", in), values));
    for (const mysql::Row& row : rows) ancestors[row.Text(0)].insert(row.Text(1));
    return absl::OkStatus();
  }));
  return ancestors;
}

// The regions and all that lie in them, as stored.
absl::Status AddDescendants(mysql::Transaction& sql, const Names& regions, Names* with) {
  return ForNames(regions, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT region FROM region_ancestor WHERE ancestor IN ", in), values));
    for (const mysql::Row& row : rows) with->insert(row.Text(0));
    return absl::OkStatus();
  });
}

absl::Status WriteRegions(mysql::Transaction& sql, const std::vector<RegionFact>& regions) {
  mysql::Values values;
  for (const RegionFact& region : regions) {
    values.insert(values.end(), {region.name, region.parent, region.active});
  }
  return sql.InsertRows("INSERT INTO region (name, parent, active) VALUES", 3, values,
                        "ON DUPLICATE KEY UPDATE parent = VALUES(parent), active = VALUES(active)");
}

absl::Status WriteAncestors(mysql::Transaction& sql, const Names& regions, const Ancestors& ancestors) {
  RETURN_IF_ERROR(ForNames(regions, [&](const std::string& in, const mysql::Values& values) {
    return sql.Execute(StrCat("DELETE FROM region_ancestor WHERE region IN ", in), values).status();
  }));
  mysql::Values values;
  for (const std::string& region : regions) {
    const auto found = ancestors.find(region);
    if (found == ancestors.end()) continue;
    for (const std::string& ancestor : found->second) values.insert(values.end(), {region, ancestor});
  }
  return sql.InsertRows("INSERT INTO region_ancestor (region, ancestor) VALUES", 2, values);
}

}  // namespace

absl::StatusOr<Names> RegionStore::Put(mysql::Transaction& sql, const std::vector<RegionFact>& regions) const {
  if (regions.empty()) return Names{};
  RETURN_IF_ERROR(WriteRegions(sql, regions));
  Names touched;
  for (const RegionFact& region : regions) touched.insert(region.name);
  // A path that leads through a region led to it before: a child is below a parent that nobody has heard of yet.
  Names below;
  RETURN_IF_ERROR(AddDescendants(sql, touched, &below));
  touched.merge(below);

  std::map<std::string, std::string> parents;
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT name, parent FROM region WHERE active = 1 AND parent <> ''"));
  for (const mysql::Row& row : rows) parents.emplace(row.Text(0), row.Text(1));
  Ancestors now;
  for (const std::string& region : touched) {
    for (std::string& ancestor : AncestorsOf(region, [&](const std::string& child) {
           const auto found = parents.find(child);
           return found == parents.end() ? std::string() : found->second;
         })) {
      now[region].insert(std::move(ancestor));
    }
  }
  ASSIGN_OR_RETURN(const Ancestors before, ReadAncestors(sql, touched));
  Names moved;
  for (const std::string& region : touched) {
    const auto was = before.find(region);
    const auto is = now.find(region);
    const bool same = was == before.end() ? is == now.end() : is != now.end() && was->second == is->second;
    if (!same) moved.insert(region);
  }
  RETURN_IF_ERROR(WriteAncestors(sql, moved, now));
  return moved;
}

absl::StatusOr<RegionTree> RegionStore::Tree(mysql::Transaction& sql, const Names& regions) const {
  ASSIGN_OR_RETURN(const Ancestors ancestors, ReadAncestors(sql, regions));
  RegionTree tree;
  for (const auto& [region, above] : ancestors) {
    for (const std::string& ancestor : above) tree.AddAncestor(region, ancestor);
  }
  return tree;
}

absl::StatusOr<std::map<std::string, std::vector<std::string>>> RegionStore::Leaves(mysql::Transaction& sql,
                                                                                    const Names& regions) const {
  std::map<std::string, std::vector<std::string>> leaves;
  RETURN_IF_ERROR(ForNames(regions, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT ancestor, region FROM region_ancestor a WHERE ancestor IN ", in,
                                      " AND NOT EXISTS (SELECT 1 FROM region_ancestor b WHERE b.ancestor = a.region) "
                                      "ORDER BY ancestor, region"),
                               values));
    for (const mysql::Row& row : rows) leaves[row.Text(0)].push_back(row.Text(1));
    return absl::OkStatus();
  }));
  return leaves;
}

absl::StatusOr<Names> RegionStore::Relatives(mysql::Transaction& sql, const Names& regions) const {
  Names relatives = regions;
  ASSIGN_OR_RETURN(const Ancestors ancestors, ReadAncestors(sql, regions));
  for (const auto& [region, above] : ancestors) relatives.insert(above.begin(), above.end());
  RETURN_IF_ERROR(AddDescendants(sql, regions, &relatives));
  return relatives;
}

}  // namespace tributary::conflict
