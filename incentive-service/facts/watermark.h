#pragma once

// How far inventory's feed had been read: the last position of every shard.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::incentive {

// Index = shard; 0 before the first event, as are shards behind the end.
using Watermark = std::vector<int64_t>;

// As text for a column: "shard:seq shard:seq", shards at 0 left out.
std::string WatermarkText(const Watermark& watermark);
Watermark ParseWatermarkText(std::string_view text);

}  // namespace tributary::incentive
