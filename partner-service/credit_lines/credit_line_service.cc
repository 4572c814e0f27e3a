#include "partner-service/credit_lines/credit_line_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "partner-service/credit_lines/credit_line_proto.h"

namespace tributary::partner {
namespace {
constexpr std::string_view kPattern = "partners/{partner}/creditLines/{credit_line}";

ApprovalAsk AskFor(const CreditLine& line) {
  return {.kind = ApprovalSubjectKind::kCreditLine,
          .subject = line.name(),
          .partner_id = line.partner_id,
          .subject_version = line.revision.version,
          .requesters = line.limit_asked_by,
          .amount = Money{line.limit.currency, *line.pending_limit}};
}
}  // namespace

void CreditLineService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.CreditLineService", this)
      .Unary("GetCreditLine", &CreditLineService::Get)
      .Unary("ListCreditLines", &CreditLineService::List)
      .Unary("CreateCreditLine", &CreditLineService::Create)
      .Unary("UpdateCreditLine", &CreditLineService::Update);
}

absl::Status CreditLineService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetCreditLineRequest& request,
                                    v1::CreditLine* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const CreditLine line, lines_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(line);
  return absl::OkStatus();
}

absl::Status CreditLineService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListCreditLinesRequest& request,
                                     v1::ListCreditLinesResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, CreditLineStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<CreditLine> lines, lines_.List(unit.sql(), partner_id, page));
  reply->set_next_page_token(page.Cut(&lines, [](const CreditLine& last) {
    return std::vector{last.partner_id, last.id};
  }));
  for (const CreditLine& line : lines) *reply->add_credit_lines() = ToProto(line);
  return absl::OkStatus();
}

absl::Status CreditLineService::Create(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::CreateCreditLineRequest& request, v1::CreditLine* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), ids.front()));
  RETURN_IF_ERROR(CheckOpen(partner, "createCreditLine"));
  auto content = FromProto(request.credit_line());
  if (!content.ok()) return AtField(content.status(), "credit_line");
  CreditLine line = *std::move(content);
  line.revision = Revision::First(call.now);
  line.partner_id = partner.id;
  line.id = request.credit_line_id().empty() ? line.revision.uid.ToString() : request.credit_line_id();
  RETURN_IF_ERROR(AtField(CheckTerms(line), "credit_line"));
  ASSIGN_OR_RETURN(const std::vector<CreditLine> of_partner, lines_.OfPartner(unit.sql(), partner.id));
  RETURN_IF_ERROR(CheckAlone(line, of_partner));
  ASSIGN_OR_RETURN(const std::optional<ApprovalAuthority> authority,
                   approvals_.AuthorityOver(unit.sql(), ApprovalSubjectKind::kCreditLine, line.limit));
  if (authority.has_value()) {
    line = AskForLimit(line, line.limit.amount, call.identity->subject);
    line.limit.amount = Decimal();
  }
  ASSIGN_OR_RETURN(line, lines_.Create(unit.sql(), line));
  if (authority.has_value()) RETURN_IF_ERROR(approvals_.Ask(unit, AskFor(line), *authority, call.now));
  unit.Emit(Told("created", line));
  *reply = ToProto(line);
  return absl::OkStatus();
}

absl::Status CreditLineService::Update(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::UpdateCreditLineRequest& request, v1::CreditLine* reply) {
  static const std::vector<std::string_view> kMayChange = {"limit", "payment_terms_days", "valid_from", "valid_to",
                                                           "on_hold"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.credit_line().name(), kPattern, "credit_line.name"));
  // The partner's lock orders all changes of its lines.
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), ids[0]));
  ASSIGN_OR_RETURN(const CreditLine line, lines_.Get(unit.sql(), partner.id, ids[1]));
  RETURN_IF_ERROR(CheckEtag(line.name(), request.credit_line().etag(), line.revision.version));
  v1::CreditLine merged = ToProto(line);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.credit_line(), &merged, kMayChange));
  auto content = FromProto(merged);
  if (!content.ok()) return AtField(content.status(), "credit_line");
  std::optional<ApprovalAuthority> authority;
  const Money limit = content->limit;
  if (limit.currency == line.limit.currency && limit.amount > line.limit.amount) {
    ASSIGN_OR_RETURN(authority, approvals_.AuthorityOver(unit.sql(), ApprovalSubjectKind::kCreditLine, limit));
    if (authority.has_value()) content->limit = line.limit;
  }
  auto changed = Change(line, *content, call.now);
  if (!changed.ok()) return AtField(changed.status(), "credit_line");
  if (authority.has_value()) *changed = AskForLimit(*changed, limit.amount, call.identity->subject);
  ASSIGN_OR_RETURN(const std::vector<CreditLine> of_partner, lines_.OfPartner(unit.sql(), partner.id));
  RETURN_IF_ERROR(CheckAlone(*changed, of_partner));
  RETURN_IF_ERROR(lines_.Update(unit.sql(), *changed));
  if (authority.has_value()) {
    RETURN_IF_ERROR(approvals_.Ask(unit, AskFor(*changed), *authority, call.now));
  } else if (!changed->pending_limit.has_value()) {
    RETURN_IF_ERROR(approvals_.Withdraw(call, unit, line.name()));
  }
  unit.Emit(Told("updated", *changed));
  *reply = ToProto(*changed);
  return absl::OkStatus();
}

absl::Status CreditLineService::DecideAsked(const rpc::Call& call, rpc::Unit& unit, const ApprovalTask& task,
                                            ApprovalVerdict verdict, std::string_view comment) {
  const bool approve = verdict == ApprovalVerdict::kApprove;
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(task.ask.subject, kPattern));
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), ids[0]));
  if (approve) RETURN_IF_ERROR(CheckOpen(partner, "approve"));
  ASSIGN_OR_RETURN(const CreditLine line, lines_.Get(unit.sql(), partner.id, ids[1]));
  ASSIGN_OR_RETURN(const CreditLine decided, DecideLimit(line, approve, call.now));
  RETURN_IF_ERROR(lines_.Update(unit.sql(), decided));
  RETURN_IF_ERROR(approvals_.Settle(call, unit, line.name(), verdict, comment));
  unit.Emit(Told("updated", decided));
  return absl::OkStatus();
}

}  // namespace tributary::partner
