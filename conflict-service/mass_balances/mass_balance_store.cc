#include "conflict-service/mass_balances/mass_balance_store.h"

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kSelect =
    "SELECT b.id, b.uid, b.create_time, b.product, b.lot, b.from_date, b.to_date, b.asked FROM mass_balance b ";

KeptBalance FromRow(const mysql::Row& row) {
  KeptBalance balance{.key = {.product = row.Text(3), .lot = {}, .period = {row.Day(5), row.Day(6)}},
                      .uid = row.Id(1),
                      .create_time = row.Instant(2),
                      .asked = row.Bool(7)};
  if (!row.IsNull(4)) balance.key.lot = row.Text(4);
  return balance;
}

std::vector<BalanceKey> KeysOf(const mysql::Rows& rows) {
  std::vector<BalanceKey> keys;
  keys.reserve(rows.size());
  for (const mysql::Row& row : rows) keys.push_back(FromRow(row).key);
  return keys;
}

}  // namespace

absl::StatusOr<KeptBalance> MassBalanceStore::Keep(mysql::Transaction& sql, const KeptBalance& balance) const {
  const std::string id = balance.key.id();
  RETURN_IF_ERROR(
      sql.Execute("INSERT INTO mass_balance (id, uid, create_time, product, lot, from_date, to_date, asked) VALUES "
                  "(?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE asked = GREATEST(asked, VALUES(asked))",
                  {id, balance.uid, balance.create_time, balance.key.product, mysql::Value(balance.key.lot),
                   balance.key.period.start, balance.key.period.end, balance.asked})
          .status());
  return Get(sql, id);
}

absl::StatusOr<KeptBalance> MassBalanceStore::Get(mysql::Transaction& sql, std::string_view id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE b.id = ?"), {id}));
  if (rows.empty()) return NotFound(StrCat("massBalances/", id));
  return FromRow(rows[0]);
}

absl::StatusOr<std::vector<KeptBalance>> MassBalanceStore::List(mysql::Transaction& sql, const SqlPredicate& filter,
                                                                std::string_view after, int limit) const {
  mysql::Values values = {after};
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.emplace_back(limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelect, "WHERE b.id > ? AND ", filter.sql(), " ORDER BY b.id LIMIT ?"), values));
  std::vector<KeptBalance> balances;
  for (const mysql::Row& row : rows) balances.push_back(FromRow(row));
  return balances;
}

const std::vector<FilterField>& MassBalanceStore::Fields() {
  static const auto* const fields = new std::vector<FilterField>{
      FilterField::String("product", "b.product"), FilterField::String("lot", "b.lot"),
      FilterField::Day("from_date", "b.from_date"), FilterField::Day("to_date", "b.to_date")};
  return *fields;
}

absl::StatusOr<std::vector<BalanceKey>> MassBalanceStore::OfProduct(mysql::Transaction& sql,
                                                                    const std::string& product) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE b.product = ?"), {product}));
  return KeysOf(rows);
}

absl::StatusOr<std::vector<BalanceKey>> MassBalanceStore::AskedOf(mysql::Transaction& sql,
                                                                  const std::set<std::string>& products) const {
  std::vector<BalanceKey> keys;
  RETURN_IF_ERROR(ForNames(products, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat(kSelect, "WHERE b.asked = 1 AND b.product IN ", in), values));
    for (BalanceKey& key : KeysOf(rows)) keys.push_back(std::move(key));
    return absl::OkStatus();
  }));
  return keys;
}

absl::StatusOr<std::vector<BalanceKey>> MassBalanceStore::AskedWithUnits(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat(kSelect,
                       "WHERE b.asked = 1 AND EXISTS (SELECT 1 FROM unit_event u WHERE u.product = b.product "
                       "AND u.region <> '')")));
  return KeysOf(rows);
}

absl::StatusOr<std::vector<BalanceKey>> MassBalanceStore::Asked(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, "WHERE b.asked = 1")));
  return KeysOf(rows);
}

}  // namespace tributary::conflict
