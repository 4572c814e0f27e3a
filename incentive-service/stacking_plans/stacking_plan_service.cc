#include "incentive-service/stacking_plans/stacking_plan_service.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/ids/uuid.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/programs/lint_proto.h"
#include "incentive-service/stacking_plans/stacking_plan_proto.h"

namespace tributary::incentive {
namespace {

void Tell(rpc::Unit& unit, std::string_view verb, const v1::StackingPlan& plan) {
  unit.Emit(events::Draft(plan.name(), verb, plan.name(), plan));
}

// Of a base unit.
absl::StatusOr<Decimal> UnitAmountOf(const google::type::Decimal& value, std::string_view field) {
  absl::StatusOr<Decimal> amount = wire::FromProto(value);
  if (!amount.ok()) return AtField(amount.status(), field);
  return amount;
}

}  // namespace

void StackingPlanService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.StackingPlanService", this)
      .Unary("GetStackingPlan", &StackingPlanService::Get)
      .Unary("ListStackingPlans", &StackingPlanService::List)
      .Unary("CreateStackingPlan", &StackingPlanService::Create)
      .Unary("UpdateStackingPlan", &StackingPlanService::Update)
      .Unary("LintStackingPlan", &StackingPlanService::Lint)
      .Unary("ActivateStackingPlan", &StackingPlanService::ActivatePlan)
      .Unary("EndStackingPlan", &StackingPlanService::EndPlan);
}

absl::Status StackingPlanService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetStackingPlanRequest& request,
                                      v1::StackingPlan* reply) {
  ASSIGN_OR_RETURN(const std::string id, StackingPlanIdOf(request.name()));
  ASSIGN_OR_RETURN(const DeclaredPlan plan, plans_.Get(unit.sql(), id));
  *reply = ToProto(plan);
  return absl::OkStatus();
}

absl::Status StackingPlanService::List(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ListStackingPlansRequest& request,
                                       v1::ListStackingPlansResponse* reply) {
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, StackingPlanStore::FilterFields()));
  ASSIGN_OR_RETURN(std::vector<DeclaredPlan> plans,
                   plans_.List(unit.sql(), query.After(0), query.where, query.limit + 1));
  reply->set_next_page_token(
      CutPage(query, tokens_, &plans, [](const DeclaredPlan& plan) { return std::vector{plan.id}; }));
  for (const DeclaredPlan& plan : plans) *reply->add_stacking_plans() = ToProto(plan);
  return absl::OkStatus();
}

absl::Status StackingPlanService::Create(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::CreateStackingPlanRequest& request, v1::StackingPlan* reply) {
  ASSIGN_OR_RETURN(DeclaredPlan plan, FromProto(request.stacking_plan(), "stacking_plan"));
  plan.uid = Uuid::New(call.now);
  plan.id = request.stacking_plan_id().empty() ? plan.uid.ToString() : request.stacking_plan_id();
  plan.create_time = plan.update_time = call.now;
  RETURN_IF_ERROR(plans_.Insert(unit.sql(), plan));
  *reply = ToProto(plan);
  Tell(unit, "created", *reply);
  return absl::OkStatus();
}

absl::Status StackingPlanService::Update(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::UpdateStackingPlanRequest& request, v1::StackingPlan* reply) {
  static const auto& kChangeable =
      *new std::vector<std::string_view>{"display_name", "effective_from", "net_of", "groups", "caps"};
  ASSIGN_OR_RETURN(const std::string id, StackingPlanIdOf(request.stacking_plan().name(), "stacking_plan.name"));
  ASSIGN_OR_RETURN(const DeclaredPlan plan, plans_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckEtag(plan.name(), request.stacking_plan().etag(), plan.version));
  v1::StackingPlan wanted = ToProto(plan);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.stacking_plan(), &wanted, kChangeable));
  ASSIGN_OR_RETURN(DeclaredPlan read, FromProto(wanted, "stacking_plan"));
  ASSIGN_OR_RETURN(const DeclaredPlan revised, Revise(plan, std::move(read), call.now));
  RETURN_IF_ERROR(plans_.Update(unit.sql(), revised));
  *reply = ToProto(revised);
  Tell(unit, "updated", *reply);
  return absl::OkStatus();
}

absl::Status StackingPlanService::Lint(const rpc::Call&, rpc::Unit& unit, const v1::LintStackingPlanRequest& request,
                                       v1::LintStackingPlanResponse* reply) {
  ASSIGN_OR_RETURN(const std::string id, StackingPlanIdOf(request.name()));
  ASSIGN_OR_RETURN(const DeclaredPlan plan, plans_.Get(unit.sql(), id));
  ASSIGN_OR_RETURN(const std::vector<Program> members, stacks_.Programs(unit.sql(), plan.rules));
  ASSIGN_OR_RETURN(const std::optional<StandardMargin> margin, ReadMargin(unit.sql(), request, plan, members));
  for (const Finding& finding : LintPlan(plan, members, margin)) *reply->add_findings() = ToProto(finding);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<StandardMargin>> StackingPlanService::ReadMargin(
    mysql::Transaction& sql, const v1::LintStackingPlanRequest& request, const DeclaredPlan& plan,
    const std::vector<Program>& members) const {
  const bool asked = request.has_unit_cost() || !request.product().empty();
  if (!request.has_unit_price()) {
    if (!asked) return std::nullopt;
    return InvalidField("unit_price", "none", "what a unit is sold for, since its cost is given");
  }
  StandardMargin margin;
  ASSIGN_OR_RETURN(margin.unit_price, UnitAmountOf(request.unit_price(), "unit_price"));
  if (margin.unit_price <= Decimal()) {
    return InvalidField("unit_price", margin.unit_price.ToString(), "what a unit is sold for, above 0");
  }
  if (request.has_unit_cost() != request.product().empty()) {
    return InvalidField("unit_cost", request.has_unit_cost() ? "one, and a product" : "none, and no product",
                        "what a unit costs, or the product whose standard cost it is");
  }
  if (request.has_unit_cost()) {
    ASSIGN_OR_RETURN(margin.unit_cost, UnitAmountOf(request.unit_cost(), "unit_cost"));
    return margin;
  }
  const std::string currency = members.empty() ? std::string() : members[0].terms.currency;
  ASSIGN_OR_RETURN(const StandardCosts costs, costs_.Read(sql, {request.product()}));
  const Money* cost = costs.On(request.product(), plan.effective.start);
  if (cost == nullptr || cost->currency != currency) {
    return InvalidField(
        "product", request.product(),
        StrCat("a product whose standard cost in ", currency, " on ", plan.effective.start.ToString(), " is known"));
  }
  margin.unit_cost = cost->amount;
  return margin;
}

absl::Status StackingPlanService::CheckOpen(mysql::Transaction& sql, const DeclaredPlan& plan,
                                            const std::vector<Program>& members) const {
  for (const Program& member : members) {
    ASSIGN_OR_RETURN(const std::vector<std::string> closed, closes_.ClosedIds(sql, member.id));
    for (const std::string& id : closed) {
      ASSIGN_OR_RETURN(const Period period, ParsePeriod(member.paid(), id));
      if (period.range.end <= plan.effective.start) continue;
      const std::string name = StrCat(member.name(), "/closes/", id);
      return Error(Reason::kPeriodClosed,
                   StrCat(plan.name(), ": got ", name, ", want no close of a member from ",
                          plan.effective.start.ToString(), " on"),
                   {{"resource", name}});
    }
    ASSIGN_OR_RETURN(const std::string opened, volumes_.NamedSince(sql, member.id, plan.effective.start));
    if (opened.empty()) continue;
    return Error(Reason::kStateConflict,
                 StrCat(plan.name(), ": got ", opened, ", want no opening volume of ", member.name(), " from ",
                        plan.effective.start.ToString(), " on"),
                 {{"resource", opened}});
  }
  return absl::OkStatus();
}

absl::Status StackingPlanService::ActivatePlan(const rpc::Call& call, rpc::Unit& unit,
                                               const v1::ActivateStackingPlanRequest& request,
                                               v1::StackingPlan* reply) {
  ASSIGN_OR_RETURN(const std::string id, StackingPlanIdOf(request.name()));
  RETURN_IF_ERROR(ProgramStore().LockSet(unit.sql()));
  ASSIGN_OR_RETURN(const DeclaredPlan plan, plans_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckEtag(plan.name(), request.etag(), plan.version));
  ASSIGN_OR_RETURN(const std::vector<Program> members, stacks_.Programs(unit.sql(), plan.rules));
  ASSIGN_OR_RETURN(const DeclaredPlan active, Activate(plan, LintPlan(plan, members), call.now));
  RETURN_IF_ERROR(CheckOpen(unit.sql(), active, members));
  RETURN_IF_ERROR(plans_.Join(unit.sql(), active));
  RETURN_IF_ERROR(plans_.Update(unit.sql(), active));
  *reply = ToProto(active);
  Tell(unit, "activated", *reply);
  return absl::OkStatus();
}

absl::Status StackingPlanService::EndPlan(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::EndStackingPlanRequest& request, v1::StackingPlan* reply) {
  ASSIGN_OR_RETURN(const std::string id, StackingPlanIdOf(request.name()));
  RETURN_IF_ERROR(ProgramStore().LockSet(unit.sql()));
  ASSIGN_OR_RETURN(const DeclaredPlan plan, plans_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckEtag(plan.name(), request.etag(), plan.version));
  ASSIGN_OR_RETURN(const std::vector<Program> members, stacks_.Programs(unit.sql(), plan.rules));
  ASSIGN_OR_RETURN(const DeclaredPlan ended, End(plan, members.empty() ? Program() : members[0], call.now));
  RETURN_IF_ERROR(plans_.Leave(unit.sql(), ended));
  RETURN_IF_ERROR(plans_.Update(unit.sql(), ended));
  *reply = ToProto(ended);
  Tell(unit, "ended", *reply);
  return absl::OkStatus();
}

}  // namespace tributary::incentive
