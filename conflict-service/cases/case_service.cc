#include "conflict-service/cases/case_service.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/status/status.h"
#include "conflict-service/cases/case_proto.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kPattern = "cases/{case}";

}  // namespace

void CaseService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.CaseService", this)
      .Unary("GetCase", &CaseService::Get)
      .Unary("ListCases", &CaseService::List)
      .Unary("ListCaseMessages", &CaseService::ListMessages)
      .Unary("TriageCase", &CaseService::Triage)
      .Unary("MediateCase", &CaseService::Mediate)
      .Unary("ResolveCase", &CaseService::Resolve)
      .Unary("CloseCase", &CaseService::Close)
      .Unary("ReopenCase", &CaseService::Reopen)
      .Unary("AddCaseMessage", &CaseService::AddMessage);
}

absl::Status CaseService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetCaseRequest& request, v1::Case* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Case one, cases_.Get(unit.sql(), ids[0]));
  *reply = ToProto(one);
  ASSIGN_OR_RETURN(const std::vector<CaseEscalation> escalations, cases_.Escalations(unit.sql(), one.id));
  for (const CaseEscalation& escalation : escalations) *reply->add_escalations() = ToProto(escalation);
  return absl::OkStatus();
}

absl::Status CaseService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListCasesRequest& request,
                               v1::ListCasesResponse* reply) {
  if (!request.party().empty()) {
    RETURN_IF_ERROR(ParseResourceName(request.party(), "partners/{partner}", "party").status());
  }
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(tokens_, call, request, CaseStore::Fields(),
                            StrCat(request.show_deleted() ? "all" : "not explained", request.party())));
  ASSIGN_OR_RETURN(std::vector<Case> cases, cases_.List(unit.sql(), page.filter(), request.show_deleted(),
                                                        page.after(0), page.limit(), request.party()));
  reply->set_next_page_token(page.Cut(&cases, [](const Case& last) { return std::vector{last.id}; }));
  for (const Case& one : cases) *reply->add_cases() = ToProto(one);
  return absl::OkStatus();
}

absl::Status CaseService::ListMessages(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ListCaseMessagesRequest& request,
                                       v1::ListCaseMessagesResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.parent(), kPattern, "parent"));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, request.parent()));
  RETURN_IF_ERROR(cases_.Get(unit.sql(), ids[0]).status());
  int64_t after = 0;
  if (!page.first() && !absl::SimpleAtoi(Abseil(page.after(0)), &after)) {
    return Error(Reason::kPageTokenInvalid, "page_token: want one of this list");
  }
  ASSIGN_OR_RETURN(std::vector<CaseMessage> messages, parties_.Messages(unit.sql(), ids[0], after, page.limit()));
  reply->set_next_page_token(
      page.Cut(&messages, [](const CaseMessage& last) { return std::vector{StrCat(last.number)}; }));
  for (const CaseMessage& message : messages) *reply->add_messages() = ToProto(ids[0], message);
  return absl::OkStatus();
}

absl::StatusOr<Case> CaseService::Move(rpc::Unit& unit, std::string_view verb, const std::string& name,
                                       const std::string& etag, Decide decide) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(name, kPattern));
  ASSIGN_OR_RETURN(Case one, cases_.GetForUpdate(unit.sql(), ids[0]));
  RETURN_IF_ERROR(CheckEtag(one.name(), etag, one.version));
  ASSIGN_OR_RETURN(one, decide(std::move(one)));
  RETURN_IF_ERROR(cases_.Save(unit.sql(), {one}));
  unit.Emit(Told(verb, one));
  if (one.state == CaseState::kTriaged) RETURN_IF_ERROR(parties_.Show(unit.sql(), one, one.update_time));
  ASSIGN_OR_RETURN(const std::vector<PartyStore::Listed> views, parties_.ViewsOf(unit.sql(), one.id));
  for (const PartyStore::Listed& shown : views) unit.Emit(Told(verb, one, shown.view));
  return one;
}

absl::Status CaseService::Triage(const rpc::Call& call, rpc::Unit& unit, const v1::TriageCaseRequest& request,
                                 v1::Case* reply) {
  std::optional<Cause> cause;
  if (request.cause() != v1::Case::CAUSE_UNSPECIFIED) cause = static_cast<Cause>(request.cause());
  std::optional<Severity> severity;
  if (request.severity() != v1::Case::SEVERITY_UNSPECIFIED) severity = static_cast<Severity>(request.severity());
  ASSIGN_OR_RETURN(const CaseDeadlines deadlines, deadlines_.Current(unit.sql()));
  ASSIGN_OR_RETURN(const Case one, Move(unit, "triaged", request.name(), request.etag(), [&](Case before) {
                     return conflict::Triage(std::move(before), cause, severity, deadlines, call.now);
                   }));
  *reply = ToProto(one);
  return absl::OkStatus();
}

absl::Status CaseService::Mediate(const rpc::Call& call, rpc::Unit& unit, const v1::MediateCaseRequest& request,
                                  v1::Case* reply) {
  ASSIGN_OR_RETURN(const Case one, Move(unit, "mediated", request.name(), request.etag(),
                                        [&](Case before) { return conflict::Mediate(std::move(before), call.now); }));
  *reply = ToProto(one);
  return absl::OkStatus();
}

absl::Status CaseService::Resolve(const rpc::Call& call, rpc::Unit& unit, const v1::ResolveCaseRequest& request,
                                  v1::Case* reply) {
  ASSIGN_OR_RETURN(const CaseDeadlines deadlines, deadlines_.Current(unit.sql()));
  ASSIGN_OR_RETURN(const Case one, Move(unit, "resolved", request.name(), request.etag(), [&](Case before) {
                     return conflict::Resolve(std::move(before), static_cast<Outcome>(request.outcome()),
                                              request.resolution(), deadlines, call.now);
                   }));
  *reply = ToProto(one);
  return absl::OkStatus();
}

absl::Status CaseService::Close(const rpc::Call& call, rpc::Unit& unit, const v1::CloseCaseRequest& request,
                                v1::Case* reply) {
  ASSIGN_OR_RETURN(const Case one,
                   Move(unit, "closed", request.name(), request.etag(), [&](Case before) -> absl::StatusOr<Case> {
                     ASSIGN_OR_RETURN(Case closed, conflict::Close(std::move(before), call.now));
                     RETURN_IF_ERROR(remedies_.CheckNoneRuns(unit.sql(), closed.id, "close"));
                     return closed;
                   }));
  *reply = ToProto(one);
  return absl::OkStatus();
}

absl::Status CaseService::Reopen(const rpc::Call& call, rpc::Unit& unit, const v1::ReopenCaseRequest& request,
                                 v1::Case* reply) {
  ASSIGN_OR_RETURN(const CaseDeadlines deadlines, deadlines_.Current(unit.sql()));
  ASSIGN_OR_RETURN(
      const Case one, Move(unit, "reopened", request.name(), request.etag(), [&](Case before) -> absl::StatusOr<Case> {
        ASSIGN_OR_RETURN(Case open, conflict::Reopen(std::move(before), request.reason(), deadlines, call.now));
        RETURN_IF_ERROR(remedies_.CheckNoneRuns(unit.sql(), open.id, "reopen"));
        return open;
      }));
  *reply = ToProto(one);
  return absl::OkStatus();
}

absl::Status CaseService::AddMessage(const rpc::Call& call, rpc::Unit& unit, const v1::AddCaseMessageRequest& request,
                                     v1::CaseMessage* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Case one, cases_.GetForUpdate(unit.sql(), ids[0]));
  const std::string& party = request.message().party();
  const std::vector<std::string> parties = one.parties();
  if (!party.empty() && std::find(parties.begin(), parties.end(), party) == parties.end()) {
    return InvalidField("message.party", party, StrCat("empty, or one of ", StrJoin(parties, ", ")));
  }
  // A party that is not shown the case must not learn of it by a message.
  if (!party.empty() && one.kind == FindingKind::kDuplicateDeal) {
    return InvalidField("message.party", party, "empty: parties are not shown cases of duplicate deals");
  }
  if (!party.empty() && one.state == CaseState::kOpen) {
    return WrongState(one.name(), "write to a party", NameOf(one.state), "TRIAGED or later");
  }
  ASSIGN_OR_RETURN(const CaseMessage message,
                   parties_.AddMessage(unit.sql(), one.id,
                                       {.create_time = call.now, .party = party, .text = request.message().text()}));
  unit.Emit(Told("message_added", one));
  ASSIGN_OR_RETURN(const std::vector<PartyStore::Listed> views, parties_.ViewsOf(unit.sql(), one.id));
  for (const PartyStore::Listed& shown : views) {
    if (shown.partner == party) unit.Emit(Told("message_added", one, shown.view));
  }
  *reply = ToProto(one.id, message);
  return absl::OkStatus();
}

}  // namespace tributary::conflict
