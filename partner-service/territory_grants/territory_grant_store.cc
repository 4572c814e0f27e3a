#include "partner-service/territory_grants/territory_grant_store.h"

#include <string>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/known_revision.h"
#include "partner-service/rows/rows.h"

namespace tributary::partner {
namespace {

// Of territory_grant and territory_grant_revision.
constexpr std::string_view kColumns =
    "partner_id, id, uid, version, create_time, update_time, state, undone, regions, product_lines, segments, routes, "
    "exclusivity, effective_from, effective_to, replaces";
constexpr std::string_view kHolds = "state = 1 AND effective_from <= ? AND (effective_to IS NULL OR effective_to > ?)";

std::string Select(std::string_view table) { return StrCat("SELECT ", kColumns, " FROM ", table, " "); }

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
          .effective = {row.Day(13), row.IsNull(14) ? OpenEnd() : row.Day(14)},
          .replaces = row.Text(15)};
}

std::vector<TerritoryGrant> FromRows(const mysql::Rows& rows) {
  std::vector<TerritoryGrant> grants;
  grants.reserve(rows.size());
  for (const mysql::Row& row : rows) grants.push_back(FromRow(row));
  return grants;
}

absl::StatusOr<TerritoryGrant> Only(const absl::StatusOr<mysql::Rows>& rows, std::string_view partner_id,
                                    std::string_view id) {
  RETURN_IF_ERROR(rows.status());
  if (rows->empty()) return NotFound(StrCat("partners/", partner_id, "/territoryGrants/", id));
  return FromRow(rows->front());
}

// The values of kColumns; looks into `g`, which outlives it.
class Stored {
 public:
  explicit Stored(const TerritoryGrant& g)
      : regions_(JoinLines(g.regions)),
        product_lines_(JoinLines(g.product_lines)),
        segments_(JoinLines(g.segments)),
        routes_(JoinLines(g.routes)),
        values_({g.partner_id, g.id, g.revision.uid, g.revision.version, g.revision.create_time, g.revision.update_time,
                 static_cast<int>(g.state), g.undone, regions_, product_lines_, segments_, routes_,
                 static_cast<int>(g.exclusivity), g.effective.start,
                 g.effective.end == OpenEnd() ? mysql::Value(std::nullopt) : mysql::Value(g.effective.end),
                 g.replaces}) {}
  Stored(const Stored&) = delete;
  mysql::Values& values() { return values_; }

 private:
  const std::string regions_, product_lines_, segments_, routes_;
  mysql::Values values_;
};

absl::Status Keep(mysql::Transaction& sql, const TerritoryGrant& g) {
  return KeepRevision(sql, "territory_grant", kColumns, g.partner_id, g.id, g.revision.version, g.revision.update_time);
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
                                                        std::string_view id, const AsOf& as_of) const {
  const AsOfRows rows("territory_grant", kHolds, as_of);
  mysql::Values values = {partner_id, id};
  values.insert(values.end(), rows.values().begin(), rows.values().end());
  return Only(sql.Query(StrCat(Select(rows.table()), "WHERE partner_id = ? AND id = ? AND ", rows.sql()), values),
              partner_id, id);
}

absl::StatusOr<TerritoryGrant> TerritoryGrantStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                                                 std::string_view id) const {
  return Only(
      sql.Query(StrCat(Select("territory_grant"), "WHERE partner_id = ? AND id = ? FOR UPDATE"), {partner_id, id}),
      partner_id, id);
}

absl::StatusOr<std::vector<TerritoryGrant>> TerritoryGrantStore::List(mysql::Transaction& sql,
                                                                      std::string_view partner_id, const Page& page,
                                                                      const AsOf& as_of) const {
  const AsOfRows as_of_rows("territory_grant", kHolds, as_of);
  const RowPage rows_of = ChildPage(partner_id, page).Where(as_of_rows.sql(), as_of_rows.values());
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(Select(as_of_rows.table()), rows_of.sql()), rows_of.values()));
  return FromRows(rows);
}

absl::StatusOr<std::vector<TerritoryGrant>> TerritoryGrantStore::OfPartner(mysql::Transaction& sql,
                                                                           std::string_view partner_id) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat(Select("territory_grant"), "WHERE partner_id = ? ORDER BY id FOR UPDATE"), {partner_id}));
  return FromRows(rows);
}

absl::Status TerritoryGrantStore::LockExclusive(mysql::Transaction& sql) const {
  return sql
      .Execute("INSERT INTO exclusive_grant_lock (id, uses) VALUES (1, 1) ON DUPLICATE KEY UPDATE uses = uses + 1")
      .status();
}

absl::StatusOr<std::vector<TerritoryGrant>> TerritoryGrantStore::ExclusiveOfOthers(mysql::Transaction& sql,
                                                                                   const TerritoryGrant& g) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat(Select("territory_grant"),
                       "WHERE exclusivity = ? AND state = ? AND effective_from < ? AND (effective_to IS NULL OR "
                       "effective_to > ?) AND partner_id <> ? ORDER BY partner_id, id"),
                {static_cast<int>(Exclusivity::kExclusive), static_cast<int>(GrantState::kActive), g.effective.end,
                 g.effective.start, g.partner_id}));
  return FromRows(rows);
}

absl::StatusOr<TerritoryGrant> TerritoryGrantStore::Create(mysql::Transaction& sql, const TerritoryGrant& g) const {
  Stored stored(g);
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsert(StrCat("INSERT INTO territory_grant (", kColumns,
                                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                                 stored.values()));
  if (inserted) {
    RETURN_IF_ERROR(Keep(sql, g));
    return g;
  }
  ASSIGN_OR_RETURN(const TerritoryGrant there, GetForUpdate(sql, g.partner_id, g.id));
  if (!there.undone) return AlreadyExists(g.name());
  TerritoryGrant next = g;
  const Revision after = After(there.revision, g.revision.update_time);
  next.revision.version = after.version;
  next.revision.update_time = after.update_time;
  RETURN_IF_ERROR(Update(sql, next));
  return next;
}

absl::Status TerritoryGrantStore::Update(mysql::Transaction& sql, const TerritoryGrant& g) const {
  static const auto& statement = *new std::string(
      StrCat("UPDATE territory_grant SET ", Assignments(kColumns), " WHERE partner_id = ? AND id = ? AND version = ?"));
  Stored stored(g);
  mysql::Values& values = stored.values();
  values.insert(values.end(), {g.partner_id, g.id, g.revision.version - 1});
  ASSIGN_OR_RETURN(const int64_t matched, sql.Execute(statement, values));
  if (matched != 1) return ChangedMeanwhile(sql, g.name());
  return Keep(sql, g);
}

}  // namespace tributary::partner
