#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/leads/lead_router.h"
#include "partner-service/leads/routing_store.h"
#include "partner-service/regions/region_store.h"
#include "tributary/partner/v1/routing_policy.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.RoutingPolicyService.
class RoutingPolicyService {
 public:
  // `tokens` outlives the service.
  explicit RoutingPolicyService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetRoutingPolicyRequest& request,
                   v1::RoutingPolicy* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListRoutingPoliciesRequest& request,
                    v1::ListRoutingPoliciesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateRoutingPolicyRequest& request,
                      v1::RoutingPolicy* reply);
  absl::Status Simulate(const rpc::Call& call, rpc::Unit& unit, const v1::SimulateRoutingPolicyRequest& request,
                        v1::RoutingSimulation* reply);

 private:
  const PageTokens& tokens_;
  RoutingStore routing_;
  LeadRouter router_;
  RegionStore regions_;
};

}  // namespace tributary::partner
