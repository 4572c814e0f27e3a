#include "incentive-service/relationships/relationship.h"

#include <map>
#include <string_view>
#include <utility>

namespace tributary::incentive {
namespace {

// What was told last of each relationship of the kind, by name.
using LastTold = std::map<std::pair<std::string_view, std::string_view>, const Relationship*>;
LastTold LastOf(RelationshipKind kind, absl::Span<const Relationship> told, const Watermark* known) {
  LastTold last;
  for (const Relationship& one : told) {
    if (one.kind != kind) continue;
    if (known != nullptr && !Covers(*known, one.shard, one.seq)) continue;
    const Relationship*& kept = last[{one.partner, one.id}];
    if (kept == nullptr || kept->seq < one.seq) kept = &one;
  }
  return last;
}

}  // namespace

std::vector<GroupLink> SuccessorsOn(Date day, absl::Span<const Relationship> told, const Watermark* known) {
  std::vector<GroupLink> links;
  std::string_view merged;  // a merge has the first name of its partner's
  for (const auto& [name, one] : LastOf(RelationshipKind::kSuccessor, told, known)) {
    if (!one->valid.Contains(day) || one->partner == merged) continue;
    if (one->id.empty()) merged = one->partner;
    links.push_back({GroupRelation::kSuccessor, one->partner, one->other, one->valid});
  }
  return links;
}

std::vector<GroupLink> EarningLinksOn(const DateRange& days, absl::Span<const Relationship> told,
                                      const Watermark* known) {
  std::vector<GroupLink> links = SuccessorsOn(days.end.AddDays(-1), told, known);
  for (const auto& [name, one] : LastOf(RelationshipKind::kEarnsWith, told, known)) {
    if (one->valid.start >= one->valid.end || !one->valid.Intersects(days)) continue;
    links.push_back({GroupRelation::kEarnsWith, one->partner, one->other, one->valid});
  }
  return links;
}

}  // namespace tributary::incentive
