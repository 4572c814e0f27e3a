#include "conflict-service/contests/evidence_service.h"

#include <utility>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/contests/contest_proto.h"

namespace tributary::conflict {
namespace {

// partners/{partner}/deals/{deal} of a piece of evidence's name.
absl::StatusOr<std::string> DealOf(const std::string& name) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(name, "partners/{partner}/deals/{deal}/evidence/{evidence}"));
  return StrCat("partners/", ids[0], "/deals/", ids[1]);
}

}  // namespace

void EvidenceService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.EvidenceService", this)
      .Unary("GetEvidence", &EvidenceService::Get)
      .Unary("ListEvidence", &EvidenceService::List)
      .Unary("CreateEvidence", &EvidenceService::Create)
      .Unary("VerifyEvidence", &EvidenceService::Verify);
}

absl::Status EvidenceService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetEvidenceRequest& request,
                                  v1::Evidence* reply) {
  ASSIGN_OR_RETURN(const std::string deal, DealOf(request.name()));
  ASSIGN_OR_RETURN(const Evidence evidence, evidence_.Get(unit.sql(), deal, request.name()));
  *reply = ToProto(evidence);
  return absl::OkStatus();
}

absl::Status EvidenceService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListEvidenceRequest& request,
                                   v1::ListEvidenceResponse* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.parent(), "partners/{partner}/deals/{deal}", "parent").status());
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, request.parent()));
  RETURN_IF_ERROR(deals_.Get(unit.sql(), request.parent()).status());
  ASSIGN_OR_RETURN(std::vector<Evidence> evidence,
                   evidence_.List(unit.sql(), request.parent(), page.after(0), page.limit()));
  reply->set_next_page_token(page.Cut(&evidence, [](const Evidence& last) { return std::vector{last.name}; }));
  for (const Evidence& one : evidence) *reply->add_evidence() = ToProto(one);
  return absl::OkStatus();
}

absl::Status EvidenceService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateEvidenceRequest& request,
                                     v1::Evidence* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.parent(), "partners/{partner}/deals/{deal}", "parent").status());
  ASSIGN_OR_RETURN(Evidence draft, FromProto(request.evidence()));
  draft.uid = Uuid::New(call.now);
  draft.deal = request.parent();
  draft.name = StrCat(request.parent(), "/evidence/",
                      request.evidence_id().empty() ? draft.uid.ToString() : request.evidence_id());
  draft.create_time = draft.update_time = call.now;
  draft.created_by = call.identity->subject;
  ASSIGN_OR_RETURN(const Deal deal, deals_.GetForUpdate(unit.sql(), request.parent()));
  ASSIGN_OR_RETURN(const Evidence evidence, NewEvidence(std::move(draft), deal, "evidence", call.now));
  RETURN_IF_ERROR(evidence_.Create(unit.sql(), evidence));
  *reply = ToProto(evidence);
  unit.Emit(Told("created", *reply));
  return absl::OkStatus();
}

absl::Status EvidenceService::Verify(const rpc::Call& call, rpc::Unit& unit, const v1::VerifyEvidenceRequest& request,
                                     v1::Evidence* reply) {
  ASSIGN_OR_RETURN(const std::string name, DealOf(request.name()));
  // Its row orders this against the award.
  ASSIGN_OR_RETURN(const Deal deal, deals_.GetForUpdate(unit.sql(), name));
  ASSIGN_OR_RETURN(Evidence evidence, evidence_.Get(unit.sql(), name, request.name()));
  RETURN_IF_ERROR(CheckEtag(evidence.name, request.etag(), evidence.version));
  ASSIGN_OR_RETURN(evidence, conflict::Verify(std::move(evidence), deal, call.identity->subject, call.now));
  RETURN_IF_ERROR(evidence_.Update(unit.sql(), evidence));
  *reply = ToProto(evidence);
  unit.Emit(Told("verified", *reply));
  return absl::OkStatus();
}

}  // namespace tributary::conflict
