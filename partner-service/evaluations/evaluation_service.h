#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/evaluations/evaluation_review_store.h"
#include "partner-service/evaluations/evaluation_runner.h"
#include "partner-service/sanctions/consequences.h"
#include "partner-service/scorecards/scorecard_template_store.h"
#include "tributary/partner/v1/evaluation.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.EvaluationService.
class EvaluationService {
 public:
  // `tokens` outlives the service.
  explicit EvaluationService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetEvaluationRequest& request,
                   v1::Evaluation* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListEvaluationsRequest& request,
                    v1::ListEvaluationsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateEvaluationRequest& request,
                      v1::Evaluation* reply);
  absl::Status Run(const rpc::Call& call, rpc::Unit& unit, const v1::RunEvaluationRequest& request,
                   v1::Evaluation* reply);
  absl::Status Publish(const rpc::Call& call, rpc::Unit& unit, const v1::PublishEvaluationRequest& request,
                       v1::Evaluation* reply);
  absl::Status AppealAgainst(const rpc::Call& call, rpc::Unit& unit, const v1::AppealEvaluationRequest& request,
                             v1::Evaluation* reply);
  absl::Status Decide(const rpc::Call& call, rpc::Unit& unit, const v1::DecideEvaluationAppealRequest& request,
                      v1::Evaluation* reply);
  absl::Status Replay(const rpc::Call& call, rpc::Unit& unit, const v1::ReplayEvaluationRequest& request,
                      v1::ReplayedEvaluation* reply);

 private:
  // An evaluation with what it is worked out by; partner and evaluation are locked, in this order.
  struct Loaded {
    Partner partner;
    Evaluation evaluation;
    ScorecardTemplate scorecard_template;
    FiscalCalendar calendar;
  };
  // Refused: not there for the caller; another etag.
  template <typename Request>
  absl::StatusOr<Loaded> Load(const rpc::Call& call, rpc::Unit& unit, const Request& request) const;
  absl::StatusOr<WorkedOut> WorkOut(rpc::Unit& unit, const Loaded& loaded, absl::Time now) const;
  // What follows from a published one; its sanction, where it leads to one.
  absl::Status Act(rpc::Unit& unit, const Loaded& loaded, Evaluation* published, absl::Time now) const;
  absl::Status Store(const rpc::Call& call, rpc::Unit& unit, std::string_view verb, const Evaluation& next,
                     v1::Evaluation* reply) const;

  const PageTokens& tokens_;
  EvaluationStore evaluations_;
  EvaluationRunner runner_;
  EvaluationReviewStore reviews_;
  ScorecardTemplateStore templates_;
  FiscalCalendarStore calendars_;
  PartnerStore partners_;
  Consequences consequences_;
  SanctionEnforcer enforcer_;
};

}  // namespace tributary::partner
