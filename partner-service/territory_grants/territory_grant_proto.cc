#include "partner-service/territory_grants/territory_grant_proto.h"

#include <string>
#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/name_lists.h"
#include "partner-service/refusals/refusals.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {
namespace {

using Texts = google::protobuf::RepeatedPtrField<std::string>;

std::vector<std::string> List(const Texts& texts) { return {texts.begin(), texts.end()}; }

}  // namespace

v1::TerritoryGrant ToProto(const TerritoryGrant& grant) {
  v1::TerritoryGrant out;
  out.set_name(grant.name());
  PutRevision(grant.revision, &out);
  out.set_state(static_cast<v1::TerritoryGrant::State>(grant.state));
  *out.mutable_regions() = {grant.regions.begin(), grant.regions.end()};
  *out.mutable_product_lines() = {grant.product_lines.begin(), grant.product_lines.end()};
  *out.mutable_segments() = {grant.segments.begin(), grant.segments.end()};
  *out.mutable_routes() = {grant.routes.begin(), grant.routes.end()};
  out.set_exclusivity(static_cast<v1::TerritoryGrant::Exclusivity>(grant.exclusivity));
  PutDays(grant.effective, &out);
  if (!grant.replaces.empty()) {
    out.set_replaces(StrCat("partners/", grant.partner_id, "/territoryGrants/", grant.replaces));
  }
  return out;
}

absl::StatusOr<TerritoryGrant> FromProto(const v1::TerritoryGrant& grant) {
  std::vector<FieldViolation> violations;
  CheckNames("regions", "regions/{region}", List(grant.regions()), &violations);
  CheckNames("product_lines", "productLines/{product_line}", List(grant.product_lines()), &violations);
  RETURN_IF_ERROR(AllOf(std::move(violations)));
  ASSIGN_OR_RETURN(const DateRange effective, DaysOf(grant));
  return TerritoryGrant{.regions = List(grant.regions()),
                        .product_lines = List(grant.product_lines()),
                        .segments = List(grant.segments()),
                        .routes = List(grant.routes()),
                        .exclusivity = static_cast<Exclusivity>(grant.exclusivity()),
                        .effective = effective};
}

events::EventDraft Told(std::string_view verb, const TerritoryGrant& grant) {
  return events::Draft(grant.partner_id, verb, grant.name(), ToProto(grant));
}

}  // namespace tributary::partner
