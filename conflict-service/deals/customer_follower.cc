#include "conflict-service/deals/customer_follower.h"

#include <vector>

#include "common/status/status.h"

namespace tributary::conflict {
namespace {

rpc::Expiry::Rules FollowingOf(CustomerIndex& customers) {
  return {
      .things = "names of erased customers",
      .due = [&customers](mysql::Transaction& sql, absl::Time, int) -> absl::StatusOr<std::vector<rpc::Expiry::Id>> {
        RETURN_IF_ERROR(customers.CatchUp(sql));
        return std::vector<rpc::Expiry::Id>();
      },
      .end = [](rpc::Unit&, const rpc::Expiry::Id&, absl::Time) -> absl::StatusOr<bool> { return false; },
      .every = absl::Seconds(10)};
}

}  // namespace

CustomerFollower::CustomerFollower(mysql::Database& database, const Clock& clock, CustomerIndex& customers)
    : Expiry(database, clock, FollowingOf(customers), [] {}) {}

}  // namespace tributary::conflict
