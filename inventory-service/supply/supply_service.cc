#include "inventory-service/supply/supply_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/orders/order_checks.h"
#include "inventory-service/products/kit_store.h"
#include "inventory-service/products/product_store.h"

namespace tributary::inventory {
namespace {

v1::Supply ToProto(const Supply& supply) {
  v1::Supply out;
  out.set_name(supply.name());
  *out.mutable_create_time() = wire::ToProto(supply.create_time);
  out.set_product(ProductName(supply.product));
  *out.mutable_available_date() = wire::ToProto(supply.available_date);
  *out.mutable_quantity() = wire::ToProto(supply.quantity);
  out.set_note(supply.note);
  return out;
}

}  // namespace

void SupplyService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.SupplyService", this)
      .Unary("GetSupply", &SupplyService::Get)
      .Unary("ListSupplies", &SupplyService::List)
      .Unary("CreateSupply", &SupplyService::Create)
      .Unary("CheckAvailability", &SupplyService::Check);
}

absl::Status SupplyService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetSupplyRequest& request,
                                v1::Supply* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), "supplies/{supply}"));
  ASSIGN_OR_RETURN(const Supply supply, store_.Get(unit.sql(), ids[0]));
  *reply = ToProto(supply);
  return absl::OkStatus();
}

absl::Status SupplyService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListSuppliesRequest& request,
                                 v1::ListSuppliesResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, SupplyStore::Fields(), ""));
  ASSIGN_OR_RETURN(std::vector<Supply> supplies, store_.List(unit.sql(), page.after(0), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&supplies, [](const Supply& last) { return std::vector{last.id}; }));
  for (const Supply& supply : supplies) *reply->add_supplies() = ToProto(supply);
  return absl::OkStatus();
}

absl::Status SupplyService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateSupplyRequest& request,
                                   v1::Supply* reply) {
  FieldReader fields;
  Supply supply;
  supply.product = fields.Id("supply.product", request.supply().product(), "products/{product}");
  supply.available_date = fields.Take("supply.available_date", wire::FromProto(request.supply().available_date()));
  supply.quantity = fields.Take("supply.quantity", wire::FromProto(request.supply().quantity()));
  supply.note = request.supply().note();
  RETURN_IF_ERROR(fields.status());
  supply.id = request.supply_id().empty() ? Uuid::New(call.now).ToString() : request.supply_id();
  supply.create_time = call.now;

  RETURN_IF_ERROR(store_.Lock(unit.sql(), {supply.product}));
  ASSIGN_OR_RETURN(const auto products, FindProducts(unit.sql(), {supply.product}));
  if (products.empty()) {
    return Error(Reason::kReferenceNotFound,
                 StrCat("supply.product: got ", request.supply().product(), ", want a product that is in use"),
                 {{"resource", request.supply().product()}});
  }
  // What was supplied before the product was a kit, or of another kind, may be taken back.
  if (!supply.quantity.negative()) {
    ASSIGN_OR_RETURN(const auto kits, KitStore().PartsOn(unit.sql(), {supply.product}, supply.available_date));
    RETURN_IF_ERROR(CheckNoKit("supply.product", supply.product, kits, "supply"));
    if (const ProductKind kind = products.at(supply.product).kind; kind != ProductKind::kStocked) {
      return InvalidField("supply.product", StrCat(request.supply().product(), " of kind ", NameOf(kind)),
                          "a product of kind STOCKED: of others any quantity may be promised");
    }
  }
  ASSIGN_OR_RETURN(SupplyBook book, store_.BookOf(unit.sql(), supply.product));
  book.supplied[supply.available_date] += supply.quantity;
  if (supply.quantity.negative() && !book.Holds()) {
    return Error(Reason::kSupplyPromised,
                 StrCat("supply.quantity: got ", supply.quantity.ToString(), " for ", supply.available_date.ToString(),
                        ", want no more than is still unpromised"),
                 {{"resource", request.supply().product()}});
  }
  RETURN_IF_ERROR(store_.Insert(unit.sql(), supply));
  *reply = ToProto(supply);
  unit.Emit(events::Draft(supply.name(), "created", supply.name(), *reply));
  return absl::OkStatus();
}

absl::Status SupplyService::CheckParts(rpc::Unit& unit, const std::vector<KitPart>& parts, Date day, Decimal quantity,
                                       v1::Availability* reply) const {
  std::optional<Decimal> least;
  std::optional<Date> earliest = day;
  for (const KitPart& part : parts) {
    ASSIGN_OR_RETURN(const SupplyBook book, store_.BookOf(unit.sql(), part.product));
    const Decimal available = book.AvailableFor(day), kits = KitsOf(available, part.quantity);
    least = std::min(least.value_or(kits), kits);
    v1::PartAvailability& told = *reply->add_parts();
    told.set_product(ProductName(part.product));
    *told.mutable_quantity() = wire::ToProto(part.quantity);
    *told.mutable_available() = wire::ToProto(available);
    const auto from = book.EarliestFor(MulDiv(part.quantity, quantity, Decimal::FromInt(1)), day);
    if (from.has_value()) *told.mutable_earliest_date() = wire::ToProto(*from);
    earliest =
        earliest.has_value() && from.has_value() ? std::optional<Date>(std::max(*earliest, *from)) : std::nullopt;
  }
  if (least.has_value()) *reply->mutable_available() = wire::ToProto(*least);
  reply->set_unlimited(!least.has_value());
  if (earliest.has_value()) *reply->mutable_earliest_date() = wire::ToProto(*earliest);
  return absl::OkStatus();
}

absl::Status SupplyService::Check(const rpc::Call&, rpc::Unit& unit, const v1::CheckAvailabilityRequest& request,
                                  v1::Availability* reply) {
  FieldReader fields;
  const std::string product = fields.Id("product", request.product(), "products/{product}");
  const Date day = fields.Take("date", wire::FromProto(request.date()));
  Decimal quantity;
  if (request.has_quantity()) quantity = fields.Take("quantity", wire::FromProto(request.quantity()));
  RETURN_IF_ERROR(fields.status());
  RETURN_IF_ERROR(ProductStore().Get(unit.sql(), product));
  ASSIGN_OR_RETURN(const auto taken, KitStore().TakenOn(unit.sql(), {product}, day));
  if (const auto parts = taken.find(product); parts != taken.end()) {
    reply->set_product(request.product());
    return CheckParts(unit, parts->second, day, quantity, reply);
  }
  ASSIGN_OR_RETURN(const SupplyBook book, store_.BookOf(unit.sql(), product));
  ASSIGN_OR_RETURN(const Decimal shipped, store_.ShippedOf(unit.sql(), product));
  reply->set_product(request.product());
  *reply->mutable_available() = wire::ToProto(book.AvailableFor(day));
  if (const auto earliest = book.EarliestFor(quantity, day)) {
    *reply->mutable_earliest_date() = wire::ToProto(*earliest);
  }
  *reply->mutable_shipped() = wire::ToProto(shipped);
  for (const AvailabilityDay& one : DaysOf(book)) {
    v1::AvailabilityDay& out = *reply->add_days();
    *out.mutable_date() = wire::ToProto(one.date);
    *out.mutable_supplied() = wire::ToProto(one.supplied);
    *out.mutable_promised() = wire::ToProto(one.promised);
    *out.mutable_available() = wire::ToProto(one.available);
  }
  return absl::OkStatus();
}

}  // namespace tributary::inventory
