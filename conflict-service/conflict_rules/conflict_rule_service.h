#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/conflict_rules/diversion_policy_store.h"
#include "conflict-service/detection/diversion_detector.h"
#include "tributary/conflict/v1/conflict_rule.pb.h"

namespace tributary::conflict {

// The rules' parameters, for the vendor's staff.
class ConflictRuleService {
 public:
  ConflictRuleService(const DiversionDetector& detector, const PageTokens& tokens)
      : detector_(detector), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetConflictRuleRequest& request,
                   v1::ConflictRule* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListConflictRulesRequest& request,
                    v1::ListConflictRulesResponse* reply);
  absl::Status ListVersions(const rpc::Call& call, rpc::Unit& unit, const v1::ListConflictRuleVersionsRequest& request,
                            v1::ListConflictRuleVersionsResponse* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateConflictRuleRequest& request,
                      v1::ConflictRule* reply);

 private:
  const DiversionDetector& detector_;
  const PageTokens& tokens_;
  DiversionPolicyStore policies_;
};

}  // namespace tributary::conflict
