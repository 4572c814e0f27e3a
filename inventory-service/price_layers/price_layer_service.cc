#include "inventory-service/price_layers/price_layer_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/recording.h"
#include "inventory-service/price_layers/price_layer_proto.h"

namespace tributary::inventory {
namespace {

Date TodayOf(const rpc::Call& call) { return UtcToday(call.now); }

// Later than every protection of the day that is known, so that the exposure comes on top of those.
constexpr std::string_view kAsked = "\x7f";

absl::StatusOr<LayerProtection> ReadProtection(const v1::GetPriceProtectionExposureRequest& request) {
  FieldReader fields;
  LayerProtection asked{.name = std::string(kAsked),
                        .currency = request.currency_code(),
                        .in_transit_days = request.in_transit_days(),
                        .lookback_days = request.lookback_days()};
  asked.effective_date = fields.Take("effective_date", wire::FromProto(request.effective_date()));
  const Decimal price = fields.Take("new_price", Decimal::Parse(request.new_price()));
  if (price.negative()) fields.Refuse("new_price", request.new_price(), "0 or more");
  asked.new_price = Rational(price);
  if (!request.reported_units().empty()) {
    const Decimal units = fields.Take("reported_units", Decimal::Parse(request.reported_units()));
    if (units.negative()) fields.Refuse("reported_units", request.reported_units(), "0 or more");
    asked.reported_units = units;
  }
  RETURN_IF_ERROR(fields.status());
  return asked;
}

}  // namespace

void PriceLayerService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.PriceLayerService", this)
      .Unary("ListPriceLayers", &PriceLayerService::ListLayers)
      .Unary("GetPriceProtectionExposure", &PriceLayerService::GetExposure)
      .Unary("CreatePriceProtection", &PriceLayerService::CreateProtection)
      .Unary("ListPriceProtections", &PriceLayerService::ListProtections);
}

absl::Status PriceLayerService::ListLayers(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::ListPriceLayersRequest& request,
                                           v1::ListPriceLayersResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(const std::vector<std::string> product,
                   ParseResourceName(request.product(), "products/{product}", "product"));
  Date day = TodayOf(call);
  if (request.has_as_of_date()) {
    const auto told = wire::FromProto(request.as_of_date());
    if (!told.ok()) return AtField(told.status(), "as_of_date");
    day = *told;
  }
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, {},
                                             StrCat(request.parent(), " ", request.product(), " ", day.ToString())));
  ASSIGN_OR_RETURN(const LayerHistory history, store_.HistoryOf(unit.sql(), ids[0], product[0]));
  const LayerState state = LayersAt(history, day);
  *reply->mutable_units() = wire::ToProto(state.units);
  const std::string currency = state.layers.empty() ? "" : state.layers.front().currency;
  if (state.value.has_value() && !currency.empty()) {
    ASSIGN_OR_RETURN(*reply->mutable_value(), ToMoney(*state.value, currency));
  }
  std::string sold_currency;
  for (const LayerArrival& arrival : history.arrivals) sold_currency = std::max(sold_currency, arrival.currency);
  if (state.sold_cost.has_value() && !sold_currency.empty()) {
    ASSIGN_OR_RETURN(*reply->mutable_sold_cost(), ToMoney(*state.sold_cost, sold_currency));
  }
  // Layers have no key of their own; a token says how many were shown.
  size_t shown = 0;
  if (!page.first() && !absl::SimpleAtoi(Abseil(page.after(0)), &shown)) {
    return Error(Reason::kPageTokenInvalid, "page_token: got another list's, want this one's");
  }
  std::vector<PriceLayer> layers(state.layers.begin() + std::min(shown, state.layers.size()), state.layers.end());
  reply->set_next_page_token(
      page.Cut(&layers, [&](const PriceLayer&) { return std::vector{StrCat(shown + layers.size())}; }));
  for (const PriceLayer& layer : layers) *reply->add_price_layers() = ToProto(layer);
  return absl::OkStatus();
}

absl::Status PriceLayerService::GetExposure(const rpc::Call& call, rpc::Unit& unit,
                                            const v1::GetPriceProtectionExposureRequest& request,
                                            v1::PriceProtectionExposure* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(const std::vector<std::string> product,
                   ParseResourceName(request.product(), "products/{product}", "product"));
  ASSIGN_OR_RETURN(LayerProtection asked, ReadProtection(request));
  if (!asked.reported_units.has_value()) {
    ASSIGN_OR_RETURN(asked.reported_units, store_.ReportedAt(unit.sql(), ids[0], product[0], asked.effective_date));
  }
  ASSIGN_OR_RETURN(const LayerHistory history, store_.HistoryOf(unit.sql(), ids[0], product[0]));
  ASSIGN_OR_RETURN(*reply, ToProto(ExposureTo(history, asked, TodayOf(call)), asked.currency));
  return absl::OkStatus();
}

absl::Status PriceLayerService::CreateProtection(const rpc::Call& call, rpc::Unit& unit,
                                                 const v1::CreatePriceProtectionRequest& request,
                                                 v1::PriceProtection* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  auto protection = FromProto(request.price_protection(), ids[0]);
  if (!protection.ok()) return AtField(protection.status(), "price_protection");
  RETURN_IF_ERROR(partners_.CheckKnown(call, ids[0]));
  imports::BatchResult result;
  std::vector<Stated<PriceProtection>> stated = {{0, *std::move(protection)}};
  ASSIGN_OR_RETURN(const Known<PriceProtection> known, ReadKnown(unit.sql(), store_.table(), {}, stated, result));
  for (Stated<PriceProtection>& next : stated) next.fact.posted = false;
  std::vector<PriceProtection> fresh = NewFacts(std::move(stated), known, result);
  RETURN_IF_ERROR(StatusOf(result.errors, [](int64_t) { return std::string("price_protection"); }));
  // The same again changes nothing and is answered as it is known.
  *reply = ToProto(fresh.empty() ? known.begin()->second : fresh.front());
  return Record(call, unit, store_.table(), std::move(fresh));
}

absl::Status PriceLayerService::ListProtections(const rpc::Call& call, rpc::Unit& unit,
                                                const v1::ListPriceProtectionsRequest& request,
                                                v1::ListPriceProtectionsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, PriceLayerStore::Fields(), request.parent()));
  SaleId after;
  if (!page.first()) {
    const std::optional<SaleId> last = ParseSaleSegment(page.after(1));
    if (!last.has_value()) return Error(Reason::kPageTokenInvalid, "page_token: got another list's, want this one's");
    after = *last;
  }
  ASSIGN_OR_RETURN(std::vector<PriceProtection> protections,
                   store_.List(unit.sql(), partner, page.after(0), after, page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&protections, [](const PriceProtection& last) {
    return std::vector{last.partner, SaleSegment(last.document, last.line, last.generation)};
  }));
  for (const PriceProtection& protection : protections) *reply->add_price_protections() = ToProto(protection);
  return absl::OkStatus();
}

events::RowSource PriceLayerService::Source() const {
  return store_.table().Source(v1::PriceProtection::descriptor()->full_name(),
                               [](const PriceProtection& protection, events::Event* event) {
                                 event->name = NameOf(protection);
                                 event->payload = ToProto(protection).SerializeAsString();
                               });
}

}  // namespace tributary::inventory
