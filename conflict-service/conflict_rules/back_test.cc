#include "conflict-service/conflict_rules/back_test.h"

namespace tributary::conflict {
namespace {

std::optional<Decimal> Precision(int64_t confirmed, int64_t unfounded) {
  const int64_t closed = confirmed + unfounded;
  if (closed == 0) return std::nullopt;
  int64_t whole = confirmed * 10000 / closed;
  const int64_t twice_left = confirmed * 10000 % closed * 2;
  if (twice_left > closed || (twice_left == closed && whole % 2 == 1)) ++whole;
  return Decimal::FromMicros(whole * (Decimal::kUnit / 10000));
}

}  // namespace

std::optional<Decimal> BackTest::precision() const { return Precision(confirmed, unfounded); }

std::optional<Decimal> BackTest::precision_so_far() const { return Precision(confirmed + missed, unfounded + spared); }

BackTest Compare(const std::set<std::string>& flagged, const std::vector<PastFinding>& past) {
  BackTest test{.flagged = static_cast<int64_t>(flagged.size()), .added = static_cast<int64_t>(flagged.size())};
  for (const PastFinding& finding : past) {
    const bool again = flagged.contains(finding.id);
    if (finding.open && again) --test.added;
    if (finding.open && !again) ++test.dropped;
    if (finding.outcome == Outcome::kConfirmed) ++(again ? test.confirmed : test.missed);
    if (finding.outcome == Outcome::kUnfounded) ++(again ? test.unfounded : test.spared);
  }
  return test;
}

}  // namespace tributary::conflict
