#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/conflict_rules/diversion_policy_store.h"
#include "conflict-service/conflict_rules/past_finding_store.h"
#include "conflict-service/deals/customer_index.h"
#include "conflict-service/detection/detector.h"
#include "conflict-service/detection/diversion_detector.h"
#include "tributary/conflict/v1/conflict_rule.pb.h"

namespace tributary::conflict {

// BackTestConflictRule of ConflictRuleService: rules run over the facts that are kept, and nothing is stored.
class BackTestService {
 public:
  // All outlive it.
  BackTestService(const Detector& detector, const DiversionDetector& diversions, CustomerIndex& customers)
      : detector_(detector), diversions_(diversions), customers_(customers) {}
  void Register(rpc::Server& server);

  absl::Status Test(const rpc::Call& call, rpc::Unit& unit, const v1::BackTestConflictRuleRequest& request,
                    v1::BackTestConflictRuleResponse* reply);

 private:
  absl::StatusOr<std::vector<Conclusion>> Conclude(mysql::Transaction& sql,
                                                   const v1::BackTestConflictRuleRequest& request, FindingKind kind,
                                                   const DateRange& days) const;

  const Detector& detector_;
  const DiversionDetector& diversions_;
  CustomerIndex& customers_;
  DiversionPolicyStore policies_;
  PastFindingStore past_;
};

}  // namespace tributary::conflict
