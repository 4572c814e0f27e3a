#include "inventory-service/wallet_holds/wallet_hold.h"

#include "common/text/text.h"

namespace tributary::inventory {

std::string_view NameOf(WalletUse use) {
  switch (use) {
    case WalletUse::kPrice:
      return "PRICE";
    case WalletUse::kPayment:
      return "PAYMENT";
    case WalletUse::kGoods:
      return "GOODS";
    case WalletUse::kCash:
      return "CASH";
  }
  return "USE_UNSPECIFIED";
}

std::string WalletHold::name() const { return StrCat("partners/", partner, "/wallets/", currency, "/holds/", id); }

}  // namespace tributary::inventory
