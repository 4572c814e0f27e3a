#include "partner-service/relationships/relationship_proto.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {

v1::PartnerRelationship ToProto(const Relationship& relationship) {
  v1::PartnerRelationship out;
  out.set_name(relationship.name());
  PutRevision(relationship.revision, &out);
  out.set_kind(static_cast<v1::PartnerRelationship::Kind>(relationship.kind));
  out.set_other_partner(relationship.other());
  *out.mutable_valid_from() = wire::ToProto(relationship.valid.start);
  if (relationship.valid.end != OpenEnd()) *out.mutable_valid_to() = wire::ToProto(relationship.valid.end);
  return out;
}

absl::StatusOr<Relationship> FromProto(const v1::PartnerRelationship& relationship) {
  Relationship out{.kind = static_cast<RelationshipKind>(relationship.kind())};
  ASSIGN_OR_RETURN(std::vector<std::string> ids,
                   ParseResourceName(relationship.other_partner(), "partners/{partner}", "other_partner"));
  out.other_id = std::move(ids.front());
  const auto from = wire::FromProto(relationship.valid_from());
  if (!from.ok()) return AtField(from.status(), "valid_from");
  out.valid = {*from, OpenEnd()};
  if (relationship.has_valid_to()) {
    const auto to = wire::FromProto(relationship.valid_to());
    if (!to.ok()) return AtField(to.status(), "valid_to");
    out.valid.end = *to;
  }
  return out;
}

events::EventDraft Told(std::string_view verb, const Relationship& relationship) {
  return events::Draft(relationship.partner_id, verb, relationship.name(), ToProto(relationship));
}

}  // namespace tributary::partner
