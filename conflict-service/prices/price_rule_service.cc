#include "conflict-service/prices/price_rule_service.h"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/detection/price_detector.h"
#include "conflict-service/prices/price_proto.h"
#include "conflict-service/remedies/price_follow_up.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kRulePattern = "priceRules/{price_rule}";

}  // namespace

void PriceRuleService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.PriceRuleService", this)
      .Unary("GetPriceRule", &PriceRuleService::Get)
      .Unary("ListPriceRules", &PriceRuleService::List)
      .Unary("ListPriceRuleVersions", &PriceRuleService::ListVersions)
      .Unary("CreatePriceRule", &PriceRuleService::Create)
      .Unary("UpdatePriceRule", &PriceRuleService::Update);
}

absl::Status PriceRuleService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetPriceRuleRequest& request,
                                   v1::PriceRule* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.name(), kRulePattern).status());
  ASSIGN_OR_RETURN(const PriceRule rule, rules_.Get(unit.sql(), request.name()));
  *reply = ToProto(rule);
  return absl::OkStatus();
}

absl::Status PriceRuleService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPriceRulesRequest& request,
                                    v1::ListPriceRulesResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, PriceRuleStore::Fields(), ""));
  ASSIGN_OR_RETURN(std::vector<PriceRule> rules, rules_.List(unit.sql(), page.filter(), page.after(0), page.limit()));
  reply->set_next_page_token(page.Cut(&rules, [](const PriceRule& last) { return std::vector{last.name}; }));
  for (const PriceRule& rule : rules) *reply->add_price_rules() = ToProto(rule);
  return absl::OkStatus();
}

absl::Status PriceRuleService::ListVersions(const rpc::Call& call, rpc::Unit& unit,
                                            const v1::ListPriceRuleVersionsRequest& request,
                                            v1::ListPriceRuleVersionsResponse* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.parent(), kRulePattern, "parent").status());
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, request.parent()));
  int64_t before = std::numeric_limits<int64_t>::max();
  if (!page.first() && !absl::SimpleAtoi(Abseil(page.after(0)), &before)) {
    return Error(Reason::kPageTokenInvalid, "page_token: want one of this list");
  }
  ASSIGN_OR_RETURN(std::vector<PriceRule> rules, rules_.Versions(unit.sql(), request.parent(), before, page.limit()));
  if (page.first() && rules.empty()) return NotFound(request.parent());
  reply->set_next_page_token(page.Cut(&rules, [](const PriceRule& last) { return std::vector{StrCat(last.version)}; }));
  for (const PriceRule& rule : rules) *reply->add_price_rules() = ToProto(rule);
  return absl::OkStatus();
}

absl::Status PriceRuleService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreatePriceRuleRequest& request,
                                      v1::PriceRule* reply) {
  absl::StatusOr<PriceRule> rule = FromProto(request.price_rule());
  if (!rule.ok()) return AtField(rule.status(), "price_rule");
  rule->uid = Uuid::New(call.now);
  rule->create_time = rule->update_time = call.now;
  rule->name = StrCat("priceRules/", request.price_rule_id().empty() ? rule->uid.ToString() : request.price_rule_id());
  RETURN_IF_ERROR(LockPrices(unit.sql()));
  RETURN_IF_ERROR(rules_.Create(unit.sql(), *rule));
  RETURN_IF_ERROR(JudgePricesOf(unit.sql(), rule->product, call.now, unit.outbox()));
  *reply = ToProto(*rule);
  unit.Emit(Told("created", *reply));
  return absl::OkStatus();
}

absl::Status PriceRuleService::Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdatePriceRuleRequest& request,
                                      v1::PriceRule* reply) {
  static const std::vector<std::string_view> kMayChange = {"regions",        "floor",        "minimum_advertised_price",
                                                           "effective_from", "effective_to", "exceptions",
                                                           "bands",          "follow_days",  "tax_included"};
  RETURN_IF_ERROR(ParseResourceName(request.price_rule().name(), kRulePattern, "price_rule.name").status());
  RETURN_IF_ERROR(LockPrices(unit.sql()));
  ASSIGN_OR_RETURN(const PriceRule before, rules_.Get(unit.sql(), request.price_rule().name()));
  RETURN_IF_ERROR(CheckEtag(before.name, request.price_rule().etag(), before.version));
  v1::PriceRule merged = ToProto(before);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.price_rule(), &merged, kMayChange));
  absl::StatusOr<PriceRule> rule = FromProto(merged);
  if (!rule.ok()) return AtField(rule.status(), "price_rule");
  rule->name = before.name;
  rule->uid = before.uid;
  rule->create_time = before.create_time;
  rule->version = before.version + 1;
  rule->update_time = call.now;
  RETURN_IF_ERROR(rules_.Add(unit.sql(), *rule));
  RETURN_IF_ERROR(FollowPriceRule(unit.sql(), *rule, call.now, unit.outbox()));
  RETURN_IF_ERROR(JudgePricesOf(unit.sql(), rule->product, call.now, unit.outbox()));
  *reply = ToProto(*rule);
  unit.Emit(Told("updated", *reply));
  return absl::OkStatus();
}

}  // namespace tributary::conflict
