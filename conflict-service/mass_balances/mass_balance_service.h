#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/detection/diversion_detector.h"
#include "conflict-service/mass_balances/mass_balance_store.h"
#include "tributary/conflict/v1/mass_balance.pb.h"

namespace tributary::conflict {

// Mass balances, for the vendor's staff.
class MassBalanceService {
 public:
  MassBalanceService(const DiversionDetector& detector, const PageTokens& tokens)
      : detector_(detector), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetMassBalanceRequest& request,
                   v1::MassBalance* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListMassBalancesRequest& request,
                    v1::ListMassBalancesResponse* reply);
  absl::Status Run(const rpc::Call& call, rpc::Unit& unit, const v1::RunMassBalanceRequest& request,
                   v1::MassBalance* reply);

 private:
  const DiversionDetector& detector_;
  const PageTokens& tokens_;
  MassBalanceStore balances_;
};

}  // namespace tributary::conflict
