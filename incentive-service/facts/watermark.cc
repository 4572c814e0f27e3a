#include "incentive-service/facts/watermark.h"

#include <charconv>

#include "common/text/text.h"

namespace tributary::incentive {

bool Covers(const Watermark& watermark, int shard, int64_t seq) {
  return static_cast<size_t>(shard) < watermark.size() && seq <= watermark[static_cast<size_t>(shard)];
}

std::string WatermarkText(const Watermark& watermark) {
  std::string text;
  for (size_t shard = 0; shard < watermark.size(); ++shard) {
    if (watermark[shard] == 0) continue;
    if (!text.empty()) text += ' ';
    StrAppend(&text, shard, ":", watermark[shard]);
  }
  return text;
}

Watermark ParseWatermarkText(std::string_view text) {
  Watermark watermark;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    size_t shard = 0;
    int64_t seq = 0;
    at = std::from_chars(at, end, shard).ptr;
    if (at < end) ++at;  // ':'
    at = std::from_chars(at, end, seq).ptr;
    if (at < end) ++at;  // ' '
    if (shard >= watermark.size()) watermark.resize(shard + 1);
    watermark[shard] = seq;
  }
  return watermark;
}

}  // namespace tributary::incentive
