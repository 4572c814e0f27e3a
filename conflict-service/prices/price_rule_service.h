#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/prices/price_rule_store.h"
#include "tributary/conflict/v1/price_rule.pb.h"

namespace tributary::conflict {

// The least that prices may be, for the vendor's staff.
class PriceRuleService {
 public:
  explicit PriceRuleService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetPriceRuleRequest& request,
                   v1::PriceRule* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPriceRulesRequest& request,
                    v1::ListPriceRulesResponse* reply);
  absl::Status ListVersions(const rpc::Call& call, rpc::Unit& unit, const v1::ListPriceRuleVersionsRequest& request,
                            v1::ListPriceRuleVersionsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreatePriceRuleRequest& request,
                      v1::PriceRule* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdatePriceRuleRequest& request,
                      v1::PriceRule* reply);

 private:
  const PageTokens& tokens_;
  PriceRuleStore rules_;
};

}  // namespace tributary::conflict
