#include "inventory-service/sites/site_proto.h"

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"

namespace tributary::inventory {

v1::Site ToProto(const Site& site) {
  v1::Site out;
  out.set_name(site.name());
  out.set_uid(site.uid.ToString());
  out.set_etag(EtagOf(site.version));
  *out.mutable_create_time() = wire::ToProto(site.create_time);
  *out.mutable_update_time() = wire::ToProto(site.update_time);
  out.set_display_name(site.display_name);
  if (!site.region.empty()) out.set_region(StrCat("regions/", site.region));
  out.set_negative_stock(static_cast<v1::Site::NegativeStock>(site.negative_stock));
  *out.mutable_count_tolerance() = wire::ToProto(site.count_tolerance);
  if (site.closed_on.has_value()) *out.mutable_closed_on() = wire::ToProto(*site.closed_on);
  return out;
}

std::string TakeSite(std::string_view name, std::string_view partner, FieldReader* fields) {
  const auto ids = ParseResourceName(name, "partners/{partner}/sites/{site}", "site");
  if (ids.ok() && ids->at(0) == partner && IsResourceId(ids->at(1))) return ids->at(1);
  fields->Refuse("site", name, StrCat("partners/", partner, "/sites/{site}"));
  return {};
}

absl::StatusOr<Site> FromProto(const v1::Site& site) {
  FieldReader fields;
  Site out;
  out.display_name = site.display_name();
  if (!site.region().empty()) out.region = fields.Id("region", site.region(), "regions/{region}");
  if (site.negative_stock() != v1::Site::NEGATIVE_STOCK_UNSPECIFIED) {
    out.negative_stock = static_cast<NegativeStock>(site.negative_stock());
  }
  if (site.has_count_tolerance()) {
    out.count_tolerance = fields.Take("count_tolerance", wire::FromProto(site.count_tolerance()));
  }
  if (site.has_closed_on()) out.closed_on = fields.Take("closed_on", wire::FromProto(site.closed_on()));
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
