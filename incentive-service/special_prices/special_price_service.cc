#include "incentive-service/special_prices/special_price_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/paging/etag.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/special_prices/special_price_proto.h"

namespace tributary::incentive {

void SpecialPriceService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.SpecialPriceAuthorizationService", this)
      .Unary("GetSpecialPriceAuthorization", &SpecialPriceService::Get)
      .Unary("ListSpecialPriceAuthorizations", &SpecialPriceService::List)
      .Unary("CreateSpecialPriceAuthorization", &SpecialPriceService::Create)
      .Unary("ApproveSpecialPriceAuthorization", &SpecialPriceService::ApproveRequest)
      .Unary("RejectSpecialPriceAuthorization", &SpecialPriceService::RejectRequest)
      .Unary("WithdrawSpecialPriceAuthorization", &SpecialPriceService::WithdrawRequest);
}

absl::Status SpecialPriceService::Get(const rpc::Call&, rpc::Unit& unit,
                                      const v1::GetSpecialPriceAuthorizationRequest& request,
                                      v1::SpecialPriceAuthorization* reply) {
  ASSIGN_OR_RETURN(const auto name, ParseSpecialPriceName(request.name()));
  ASSIGN_OR_RETURN(const SpecialPriceAuthorization found, special_prices_.Get(unit.sql(), name.first, name.second));
  *reply = ToProto(found);
  return absl::OkStatus();
}

absl::Status SpecialPriceService::List(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ListSpecialPriceAuthorizationsRequest& request,
                                       v1::ListSpecialPriceAuthorizationsResponse* reply) {
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, request.parent()));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, SpecialPriceStore::FilterFields()));
  ASSIGN_OR_RETURN(
      std::vector<SpecialPriceAuthorization> found,
      special_prices_.List(unit.sql(), partner, query.After(0), query.After(1), query.where, query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &found, [](const SpecialPriceAuthorization& last) {
    return std::vector{last.partner, last.id};
  }));
  for (const SpecialPriceAuthorization& one : found) *reply->add_special_prices() = ToProto(one);
  return absl::OkStatus();
}

absl::Status SpecialPriceService::Create(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::CreateSpecialPriceAuthorizationRequest& request,
                                         v1::SpecialPriceAuthorization* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  if (ids[0] == "-") return InvalidField("parent", request.parent(), "the name of one partner");
  ASSIGN_OR_RETURN(SpecialPriceAuthorization asked, FromProto(request.special_price(), ids[0]));
  RETURN_IF_ERROR(CheckSpecialPrice(asked));
  asked.uid = Uuid::New(call.now);
  asked.id = request.special_price_id().empty() ? asked.uid.ToString() : request.special_price_id();
  asked.create_time = asked.update_time = call.now;
  asked.requester = call.identity->subject;
  RETURN_IF_ERROR(special_prices_.Insert(unit.sql(), asked));
  *reply = ToProto(asked);
  unit.Emit(events::Draft(asked.partner, "requested", reply->name(), *reply));
  return absl::OkStatus();
}

template <typename Request>
absl::StatusOr<SpecialPriceAuthorization> SpecialPriceService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const auto name, ParseSpecialPriceName(request.name()));
  ASSIGN_OR_RETURN(SpecialPriceAuthorization found, special_prices_.GetForUpdate(unit.sql(), name.first, name.second));
  RETURN_IF_ERROR(CheckEtag(found.name(), request.etag(), found.version));
  return found;
}

absl::Status SpecialPriceService::Save(rpc::Unit& unit, std::string_view verb, const SpecialPriceAuthorization& decided,
                                       v1::SpecialPriceAuthorization* reply) const {
  RETURN_IF_ERROR(special_prices_.Update(unit.sql(), decided));
  *reply = ToProto(decided);
  unit.Emit(events::Draft(decided.partner, verb, reply->name(), *reply));
  return absl::OkStatus();
}

absl::Status SpecialPriceService::ApproveRequest(const rpc::Call& call, rpc::Unit& unit,
                                                 const v1::ApproveSpecialPriceAuthorizationRequest& request,
                                                 v1::SpecialPriceAuthorization* reply) {
  ASSIGN_OR_RETURN(SpecialPriceAuthorization asked, Load(unit, request));
  ASSIGN_OR_RETURN(const SpecialPriceAuthorization approved,
                   Approve(std::move(asked), request.note(), call.identity->subject, call.now));
  return Save(unit, "approved", approved, reply);
}

absl::Status SpecialPriceService::RejectRequest(const rpc::Call& call, rpc::Unit& unit,
                                                const v1::RejectSpecialPriceAuthorizationRequest& request,
                                                v1::SpecialPriceAuthorization* reply) {
  ASSIGN_OR_RETURN(SpecialPriceAuthorization asked, Load(unit, request));
  ASSIGN_OR_RETURN(const SpecialPriceAuthorization rejected,
                   Reject(std::move(asked), request.note(), call.identity->subject, call.now));
  return Save(unit, "rejected", rejected, reply);
}

absl::Status SpecialPriceService::WithdrawRequest(const rpc::Call& call, rpc::Unit& unit,
                                                  const v1::WithdrawSpecialPriceAuthorizationRequest& request,
                                                  v1::SpecialPriceAuthorization* reply) {
  ASSIGN_OR_RETURN(SpecialPriceAuthorization asked, Load(unit, request));
  ASSIGN_OR_RETURN(const SpecialPriceAuthorization withdrawn, Withdraw(std::move(asked), call.now));
  return Save(unit, "withdrawn", withdrawn, reply);
}

}  // namespace tributary::incentive
