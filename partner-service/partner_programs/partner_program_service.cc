#include "partner-service/partner_programs/partner_program_service.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/partner_programs/partner_program_proto.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {
constexpr std::string_view kPattern = "partnerPrograms/{partner_program}";
}  // namespace

void PartnerProgramService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.PartnerProgramService", this)
      .Unary("GetPartnerProgram", &PartnerProgramService::Get)
      .Unary("ListPartnerPrograms", &PartnerProgramService::List)
      .Unary("CreatePartnerProgram", &PartnerProgramService::Create)
      .Unary("UpdatePartnerProgram", &PartnerProgramService::Update);
}

absl::Status PartnerProgramService::CheckReferences(rpc::Unit& unit, const PartnerProgram& program) const {
  if (!program.calendar_id.empty()) {
    const auto calendar = calendars_.Get(unit.sql(), program.calendar_id);
    if (absl::IsNotFound(calendar.status())) {
      return UnknownReference("partner_program.fiscal_calendar", StrCat("fiscalCalendars/", program.calendar_id),
                              "a fiscal calendar");
    }
    RETURN_IF_ERROR(calendar.status());
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> missing, courses_.Missing(unit.sql(), CoursesOf(program)));
  std::vector<FieldViolation> violations;
  for (size_t i = 0; i < program.levels.size(); ++i) {
    for (size_t c = 0; c < program.levels[i].criteria.size(); ++c) {
      const LevelCriterion& criterion = program.levels[i].criteria[c];
      if (!std::binary_search(missing.begin(), missing.end(), criterion.course_id)) continue;
      violations.push_back({StrCat("partner_program.levels[", i, "].criteria[", c, "].certificates.course"),
                            StrCat("courses/", criterion.course_id), "a course"});
    }
  }
  return violations.empty() ? absl::OkStatus() : UnknownReferences(std::move(violations));
}

absl::Status PartnerProgramService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetPartnerProgramRequest& request,
                                        v1::PartnerProgram* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const PartnerProgram program, request.revision() == 0
                                                     ? programs_.Get(unit.sql(), ids[0])
                                                     : programs_.GetRevision(unit.sql(), ids[0], request.revision()));
  *reply = ToProto(program);
  return absl::OkStatus();
}

absl::Status PartnerProgramService::List(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::ListPartnerProgramsRequest& request,
                                         v1::ListPartnerProgramsResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, PartnerProgramStore::Fields(), ""));
  ASSIGN_OR_RETURN(std::vector<PartnerProgram> programs, programs_.List(unit.sql(), page));
  reply->set_next_page_token(page.Cut(&programs, [](const PartnerProgram& last) { return std::vector{last.id}; }));
  for (const PartnerProgram& program : programs) *reply->add_partner_programs() = ToProto(program);
  return absl::OkStatus();
}

absl::Status PartnerProgramService::Create(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::CreatePartnerProgramRequest& request, v1::PartnerProgram* reply) {
  auto content = FromProto(request.partner_program());
  if (!content.ok()) return AtField(content.status(), "partner_program");
  PartnerProgram program = *std::move(content);
  program.revision = Revision::First(call.now);
  program.id = request.partner_program_id().empty() ? program.revision.uid.ToString() : request.partner_program_id();
  RETURN_IF_ERROR(AtField(CheckContent(program), "partner_program"));
  RETURN_IF_ERROR(CheckReferences(unit, program));
  RETURN_IF_ERROR(programs_.Create(unit.sql(), program));
  unit.Emit(Told("created", program));
  *reply = ToProto(program);
  return absl::OkStatus();
}

absl::Status PartnerProgramService::Update(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::UpdatePartnerProgramRequest& request, v1::PartnerProgram* reply) {
  static const std::vector<std::string_view> kMayChange = {
      "display_name", "levels", "fiscal_calendar", "period_kind", "months", "notice_days", "grace_days", "on_hold"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.partner_program().name(), kPattern, "partner_program.name"));
  ASSIGN_OR_RETURN(const PartnerProgram program, programs_.GetForUpdate(unit.sql(), ids[0]));
  RETURN_IF_ERROR(CheckEtag(program.name(), request.partner_program().etag(), program.revision.version));
  v1::PartnerProgram merged = ToProto(program);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.partner_program(), &merged, kMayChange));
  const auto content = FromProto(merged);
  if (!content.ok()) return AtField(content.status(), "partner_program");
  const auto changed = Change(program, *content, call.now);
  if (!changed.ok()) return AtField(changed.status(), "partner_program");
  RETURN_IF_ERROR(CheckReferences(unit, *changed));
  RETURN_IF_ERROR(programs_.Update(unit.sql(), *changed));
  unit.Emit(Told("updated", *changed));
  *reply = ToProto(*changed);
  return absl::OkStatus();
}

}  // namespace tributary::partner
