#pragma once

// CreditService: what partners owe.

#include "absl/status/status.h"
#include "common/rpc/call.h"
#include "inventory-service/credit/credit_store.h"
#include "tributary/inventory/v1/credit.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class CreditService {
 public:
  void Register(rpc::Server& server);

  absl::Status GetExposure(const rpc::Call& call, rpc::Unit& unit, const v1::GetCreditExposureRequest& request,
                           v1::CreditExposure* reply);

 private:
  CreditStore credit_;
};

}  // namespace tributary::inventory
