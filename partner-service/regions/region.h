#pragma once

// Regions: a tree of codes, each of a scheme. They come by import alone; the id, once taken, keeps its content until
// the import is undone. Pure values and decisions.

#include <optional>
#include <string>
#include <string_view>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class RegionScheme { kIso31662 = 1, kGbt2260 = 2, kCustom = 3 };
enum class RegionState { kActive = 1, kInactive = 2 };
std::string_view NameOf(RegionScheme scheme);
std::string_view NameOf(RegionState state);

struct Region {
  std::string id;
  Revision revision;
  RegionState state = RegionState::kActive;
  RegionScheme scheme = RegionScheme::kCustom;
  std::string code;           // in its scheme
  std::string parent_region;  // regions/{region}; empty at a root
  std::string display_name;
  std::string display_name_zh;

  std::string name() const;  // regions/{id}
};

// How a row of an import meets what is stored.
enum class RegionArrival {
  kNew,        // nothing has its id
  kAgain,      // the same is there
  kReplacing,  // its id is free again, since the import that brought it was undone
};

// `stored` is what has the row's id. `active_parent_of` tells whether a name is an active region and, if so, its
// parent; nullopt where it is not. Refused, in this order:
//   ROW_CONFLICT         the id is taken with other content (the first field that differs)
//   REFERENCE_NOT_FOUND  the parent is no active region
//   INVALID_FIELD        the parent is the region itself or lies in it
absl::StatusOr<RegionArrival> Arrive(
    const std::optional<Region>& stored, const Region& row,
    absl::FunctionRef<std::optional<std::string>(std::string_view name)> active_parent_of);

// ACTIVE to INACTIVE, by an undone import.
Region TakeBack(const Region& region, absl::Time now);

}  // namespace tributary::partner
