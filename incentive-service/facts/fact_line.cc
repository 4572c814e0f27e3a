#include "incentive-service/facts/fact_line.h"

#include <map>
#include <set>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

using Key = std::pair<std::string_view, std::string_view>;  // partner, fact

struct Entry {
  FactLine* line;
  bool fresh;
  FactLine before;  // of a known line
};

}  // namespace

bool SaysTheSame(const FactLine& a, const FactLine& b) {
  return a.partner == b.partner && a.fact == b.fact && a.kind == b.kind && a.refers == b.refers &&
         a.document == b.document && a.line == b.line && a.order_date == b.order_date && a.ship_date == b.ship_date &&
         a.product == b.product && a.quantity == b.quantity && a.net == b.net && a.currency == b.currency;
}

absl::StatusOr<Placed> Place(std::vector<FactLine> fresh, std::vector<FactLine> known) {
  std::map<Key, Entry> lines;
  for (FactLine& line : known) lines.try_emplace(Key(line.partner, line.fact), Entry{&line, false, line});
  for (FactLine& line : fresh) {
    line.order_basis = line.order_date;
    line.ship_basis = line.ship_date;
    line.reversed.reset();
    line.original.reset();
    lines.insert_or_assign(Key(line.partner, line.fact), Entry{&line, true, {}});
  }

  for (auto& [key, entry] : lines) {
    const FactLine& line = *entry.line;
    if (line.refers.empty()) continue;
    const auto position = lines.find(Key(line.partner, line.refers));
    if (position == lines.end()) continue;
    FactLine& target = *position->second.line;
    if (line.kind == FactKind::kReversal) {
      if (target.kind == FactKind::kReversal) {
        return InvalidField("reverses", target.name(), StrCat("a line that is no reversal, for ", line.name()));
      }
      // Where two say so, the first counts.
      if (!target.reversed.has_value() || line.seq < target.reversed->seq) target.reversed = line.told();
    } else if (target.kind == FactKind::kLine) {
      entry.line->order_basis = target.order_date;
      entry.line->ship_basis = target.ship_date;
      entry.line->original = target.told();
    }
  }

  Placed placed;
  for (auto& [key, entry] : lines) {
    const FactLine& now = *entry.line;
    if (entry.fresh) {
      placed.changes.push_back({std::nullopt, now});
    } else if (now != entry.before) {
      placed.changes.push_back({std::move(entry.before), now});
    }
  }
  placed.fresh = std::move(fresh);
  return placed;
}

}  // namespace tributary::incentive
