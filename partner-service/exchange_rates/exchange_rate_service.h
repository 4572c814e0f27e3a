#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/exchange_rates/exchange_rate_store.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/partner/v1/exchange_rate.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.ExchangeRateService.
class ExchangeRateService {
 public:
  // `tokens` outlives the service.
  explicit ExchangeRateService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetExchangeRateRequest& request,
                   v1::ExchangeRate* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListExchangeRatesRequest& request,
                    v1::ListExchangeRatesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateExchangeRateRequest& request,
                      v1::ExchangeRate* reply);
  absl::Status Withdraw(const rpc::Call& call, rpc::Unit& unit, const v1::WithdrawExchangeRateRequest& request,
                        v1::ExchangeRate* reply);
  absl::Status LookUp(const rpc::Call& call, rpc::Unit& unit, const v1::LookUpExchangeRateRequest& request,
                      v1::LookUpExchangeRateResponse* reply);
  absl::Status BatchImport(const rpc::Call& call, rpc::Unit& unit, const v1::BatchImportExchangeRatesRequest& request,
                           api::v1::BatchImportResponse* reply);

  // Takes back up to `limit` rates that the import brought; how many (imports::Undo).
  absl::StatusOr<int> Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id, int limit);

 private:
  const PageTokens& tokens_;
  ExchangeRateStore rates_;
};

}  // namespace tributary::partner
