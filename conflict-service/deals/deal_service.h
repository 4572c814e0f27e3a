#pragma once

#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/approvals/approval_asks.h"
#include "common/approvals/approval_feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/contests/adjudicator.h"
#include "conflict-service/deals/deal_figures_store.h"
#include "conflict-service/deals/deal_limits_store.h"
#include "conflict-service/deals/deal_store.h"
#include "conflict-service/deals/registrar.h"
#include "conflict-service/facts/partner_directory.h"
#include "tributary/conflict/v1/deal_registration.pb.h"

namespace tributary::conflict {

// Deal registrations. What an answer tells of others is `conflict` alone (R22), and only to who hands in, appeals or
// renews for good, which is counted: with validate_only, scopes are not compared at all, and it is counted too.
class DealService {
 public:
  struct Parts {
    const DealStore& deals;
    const PartnerDirectory& partners;
    Registrar& registrar;
    Adjudicator& adjudicator;
    const PageTokens& tokens;
    const DealLimitsStore& limits;
    const DealFiguresStore& figures;
    absl::Duration answer_step;  // in which verbs of partners are answered (R22): how long one took tells nothing
  };
  explicit DealService(const Parts& parts) : parts_(parts) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetDealRegistrationRequest& request,
                   v1::DealRegistration* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListDealRegistrationsRequest& request,
                    v1::ListDealRegistrationsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateDealRegistrationRequest& request,
                      v1::DealRegistration* reply);
  absl::Status Submit(const rpc::Call& call, rpc::Unit& unit, const v1::SubmitDealRegistrationRequest& request,
                      v1::DealRegistration* reply);
  absl::Status Withdraw(const rpc::Call& call, rpc::Unit& unit, const v1::WithdrawDealRegistrationRequest& request,
                        v1::DealRegistration* reply);
  absl::Status Approve(const rpc::Call& call, rpc::Unit& unit, const v1::ApproveDealRegistrationRequest& request,
                       v1::DealRegistration* reply);
  absl::Status Reject(const rpc::Call& call, rpc::Unit& unit, const v1::RejectDealRegistrationRequest& request,
                      v1::DealRegistration* reply);
  absl::Status Accept(const rpc::Call& call, rpc::Unit& unit, const v1::AcceptDealRegistrationRequest& request,
                      v1::DealRegistration* reply);
  absl::Status Renew(const rpc::Call& call, rpc::Unit& unit, const v1::RenewDealRegistrationRequest& request,
                     v1::DealRegistration* reply);
  absl::Status Win(const rpc::Call& call, rpc::Unit& unit, const v1::WinDealRegistrationRequest& request,
                   v1::DealRegistration* reply);
  absl::Status Lose(const rpc::Call& call, rpc::Unit& unit, const v1::LoseDealRegistrationRequest& request,
                    v1::DealRegistration* reply);
  absl::Status Appeal(const rpc::Call& call, rpc::Unit& unit, const v1::AppealDealRegistrationRequest& request,
                      v1::DealRegistration* reply);
  absl::Status FindSimilar(const rpc::Call& call, rpc::Unit& unit, const v1::FindSimilarDealsRequest& request,
                           v1::FindSimilarDealsResponse* reply);

  // Does what its approval task decided of a deal that waits.
  absl::Status Decided(const rpc::Call& call, rpc::Unit& unit, const approvals::Decision& decision);

 private:
  using Decision = absl::FunctionRef<absl::StatusOr<Deal>(Deal deal)>;

  // What all verbs do: lock, load, decide, store, tell, reply.
  template <typename Request>
  absl::Status Move(const rpc::Call& call, rpc::Unit& unit, const Request& request, std::string_view verb,
                    v1::DealRegistration* reply, Decision decide);
  // QUOTA_EXCEEDED; else counts one more. A trial is counted when it has been decided.
  absl::Status Count(const rpc::Call& call, rpc::Unit& unit, const DealLimits& limits, const Deal& deal) const;
  // A deal of the partner becomes open: TOO_MANY_OPEN.
  absl::Status CheckRoom(const rpc::Call& call, rpc::Unit& unit, const DealLimits& limits, const Deal& deal) const;

  const Parts parts_;
  const approvals::ApprovalAsks asks_{};
};

}  // namespace tributary::conflict
