#include "partner-service/territory_grants/territory_grant_store.h"

#include <string>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kSelect =
    "SELECT partner_id, id, uid, version, create_time, update_time, state, undone, regions, product_lines, segments, "
    "routes, exclusivity, effective_from, effective_to FROM territory_grant ";

TerritoryGrant FromRow(const mysql::Row& row) {
  return {.partner_id = row.Text(0),
          .id = row.Text(1),
          .revision = {row.Id(2), row.Int(3), row.Instant(4), row.Instant(5)},
          .state = static_cast<GrantState>(row.Int(6)),
          .undone = row.Bool(7),
          .regions = SplitLines(row.Bytes(8)),
          .product_lines = SplitLines(row.Bytes(9)),
          .segments = SplitLines(row.Bytes(10)),
          .routes = SplitLines(row.Bytes(11)),
          .exclusivity = static_cast<Exclusivity>(row.Int(12)),
          .effective = {row.Day(13), row.IsNull(14) ? OpenEnd() : row.Day(14)}};
}

std::vector<TerritoryGrant> FromRows(const mysql::Rows& rows) {
  std::vector<TerritoryGrant> grants;
  grants.reserve(rows.size());
  for (const mysql::Row& row : rows) grants.push_back(FromRow(row));
  return grants;
}

absl::StatusOr<TerritoryGrant> GetOne(mysql::Transaction& sql, std::string_view partner_id, std::string_view id,
                                      std::string_view lock) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? AND id = ?", lock), {partner_id, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner_id, "/territoryGrants/", id));
  return FromRow(rows.front());
}

}  // namespace

const std::vector<FilterField>& TerritoryGrantStore::Fields() {
  static const std::vector<FilterField> fields = {
      FilterField::Enum("state", "state", NumberedNames(GrantState::kActive, GrantState::kRevoked)),
      FilterField::Enum("exclusivity", "exclusivity", NumberedNames(Exclusivity::kExclusive, Exclusivity::kHelper)),
      FilterField::Day("effective_from", "effective_from"),
      FilterField::Day("effective_to", "effective_to"),
  };
  return fields;
}

absl::StatusOr<TerritoryGrant> TerritoryGrantStore::Get(mysql::Transaction& sql, std::string_view partner_id,
                                                        std::string_view id) const {
  return GetOne(sql, partner_id, id, "");
}

absl::StatusOr<TerritoryGrant> TerritoryGrantStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                                                 std::string_view id) const {
  return GetOne(sql, partner_id, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<TerritoryGrant>> TerritoryGrantStore::List(mysql::Transaction& sql,
                                                                      std::string_view partner_id,
                                                                      const Page& page) const {
  const ChildKeyset keyset(partner_id, page);
  mysql::Values values = keyset.values();
  values.insert(values.end(), page.filter().values().begin(), page.filter().values().end());
  values.push_back(page.limit());
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE ", keyset.sql(), " AND ",
                                                            page.filter().sql(), " ORDER BY partner_id, id LIMIT ?"),
                                                     values));
  return FromRows(rows);
}

absl::StatusOr<std::vector<TerritoryGrant>> TerritoryGrantStore::OfPartner(mysql::Transaction& sql,
                                                                           std::string_view partner_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner_id = ? ORDER BY id FOR UPDATE"), {partner_id}));
  return FromRows(rows);
}

absl::StatusOr<TerritoryGrant> TerritoryGrantStore::Create(mysql::Transaction& sql, const TerritoryGrant& g) const {
  const std::string regions = JoinLines(g.regions);
  const std::string product_lines = JoinLines(g.product_lines);
  const std::string segments = JoinLines(g.segments);
  const std::string routes = JoinLines(g.routes);
  const mysql::Value end = g.effective.end == OpenEnd() ? mysql::Value(std::nullopt) : mysql::Value(g.effective.end);
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsert("INSERT INTO territory_grant (partner_id, id, uid, version, create_time, update_time, "
                                 "state, undone, regions, product_lines, segments, routes, exclusivity, "
                                 "effective_from, effective_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                 {g.partner_id, g.id, g.revision.uid, g.revision.version, g.revision.create_time,
                                  g.revision.update_time, static_cast<int>(g.state), g.undone, regions, product_lines,
                                  segments, routes, static_cast<int>(g.exclusivity), g.effective.start, end}));
  if (inserted) return g;
  ASSIGN_OR_RETURN(const TerritoryGrant there, GetForUpdate(sql, g.partner_id, g.id));
  if (!there.undone) return AlreadyExists(g.name());
  TerritoryGrant next = g;
  next.revision.version = there.revision.version + 1;
  RETURN_IF_ERROR(Update(sql, next));
  return next;
}

absl::Status TerritoryGrantStore::Update(mysql::Transaction& sql, const TerritoryGrant& g) const {
  const std::string regions = JoinLines(g.regions);
  const std::string product_lines = JoinLines(g.product_lines);
  const std::string segments = JoinLines(g.segments);
  const std::string routes = JoinLines(g.routes);
  const mysql::Value end = g.effective.end == OpenEnd() ? mysql::Value(std::nullopt) : mysql::Value(g.effective.end);
  ASSIGN_OR_RETURN(const int64_t matched,
                   sql.Execute("UPDATE territory_grant SET uid = ?, version = ?, create_time = ?, update_time = ?, "
                               "state = ?, undone = ?, regions = ?, product_lines = ?, segments = ?, routes = ?, "
                               "exclusivity = ?, effective_from = ?, effective_to = ? "
                               "WHERE partner_id = ? AND id = ? AND version = ?",
                               {g.revision.uid, g.revision.version, g.revision.create_time, g.revision.update_time,
                                static_cast<int>(g.state), g.undone, regions, product_lines, segments, routes,
                                static_cast<int>(g.exclusivity), g.effective.start, end, g.partner_id, g.id,
                                g.revision.version - 1}));
  return matched == 1 ? absl::OkStatus() : ChangedMeanwhile(sql, g.name());
}

}  // namespace tributary::partner
