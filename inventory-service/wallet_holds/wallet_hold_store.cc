#include "inventory-service/wallet_holds/wallet_hold_store.h"

#include <string>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"

namespace tributary::inventory {

absl::Status WalletHoldStore::Put(mysql::Transaction& sql, const WalletHold& hold) const {
  return sql
      .Execute(
          "INSERT INTO wallet_hold (partner, currency, id, purpose, for_order, amount, released) VALUES "
          "(?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE released = GREATEST(released, VALUES(released))",
          {hold.partner, hold.currency, hold.id, static_cast<int>(hold.use), hold.order, hold.amount, hold.released})
      .status();
}

absl::Status WalletHoldStore::PutLimit(mysql::Transaction& sql, std::string_view partner, std::string_view currency,
                                       const std::optional<Decimal>& price_share) const {
  if (!price_share.has_value()) {
    return sql.Execute("DELETE FROM wallet_limit WHERE partner = ? AND currency = ?", {partner, currency}).status();
  }
  return sql
      .Execute(
          "INSERT INTO wallet_limit (partner, currency, price_share) VALUES (?, ?, ?) "
          "ON DUPLICATE KEY UPDATE price_share = VALUES(price_share)",
          {partner, currency, *price_share})
      .status();
}

absl::StatusOr<std::optional<Decimal>> WalletHoldStore::LimitOf(mysql::Transaction& sql, std::string_view partner,
                                                                std::string_view currency) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT price_share FROM wallet_limit WHERE partner = ? AND currency = ?", {partner, currency}));
  if (rows.empty()) return std::nullopt;
  return rows.front().Dec(0);
}

absl::StatusOr<std::optional<WalletHold>> WalletHoldStore::Find(mysql::Transaction& sql, std::string_view name) const {
  const auto ids = ParseResourceName(name, kWalletHoldPattern);
  if (!ids.ok()) return std::nullopt;
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT purpose, for_order, amount, released FROM wallet_hold "
                                                     "WHERE partner = ? AND currency = ? AND id = ?",
                                                     {(*ids)[0], (*ids)[1], (*ids)[2]}));
  if (rows.empty()) return std::nullopt;
  const mysql::Row& row = rows.front();
  return WalletHold{.partner = (*ids)[0],
                    .currency = (*ids)[1],
                    .id = (*ids)[2],
                    .use = static_cast<WalletUse>(row.Int(0)),
                    .order = row.Text(1),
                    .amount = row.Dec(2),
                    .released = row.Dec(3)};
}

}  // namespace tributary::inventory
