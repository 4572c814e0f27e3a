#include "inventory-service/orders/order.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "absl/numeric/int128.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/fact.h"

namespace tributary::inventory {
namespace {

// a * b / c of millionths, half-even. a and b are below 10^18 and 10^15 millionths, so the product fits.
Decimal MulDiv(Decimal a, Decimal b, Decimal c) {
  const absl::int128 product = a.micros() * b.micros();
  absl::int128 quotient = product / c.micros();
  const absl::int128 twice = 2 * (product % c.micros());
  if (twice > c.micros() || (twice == c.micros() && quotient % 2 != 0)) ++quotient;
  return Decimal::FromMicros(quotient);
}

// Whether a * b < c * d.
bool LessProduct(Decimal a, Decimal b, Decimal c, Decimal d) {
  return a.micros() * b.micros() < c.micros() * d.micros();
}

Decimal Of(const std::map<int, Decimal>& by_line, int line) {
  const auto found = by_line.find(line);
  return found == by_line.end() ? Decimal() : found->second;
}

OrderCheck CreditCheck(const Exposure& exposure, Decimal more) {
  const CreditVerdict verdict = CheckCredit(exposure, more);
  OrderCheck check{
      CheckKind::kCredit, verdict.passed ? CheckOutcome::kPassed : CheckOutcome::kFailed, 0, verdict.got, verdict.limit,
      verdict.why};
  if (!verdict.short_by.zero()) StrAppend(&check.why, "; short by ", verdict.short_by.ToString());
  return check;
}

OrderCheck PriceCheck(const Order& order, const OrderLine& line, const OrderInputs& inputs) {
  OrderCheck check{CheckKind::kPrice, CheckOutcome::kNotChecked, line.line, {}, {}, "no price list has the product"};
  const auto candidates = inputs.prices.find(line.product);
  if (candidates == inputs.prices.end()) return check;
  const PriceResolution resolution = ResolvePrice(
      {.currency = order.currency, .quantity = line.quantity, .date = order.order_date}, candidates->second);
  const PriceEntry* entry = resolution.winner();
  if (entry == nullptr) {
    check.why = "no price that holds for everybody is in force";
    return check;
  }
  const Decimal one = Decimal::FromInt(1);
  bool below = false;
  if (entry->basis == PricingBasis::kList && !entry->tax_inclusive) {
    check.got = line.list_price;
    check.bound = entry->price.amount;
    below = check.got < check.bound;
  } else {
    check.got = entry->tax_inclusive ? line.gross_amount : line.net_amount;
    check.bound = MulDiv(entry->price.amount, line.quantity, one);
    below = LessProduct(check.got, one, entry->price.amount, line.quantity);
  }
  check.outcome = below ? CheckOutcome::kFailed : CheckOutcome::kPassed;
  check.why = StrCat(below ? "below " : "not below ", entry->name());
  return check;
}

bool IsHeld(const std::vector<OrderCheck>& checks) {
  return std::any_of(checks.begin(), checks.end(), [](const OrderCheck& check) {
    return check.kind != CheckKind::kStock && check.outcome == CheckOutcome::kFailed;
  });
}

// Checks what is not confirmed, and gives the order the state that follows.
void Settle(Order* order, const OrderInputs& inputs, absl::Time now) {
  order->checks = RunChecks(*order, inputs);
  const auto some = [](const OrderLine& line) { return !line.confirmed.zero(); };
  const auto rest = [](const OrderLine& line) { return !line.rest().zero(); };
  const bool any = std::any_of(order->lines.begin(), order->lines.end(), some);
  if (std::none_of(order->lines.begin(), order->lines.end(), rest)) {
    order->state = OrderState::kConfirmed;
  } else if (IsHeld(order->checks)) {
    order->state = OrderState::kOnHold;
  } else {
    order->state = any ? OrderState::kPartConfirmed : OrderState::kPlaced;
  }
  order->update_time = now;
  ++order->version;
}

absl::Status Failed(const Order& order, const OrderCheck& check) {
  return Error(Reason::kOrderCheckFailed,
               StrCat(order.name(), check.line == 0 ? std::string() : StrCat(", line ", check.line), ": ",
                      NameOf(check.kind), ": got ", check.got.ToString(), ", want at ",
                      check.kind == CheckKind::kPrice ? "least " : "most ", check.bound.ToString(), ": ", check.why),
               {{"resource", order.name()},
                {"check", std::string(NameOf(check.kind))},
                {"got", check.got.ToString()},
                {"limit", check.bound.ToString()}});
}

// Of every line in order, what stock has for the requested date.
std::vector<ConfirmPart> WhatStockHas(const Order& order, const OrderInputs& inputs) {
  std::map<std::string, Decimal> left;
  std::vector<ConfirmPart> parts;
  for (const OrderLine& line : order.lines) {
    const auto book = inputs.supply.find(line.product);
    if (book == inputs.supply.end()) continue;
    Decimal& of_product = left.try_emplace(line.product, book->second.AvailableFor(order.requested_date)).first->second;
    const Decimal part = std::min(line.rest(), of_product);
    if (part.zero()) continue;
    of_product -= part;
    parts.push_back({line.line, part, std::nullopt});
  }
  return parts;
}

}  // namespace

std::string_view NameOf(OrderState state) {
  switch (state) {
    case OrderState::kDraft:
      return "DRAFT";
    case OrderState::kPlaced:
      return "PLACED";
    case OrderState::kOnHold:
      return "ON_HOLD";
    case OrderState::kPartConfirmed:
      return "PART_CONFIRMED";
    case OrderState::kConfirmed:
      return "CONFIRMED";
    case OrderState::kCanceled:
      return "CANCELED";
  }
  return "STATE_UNSPECIFIED";
}

std::string_view NameOf(CheckKind kind) {
  switch (kind) {
    case CheckKind::kCredit:
      return "CREDIT";
    case CheckKind::kStock:
      return "STOCK";
    case CheckKind::kPrice:
      return "PRICE";
  }
  return "KIND_UNSPECIFIED";
}

Decimal OrderLine::GrossOf(Decimal units) const {
  return units == quantity ? gross_amount : MulDiv(gross_amount, units, quantity);
}

std::string Order::name() const { return StrCat("partners/", partner, "/orders/", id); }

OrderLine* Order::Line(int number) {
  const auto found =
      std::find_if(lines.begin(), lines.end(), [&](const OrderLine& line) { return line.line == number; });
  return found == lines.end() ? nullptr : &*found;
}

Decimal Order::RestGross() const {
  Decimal rest;
  for (const OrderLine& line : lines) rest += line.gross_amount - line.GrossOf(line.confirmed);
  return rest;
}

Fulfillment FulfillmentOf(const Order& order, const OrderProgress& progress) {
  bool any = false, whole = true, billed = true, confirmed = false;
  for (const OrderLine& line : order.lines) {
    const Decimal shipped = Of(progress.shipped, line.line);
    any |= Decimal() < shipped;
    confirmed |= !line.confirmed.zero();
    whole &= order.state == OrderState::kCanceled ? line.confirmed <= shipped : line.quantity <= shipped;
    billed &= line.free_of_charge || line.confirmed <= Of(progress.invoiced, line.line);
  }
  if (!any) return Fulfillment::kNotShipped;
  if (!whole || !confirmed) return Fulfillment::kPartShipped;
  return billed && progress.settled ? Fulfillment::kSettled : Fulfillment::kShipped;
}

Decimal OpenAmount(const Order& order, const OrderProgress& progress) {
  Decimal open;
  for (const OrderLine& line : order.lines) {
    const Decimal invoiced = std::clamp(Of(progress.invoiced, line.line), Decimal(), line.confirmed);
    open += line.GrossOf(line.confirmed) - line.GrossOf(invoiced);
  }
  return open;
}

Decimal RateOf(Decimal part, Decimal whole) { return MulDiv(Decimal::FromInt(1), part, whole); }

absl::Status CheckContent(const Order& order) {
  std::vector<FieldViolation> violations;
  std::set<int> numbers;
  if (order.requested_date < order.order_date) {
    violations.push_back({"requested_date", order.requested_date.ToString(),
                          StrCat("no day before order_date, ", order.order_date.ToString())});
  }
  for (size_t i = 0; i < order.lines.size(); ++i) {
    const OrderLine& line = order.lines[i];
    const std::string at = StrCat("lines[", i, "].");
    if (!numbers.insert(line.line).second) violations.push_back({at + "line", StrCat(line.line), "each number once"});
    if (line.net_amount + line.tax_amount != line.gross_amount) {
      violations.push_back({at + "gross_amount", line.gross_amount.ToString(),
                            StrCat((line.net_amount + line.tax_amount).ToString(), ", net_amount + tax_amount")});
    }
    if (line.free_of_charge && !line.gross_amount.zero()) {
      violations.push_back({at + "gross_amount", line.gross_amount.ToString(), "0, as the line is free of charge"});
    }
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

std::vector<OrderCheck> RunChecks(const Order& order, const OrderInputs& inputs) {
  std::vector<OrderCheck> checks = {CreditCheck(inputs.exposure, order.RestGross())};
  std::map<std::string, Decimal> wanted;
  for (const OrderLine& line : order.lines) wanted[line.product] += line.rest();
  for (const auto& [product, quantity] : wanted) {
    if (quantity.zero()) continue;
    const auto book = inputs.supply.find(product);
    const Decimal available = book == inputs.supply.end() ? Decimal() : book->second.AvailableFor(order.requested_date);
    OrderCheck check{CheckKind::kStock, CheckOutcome::kPassed, 0, quantity, std::min(available, quantity), {}};
    if (available < quantity) check.outcome = available.zero() ? CheckOutcome::kFailed : CheckOutcome::kPartial;
    check.why = StrCat(ProductName(product), ": ", check.bound.ToString(), " can be promised for ",
                       order.requested_date.ToString());
    if (available < quantity && book != inputs.supply.end()) {
      const auto earliest = book->second.EarliestFor(quantity, order.requested_date);
      StrAppend(&check.why, ", the whole ",
                earliest.has_value() ? StrCat("for ", earliest->ToString()) : "for no day yet");
    }
    checks.push_back(std::move(check));
  }
  for (const OrderLine& line : order.lines) {
    if (!line.free_of_charge && !line.rest().zero()) checks.push_back(PriceCheck(order, line, inputs));
  }
  return checks;
}

absl::StatusOr<Order> Place(const Order& order, const OrderInputs& inputs, absl::Time now) {
  if (order.state != OrderState::kDraft) return WrongState(order.name(), "place", NameOf(order.state), "DRAFT");
  if (order.lines.empty()) return InvalidField("lines", "none", "at least one line");
  Order next = order;
  next.place_time = now;
  Settle(&next, inputs, now);
  return next;
}

absl::StatusOr<Confirmation> Confirm(const Order& order, std::vector<ConfirmPart> parts, const OrderInputs& inputs,
                                     absl::Time now) {
  if (order.state != OrderState::kPlaced && order.state != OrderState::kOnHold &&
      order.state != OrderState::kPartConfirmed) {
    return WrongState(order.name(), "confirm", NameOf(order.state), "PLACED, ON_HOLD or PART_CONFIRMED");
  }
  const bool automatic = parts.empty();
  if (automatic) parts = WhatStockHas(order, inputs);
  Confirmation done{.order = order};
  std::map<std::string, SupplyBook> supply = inputs.supply;
  std::vector<FieldViolation> violations;
  std::set<int> lines;
  Decimal gross;
  for (size_t i = 0; i < parts.size(); ++i) {
    OrderLine* line = done.order.Line(parts[i].line);
    if (line == nullptr) {
      violations.push_back({StrCat("parts[", i, "].line"), StrCat(parts[i].line), "a line of the order"});
      continue;
    }
    if (line->rest() < parts[i].quantity) {
      violations.push_back({StrCat("parts[", i, "].quantity"), parts[i].quantity.ToString(),
                            StrCat("at most ", line->rest().ToString(), ", what is not confirmed")});
      continue;
    }
    lines.insert(line->line);
    gross += line->GrossOf(line->confirmed + parts[i].quantity) - line->GrossOf(line->confirmed);
    line->confirmed += parts[i].quantity;
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  for (const ConfirmPart& part : parts) {
    const OrderLine& line = *done.order.Line(part.line);
    const Date day = part.date.value_or(order.requested_date);
    SupplyBook& book = supply[line.product];
    const Decimal available = book.AvailableFor(day);
    if (available < part.quantity) {
      return Failed(order, {CheckKind::kStock, CheckOutcome::kFailed, part.line, part.quantity, available,
                            StrCat("what can be promised for ", day.ToString())});
    }
    book.promised[day] += part.quantity;
    done.promises.push_back({line.product, order.partner, order.id, part.line, day, part.quantity});
  }
  if (parts.empty()) {
    for (const OrderCheck& check : RunChecks(order, inputs)) {
      if (check.kind == CheckKind::kStock) return Failed(order, check);
    }
  }
  for (const OrderLine& line : order.lines) {
    if (line.free_of_charge || !lines.contains(line.line)) continue;
    const OrderCheck check = PriceCheck(order, line, inputs);
    if (check.outcome == CheckOutcome::kFailed) return Failed(order, check);
  }
  const OrderCheck credit = CreditCheck(inputs.exposure, gross);
  if (credit.outcome == CheckOutcome::kFailed) return Failed(order, credit);

  // The rest is checked against what is owed and promised from now on.
  OrderInputs after = inputs;
  after.supply = std::move(supply);
  after.exposure.terms.push_back({ExposureKind::kOpenOrder, order.name(), gross});
  if (!done.order.response_time.has_value()) done.order.response_time = now;
  Settle(&done.order, after, now);
  return done;
}

absl::StatusOr<Order> Release(const Order& order, const OrderInputs& inputs, absl::Time now) {
  if (order.state != OrderState::kOnHold) return WrongState(order.name(), "release", NameOf(order.state), "ON_HOLD");
  Order next = order;
  Settle(&next, inputs, now);
  if (next.state != OrderState::kOnHold) return next;
  for (const OrderCheck& check : next.checks) {
    if (check.kind != CheckKind::kStock && check.outcome == CheckOutcome::kFailed) return Failed(order, check);
  }
  return next;
}

absl::StatusOr<Order> Amend(const Order& order, std::vector<OrderLine> lines, const OrderInputs& inputs,
                            absl::Time now) {
  if (order.state == OrderState::kDraft || order.state == OrderState::kCanceled) {
    return WrongState(order.name(), "amend", NameOf(order.state), "PLACED, ON_HOLD, PART_CONFIRMED or CONFIRMED");
  }
  if (lines.empty()) return InvalidField("lines", "none", "at least one line");
  Order next = order;
  next.lines = std::move(lines);
  RETURN_IF_ERROR(CheckContent(next));
  std::vector<FieldViolation> violations;
  for (const OrderLine& before : order.lines) {
    if (before.confirmed.zero()) continue;
    OrderLine* after = next.Line(before.line);
    const std::string at = StrCat("lines[", after == nullptr ? 0 : after - next.lines.data(), "].");
    if (after == nullptr) {
      violations.push_back({"lines", StrCat("none of number ", before.line), "every line that is confirmed in part"});
      continue;
    }
    const auto same_price = [&](Decimal OrderLine::*amount) {
      return (before.*amount).micros() * after->quantity.micros() ==
             (after->*amount).micros() * before.quantity.micros();
    };
    if (after->product != before.product || after->free_of_charge != before.free_of_charge) {
      violations.push_back({at + "product", ProductName(after->product),
                            StrCat(ProductName(before.product), ", of which something is confirmed")});
    }
    if (after->quantity < before.confirmed) {
      violations.push_back({at + "quantity", after->quantity.ToString(),
                            StrCat("at least ", before.confirmed.ToString(), ", what is confirmed")});
    }
    if (!same_price(&OrderLine::net_amount) || !same_price(&OrderLine::gross_amount)) {
      violations.push_back(
          {at + "gross_amount", after->gross_amount.ToString(), "the price at which something is confirmed"});
    }
    after->confirmed = before.confirmed;
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  std::sort(next.lines.begin(), next.lines.end(),
            [](const OrderLine& a, const OrderLine& b) { return a.line < b.line; });
  Settle(&next, inputs, now);
  return next;
}

absl::StatusOr<Confirmation> Cancel(const Order& order, const OrderProgress& progress, std::vector<Promise> promises,
                                    absl::Time now) {
  if (order.state == OrderState::kCanceled) {
    return WrongState(order.name(), "cancel", NameOf(order.state), "any other state");
  }
  Confirmation done{.order = order, .promises = std::move(promises)};
  std::map<int, Decimal> kept;
  for (OrderLine& line : done.order.lines) {
    line.confirmed = std::clamp(Of(progress.shipped, line.line), Decimal(), line.confirmed);
    kept[line.line] = line.confirmed;
  }
  // What was shipped keeps the earliest promises.
  std::sort(done.promises.begin(), done.promises.end(),
            [](const Promise& a, const Promise& b) { return std::tie(a.line, a.date) < std::tie(b.line, b.date); });
  for (Promise& promise : done.promises) {
    promise.quantity = std::min(promise.quantity, kept[promise.line]);
    kept[promise.line] -= promise.quantity;
  }
  done.order.state = OrderState::kCanceled;
  done.order.checks.clear();
  done.order.update_time = now;
  ++done.order.version;
  return done;
}

}  // namespace tributary::inventory
