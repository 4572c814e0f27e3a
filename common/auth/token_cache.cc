#include "common/auth/token_cache.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace tributary::auth {

TokenHash HashOf(std::string_view token) {
  // Fetched once: EVP_sha256() makes OpenSSL 3 look the algorithm up again on each use.
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  TokenHash hash{};
  EVP_Digest(token.data(), token.size(), hash.data(), nullptr, sha256, nullptr);
  return hash;
}

size_t TokenCache::HashBytes::operator()(const TokenHash& hash) const {
  size_t value;
  std::memcpy(&value, hash.data(), sizeof(value));
  return value;
}

TokenCache::TokenCache(size_t capacity) : shard_capacity_(std::max<size_t>(1, capacity / kShards)) {}

std::shared_ptr<const Identity> TokenCache::Find(const TokenHash& hash, absl::Time now) {
  Shard& shard = ShardOf(hash);
  std::lock_guard lock(shard.mutex);
  const auto found = shard.entries.find(hash);
  if (found == shard.entries.end()) return nullptr;
  if (now < found->second.not_before || now >= found->second.expires) {
    if (now >= found->second.expires) shard.entries.erase(found);
    return nullptr;
  }
  return found->second.identity;
}

void TokenCache::Add(const TokenHash& hash, std::shared_ptr<const Identity> identity, absl::Time not_before,
                     absl::Time expires, absl::Time now) {
  Shard& shard = ShardOf(hash);
  std::lock_guard lock(shard.mutex);
  if (shard.entries.size() >= shard_capacity_) {
    std::erase_if(shard.entries, [now](const auto& entry) { return now >= entry.second.expires; });
    if (shard.entries.size() >= shard_capacity_) shard.entries.erase(shard.entries.begin());
  }
  shard.entries.insert_or_assign(hash, Entry{std::move(identity), not_before, expires});
}

size_t TokenCache::size() const {
  size_t size = 0;
  for (const Shard& shard : shards_) {
    std::lock_guard lock(shard.mutex);
    size += shard.entries.size();
  }
  return size;
}

}  // namespace tributary::auth
