#include "partner-service/agreements/agreement_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "partner-service/agreements/agreement_proto.h"

namespace tributary::partner {
namespace {
constexpr std::string_view kPattern = "partners/{partner}/agreements/{agreement}";
}  // namespace

void AgreementService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.AgreementService", this)
      .Unary("GetAgreement", &AgreementService::Get)
      .Unary("ListAgreements", &AgreementService::List)
      .Unary("CreateAgreement", &AgreementService::Create)
      .Unary("ProposeAgreement", &AgreementService::Propose)
      .Unary("SignAgreement", &AgreementService::Sign)
      .Unary("TerminateAgreement", &AgreementService::Terminate);
}

template <typename Request>
absl::StatusOr<AgreementService::Loaded> AgreementService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  // Nothing is below a partner that is not there; what is asked for is then what is missing.
  auto partner = partners_.GetForUpdate(unit.sql(), ids[0]);
  if (ReasonOf(partner.status()) == Reason::kNotFound) return NotFound(request.name());
  RETURN_IF_ERROR(partner.status());
  ASSIGN_OR_RETURN(Agreement agreement, agreements_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(agreement.name(), request.etag(), agreement.revision.version));
  return Loaded{*std::move(partner), std::move(agreement)};
}

absl::Status AgreementService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetAgreementRequest& request,
                                   v1::Agreement* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Agreement agreement, agreements_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(agreement);
  return absl::OkStatus();
}

absl::Status AgreementService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListAgreementsRequest& request,
                                    v1::ListAgreementsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, AgreementStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<Agreement> agreements, agreements_.List(unit.sql(), partner_id, page));
  reply->set_next_page_token(page.Cut(&agreements, [](const Agreement& last) {
    return std::vector{last.partner_id, last.id};
  }));
  for (const Agreement& agreement : agreements) *reply->add_agreements() = ToProto(agreement);
  return absl::OkStatus();
}

absl::Status AgreementService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateAgreementRequest& request,
                                      v1::Agreement* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), ids.front()));
  RETURN_IF_ERROR(CheckOpen(partner, "createAgreement"));
  auto content = FromProto(request.agreement());
  if (!content.ok()) return AtField(content.status(), "agreement");
  RETURN_IF_ERROR(AtField(CheckTerms(*content), "agreement"));
  Agreement agreement = *std::move(content);
  agreement.revision = Revision::First(call.now);
  agreement.partner_id = partner.id;
  agreement.id = request.agreement_id().empty() ? agreement.revision.uid.ToString() : request.agreement_id();
  ASSIGN_OR_RETURN(agreement, agreements_.Create(unit.sql(), agreement));
  unit.Emit(Told("created", agreement));
  *reply = ToProto(agreement);
  return absl::OkStatus();
}

absl::Status AgreementService::Propose(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ProposeAgreementRequest& request, v1::Agreement* reply) {
  ASSIGN_OR_RETURN(const Loaded loaded, Load(unit, request));
  RETURN_IF_ERROR(CheckOpen(loaded.partner, "proposeAgreement"));
  ASSIGN_OR_RETURN(const Agreement proposed, partner::Propose(loaded.agreement, call.now));
  RETURN_IF_ERROR(agreements_.Update(unit.sql(), proposed));
  unit.Emit(Told("proposed", proposed));
  *reply = ToProto(proposed);
  return absl::OkStatus();
}

absl::Status AgreementService::Sign(const rpc::Call& call, rpc::Unit& unit, const v1::SignAgreementRequest& request,
                                    v1::Agreement* reply) {
  ASSIGN_OR_RETURN(const Loaded loaded, Load(unit, request));
  RETURN_IF_ERROR(CheckOpen(loaded.partner, "signAgreement"));
  ASSIGN_OR_RETURN(const Agreement signed_by,
                   partner::Sign(loaded.agreement, request.text_sha256(), call.identity->subject, call.now));
  RETURN_IF_ERROR(agreements_.Update(unit.sql(), signed_by));
  unit.Emit(Told("signed", signed_by));
  *reply = ToProto(signed_by);
  return absl::OkStatus();
}

absl::Status AgreementService::Terminate(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::TerminateAgreementRequest& request, v1::Agreement* reply) {
  ASSIGN_OR_RETURN(const Loaded loaded, Load(unit, request));
  ASSIGN_OR_RETURN(const Agreement terminated, partner::Terminate(loaded.agreement, call.now));
  RETURN_IF_ERROR(agreements_.Update(unit.sql(), terminated));
  unit.Emit(Told("terminated", terminated));
  *reply = ToProto(terminated);
  return absl::OkStatus();
}

}  // namespace tributary::partner
