#pragma once

// What a close that was worked out says, partner by partner, and what of it is not as it was.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "incentive-service/facts/watermark.h"
#include "incentive-service/statements/entry.h"

namespace tributary::incentive {

// An entry of another amount than before; minor units, 0 where there is or was none.
struct EntryChange {
  std::string program;  // its id
  std::string period;   // of its scale
  StatementEntryKind kind = StatementEntryKind::kEarned;
  int64_t before = 0;
  int64_t now = 0;
  friend bool operator==(const EntryChange&, const EntryChange&) = default;
};

struct PartnerPreview {
  std::string partner;
  std::vector<StatementEntry> entries;  // in the order of the close
  int64_t amount = 0;                   // their sum
  std::vector<EntryChange> changes;     // by (program, period, kind)
};

// By partner. `before`: the entries as they were; without them nothing has changed.
std::vector<PartnerPreview> PreviewOf(std::vector<PartnerEntry> now,
                                      const std::optional<std::vector<PartnerEntry>>& before);

// The mark of a preview ("0:17 64:3", a watermark as text): how far the feeds had been read. INVALID_FIELD since.
absl::StatusOr<Watermark> ParseMark(std::string_view mark);

}  // namespace tributary::incentive
