#include "incentive-service/budgets/budget_service.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "incentive-service/budgets/budget_proto.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/wallets/wallet_proto.h"

namespace tributary::incentive {
namespace {

void Tell(rpc::Unit& unit, std::string_view verb, const v1::Budget& budget) {
  unit.Emit(events::Draft(budget.name(), verb, budget.name(), budget));
}
void Tell(rpc::Unit& unit, std::string_view verb, std::string_view partner, const v1::FundAllocation& allocation) {
  unit.Emit(events::Draft(partner, verb, allocation.name(), allocation));
}

}  // namespace

void BudgetService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.BudgetService", this)
      .Unary("GetBudget", &BudgetService::Get)
      .Unary("ListBudgets", &BudgetService::List)
      .Unary("CreateBudget", &BudgetService::Create)
      .Unary("UpdateBudget", &BudgetService::Update)
      .Unary("GetFundAllocation", &BudgetService::GetAllocation)
      .Unary("ListFundAllocations", &BudgetService::ListAllocations)
      .Unary("CreateFundAllocation", &BudgetService::CreateAllocation)
      .Unary("UpdateFundAllocation", &BudgetService::UpdateAllocation);
}

absl::Status BudgetService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetBudgetRequest& request,
                                v1::Budget* reply) {
  ASSIGN_OR_RETURN(const std::string id, BudgetIdOf(request.name()));
  ASSIGN_OR_RETURN(const Budget budget, budgets_.Get(unit.sql(), id));
  *reply = ToProto(budget);
  return absl::OkStatus();
}

absl::Status BudgetService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListBudgetsRequest& request,
                                 v1::ListBudgetsResponse* reply) {
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, BudgetStore::FilterFields()));
  ASSIGN_OR_RETURN(std::vector<Budget> budgets,
                   budgets_.List(unit.sql(), query.After(0), query.where, query.limit + 1));
  reply->set_next_page_token(
      CutPage(query, tokens_, &budgets, [](const Budget& budget) { return std::vector{budget.id}; }));
  for (const Budget& budget : budgets) *reply->add_budgets() = ToProto(budget);
  return absl::OkStatus();
}

absl::Status BudgetService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateBudgetRequest& request,
                                   v1::Budget* reply) {
  ASSIGN_OR_RETURN(Budget budget, FromProto(request.budget()));
  RETURN_IF_ERROR(CheckBudget(budget, "budget"));
  budget.uid = Uuid::New(call.now);
  budget.id = request.budget_id().empty() ? budget.uid.ToString() : request.budget_id();
  budget.create_time = budget.update_time = call.now;
  RETURN_IF_ERROR(budgets_.Insert(unit.sql(), budget));
  *reply = ToProto(budget);
  Tell(unit, "created", *reply);
  return absl::OkStatus();
}

absl::Status BudgetService::Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateBudgetRequest& request,
                                   v1::Budget* reply) {
  static const auto& kChangeable =
      *new std::vector<std::string_view>{"display_name", "amount", "effective_from", "effective_to", "claim_days"};
  ASSIGN_OR_RETURN(const std::string id, BudgetIdOf(request.budget().name(), "budget.name"));
  ASSIGN_OR_RETURN(const Budget budget, budgets_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckEtag(budget.name(), request.budget().etag(), budget.version));
  v1::Budget message = ToProto(budget);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.budget(), &message, kChangeable));
  ASSIGN_OR_RETURN(const Budget wanted, FromProto(message));
  ASSIGN_OR_RETURN(const Budget revised, Revise(budget, wanted, call.now));
  RETURN_IF_ERROR(budgets_.Update(unit.sql(), revised));
  *reply = ToProto(revised);
  Tell(unit, "updated", *reply);
  return absl::OkStatus();
}

absl::Status BudgetService::GetAllocation(const rpc::Call&, rpc::Unit& unit,
                                          const v1::GetFundAllocationRequest& request, v1::FundAllocation* reply) {
  ASSIGN_OR_RETURN(const auto name, ParseAllocationName(request.name()));
  ASSIGN_OR_RETURN(const FundAllocation allocation, budgets_.GetAllocation(unit.sql(), name.first, name.second));
  *reply = ToProto(allocation);
  return absl::OkStatus();
}

absl::Status BudgetService::ListAllocations(const rpc::Call& call, rpc::Unit& unit,
                                            const v1::ListFundAllocationsRequest& request,
                                            v1::ListFundAllocationsResponse* reply) {
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, request.parent()));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, BudgetStore::AllocationFilterFields()));
  ASSIGN_OR_RETURN(
      std::vector<FundAllocation> allocations,
      budgets_.ListAllocations(unit.sql(), partner, query.After(0), query.After(1), query.where, query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &allocations, [](const FundAllocation& allocation) {
    return std::vector{allocation.partner, allocation.id};
  }));
  for (const FundAllocation& allocation : allocations) *reply->add_fund_allocations() = ToProto(allocation);
  return absl::OkStatus();
}

absl::Status BudgetService::CreateAllocation(const rpc::Call& call, rpc::Unit& unit,
                                             const v1::CreateFundAllocationRequest& request,
                                             v1::FundAllocation* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  if (ids[0] == "-") return InvalidField("parent", request.parent(), "the name of one partner");
  ASSIGN_OR_RETURN(const std::string id, BudgetIdOf(request.fund_allocation().budget(), "fund_allocation.budget"));
  ASSIGN_OR_RETURN(Budget budget, budgets_.GetForUpdate(unit.sql(), id));
  ASSIGN_OR_RETURN(const int64_t amount,
                   MinorFromProto(request.fund_allocation().amount(), budget.currency, "fund_allocation.amount"));
  FundAllocation allocation{.partner = ids[0],
                            .uid = Uuid::New(call.now),
                            .create_time = call.now,
                            .budget = budget.id,
                            .currency = budget.currency};
  allocation.id = request.fund_allocation_id().empty() ? allocation.uid.ToString() : request.fund_allocation_id();
  ASSIGN_OR_RETURN(const Allocated made, Allocate(std::move(budget), std::move(allocation), amount, call.now));
  RETURN_IF_ERROR(budgets_.Update(unit.sql(), made.budget));
  RETURN_IF_ERROR(budgets_.InsertAllocation(unit.sql(), made.allocation));
  *reply = ToProto(made.allocation);
  Tell(unit, "created", made.allocation.partner, *reply);
  return absl::OkStatus();
}

absl::Status BudgetService::UpdateAllocation(const rpc::Call& call, rpc::Unit& unit,
                                             const v1::UpdateFundAllocationRequest& request,
                                             v1::FundAllocation* reply) {
  static const auto& kChangeable = *new std::vector<std::string_view>{"amount"};
  ASSIGN_OR_RETURN(const auto name, ParseAllocationName(request.fund_allocation().name(), "fund_allocation.name"));
  // Its budget never changes, so it may be read before that is locked.
  ASSIGN_OR_RETURN(const FundAllocation known, budgets_.GetAllocation(unit.sql(), name.first, name.second));
  ASSIGN_OR_RETURN(Budget budget, budgets_.GetForUpdate(unit.sql(), known.budget));
  ASSIGN_OR_RETURN(FundAllocation allocation, budgets_.GetAllocationForUpdate(unit.sql(), name.first, name.second));
  RETURN_IF_ERROR(CheckEtag(allocation.name(), request.fund_allocation().etag(), allocation.version));
  v1::FundAllocation wanted = ToProto(allocation);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.fund_allocation(), &wanted, kChangeable));
  ASSIGN_OR_RETURN(const int64_t amount,
                   MinorFromProto(wanted.amount(), allocation.currency, "fund_allocation.amount"));
  ++allocation.version;
  ASSIGN_OR_RETURN(const Allocated changed, Allocate(std::move(budget), std::move(allocation), amount, call.now));
  RETURN_IF_ERROR(budgets_.Update(unit.sql(), changed.budget));
  RETURN_IF_ERROR(budgets_.UpdateAllocation(unit.sql(), changed.allocation));
  *reply = ToProto(changed.allocation);
  Tell(unit, "updated", changed.allocation.partner, *reply);
  return absl::OkStatus();
}

}  // namespace tributary::incentive
