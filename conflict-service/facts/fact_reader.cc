#include "conflict-service/facts/fact_reader.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "tributary/inventory/v1/direct_sale.pb.h"
#include "tributary/inventory/v1/product.pb.h"
#include "tributary/inventory/v1/reconciliation.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"
#include "tributary/inventory/v1/stock_movement.pb.h"
#include "tributary/partner/v1/customer.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/region.pb.h"
#include "tributary/partner/v1/territory_grant.pb.h"

namespace tributary::conflict {
namespace {

using google::protobuf::RepeatedPtrField;

template <typename T>
const std::string& TypeOf() {
  return T::descriptor()->full_name();
}

std::vector<std::string> List(const RepeatedPtrField<std::string>& field) { return {field.begin(), field.end()}; }

// partners/{partner} of a name below it.
absl::StatusOr<std::string> OwnerOf(const std::string& name) {
  const std::string_view partner = PartnerOf(name);
  if (partner.empty()) return InvalidField("name", name, "a name that begins with partners/");
  return StrCat("partners/", partner);
}

absl::Status Read(const partner::v1::Region& region, FactBatch* facts) {
  facts->regions.push_back({region.name(), region.parent_region(), region.state() == partner::v1::Region::ACTIVE});
  return absl::OkStatus();
}

absl::Status Read(const partner::v1::Partner& partner, FactBatch* facts) {
  facts->partners.push_back({partner.name(), partner.state() == partner::v1::Partner::TERMINATED});
  return absl::OkStatus();
}

absl::Status Read(const partner::v1::Customer& message, FactBatch* facts) {
  CustomerFact customer{.name = message.name(),
                        .merged_into = {},
                        .erased = message.state() == partner::v1::Customer::ERASED,
                        .keys = {}};
  for (const partner::v1::Customer::Alias& alias : message.aliases()) {
    if (!alias.has_end_time()) customer.merged_into = alias.into();
  }
  for (const std::string& digest : message.name_digests()) {
    const bool is_hex = digest.size() == 64 && digest.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!is_hex) return InvalidField("name_digests", digest, "64 hexadecimal digits");
    customer.keys.push_back(absl::HexStringToBytes(digest));
  }
  facts->customers.push_back(std::move(customer));
  return absl::OkStatus();
}

absl::Status Read(const partner::v1::TerritoryGrant& message, FactBatch* facts) {
  static_assert(static_cast<int>(Grant::Exclusivity::kHelper) == partner::v1::TerritoryGrant::HELPER);
  Grant grant{.name = message.name(),
              .active = message.state() == partner::v1::TerritoryGrant::ACTIVE,
              .exclusivity = static_cast<Grant::Exclusivity>(message.exclusivity()),
              .scope = {.regions = List(message.regions()),
                        .product_lines = List(message.product_lines()),
                        .segments = List(message.segments()),
                        .routes = List(message.routes())}};
  ASSIGN_OR_RETURN(grant.partner, OwnerOf(message.name()));
  if (grant.scope.regions.empty()) return InvalidField("regions", "nothing", "at least one region");
  ASSIGN_OR_RETURN(grant.scope.time.start, wire::FromProto(message.effective_from()));
  grant.scope.time.end = OpenEnd();
  if (message.has_effective_to()) {
    ASSIGN_OR_RETURN(grant.scope.time.end, wire::FromProto(message.effective_to()));
  }
  facts->grants.push_back(std::move(grant));
  return absl::OkStatus();
}

absl::Status Read(const inventory::v1::SellThroughSale& message, FactBatch* facts) {
  // What was written off or found went to nobody.
  if (message.activity() == inventory::v1::SellThroughSale::ADJUSTMENT) return absl::OkStatus();
  Sale sale{.name = message.name(),
            .region = message.region(),
            .product_line = message.product_line(),
            .customer = message.end_customer(),
            .reverses = message.reverses()};
  ASSIGN_OR_RETURN(sale.partner, OwnerOf(message.name()));
  ASSIGN_OR_RETURN(sale.date, wire::FromProto(message.sale_date()));
  ASSIGN_OR_RETURN(const Decimal quantity, wire::FromProto(message.quantity()));
  sale.is_return = quantity.negative();
  SoldGoods goods{.sale = sale.name,
                  .partner = sale.partner,
                  .product = message.product(),
                  .date = sale.date,
                  .quantity = quantity,
                  .original = message.original_sale()};
  if (message.has_net_amount()) {
    ASSIGN_OR_RETURN(goods.paid, wire::FromProto(message.net_amount()));
  }
  facts->sold.push_back(std::move(goods));
  if (!message.serials().empty() && !sale.is_return && sale.reverses.empty()) {
    facts->sold_serials.push_back({.sale = sale.name,
                                   .partner = sale.partner,
                                   .product = message.product(),
                                   .product_line = sale.product_line,
                                   .lot = message.lot(),
                                   .region = sale.region,
                                   .date = sale.date,
                                   .serials = List(message.serials())});
  }
  if (!message.lot().empty()) {
    facts->lot_flows.push_back({.source = sale.name,
                                .kind = LotFlow::Kind::kSold,
                                .partner = sale.partner,
                                .product = message.product(),
                                .lot = message.lot(),
                                .date = sale.date,
                                .quantity = quantity,
                                .reverses = sale.reverses});
  }
  for (std::string& key :
       KeysOf(sale, message.product(), List(message.serials()), message.document(), quantity.ToString())) {
    facts->sale_keys.push_back({std::move(key), sale});
  }
  facts->sales.push_back(std::move(sale));
  return absl::OkStatus();
}

absl::Status Read(const inventory::v1::DirectSale& message, FactBatch* facts) {
  Sale sale{.name = message.name(),
            .region = message.region(),
            .product_line = message.product_line(),
            .customer = message.customer_code(),
            .reverses = message.reverses()};
  ASSIGN_OR_RETURN(sale.date, wire::FromProto(message.order_date()));
  ASSIGN_OR_RETURN(const Decimal quantity, wire::FromProto(message.quantity()));
  sale.is_return = quantity.negative();
  facts->direct_sales.push_back(std::move(sale));
  return absl::OkStatus();
}

absl::Status Read(const inventory::v1::Reconciliation& message, FactBatch* facts) {
  ReconciledGap gap{.name = message.name(),
                    .product = message.product(),
                    .revision = message.revision(),
                    .accepted = message.has_accept_time()};
  if (!message.all_lots()) gap.lot = message.lot();
  ASSIGN_OR_RETURN(gap.partner, OwnerOf(message.name()));
  ASSIGN_OR_RETURN(gap.from, wire::FromProto(message.from_date()));
  ASSIGN_OR_RETURN(gap.to, wire::FromProto(message.to_date()));
  if (message.has_opening_reported()) {
    ASSIGN_OR_RETURN(gap.opening_reported, wire::FromProto(message.opening_reported()));
  }
  if (message.has_reported()) {
    ASSIGN_OR_RETURN(gap.reported, wire::FromProto(message.reported()));
  }
  ASSIGN_OR_RETURN(gap.sell_in, wire::FromProto(message.sell_in()));
  ASSIGN_OR_RETURN(gap.sell_through, wire::FromProto(message.sell_through()));
  ASSIGN_OR_RETURN(gap.transferred_in, wire::FromProto(message.transferred_in()));
  ASSIGN_OR_RETURN(gap.transferred_out, wire::FromProto(message.transferred_out()));
  ASSIGN_OR_RETURN(gap.opening_in_transit, wire::FromProto(message.opening_in_transit()));
  ASSIGN_OR_RETURN(gap.in_transit, wire::FromProto(message.in_transit()));
  if (message.has_gap()) {
    ASSIGN_OR_RETURN(gap.gap, wire::FromProto(message.gap()));
    ASSIGN_OR_RETURN(gap.unexplained, wire::FromProto(message.unexplained()));
  }
  facts->gaps.push_back(std::move(gap));
  return absl::OkStatus();
}

absl::Status Read(const inventory::v1::Product& message, FactBatch* facts) {
  KitFact kit{.product = message.name(), .components = {}};
  for (const inventory::v1::Component& part : message.components()) {
    KitComponent& component = kit.components.emplace_back();
    component.kit = message.name();
    component.component = part.product();
    ASSIGN_OR_RETURN(component.quantity, wire::FromProto(part.quantity()));
    ASSIGN_OR_RETURN(component.effective.start, wire::FromProto(part.effective_from()));
    component.effective.end = OpenEnd();
    if (part.has_effective_to()) {
      ASSIGN_OR_RETURN(component.effective.end, wire::FromProto(part.effective_to()));
    }
  }
  facts->kits.push_back(std::move(kit));
  return absl::OkStatus();
}

absl::Status Read(const inventory::v1::ShipmentLine& message, FactBatch* facts) {
  if (!message.lot().empty()) {
    LotFlow flow{.source = message.name(),
                 .kind = LotFlow::Kind::kShipped,
                 .partner = message.partner(),
                 .product = message.product(),
                 .lot = message.lot(),
                 .date = {},
                 .quantity = {},
                 .reverses = message.reverses()};
    ASSIGN_OR_RETURN(flow.date, wire::FromProto(message.ship_date()));
    ASSIGN_OR_RETURN(flow.quantity, wire::FromProto(message.quantity()));
    facts->lot_flows.push_back(std::move(flow));
  }
  // Most goods carry no serials; their lines count in reconciliations alone.
  if (message.serials().empty()) return absl::OkStatus();
  ShippedUnits units{.line = message.name(),
                     .partner = message.partner(),
                     .product = message.product(),
                     .product_line = message.product_line(),
                     .lot = message.lot(),
                     .serials = List(message.serials()),
                     .reverses = message.reverses()};
  ASSIGN_OR_RETURN(units.date, wire::FromProto(message.ship_date()));
  ASSIGN_OR_RETURN(const Decimal quantity, wire::FromProto(message.quantity()));
  units.is_return = quantity.negative();
  facts->shipped.push_back(std::move(units));
  return absl::OkStatus();
}

absl::Status Read(const inventory::v1::StockMovement& message, FactBatch* facts) {
  const std::string_view from = PartnerOf(message.from_location()), to = PartnerOf(message.to_location());
  // What stays at one partner changes no holder, and goods without serials have none that is known.
  if (message.reason() != inventory::v1::StockMovement::TRANSFER || from.empty() || to.empty() || from == to ||
      message.serials().empty()) {
    return absl::OkStatus();
  }
  HandedOver units{.movement = message.name(),
                   .giver = StrCat("partners/", from),
                   .partner = StrCat("partners/", to),
                   .product = message.product(),
                   .product_line = message.product_line(),
                   .lot = message.lot(),
                   .date = {},
                   .serials = List(message.serials()),
                   .reverses = message.reverses()};
  ASSIGN_OR_RETURN(units.date, wire::FromProto(message.effective_date()));
  facts->handed_over.push_back(std::move(units));
  return absl::OkStatus();
}

template <typename T>
absl::Status ReadAs(const events::Event& event, FactBatch* facts) {
  T message;
  if (!message.ParseFromString(event.payload)) return InvalidField("payload", event.name, StrCat("a ", event.type));
  return Read(message, facts);
}

}  // namespace

std::vector<std::string> PartnerPayloads() {
  return {TypeOf<partner::v1::Region>(), TypeOf<partner::v1::Partner>(), TypeOf<partner::v1::TerritoryGrant>(),
          TypeOf<partner::v1::Customer>()};
}

std::vector<std::string> InventoryPayloads() {
  return {TypeOf<inventory::v1::SellThroughSale>(), TypeOf<inventory::v1::DirectSale>(),
          TypeOf<inventory::v1::Reconciliation>(),  TypeOf<inventory::v1::ShipmentLine>(),
          TypeOf<inventory::v1::StockMovement>(),   TypeOf<inventory::v1::Product>()};
}

absl::StatusOr<FactBatch> ReadFacts(absl::Span<const events::Event> events) {
  FactBatch facts;
  for (const events::Event& event : events) {
    if (event.type == TypeOf<partner::v1::Region>()) {
      RETURN_IF_ERROR(ReadAs<partner::v1::Region>(event, &facts));
    } else if (event.type == TypeOf<partner::v1::Partner>()) {
      RETURN_IF_ERROR(ReadAs<partner::v1::Partner>(event, &facts));
    } else if (event.type == TypeOf<partner::v1::Customer>()) {
      RETURN_IF_ERROR(ReadAs<partner::v1::Customer>(event, &facts));
    } else if (event.type == TypeOf<partner::v1::TerritoryGrant>()) {
      RETURN_IF_ERROR(ReadAs<partner::v1::TerritoryGrant>(event, &facts));
    } else if (event.type == TypeOf<inventory::v1::SellThroughSale>()) {
      RETURN_IF_ERROR(ReadAs<inventory::v1::SellThroughSale>(event, &facts));
    } else if (event.type == TypeOf<inventory::v1::DirectSale>()) {
      RETURN_IF_ERROR(ReadAs<inventory::v1::DirectSale>(event, &facts));
    } else if (event.type == TypeOf<inventory::v1::Reconciliation>()) {
      RETURN_IF_ERROR(ReadAs<inventory::v1::Reconciliation>(event, &facts));
    } else if (event.type == TypeOf<inventory::v1::ShipmentLine>()) {
      RETURN_IF_ERROR(ReadAs<inventory::v1::ShipmentLine>(event, &facts));
    } else if (event.type == TypeOf<inventory::v1::Product>()) {
      RETURN_IF_ERROR(ReadAs<inventory::v1::Product>(event, &facts));
    } else if (event.type == TypeOf<inventory::v1::StockMovement>()) {
      RETURN_IF_ERROR(ReadAs<inventory::v1::StockMovement>(event, &facts));
    }
  }
  return facts;
}

}  // namespace tributary::conflict
