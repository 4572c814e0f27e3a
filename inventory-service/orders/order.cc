#include "inventory-service/orders/order.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/orders/order_checks.h"
#include "inventory-service/orders/wallet_check.h"

namespace tributary::inventory {
namespace {

Decimal Of(const std::map<int, Decimal>& by_line, int line) {
  const auto found = by_line.find(line);
  return found == by_line.end() ? Decimal() : found->second;
}

// The first check that holds an order, or null.
const OrderCheck* Holding(const std::vector<OrderCheck>& checks, bool undecided) {
  const auto found = std::find_if(checks.begin(), checks.end(), [&](const OrderCheck& check) {
    return check.kind != CheckKind::kStock &&
           (check.outcome == CheckOutcome::kFailed || (undecided && check.outcome == CheckOutcome::kUndecided));
  });
  return found == checks.end() ? nullptr : &*found;
}

// Whether the hold is still to be told.
bool AwaitsFunds(const std::vector<OrderCheck>& checks) {
  return std::any_of(checks.begin(), checks.end(), [](const OrderCheck& check) {
    return check.kind == CheckKind::kWallet && check.outcome == CheckOutcome::kUndecided;
  });
}

// Checks what is not confirmed, and gives the order the state that follows. What is undecided holds it, unless somebody
// decides on it now; nobody decides whether there is a hold.
void Settle(Order* order, const OrderInputs& inputs, absl::Time now, bool undecided_holds = true) {
  ShareWallet(order, inputs);
  order->checks = RunChecks(*order, inputs);
  const auto some = [](const OrderLine& line) { return !line.confirmed.zero(); };
  const auto rest = [](const OrderLine& line) { return !line.rest().zero(); };
  const bool any = std::any_of(order->lines.begin(), order->lines.end(), some);
  if (std::none_of(order->lines.begin(), order->lines.end(), rest)) {
    order->state = OrderState::kConfirmed;
  } else if (AwaitsFunds(order->checks)) {
    order->state = OrderState::kPendingFunds;
  } else if (Holding(order->checks, undecided_holds) != nullptr) {
    order->state = OrderState::kOnHold;
  } else {
    order->state = any ? OrderState::kPartConfirmed : OrderState::kPlaced;
  }
  order->update_time = now;
  ++order->version;
}

// Leaves of each line's promises so much in all, the earliest ones; answers what is given back. Of the parts of a kit
// stays what stays of the kit, which `before` had confirmed.
std::vector<Promise> GiveBack(Order before, std::map<int, Decimal> kept, std::vector<Promise>* promises) {
  std::sort(promises->begin(), promises->end(),
            [](const Promise& a, const Promise& b) { return std::tie(a.line, a.date) < std::tie(b.line, b.date); });
  using Key = std::pair<int, std::string>;
  std::map<Key, Decimal> stays;
  for (const Promise& promise : *promises) stays[{promise.line, promise.product}] += promise.quantity;
  for (auto& [key, units] : stays) {
    const OrderLine* line = before.Line(key.first);
    const bool part = line != nullptr && line->product != key.second && !line->confirmed.zero();
    units = part ? MulDiv(units, std::min(kept[key.first], line->confirmed), line->confirmed) : kept[key.first];
  }
  std::vector<Promise> back;
  for (Promise& promise : *promises) {
    Decimal& of_line = stays[{promise.line, promise.product}];
    const Decimal left = std::min(promise.quantity, of_line);
    of_line -= left;
    if (left == promise.quantity) continue;
    back.push_back(promise);
    back.back().quantity -= left;
    promise.quantity = left;
  }
  return back;
}

// Of every line in order, what stock has for the requested date: of kits whole ones, as many as the scarcest part is
// for.
std::vector<ConfirmPart> WhatStockHas(const Order& order, const OrderInputs& inputs) {
  std::map<std::string, Decimal> left;
  std::vector<ConfirmPart> parts;
  for (const OrderLine& line : order.lines) {
    const std::vector<KitPart> one = TakenOf(inputs, line.product, Decimal::FromInt(1));
    Decimal part = line.rest();
    for (const KitPart& taken : one) {
      const auto book = inputs.supply.find(taken.product);
      const Decimal available =
          book == inputs.supply.end() ? Decimal() : book->second.AvailableFor(order.requested_date);
      const Decimal& of_product = left.try_emplace(taken.product, available).first->second;
      part = std::min(part, taken.product == line.product ? of_product : KitsOf(of_product, taken.quantity));
    }
    part = std::max(part, Decimal());
    if (part.zero()) continue;
    for (const KitPart& taken : TakenOf(inputs, line.product, part)) left[taken.product] -= taken.quantity;
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
    case OrderState::kPendingFunds:
      return "PENDING_FUNDS";
  }
  return "STATE_UNSPECIFIED";
}

std::string_view PlacedVerb(OrderState state) {
  if (state == OrderState::kOnHold) return "held";
  return state == OrderState::kPendingFunds ? "pending_funds" : "placed";
}

std::string_view NameOf(CheckKind kind) {
  switch (kind) {
    case CheckKind::kCredit:
      return "CREDIT";
    case CheckKind::kStock:
      return "STOCK";
    case CheckKind::kPrice:
      return "PRICE";
    case CheckKind::kTerritory:
      return "TERRITORY";
    case CheckKind::kWallet:
      return "WALLET";
  }
  return "KIND_UNSPECIFIED";
}

std::string_view NameOf(Fulfillment fulfillment) {
  switch (fulfillment) {
    case Fulfillment::kNotShipped:
      return "NOT_SHIPPED";
    case Fulfillment::kPartShipped:
      return "PART_SHIPPED";
    case Fulfillment::kShipped:
      return "SHIPPED";
    case Fulfillment::kReceived:
      return "RECEIVED";
    case Fulfillment::kSettled:
      return "SETTLED";
  }
  return "FULFILLMENT_UNSPECIFIED";
}

Decimal OrderLine::GrossOf(Decimal units) const {
  return units == quantity ? billed_gross() : MulDiv(billed_gross(), units, quantity);
}

std::string Order::name() const { return StrCat("partners/", partner, "/orders/", id); }

OrderLine* Order::Line(int number) {
  const auto found =
      std::find_if(lines.begin(), lines.end(), [&](const OrderLine& line) { return line.line == number; });
  return found == lines.end() ? nullptr : &*found;
}

Decimal Order::RestGross() const {
  Decimal rest;
  for (const OrderLine& line : lines) rest += line.billed_gross() - line.GrossOf(line.confirmed);
  return rest;
}

Fulfillment FulfillmentOf(const Order& order, const OrderProgress& progress) {
  bool any = false, whole = true, received = true, billed = true, confirmed = false;
  for (const OrderLine& line : order.lines) {
    const Decimal shipped = Of(progress.shipped, line.line);
    any |= Decimal() < shipped;
    confirmed |= !line.confirmed.zero();
    whole &= order.state == OrderState::kCanceled ? line.confirmed <= shipped : line.quantity <= shipped;
    received &= shipped <= Of(progress.received, line.line) + Of(progress.lost, line.line);
    billed &= line.free_of_charge || line.confirmed <= Of(progress.invoiced, line.line);
  }
  if (!any) return Fulfillment::kNotShipped;
  if (!whole || !confirmed) return Fulfillment::kPartShipped;
  if (!received) return Fulfillment::kShipped;
  return billed && progress.settled ? Fulfillment::kSettled : Fulfillment::kReceived;
}

std::string TextOf(const Order& order, const OrderProgress& progress) {
  std::string text(NameOf(FulfillmentOf(order, progress)));
  for (const OrderLine& line : order.lines) {
    StrAppend(&text, " ", line.line);
    for (const auto* figures : {&progress.shipped, &progress.received, &progress.lost, &progress.invoiced}) {
      StrAppend(&text, ":", Of(*figures, line.line).ToString());
    }
  }
  return text;
}

Decimal OpenAmount(const Order& order, const OrderProgress& progress) {
  Decimal open;
  for (const OrderLine& line : order.lines) {
    const Decimal invoiced = std::clamp(Of(progress.invoiced, line.line), Decimal(), line.confirmed);
    open += line.GrossOf(line.confirmed) - line.GrossOf(invoiced);
  }
  return open;
}

Decimal WalletUsed(const Order& order, const OrderProgress& progress) {
  Decimal used;
  for (const OrderLine& line : order.lines) {
    const Decimal most = order.state == OrderState::kCanceled ? line.confirmed : line.quantity;
    const Decimal shipped = std::clamp(Of(progress.shipped, line.line), Decimal(), most);
    used += MulDiv(line.wallet_amount, shipped, line.quantity);
  }
  return Decimal::Parse(used.ToFixed(CurrencyExponent(order.currency).value_or(6))).value();
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
  ShareWallet(&done.order, inputs);
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
    for (const KitPart& taken : TakenOf(inputs, line.product, part.quantity)) {
      SupplyBook& book = supply[taken.product];
      const Decimal available = book.AvailableFor(day);
      if (available < taken.quantity) {
        const std::string of = taken.product == line.product ? std::string()
                                                             : StrCat(" of ", ProductName(taken.product),
                                                                      ", a part of ", ProductName(line.product));
        return Failed(order, {CheckKind::kStock, CheckOutcome::kFailed, part.line, taken.quantity, available,
                              StrCat("what can be promised for ", day.ToString(), of)});
      }
      book.promised[day] += taken.quantity;
      done.promises.push_back({taken.product, order.partner, order.id, part.line, day, taken.quantity});
    }
  }
  if (parts.empty()) {
    for (const OrderCheck& check : RunChecks(order, inputs)) {
      if (check.kind == CheckKind::kStock) return Failed(order, check);
    }
  }
  for (const OrderLine& line : order.lines) {
    if (!lines.contains(line.line)) continue;
    const OrderCheck check = TerritoryCheck(order, line, inputs);
    if (check.outcome == CheckOutcome::kFailed) return Failed(order, check);
  }
  for (const OrderLine& line : order.lines) {
    if (line.free_of_charge || !lines.contains(line.line)) continue;
    const OrderCheck check = PriceCheck(order, line, inputs);
    if (check.outcome == CheckOutcome::kFailed) return Failed(order, check);
  }
  if (!order.wallet_hold.empty()) {
    const OrderCheck check = WalletCheck(order, inputs);
    if (check.outcome != CheckOutcome::kPassed) return Failed(order, check);
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
  Settle(&next, inputs, now, /*undecided_holds=*/false);
  if (const OrderCheck* check = Holding(next.checks, /*undecided=*/false)) return Failed(order, *check);
  return next;
}

std::optional<Order> FollowHold(const Order& order, const OrderInputs& inputs, absl::Time now) {
  if (order.wallet_hold.empty() || order.state == OrderState::kDraft || order.state == OrderState::kCanceled) {
    return std::nullopt;
  }
  const OrderCheck check = WalletCheck(order, inputs);
  const bool same = std::any_of(order.checks.begin(), order.checks.end(), [&](const OrderCheck& before) {
    return before.kind == CheckKind::kWallet && before.outcome == check.outcome && before.why == check.why;
  });
  if (same) return std::nullopt;
  Order next = order;
  Settle(&next, inputs, now);
  return next;
}

absl::StatusOr<Confirmation> Amend(const Order& order, Amendment amendment, const OrderProgress& progress,
                                   std::vector<Promise> promises, const OrderInputs& inputs, absl::Time now) {
  if (order.state == OrderState::kDraft || order.state == OrderState::kCanceled) {
    return WrongState(order.name(), "amend", NameOf(order.state),
                      "PLACED, PENDING_FUNDS, ON_HOLD, PART_CONFIRMED or CONFIRMED");
  }
  if (amendment.lines.empty()) return InvalidField("lines", "none", "at least one line");
  Order next = order;
  next.lines = std::move(amendment.lines);
  next.requested_date = amendment.requested_date.value_or(order.requested_date);
  RETURN_IF_ERROR(CheckContent(next));
  const auto under_way = [&](const OrderLine& line) {
    return Decimal() < Of(progress.shipped, line.line) || Decimal() < Of(progress.invoiced, line.line);
  };
  if (!order.wallet_hold.empty() && std::any_of(order.lines.begin(), order.lines.end(), under_way)) {
    return Error(Reason::kInUse,
                 StrCat(order.name(), ": amend: something is shipped or billed at what ", order.wallet_hold,
                        " gives, want nothing yet: cancel the rest and order it anew"),
                 {{"resource", order.wallet_hold}});
  }
  std::vector<FieldViolation> violations;
  std::map<int, Decimal> kept;
  for (const OrderLine& before : order.lines) {
    // What is under way holds the line to its product and price.
    const Decimal bound = std::clamp(std::max(Of(progress.shipped, before.line), Of(progress.invoiced, before.line)),
                                     Decimal(), before.quantity);
    OrderLine* after = next.Line(before.line);
    if (after == nullptr) {
      if (!bound.zero()) {
        violations.push_back({"lines", StrCat("none of number ", before.line),
                              StrCat("every line of which something is shipped or billed, as ", bound.ToString())});
      }
      continue;
    }
    const std::string at = StrCat("lines[", after - next.lines.data(), "].");
    const auto same_price = [&](Decimal OrderLine::*amount) {
      return (before.*amount).micros() * after->quantity.micros() ==
             (after->*amount).micros() * before.quantity.micros();
    };
    const bool same_product = after->product == before.product && after->free_of_charge == before.free_of_charge;
    const bool same_amounts = same_price(&OrderLine::net_amount) && same_price(&OrderLine::gross_amount);
    if (!bound.zero()) {
      if (!same_product) {
        violations.push_back({at + "product", ProductName(after->product),
                              StrCat(ProductName(before.product), ", of which something is shipped or billed")});
      }
      if (after->quantity < bound) {
        violations.push_back({at + "quantity", after->quantity.ToString(),
                              StrCat("at least ", bound.ToString(), ", what is shipped or billed")});
      }
      if (!same_amounts) {
        violations.push_back(
            {at + "gross_amount", after->gross_amount.ToString(), "the price at which something is shipped or billed"});
      }
    }
    if (same_product && same_amounts) after->confirmed = std::min(before.confirmed, after->quantity);
    kept[before.line] = after->confirmed;
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  std::sort(next.lines.begin(), next.lines.end(),
            [](const OrderLine& a, const OrderLine& b) { return a.line < b.line; });

  // Checked against what is owed and promised without what is given back.
  OrderInputs after = inputs;
  Confirmation done{.order = std::move(next), .promises = std::move(promises)};
  for (const Promise& given_back : GiveBack(order, std::move(kept), &done.promises)) {
    after.supply[given_back.product].promised[given_back.date] -= given_back.quantity;
  }
  std::erase_if(after.exposure.terms, [&](const ExposureTerm& term) {
    return term.kind == ExposureKind::kOpenOrder && term.resource == order.name();
  });
  after.exposure.terms.push_back({ExposureKind::kOpenOrder, order.name(), OpenAmount(done.order, progress)});
  Settle(&done.order, after, now);
  return done;
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
  GiveBack(order, std::move(kept), &done.promises);
  done.order.state = OrderState::kCanceled;
  done.order.checks.clear();
  done.order.update_time = now;
  ++done.order.version;
  return done;
}

}  // namespace tributary::inventory
