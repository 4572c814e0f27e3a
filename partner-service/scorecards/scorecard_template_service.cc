#include "partner-service/scorecards/scorecard_template_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"
#include "partner-service/scorecards/scorecard_template_proto.h"

namespace tributary::partner {

void ScorecardTemplateService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.ScorecardTemplateService", this)
      .Unary("GetScorecardTemplate", &ScorecardTemplateService::Get)
      .Unary("ListScorecardTemplates", &ScorecardTemplateService::List)
      .Unary("CreateScorecardTemplate", &ScorecardTemplateService::Create);
}

absl::Status ScorecardTemplateService::CheckReferences(rpc::Unit& unit, const ScorecardTemplate& t) const {
  std::vector<FieldViolation> violations;
  // Whether it is there; a failure to look is an error.
  const auto check = [&violations](const absl::Status& looked, std::string_view field, std::string name,
                                   std::string_view want) -> absl::Status {
    if (looked.ok()) return absl::OkStatus();
    if (!absl::IsNotFound(looked)) return looked;
    violations.push_back({StrCat("scorecard_template.", field), std::move(name), std::string(want)});
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(check(calendars_.Get(unit.sql(), t.calendar_id).status(), "fiscal_calendar",
                        StrCat("fiscalCalendars/", t.calendar_id), "a fiscal calendar"));
  for (size_t i = 0; i < t.components.size(); ++i) {
    const ScoreComponent& component = t.components[i];
    if (!component.course_id.empty()) {
      RETURN_IF_ERROR(check(courses_.Get(unit.sql(), component.course_id).status(),
                            StrCat("components[", i, "].course"), StrCat("courses/", component.course_id), "a course"));
    }
    if (!component.program_id.empty()) {
      RETURN_IF_ERROR(check(programs_.Get(unit.sql(), component.program_id).status(),
                            StrCat("components[", i, "].program"), StrCat("partnerPrograms/", component.program_id),
                            "a partner program"));
    }
  }
  if (!t.follows.empty()) {
    RETURN_IF_ERROR(check(templates_.Get(unit.sql(), t.follows).status(), "follows",
                          StrCat("scorecardTemplates/", t.follows), "a scorecard template"));
  }
  return violations.empty() ? absl::OkStatus() : UnknownReferences(std::move(violations));
}

absl::Status ScorecardTemplateService::Get(const rpc::Call&, rpc::Unit& unit,
                                           const v1::GetScorecardTemplateRequest& request,
                                           v1::ScorecardTemplate* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "scorecardTemplates/{scorecard_template}"));
  ASSIGN_OR_RETURN(const ScorecardTemplate stored, templates_.Get(unit.sql(), ids[0]));
  *reply = ToProto(stored);
  return absl::OkStatus();
}

absl::Status ScorecardTemplateService::List(const rpc::Call& call, rpc::Unit& unit,
                                            const v1::ListScorecardTemplatesRequest& request,
                                            v1::ListScorecardTemplatesResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, ""));
  ASSIGN_OR_RETURN(std::vector<ScorecardTemplate> templates, templates_.List(unit.sql(), page));
  reply->set_next_page_token(page.Cut(&templates, [](const ScorecardTemplate& last) { return std::vector{last.id}; }));
  for (const ScorecardTemplate& one : templates) *reply->add_scorecard_templates() = ToProto(one);
  return absl::OkStatus();
}

absl::Status ScorecardTemplateService::Create(const rpc::Call& call, rpc::Unit& unit,
                                              const v1::CreateScorecardTemplateRequest& request,
                                              v1::ScorecardTemplate* reply) {
  auto content = FromProto(request.scorecard_template());
  if (!content.ok()) return AtField(content.status(), "scorecard_template");
  ScorecardTemplate made = *std::move(content);
  made.revision = Revision::First(call.now);
  made.id = request.scorecard_template_id().empty() ? made.revision.uid.ToString() : request.scorecard_template_id();
  RETURN_IF_ERROR(AtField(CheckContent(made), "scorecard_template"));
  RETURN_IF_ERROR(CheckReferences(unit, made));
  made.first_id = made.id;
  if (!made.follows.empty()) {
    ASSIGN_OR_RETURN(const ScorecardTemplate followed, templates_.Get(unit.sql(), made.follows));
    made.first_id = followed.first_id;
  }
  RETURN_IF_ERROR(templates_.Create(unit.sql(), made));
  unit.Emit(Told("created", made));
  *reply = ToProto(made);
  return absl::OkStatus();
}

}  // namespace tributary::partner
