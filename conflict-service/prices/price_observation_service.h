#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/prices/price_observation_store.h"
#include "tributary/conflict/v1/price_observation.pb.h"

namespace tributary::conflict {

// Takes prices that were seen: facts.
class PriceObservationService {
 public:
  explicit PriceObservationService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status BatchImport(const rpc::Call& call, rpc::Unit& unit,
                           const v1::BatchImportPriceObservationsRequest& request,
                           v1::BatchImportPriceObservationsResponse* reply);
  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetPriceObservationRequest& request,
                   v1::PriceObservation* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPriceObservationsRequest& request,
                    v1::ListPriceObservationsResponse* reply);
  absl::Status Withdraw(const rpc::Call& call, rpc::Unit& unit, const v1::WithdrawPriceObservationRequest& request,
                        v1::PriceObservation* reply);

 private:
  const PageTokens& tokens_;
  PriceObservationStore observations_;
};

}  // namespace tributary::conflict
