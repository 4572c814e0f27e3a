#pragma once

// Groups: who earns by whose facts, and what each member has of a group's rebate (SEMANTICS R2c, R9).
//
//   SUCCESSOR    the other partner took this one over: all of its facts, of whatever day, are the other one's
//   EARNS_WITH   on those days this partner's facts earn for the other one
//
// Both are followed from partner to partner.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/time/date.h"

namespace tributary::incentive {

enum class GroupRelation { kSuccessor = 1, kEarnsWith = 2 };

struct GroupLink {
  GroupRelation relation;
  std::string partner;
  std::string other;
  DateRange valid;
};

// The partner that earns by a fact of this one on that day. VALIDITY_OVERLAP where two links of a kind lead on from one
// partner to different ones; STATE_CONFLICT where they lead in a circle.
absl::StatusOr<std::string> EarnerOf(absl::Span<const GroupLink> links, std::string_view partner, Date date);

// What the facts of a member come to by which one partner earns.
struct MemberVolume {
  std::string partner;
  Decimal volume;
  int64_t lines = 0;
  friend bool operator==(const MemberVolume&, const MemberVolume&) = default;
};

struct MemberShare {
  std::string partner;
  int64_t share = 0;  // minor units
  friend bool operator==(const MemberShare&, const MemberShare&) = default;
};

// `total` (minor units) by volume, to the unit by largest remainder; equal remainders go to the smaller name. A volume
// of 0 or less has no share. The shares sum to the total unless no volume is above 0: then each is 0.
std::vector<MemberShare> ShareGroupRebate(int64_t total, std::vector<MemberVolume> members);

}  // namespace tributary::incentive
