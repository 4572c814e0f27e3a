#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/money/decimal.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/cases/case_store.h"
#include "conflict-service/detection/diversion_detector.h"
#include "conflict-service/mass_balances/mass_balance_store.h"
#include "conflict-service/remedies/remedy_store.h"
#include "tributary/conflict/v1/remedy.pb.h"

namespace tributary::conflict {

// Remedies of cases, for the vendor's staff.
class RemedyService {
 public:
  // Both outlive it.
  RemedyService(const DiversionDetector& diversions, const PageTokens& tokens)
      : diversions_(diversions), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetRemedyRequest& request, v1::Remedy* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListRemediesRequest& request,
                    v1::ListRemediesResponse* reply);
  absl::Status Apply(const rpc::Call& call, rpc::Unit& unit, const v1::ApplyRemedyRequest& request, v1::Remedy* reply);

 private:
  // The lower bound of what went from one party to the other, as the facts show it now; 0 where they no longer show
  // any, none of a case that rests on no balance.
  absl::StatusOr<std::optional<Decimal>> LowerBoundOf(rpc::Unit& unit, const Case& one) const;

  const DiversionDetector& diversions_;
  const PageTokens& tokens_;
  CaseStore cases_;
  MassBalanceStore balances_;
  RemedyStore remedies_;
};

}  // namespace tributary::conflict
