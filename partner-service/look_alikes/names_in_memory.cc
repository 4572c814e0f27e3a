#include "partner-service/look_alikes/names_in_memory.h"

#include <algorithm>
#include <iterator>

#include "common/status/status.h"
#include "common/text/text.h"
#include "spdlog/spdlog.h"

namespace tributary::partner {
namespace {

constexpr int kRead = 500;  // resources at a time
constexpr size_t kMostNames = 1'000'000;

}  // namespace

absl::Status NamesInMemory::Follow(events::Feed& feed) {
  RETURN_IF_ERROR(feed.Follow({source_.payload_type}, [this](const events::Event& event) {
    const std::scoped_lock lock(told_mutex_);
    told_.insert(event.name.substr(event.name.rfind('/') + 1));
  }));
  {
    // What was told before is read with all there is.
    const std::scoped_lock lock(told_mutex_);
    told_.clear();
  }
  const std::scoped_lock reading(reading_mutex_);
  for (std::string after;;) {
    std::vector<NamedResource> read;
    RETURN_IF_ERROR(database_.Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(read, source_.after(sql, after, kRead));
      return absl::OkStatus();
    }));
    const std::scoped_lock lock(mutex_);
    Put(read);
    if (read.size() < kRead) return absl::OkStatus();
    after = read.back().id;
  }
}

absl::Status NamesInMemory::CatchUp() {
  const std::scoped_lock reading(reading_mutex_);
  std::set<std::string> told;
  {
    const std::scoped_lock lock(told_mutex_);
    told.swap(told_);
  }
  while (!told.empty()) {
    const auto end = std::next(told.begin(), std::min<ptrdiff_t>(kRead, std::ssize(told)));
    const std::set<std::string> some(told.begin(), end);
    std::vector<NamedResource> read;
    const absl::Status status = database_.Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(read, source_.of(sql, some));
      return absl::OkStatus();
    });
    if (!status.ok()) {
      const std::scoped_lock lock(told_mutex_);
      told_.insert(told.begin(), told.end());
      return status;
    }
    const std::scoped_lock lock(mutex_);
    for (const std::string& id : some) Remove(id);
    Put(read);
    told.erase(told.begin(), end);
  }
  return absl::OkStatus();
}

std::vector<AlikeName> NamesInMemory::Alike(std::string_view name, int least_permille, size_t most) const {
  const matching::NameParts parts(name);
  std::vector<AlikeName> alike;
  const std::shared_lock lock(mutex_);
  for (const matching::NameHit& hit : index_.Find(parts, least_permille, most)) {
    alike.push_back({ids_[hit.id], hit.likeness});
  }
  return alike;
}

void NamesInMemory::Put(const std::vector<NamedResource>& resources) {
  size_t left_out = 0;
  for (const NamedResource& resource : resources) {
    if (resource.names.empty()) continue;
    if (index_.size() >= kMostNames) {
      ++left_out;
      continue;
    }
    const auto [number, added] = numbers_.try_emplace(resource.id, ids_.size());
    if (added) ids_.push_back(resource.id);
    for (const std::string& name : resource.names) index_.Insert(number->second, matching::NameParts(name));
  }
  if (left_out == 0) return;
  spdlog::error("{}: {} names are in memory, {} more resources are not found by likeness", source_.payload_type,
                index_.size(), left_out);
}

void NamesInMemory::Remove(std::string_view id) {
  const auto number = numbers_.find(Abseil(id));
  if (number != numbers_.end()) index_.Erase(number->second);
}

}  // namespace tributary::partner
