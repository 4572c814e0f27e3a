#pragma once

// For tests: the order of scenario S2, what is known of its partner, and prices to compare it with.

#include <string>

#include "common/money/testing_decimal.h"
#include "common/time/testing_time.h"
#include "inventory-service/orders/order.h"

namespace tributary::inventory {

inline Date Day(const char* text) { return Date::Parse(std::string("2026-") + text).value(); }

// Of scenario S2: 100 at 720 net, and two free.
inline Order OfS2() {
  Order order;
  order.partner = "p2";
  order.id = "o1";
  order.site = "main";
  order.order_date = order.requested_date = Day("04-01");
  order.currency = "CNY";
  order.lines = {{.line = 1,
                  .product = "x",
                  .quantity = D("100"),
                  .list_price = D("800"),
                  .discount = D("8000"),
                  .net_amount = D("72000"),
                  .gross_amount = D("72000")},
                 {.line = 2, .product = "x", .quantity = D("2"), .free_of_charge = true, .list_price = D("800")}};
  return order;
}

inline OrderInputs InputsOfS2() {
  OrderInputs inputs;
  inputs.exposure.terms = {{ExposureKind::kOpenInvoice, "INV0", D("30000")}};
  inputs.exposure.line = CreditLine{
      .partner = "p2", .id = "main", .currency = "CNY", .limit = D("100000"), .valid = {Day("01-01"), OpenEnd()}};
  inputs.supply["x"].supplied = {{Day("04-01"), D("90")}, {Day("04-20"), D("60")}};
  return inputs;
}

inline const OrderCheck& CheckOf(const Order& order, CheckKind kind) {
  for (const OrderCheck& check : order.checks) {
    if (check.kind == kind) return check;
  }
  static const OrderCheck none{};
  return none;
}

inline PriceCandidate Price(const char* amount, PricingBasis basis = PricingBasis::kList, bool tax_inclusive = false) {
  PriceCandidate candidate;
  candidate.entry.price_list = "standard";
  candidate.entry.id = "x";
  candidate.entry.product = "x";
  candidate.entry.price = {"CNY", D(amount)};
  candidate.entry.basis = basis;
  candidate.entry.tax_inclusive = tax_inclusive;
  candidate.entry.effective = {Day("01-01"), OpenEnd()};
  return candidate;
}

}  // namespace tributary::inventory
