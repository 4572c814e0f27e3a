#include "partner-service/support_requests/support_request_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"
#include "partner-service/support_requests/support_proto.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kPattern = "partners/{partner}/supportRequests/{support_request}";

SupportDeed DeedOf(const rpc::Call& call, const std::string& text) {
  return {.principal = call.identity->subject, .time = call.now, .text = text};
}

}  // namespace

void SupportRequestService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.SupportRequestService", this)
      .Unary("GetSupportRequest", &SupportRequestService::Get)
      .Unary("ListSupportRequests", &SupportRequestService::List)
      .Unary("CreateSupportRequest", &SupportRequestService::Create)
      .Unary("AssignSupportRequest", &SupportRequestService::Assign)
      .Unary("AnswerSupportRequest", &SupportRequestService::Answer)
      .Unary("ConfirmSupportRequest", &SupportRequestService::Confirm)
      .Unary("ReopenSupportRequest", &SupportRequestService::Reopen);
}

template <typename Request>
absl::StatusOr<SupportRequest> SupportRequestService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(SupportRequest stored, requests_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(stored.name(), request.etag(), stored.revision.version));
  return stored;
}

absl::Status SupportRequestService::Store(rpc::Unit& unit, std::string_view verb,
                                          const absl::StatusOr<SupportRequest>& next, v1::SupportRequest* reply) const {
  RETURN_IF_ERROR(next.status());
  RETURN_IF_ERROR(requests_.Update(unit.sql(), *next));
  unit.Emit(Told(verb, *next));
  *reply = ToProto(*next);
  return absl::OkStatus();
}

absl::StatusOr<absl::Time> SupportRequestService::DueOf(rpc::Unit& unit, const SupportRequest& request,
                                                        absl::Time now) const {
  const std::string name = StrCat("supportPolicies/", request.policy_id);
  const auto policy = policies_.Get(unit.sql(), request.policy_id);
  if (absl::IsNotFound(policy.status())) return UnknownReference("policy", name, "a support policy");
  RETURN_IF_ERROR(policy.status());
  const SupportTerm* term = TermOf(*policy, request.severity);
  if (term == nullptr) {
    return InvalidField("severity", NameOf(request.severity), StrCat("a severity that ", name, " has a term for"));
  }
  ASSIGN_OR_RETURN(const FiscalCalendar calendar, calendars_.Get(unit.sql(), policy->calendar_id));
  return DueTime(*policy, *term, calendar, now);
}

absl::Status SupportRequestService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetSupportRequestRequest& request,
                                        v1::SupportRequest* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const SupportRequest stored, requests_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(stored);
  return absl::OkStatus();
}

absl::Status SupportRequestService::List(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::ListSupportRequestsRequest& request,
                                         v1::ListSupportRequestsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, SupportRequestStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<SupportRequest> requests, requests_.List(unit.sql(), partner_id, page));
  reply->set_next_page_token(page.Cut(&requests, [](const SupportRequest& last) {
    return std::vector{last.partner_id, last.id};
  }));
  for (const SupportRequest& one : requests) *reply->add_support_requests() = ToProto(one);
  return absl::OkStatus();
}

absl::Status SupportRequestService::Create(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::CreateSupportRequestRequest& request, v1::SupportRequest* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), ids.front()));
  RETURN_IF_ERROR(CheckOpen(partner, "createSupportRequest"));
  auto content = FromProto(request.support_request());
  if (!content.ok()) return AtField(content.status(), "support_request");
  RETURN_IF_ERROR(AtField(CheckSubject(*content), "support_request"));
  const auto due = DueOf(unit, *content, call.now);
  if (!due.ok()) return AtField(due.status(), "support_request");
  SupportRequest asked = Ask(*std::move(content), DeedOf(call, ""), *due);
  asked.partner_id = partner.id;
  asked.id = request.support_request_id().empty() ? asked.revision.uid.ToString() : request.support_request_id();
  RETURN_IF_ERROR(requests_.Create(unit.sql(), asked));
  unit.Emit(Told("asked", asked));
  *reply = ToProto(asked);
  return absl::OkStatus();
}

absl::Status SupportRequestService::Assign(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::AssignSupportRequestRequest& request, v1::SupportRequest* reply) {
  ASSIGN_OR_RETURN(const SupportRequest stored, Load(unit, request));
  return Store(unit, "assigned", partner::Assign(stored, DeedOf(call, request.assignee())), reply);
}

absl::Status SupportRequestService::Answer(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::AnswerSupportRequestRequest& request, v1::SupportRequest* reply) {
  ASSIGN_OR_RETURN(const SupportRequest stored, Load(unit, request));
  return Store(unit, "answered", partner::Answer(stored, DeedOf(call, request.answer())), reply);
}

absl::Status SupportRequestService::Confirm(const rpc::Call& call, rpc::Unit& unit,
                                            const v1::ConfirmSupportRequestRequest& request,
                                            v1::SupportRequest* reply) {
  ASSIGN_OR_RETURN(const SupportRequest stored, Load(unit, request));
  return Store(unit, "confirmed", partner::Confirm(stored, DeedOf(call, "")), reply);
}

absl::Status SupportRequestService::Reopen(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::ReopenSupportRequestRequest& request, v1::SupportRequest* reply) {
  ASSIGN_OR_RETURN(const SupportRequest stored, Load(unit, request));
  ASSIGN_OR_RETURN(const absl::Time due, DueOf(unit, stored, call.now));
  return Store(unit, "reopened", partner::Reopen(stored, DeedOf(call, request.reason()), due), reply);
}

}  // namespace tributary::partner
