#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <unordered_map>

#include "absl/time/time.h"
#include "common/auth/identity.h"

namespace tributary::auth {

using TokenHash = std::array<uint8_t, 32>;
// SHA-256 of the token.
TokenHash HashOf(std::string_view token);

// What verified tokens said, by their hash, within the times that they are good for. Holds at most `capacity` (give or
// take the shards' rounding); a full shard first drops what has expired, then any one. Thread-safe.
class TokenCache {
 public:
  explicit TokenCache(size_t capacity);

  // Null where the token is not known or `now` is outside its times.
  std::shared_ptr<const Identity> Find(const TokenHash& hash, absl::Time now);
  void Add(const TokenHash& hash, std::shared_ptr<const Identity> identity, absl::Time not_before, absl::Time expires,
           absl::Time now);
  size_t size() const;

 private:
  struct Entry {
    std::shared_ptr<const Identity> identity;
    absl::Time not_before;
    absl::Time expires;
  };
  struct HashBytes {
    size_t operator()(const TokenHash& hash) const;
  };
  struct alignas(64) Shard {
    mutable std::mutex mutex;
    std::unordered_map<TokenHash, Entry, HashBytes> entries;  // under mutex
  };
  static constexpr size_t kShards = 16;

  Shard& ShardOf(const TokenHash& hash) { return shards_[hash[31] % kShards]; }

  const size_t shard_capacity_;
  std::array<Shard, kShards> shards_;
};

}  // namespace tributary::auth
