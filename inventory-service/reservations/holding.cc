#include "inventory-service/reservations/holding.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/orders/order_store.h"
#include "inventory-service/payments/account.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/reservations/reservation_stock.h"
#include "inventory-service/reservations/reservation_store.h"
#include "inventory-service/units/quantity.h"

namespace tributary::inventory {
namespace {

using Products = std::map<std::string, ProductReference>;

absl::StatusOr<Products> ProductsOf(mysql::Transaction& sql, const std::vector<const Hold*>& holds) {
  std::set<std::string_view> ids;
  for (const Hold* const hold : holds) {
    for (const ReservationLine& line : hold->reservation.lines) ids.insert(line.product);
  }
  return FindProducts(sql, {ids.begin(), ids.end()});
}

// Products that are in use and lie in stock, and quantities that their steps allow.
absl::Status CheckProducts(const Products& products, const Hold& hold) {
  for (size_t i = 0; i < hold.reservation.lines.size(); ++i) {
    const ReservationLine& line = hold.reservation.lines[i];
    const std::string field = StrCat(hold.field, ".lines[", i, "]");
    const auto product = products.find(line.product);
    if (product == products.end() || product->second.kind != ProductKind::kStocked) {
      return Error(Reason::kReferenceNotFound,
                   StrCat(field, ".product: got ", ProductName(line.product),
                          ", want a product that is in use and lies in stock"),
                   {{"resource", ProductName(line.product)}});
    }
    const Decimal step = product->second.unit.step;
    if (IsMultipleOf(line.quantity, step)) continue;
    return Error(Reason::kNotAMultiple, StrCat(field, ".quantity: got ", line.quantity.ToString(),
                                               ", want a whole multiple of ", step.ToString()));
  }
  return absl::OkStatus();
}

// An order of the partner of which something is confirmed.
absl::Status CheckOrder(const rpc::Call& call, rpc::Unit& unit, const Hold& hold) {
  const Reservation& reservation = hold.reservation;
  if (reservation.order.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(LockAccounts(unit.sql(), {reservation.partner}, call.now));
  const absl::StatusOr<Order> order = OrderStore().Get(unit.sql(), reservation.partner, reservation.order);
  if (absl::IsNotFound(order.status())) {
    return Error(Reason::kReferenceNotFound, StrCat(hold.field, ".order: got ", PartnerName(reservation.partner),
                                                    "/orders/", reservation.order, ", want an order that is known"));
  }
  RETURN_IF_ERROR(order.status());
  const bool confirmed = order->state != OrderState::kCanceled &&
                         std::any_of(order->lines.begin(), order->lines.end(),
                                     [](const OrderLine& line) { return !line.confirmed.zero(); });
  if (confirmed) return absl::OkStatus();
  return WrongState(order->name(), "reserve", NameOf(order->state), "CONFIRMED or PART_CONFIRMED");
}

// To be read once the stock is locked: who took the last of it under the same name is seen then.
absl::StatusOr<std::set<std::string>> NamesTaken(mysql::Transaction& sql, const std::vector<const Hold*>& holds) {
  std::vector<std::string_view> ids;
  for (const Hold* const hold : holds) ids.push_back(hold->reservation.id);
  return ReservationStore().Known(sql, holds.front()->reservation.partner, ids);
}

absl::StatusOr<ReservationStock> StockOf(mysql::Transaction& sql, const std::vector<const Hold*>& holds) {
  std::vector<const Reservation*> reservations;
  for (const Hold* const hold : holds) reservations.push_back(&hold->reservation);
  return LockStock(sql, holds.front()->reservation.partner, reservations);
}

// HoldEach of one partner's.
absl::Status HoldEachOf(rpc::Unit& unit, const std::vector<AskedHold*>& asked) {
  std::vector<const Hold*> holds;
  for (const AskedHold* const one : asked) holds.push_back(&one->hold);
  ASSIGN_OR_RETURN(const Products products, ProductsOf(unit.sql(), holds));
  holds.clear();
  std::vector<AskedHold*> open;
  for (AskedHold* const one : asked) {
    one->status = CheckProducts(products, one->hold);
    if (one->status.ok()) one->status = CheckOrder(*one->call, unit, one->hold);
    if (!one->status.ok()) continue;
    open.push_back(one);
    holds.push_back(&one->hold);
  }
  if (open.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(ReservationStock stock, StockOf(unit.sql(), holds));
  ASSIGN_OR_RETURN(std::set<std::string> taken, NamesTaken(unit.sql(), holds));
  std::vector<Reservation> held;
  for (AskedHold* const one : open) {
    const Reservation& reservation = one->hold.reservation;
    one->status = taken.count(reservation.id) > 0
                      ? AlreadyExists(reservation.name())
                      : DecideHolds({&one->hold, 1}, stock, UtcToday(one->call->now), one->call->now);
    if (!one->status.ok()) continue;
    AddHeld(reservation, &stock);
    taken.insert(reservation.id);
    held.push_back(reservation);
  }
  return BeginReservations(*open.front()->call, unit, held);
}

}  // namespace

absl::Status HoldAll(const rpc::Call& call, rpc::Unit& unit, absl::Span<const Hold> holds) {
  std::vector<const Hold*> all;
  for (const Hold& hold : holds) all.push_back(&hold);
  ASSIGN_OR_RETURN(const Products products, ProductsOf(unit.sql(), all));
  for (const Hold& hold : holds) RETURN_IF_ERROR(CheckProducts(products, hold));
  for (const Hold& hold : holds) RETURN_IF_ERROR(CheckOrder(call, unit, hold));
  ASSIGN_OR_RETURN(const ReservationStock stock, StockOf(unit.sql(), all));
  ASSIGN_OR_RETURN(const std::set<std::string> taken, NamesTaken(unit.sql(), all));
  std::vector<Reservation> held;
  for (const Hold& hold : holds) {
    if (taken.count(hold.reservation.id) > 0) return AlreadyExists(hold.reservation.name());
    held.push_back(hold.reservation);
  }
  RETURN_IF_ERROR(DecideHolds(holds, stock, UtcToday(call.now), call.now));
  return BeginReservations(call, unit, held);
}

absl::Status HoldEach(rpc::Unit& unit, absl::Span<AskedHold> asked) {
  std::map<std::string_view, std::vector<AskedHold*>> by_partner;
  for (AskedHold& one : asked) by_partner[one.hold.reservation.partner].push_back(&one);
  for (const auto& [partner, of] : by_partner) RETURN_IF_ERROR(HoldEachOf(unit, of));
  return absl::OkStatus();
}

}  // namespace tributary::inventory
