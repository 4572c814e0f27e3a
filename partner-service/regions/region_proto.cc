#include "partner-service/regions/region_proto.h"

#include <string>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {

v1::Region ToProto(const Region& region) {
  v1::Region out;
  out.set_name(region.name());
  PutRevision(region.revision, &out);
  out.set_state(static_cast<v1::Region::State>(region.state));
  out.set_scheme(static_cast<v1::Region::Scheme>(region.scheme));
  out.set_code(region.code);
  out.set_parent_region(region.parent_region);
  out.set_display_name(region.display_name);
  out.set_display_name_zh(region.display_name_zh);
  return out;
}

absl::StatusOr<Region> FromProto(const v1::Region& region) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(region.name(), "regions/{region}"));
  if (!region.parent_region().empty()) {
    RETURN_IF_ERROR(ParseResourceName(region.parent_region(), "regions/{region}", "parent_region"));
  }
  return Region{.id = std::move(ids.front()),
                .scheme = static_cast<RegionScheme>(region.scheme()),
                .code = region.code(),
                .parent_region = region.parent_region(),
                .display_name = region.display_name(),
                .display_name_zh = region.display_name_zh()};
}

}  // namespace tributary::partner
