#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/courses/course_store.h"
#include "partner-service/fiscal_calendars/fiscal_calendar_store.h"
#include "partner-service/partner_programs/partner_program_store.h"
#include "partner-service/scorecards/scorecard_template_store.h"
#include "tributary/partner/v1/scorecard_template.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.ScorecardTemplateService.
class ScorecardTemplateService {
 public:
  // `tokens` outlives the service.
  explicit ScorecardTemplateService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetScorecardTemplateRequest& request,
                   v1::ScorecardTemplate* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListScorecardTemplatesRequest& request,
                    v1::ListScorecardTemplatesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateScorecardTemplateRequest& request,
                      v1::ScorecardTemplate* reply);

 private:
  // Refused: a calendar, a course, a program or a template to follow that is not there; all at once.
  absl::Status CheckReferences(rpc::Unit& unit, const ScorecardTemplate& scorecard_template) const;

  const PageTokens& tokens_;
  ScorecardTemplateStore templates_;
  FiscalCalendarStore calendars_;
  CourseStore courses_;
  PartnerProgramStore programs_;
};

}  // namespace tributary::partner
