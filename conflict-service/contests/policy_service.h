#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/contests/contest_store.h"
#include "conflict-service/deals/registrar.h"
#include "tributary/conflict/v1/adjudication_policy.pb.h"

namespace tributary::conflict {

// How contested deals are decided.
class PolicyService {
 public:
  PolicyService(const PolicyStore& policies, const Registrar& registrar, const PageTokens& tokens)
      : policies_(policies), registrar_(registrar), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetAdjudicationPolicyRequest& request,
                   v1::AdjudicationPolicy* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListAdjudicationPoliciesRequest& request,
                    v1::ListAdjudicationPoliciesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateAdjudicationPolicyRequest& request,
                      v1::AdjudicationPolicy* reply);
  absl::Status Activate(const rpc::Call& call, rpc::Unit& unit, const v1::ActivateAdjudicationPolicyRequest& request,
                        v1::AdjudicationPolicy* reply);
  absl::Status Retire(const rpc::Call& call, rpc::Unit& unit, const v1::RetireAdjudicationPolicyRequest& request,
                      v1::AdjudicationPolicy* reply);

 private:
  absl::Status Save(rpc::Unit& unit, std::string_view verb, const Policy& policy, v1::AdjudicationPolicy* reply) const;

  const PolicyStore& policies_;
  const Registrar& registrar_;
  const PageTokens& tokens_;
};

}  // namespace tributary::conflict
