#pragma once

#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/matching/name_index.h"
#include "common/mysql/database.h"

namespace tributary::conflict {

// All spellings of customers' names in memory, found by likeness: what a name that nobody wrote before is matched
// against. Every replica has one and follows the store of spellings; a question under the lock of the deals reads what
// is new there first, so that all replicas answer alike. Spellings are forgotten with erased customers alone, whose
// pseudonyms take their places: there are as many as people write, however many registrations are for a customer, and
// whether any blocks is asked of the database. Thread-safe.
class CustomerIndex {
 public:
  // Before a registration for the customer begins to block, under the lock of the deals: matches the name if nobody
  // wrote it so before, with all others however many are closer (NameIndex::FindAll), and keeps what was found
  // (CustomerStore::Alike). So it need never be matched again.
  absl::Status Learn(mysql::Transaction& sql, const std::string& name);

  // The keys of the customers, other than its own key, that are that of `name` by same_customer.h; of very many the
  // most promising alone. Not in a transaction that has learned a name: what it has stored may yet be undone.
  absl::StatusOr<std::set<std::string>> Find(mysql::Transaction& sql, std::string_view name);

  // The same among the spellings that were read so far, without a look at the database.
  std::set<std::string> Known(std::string_view name) const;

  // Reads what is new and what was erased; also without the lock, as rows commit in their order.
  absl::Status CatchUp(mysql::Transaction& sql);

  size_t size() const;  // spellings

 private:
  absl::Status CatchUpLocked(mysql::Transaction& sql);
  absl::Status ReadErased(mysql::Transaction& sql);
  // The keys but its own of those hits that are one customer.
  std::set<std::string> SameOf(const std::vector<matching::NameHit>& hits, const std::string& own_key) const;

  mutable std::mutex mutex_;
  int64_t position_ = 0;  // of the last spelling that was read; all below are guarded by mutex_
  int64_t erased_ = 0;    // of the last one that was erased
  matching::NameIndex names_;
  std::vector<std::string> keys_;  // by the index's ids less 1; an id is a spelling's place
};

}  // namespace tributary::conflict
