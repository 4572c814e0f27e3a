#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/fiscal_calendars/fiscal_calendar_store.h"
#include "partner-service/support_requests/support_store.h"
#include "tributary/partner/v1/support_policy.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.SupportPolicyService.
class SupportPolicyService {
 public:
  // `tokens` outlives the service.
  explicit SupportPolicyService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetSupportPolicyRequest& request,
                   v1::SupportPolicy* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListSupportPoliciesRequest& request,
                    v1::ListSupportPoliciesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateSupportPolicyRequest& request,
                      v1::SupportPolicy* reply);

 private:
  const PageTokens& tokens_;
  SupportPolicyStore policies_;
  FiscalCalendarStore calendars_;
};

}  // namespace tributary::partner
