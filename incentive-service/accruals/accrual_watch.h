#pragma once

// WatchAccruals of AccrualService: accruals as they change, by this service's own feed, on which a move of an accrual
// is told in the transaction that makes it.

#include "absl/status/status.h"
#include "common/events/watch.h"
#include "common/rpc/call.h"
#include "incentive-service/accruals/accrual_service.h"
#include "incentive-service/accruals/accrual_store.h"
#include "tributary/incentive/v1/accrual.pb.h"

namespace tributary::rpc {
class Server;
class StreamWriter;
}  // namespace tributary::rpc

namespace tributary::incentive {

class AccrualWatch {
 public:
  // All outlive it.
  AccrualWatch(mysql::Database& database, events::Feed& feed, const PageTokens& tokens, const AccrualService& accruals)
      : parts_{database, feed, tokens}, accruals_(accruals) {}
  void Register(rpc::Server& server);

  absl::Status Watch(const rpc::Call& call, const v1::WatchAccrualsRequest& request, rpc::StreamWriter& writer);

 private:
  const events::WatchParts parts_;
  const AccrualService& accruals_;
  AccrualStore store_;
};

}  // namespace tributary::incentive
