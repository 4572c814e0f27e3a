#pragma once

// Wallets and holds on the wire.

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "incentive-service/wallets/wallet.h"
#include "incentive-service/wallets/wallet_store.h"
#include "tributary/incentive/v1/wallet.pb.h"

namespace tributary::incentive {

// Minor units of an amount in `currency`. INVALID_FIELD `field`.currency_code for another currency, `field` for what is
// finer than its smallest unit.
absl::StatusOr<int64_t> MinorFromProto(const google::type::Money& amount, std::string_view currency,
                                       std::string_view field);

// partners/{partner}/wallets/{wallet}; a segment that is no currency names a wallet that is not there.
absl::StatusOr<WalletKey> ParseWalletName(std::string_view name, std::string_view field = "name");
absl::StatusOr<WalletHoldKey> ParseWalletHoldName(std::string_view name);

v1::Wallet ToProto(const Wallet& wallet);
v1::WalletHold ToProto(const WalletHold& hold);
v1::WalletEntry ToProto(const StoredWalletEntry& entry);
// What is asked for, without an id. All that is wrong is named at once, below "wallet_hold".
absl::StatusOr<WalletHold> FromProto(const v1::WalletHold& hold, const WalletKey& wallet);

}  // namespace tributary::incentive
