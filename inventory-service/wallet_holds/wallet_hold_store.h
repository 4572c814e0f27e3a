#pragma once

// Holds on wallets, as the feed told them last, in the database.

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "inventory-service/wallet_holds/wallet_hold.h"

namespace tributary::inventory {

class WalletHoldStore {
 public:
  // Keeps what is told. What was released only grows, so that holds may be told in any order, and again.
  absl::Status Put(mysql::Transaction& sql, const WalletHold& hold) const;
  // What a hold of the wallet for PRICE may take of an order's net amounts at most, as told last; unset where nothing
  // is said.
  absl::Status PutLimit(mysql::Transaction& sql, std::string_view partner, std::string_view currency,
                        const std::optional<Decimal>& price_share) const;
  absl::StatusOr<std::optional<Decimal>> LimitOf(mysql::Transaction& sql, std::string_view partner,
                                                 std::string_view currency) const;
  // By name; unset where none was told, or the name is no hold's.
  absl::StatusOr<std::optional<WalletHold>> Find(mysql::Transaction& sql, std::string_view name) const;
};

}  // namespace tributary::inventory
