#pragma once

// Holds on partners' wallets, as incentive-service's feed tells them. Values.

#include <string>
#include <string_view>

#include "common/money/decimal.h"

namespace tributary::inventory {

// The numbers are stored and are those of both services' wire.
enum class WalletUse { kPrice = 1, kPayment = 2, kGoods = 3, kCash = 4 };
std::string_view NameOf(WalletUse use);

inline constexpr std::string_view kWalletHoldPattern = "partners/{partner}/wallets/{wallet}/holds/{hold}";

struct WalletHold {
  std::string partner;
  std::string currency;
  std::string id;
  WalletUse use = WalletUse::kPrice;
  std::string order;  // id; empty where it is for none
  Decimal amount;
  Decimal released;

  std::string name() const;  // partners/{partner}/wallets/{currency}/holds/{id}
};

}  // namespace tributary::inventory
