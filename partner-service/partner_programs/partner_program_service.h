#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/courses/course_store.h"
#include "partner-service/fiscal_calendars/fiscal_calendar_store.h"
#include "partner-service/partner_programs/partner_program_store.h"
#include "tributary/partner/v1/partner_program.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.PartnerProgramService.
class PartnerProgramService {
 public:
  // `tokens` outlives the service.
  explicit PartnerProgramService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetPartnerProgramRequest& request,
                   v1::PartnerProgram* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPartnerProgramsRequest& request,
                    v1::ListPartnerProgramsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreatePartnerProgramRequest& request,
                      v1::PartnerProgram* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdatePartnerProgramRequest& request,
                      v1::PartnerProgram* reply);

 private:
  // REFERENCE_NOT_FOUND where the calendar or a course is not there. Neither ever goes.
  absl::Status CheckReferences(rpc::Unit& unit, const PartnerProgram& program) const;

  const PageTokens& tokens_;
  PartnerProgramStore programs_;
  CourseStore courses_;
  FiscalCalendarStore calendars_;
};

}  // namespace tributary::partner
