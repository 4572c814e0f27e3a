#include "incentive-service/engine/ship_and_debit.h"

#include <algorithm>
#include <map>
#include <utility>

#include "incentive-service/engine/fact_set.h"

namespace tributary::incentive {
namespace {

// A sale that is being judged.
struct Judged {
  DebitLine line;
  std::vector<ConsumedUnits> above;  // its units with a debit, the first sold first
  Decimal units_above;
  Decimal reserved;
};

std::optional<DebitRefusal> RefusalOf(const SpecialPrice& authorization, const CustomerSale& sale, Date today) {
  if (sale.customer != authorization.customer) return DebitRefusal::kWrongCustomer;
  if (!authorization.window.Contains(sale.date)) return DebitRefusal::kOutsideWindow;
  if (authorization.claim_deadline < sale.claimed_on.value_or(today)) return DebitRefusal::kAfterClaimDeadline;
  return std::nullopt;
}

void Refuse(DebitRefusal reason, Decimal quantity, DebitLine* line) {
  if (!quantity.zero()) line->refused.push_back({reason, quantity});
}

// The first units of the sale that were not returned, told apart by what they cost.
void Cost(const SpecialPrice& authorization, std::vector<ConsumedUnits> consumed, Judged* sale) {
  Decimal left = sale->line.quantity;
  Decimal unknown, not_above;
  for (ConsumedUnits& units : consumed) {
    units.quantity = std::min(units.quantity, left);
    left -= units.quantity;
    if (units.quantity.zero()) break;
    if (!units.unit_price.has_value() || units.currency != authorization.currency) {
      unknown += units.quantity;
    } else if (*units.unit_price <= authorization.approved_cost) {
      not_above += units.quantity;
    } else {
      sale->units_above += units.quantity;
      sale->above.push_back(std::move(units));
    }
  }
  Refuse(DebitRefusal::kNoLayerCost, unknown + left, &sale->line);
  Refuse(DebitRefusal::kNotAboveApprovedCost, not_above, &sale->line);
}

}  // namespace

std::string_view NameOf(DebitRefusal refusal) {
  switch (refusal) {
    case DebitRefusal::kWrongCustomer:
      return "WRONG_CUSTOMER";
    case DebitRefusal::kOutsideWindow:
      return "OUTSIDE_WINDOW";
    case DebitRefusal::kAfterClaimDeadline:
      return "AFTER_CLAIM_DEADLINE";
    case DebitRefusal::kNoLayerCost:
      return "NO_LAYER_COST";
    case DebitRefusal::kNotAboveApprovedCost:
      return "NOT_ABOVE_APPROVED_COST";
    case DebitRefusal::kOverAuthorizedQuantity:
      return "OVER_AUTHORIZED_QUANTITY";
  }
  return {};
}

Debit DebitOf(const SpecialPrice& authorization, const LayerHistory& history, std::vector<CustomerSale> sales,
              std::vector<CustomerReturn> returns, const std::vector<ApprovedSale>& approved, Date today) {
  std::map<std::string, Decimal> returned;
  for (const CustomerReturn& one : OnceEach(std::move(returns))) returned[one.sale] += one.quantity;
  std::map<std::string, Decimal> approved_units;
  for (const ApprovedSale& one : OnceEach(approved)) approved_units[one.fact] = one.quantity;

  std::vector<Judged> judged;
  Decimal reserved;
  for (const CustomerSale& sale : ByDate(std::move(sales))) {
    Judged next;
    next.line.fact = sale.fact;
    next.line.quantity = sale.quantity - std::min(returned[sale.fact], sale.quantity);
    if (const auto refusal = RefusalOf(authorization, sale, today)) {
      Refuse(*refusal, next.line.quantity, &next.line);
    } else {
      Cost(authorization, ConsumedBy(history, sale.fact), &next);
      next.reserved = std::min(approved_units[sale.fact], next.units_above);
      reserved += next.reserved;
    }
    judged.push_back(std::move(next));
  }

  Debit debit{.left = authorization.quantity};
  Decimal free = std::max(Decimal(), authorization.quantity - reserved);
  for (Judged& sale : judged) {
    const Decimal more = std::min(free, sale.units_above - sale.reserved);
    free -= more;
    Decimal open = sale.line.debited = sale.reserved + more;
    for (const ConsumedUnits& units : sale.above) {
      const Decimal quantity = std::min(open, units.quantity);
      open -= quantity;
      sale.line.amount = sale.line.amount + (*units.unit_price - authorization.approved_cost) * Rational(quantity);
    }
    Refuse(DebitRefusal::kOverAuthorizedQuantity, sale.units_above - sale.line.debited, &sale.line);
    debit.debited += sale.line.debited;
    debit.left -= sale.line.debited;
    debit.amount = debit.amount + sale.line.amount;
    debit.lines.push_back(std::move(sale.line));
  }
  return debit;
}

}  // namespace tributary::incentive
