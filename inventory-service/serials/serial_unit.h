#pragma once

// Single units with serial numbers: where they are, from what facts say of them. Pure values and decisions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/time/date.h"

namespace tributary::inventory {

// What one posting says of one unit.
struct SerialMove {
  std::string product;
  std::string serial;
  std::string partner;
  std::string lot;
  std::string from;      // place
  std::string to;        // place
  bool is_back = false;  // the posting's quantity is negative: the unit went from `to` to `from`
  Date date;
  std::string cause;  // name of the fact
  int n = 1;
  absl::Time recorded_at;
};

// Two moves that cannot both be right: the unit left where, by the one before, it was not.
struct SerialContradiction {
  SerialMove before;
  SerialMove after;
};

struct SerialUnit {
  std::string product;
  std::string serial;
  std::string lot;      // as the last move tells it that tells one
  std::string partner;  // whose place it is in
  std::string place;
  Date since;
  std::vector<SerialMove> history;  // those that stand, in the order in which they happened, each as it went
  std::vector<SerialContradiction> contradictions;
};

// What people said of how a unit is packed. No fact tells it, and it moves nothing.
struct SerialPack {
  std::string product;
  std::string serial;
  int64_t version = 0;  // 0 where nobody ever said
  absl::Time update_time;
  std::string parent_pack;  // code: an SSCC, or the serial number of a case; empty where it lies in none
};

// INVALID_FIELD: a unit does not hold itself. The same pack again is no change.
absl::StatusOr<SerialPack> Repack(SerialPack pack, std::string_view parent_pack, absl::Time now);

// What the moves of one unit, in any order, say together. Those that are reversed, and reversals, count for nothing. A
// move of a later day comes later; on one day the one comes first that leaves where the unit is, else the one with the
// smaller cause. nullopt where no move stands.
std::optional<SerialUnit> Follow(std::vector<SerialMove> moves);

// Whether the unit can leave a place of the partner's site: it is there, in whichever bucket.
bool IsAtSite(const SerialUnit& unit, std::string_view partner, std::string_view site);

}  // namespace tributary::inventory
