#include "incentive-service/claims/claim_service.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/paging/etag.h"
#include "common/time/today.h"
#include "common/wire/field_reader.h"
#include "incentive-service/claims/claim_proto.h"
#include "incentive-service/fund_requests/fund_request_proto.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/wallets/wallet_proto.h"

namespace tributary::incentive {

void ClaimService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.ClaimService", this)
      .Unary("GetClaim", &ClaimService::Get)
      .Unary("ListClaims", &ClaimService::List)
      .Unary("CreateClaim", &ClaimService::Create)
      .Unary("ApproveClaim", &ClaimService::ApproveClaim)
      .Unary("RejectClaim", &ClaimService::RejectClaim)
      .Unary("WithdrawClaim", &ClaimService::WithdrawClaim)
      .Unary("PayClaim", &ClaimService::PayClaim);
}

absl::Status ClaimService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetClaimRequest& request,
                               v1::Claim* reply) {
  ASSIGN_OR_RETURN(const auto name, ParseClaimName(request.name()));
  ASSIGN_OR_RETURN(const Claim claim, claims_.Get(unit.sql(), name.first, name.second));
  *reply = ToProto(claim);
  return absl::OkStatus();
}

absl::Status ClaimService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListClaimsRequest& request,
                                v1::ListClaimsResponse* reply) {
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, request.parent()));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, ClaimStore::FilterFields()));
  ASSIGN_OR_RETURN(std::vector<Claim> claims,
                   claims_.List(unit.sql(), partner, query.After(0), query.After(1), query.where, query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &claims, [](const Claim& claim) {
    return std::vector{claim.partner, claim.id};
  }));
  for (const Claim& claim : claims) *reply->add_claims() = ToProto(claim);
  return absl::OkStatus();
}

absl::Status ClaimService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateClaimRequest& request,
                                  v1::Claim* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  if (ids[0] == "-") return InvalidField("parent", request.parent(), "the name of one partner");
  FieldReader fields;
  const std::string request_id =
      fields.OwnId("claim.fund_request", request.claim().fund_request(), ids[0], "fundRequests");
  RETURN_IF_ERROR(fields.status());
  ASSIGN_OR_RETURN(FundRequest funded, requests_.GetForUpdate(unit.sql(), ids[0], request_id));
  ASSIGN_OR_RETURN(Claim claim, FromProto(request.claim(), funded));
  claim.uid = Uuid::New(call.now);
  claim.id = request.claim_id().empty() ? claim.uid.ToString() : request.claim_id();
  claim.create_time = claim.update_time = call.now;
  claim.claimant = call.identity->subject;
  ASSIGN_OR_RETURN(const ClaimDecision submitted,
                   Submit(std::move(claim), std::move(funded), UtcToday(call.now), call.now));
  RETURN_IF_ERROR(claims_.Insert(unit.sql(), submitted.claim));
  RETURN_IF_ERROR(requests_.Update(unit.sql(), submitted.request));
  *reply = ToProto(submitted.claim);
  unit.Emit(events::Draft(submitted.claim.partner, "submitted", reply->name(), *reply));
  return absl::OkStatus();
}

template <typename Request>
absl::StatusOr<ClaimDecision> ClaimService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const auto name, ParseClaimName(request.name()));
  // Its request never changes, so it may be read before that is locked.
  ASSIGN_OR_RETURN(const Claim known, claims_.Get(unit.sql(), name.first, name.second));
  ClaimDecision loaded;
  ASSIGN_OR_RETURN(loaded.request, requests_.GetForUpdate(unit.sql(), known.partner, known.fund_request));
  ASSIGN_OR_RETURN(loaded.claim, claims_.GetForUpdate(unit.sql(), name.first, name.second));
  RETURN_IF_ERROR(CheckEtag(loaded.claim.name(), request.etag(), loaded.claim.version));
  return loaded;
}

absl::Status ClaimService::Save(rpc::Unit& unit, std::string_view verb, const ClaimDecision& decided,
                                v1::Claim* reply) const {
  RETURN_IF_ERROR(requests_.Update(unit.sql(), decided.request));
  RETURN_IF_ERROR(claims_.Update(unit.sql(), decided.claim));
  *reply = ToProto(decided.claim);
  unit.Emit(events::Draft(decided.claim.partner, verb, reply->name(), *reply));
  return absl::OkStatus();
}

absl::Status ClaimService::ApproveClaim(const rpc::Call& call, rpc::Unit& unit, const v1::ApproveClaimRequest& request,
                                        v1::Claim* reply) {
  ASSIGN_OR_RETURN(ClaimDecision loaded, Load(unit, request));
  std::optional<int64_t> amount;
  if (request.has_amount()) {
    ASSIGN_OR_RETURN(amount, MinorFromProto(request.amount(), loaded.claim.currency, "amount"));
  }
  ASSIGN_OR_RETURN(const ClaimDecision decided, Approve(std::move(loaded.claim), std::move(loaded.request), amount,
                                                        request.note(), call.identity->subject, call.now));
  return Save(unit, "approved", decided, reply);
}

absl::Status ClaimService::RejectClaim(const rpc::Call& call, rpc::Unit& unit, const v1::RejectClaimRequest& request,
                                       v1::Claim* reply) {
  ASSIGN_OR_RETURN(ClaimDecision loaded, Load(unit, request));
  ASSIGN_OR_RETURN(const ClaimDecision decided, Reject(std::move(loaded.claim), std::move(loaded.request),
                                                       request.note(), call.identity->subject, call.now));
  return Save(unit, "rejected", decided, reply);
}

absl::Status ClaimService::WithdrawClaim(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::WithdrawClaimRequest& request, v1::Claim* reply) {
  ASSIGN_OR_RETURN(ClaimDecision loaded, Load(unit, request));
  ASSIGN_OR_RETURN(const ClaimDecision decided, Withdraw(std::move(loaded.claim), std::move(loaded.request), call.now));
  return Save(unit, "withdrawn", decided, reply);
}

absl::Status ClaimService::PayClaim(const rpc::Call& call, rpc::Unit& unit, const v1::PayClaimRequest& request,
                                    v1::Claim* reply) {
  ASSIGN_OR_RETURN(ClaimDecision loaded, Load(unit, request));
  const absl::StatusOr<Date> expires_on = wire::FromProto(request.expires_on());
  if (!expires_on.ok()) return AtField(expires_on.status(), "expires_on");
  ASSIGN_OR_RETURN(const ClaimPayment paid,
                   Pay(std::move(loaded.claim), *expires_on, call.identity->subject, UtcToday(call.now), call.now));
  RETURN_IF_ERROR(wallets_.Credit(unit.sql(), {paid.claim.partner, paid.claim.currency}, paid.lot, call.now));
  RETURN_IF_ERROR(claims_.Update(unit.sql(), paid.claim));
  *reply = ToProto(paid.claim);
  unit.Emit(events::Draft(paid.claim.partner, "paid", reply->name(), *reply));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
