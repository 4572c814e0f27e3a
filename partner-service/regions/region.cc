#include "partner-service/regions/region.h"

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {

std::string_view NameOf(RegionScheme scheme) {
  switch (scheme) {
    case RegionScheme::kIso31662:
      return "ISO_3166_2";
    case RegionScheme::kGbt2260:
      return "GBT_2260";
    case RegionScheme::kCustom:
      return "CUSTOM";
  }
  return "SCHEME_UNSPECIFIED";
}

std::string_view NameOf(RegionState state) {
  switch (state) {
    case RegionState::kActive:
      return "ACTIVE";
    case RegionState::kInactive:
      return "INACTIVE";
  }
  return "STATE_UNSPECIFIED";
}

std::string Region::name() const { return StrCat("regions/", id); }

absl::StatusOr<RegionArrival> Arrive(
    const std::optional<Region>& stored, const Region& row,
    absl::FunctionRef<std::optional<std::string>(std::string_view name)> active_parent_of) {
  const bool taken = stored.has_value() && stored->state == RegionState::kActive;
  if (taken) {
    RETURN_IF_ERROR(SameContent({{"scheme", NameOf(row.scheme), NameOf(stored->scheme)},
                                 {"code", row.code, stored->code},
                                 {"parent_region", row.parent_region, stored->parent_region},
                                 {"display_name", row.display_name, stored->display_name},
                                 {"display_name_zh", row.display_name_zh, stored->display_name_zh}}));
    return RegionArrival::kAgain;
  }
  // Only an id that is given again can close a circle: any other has nothing below it yet.
  for (std::string ancestor = row.parent_region; !ancestor.empty();) {
    if (ancestor == row.name()) {
      return InvalidField("parent_region", row.parent_region, "a region that does not lie in this one");
    }
    const std::optional<std::string> next = active_parent_of(ancestor);
    if (!next.has_value()) {
      if (ancestor != row.parent_region) break;  // further up somebody's import was undone; not this row's fault
      return UnknownReference("parent_region", row.parent_region, "a region that is there already");
    }
    ancestor = *next;
  }
  return stored.has_value() ? RegionArrival::kReplacing : RegionArrival::kNew;
}

Region TakeBack(const Region& region, absl::Time now) {
  Region taken_back = region;
  taken_back.state = RegionState::kInactive;
  taken_back.revision = region.revision.Next(now);
  return taken_back;
}

}  // namespace tributary::partner
