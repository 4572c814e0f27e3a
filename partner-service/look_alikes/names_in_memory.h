#pragma once

// The names of one kind of resource in memory, to be found by likeness (common/matching).

#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/events/feed.h"
#include "common/matching/name_index.h"
#include "common/mysql/database.h"

namespace tributary::partner {

struct NamedResource {
  std::string id;
  std::vector<std::string> names;  // none: it is not to be found
};

// Where they come from.
struct NameSource {
  std::string payload_type;  // full name of the message by which the own feed tells that one changed
  // The next ones by id, and those of the ids that there are.
  std::function<absl::StatusOr<std::vector<NamedResource>>(mysql::Transaction&, std::string_view after, int most)>
      after;
  std::function<absl::StatusOr<std::vector<NamedResource>>(mysql::Transaction&, const std::set<std::string>& ids)> of;
};

struct AlikeName {
  std::string id;
  matching::NameLikeness likeness;
};

// Read from the database at the start; what changes is told by this service's own feed and read again before the next
// question, so each replica has it a moment behind the database. About 600 bytes a name, and 0.02 ms at the start;
// beyond 1,000,000 names new ones are not found here, which the log says. Thread-safe.
class NamesInMemory {
 public:
  // `database` outlives it.
  NamesInMemory(mysql::Database& database, NameSource source) : database_(database), source_(std::move(source)) {}

  // Follows the feed, and reads all there is. `feed` is stopped before this goes.
  absl::Status Follow(events::Feed& feed);
  // Reads what changed meanwhile, in a transaction of its own: call it before opening one.
  absl::Status CatchUp();
  // Those with a name so alike, the likest first.
  std::vector<AlikeName> Alike(std::string_view name, int least_permille, size_t most) const;

 private:
  // Those of them that are left out, for there are too many, are logged as a number.
  void Put(const std::vector<NamedResource>& resources);
  void Remove(std::string_view id);

  mysql::Database& database_;
  const NameSource source_;

  std::mutex told_mutex_;
  std::set<std::string> told_;  // guarded by told_mutex_: ids that changed and were not read since

  std::mutex reading_mutex_;  // held while what was told is read and put in its place, or the old could follow the new

  mutable std::shared_mutex mutex_;
  // Guarded by mutex_.
  matching::NameIndex index_;
  std::vector<std::string> ids_;  // by the index's numbers
  absl::flat_hash_map<std::string, uint64_t> numbers_;
};

}  // namespace tributary::partner
