#include "partner-service/regions/region_index.h"

#include <mutex>
#include <utility>

#include "common/text/text.h"

namespace tributary::partner {

absl::Status RegionIndex::Follow(events::Feed& feed) {
  return feed.Follow({std::string(v1::Region::descriptor()->full_name())},
                     [this](const events::Event& event) { Apply(event); });
}

bool RegionIndex::Find(std::string_view name, v1::Region* region) const {
  std::shared_ptr<const v1::Region> found;
  {
    std::shared_lock lock(mutex_);
    const auto it = regions_.find(Abseil(name));
    if (it == regions_.end()) return false;
    found = it->second;
  }
  *region = *found;
  return true;
}

void RegionIndex::Apply(const events::Event& event) {
  auto region = std::make_shared<v1::Region>();
  // What this service wrote itself can be read; were it not so, the database still answers.
  if (!region->ParseFromString(event.payload)) return;
  std::unique_lock lock(mutex_);
  regions_[event.name] = std::move(region);
}

}  // namespace tributary::partner
