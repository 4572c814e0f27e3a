#include "inventory-service/orders/order_service.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/ledger/posting.h"
#include "inventory-service/orders/order_inputs.h"
#include "inventory-service/orders/order_proto.h"
#include "inventory-service/payments/account.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/units/unit_conversion_store.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kPattern = "partners/{partner}/orders/{order}";

// Partners see no price lists: they are told whether a price is below the one that holds for them as far as they are
// known, and by how much, but not of the entries; nor, by what is undecided, that another one would be enough for
// others.
void ShowTo(const rpc::Call& call, v1::DistributorOrder* order) {
  if (!call.identity->IsPartnerUser()) return;
  for (v1::OrderCheck& check : *order->mutable_checks()) {
    if (check.kind() != v1::OrderCheck::PRICE) continue;
    check.clear_resource();
    if (check.outcome() == v1::OrderCheck::UNDECIDED) check.set_outcome(v1::OrderCheck::FAILED);
    check.set_why(check.outcome() == v1::OrderCheck::PASSED   ? "not below the price that holds for the partner"
                  : check.outcome() == v1::OrderCheck::FAILED ? "below the price that holds for the partner"
                                                              : "no price is in force for the partner");
  }
}

// The line of `order` that orders just the same; null where none does.
const OrderLine* SameLine(const Order& order, const OrderLine& line) {
  const auto same = std::find_if(order.lines.begin(), order.lines.end(), [&](const OrderLine& one) {
    return one.line == line.line && one.product == line.product && one.unit == line.unit &&
           one.unit_quantity == line.unit_quantity && (line.quantity.zero() || line.quantity == one.quantity);
  });
  return same == order.lines.end() ? nullptr : &*same;
}

}  // namespace

void OrderService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.DistributorOrderService", this)
      .Unary("GetDistributorOrder", &OrderService::Get)
      .Unary("ListDistributorOrders", &OrderService::List)
      .Unary("CreateDistributorOrder", &OrderService::Create)
      .Unary("UpdateDistributorOrder", &OrderService::Update)
      .Unary("PlaceDistributorOrder", &OrderService::Place)
      .Unary("ConfirmDistributorOrder", &OrderService::Confirm)
      .Unary("ReleaseDistributorOrder", &OrderService::Release)
      .Unary("AmendDistributorOrder", &OrderService::Amend)
      .Unary("CancelDistributorOrder", &OrderService::Cancel)
      .Unary("GetFillRate", &OrderService::GetFillRate);
}

template <typename Request>
absl::StatusOr<Order> OrderService::Load(const rpc::Call& call, rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  RETURN_IF_ERROR(LockAccounts(unit.sql(), {ids[0]}, call.now));
  ASSIGN_OR_RETURN(Order order, orders_.Get(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(order.name(), request.etag(), order.version));
  return order;
}

absl::Status OrderService::CompleteLines(rpc::Unit& unit, const Order& before, Order* order) const {
  const std::set<std::string> products = ProductsOf(*order);
  ASSIGN_OR_RETURN(const auto found,
                   FindProducts(unit.sql(), std::vector<std::string_view>(products.begin(), products.end())));
  ErrorDetail detail{.reason = Reason::kReferenceNotFound};
  std::vector<std::string_view> in_units;
  for (size_t i = 0; i < order->lines.size(); ++i) {
    const OrderLine& line = order->lines[i];
    if (!line.unit.empty()) in_units.push_back(line.product);
    if (found.contains(line.product)) continue;
    detail.violations.push_back({.field = StrCat("lines[", i, "].product"),
                                 .got = ProductName(line.product),
                                 .want = "a product that is in use"});
  }
  if (!detail.violations.empty()) {
    const FieldViolation& first = detail.violations.front();
    return WithDetail(InfoOf(detail.reason).code, StrCat(first.field, ": got ", first.got, ", want ", first.want),
                      detail);
  }
  ASSIGN_OR_RETURN(const auto units, UnitConversionStore().Of(unit.sql(), in_units));
  for (size_t i = 0; i < order->lines.size(); ++i) {
    OrderLine& line = order->lines[i];
    const BaseUnit& base = found.at(line.product).unit;
    auto quantity = InBaseUnits(base, UnitsIn(units, line.product), {line.quantity, line.unit, line.unit_quantity});
    const absl::Status counted = quantity.ok() ? CheckStep(base, quantity->quantity) : quantity.status();
    if (!counted.ok()) {
      const OrderLine* const same = SameLine(before, line);
      if (same == nullptr) return AtField(counted, StrCat("lines[", i, "]"));
      line.quantity = same->quantity;
      continue;
    }
    line.quantity = quantity->quantity;
    line.unit = std::move(quantity->unit);
    line.unit_quantity = quantity->unit_quantity;
  }
  return absl::OkStatus();
}

absl::Status OrderService::CheckSite(rpc::Unit& unit, const Order& order) const {
  const auto site = sites_.Get(unit.sql(), order.partner, order.site);
  if (absl::IsNotFound(site.status())) {
    if (order.site == kMainSite)
      return absl::OkStatus();  // every partner has it, though the feed may not have told yet
    return Error(Reason::kReferenceNotFound,
                 StrCat("site: got ", SiteName(order.partner, order.site), ", want a site of the partner"),
                 {{"resource", SiteName(order.partner, order.site)}});
  }
  RETURN_IF_ERROR(site.status());
  if (IsOpen(*site, order.requested_date)) return absl::OkStatus();
  return Error(Reason::kSiteClosed,
               StrCat("site: ", site->name(), " is closed from ", site->closed_on->ToString(), " on, want one open on ",
                      order.requested_date.ToString()),
               {{"resource", site->name()}});
}

absl::Status OrderService::Finish(const rpc::Call& call, rpc::Unit& unit, std::string_view verb, Order order,
                                  v1::DistributorOrder* reply) const {
  ASSIGN_OR_RETURN(const OrderProgress progress, orders_.ProgressOf(unit.sql(), order.partner, order.id));
  order.fulfillment = FulfillmentOf(order, progress);
  order.told = ToldOf(order, progress);
  RETURN_IF_ERROR(verb == "created" ? orders_.Insert(unit.sql(), order) : orders_.Update(unit.sql(), order));
  *reply = ToProto(order, progress);
  unit.Emit(events::Draft(order.partner, verb, order.name(), *reply));
  ShowTo(call, reply);
  return absl::OkStatus();
}

absl::Status OrderService::Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetDistributorOrderRequest& request,
                               v1::DistributorOrder* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Order order, orders_.Get(unit.sql(), ids[0], ids[1]));
  ASSIGN_OR_RETURN(const OrderProgress progress, orders_.ProgressOf(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(order, progress);
  ShowTo(call, reply);
  return absl::OkStatus();
}

absl::Status OrderService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListDistributorOrdersRequest& request,
                                v1::ListDistributorOrdersResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, OrderStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<Order> orders,
                   orders_.List(unit.sql(), partner, page.after(0), page.after(1), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&orders, [](const Order& last) { return std::vector{last.partner, last.id}; }));
  for (const Order& order : orders) {
    ASSIGN_OR_RETURN(const OrderProgress progress, orders_.ProgressOf(unit.sql(), order.partner, order.id));
    *reply->add_orders() = ToProto(order, progress);
    ShowTo(call, reply->mutable_orders(reply->orders_size() - 1));
  }
  return absl::OkStatus();
}

absl::Status OrderService::Create(const rpc::Call& call, rpc::Unit& unit,
                                  const v1::CreateDistributorOrderRequest& request, v1::DistributorOrder* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  auto stated = FromProto(request.order(), ids[0]);
  if (!stated.ok()) return AtField(stated.status(), "order");
  Order order = *std::move(stated);
  RETURN_IF_ERROR(partners_.CheckKnown(call, ids[0]));
  RETURN_IF_ERROR(LockAccounts(unit.sql(), {ids[0]}, call.now));
  RETURN_IF_ERROR(AtField(CompleteLines(unit, /*before=*/{}, &order), "order"));
  RETURN_IF_ERROR(AtField(CheckSite(unit, order), "order"));
  order.uid = Uuid::New(call.now);
  order.id = request.order_id().empty() ? order.uid.ToString() : request.order_id();
  order.create_time = order.update_time = call.now;
  return Finish(call, unit, "created", order, reply);
}

absl::Status OrderService::Update(const rpc::Call& call, rpc::Unit& unit,
                                  const v1::UpdateDistributorOrderRequest& request, v1::DistributorOrder* reply) {
  static const std::vector<std::string_view> kMayChange = {
      "order_date", "requested_date", "lines", "route", "end_customer", "deal", "site", "wallet_hold", "wallet_use"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.order().name(), kPattern, "order.name"));
  RETURN_IF_ERROR(LockAccounts(unit.sql(), {ids[0]}, call.now));
  ASSIGN_OR_RETURN(const Order order, orders_.Get(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(order.name(), request.order().etag(), order.version));
  if (order.state != OrderState::kDraft) return WrongState(order.name(), "update", NameOf(order.state), "DRAFT");
  v1::DistributorOrder merged = ToProto(order, {});
  // What a draft orders in a unit is what the unit holds by now.
  for (v1::OrderLine& line : *merged.mutable_lines()) {
    if (!line.unit().empty()) line.clear_quantity();
  }
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.order(), &merged, kMayChange));
  auto stated = FromProto(merged, ids[0]);
  if (!stated.ok()) return AtField(stated.status(), "order");
  Order next = *std::move(stated);
  RETURN_IF_ERROR(AtField(CompleteLines(unit, order, &next), "order"));
  RETURN_IF_ERROR(AtField(CheckSite(unit, next), "order"));
  next.id = order.id;
  next.uid = order.uid;
  next.version = order.version + 1;
  next.create_time = order.create_time;
  next.update_time = call.now;
  return Finish(call, unit, "updated", next, reply);
}

absl::Status OrderService::Place(const rpc::Call& call, rpc::Unit& unit,
                                 const v1::PlaceDistributorOrderRequest& request, v1::DistributorOrder* reply) {
  ASSIGN_OR_RETURN(const Order order, Load(call, unit, request));
  RETURN_IF_ERROR(CheckSite(unit, order));
  ASSIGN_OR_RETURN(const OrderInputs inputs, ReadInputs(unit.sql(), order));
  ASSIGN_OR_RETURN(const Order placed, inventory::Place(order, inputs, call.now));
  return Finish(call, unit, PlacedVerb(placed.state), placed, reply);
}

absl::Status OrderService::Confirm(const rpc::Call& call, rpc::Unit& unit,
                                   const v1::ConfirmDistributorOrderRequest& request, v1::DistributorOrder* reply) {
  ASSIGN_OR_RETURN(std::vector<ConfirmPart> parts, FromProto(request.parts()));
  ASSIGN_OR_RETURN(const Order order, Load(call, unit, request));
  ASSIGN_OR_RETURN(const OrderInputs inputs, ReadInputs(unit.sql(), order));
  ASSIGN_OR_RETURN(const Confirmation done, inventory::Confirm(order, std::move(parts), inputs, call.now));
  RETURN_IF_ERROR(supply_.AddPromises(unit.sql(), done.promises));
  return Finish(call, unit, "confirmed", done.order, reply);
}

absl::Status OrderService::Release(const rpc::Call& call, rpc::Unit& unit,
                                   const v1::ReleaseDistributorOrderRequest& request, v1::DistributorOrder* reply) {
  ASSIGN_OR_RETURN(const Order order, Load(call, unit, request));
  ASSIGN_OR_RETURN(const OrderInputs inputs, ReadInputs(unit.sql(), order));
  ASSIGN_OR_RETURN(const Order released, inventory::Release(order, inputs, call.now));
  return Finish(call, unit, "released", released, reply);
}

absl::Status OrderService::Amend(const rpc::Call& call, rpc::Unit& unit,
                                 const v1::AmendDistributorOrderRequest& request, v1::DistributorOrder* reply) {
  auto stated = FromProto(request.lines());
  if (!stated.ok()) return AtField(stated.status(), "lines");
  ASSIGN_OR_RETURN(const Order order, Load(call, unit, request));
  if (stated->currency != order.currency) {
    return InvalidField("lines[0].gross_amount.currency_code", stated->currency,
                        StrCat(order.currency, ", the currency of the order"));
  }
  Amendment amendment{.lines = std::move(stated->lines)};
  if (request.has_requested_date()) {
    auto date = wire::FromProto(request.requested_date());
    if (!date.ok()) return AtField(date.status(), "requested_date");
    amendment.requested_date = *date;
  }
  Order with_all = order;  // locks the products of both
  with_all.lines = amendment.lines;
  with_all.requested_date = amendment.requested_date.value_or(order.requested_date);
  RETURN_IF_ERROR(CompleteLines(unit, order, &with_all));
  amendment.lines = with_all.lines;
  RETURN_IF_ERROR(CheckSite(unit, with_all));
  with_all.lines.insert(with_all.lines.end(), order.lines.begin(), order.lines.end());
  ASSIGN_OR_RETURN(const OrderInputs inputs, ReadInputs(unit.sql(), with_all));
  ASSIGN_OR_RETURN(const OrderProgress progress, orders_.ProgressOf(unit.sql(), order.partner, order.id));
  ASSIGN_OR_RETURN(const std::set<std::string> promised, supply_.PromisedTo(unit.sql(), order.partner, order.id));
  ASSIGN_OR_RETURN(std::vector<Promise> promises, supply_.PromisesOf(unit.sql(), order.partner, order.id, promised));
  ASSIGN_OR_RETURN(const Confirmation amended,
                   inventory::Amend(order, std::move(amendment), progress, std::move(promises), inputs, call.now));
  RETURN_IF_ERROR(supply_.SetPromises(unit.sql(), amended.promises));
  return Finish(call, unit, "amended", amended.order, reply);
}

absl::Status OrderService::Cancel(const rpc::Call& call, rpc::Unit& unit,
                                  const v1::CancelDistributorOrderRequest& request, v1::DistributorOrder* reply) {
  ASSIGN_OR_RETURN(const Order order, Load(call, unit, request));
  // The account is locked, so nobody promises it more.
  ASSIGN_OR_RETURN(const std::set<std::string> products, supply_.PromisedTo(unit.sql(), order.partner, order.id));
  RETURN_IF_ERROR(supply_.Lock(unit.sql(), products));
  ASSIGN_OR_RETURN(const OrderProgress progress, orders_.ProgressOf(unit.sql(), order.partner, order.id));
  ASSIGN_OR_RETURN(std::vector<Promise> promises, supply_.PromisesOf(unit.sql(), order.partner, order.id, products));
  ASSIGN_OR_RETURN(const Confirmation done, inventory::Cancel(order, progress, std::move(promises), call.now));
  RETURN_IF_ERROR(supply_.SetPromises(unit.sql(), done.promises));
  return Finish(call, unit, "canceled", done.order, reply);
}

absl::Status OrderService::GetFillRate(const rpc::Call& call, rpc::Unit& unit, const v1::GetFillRateRequest& request,
                                       v1::FillRate* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  const auto from = wire::FromProto(request.from_date());
  if (!from.ok()) return AtField(from.status(), "from_date");
  const auto to = wire::FromProto(request.to_date());
  if (!to.ok()) return AtField(to.status(), "to_date");
  ASSIGN_OR_RETURN(const FillRate rate, orders_.FillRateOf(unit.sql(), partner, *from, *to));
  *reply = ToProto(rate);
  return absl::OkStatus();
}

}  // namespace tributary::inventory
