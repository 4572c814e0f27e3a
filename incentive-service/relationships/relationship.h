#pragma once

// What another partner is to a partner, and on which days, as partner-service's feed tells it.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "common/time/date.h"
#include "incentive-service/engine/group_share.h"
#include "incentive-service/facts/watermark.h"

namespace tributary::incentive {

// What the other partner is. The numbers are stored and are those of the wire.
enum class RelationshipKind { kParent = 1, kBranch = 2, kEarnsWith = 3, kPayee = 4, kBuyingGroup = 5, kSuccessor = 6 };

// As it was told once: changes of its days are told again. That a partner was merged into another one is told as a
// successor of all days, until the merge is undone.
struct Relationship {
  std::string partner;  // id
  std::string id;       // the last segment of its name; empty for a merge
  int shard = 0;        // position on partner-service's feed
  int64_t seq = 0;
  RelationshipKind kind = RelationshipKind::kParent;
  std::string other;  // id of the other partner
  DateRange valid;    // empty where it never was

  // Whether it says who earns by the partner's lines.
  bool moves_earners() const { return kind == RelationshipKind::kEarnsWith || kind == RelationshipKind::kSuccessor; }
  friend bool operator==(const Relationship&, const Relationship&) = default;
};

// Who took whom over and goes on with it on that day, by partner; what a partner was merged into, before any other
// successor. `told`: all that was told, in any order; of each relationship what was told last counts: up to the
// watermark `known` of the feed, all of it where that is nullptr.
std::vector<GroupLink> SuccessorsOn(Date day, absl::Span<const Relationship> told, const Watermark* known);

// Whose lines may count with whose on the days: those successors as of the last of them, and with whom a partner earns
// on some of them. `told`, `known`: as above.
std::vector<GroupLink> EarningLinksOn(const DateRange& days, absl::Span<const Relationship> told,
                                      const Watermark* known);

}  // namespace tributary::incentive
