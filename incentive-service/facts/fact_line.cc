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
    line.reversed_seq.reset();
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
      if (!target.reversed_seq.has_value() || line.seq < *target.reversed_seq) target.reversed_seq = line.seq;
    } else if (target.kind == FactKind::kLine) {
      entry.line->order_basis = target.order_date;
      entry.line->ship_basis = target.ship_date;
    }
  }

  Placed placed;
  for (auto& [key, entry] : lines) {
    const FactLine& now = *entry.line;
    if (entry.fresh) {
      if (now.live()) placed.live.entered.push_back(now);
      continue;
    }
    if (now == entry.before) continue;
    placed.changed.push_back(now);
    const bool moved = now.order_basis != entry.before.order_basis || now.ship_basis != entry.before.ship_basis;
    if (entry.before.live() && (moved || !now.live())) placed.live.left.push_back(entry.before);
    if (now.live() && (moved || !entry.before.live())) placed.live.entered.push_back(now);
  }
  placed.fresh = std::move(fresh);
  return placed;
}

}  // namespace tributary::incentive
