#include "conflict-service/deals/deal_service.h"

#include <utility>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/status/status.h"
#include "conflict-service/deals/deal_proto.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kPattern = "partners/{partner}/deals/{deal}";

// partners/{partner} of one that deals can be made for.
absl::StatusOr<std::string> PartnerToOwn(const std::string& parent) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(parent, "partners/{partner}", "parent"));
  if (!IsResourceId(ids[0])) return InvalidField("parent", parent, "one partner, partners/{partner}");
  return parent;
}

}  // namespace

void DealService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.DealRegistrationService", this)
      .Unary("GetDealRegistration", &DealService::Get)
      .Unary("ListDealRegistrations", &DealService::List)
      .Unary("CreateDealRegistration", &DealService::Create)
      .Unary("SubmitDealRegistration", &DealService::Submit)
      .Unary("WithdrawDealRegistration", &DealService::Withdraw);
}

absl::Status DealService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetDealRegistrationRequest& request,
                              v1::DealRegistration* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.name(), kPattern).status());
  ASSIGN_OR_RETURN(const Deal deal, deals_.Get(unit.sql(), request.name()));
  *reply = ToProto(deal);
  return absl::OkStatus();
}

absl::Status DealService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListDealRegistrationsRequest& request,
                               v1::ListDealRegistrationsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, DealStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<Deal> deals, deals_.List(unit.sql(), partner.empty() ? "" : StrCat("partners/", partner),
                                                        page.filter(), page.after(0), page.limit()));
  reply->set_next_page_token(page.Cut(&deals, [](const Deal& last) { return std::vector{last.name}; }));
  for (const Deal& deal : deals) *reply->add_deal_registrations() = ToProto(deal);
  return absl::OkStatus();
}

absl::Status DealService::Create(const rpc::Call& call, rpc::Unit& unit,
                                 const v1::CreateDealRegistrationRequest& request, v1::DealRegistration* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToOwn(request.parent()));
  ASSIGN_OR_RETURN(Deal draft, FromProto(request.deal_registration()));
  draft.uid = Uuid::New(call.now);
  draft.partner = partner;
  draft.name = StrCat(partner, "/deals/", request.deal_id().empty() ? draft.uid.ToString() : request.deal_id());
  draft.create_time = draft.update_time = call.now;
  ASSIGN_OR_RETURN(const Deal deal, NewDeal(std::move(draft), "deal_registration"));
  RETURN_IF_ERROR(partners_.CheckMayRegister(call, partner));
  RETURN_IF_ERROR(deals_.Create(unit.sql(), deal));
  unit.Emit(Told("created", deal));
  *reply = ToProto(deal);
  return absl::OkStatus();
}

absl::Status DealService::Submit(const rpc::Call& call, rpc::Unit& unit,
                                 const v1::SubmitDealRegistrationRequest& request, v1::DealRegistration* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.name(), kPattern).status());
  RETURN_IF_ERROR(detector_.LockDeals(unit.sql()));
  ASSIGN_OR_RETURN(Deal deal, deals_.GetForUpdate(unit.sql(), request.name()));
  RETURN_IF_ERROR(CheckEtag(deal.name, request.etag(), deal.version));
  ASSIGN_OR_RETURN(deal, conflict::Submit(std::move(deal), call.now));
  RETURN_IF_ERROR(deals_.UpdateState(unit.sql(), deal));
  RETURN_IF_ERROR(detector_.DealChanged(unit.sql(), deal, call.now, unit.outbox()));
  unit.Emit(Told("submitted", deal));
  *reply = ToProto(deal);
  return absl::OkStatus();
}

absl::Status DealService::Withdraw(const rpc::Call& call, rpc::Unit& unit,
                                   const v1::WithdrawDealRegistrationRequest& request, v1::DealRegistration* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.name(), kPattern).status());
  RETURN_IF_ERROR(detector_.LockDeals(unit.sql()));
  ASSIGN_OR_RETURN(Deal deal, deals_.GetForUpdate(unit.sql(), request.name()));
  RETURN_IF_ERROR(CheckEtag(deal.name, request.etag(), deal.version));
  ASSIGN_OR_RETURN(deal, conflict::Withdraw(std::move(deal), call.now));
  RETURN_IF_ERROR(deals_.UpdateState(unit.sql(), deal));
  RETURN_IF_ERROR(detector_.DealChanged(unit.sql(), deal, call.now, unit.outbox()));
  unit.Emit(Told("withdrawn", deal));
  *reply = ToProto(deal);
  return absl::OkStatus();
}

}  // namespace tributary::conflict
