#include "partner-service/regions/region_store.h"

#include <algorithm>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT id, uid, version, create_time, update_time, state, scheme, code, parent_region, display_name, "
    "display_name_zh FROM region ";
constexpr std::string_view kPrefix = "regions/";

Region FromRow(const mysql::Row& row) {
  return {.id = row.Text(0),
          .revision = {row.Id(1), row.Int(2), row.Instant(3), row.Instant(4)},
          .state = static_cast<RegionState>(row.Int(5)),
          .scheme = static_cast<RegionScheme>(row.Int(6)),
          .code = row.Text(7),
          .parent_region = row.Text(8),
          .display_name = row.Text(9),
          .display_name_zh = row.Text(10)};
}

std::vector<Region> FromRows(const mysql::Rows& rows) {
  std::vector<Region> regions;
  regions.reserve(rows.size());
  for (const mysql::Row& row : rows) regions.push_back(FromRow(row));
  return regions;
}

std::string_view IdOf(std::string_view name) { return name.substr(std::min(kPrefix.size(), name.size())); }

absl::StatusOr<std::vector<Region>> GetLocked(mysql::Transaction& sql, const std::vector<std::string_view>& ids) {
  if (ids.empty()) return std::vector<Region>();
  const IdList list(ids);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat(kSelect, "WHERE id IN ", list.sql(), " ORDER BY id LOCK IN SHARE MODE"), list.values()));
  return FromRows(rows);
}

}  // namespace

const std::vector<FilterField>& RegionStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("scheme", "scheme", NumberedNames(RegionScheme::kIso31662, RegionScheme::kCustom)),
      FilterField::String("code", "code"),
      FilterField::String("parent_region", "parent_region"),
      FilterField::Enum("state", "state", NumberedNames(RegionState::kActive, RegionState::kInactive)),
  };
  return fields;
}

absl::StatusOr<Region> RegionStore::Get(mysql::Transaction& sql, std::string_view id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE id = ?"), {id}));
  if (rows.empty()) return NotFound(StrCat(kPrefix, id));
  return FromRow(rows.front());
}

absl::StatusOr<std::vector<Region>> RegionStore::List(mysql::Transaction& sql, const Page& page,
                                                      bool show_inactive) const {
  RootPage rows_of(page);
  if (!show_inactive) rows_of.Where("state <> ?", {static_cast<int>(RegionState::kInactive)});
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, rows_of.sql()), rows_of.values()));
  return FromRows(rows);
}

absl::StatusOr<RegionMap> RegionStore::GetWithAncestors(mysql::Transaction& sql,
                                                        const std::vector<std::string>& names) const {
  RegionMap found;
  std::vector<std::string> wanted = names;
  while (!wanted.empty()) {
    std::vector<std::string_view> ids;
    for (const std::string& name : wanted) ids.push_back(IdOf(name));
    ASSIGN_OR_RETURN(std::vector<Region> regions, GetLocked(sql, ids));
    std::vector<std::string> above;
    for (Region& region : regions) {
      if (!region.parent_region.empty()) above.push_back(region.parent_region);
      found.insert_or_assign(region.name(), std::move(region));
    }
    std::erase_if(above, [&](const std::string& name) { return found.contains(name); });
    wanted = std::move(above);
  }
  return found;
}

absl::StatusOr<std::vector<std::string>> RegionStore::Missing(mysql::Transaction& sql,
                                                              const std::vector<std::string>& names) const {
  std::vector<std::string_view> ids;
  for (const std::string& name : names) ids.push_back(IdOf(name));
  ASSIGN_OR_RETURN(const std::vector<Region> regions, GetLocked(sql, ids));
  RegionMap active;
  for (const Region& region : regions) {
    if (region.state == RegionState::kActive) active.emplace(region.name(), region);
  }
  std::vector<std::string> missing;
  for (const std::string& name : names) {
    if (!active.contains(name)) missing.push_back(name);
  }
  return missing;
}

absl::Status RegionStore::Insert(mysql::Transaction& sql, absl::Span<const Region> regions,
                                 std::string_view import_id) const {
  if (regions.empty()) return absl::OkStatus();
  mysql::Values values;
  for (const Region& r : regions) {
    values.insert(values.end(), {r.id, r.revision.uid, r.revision.version, r.revision.create_time,
                                 r.revision.update_time, static_cast<int>(r.state), static_cast<int>(r.scheme), r.code,
                                 r.parent_region, r.display_name, r.display_name_zh, import_id});
  }
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsertRows("INSERT INTO region (id, uid, version, create_time, update_time, state, scheme, "
                                     "code, parent_region, display_name, display_name_zh, import_id) VALUES",
                                     12, values));
  return inserted ? absl::OkStatus() : ChangedMeanwhile(sql, "one of the regions");
}

absl::Status RegionStore::Replace(mysql::Transaction& sql, const Region& r, std::string_view import_id) const {
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE region SET uid = ?, version = ?, create_time = ?, update_time = ?, state = ?, "
                               "scheme = ?, code = ?, parent_region = ?, display_name = ?, display_name_zh = ?, "
                               "import_id = ? WHERE id = ? AND version = ?",
                               {r.revision.uid, r.revision.version, r.revision.create_time, r.revision.update_time,
                                static_cast<int>(r.state), static_cast<int>(r.scheme), r.code, r.parent_region,
                                r.display_name, r.display_name_zh, import_id, r.id, r.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, "one of the regions");
}

absl::StatusOr<std::vector<Region>> RegionStore::BroughtBy(mysql::Transaction& sql, std::string_view import_id,
                                                           int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE import_id = ? AND state = ? ORDER BY id LIMIT ? FOR UPDATE"),
                             {import_id, static_cast<int>(RegionState::kActive), limit}));
  return FromRows(rows);
}

absl::Status RegionStore::Deactivate(mysql::Transaction& sql, absl::Span<const Region> regions) const {
  for (const Region& region : regions) {
    ASSIGN_OR_RETURN(
        const int64_t matched,
        sql.Execute("UPDATE region SET state = ?, version = ?, update_time = ? WHERE id = ?",
                    {static_cast<int>(region.state), region.revision.version, region.revision.update_time, region.id}));
    if (matched != 1) return ChangedMeanwhile(sql, "one of the regions");
  }
  return absl::OkStatus();
}

}  // namespace tributary::partner
