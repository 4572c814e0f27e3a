#include "incentive-service/engine/group_share.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

std::string_view NameOf(GroupRelation relation) {
  switch (relation) {
    case GroupRelation::kSuccessor:
      return "SUCCESSOR";
    case GroupRelation::kEarnsWith:
      return "EARNS_WITH";
  }
  return {};
}

// Where the partner's links of the kind lead on that day; itself where there is none.
absl::StatusOr<std::string> Next(absl::Span<const GroupLink> links, GroupRelation relation, std::string_view partner,
                                 Date date) {
  std::string next(partner);
  for (const GroupLink& link : links) {
    if (link.relation != relation || link.partner != partner || link.other == next) continue;
    if (relation != GroupRelation::kSuccessor && !link.valid.Contains(date)) continue;
    if (next != partner) {
      return Error(Reason::kValidityOverlap,
                   StrCat(partner, " on ", date.ToString(), ": got two of ", NameOf(relation), ", ",
                          std::min(next, link.other), " and ", std::max(next, link.other), ", want one"));
    }
    next = link.other;
  }
  return next;
}

}  // namespace

absl::StatusOr<std::string> EarnerOf(absl::Span<const GroupLink> links, std::string_view partner, Date date) {
  std::string earner(partner);
  std::set<std::string> passed;
  while (passed.insert(earner).second) {
    ASSIGN_OR_RETURN(std::string next, Next(links, GroupRelation::kSuccessor, earner, date));
    if (next == earner) {
      ASSIGN_OR_RETURN(next, Next(links, GroupRelation::kEarnsWith, earner, date));
    }
    if (next == earner) return earner;
    earner = std::move(next);
  }
  return Error(Reason::kStateConflict, StrCat(partner, " on ", date.ToString(), ": got a circle by way of ", earner,
                                              ", want links that end at one partner"));
}

std::vector<MemberShare> ShareGroupRebate(int64_t total, std::vector<MemberVolume> members) {
  std::sort(members.begin(), members.end(),
            [](const MemberVolume& a, const MemberVolume& b) { return a.partner < b.partner; });
  std::vector<Decimal> volumes;
  Decimal sum;
  for (const MemberVolume& one : members) {
    volumes.push_back(std::max(Decimal(), one.volume));
    sum += volumes.back();
  }
  std::vector<int64_t> parts(members.size(), 0);
  if (!sum.zero()) parts = AllocateLargestRemainder(total, volumes);
  std::vector<MemberShare> shares;
  for (size_t i = 0; i < members.size(); ++i) shares.push_back({std::move(members[i].partner), parts[i]});
  return shares;
}

}  // namespace tributary::incentive
