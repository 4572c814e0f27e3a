#include "inventory-service/orders/wallet_check.h"

#include <optional>
#include <vector>

#include "common/money/money.h"
#include "common/text/text.h"
#include "inventory-service/orders/order_checks.h"

namespace tributary::inventory {
namespace {

// What each line adds to what a hold of this use can be used for.
std::vector<Decimal> WorthOf(const Order& order, WalletUse use) {
  std::vector<Decimal> worth;
  for (const OrderLine& line : order.lines) {
    if (use == WalletUse::kPrice) {
      worth.push_back(line.net_amount);
    } else if (use == WalletUse::kPayment) {
      worth.push_back(line.gross_amount);
    } else {
      worth.push_back(line.free_of_charge ? MulDiv(line.list_price, line.ordered(), Decimal::FromInt(1)) : Decimal());
    }
  }
  return worth;
}

std::vector<Decimal> SharesOf(const WalletHold& hold, const std::vector<Decimal>& worth) {
  int64_t smallest = 1;  // millionths in the currency's smallest unit
  for (int decimals = CurrencyExponent(hold.currency).value_or(6); decimals < 6; ++decimals) smallest *= 10;
  std::vector<Decimal> shares;
  for (const int64_t part : AllocateLargestRemainder(static_cast<int64_t>(hold.amount.micros() / smallest), worth)) {
    shares.push_back(Decimal::FromMicros(absl::int128(part) * smallest));
  }
  return shares;
}

std::string_view WhatItIsFor(WalletUse use) {
  switch (use) {
    case WalletUse::kPrice:
      return "what the lines come to without tax";
    case WalletUse::kPayment:
      return "what the lines come to with tax";
    default:
      return "what the lines that are free of charge are worth at their list prices";
  }
}

// Why the hold is not there for the order, whatever its amount is; nothing where it is.
std::optional<std::string> WhyNot(const Order& order, const WalletHold& hold) {
  if (hold.order != order.id) {
    return hold.order.empty() ? std::string("it is for no order")
                              : StrCat("it is for partners/", hold.partner, "/orders/", hold.order);
  }
  if (hold.use == WalletUse::kCash) return std::string("it is for CASH, which no order takes");
  if (order.wallet_use.has_value() && *order.wallet_use != hold.use) {
    return StrCat("it is for ", NameOf(hold.use), ", the order says ", NameOf(*order.wallet_use));
  }
  if (!hold.released.zero()) {
    return StrCat(hold.released.ToString(), " of ", hold.amount.ToString(), " was released");
  }
  return std::nullopt;
}

}  // namespace

OrderCheck WalletCheck(const Order& order, const OrderInputs& inputs) {
  OrderCheck check{.kind = CheckKind::kWallet, .outcome = CheckOutcome::kFailed, .resource = order.wallet_hold};
  // The currency is in the name.
  if (order.wallet_hold.find(StrCat("/wallets/", order.currency, "/holds/")) == std::string::npos) {
    check.why = StrCat("it is of another wallet than the one in ", order.currency, ", the order's currency");
    return check;
  }
  if (!inputs.wallet_hold.has_value()) {
    check.outcome = CheckOutcome::kUndecided;
    check.why = "the feed of wallets has not told of it yet";
    return check;
  }
  const WalletHold& hold = *inputs.wallet_hold;
  check.got = hold.amount;
  if (auto why = WhyNot(order, hold)) {
    check.why = *std::move(why);
    return check;
  }
  const std::vector<Decimal> worth = WorthOf(order, hold.use);
  for (const Decimal amount : worth) check.bound += amount;
  std::string of = std::string(WhatItIsFor(hold.use));
  if (hold.use == WalletUse::kPrice && inputs.wallet_price_share.has_value()) {
    of = StrCat(inputs.wallet_price_share->ToString(), " of the ", check.bound.ToString(),
                " that the lines come to without tax");
    check.bound = MulDiv(check.bound, *inputs.wallet_price_share, Decimal::FromInt(1));
  }
  check.why = StrCat("held for ", NameOf(hold.use), ": ", hold.amount.ToString(), " of at most ",
                     check.bound.ToString(), ", ", of);
  if (check.bound < hold.amount) return check;
  const std::vector<Decimal> shares = SharesOf(hold, worth);
  for (size_t i = 0; i < worth.size(); ++i) {
    if (worth[i] < shares[i]) {
      check.line = order.lines[i].line;
      check.why = StrCat("of it ", shares[i].ToString(), " would fall on a line of ", worth[i].ToString());
      return check;
    }
  }
  check.outcome = CheckOutcome::kPassed;
  return check;
}

void ShareWallet(Order* order, const OrderInputs& inputs) {
  for (OrderLine& line : order->lines) line.wallet_amount = line.wallet_discount = Decimal();
  if (order->wallet_hold.empty() || WalletCheck(*order, inputs).outcome != CheckOutcome::kPassed) return;
  const WalletHold& hold = *inputs.wallet_hold;
  const std::vector<Decimal> shares = SharesOf(hold, WorthOf(*order, hold.use));
  for (size_t i = 0; i < shares.size(); ++i) {
    order->lines[i].wallet_amount = shares[i];
    if (hold.use == WalletUse::kPrice) order->lines[i].wallet_discount = shares[i];
  }
}

}  // namespace tributary::inventory
