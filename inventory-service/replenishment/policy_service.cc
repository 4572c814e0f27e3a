#include "inventory-service/replenishment/policy_service.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "inventory-service/ledger/posting.h"
#include "inventory-service/products/kit_store.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/replenishment/replenishment_proto.h"
#include "inventory-service/units/quantity.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kPattern = "partners/{partner}/replenishmentPolicies/{replenishment_policy}";
constexpr std::string_view kField = "replenishment_policy";

absl::Status UnknownReference(std::string_view field, const std::string& got, std::string_view want) {
  return Error(Reason::kReferenceNotFound, StrCat(field, ": got ", got, ", want ", want), {{"resource", got}});
}

void Tell(rpc::Unit& unit, std::string_view verb, const ReplenishmentPolicy& policy) {
  unit.Emit(events::Draft(policy.partner, verb, policy.name(), ToProto(policy)));
}

}  // namespace

void ReplenishmentPolicyService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.ReplenishmentPolicyService", this)
      .Unary("GetReplenishmentPolicy", &ReplenishmentPolicyService::Get)
      .Unary("ListReplenishmentPolicies", &ReplenishmentPolicyService::List)
      .Unary("CreateReplenishmentPolicy", &ReplenishmentPolicyService::Create, rpc::Lane::kRemote)
      .Unary("UpdateReplenishmentPolicy", &ReplenishmentPolicyService::Update)
      .Unary("PauseReplenishmentPolicy", &ReplenishmentPolicyService::Pause)
      .Unary("ResumeReplenishmentPolicy", &ReplenishmentPolicyService::Resume);
}

template <typename Request>
absl::StatusOr<ReplenishmentPolicy> ReplenishmentPolicyService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(ReplenishmentPolicy policy, store_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(policy.name(), request.etag(), policy.version));
  return policy;
}

absl::StatusOr<ReplenishmentPolicy> ReplenishmentPolicyService::Terms(const rpc::Call& call, rpc::Unit& unit,
                                                                      const v1::ReplenishmentPolicy& stated,
                                                                      std::string_view partner) const {
  auto policy = FromProto(stated, partner);
  if (!policy.ok()) return AtField(policy.status(), kField);
  ASSIGN_OR_RETURN(const auto products, FindProducts(unit.sql(), {policy->product}));
  const auto product = products.find(policy->product);
  if (product == products.end() || product->second.kind != ProductKind::kStocked) {
    return UnknownReference("replenishment_policy.product", stated.product(), "a STOCKED product that is in use");
  }
  ASSIGN_OR_RETURN(const auto kits, KitStore().PartsOn(unit.sql(), {policy->product}, UtcToday(call.now)));
  RETURN_IF_ERROR(CheckNoKit("replenishment_policy.product", policy->product, kits, "replenish"));
  const BaseUnit& base = product->second.unit;
  if (!policy->pack_unit.empty()) {
    ASSIGN_OR_RETURN(const auto units, units_.Of(unit.sql(), {policy->product}));
    const auto of_product = units.find(policy->product);
    const bool found = of_product != units.end() &&
                       std::any_of(of_product->second.begin(), of_product->second.end(),
                                   [&](const UnitConversion& one) { return one.id == policy->pack_unit; });
    if (!found) return UnknownReference("replenishment_policy.pack_unit", stated.pack_unit(), "a unit of the product");
    ASSIGN_OR_RETURN(policy->pack_size, ToBaseUnits(base, of_product->second, Decimal::FromInt(1), policy->pack_unit));
  } else if (!IsMultipleOf(policy->pack_size, base.step)) {
    return InvalidField("replenishment_policy.pack_size", policy->pack_size.ToString(),
                        StrCat("a whole multiple of ", base.step.ToString(), " ", base.name));
  }
  RETURN_IF_ERROR(AtField(CheckTerms(*policy), kField));
  return policy;
}

absl::Status ReplenishmentPolicyService::CheckSite(rpc::Unit& unit, const ReplenishmentPolicy& policy) const {
  // Every partner has `main`, also before the feed has told of the partner.
  if (policy.site != kMainSite) {
    const absl::Status site = sites_.Get(unit.sql(), policy.partner, policy.site).status();
    if (ReasonOf(site) == Reason::kNotFound) {
      return UnknownReference("replenishment_policy.site", SiteName(policy.partner, policy.site),
                              "a site of the partner");
    }
    RETURN_IF_ERROR(site);
  }
  return absl::OkStatus();
}

absl::Status ReplenishmentPolicyService::Get(const rpc::Call&, rpc::Unit& unit,
                                             const v1::GetReplenishmentPolicyRequest& request,
                                             v1::ReplenishmentPolicy* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const ReplenishmentPolicy policy, store_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(policy);
  return absl::OkStatus();
}

absl::Status ReplenishmentPolicyService::List(const rpc::Call& call, rpc::Unit& unit,
                                              const v1::ListReplenishmentPoliciesRequest& request,
                                              v1::ListReplenishmentPoliciesResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(page_tokens_, call, request, ReplenishmentPolicyStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<ReplenishmentPolicy> policies,
                   store_.List(unit.sql(), partner, page.after(0), page.after(1), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&policies, [](const ReplenishmentPolicy& last) {
    return std::vector{last.partner, last.id};
  }));
  for (const ReplenishmentPolicy& policy : policies) *reply->add_replenishment_policies() = ToProto(policy);
  return absl::OkStatus();
}

absl::Status ReplenishmentPolicyService::Create(const rpc::Call& call, rpc::Unit& unit,
                                                const v1::CreateReplenishmentPolicyRequest& request,
                                                v1::ReplenishmentPolicy* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(const std::set<std::string> unknown, partners_.Unknown(call, {ids[0]}));
  if (!unknown.empty()) return UnknownReference("parent", request.parent(), "a partner that is known");
  ASSIGN_OR_RETURN(ReplenishmentPolicy policy, Terms(call, unit, request.replenishment_policy(), ids[0]));
  policy.uid = Uuid::New(call.now);
  policy.id = request.replenishment_policy_id().empty() ? policy.uid.ToString() : request.replenishment_policy_id();
  policy.create_time = policy.update_time = call.now;
  RETURN_IF_ERROR(CheckSite(unit, policy));
  RETURN_IF_ERROR(store_.Insert(unit.sql(), policy));
  Tell(unit, "created", policy);
  *reply = ToProto(policy);
  return absl::OkStatus();
}

absl::Status ReplenishmentPolicyService::Update(const rpc::Call& call, rpc::Unit& unit,
                                                const v1::UpdateReplenishmentPolicyRequest& request,
                                                v1::ReplenishmentPolicy* reply) {
  static const std::vector<std::string_view> kMayChange = {"kind",
                                                           "service_level",
                                                           "lead_time_days",
                                                           "lead_time_deviation_days",
                                                           "review_period_days",
                                                           "first_review_date",
                                                           "demand_period_days",
                                                           "history_days",
                                                           "order_quantity",
                                                           "pack_size",
                                                           "pack_unit",
                                                           "min_level",
                                                           "max_level"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.replenishment_policy().name(), kPattern, "replenishment_policy.name"));
  ASSIGN_OR_RETURN(const ReplenishmentPolicy before, store_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(before.name(), request.replenishment_policy().etag(), before.version));
  v1::ReplenishmentPolicy merged = ToProto(before);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.replenishment_policy(), &merged, kMayChange));
  ASSIGN_OR_RETURN(ReplenishmentPolicy after, Terms(call, unit, merged, before.partner));
  after.id = before.id;
  after.uid = before.uid;
  after.state = before.state;
  after.version = before.version + 1;
  after.create_time = before.create_time;
  after.update_time = call.now;
  RETURN_IF_ERROR(store_.Update(unit.sql(), after));
  Tell(unit, "updated", after);
  *reply = ToProto(after);
  return absl::OkStatus();
}

absl::Status ReplenishmentPolicyService::Pause(const rpc::Call& call, rpc::Unit& unit,
                                               const v1::PauseReplenishmentPolicyRequest& request,
                                               v1::ReplenishmentPolicy* reply) {
  ASSIGN_OR_RETURN(const ReplenishmentPolicy policy, Load(unit, request));
  ASSIGN_OR_RETURN(const ReplenishmentPolicy paused, inventory::Pause(policy, call.now));
  RETURN_IF_ERROR(store_.Update(unit.sql(), paused));
  Tell(unit, "paused", paused);
  *reply = ToProto(paused);
  return absl::OkStatus();
}

absl::Status ReplenishmentPolicyService::Resume(const rpc::Call& call, rpc::Unit& unit,
                                                const v1::ResumeReplenishmentPolicyRequest& request,
                                                v1::ReplenishmentPolicy* reply) {
  ASSIGN_OR_RETURN(const ReplenishmentPolicy policy, Load(unit, request));
  ASSIGN_OR_RETURN(const ReplenishmentPolicy resumed, inventory::Resume(policy, call.now));
  RETURN_IF_ERROR(store_.Update(unit.sql(), resumed));
  Tell(unit, "resumed", resumed);
  *reply = ToProto(resumed);
  return absl::OkStatus();
}

}  // namespace tributary::inventory
