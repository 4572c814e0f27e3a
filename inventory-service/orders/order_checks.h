#pragma once

// The single checks of an order; RunChecks (order.h) makes all of them.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/money/decimal.h"
#include "inventory-service/orders/order.h"

namespace tributary::inventory {

// a * b / c, half-even to millionths; c is not zero. The product must fit: no quantity and no amount of an order is as
// large as to hinder that.
Decimal MulDiv(Decimal a, Decimal b, Decimal c);

// What so much of a line's product takes of the vendor's supply: itself, its parts where it is a kit, or nothing where
// it lies in no stock.
std::vector<KitPart> TakenOf(const OrderInputs& inputs, const std::string& product, Decimal quantity);

// Whether `more` may be owed besides.
OrderCheck CreditCheck(const Exposure& exposure, Decimal more);
// Whether the line may go where it is to go.
OrderCheck TerritoryCheck(const Order& order, const OrderLine& line, const OrderInputs& inputs);
// Whether the line is not below the price that holds for the partner. Of what is not known of the partner it has none;
// where it is below that price and another one would hold if more were known, it is undecided.
OrderCheck PriceCheck(const Order& order, const OrderLine& line, const OrderInputs& inputs);

// ORDER_CHECK_FAILED by this check.
absl::Status Failed(const Order& order, const OrderCheck& check);

}  // namespace tributary::inventory
