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
#include "inventory-service/facts/serials.h"
#include "inventory-service/orders/order_store.h"
#include "inventory-service/payments/account.h"
#include "inventory-service/products/kit_store.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/reservations/reservation_stock.h"
#include "inventory-service/reservations/reservation_store.h"
#include "inventory-service/units/unit_conversion_store.h"

namespace tributary::inventory {
namespace {

// What the lines' products are.
struct Catalog {
  std::map<std::string, ProductReference> products;
  std::map<std::string, std::vector<UnitConversion>> units;  // of those with lines in units
  Kits kits;                                                 // those among them, and all below
  std::set<std::string> stocked;                             // of their components
};

absl::StatusOr<Catalog> CatalogOf(mysql::Transaction& sql, const std::vector<Hold*>& holds) {
  std::set<std::string_view> ids, in_units;
  for (const Hold* const hold : holds) {
    for (const ReservationLine& line : hold->reservation.lines) {
      ids.insert(line.product);
      if (!line.unit.empty()) in_units.insert(line.product);
    }
  }
  Catalog catalog;
  ASSIGN_OR_RETURN(catalog.products, FindProducts(sql, {ids.begin(), ids.end()}));
  ASSIGN_OR_RETURN(catalog.units, UnitConversionStore().Of(sql, {in_units.begin(), in_units.end()}));
  std::set<std::string> kits;
  for (const auto& [id, product] : catalog.products) {
    if (product.kit) kits.insert(id);
  }
  ASSIGN_OR_RETURN(catalog.kits, KitStore().Below(sql, kits));
  std::set<std::string_view> components;
  for (const auto& [kit, of_kit] : catalog.kits) {
    for (const Component& component : of_kit) components.insert(component.product);
  }
  ASSIGN_OR_RETURN(catalog.stocked, KitStore().StockedOf(sql, {components.begin(), components.end()}));
  return catalog;
}

absl::Status NotInStock(std::string_view field, const std::string& product) {
  return Error(
      Reason::kReferenceNotFound,
      StrCat(field, ".product: got ", ProductName(product), ", want a product that is in use and lies in stock"),
      {{"resource", ProductName(product)}});
}

// The parts of a line that asks for a kit, each as a line; the line itself where its product is no kit that day.
absl::StatusOr<std::vector<ReservationLine>> LinesFor(const Catalog& catalog, ReservationLine line,
                                                      std::string_view field, Date today) {
  const ProductReference& product = catalog.products.at(line.product);
  if (!product.kit) return std::vector<ReservationLine>{std::move(line)};
  const auto exploded = Explode(catalog.kits, line.product, line.quantity, today);
  if (!exploded.ok()) {
    return Error(ReasonOf(exploded.status()), StrCat(field, ".quantity: got ", line.quantity.ToString(),
                                                     ", want a number of kits of which each part is a quantity: ",
                                                     Std(exploded.status().message())));
  }
  if (exploded->contains(line.product)) {
    if (product.kind != ProductKind::kStocked) return NotInStock(field, line.product);
    return std::vector<ReservationLine>{std::move(line)};
  }
  constexpr std::string_view kWantNone = "none, as the product is a kit: hold its parts by it";
  if (!line.lot.empty()) return InvalidField(StrCat(field, ".lot"), line.lot, kWantNone);
  if (!line.serials.empty()) return InvalidField(StrCat(field, ".serials"), line.serials.front(), kWantNone);
  std::vector<ReservationLine> lines;
  for (KitPart& part : StockedParts(*exploded, catalog.stocked)) {
    ReservationLine next = line;
    next.product = std::move(part.product);
    next.quantity = part.quantity;
    next.kit = line.product;
    next.kit_quantity = line.quantity;
    lines.push_back(std::move(next));
  }
  if (!lines.empty()) return lines;
  return Error(
      Reason::kReferenceNotFound,
      StrCat(field, ".product: got ", ProductName(line.product), ", want a kit with a part that lies in stock"),
      {{"resource", ProductName(line.product)}});
}

// Products that are in use and lie in stock, and quantities that their units and steps allow, in base units from here
// on; kits become their parts.
absl::Status CompleteLines(const Catalog& catalog, Date today, Hold* hold) {
  std::vector<ReservationLine> complete;
  for (size_t i = 0; i < hold->reservation.lines.size(); ++i) {
    ReservationLine& line = hold->reservation.lines[i];
    const std::string field = StrCat(hold->field, ".lines[", i, "]");
    const auto product = catalog.products.find(line.product);
    if (product == catalog.products.end() || (product->second.kind != ProductKind::kStocked && !product->second.kit)) {
      return NotInStock(field, line.product);
    }
    auto quantity = InBaseUnits(product->second.unit, UnitsIn(catalog.units, line.product),
                                {line.quantity, line.unit, line.unit_quantity});
    if (!quantity.ok()) return AtField(quantity.status(), field);
    line.quantity = quantity->quantity;
    line.unit = std::move(quantity->unit);
    line.unit_quantity = quantity->unit_quantity;
    RETURN_IF_ERROR(AtField(CheckSerials(line.serials, line.quantity), field));
    RETURN_IF_ERROR(AtField(CheckStep(product->second.unit, line.quantity), field));
    line.asked = static_cast<int>(i) + 1;
    ASSIGN_OR_RETURN(std::vector<ReservationLine> lines, LinesFor(catalog, std::move(line), field, today));
    for (ReservationLine& next : lines) complete.push_back(std::move(next));
  }
  hold->reservation.lines = std::move(complete);
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
  std::vector<Hold*> all;
  for (AskedHold* const one : asked) all.push_back(&one->hold);
  ASSIGN_OR_RETURN(const Catalog catalog, CatalogOf(unit.sql(), all));
  std::vector<const Hold*> holds;
  std::vector<AskedHold*> open;
  for (AskedHold* const one : asked) {
    one->status = CompleteLines(catalog, UtcToday(one->call->now), &one->hold);
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

absl::Status HoldAll(const rpc::Call& call, rpc::Unit& unit, absl::Span<Hold> holds) {
  std::vector<Hold*> open;
  for (Hold& hold : holds) open.push_back(&hold);
  ASSIGN_OR_RETURN(const Catalog catalog, CatalogOf(unit.sql(), open));
  for (Hold* const hold : open) RETURN_IF_ERROR(CompleteLines(catalog, UtcToday(call.now), hold));
  for (const Hold& hold : holds) RETURN_IF_ERROR(CheckOrder(call, unit, hold));
  const std::vector<const Hold*> all(open.begin(), open.end());
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
