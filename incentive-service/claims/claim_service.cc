#include "incentive-service/claims/claim_service.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/money/money.h"
#include "common/paging/etag.h"
#include "common/time/today.h"
#include "common/wire/field_reader.h"
#include "incentive-service/claims/claim_proto.h"
#include "incentive-service/fund_requests/fund_request_proto.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/wallets/wallet_proto.h"

namespace tributary::incentive {
namespace {

void Begin(const rpc::Call& call, const v1::CreateClaimRequest& request, Claim* claim) {
  claim->uid = Uuid::New(call.now);
  claim->id = request.claim_id().empty() ? claim->uid.ToString() : request.claim_id();
  claim->create_time = claim->update_time = call.now;
  claim->claimant = call.identity->subject;
}

template <typename Request>
absl::StatusOr<Date> ReadExpiry(const Request& request) {
  absl::StatusOr<Date> expires_on = wire::FromProto(request.expires_on());
  if (!expires_on.ok()) return AtField(expires_on.status(), "expires_on");
  return expires_on;
}

}  // namespace

void ClaimService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.ClaimService", this)
      .Unary("GetClaim", &ClaimService::Get)
      .Unary("ListClaims", &ClaimService::List)
      .Unary("CreateClaim", &ClaimService::Create)
      .Unary("ApproveClaim", &ClaimService::ApproveClaim)
      .Unary("RejectClaim", &ClaimService::RejectClaim)
      .Unary("WithdrawClaim", &ClaimService::WithdrawClaim)
      .Unary("PayClaim", &ClaimService::PayClaim)
      .Unary("TrueUpClaim", &ClaimService::TrueUpClaim);
}

absl::Status ClaimService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetClaimRequest& request,
                               v1::Claim* reply) {
  ASSIGN_OR_RETURN(const auto name, ParseClaimName(request.name()));
  ASSIGN_OR_RETURN(const Claim claim, claims_.Get(unit.sql(), name.first, name.second));
  *reply = ToProto(claim);
  ASSIGN_OR_RETURN(*reply->mutable_approval_task(), asks_.TaskOf(unit.sql(), claim.name()));
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
  ASSIGN_OR_RETURN(const Claim claim, request.claim().kind() == v1::Claim::MDF
                                          ? CreateOfFunds(call, unit, request, ids[0])
                                          : CreateOnStock(call, unit, request, ids[0]));
  ASSIGN_OR_RETURN(const Decimal claimed, FromMinorUnits(claim.amount, claim.currency));
  RETURN_IF_ERROR(asks_.AskWhereCovered(unit.sql(), partner::v1::ApprovalPolicy::CLAIM,
                                        {.subject = claim.name(),
                                         .revision = claim.version,
                                         .requesters = {claim.claimant},
                                         .amount = Money{claim.currency, claimed}},
                                        call.now));
  *reply = ToProto(claim);
  unit.Emit(events::Draft(claim.partner, "submitted", reply->name(), *reply));
  return absl::OkStatus();
}

absl::StatusOr<Claim> ClaimService::CreateOfFunds(const rpc::Call& call, rpc::Unit& unit,
                                                  const v1::CreateClaimRequest& request,
                                                  const std::string& partner) const {
  FieldReader fields;
  const std::string request_id =
      fields.OwnId("claim.fund_request", request.claim().fund_request(), partner, "fundRequests");
  if (request.claim().fund_request().empty()) fields.Refuse("claim.fund_request", "", "the request that is claimed of");
  if (!request.claim().has_amount()) fields.Refuse("claim.amount", "", "how much is claimed");
  RETURN_IF_ERROR(fields.status());
  ASSIGN_OR_RETURN(FundRequest funded, requests_.GetForUpdate(unit.sql(), partner, request_id));
  ASSIGN_OR_RETURN(Claim claim, FromProto(request.claim(), funded));
  Begin(call, request, &claim);
  ASSIGN_OR_RETURN(ClaimDecision submitted, Submit(std::move(claim), std::move(funded), UtcToday(call.now), call.now));
  RETURN_IF_ERROR(claims_.Insert(unit.sql(), submitted.claim));
  RETURN_IF_ERROR(requests_.Update(unit.sql(), submitted.request));
  return std::move(submitted.claim);
}

absl::StatusOr<Claim> ClaimService::CreateOnStock(const rpc::Call& call, rpc::Unit& unit,
                                                  const v1::CreateClaimRequest& request,
                                                  const std::string& partner) const {
  ASSIGN_OR_RETURN(Claim subject, SubjectFromProto(request.claim(), partner));
  ASSIGN_OR_RETURN(subject, stock_.Against(unit.sql(), std::move(subject)));
  ASSIGN_OR_RETURN(Claim claim, FromProto(request.claim(), std::move(subject)));
  Begin(call, request, &claim);
  ASSIGN_OR_RETURN(Claim submitted, stock_.Submitted(unit.sql(), std::move(claim), UtcToday(call.now)));
  RETURN_IF_ERROR(claims_.Insert(unit.sql(), submitted));
  return submitted;
}

template <typename Request>
absl::StatusOr<ClaimDecision> ClaimService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const auto name, ParseClaimName(request.name()));
  // What it is against never changes, so it may be read before that is locked.
  ASSIGN_OR_RETURN(const Claim known, claims_.Get(unit.sql(), name.first, name.second));
  ClaimDecision loaded;
  if (known.kind == ClaimKind::kMdf) {
    ASSIGN_OR_RETURN(loaded.request, requests_.GetForUpdate(unit.sql(), known.partner, known.fund_request));
  } else {
    RETURN_IF_ERROR(stock_.Lock(unit.sql(), known));
  }
  ASSIGN_OR_RETURN(loaded.claim, claims_.GetForUpdate(unit.sql(), name.first, name.second));
  RETURN_IF_ERROR(CheckEtag(loaded.claim.name(), request.etag(), loaded.claim.version));
  return loaded;
}

absl::Status ClaimService::Save(rpc::Unit& unit, std::string_view verb, const ClaimDecision& decided,
                                v1::Claim* reply) const {
  RETURN_IF_ERROR(requests_.Update(unit.sql(), decided.request));
  return Save(unit, verb, decided.claim, reply);
}

absl::Status ClaimService::Save(rpc::Unit& unit, std::string_view verb, const Claim& decided, v1::Claim* reply) const {
  RETURN_IF_ERROR(claims_.Update(unit.sql(), decided));
  *reply = ToProto(decided);
  unit.Emit(events::Draft(decided.partner, verb, reply->name(), *reply));
  return absl::OkStatus();
}

absl::Status ClaimService::ApproveClaim(const rpc::Call& call, rpc::Unit& unit, const v1::ApproveClaimRequest& request,
                                        v1::Claim* reply) {
  ASSIGN_OR_RETURN(ClaimDecision loaded, Load(unit, request));
  RETURN_IF_ERROR(asks_.CheckNotAsked(unit.sql(), loaded.claim.name(), "approve"));
  if (loaded.claim.kind != ClaimKind::kMdf) {
    if (request.has_amount()) return InvalidField("amount", "one", "none: it is worked out for this kind of claim");
    ASSIGN_OR_RETURN(const auto judged, stock_.Judge(unit.sql(), loaded.claim, UtcToday(call.now)));
    ASSIGN_OR_RETURN(const Claim decided, Decide(std::move(loaded.claim), judged.due, judged.others, request.note(),
                                                 call.identity->subject, call.now));
    return Save(unit, decided.state == ClaimState::kApproved ? "approved" : "rejected", decided, reply);
  }
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
  RETURN_IF_ERROR(asks_.CheckNotAsked(unit.sql(), loaded.claim.name(), "reject"));
  if (loaded.claim.kind != ClaimKind::kMdf) {
    ASSIGN_OR_RETURN(const Claim rejected,
                     Reject(std::move(loaded.claim), request.note(), call.identity->subject, call.now));
    return Save(unit, "rejected", rejected, reply);
  }
  ASSIGN_OR_RETURN(const ClaimDecision decided, Reject(std::move(loaded.claim), std::move(loaded.request),
                                                       request.note(), call.identity->subject, call.now));
  return Save(unit, "rejected", decided, reply);
}

absl::Status ClaimService::WithdrawClaim(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::WithdrawClaimRequest& request, v1::Claim* reply) {
  ASSIGN_OR_RETURN(ClaimDecision loaded, Load(unit, request));
  RETURN_IF_ERROR(asks_.Withdraw(unit.sql(), loaded.claim.name(), call.now));
  if (loaded.claim.kind != ClaimKind::kMdf) {
    ASSIGN_OR_RETURN(const Claim withdrawn, Withdraw(std::move(loaded.claim), call.now));
    return Save(unit, "withdrawn", withdrawn, reply);
  }
  ASSIGN_OR_RETURN(const ClaimDecision decided, Withdraw(std::move(loaded.claim), std::move(loaded.request), call.now));
  return Save(unit, "withdrawn", decided, reply);
}

absl::Status ClaimService::Decided(const rpc::Call& call, rpc::Unit& unit, const approvals::Decision& decision) {
  v1::Claim reply;
  absl::Status done;
  if (decision.verdict == approvals::Verdict::kApproved) {
    v1::ApproveClaimRequest approve;
    approve.set_name(decision.subject);
    approve.set_note(decision.note);
    done = ApproveClaim(call, unit, approve, &reply);
  } else if (decision.verdict == approvals::Verdict::kRejected) {
    v1::RejectClaimRequest reject;
    reject.set_name(decision.subject);
    reject.set_note(decision.note);
    done = RejectClaim(call, unit, reject, &reply);
  } else {
    v1::WithdrawClaimRequest withdraw;
    withdraw.set_name(decision.subject);
    done = WithdrawClaim(call, unit, withdraw, &reply);
  }
  return ReasonOf(done) == Reason::kStateConflict ? absl::OkStatus() : done;  // it no longer waits
}

absl::Status ClaimService::PayClaim(const rpc::Call& call, rpc::Unit& unit, const v1::PayClaimRequest& request,
                                    v1::Claim* reply) {
  ASSIGN_OR_RETURN(ClaimDecision loaded, Load(unit, request));
  ASSIGN_OR_RETURN(const Date expires_on, ReadExpiry(request));
  ASSIGN_OR_RETURN(const ClaimPayment paid,
                   Pay(std::move(loaded.claim), expires_on, call.identity->subject, UtcToday(call.now), call.now));
  RETURN_IF_ERROR(wallets_.Credit(unit.sql(), {paid.claim.partner, paid.claim.currency}, paid.lot, call.now));
  return Save(unit, "paid", paid.claim, reply);
}

absl::Status ClaimService::TrueUpClaim(const rpc::Call& call, rpc::Unit& unit, const v1::TrueUpClaimRequest& request,
                                       v1::Claim* reply) {
  ASSIGN_OR_RETURN(ClaimDecision loaded, Load(unit, request));
  Claim& claim = loaded.claim;
  if (claim.kind == ClaimKind::kMdf) {
    return WrongState(claim.name(), "true up", "of kind MDF", "of a kind that claims for units");
  }
  ASSIGN_OR_RETURN(const Date expires_on, ReadExpiry(request));
  const Date today = UtcToday(call.now);
  ASSIGN_OR_RETURN(const auto judged, stock_.Judge(unit.sql(), claim, today));
  const int64_t version = claim.version;
  ASSIGN_OR_RETURN(const TruedUp done, incentive::TrueUpClaim(std::move(claim), judged.due.amount, expires_on,
                                                              call.identity->subject, today, call.now));
  if (done.claim.version == version) {
    *reply = ToProto(done.claim);
    return absl::OkStatus();
  }
  const WalletKey wallet{done.claim.partner, done.claim.currency};
  RETURN_IF_ERROR(done.lot.has_value()
                      ? wallets_.Credit(unit.sql(), wallet, *done.lot, call.now)
                      : wallets_.ClawBack(unit.sql(), wallet, done.take_back, done.claim.path(), call.now));
  return Save(unit, "trued_up", done.claim, reply);
}

}  // namespace tributary::incentive
