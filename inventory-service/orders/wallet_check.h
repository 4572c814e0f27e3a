#pragma once

// WALLET: whether the hold that an order names is there for it, and what of it falls on each line.

#include "inventory-service/orders/order.h"

namespace tributary::inventory {

// Of an order that names a hold. UNDECIDED while the feed has not told of it. FAILED, in this order: a wallet of
// another currency; a hold for another order or for none; one for another use than the order says, or for CASH; one of
// which something was released; more than it can be used for: PRICE for the lines' net amounts, or the share of them
// that finance allows, PAYMENT for their gross amounts, GOODS for what the lines that are free of charge are worth at
// their list prices; a share of it that is more than its line. `got` is the hold's amount and `bound` what it can be
// used for, where that is known.
OrderCheck WalletCheck(const Order& order, const OrderInputs& inputs);

// Gives each line what of the hold falls on it where WALLET passes, else nothing: pro rata to what the line adds to
// what the hold can be used for, by largest remainder in the currency's smallest unit, ties to the earlier line.
void ShareWallet(Order* order, const OrderInputs& inputs);

}  // namespace tributary::inventory
