#include "incentive-service/adjustments/adjustment_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/money/money.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "incentive-service/adjustments/adjustment_proto.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/remedies/remedy_answer.h"
#include "incentive-service/wallets/wallet_proto.h"

namespace tributary::incentive {
namespace {

// Partners find adjustments in their statements; the feed tells them to the vendor's own consumers, and a remedy what
// was decided of its own.
void Tell(rpc::Unit& unit, std::string_view verb, const Adjustment& adjustment, v1::Adjustment* reply) {
  *reply = ToProto(adjustment);
  unit.Emit(events::Draft(adjustment.partner, verb, reply->name(), *reply));
  if (auto answer = AnswerOf(adjustment)) unit.Emit(*std::move(answer));
}

}  // namespace

void AdjustmentService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.AdjustmentService", this)
      .Unary("GetAdjustment", &AdjustmentService::Get)
      .Unary("ListAdjustments", &AdjustmentService::List)
      .Unary("CreateAdjustment", &AdjustmentService::Create)
      .Unary("ApproveAdjustment", &AdjustmentService::ApproveAdjustment)
      .Unary("RejectAdjustment", &AdjustmentService::RejectAdjustment)
      .Unary("GetAdjustmentLimit", &AdjustmentService::GetLimit)
      .Unary("UpdateAdjustmentLimit", &AdjustmentService::UpdateLimit);
}

absl::Status AdjustmentService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetAdjustmentRequest& request,
                                    v1::Adjustment* reply) {
  ASSIGN_OR_RETURN(const auto name, ParseAdjustmentName(request.name()));
  ASSIGN_OR_RETURN(const Adjustment adjustment, adjustments_.Get(unit.sql(), name.first, name.second));
  *reply = ToProto(adjustment);
  return absl::OkStatus();
}

absl::Status AdjustmentService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListAdjustmentsRequest& request,
                                     v1::ListAdjustmentsResponse* reply) {
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, request.parent()));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, AdjustmentStore::FilterFields()));
  ASSIGN_OR_RETURN(
      std::vector<Adjustment> adjustments,
      adjustments_.List(unit.sql(), partner, query.After(0), query.After(1), query.where, query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &adjustments, [](const Adjustment& adjustment) {
    return std::vector{adjustment.partner, adjustment.id};
  }));
  for (const Adjustment& adjustment : adjustments) *reply->add_adjustments() = ToProto(adjustment);
  return absl::OkStatus();
}

absl::Status AdjustmentService::Create(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::CreateAdjustmentRequest& request, v1::Adjustment* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  if (ids[0] == "-") return InvalidField("parent", request.parent(), "the name of one partner");
  ASSIGN_OR_RETURN(Adjustment adjustment, FromProto(request.adjustment(), ids[0]));
  RETURN_IF_ERROR(CheckRequest(adjustment));
  RETURN_IF_ERROR(CheckProgram(unit.sql(), adjustment));
  adjustment.uid = Uuid::New(call.now);
  adjustment.id = request.adjustment_id().empty() ? adjustment.uid.ToString() : request.adjustment_id();
  adjustment.create_time = adjustment.update_time = call.now;
  adjustment.requester = call.identity->subject;
  RETURN_IF_ERROR(adjustments_.Insert(unit.sql(), adjustment));
  Tell(unit, "requested", adjustment, reply);
  return absl::OkStatus();
}

absl::Status AdjustmentService::CheckProgram(mysql::Transaction& sql, const Adjustment& adjustment) const {
  if (adjustment.program.empty()) return absl::OkStatus();
  const absl::Status found = programs_.Get(sql, adjustment.program).status();
  if (!absl::IsNotFound(found)) return found;
  return Error(Reason::kReferenceNotFound,
               StrCat("adjustment.program: got programs/", adjustment.program, ", want a program that there is"));
}

template <typename Request>
absl::StatusOr<Adjustment> AdjustmentService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const auto name, ParseAdjustmentName(request.name()));
  ASSIGN_OR_RETURN(Adjustment adjustment, adjustments_.GetForUpdate(unit.sql(), name.first, name.second));
  RETURN_IF_ERROR(CheckEtag(adjustment.name(), request.etag(), adjustment.version));
  return adjustment;
}

absl::StatusOr<Authority> AdjustmentService::AuthorityOf(const rpc::Call& call, rpc::Unit& unit,
                                                         std::string_view currency) const {
  Authority authority{.principal = call.identity->subject};
  if (call.identity->Has(api::v1::ADMINISTRATOR)) return authority;
  const absl::StatusOr<AdjustmentLimit> limit = adjustments_.GetLimit(unit.sql(), currency);
  if (!limit.ok() && !absl::IsNotFound(limit.status())) return limit.status();
  authority.most = limit.ok() ? limit->most : 0;
  return authority;
}

absl::Status AdjustmentService::ApproveAdjustment(const rpc::Call& call, rpc::Unit& unit,
                                                  const v1::ApproveAdjustmentRequest& request, v1::Adjustment* reply) {
  ASSIGN_OR_RETURN(Adjustment adjustment, Load(unit, request));
  ASSIGN_OR_RETURN(const Authority authority, AuthorityOf(call, unit, adjustment.currency));
  ASSIGN_OR_RETURN(adjustment, Approve(std::move(adjustment), authority, request.note(), call.now));
  RETURN_IF_ERROR(adjustments_.Update(unit.sql(), adjustment));
  Tell(unit, "approved", adjustment, reply);
  return absl::OkStatus();
}

absl::Status AdjustmentService::RejectAdjustment(const rpc::Call& call, rpc::Unit& unit,
                                                 const v1::RejectAdjustmentRequest& request, v1::Adjustment* reply) {
  ASSIGN_OR_RETURN(Adjustment adjustment, Load(unit, request));
  ASSIGN_OR_RETURN(adjustment, Reject(std::move(adjustment), call.identity->subject, request.note(), call.now));
  RETURN_IF_ERROR(adjustments_.Update(unit.sql(), adjustment));
  Tell(unit, "rejected", adjustment, reply);
  return absl::OkStatus();
}

absl::Status AdjustmentService::GetLimit(const rpc::Call&, rpc::Unit& unit,
                                         const v1::GetAdjustmentLimitRequest& request, v1::AdjustmentLimit* reply) {
  ASSIGN_OR_RETURN(const std::string currency, ParseAdjustmentLimitName(request.name()));
  ASSIGN_OR_RETURN(const AdjustmentLimit limit, adjustments_.GetLimit(unit.sql(), currency));
  *reply = ToProto(limit);
  return absl::OkStatus();
}

absl::Status AdjustmentService::UpdateLimit(const rpc::Call& call, rpc::Unit& unit,
                                            const v1::UpdateAdjustmentLimitRequest& request,
                                            v1::AdjustmentLimit* reply) {
  const v1::AdjustmentLimit& wanted = request.adjustment_limit();
  AdjustmentLimit limit{.update_time = call.now};
  ASSIGN_OR_RETURN(limit.currency, ParseAdjustmentLimitName(wanted.name(), "adjustment_limit.name"));
  if (!CurrencyExponent(limit.currency).has_value()) return NotFound(wanted.name());
  v1::AdjustmentLimit changed = ToProto(limit);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), wanted, &changed, {"limit"}));
  ASSIGN_OR_RETURN(limit.most, MinorFromProto(changed.limit(), limit.currency, "adjustment_limit.limit"));
  const absl::StatusOr<AdjustmentLimit> known = adjustments_.GetLimitForUpdate(unit.sql(), limit.currency);
  if (known.ok()) RETURN_IF_ERROR(CheckEtag(known->name(), wanted.etag(), known->version));
  RETURN_IF_ERROR(adjustments_.PutLimit(unit.sql(), &limit));
  *reply = ToProto(limit);
  unit.Emit(events::Draft(limit.name(), "updated", limit.name(), *reply));
  return absl::OkStatus();
}

}  // namespace tributary::incentive
