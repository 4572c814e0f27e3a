#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/deals/deal_figures_store.h"
#include "conflict-service/deals/deal_limits_store.h"
#include "conflict-service/deals/registrar.h"
#include "tributary/conflict/v1/deal_limits.pb.h"

namespace tributary::conflict {

// How many deals partners may register, for the vendor's staff, and how a partner has used that, for itself too.
class DealLimitsService {
 public:
  DealLimitsService(const DealLimitsStore& limits, const DealFiguresStore& figures, const Registrar& registrar,
                    const PageTokens& tokens)
      : limits_(limits), figures_(figures), registrar_(registrar), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetDealLimitsRequest& request,
                   v1::DealLimits* reply);
  absl::Status ListVersions(const rpc::Call& call, rpc::Unit& unit, const v1::ListDealLimitsVersionsRequest& request,
                            v1::ListDealLimitsVersionsResponse* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateDealLimitsRequest& request,
                      v1::DealLimits* reply);
  absl::Status GetFigures(const rpc::Call& call, rpc::Unit& unit, const v1::GetDealFiguresRequest& request,
                          v1::DealFigures* reply);

 private:
  const DealLimitsStore& limits_;
  const DealFiguresStore& figures_;
  const Registrar& registrar_;
  const PageTokens& tokens_;
};

}  // namespace tributary::conflict
