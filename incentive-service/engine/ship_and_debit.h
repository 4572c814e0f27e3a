#pragma once

// Ship and debit: what the vendor pays a partner that sold to one end customer below what it had paid itself
// (SEMANTICS R13).
//
// An authorization names the customer, the days of sale, the cost that was approved and how many units may be sold at
// it. The debit of a unit is what it cost in its layer (common/price_layers, at the price of the day of the sale: after
// a price cut was paid, the lower one) beyond the approved cost. Units that cost no more are sold without a debit and
// use nothing of the quantity.
//
// What is short goes to the sales by (sale date, fact); what has been approved stays reserved, whatever becomes known
// later of earlier sales. A return by the customer takes back the last units of its sale, their debit and their place.
// The outcome is a function of the set of facts and of what was approved.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/price_layers/price_layer.h"
#include "common/time/date.h"

namespace tributary::incentive {

struct SpecialPrice {
  std::string customer;  // end customer
  DateRange window;      // days of sale
  Rational approved_cost;
  std::string currency;
  Decimal quantity;
  Date claim_deadline;  // the last day on which a sale may be claimed
};

struct CustomerSale {
  std::string fact;  // of its departure from the layers, too
  Date date;
  std::string customer;
  Decimal quantity;
  std::optional<Date> claimed_on;  // unset: not claimed yet
};

struct CustomerReturn {
  std::string fact;
  std::string sale;  // fact; a return of a sale that is not known (yet) takes nothing back
  Decimal quantity;
};

// Units of a sale whose debit was approved.
struct ApprovedSale {
  std::string fact;  // of the sale
  Decimal quantity;
};

// Why a sale or units of it are not debited, in the order in which it is looked at.
enum class DebitRefusal {
  kWrongCustomer = 1,
  kOutsideWindow = 2,
  kAfterClaimDeadline = 3,
  kNoLayerCost = 4,             // nothing tells what the units cost, or in another currency
  kNotAboveApprovedCost = 5,    // they cost no more than was approved
  kOverAuthorizedQuantity = 6,  // the quantity is used up
};
std::string_view NameOf(DebitRefusal refusal);

struct RefusedUnits {
  DebitRefusal reason;
  Decimal quantity;
};

struct DebitLine {
  std::string fact;  // of the sale
  Decimal quantity;  // sold and not returned = debited + refused
  Decimal debited;
  Rational amount;
  std::vector<RefusedUnits> refused;  // in the order of the reasons
};

struct Debit {
  std::vector<DebitLine> lines;  // of all sales, by (date, fact)
  Decimal debited;
  Decimal left;  // of the authorized quantity
  Rational amount;
};

// `history`: of the partner's product, with each sale's departure and with price protections. A sale that nobody
// claimed yet is judged as if it were claimed on `today`. Sales, returns and approvals that are told twice count once.
Debit DebitOf(const SpecialPrice& authorization, const LayerHistory& history, std::vector<CustomerSale> sales,
              std::vector<CustomerReturn> returns, const std::vector<ApprovedSale>& approved, Date today);

}  // namespace tributary::incentive
