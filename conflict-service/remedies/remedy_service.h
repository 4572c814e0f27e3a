#pragma once

#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/money/decimal.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/cases/case_store.h"
#include "conflict-service/detection/diversion_detector.h"
#include "conflict-service/mass_balances/mass_balance.h"
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
  absl::Status Suggest(const rpc::Call& call, rpc::Unit& unit, const v1::SuggestRemediesRequest& request,
                       v1::SuggestRemediesResponse* reply);
  absl::Status Apply(const rpc::Call& call, rpc::Unit& unit, const v1::ApplyRemedyRequest& request, v1::Remedy* reply);

 private:
  // The balance that a case of DIVERSION rests on; none of another.
  absl::StatusOr<std::optional<KeptBalance>> RestsOn(rpc::Unit& unit, const Case& one) const;
  // The lower bound of what went from one party to the other, or to the territory that the case is about, as the facts
  // show it now; 0 where they no longer show any, none of a case that rests on no balance.
  absl::StatusOr<std::optional<Decimal>> LowerBoundOf(rpc::Unit& unit, const Case& one,
                                                      const std::optional<KeptBalance>& balance) const;
  // The remedies of the case, and of other cases of the same goods and parties (or party and territory) whose balances'
  // periods meet that of its own: a flow has another case once a balance that begins earlier shows it, and is one all
  // the same.
  absl::StatusOr<std::vector<Remedy>> EarlierOf(rpc::Unit& unit, const Case& one,
                                                const std::optional<KeptBalance>& balance) const;

  const DiversionDetector& diversions_;
  const PageTokens& tokens_;
  CaseStore cases_;
  MassBalanceStore balances_;
  RemedyStore remedies_;
};

}  // namespace tributary::conflict
