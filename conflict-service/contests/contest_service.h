#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/contests/adjudicator.h"
#include "conflict-service/contests/contest_store.h"
#include "conflict-service/deals/registrar.h"
#include "tributary/conflict/v1/contest.pb.h"

namespace tributary::conflict {

// Contests of deals: how they stand, their awards, and what other terms would have awarded.
class ContestService {
 public:
  struct Parts {
    const ContestStore& contests;
    const PolicyStore& policies;
    const DealStore& deals;
    const Registrar& registrar;
    Adjudicator& adjudicator;
    const PageTokens& tokens;
  };
  explicit ContestService(const Parts& parts) : parts_(parts) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetContestRequest& request, v1::Contest* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListContestsRequest& request,
                    v1::ListContestsResponse* reply);
  absl::Status Award(const rpc::Call& call, rpc::Unit& unit, const v1::AwardContestRequest& request,
                     v1::Contest* reply);
  absl::Status ListDecisions(const rpc::Call& call, rpc::Unit& unit, const v1::ListContestDecisionsRequest& request,
                             v1::ListContestDecisionsResponse* reply);
  absl::Status Replay(const rpc::Call& call, rpc::Unit& unit, const v1::ReplayContestRequest& request,
                      v1::ReplayContestResponse* reply);

 private:
  absl::StatusOr<v1::Contest> Message(mysql::Transaction& sql, const Contest& contest) const;

  const Parts parts_;
};

}  // namespace tributary::conflict
