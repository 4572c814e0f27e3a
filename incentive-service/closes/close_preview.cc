#include "incentive-service/closes/close_preview.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

// Shards are fewer.
constexpr int64_t kMostShards = int64_t{2} * kDealShards;

// "17:3", with a shard behind `last`.
bool ParsePosition(std::string_view text, int64_t last, int64_t* shard, int64_t* seq) {
  const size_t colon = text.find(':');
  return colon != std::string_view::npos && absl::SimpleAtoi(Abseil(text.substr(0, colon)), shard) &&
         absl::SimpleAtoi(Abseil(text.substr(colon + 1)), seq) && *shard > last && *shard<kMostShards&& * seq> 0;
}

}  // namespace

std::vector<PartnerPreview> PreviewOf(std::vector<PartnerEntry> now,
                                      const std::optional<std::vector<PartnerEntry>>& before) {
  struct Amounts {
    int64_t before = 0;
    int64_t now = 0;
  };
  using Key = std::tuple<std::string, std::string, StatementEntryKind>;  // program, period, kind
  std::map<std::string, std::map<Key, Amounts>> amounts;                 // by partner
  const auto amounts_of = [&](const PartnerEntry& one) -> Amounts& {
    return amounts[one.partner][{one.entry.program, one.entry.scale.id, one.entry.kind}];
  };
  if (before.has_value()) {
    for (const PartnerEntry& one : *before) amounts_of(one).before += one.entry.amount();
  }
  std::map<std::string, PartnerPreview> previews;
  for (PartnerEntry& one : now) {
    amounts_of(one).now += one.entry.amount();
    PartnerPreview& preview = previews[one.partner];
    preview.amount += one.entry.amount();
    preview.entries.push_back(std::move(one.entry));
  }
  if (before.has_value()) {
    for (const auto& [partner, by_entry] : amounts) {
      for (const auto& [key, amount] : by_entry) {
        if (amount.before == amount.now) continue;
        const auto& [program, period, kind] = key;
        previews[partner].changes.push_back({program, period, kind, amount.before, amount.now});
      }
    }
  }
  std::vector<PartnerPreview> sorted;
  sorted.reserve(previews.size());
  for (auto& [partner, preview] : previews) {
    preview.partner = partner;
    sorted.push_back(std::move(preview));
  }
  return sorted;
}

absl::StatusOr<Watermark> ParseMark(std::string_view mark) {
  int64_t last = -1;
  for (size_t at = 0; at < mark.size();) {
    const size_t end = std::min(mark.find(' ', at), mark.size());
    int64_t shard = 0, seq = 0;
    if (!ParsePosition(mark.substr(at, end - at), last, &shard, &seq) || end + 1 == mark.size()) {
      return InvalidField("since", mark, "the mark of an earlier preview");
    }
    last = shard;
    at = end + 1;
  }
  Watermark watermark = ParseWatermarkText(mark);
  if (WatermarkText(watermark) != mark) return InvalidField("since", mark, "the mark of an earlier preview");
  return watermark;
}

}  // namespace tributary::incentive
