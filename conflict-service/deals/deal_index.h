#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/matching/name_index.h"
#include "common/mysql/database.h"

namespace tributary::conflict {

// The customers' names of all registrations that block, in memory: what a new one is matched against. Every replica has
// one and follows deal_log; a question under the lock of the deals reads what is new there first, so that all replicas
// answer alike. Thread-safe.
class DealIndex {
 public:
  // Registrations whose customer is that of `customer_name` (same_customer.h), by name. Under the lock of the deals and
  // before this transaction appends to the log: what it has appended may yet be undone.
  absl::StatusOr<std::set<std::string>> Find(mysql::Transaction& sql, std::string_view customer_name);

  // Tells all replicas that a registration blocks (again) or no longer, and answers its place in the log. Under the
  // lock of the deals.
  static absl::StatusOr<int64_t> Append(mysql::Transaction& sql, const std::string& deal, bool blocks,
                                        const std::string& customer_name);

  // Reads what is new; also without the lock, as rows commit in their order.
  absl::Status CatchUp(mysql::Transaction& sql);

 private:
  // A customer's name as somebody wrote it, once, however many registrations are for it.
  struct Customer {
    std::string name;
    std::set<std::string> deals;  // that block
  };
  absl::Status CatchUpLocked(mysql::Transaction& sql);
  void Apply(const std::string& deal, const std::string& customer_name, bool blocks);

  std::mutex mutex_;
  int64_t position_ = 0;  // of the last row that was read; all below are guarded by mutex_
  matching::NameIndex names_;
  std::vector<Customer> customers_;                      // by the index's ids
  absl::flat_hash_map<std::string, uint64_t> ids_;       // of customers' names
  absl::flat_hash_map<std::string, uint64_t> customer_;  // of registrations that block, by name
};

}  // namespace tributary::conflict
