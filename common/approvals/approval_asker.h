#pragma once

// Sends what ApprovalAsks keeps to partner-service.

#include <memory>

#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "common/rpc/client.h"
#include "common/time/clock.h"

namespace tributary::approvals {

// One thread, which looks once a second. Any number of processes may run one: partner-service answers what is asked for
// twice with the same task. What partner-service cannot be asked for now is tried again with a later look; what it
// refuses (a partner that it does not know) is told to the log, and the thing's own verbs decide.
class ApprovalAsker {
 public:
  // All outlive it.
  ApprovalAsker(mysql::Database& database, rpc::Client& partner_service, const Clock& clock);
  // Stops.
  ~ApprovalAsker();
  void Start();
  void Stop();
  // Sends all that is to be sent now. What fails keeps nothing else waiting, until partner-service seems not to be
  // there; the first error. Safe beside the thread.
  absl::Status SendAll();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tributary::approvals
