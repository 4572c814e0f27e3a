#pragma once

// How far the feeds that tell lines had been read: the last position of every shard. The shards of inventory's feed
// come first, then those of conflict-service's, which tells of won deals.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::incentive {

// The first of conflict-service's shards.
inline constexpr int kDealShards = 64;

// Index = shard; 0 before the first event, as are shards behind the end.
using Watermark = std::vector<int64_t>;

// Whether what was told at that position had been read.
bool Covers(const Watermark& watermark, int shard, int64_t seq);

// As text for a column: "shard:seq shard:seq", shards at 0 left out.
std::string WatermarkText(const Watermark& watermark);
Watermark ParseWatermarkText(std::string_view text);

}  // namespace tributary::incentive
