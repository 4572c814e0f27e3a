#include "inventory-service/replenishment/policy_store.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/in_list.h"
#include "inventory-service/facts/page_of.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kColumns =
    "partner, id, uid, version, create_time, update_time, state, site, product, kind, service_level, lead_time_days, "
    "lead_time_deviation_days, review_period_days, first_review_date, demand_period_days, history_days, "
    "order_quantity, pack_size, min_level, max_level, pack_unit";

std::optional<Decimal> DecOrNone(const mysql::Row& row, size_t column) {
  return row.IsNull(column) ? std::nullopt : std::optional(row.Dec(column));
}

ReplenishmentPolicy Read(const mysql::Row& row) {
  ReplenishmentPolicy policy{.partner = row.Text(0),
                             .id = row.Text(1),
                             .uid = row.Id(2),
                             .version = row.Int(3),
                             .create_time = row.Instant(4),
                             .update_time = row.Instant(5),
                             .state = static_cast<PolicyState>(row.Int(6)),
                             .site = row.Text(7),
                             .product = row.Text(8),
                             .kind = static_cast<PolicyKind>(row.Int(9)),
                             .service_level = row.Dec(10),
                             .lead_time_days = DecOrNone(row, 11),
                             .lead_time_deviation_days = DecOrNone(row, 12),
                             .review_period_days = static_cast<int>(row.Int(13)),
                             .demand_period_days = static_cast<int>(row.Int(15)),
                             .history_days = static_cast<int>(row.Int(16)),
                             .order_quantity = DecOrNone(row, 17),
                             .pack_size = row.Dec(18),
                             .pack_unit = row.Text(21),
                             .min_level = DecOrNone(row, 19),
                             .max_level = DecOrNone(row, 20)};
  if (!row.IsNull(14)) policy.first_review_date = row.Day(14);
  return policy;
}

absl::StatusOr<std::vector<ReplenishmentPolicy>> Select(mysql::Transaction& sql, std::string_view tail,
                                                        const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM replenishment_policy ", tail), values));
  std::vector<ReplenishmentPolicy> policies;
  policies.reserve(rows.size());
  for (const mysql::Row& row : rows) policies.push_back(Read(row));
  return policies;
}

absl::StatusOr<ReplenishmentPolicy> GetOne(mysql::Transaction& sql, std::string_view partner, std::string_view id,
                                           std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<ReplenishmentPolicy> found,
                   Select(sql, StrCat("WHERE partner = ? AND id = ?", lock), {partner, id}));
  if (found.empty()) return NotFound(StrCat("partners/", partner, "/replenishmentPolicies/", id));
  return std::move(found.front());
}

// The columns from `state` on.
mysql::Values Terms(const ReplenishmentPolicy& p) {
  return {static_cast<int>(p.state),
          p.site,
          p.product,
          static_cast<int>(p.kind),
          p.service_level,
          mysql::Value(p.lead_time_days),
          mysql::Value(p.lead_time_deviation_days),
          p.review_period_days,
          mysql::Value(p.first_review_date),
          p.demand_period_days,
          p.history_days,
          mysql::Value(p.order_quantity),
          p.pack_size,
          mysql::Value(p.min_level),
          mysql::Value(p.max_level),
          p.pack_unit};
}

}  // namespace

const std::vector<FilterField>& ReplenishmentPolicyStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::String("site", "CONCAT('partners/', partner, '/sites/', site)"),
      FilterField::String("product", "CONCAT('products/', product)"),
      FilterField::Enum("kind", "kind", {{"REORDER_POINT", 1}, {"MIN_MAX", 2}, {"PERIODIC", 3}}),
      FilterField::Enum("state", "state", {{"ACTIVE", 1}, {"PAUSED", 2}})};
  return fields;
}

absl::Status ReplenishmentPolicyStore::Insert(mysql::Transaction& sql, const ReplenishmentPolicy& p) const {
  mysql::Values values = {p.partner, p.id, p.uid, p.version, p.create_time, p.update_time};
  for (mysql::Value& value : Terms(p)) values.push_back(std::move(value));
  ASSIGN_OR_RETURN(const bool fresh,
                   sql.TryInsert(StrCat("INSERT INTO replenishment_policy (", kColumns,
                                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                                 values));
  if (fresh) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<ReplenishmentPolicy> there,
                   Select(sql, "WHERE partner = ? AND site = ? AND product = ?", {p.partner, p.site, p.product}));
  return AlreadyExists(there.empty() ? p.name() : there.front().name());
}

absl::StatusOr<ReplenishmentPolicy> ReplenishmentPolicyStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                                  std::string_view id) const {
  return GetOne(sql, partner, id, "");
}

absl::StatusOr<ReplenishmentPolicy> ReplenishmentPolicyStore::GetForUpdate(mysql::Transaction& sql,
                                                                           std::string_view partner,
                                                                           std::string_view id) const {
  return GetOne(sql, partner, id, " FOR UPDATE");
}

absl::Status ReplenishmentPolicyStore::Update(mysql::Transaction& sql, const ReplenishmentPolicy& p) const {
  mysql::Values values = {p.version, p.update_time};
  for (mysql::Value& value : Terms(p)) values.push_back(std::move(value));
  values.insert(values.end(), {p.partner, p.id});
  return sql
      .Execute(
          "UPDATE replenishment_policy SET version = ?, update_time = ?, state = ?, site = ?, product = ?, kind = ?, "
          "service_level = ?, lead_time_days = ?, lead_time_deviation_days = ?, review_period_days = ?, "
          "first_review_date = ?, demand_period_days = ?, history_days = ?, order_quantity = ?, pack_size = ?, "
          "min_level = ?, max_level = ?, pack_unit = ? WHERE partner = ? AND id = ?",
          values)
      .status();
}

absl::StatusOr<std::vector<ReplenishmentPolicy>> ReplenishmentPolicyStore::FindForUpdate(
    mysql::Transaction& sql, std::string_view partner, const std::vector<std::string_view>& ids, int limit) const {
  mysql::Values values = {partner};
  std::string where = "WHERE partner = ?";
  if (!ids.empty()) StrAppend(&where, " AND id IN ", InList(ids, &values));
  values.push_back(limit);
  return Select(sql, StrCat(where, " ORDER BY site, product LIMIT ? FOR UPDATE"), values);
}

absl::StatusOr<std::vector<ReplenishmentPolicy>> ReplenishmentPolicyStore::List(
    mysql::Transaction& sql, std::string_view partner, std::string_view after_partner, std::string_view after_id,
    const SqlPredicate& filter, int limit) const {
  const PageClauses page = PageOf(partner, {{"partner", after_partner}, {"id", after_id}}, filter, limit);
  return Select(sql, page.sql(), page.values);
}

}  // namespace tributary::inventory
