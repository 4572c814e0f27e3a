#include "inventory-service/replenishment/suggestion_service.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/ledger/as_of.h"
#include "inventory-service/orders/order_inputs.h"
#include "inventory-service/products/kit_store.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/replenishment/replenishment_proto.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kPattern = "partners/{partner}/suggestions/{suggestion}";
constexpr int kMostPolicies = 100;

struct Key {
  std::string partner;
  Uuid uid;
};

absl::StatusOr<Key> KeyOf(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, kPattern));
  const auto uid = Uuid::Parse(ids[1]);
  // Every suggestion's id is a UUID: another one is of none.
  if (!uid.ok()) return NotFound(name);
  return Key{std::move(ids[0]), *uid};
}

void Tell(rpc::Unit& unit, std::string_view verb, const Suggestion& suggestion) {
  unit.Emit(events::Draft(suggestion.partner, verb, suggestion.name(), ToProto(suggestion)));
}

// The days whose demand is known: of sell-through those that the partner reported, of sell-in all up to the date; from
// the product's first movement on, since nobody can ask for what was never there.
DateRange KnownDays(const SiteMovements& movements, const ByDay& sell_in, DemandKnownBy known_by, const ToldDays& told,
                    Date date, int history_days) {
  DateRange known{date.AddDays(1), date.AddDays(1)};
  if (known_by != DemandKnownBy::kNothing) {
    if (told.days.empty()) return known;
    known.end = told.span().end;
    known.start = movements.empty() ? known.end : std::max(told.span().start, movements.front().date);
  } else if (!sell_in.empty()) {
    known.start = sell_in.begin()->first;
  }
  known.start = std::max(known.start, known.end.AddDays(-history_days));
  return known;
}

}  // namespace

void SuggestionService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.SuggestionService", this)
      .Unary("GetSuggestion", &SuggestionService::Get)
      .Unary("ListSuggestions", &SuggestionService::List)
      .Unary("RecomputeSuggestions", &SuggestionService::Recompute)
      .Unary("AcceptSuggestion", &SuggestionService::Accept)
      .Unary("DismissSuggestion", &SuggestionService::Dismiss);
}

template <typename Request>
absl::StatusOr<Suggestion> SuggestionService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const Key key, KeyOf(request.name()));
  ASSIGN_OR_RETURN(Suggestion suggestion, suggestions_.GetForUpdate(unit.sql(), key.partner, key.uid));
  RETURN_IF_ERROR(CheckEtag(suggestion.name(), request.etag(), suggestion.version));
  return suggestion;
}

absl::Status SuggestionService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetSuggestionRequest& request,
                                    v1::Suggestion* reply) {
  ASSIGN_OR_RETURN(const Key key, KeyOf(request.name()));
  ASSIGN_OR_RETURN(const Suggestion suggestion, suggestions_.Get(unit.sql(), key.partner, key.uid));
  *reply = ToProto(suggestion);
  return absl::OkStatus();
}

absl::Status SuggestionService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListSuggestionsRequest& request,
                                     v1::ListSuggestionsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, SuggestionStore::Fields(), request.parent()));
  Uuid after;
  if (!page.first()) {
    const auto uid = Uuid::Parse(page.after(1));
    if (!uid.ok()) return Error(Reason::kPageTokenInvalid, "page_token: got another list's, want this one's");
    after = *uid;
  }
  ASSIGN_OR_RETURN(std::vector<Suggestion> suggestions,
                   suggestions_.List(unit.sql(), partner, page.after(0), after, page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&suggestions, [](const Suggestion& last) {
    return std::vector{last.partner, last.id()};
  }));
  for (const Suggestion& suggestion : suggestions) *reply->add_suggestions() = ToProto(suggestion);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<ReplenishmentPolicy>> SuggestionService::PoliciesOf(
    rpc::Unit& unit, const std::string& partner, const v1::RecomputeSuggestionsRequest& request) const {
  std::vector<std::string> named;
  for (int i = 0; i < request.policies_size(); ++i) {
    const std::string field = StrCat("policies[", i, "]");
    ASSIGN_OR_RETURN(std::vector<std::string> ids,
                     ParseResourceName(request.policies(i),
                                       "partners/{partner}/replenishmentPolicies/{replenishment_policy}", field));
    if (ids[0] != partner) {
      return InvalidField(field, request.policies(i), StrCat("a policy of partners/", partner));
    }
    named.push_back(std::move(ids[1]));
  }
  const std::vector<std::string_view> ids(named.begin(), named.end());
  ASSIGN_OR_RETURN(std::vector<ReplenishmentPolicy> policies,
                   policies_.FindForUpdate(unit.sql(), partner, ids, kMostPolicies + 1));
  if (policies.size() > static_cast<size_t>(kMostPolicies)) {
    return InvalidField("policies", "", StrCat("some of them: the partner has more than ", kMostPolicies));
  }
  for (size_t i = 0; i < named.size(); ++i) {
    const bool found = std::any_of(policies.begin(), policies.end(),
                                   [&](const ReplenishmentPolicy& policy) { return policy.id == named[i]; });
    if (!found) return NotFound(request.policies(static_cast<int>(i)));
  }
  return policies;
}

absl::StatusOr<std::vector<ProposalInputs>> SuggestionService::InputsOf(rpc::Unit& unit, const std::string& partner,
                                                                        std::vector<ReplenishmentPolicy>& policies,
                                                                        const AsOf& as_of) const {
  std::vector<std::string_view> products;
  for (const ReplenishmentPolicy& policy : policies) products.push_back(policy.product);
  std::sort(products.begin(), products.end());
  products.erase(std::unique(products.begin(), products.end()), products.end());
  ASSIGN_OR_RETURN(const auto in_use, FindProducts(unit.sql(), products));
  std::set<std::string> replenished;
  for (const ReplenishmentPolicy& policy : policies) replenished.insert(policy.product);
  ASSIGN_OR_RETURN(const auto kits, KitStore().PartsOn(unit.sql(), replenished, *as_of.date));
  ASSIGN_OR_RETURN(auto units, units_.Of(unit.sql(), products));
  ASSIGN_OR_RETURN(auto books, movements_.Books(unit.sql(), partner, products, as_of));
  std::set<std::string> sites;
  for (const ReplenishmentPolicy& policy : policies) sites.insert(policy.site);
  ASSIGN_OR_RETURN(const auto told, movements_.Told(unit.sql(), partner, sites, as_of));
  ASSIGN_OR_RETURN(const auto unshipped,
                   orders_.UnshippedOf(unit.sql(), partner, *as_of.date, as_of.known.value_or(absl::InfiniteFuture())));
  ASSIGN_OR_RETURN(auto sell_in, movements_.SellIn(unit.sql(), partner, products, as_of));
  ASSIGN_OR_RETURN(auto lead_times, movements_.LeadTimes(unit.sql(), partner, as_of));
  ASSIGN_OR_RETURN(const bool counted, movements_.EverCounted(unit.sql(), partner, as_of));
  std::map<SiteProduct, std::vector<AcceptedQuantity>> accepted;
  ASSIGN_OR_RETURN(const std::vector<Suggestion> acceptances, suggestions_.Accepted(unit.sql(), partner, *as_of.date));
  for (const Suggestion& one : acceptances) accepted[{one.site, one.product}].push_back({one.date, one.quantity});

  std::vector<ProposalInputs> all;
  for (ReplenishmentPolicy& policy : policies) {
    const SiteProduct key{policy.site, policy.product};
    const SiteBook& book = books[key];
    const ByDay& shipped = sell_in[policy.product];
    const ToldDays& days = told.at(policy.site);
    const DemandKnownBy known_by = KnownBy(days);
    const bool sales = known_by != DemandKnownBy::kNothing;
    const DateRange known = KnownDays(book.movements, shipped, known_by, days, *as_of.date, policy.history_days);
    const DemandSeries series =
        PeriodDemand(sales ? SoldByDay(book.movements) : shipped, known, sales ? Missing(days.days, known) : DaySet(),
                     policy.demand_period_days, policy.history_days);
    ProposalInputs inputs{.date = *as_of.date,
                          .product_in_use = in_use.contains(policy.product),
                          .is_kit = kits.contains(policy.product),
                          .stock_known = sales || counted};
    if (!policy.pack_unit.empty() && inputs.product_in_use) {
      const auto size =
          ToBaseUnits(in_use.at(policy.product).unit, units[policy.product], Decimal::FromInt(1), policy.pack_unit);
      inputs.pack_known = size.ok();
      if (size.ok()) policy.pack_size = *size;
    }
    inputs.demand = {.source = sales ? DemandSource::kSellThrough : DemandSource::kSellIn,
                     .span = series.span,
                     .period_days = series.period_days,
                     .periods = static_cast<int>(series.periods.size()),
                     .known_periods = series.known(),
                     .known_by = known_by};
    inputs.forecast = ForecastDemand(series.periods);
    inputs.lead_time = LeadTimeOf(policy, lead_times[policy.product], lead_times[""]);
    const auto open = unshipped.find({policy.site, policy.product});
    inputs.position = {.on_hand = book.on_hand,
                       .in_transit = book.in_transit,
                       .on_order = OnOrder(accepted[key], book.sent),
                       .open_orders = open == unshipped.end() ? Decimal() : open->second};
    all.push_back(std::move(inputs));
  }
  return all;
}

absl::Status SuggestionService::Recompute(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::RecomputeSuggestionsRequest& request,
                                          v1::RecomputeSuggestionsResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  AsOf as_of{.date = UtcToday(call.now), .known = call.now};
  if (request.has_as_of_date()) {
    auto date = wire::FromProto(request.as_of_date());
    if (!date.ok()) return AtField(date.status(), "as_of_date");
    as_of.date = *date;
  }
  ASSIGN_OR_RETURN(std::vector<ReplenishmentPolicy> policies, PoliciesOf(unit, ids[0], request));
  if (policies.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<Suggestion> undecided, suggestions_.UndecidedForUpdate(unit.sql(), ids[0]));
  ASSIGN_OR_RETURN(const std::vector<ProposalInputs> inputs, InputsOf(unit, ids[0], policies, as_of));

  std::vector<Suggestion> suggested;
  for (size_t i = 0; i < policies.size(); ++i) {
    const auto before = std::find_if(undecided.begin(), undecided.end(), [&](const Suggestion& one) {
      return one.site == policies[i].site && one.product == policies[i].product;
    });
    suggested.push_back(Suggest(policies[i], inputs[i], before == undecided.end() ? nullptr : &*before, call.now));
  }
  RETURN_IF_ERROR(suggestions_.Put(unit.sql(), suggested));
  for (const Suggestion& suggestion : suggested) {
    Tell(unit, "recomputed", suggestion);
    *reply->add_suggestions() = ToProto(suggestion);
  }
  return absl::OkStatus();
}

absl::Status SuggestionService::Accept(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::AcceptSuggestionRequest& request, v1::Suggestion* reply) {
  ASSIGN_OR_RETURN(const Suggestion open, Load(unit, request));
  FieldReader fields;
  const std::string order = fields.OwnId("order", request.order(), open.partner, "orders");
  RETURN_IF_ERROR(fields.status());
  if (!order.empty()) {
    const auto named = orders_.Get(unit.sql(), open.partner, order);
    if (absl::IsNotFound(named.status())) {
      return Error(Reason::kReferenceNotFound,
                   StrCat("order: got ", request.order(), ", want an order of partners/", open.partner),
                   {{"resource", request.order()}});
    }
    RETURN_IF_ERROR(named.status());
    ASSIGN_OR_RETURN(const auto kits, KitStore().PartsOn(unit.sql(), ProductsOf(*named), named->order_date));
    RETURN_IF_ERROR(CheckOrders(open, *named, kits));
  }
  ASSIGN_OR_RETURN(const Suggestion accepted, inventory::Accept(open, order, request.note(), call.now));
  RETURN_IF_ERROR(suggestions_.Put(unit.sql(), {&accepted, 1}));
  Tell(unit, "accepted", accepted);
  *reply = ToProto(accepted);
  return absl::OkStatus();
}

absl::Status SuggestionService::Dismiss(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::DismissSuggestionRequest& request, v1::Suggestion* reply) {
  ASSIGN_OR_RETURN(const Suggestion suggestion, Load(unit, request));
  ASSIGN_OR_RETURN(const Suggestion dismissed, inventory::Dismiss(suggestion, request.note(), call.now));
  RETURN_IF_ERROR(suggestions_.Put(unit.sql(), {&dismissed, 1}));
  Tell(unit, "dismissed", dismissed);
  *reply = ToProto(dismissed);
  return absl::OkStatus();
}

}  // namespace tributary::inventory
