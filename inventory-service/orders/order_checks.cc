#include "inventory-service/orders/order_checks.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/numeric/int128.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/orders/wallet_check.h"
#include "inventory-service/sites/site.h"

namespace tributary::inventory {
namespace {

// Whether a * b < c * d.
bool LessProduct(Decimal a, Decimal b, Decimal c, Decimal d) {
  return a.micros() * b.micros() < c.micros() * d.micros();
}

// "; passed over: NAME (why), NAME (why) and 3 more" for the outcomes from `first` on.
std::string PassedOver(const PriceResolution& resolution, size_t first, std::string_view separator) {
  constexpr size_t kMostTold = 2;
  std::string text;
  for (size_t i = first; i < resolution.outcomes.size(); ++i) {
    if (i - first == kMostTold) {
      StrAppend(&text, " and ", resolution.outcomes.size() - i, " more");
      break;
    }
    const PriceOutcome& outcome = resolution.outcomes[i];
    StrAppend(&text, i == first ? separator : std::string_view(", "), outcome.entry.name(), " (", outcome.why, ")");
  }
  return text;
}

// A line against one price.
struct Compared {
  Decimal got;
  Decimal bound;
  bool below = false;
  std::string price;  // "list price 800 of priceLists/trade/entries/all"
};
Compared Compare(const OrderLine& line, const PriceEntry& entry) {
  const Decimal one = Decimal::FromInt(1);
  const bool list = entry.basis == PricingBasis::kList && !entry.tax_inclusive;
  Compared out;
  if (list) {
    out.got = line.list_price;
    out.bound = MulDiv(entry.price.amount, line.quantity, line.ordered());
    out.below = LessProduct(out.got, line.ordered(), entry.price.amount, line.quantity);
  } else {
    out.got = entry.tax_inclusive ? line.gross_amount : line.net_amount;
    out.bound = MulDiv(entry.price.amount, line.quantity, one);
    out.below = LessProduct(out.got, one, entry.price.amount, line.quantity);
  }
  out.price = StrCat(list                  ? "list price "
                     : entry.tax_inclusive ? "gross amount at "
                                           : "net amount at ",
                     entry.price.amount.ToString(),
                     list && !line.unit.empty() ? StrCat(" x ", line.quantity.ToString(), " for ",
                                                         line.unit_quantity.ToString(), " ", line.unit)
                                                : std::string(),
                     " of ", entry.name());
  return out;
}

}  // namespace

Decimal MulDiv(Decimal a, Decimal b, Decimal c) {
  const absl::int128 product = a.micros() * b.micros();
  absl::int128 quotient = product / c.micros();
  const absl::int128 twice = 2 * (product % c.micros());
  if (twice > c.micros() || (twice == c.micros() && quotient % 2 != 0)) ++quotient;
  return Decimal::FromMicros(quotient);
}

std::vector<KitPart> TakenOf(const OrderInputs& inputs, const std::string& product, Decimal quantity) {
  const auto kit = inputs.kits.find(product);
  if (kit == inputs.kits.end()) return {{product, quantity}};
  std::vector<KitPart> taken = kit->second;
  for (KitPart& part : taken) part.quantity = MulDiv(part.quantity, quantity, Decimal::FromInt(1));
  return taken;
}

OrderCheck CreditCheck(const Exposure& exposure, Decimal more) {
  const CreditVerdict verdict = CheckCredit(exposure, more);
  OrderCheck check{
      CheckKind::kCredit, verdict.passed ? CheckOutcome::kPassed : CheckOutcome::kFailed, 0, verdict.got, verdict.limit,
      verdict.why};
  if (!verdict.short_by.zero()) StrAppend(&check.why, "; short by ", verdict.short_by.ToString());
  if (exposure.line.has_value()) check.resource = exposure.line->name();
  return check;
}

OrderCheck TerritoryCheck(const Order& order, const OrderLine& line, const OrderInputs& inputs) {
  OrderCheck check{.kind = CheckKind::kTerritory, .outcome = CheckOutcome::kNotChecked, .line = line.line};
  if (inputs.ship_to.region.empty()) {
    check.why = StrCat("neither ", SiteName(order.partner, order.site), " nor ", PartnerName(order.partner),
                       " says in which region it is");
    return check;
  }
  const auto product_line = inputs.product_lines.find(line.product);
  TerritoryVerdict verdict =
      JudgeTerritory(inputs.grants, inputs.ship_to,
                     product_line == inputs.product_lines.end() ? std::string_view() : product_line->second,
                     order.route, order.order_date);
  check.outcome = verdict.allowed ? CheckOutcome::kPassed : CheckOutcome::kFailed;
  check.why = std::move(verdict.why);
  if (verdict.grant != nullptr) check.resource = verdict.grant->name();
  return check;
}

OrderCheck PriceCheck(const Order& order, const OrderLine& line, const OrderInputs& inputs) {
  OrderCheck check{CheckKind::kPrice, CheckOutcome::kNotChecked, line.line, {}, {}, "no price list has the product"};
  const auto candidates = inputs.prices.find(line.product);
  if (candidates == inputs.prices.end()) return check;
  PriceQuestion question = inputs.buyer;
  const auto edition = inputs.editions.find(line.product);
  if (edition != inputs.editions.end()) question.edition = edition->second;
  question.currency = order.currency;
  question.quantity = line.quantity;
  question.date = order.order_date;
  const PriceResolution resolution = ResolvePrice(question, candidates->second);
  const PriceEntry* entry = resolution.winner();
  if (entry == nullptr) {
    check.why = StrCat("no price is in force for the partner", PassedOver(resolution, 0, ": "));
    return check;
  }
  Compared compared = Compare(line, *entry);
  check.outcome = compared.below ? CheckOutcome::kFailed : CheckOutcome::kPassed;
  check.resource = entry->name();
  check.got = compared.got;
  check.bound = compared.bound;
  check.why = StrCat(compared.below ? "below the " : "not below the ", compared.price, ", which ",
                     resolution.outcomes.front().why);
  const auto enough = [&](const PriceEntry& other) { return !Compare(line, other).below; };
  if (compared.below) {
    if (const auto conceivable = FindConceivable(question, candidates->second, enough)) {
      check.outcome = CheckOutcome::kUndecided;
      StrAppend(&check.why, "; not below the ", Compare(line, *conceivable->entry).price, ", which would hold if ",
                conceivable->where, ", which is not known");
      return check;
    }
  }
  check.why += PassedOver(resolution, 1, "; passed over: ");
  return check;
}

absl::Status Failed(const Order& order, const OrderCheck& check) {
  const std::string what =
      StrCat(order.name(), check.line == 0 ? std::string() : StrCat(", line ", check.line), ": ", NameOf(check.kind));
  // What fails by no figure says why alone.
  if (check.kind == CheckKind::kTerritory || check.kind == CheckKind::kWallet) {
    return Error(Reason::kOrderCheckFailed, StrCat(what, ": ", check.why),
                 {{"resource", order.name()}, {"check", std::string(NameOf(check.kind))}});
  }
  return Error(Reason::kOrderCheckFailed,
               StrCat(what, ": got ", check.got.ToString(), ", want at ",
                      check.kind == CheckKind::kPrice ? "least " : "most ", check.bound.ToString(), ": ", check.why),
               {{"resource", order.name()},
                {"check", std::string(NameOf(check.kind))},
                {"got", check.got.ToString()},
                {"limit", check.bound.ToString()}});
}

std::vector<OrderCheck> RunChecks(const Order& order, const OrderInputs& inputs) {
  std::vector<OrderCheck> checks;
  if (!order.wallet_hold.empty()) checks.push_back(WalletCheck(order, inputs));
  checks.push_back(CreditCheck(inputs.exposure, order.RestGross()));
  std::map<std::string, Decimal> wanted;
  std::map<std::string, std::vector<std::string>> kits;  // names, of those that want it
  for (const OrderLine& line : order.lines) {
    for (const KitPart& taken : TakenOf(inputs, line.product, line.rest())) {
      wanted[taken.product] += taken.quantity;
      if (taken.product != line.product) kits[taken.product].push_back(ProductName(line.product));
    }
  }
  for (const auto& [product, quantity] : wanted) {
    if (quantity.zero()) continue;
    const auto book = inputs.supply.find(product);
    const Decimal available = book == inputs.supply.end() ? Decimal() : book->second.AvailableFor(order.requested_date);
    OrderCheck check{CheckKind::kStock,   CheckOutcome::kPassed, 0, quantity, std::min(available, quantity), {},
                     ProductName(product)};
    if (available < quantity) check.outcome = available.zero() ? CheckOutcome::kFailed : CheckOutcome::kPartial;
    check.why = StrCat(ProductName(product), kits.contains(product) ? ", a part of " : "",
                       kits.contains(product) ? StrJoin(kits.at(product), " and ") : std::string(), ": ",
                       check.bound.ToString(), " can be promised for ", order.requested_date.ToString());
    if (available < quantity && book != inputs.supply.end()) {
      const auto earliest = book->second.EarliestFor(quantity, order.requested_date);
      StrAppend(&check.why, ", the whole ",
                earliest.has_value() ? StrCat("for ", earliest->ToString()) : "for no day yet");
    }
    checks.push_back(std::move(check));
  }
  for (const OrderLine& line : order.lines) {
    if (!line.rest().zero()) checks.push_back(TerritoryCheck(order, line, inputs));
  }
  for (const OrderLine& line : order.lines) {
    if (!line.free_of_charge && !line.rest().zero()) checks.push_back(PriceCheck(order, line, inputs));
  }
  return checks;
}

}  // namespace tributary::inventory
