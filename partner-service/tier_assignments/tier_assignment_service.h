#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/partner_programs/partner_program_store.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/tier_assignments/tier_evaluator.h"
#include "tributary/partner/v1/tier_assignment.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.TierAssignmentService.
class TierAssignmentService {
 public:
  // `tokens` outlives the service.
  explicit TierAssignmentService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetTierAssignmentRequest& request,
                   v1::TierAssignment* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListTierAssignmentsRequest& request,
                    v1::ListTierAssignmentsResponse* reply);
  absl::Status Evaluate(const rpc::Call& call, rpc::Unit& unit, const v1::EvaluateTierAssignmentsRequest& request,
                        v1::EvaluateTierAssignmentsResponse* reply);
  absl::Status WhatNext(const rpc::Call& call, rpc::Unit& unit, const v1::WhatNextTierRequest& request,
                        v1::TierOutlook* reply);

 private:
  // The program that the request names, else all that are not on hold. Refused: on hold.
  absl::StatusOr<std::vector<PartnerProgram>> ProgramsOf(rpc::Unit& unit,
                                                         const v1::EvaluateTierAssignmentsRequest& request) const;

  const PageTokens& tokens_;
  TierAssignmentStore assignments_;
  TierEvaluator evaluator_;
  PartnerProgramStore programs_;
  PartnerStore partners_;
};

}  // namespace tributary::partner
