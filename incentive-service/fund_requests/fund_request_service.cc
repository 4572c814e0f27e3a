#include "incentive-service/fund_requests/fund_request_service.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/paging/etag.h"
#include "common/wire/field_reader.h"
#include "incentive-service/budgets/budget_proto.h"
#include "incentive-service/fund_requests/fund_request_proto.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/wallets/wallet_proto.h"

namespace tributary::incentive {

void FundRequestService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.FundRequestService", this)
      .Unary("GetFundRequest", &FundRequestService::Get)
      .Unary("ListFundRequests", &FundRequestService::List)
      .Unary("CreateFundRequest", &FundRequestService::Create)
      .Unary("ApproveFundRequest", &FundRequestService::ApproveRequest)
      .Unary("RejectFundRequest", &FundRequestService::RejectRequest)
      .Unary("WithdrawFundRequest", &FundRequestService::WithdrawRequest)
      .Unary("CloseFundRequest", &FundRequestService::CloseRequest);
}

absl::Status FundRequestService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetFundRequestRequest& request,
                                     v1::FundRequest* reply) {
  ASSIGN_OR_RETURN(const auto name, ParseFundRequestName(request.name()));
  ASSIGN_OR_RETURN(const FundRequest found, requests_.Get(unit.sql(), name.first, name.second));
  *reply = ToProto(found);
  return absl::OkStatus();
}

absl::Status FundRequestService::List(const rpc::Call& call, rpc::Unit& unit,
                                      const v1::ListFundRequestsRequest& request, v1::ListFundRequestsResponse* reply) {
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, request.parent()));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, FundRequestStore::FilterFields()));
  ASSIGN_OR_RETURN(std::vector<FundRequest> found,
                   requests_.List(unit.sql(), partner, query.After(0), query.After(1), query.where, query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &found, [](const FundRequest& one) {
    return std::vector{one.partner, one.id};
  }));
  for (const FundRequest& one : found) *reply->add_fund_requests() = ToProto(one);
  return absl::OkStatus();
}

absl::Status FundRequestService::Create(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::CreateFundRequestRequest& request, v1::FundRequest* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  if (ids[0] == "-") return InvalidField("parent", request.parent(), "the name of one partner");
  FieldReader fields;
  const std::string allocation_id =
      fields.OwnId("fund_request.fund_allocation", request.fund_request().fund_allocation(), ids[0], "fundAllocations");
  RETURN_IF_ERROR(fields.status());
  ASSIGN_OR_RETURN(const FundAllocation allocation, budgets_.GetAllocation(unit.sql(), ids[0], allocation_id));
  ASSIGN_OR_RETURN(const Budget budget, budgets_.Get(unit.sql(), allocation.budget));
  ASSIGN_OR_RETURN(FundRequest asked, FromProto(request.fund_request(), allocation));
  RETURN_IF_ERROR(CheckFundRequest(asked, budget));
  asked.uid = Uuid::New(call.now);
  asked.id = request.fund_request_id().empty() ? asked.uid.ToString() : request.fund_request_id();
  asked.create_time = asked.update_time = call.now;
  asked.requester = call.identity->subject;
  RETURN_IF_ERROR(requests_.Insert(unit.sql(), asked));
  *reply = ToProto(asked);
  unit.Emit(events::Draft(asked.partner, "submitted", reply->name(), *reply));
  return absl::OkStatus();
}

template <typename Request>
absl::StatusOr<FundDecision> FundRequestService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const auto name, ParseFundRequestName(request.name()));
  // Its allocation never changes, so it may be read before that is locked.
  ASSIGN_OR_RETURN(const FundRequest known, requests_.Get(unit.sql(), name.first, name.second));
  FundDecision loaded;
  ASSIGN_OR_RETURN(loaded.allocation, budgets_.GetAllocationForUpdate(unit.sql(), known.partner, known.allocation));
  ASSIGN_OR_RETURN(loaded.request, requests_.GetForUpdate(unit.sql(), name.first, name.second));
  RETURN_IF_ERROR(CheckEtag(loaded.request.name(), request.etag(), loaded.request.version));
  return loaded;
}

absl::Status FundRequestService::Save(rpc::Unit& unit, std::string_view verb, const FundRequest& decided,
                                      const FundAllocation* allocation, v1::FundRequest* reply) const {
  if (allocation != nullptr) {
    RETURN_IF_ERROR(budgets_.UpdateAllocation(unit.sql(), *allocation));
    const v1::FundAllocation message = ToProto(*allocation);
    unit.Emit(events::Draft(allocation->partner, "updated", message.name(), message));
  }
  RETURN_IF_ERROR(requests_.Update(unit.sql(), decided));
  *reply = ToProto(decided);
  unit.Emit(events::Draft(decided.partner, verb, reply->name(), *reply));
  return absl::OkStatus();
}

absl::Status FundRequestService::ApproveRequest(const rpc::Call& call, rpc::Unit& unit,
                                                const v1::ApproveFundRequestRequest& request, v1::FundRequest* reply) {
  ASSIGN_OR_RETURN(FundDecision loaded, Load(unit, request));
  ASSIGN_OR_RETURN(const Budget budget, budgets_.Get(unit.sql(), loaded.allocation.budget));
  std::optional<int64_t> amount;
  if (request.has_amount()) {
    ASSIGN_OR_RETURN(amount, MinorFromProto(request.amount(), loaded.request.currency, "amount"));
  }
  ASSIGN_OR_RETURN(const FundDecision decided, Approve(std::move(loaded.request), std::move(loaded.allocation), budget,
                                                       amount, request.note(), call.identity->subject, call.now));
  return Save(unit, "approved", decided.request, &decided.allocation, reply);
}

absl::Status FundRequestService::RejectRequest(const rpc::Call& call, rpc::Unit& unit,
                                               const v1::RejectFundRequestRequest& request, v1::FundRequest* reply) {
  ASSIGN_OR_RETURN(FundDecision loaded, Load(unit, request));
  ASSIGN_OR_RETURN(const FundRequest decided,
                   Reject(std::move(loaded.request), request.note(), call.identity->subject, call.now));
  return Save(unit, "rejected", decided, nullptr, reply);
}

absl::Status FundRequestService::WithdrawRequest(const rpc::Call& call, rpc::Unit& unit,
                                                 const v1::WithdrawFundRequestRequest& request,
                                                 v1::FundRequest* reply) {
  ASSIGN_OR_RETURN(FundDecision loaded, Load(unit, request));
  ASSIGN_OR_RETURN(const FundRequest decided, Withdraw(std::move(loaded.request), call.now));
  return Save(unit, "withdrawn", decided, nullptr, reply);
}

absl::Status FundRequestService::CloseRequest(const rpc::Call& call, rpc::Unit& unit,
                                              const v1::CloseFundRequestRequest& request, v1::FundRequest* reply) {
  ASSIGN_OR_RETURN(FundDecision loaded, Load(unit, request));
  ASSIGN_OR_RETURN(const FundDecision decided,
                   Close(std::move(loaded.request), std::move(loaded.allocation), call.now));
  return Save(unit, "closed", decided.request, &decided.allocation, reply);
}

}  // namespace tributary::incentive
