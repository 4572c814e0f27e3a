#pragma once

#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "common/events/feed.h"
#include "tributary/partner/v1/region.pb.h"

namespace tributary::partner {

// Every region, in memory, kept by following this service's own feed; so each replica has it, a moment behind the
// database. Thread-safe.
class RegionIndex {
 public:
  // Reads the feed to its head of the moment and goes on with what comes. `feed` is stopped before this goes.
  absl::Status Follow(events::Feed& feed);

  // Copies the region out; false where the index does not have it (yet).
  bool Find(std::string_view name, v1::Region* region) const;

 private:
  void Apply(const events::Event& event);

  mutable std::shared_mutex mutex_;
  // Guarded by mutex_. The regions themselves do not change: a new one takes the place of the old.
  absl::flat_hash_map<std::string, std::shared_ptr<const v1::Region>> regions_;
};

}  // namespace tributary::partner
