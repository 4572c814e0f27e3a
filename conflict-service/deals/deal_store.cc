#include "conflict-service/deals/deal_store.h"

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kSelect =
    "SELECT partner, name, uid, version, create_time, update_time, state, customer_name, product_lines, regions, "
    "route, "
    "effective_from, effective_to, currency, value FROM deal ";

Deal FromRow(const mysql::Row& row) {
  Deal deal;
  deal.partner = row.Text(0);
  deal.name = row.Text(1);
  deal.uid = row.Id(2);
  deal.version = row.Int(3);
  deal.create_time = row.Instant(4);
  deal.update_time = row.Instant(5);
  deal.state = static_cast<Deal::State>(row.Int(6));
  deal.customer_name = row.Text(7);
  deal.scope.product_lines = SplitLines(row.Bytes(8));
  deal.scope.regions = SplitLines(row.Bytes(9));
  deal.scope.routes = SplitLines(row.Bytes(10));
  deal.scope.time = {row.Day(11), row.Day(12)};
  if (!row.IsNull(13)) deal.value = Money{row.Text(13), row.Dec(14)};
  return deal;
}

std::vector<Deal> FromRows(const mysql::Rows& rows) {
  std::vector<Deal> deals;
  deals.reserve(rows.size());
  for (const mysql::Row& row : rows) deals.push_back(FromRow(row));
  return deals;
}

std::string PartnerName(std::string_view name) { return StrCat("partners/", PartnerOf(name)); }

absl::StatusOr<Deal> GetOne(mysql::Transaction& sql, std::string_view name, std::string_view lock) {
  const std::string partner = PartnerName(name);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE partner = ? AND name = ?", lock), {partner, name}));
  if (rows.empty()) return NotFound(name);
  return FromRow(rows[0]);
}

}  // namespace

absl::Status DealStore::Create(mysql::Transaction& sql, const Deal& deal) const {
  const std::string key = CustomerKey(deal.customer_name);
  const std::string lines = JoinLines(deal.scope.product_lines);
  const std::string regions = JoinLines(deal.scope.regions);
  const std::string route = JoinLines(deal.scope.routes);
  mysql::Value currency = std::nullopt, value = std::nullopt;
  if (deal.value) {
    currency = deal.value->currency;
    value = deal.value->amount;
  }
  ASSIGN_OR_RETURN(
      const bool made,
      sql.TryInsert("INSERT INTO deal (partner, name, uid, version, create_time, update_time, state, "
                    "customer_name, customer_key, product_lines, regions, route, effective_from, "
                    "effective_to, currency, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    {deal.partner, deal.name, deal.uid, deal.version, deal.create_time, deal.update_time,
                     static_cast<int>(deal.state), deal.customer_name, key, lines, regions, route,
                     deal.scope.time.start, deal.scope.time.end, currency, value}));
  return made ? absl::OkStatus() : AlreadyExists(deal.name);
}

absl::StatusOr<Deal> DealStore::Get(mysql::Transaction& sql, std::string_view name) const {
  return GetOne(sql, name, "");
}

absl::StatusOr<Deal> DealStore::GetForUpdate(mysql::Transaction& sql, std::string_view name) const {
  return GetOne(sql, name, " FOR UPDATE");
}

absl::Status DealStore::UpdateState(mysql::Transaction& sql, const Deal& deal) const {
  RETURN_IF_ERROR(sql.Execute("UPDATE deal SET state = ?, version = ?, update_time = ? WHERE partner = ? AND name = ?",
                              {static_cast<int>(deal.state), deal.version, deal.update_time, deal.partner, deal.name})
                      .status());
  if (!deal.Blocks()) return sql.Execute("DELETE FROM deal_region WHERE deal = ?", {deal.name}).status();
  mysql::Values regions;
  for (const std::string& region : deal.scope.regions) regions.insert(regions.end(), {region, deal.name});
  return sql.InsertRows("INSERT INTO deal_region (region, deal) VALUES", 2, regions);
}

absl::StatusOr<std::vector<Deal>> DealStore::List(mysql::Transaction& sql, std::string_view partner,
                                                  const SqlPredicate& filter, std::string_view after, int limit) const {
  const std::string after_partner = PartnerName(after);
  mysql::Values values = {after_partner, after_partner, after};
  std::string of_partner;
  if (!partner.empty()) {
    of_partner = " AND partner = ?";
    values.emplace_back(partner);
  }
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.emplace_back(limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE (partner > ? OR (partner = ? AND name > ?))", of_partner, " AND ",
                                    filter.sql(), " ORDER BY partner, name LIMIT ?"),
                             values));
  return FromRows(rows);
}

const std::vector<FilterField>& DealStore::Fields() {
  static const auto* const fields = [] {
    std::vector<FilterField::EnumName> states;
    for (Deal::State state : {Deal::State::kDraft, Deal::State::kSubmitted, Deal::State::kWithdrawn}) {
      states.push_back({std::string(NameOf(state)), static_cast<int64_t>(state)});
    }
    return new std::vector<FilterField>{
        FilterField::Enum("state", "state", states), FilterField::String("customer_name", "customer_name"),
        FilterField::Day("effective_from", "effective_from"), FilterField::Day("effective_to", "effective_to")};
  }();
  return *fields;
}

absl::StatusOr<std::vector<Deal>> DealStore::SubmittedLike(mysql::Transaction& sql,
                                                           const std::vector<Deal>& deals) const {
  std::set<std::string> keys;
  for (const Deal& deal : deals) keys.insert(CustomerKey(deal.customer_name));
  std::vector<Deal> like;
  RETURN_IF_ERROR(ForNames(keys, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE customer_key IN ", in, " AND state = ",
                                                              static_cast<int>(Deal::State::kSubmitted)),
                                                       values));
    for (Deal& deal : FromRows(rows)) like.push_back(std::move(deal));
    return absl::OkStatus();
  }));
  return like;
}

absl::StatusOr<std::vector<Deal>> DealStore::SubmittedIn(mysql::Transaction& sql,
                                                         const std::set<std::string>& regions) const {
  std::set<std::string> names;
  RETURN_IF_ERROR(ForNames(regions, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT DISTINCT deal FROM deal_region WHERE region IN ", in), values));
    for (const mysql::Row& row : rows) names.insert(row.Text(0));
    return absl::OkStatus();
  }));
  std::vector<Deal> deals;
  for (const std::string& name : names) {
    ASSIGN_OR_RETURN(Deal deal, Get(sql, name));
    deals.push_back(std::move(deal));
  }
  return deals;
}

}  // namespace tributary::conflict
