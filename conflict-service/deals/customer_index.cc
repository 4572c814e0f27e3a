#include "conflict-service/deals/customer_index.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "common/matching/name_parts.h"
#include "common/status/status.h"
#include "conflict-service/deals/customer_store.h"
#include "conflict-service/deals/deal.h"
#include "conflict-service/deals/same_customer.h"

namespace tributary::conflict {
namespace {

constexpr size_t kMostHits = 100000;

// To read a name takes longer than to store or to index it, so many names are read by as many threads as there are
// processors.
std::vector<matching::NameParts> PartsOf(const std::vector<CustomerSpelling>& spellings) {
  constexpr size_t kWorthAThread = 500;
  const size_t threads =
      std::clamp<size_t>(spellings.size() / kWorthAThread, 1, std::max<size_t>(std::thread::hardware_concurrency(), 1));
  std::vector<matching::NameParts> parts(spellings.size());
  const auto read = [&](size_t thread) {
    const size_t end = spellings.size() * (thread + 1) / threads;
    for (size_t i = spellings.size() * thread / threads; i < end; ++i) {
      parts[i] = matching::NameParts(spellings[i].name);
    }
  };
  {
    std::vector<std::jthread> others;
    for (size_t thread = 1; thread < threads; ++thread) others.emplace_back(read, thread);
    read(0);
  }
  return parts;
}

}  // namespace

absl::Status CustomerIndex::Learn(mysql::Transaction& sql, const std::string& name) {
  const CustomerStore store;
  ASSIGN_OR_RETURN(const bool known, store.Has(sql, name));
  if (known) return absl::OkStatus();
  const matching::NameParts parts(name);
  const std::string own = CustomerKey(name);
  std::set<std::string> alike;
  {
    std::lock_guard lock(mutex_);
    RETURN_IF_ERROR(CatchUpLocked(sql));
    alike = SameOf(names_.FindAll(parts, kLeastLikeness), own);
  }
  return store.Add(sql, name, alike);
}

absl::StatusOr<std::set<std::string>> CustomerIndex::Find(mysql::Transaction& sql, std::string_view name) {
  const matching::NameParts parts(name);
  const std::string own = CustomerKey(name);
  std::lock_guard lock(mutex_);
  RETURN_IF_ERROR(CatchUpLocked(sql));
  return SameOf(names_.Find(parts, kLeastLikeness, kMostHits), own);
}

std::set<std::string> CustomerIndex::Known(std::string_view name) const {
  const matching::NameParts parts(name);
  const std::string own = CustomerKey(name);
  std::lock_guard lock(mutex_);
  return SameOf(names_.Find(parts, kLeastLikeness, kMostHits), own);
}

std::set<std::string> CustomerIndex::SameOf(const std::vector<matching::NameHit>& hits,
                                            const std::string& own_key) const {
  std::set<std::string> found;
  for (const matching::NameHit& hit : hits) {
    const std::string& key = keys_[hit.id - 1];
    if (key != own_key && SameCustomer(hit.likeness)) found.insert(key);
  }
  return found;
}

absl::Status CustomerIndex::CatchUp(mysql::Transaction& sql) {
  std::lock_guard lock(mutex_);
  return CatchUpLocked(sql);
}

absl::Status CustomerIndex::CatchUpLocked(mysql::Transaction& sql) {
  constexpr int kAtOnce = 10000;
  while (true) {
    ASSIGN_OR_RETURN(std::vector<CustomerSpelling> spellings, CustomerStore().After(sql, position_, kAtOnce));
    const std::vector<matching::NameParts> parts = PartsOf(spellings);
    for (size_t i = 0; i < spellings.size(); ++i) {
      position_ = spellings[i].seq;
      const auto id = static_cast<size_t>(position_);
      names_.Insert(id, parts[i]);
      keys_.resize(id);
      keys_[id - 1] = std::move(spellings[i].key);
    }
    if (spellings.size() < kAtOnce) return ReadErased(sql);
  }
}

absl::Status CustomerIndex::ReadErased(mysql::Transaction& sql) {
  constexpr int kAtOnce = 1000;
  while (true) {
    ASSIGN_OR_RETURN(std::vector<ErasedSpelling> erased, CustomerStore().ErasedAfter(sql, erased_, kAtOnce));
    for (ErasedSpelling& one : erased) {
      erased_ = one.number;
      if (one.now.seq > position_) continue;  // it will be read as it is now
      const auto id = static_cast<size_t>(one.now.seq);
      names_.Erase(id);
      names_.Insert(id, matching::NameParts(one.now.name));
      keys_[id - 1] = std::move(one.now.key);
    }
    if (erased.size() < kAtOnce) return absl::OkStatus();
  }
}

size_t CustomerIndex::size() const {
  std::lock_guard lock(mutex_);
  return keys_.size();
}

}  // namespace tributary::conflict
