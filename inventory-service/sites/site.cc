#include "inventory-service/sites/site.h"

#include "common/text/text.h"

namespace tributary::inventory {

std::string SiteName(std::string_view partner, std::string_view id) {
  return StrCat("partners/", partner, "/sites/", id);
}

std::string Site::name() const { return SiteName(partner, id); }

Site Change(Site site, const Site& wanted, absl::Time now) {
  site.display_name = wanted.display_name;
  site.region = wanted.region;
  site.negative_stock = wanted.negative_stock;
  site.count_tolerance = wanted.count_tolerance;
  site.closed_on = wanted.closed_on;
  ++site.version;
  site.update_time = now;
  return site;
}

}  // namespace tributary::inventory
