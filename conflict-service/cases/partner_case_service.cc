#include "conflict-service/cases/partner_case_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/paging/page.h"
#include "common/status/status.h"
#include "conflict-service/cases/case_proto.h"

namespace tributary::conflict {

void PartnerCaseService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.PartnerCaseService", this)
      .Unary("GetPartnerCase", &PartnerCaseService::Get)
      .Unary("ListPartnerCases", &PartnerCaseService::List)
      .Unary("AddPartnerCaseMessage", &PartnerCaseService::AddMessage);
}

absl::Status PartnerCaseService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetPartnerCaseRequest& request,
                                     v1::PartnerCase* reply) {
  ASSIGN_OR_RETURN(const PartyNumber place, PartyNumberOf(request.name()));
  ASSIGN_OR_RETURN(const auto shown, parties_.Get(unit.sql(), place.first, place.second));
  ASSIGN_OR_RETURN(const Case one, cases_.Get(unit.sql(), shown.first));
  ASSIGN_OR_RETURN(const std::vector<CaseMessage> messages, parties_.MessagesOf(unit.sql(), one.id, place.first));
  *reply = ToProto(one, shown.second, messages);
  return absl::OkStatus();
}

absl::Status PartnerCaseService::List(const rpc::Call& call, rpc::Unit& unit,
                                      const v1::ListPartnerCasesRequest& request, v1::ListPartnerCasesResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, request.parent()));
  int64_t after = 0;
  if (!page.first() && !absl::SimpleAtoi(Abseil(page.after(1)), &after)) {
    return Error(Reason::kPageTokenInvalid, "page_token: want one of this list");
  }
  ASSIGN_OR_RETURN(std::vector<PartyStore::Listed> listed,
                   parties_.List(unit.sql(), partner.empty() ? "" : StrCat("partners/", partner),
                                 std::string(page.after(0)), after, page.limit()));
  reply->set_next_page_token(page.Cut(&listed, [](const PartyStore::Listed& last) {
    return std::vector{last.partner, StrCat(last.view.number)};
  }));
  for (const PartyStore::Listed& shown : listed) {
    ASSIGN_OR_RETURN(const Case one, cases_.Get(unit.sql(), shown.case_id));
    *reply->add_partner_cases() = ToProto(one, shown.view, {});
  }
  return absl::OkStatus();
}

absl::Status PartnerCaseService::AddMessage(const rpc::Call& call, rpc::Unit& unit,
                                            const v1::AddPartnerCaseMessageRequest& request, v1::PartnerCase* reply) {
  ASSIGN_OR_RETURN(const PartyNumber place, PartyNumberOf(request.name()));
  ASSIGN_OR_RETURN(const auto shown, parties_.Get(unit.sql(), place.first, place.second));
  ASSIGN_OR_RETURN(const Case one, cases_.GetForUpdate(unit.sql(), shown.first));
  if (one.state == CaseState::kClosed) {
    return WrongState(request.name(), "write to", NameOf(one.state), "one that is not CLOSED");
  }
  RETURN_IF_ERROR(
      parties_
          .AddMessage(unit.sql(), one.id,
                      {.create_time = call.now, .party = place.first, .from_party = true, .text = request.text()})
          .status());
  unit.Emit(Told("message_added", one));
  unit.Emit(Told("message_added", one, shown.second));
  ASSIGN_OR_RETURN(const std::vector<CaseMessage> messages, parties_.MessagesOf(unit.sql(), one.id, place.first));
  *reply = ToProto(one, shown.second, messages);
  return absl::OkStatus();
}

}  // namespace tributary::conflict
