#pragma once

// For tests: wallets and their lots in few words, and the wallet that a store would read after a change.

#include <string>
#include <utility>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "incentive-service/wallets/wallet.h"

namespace tributary::incentive {

inline absl::Time NoonOf(std::string_view day) {
  return absl::FromUnixSeconds(int64_t{Date::Parse(day)->days()} * 86400 + 12 * 3600);
}

inline Wallet EmptyWallet() { return {.partner = "p2", .currency = "CNY"}; }

inline Lot LotOf(std::string id, int64_t amount, std::string_view expires_on,
                 std::string_view credit_date = "2026-01-01") {
  return {.id = std::move(id),
          .amount = amount,
          .expires_on = *Date::Parse(expires_on),
          .credit_date = *Date::Parse(credit_date),
          .source = "openingBalances/go-live"};
}

inline WalletHold HoldOf(std::string id, int64_t amount, WalletUse use = WalletUse::kPrice) {
  return {.partner = "p2",
          .currency = "CNY",
          .id = std::move(id),
          .use = use,
          .order = use == WalletUse::kCash ? "" : "o1",
          .amount = amount};
}

// As it is read again once it has been stored.
inline Wallet Stored(const WalletChange& change) {
  Wallet wallet = change.wallet;
  wallet.entries += static_cast<int64_t>(change.entries.size());
  std::erase_if(wallet.lots, [](const Lot& lot) { return lot.remaining == 0 && lot.held == 0; });
  return wallet;
}

// The order of HoldOf, of which so much of the hold is used.
inline OrderOfHold OrderOf(const WalletHold& hold, int64_t used, OrderPhase phase = OrderPhase::kPlaced) {
  return {.partner = hold.partner, .order = hold.order, .hold = hold.path(), .phase = phase, .used = used};
}

// "w1 3000+0 06-30, w2 800+4200 12-31; debt 0": remaining + held of each lot.
inline std::string Text(const Wallet& wallet) {
  std::string text;
  for (const Lot& lot : wallet.lots) {
    text += StrCat(text.empty() ? "" : ", ", lot.id, " ", lot.remaining, "+", lot.held, " ",
                   lot.expires_on.ToString().substr(5));
  }
  return StrCat(text, "; debt ", wallet.debt);
}

// "w1 3000-3000-0": amount, captured, released of each part.
inline std::string Text(const WalletHold& hold) {
  std::string text;
  for (const HoldPart& part : hold.parts) {
    text += StrCat(text.empty() ? "" : ", ", part.lot, " ", part.amount, "-", part.captured, "-", part.released);
  }
  return text;
}

}  // namespace tributary::incentive
