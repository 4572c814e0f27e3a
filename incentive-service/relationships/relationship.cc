#include "incentive-service/relationships/relationship.h"

#include <map>
#include <string_view>
#include <utility>

namespace tributary::incentive {
std::vector<GroupLink> SuccessorsOn(Date day, absl::Span<const Relationship> told, const Watermark* known) {
  std::map<std::pair<std::string_view, std::string_view>, const Relationship*> last;
  for (const Relationship& one : told) {
    if (one.kind != RelationshipKind::kSuccessor) continue;
    if (known != nullptr && !Covers(*known, one.shard, one.seq)) continue;
    const Relationship*& kept = last[{one.partner, one.id}];
    if (kept == nullptr || kept->seq < one.seq) kept = &one;
  }
  std::vector<GroupLink> links;
  std::string_view merged;  // a merge has the first name of its partner's
  for (const auto& [name, one] : last) {
    if (!one->valid.Contains(day) || one->partner == merged) continue;
    if (one->id.empty()) merged = one->partner;
    links.push_back({GroupRelation::kSuccessor, one->partner, one->other, one->valid});
  }
  return links;
}

}  // namespace tributary::incentive
