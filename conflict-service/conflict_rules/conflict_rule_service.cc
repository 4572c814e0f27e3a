#include "conflict-service/conflict_rules/conflict_rule_service.h"

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
#include "common/wire/wire.h"

namespace tributary::conflict {
namespace {

v1::ConflictRule ToProto(const DiversionPolicy& policy) {
  v1::ConflictRule message;
  message.set_name(std::string(kDiversionRule));
  message.set_etag(EtagOf(policy.version));
  if (policy.version > 0) *message.mutable_update_time() = wire::ToProto(policy.update_time);
  message.set_version(policy.version);
  *message.mutable_least_units() = wire::ToProto(policy.least_units);
  message.set_prior_decibans(policy.prior_decibans);
  message.set_balance_decibans(policy.balance_decibans);
  message.set_outside_serial_decibans(policy.outside_serial_decibans);
  message.set_threshold_decibans(policy.threshold_decibans);
  return message;
}

absl::StatusOr<DiversionPolicy> FromProto(const v1::ConflictRule& message) {
  DiversionPolicy policy{.prior_decibans = message.prior_decibans(),
                         .balance_decibans = message.balance_decibans(),
                         .outside_serial_decibans = message.outside_serial_decibans(),
                         .threshold_decibans = message.threshold_decibans()};
  // The frame does not look at a number that a mask clears.
  if (policy.outside_serial_decibans < 1) {
    return InvalidField("outside_serial_decibans", StrCat(policy.outside_serial_decibans),
                        "at least 1, or no number of units would ever be enough");
  }
  if (policy.threshold_decibans <= policy.prior_decibans) {
    return InvalidField(
        "threshold_decibans", StrCat(policy.threshold_decibans),
        StrCat("more than prior_decibans, ", policy.prior_decibans, ", or it is a finding without evidence"));
  }
  const absl::StatusOr<Decimal> least_units = wire::FromProto(message.least_units());
  if (!least_units.ok()) return AtField(least_units.status(), "least_units");
  policy.least_units = *least_units;
  return policy;
}

// There is one.
absl::Status CheckName(const std::string& name, std::string_view field) {
  RETURN_IF_ERROR(ParseResourceName(name, "conflictRules/{conflict_rule}", field).status());
  return name == kDiversionRule ? absl::OkStatus() : NotFound(name);
}

}  // namespace

void ConflictRuleService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.ConflictRuleService", this)
      .Unary("GetConflictRule", &ConflictRuleService::Get)
      .Unary("ListConflictRules", &ConflictRuleService::List)
      .Unary("ListConflictRuleVersions", &ConflictRuleService::ListVersions)
      .Unary("UpdateConflictRule", &ConflictRuleService::Update);
}

absl::Status ConflictRuleService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetConflictRuleRequest& request,
                                      v1::ConflictRule* reply) {
  RETURN_IF_ERROR(CheckName(request.name(), "name"));
  ASSIGN_OR_RETURN(const DiversionPolicy policy, policies_.Current(unit.sql()));
  *reply = ToProto(policy);
  return absl::OkStatus();
}

absl::Status ConflictRuleService::List(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ListConflictRulesRequest& request,
                                       v1::ListConflictRulesResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, ""));
  if (!page.first()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const DiversionPolicy policy, policies_.Current(unit.sql()));
  *reply->add_conflict_rules() = ToProto(policy);
  return absl::OkStatus();
}

absl::Status ConflictRuleService::ListVersions(const rpc::Call& call, rpc::Unit& unit,
                                               const v1::ListConflictRuleVersionsRequest& request,
                                               v1::ListConflictRuleVersionsResponse* reply) {
  RETURN_IF_ERROR(CheckName(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, request.parent()));
  int64_t before = std::numeric_limits<int64_t>::max();
  if (!page.first() && !absl::SimpleAtoi(Abseil(page.after(0)), &before)) {
    return Error(Reason::kPageTokenInvalid, "page_token: want one of this list");
  }
  ASSIGN_OR_RETURN(std::vector<DiversionPolicy> policies, policies_.Versions(unit.sql(), before, page.limit()));
  reply->set_next_page_token(
      page.Cut(&policies, [](const DiversionPolicy& last) { return std::vector{StrCat(last.version)}; }));
  for (const DiversionPolicy& policy : policies) *reply->add_conflict_rules() = ToProto(policy);
  return absl::OkStatus();
}

absl::Status ConflictRuleService::Update(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::UpdateConflictRuleRequest& request, v1::ConflictRule* reply) {
  static const std::vector<std::string_view> kMayChange = {"least_units", "prior_decibans", "balance_decibans",
                                                           "outside_serial_decibans", "threshold_decibans"};
  RETURN_IF_ERROR(CheckName(request.conflict_rule().name(), "conflict_rule.name"));
  RETURN_IF_ERROR(detector_.Lock(unit.sql()));
  ASSIGN_OR_RETURN(const DiversionPolicy before, policies_.Current(unit.sql()));
  RETURN_IF_ERROR(CheckEtag(kDiversionRule, request.conflict_rule().etag(), before.version));
  v1::ConflictRule merged = ToProto(before);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.conflict_rule(), &merged, kMayChange));
  auto policy = FromProto(merged);
  if (!policy.ok()) return AtField(policy.status(), "conflict_rule");
  policy->version = before.version + 1;
  policy->update_time = call.now;
  RETURN_IF_ERROR(policies_.Add(unit.sql(), *policy));
  RETURN_IF_ERROR(detector_.JudgeAll(unit.sql(), call.now, unit.outbox()));
  *reply = ToProto(*policy);
  unit.Emit(events::Draft(kDiversionRule, "updated", kDiversionRule, *reply));
  return absl::OkStatus();
}

}  // namespace tributary::conflict
