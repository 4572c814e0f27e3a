#include "partner-service/sales_facts/sales_consumer.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "absl/time/clock.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "partner-service/evaluations/evaluation_review_store.h"
#include "partner-service/tier_assignments/tier_review_store.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"

namespace tributary::partner {
namespace {

using tributary::inventory::v1::SellThroughSale;
using tributary::inventory::v1::ShipmentLine;

template <typename Message>
auto Read(const Message& message, std::string_view field) -> decltype(wire::FromProto(message)) {
  auto value = wire::FromProto(message);
  if (!value.ok()) return AtField(value.status(), field);
  return value;
}

// "partners/p1/sales/D1.1" of p1 -> "sales/D1.1".
std::string WithoutPartner(std::string_view name, std::string_view partner_id) {
  const size_t prefix = StrCat("partners/", partner_id, "/").size();
  return std::string(name.substr(std::min(prefix, name.size())));
}

// What it refers to, where it takes something back or returns something.
void SetRefers(std::string_view reverses, std::string_view returns, SalesFact* fact) {
  if (!reverses.empty()) {
    fact->kind = SalesFactKind::kReversal;
    fact->refers = WithoutPartner(reverses, fact->partner_id);
  } else if (!returns.empty()) {
    fact->kind = SalesFactKind::kReturn;
    fact->refers = WithoutPartner(returns, fact->partner_id);
  }
}

absl::StatusOr<SalesFact> FromProto(const ShipmentLine& line) {
  SalesFact fact{.partner_id = std::string(PartnerOf(line.name())),
                 .source = SalesSource::kShipment,
                 .product = line.product(),
                 .product_line = line.product_line()};
  fact.fact = WithoutPartner(line.name(), fact.partner_id);
  SetRefers(line.reverses(), line.original_line(), &fact);
  ASSIGN_OR_RETURN(fact.order_date, Read(line.order_date(), "order_date"));
  ASSIGN_OR_RETURN(fact.move_date, Read(line.ship_date(), "ship_date"));
  ASSIGN_OR_RETURN(fact.quantity, Read(line.quantity(), "quantity"));
  ASSIGN_OR_RETURN(Money net, Read(line.net_amount(), "net_amount"));
  fact.amount = net.amount;
  fact.currency = std::move(net.currency);
  return fact;
}

absl::StatusOr<SalesFact> FromProto(const SellThroughSale& sale) {
  SalesFact fact{.partner_id = std::string(PartnerOf(sale.name())),
                 .source = SalesSource::kSale,
                 .product = sale.product(),
                 .product_line = sale.product_line()};
  fact.fact = WithoutPartner(sale.name(), fact.partner_id);
  SetRefers(sale.reverses(), sale.original_sale(), &fact);
  ASSIGN_OR_RETURN(fact.order_date, Read(sale.sale_date(), "sale_date"));
  fact.move_date = fact.order_date;
  ASSIGN_OR_RETURN(fact.quantity, Read(sale.quantity(), "quantity"));
  if (sale.has_net_amount()) {
    ASSIGN_OR_RETURN(Money net, Read(sale.net_amount(), "net_amount"));
    fact.amount = net.amount;
    fact.currency = std::move(net.currency);
  }
  return fact;
}

template <typename Message>
absl::Status Take(const events::Event& event, const Message& message, std::vector<SalesFact>* facts) {
  if (PartnerOf(message.name()).empty()) return InvalidField("name", message.name(), "a name below partners/{partner}");
  auto fact = FromProto(message);
  if (!fact.ok()) return Annotate(fact.status(), event.name);
  facts->push_back(*std::move(fact));
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> SalesPayloads() {
  return {std::string(ShipmentLine::descriptor()->full_name()),
          std::string(SellThroughSale::descriptor()->full_name())};
}

absl::Status ApplySales(mysql::Transaction& sql, absl::Span<const events::Event> batch, events::Outbox&) {
  std::vector<SalesFact> facts;
  ShipmentLine line;
  SellThroughSale sale;
  for (const events::Event& event : batch) {
    const bool shipped = event.type == ShipmentLine::descriptor()->full_name();
    if (!shipped && event.type != SellThroughSale::descriptor()->full_name()) continue;
    if (!(shipped ? line.ParseFromString(event.payload) : sale.ParseFromString(event.payload))) {
      return Error(Reason::kMalformedRequest, StrCat(event.name, ": got bytes that are no ", event.type));
    }
    if (shipped) {
      RETURN_IF_ERROR(Take(event, line, &facts));
    } else if (sale.activity() != SellThroughSale::ADJUSTMENT) {
      RETURN_IF_ERROR(Take(event, sale, &facts));
    }
  }
  std::set<std::string> partner_ids;
  for (const SalesFact& fact : facts) partner_ids.insert(fact.partner_id);
  RETURN_IF_ERROR(SalesFactStore().Add(sql, std::move(facts)));
  RETURN_IF_ERROR(TierReviewStore().AskSoon(sql, {partner_ids.begin(), partner_ids.end()}, absl::Now()));
  return EvaluationReviewStore().Ask(sql, {partner_ids.begin(), partner_ids.end()});
}

}  // namespace tributary::partner
