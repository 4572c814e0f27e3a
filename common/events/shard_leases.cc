#include "common/events/shard_leases.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/events/outbox.h"
#include "common/status/status.h"

namespace tributary::events {
namespace {

constexpr absl::Duration kKeepTime = absl::Seconds(5);
constexpr absl::Duration kClaimTime = absl::Seconds(2);  // a former owner may be in the midst of a transaction

mysql::TransactOptions Within(absl::Duration time) { return {.deadline = absl::Now() + time}; }

}  // namespace

absl::Status ShardLeases::Begin() {
  held_.clear();
  return database_.Transact(Within(kKeepTime), [this](mysql::Transaction& sql) { return store_.Prepare(sql); });
}

absl::Status ShardLeases::Tick(bool* changed) {
  size_t share = 0;
  std::vector<int> released;
  std::map<int, HeldShard> ours;
  RETURN_IF_ERROR(database_.Transact(Within(kKeepTime), [&](mysql::Transaction& sql) -> absl::Status {
    released.clear();
    ours.clear();
    ASSIGN_OR_RETURN(const int live, store_.SignIn(sql, lease_));
    at_("signed-in");
    share = (kShards + live - 1) / live;
    RETURN_IF_ERROR(store_.Renew(sql, lease_));
    // Still held: those whose row has this owner and the epoch that we know. Others of this owner are from before a
    // restart, or from a claim whose answer was lost; kept, they would be prolonged for ever and read by nobody.
    ASSIGN_OR_RETURN(const std::vector<HeldShard> rows, store_.Held(sql));
    for (const HeldShard& row : rows) {
      const auto known = held_.find(row.shard);
      if (known != held_.end() && known->second.epoch == row.epoch) {
        ours[row.shard] = row;
      } else {
        released.push_back(row.shard);
      }
    }
    while (ours.size() > share) {
      released.push_back(ours.rbegin()->first);
      ours.erase(std::prev(ours.end()));
    }
    return store_.Release(sql, released);
  }));
  if (!released.empty()) at_("released");
  if (ours.size() < share) RETURN_IF_ERROR(Claim(share - ours.size(), &ours));
  *changed = !std::equal(ours.begin(), ours.end(), held_.begin(), held_.end(), [](const auto& a, const auto& b) {
    return a.first == b.first && a.second.epoch == b.second.epoch && a.second.seq == b.second.seq;
  });
  held_ = std::move(ours);
  return absl::OkStatus();
}

absl::Status ShardLeases::Claim(size_t wanted, std::map<int, HeldShard>* ours) {
  std::vector<HeldShard> claimed;
  const absl::Status status = database_.Transact(Within(kClaimTime), [&](mysql::Transaction& sql) -> absl::Status {
    claimed.clear();
    std::set<int> won;
    ASSIGN_OR_RETURN(const std::vector<int> claimable, store_.Claimable(sql));
    for (const int shard : claimable) {
      if (won.size() == wanted) break;
      if (ours->contains(shard)) continue;
      ASSIGN_OR_RETURN(const bool taken, store_.Claim(sql, shard, lease_));
      if (taken) won.insert(shard);
    }
    if (won.empty()) return absl::OkStatus();
    ASSIGN_OR_RETURN(claimed, store_.Held(sql));
    std::erase_if(claimed, [&](const HeldShard& row) { return !won.contains(row.shard); });
    return absl::OkStatus();
  });
  // The former owner may be in the midst of a transaction; what is held already does not wait for it.
  if (!status.ok() && (ours->empty() || ReasonOf(status) == Reason::kDatabaseUnavailable)) return status;
  if (!status.ok() || claimed.empty()) return absl::OkStatus();
  at_("claimed");
  for (HeldShard& row : claimed) (*ours)[row.shard] = std::move(row);
  return absl::OkStatus();
}

absl::Status ShardLeases::Leave() {
  held_.clear();
  RETURN_IF_ERROR(database_.Transact(Within(kKeepTime), [this](mysql::Transaction& sql) { return store_.Leave(sql); }));
  at_("released");
  return absl::OkStatus();
}

}  // namespace tributary::events
