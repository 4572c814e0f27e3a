#include "partner-service/relationships/relationship_service.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"
#include "partner-service/relationships/relationship_proto.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kPattern = "partners/{partner}/relationships/{relationship}";

// Who is paid, as payee or as who earns, is for those who pay.
absl::Status CheckMaySet(const rpc::Call& call, RelationshipKind kind) {
  if (kind != RelationshipKind::kPayee && kind != RelationshipKind::kEarnsWith) return absl::OkStatus();
  if (call.identity->Has(api::v1::FINANCE) || call.identity->Has(api::v1::ADMINISTRATOR)) return absl::OkStatus();
  return Error(Reason::kPermissionDenied,
               StrCat("the caller's roles do not include FINANCE or ADMINISTRATOR, who set ", NameOf(kind)));
}

}  // namespace

void RelationshipService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.PartnerRelationshipService", this)
      .Unary("GetPartnerRelationship", &RelationshipService::Get)
      .Unary("ListPartnerRelationships", &RelationshipService::List)
      .Unary("CreatePartnerRelationship", &RelationshipService::Create)
      .Unary("UpdatePartnerRelationship", &RelationshipService::Update);
}

absl::Status RelationshipService::CheckPlace(rpc::Unit& unit, const Relationship& relationship) const {
  ASSIGN_OR_RETURN(const std::vector<Relationship> of_partner,
                   relationships_.OfPartner(unit.sql(), relationship.partner_id));
  RETURN_IF_ERROR(CheckAlone(relationship, of_partner));
  if (!Leads(relationship.kind)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<Relationship> above, Above(unit, relationship.other_id, relationship.kind));
  return CheckNoCircle(relationship, above);
}

absl::StatusOr<std::vector<Relationship>> RelationshipService::Above(rpc::Unit& unit, const std::string& partner_id,
                                                                     RelationshipKind kind) const {
  std::vector<Relationship> above;
  std::set<std::string> seen = {partner_id};
  std::vector<std::string> next = {partner_id};
  while (!next.empty()) {
    const std::string id = std::move(next.back());
    next.pop_back();
    RETURN_IF_ERROR(partners_.GetForUpdate(unit.sql(), id));
    ASSIGN_OR_RETURN(const std::vector<Relationship> of_partner, relationships_.OfPartner(unit.sql(), id));
    for (const Relationship& one : of_partner) {
      if (one.kind != kind) continue;
      above.push_back(one);
      if (seen.insert(one.other_id).second) next.push_back(one.other_id);
    }
  }
  return above;
}

absl::StatusOr<bool> RelationshipService::WasNotYet(const rpc::Call& call, rpc::Unit& unit, std::string_view partner_id,
                                                    const AsOf& as_of) const {
  if (!as_of.known.has_value() || !call.identity->IsPartnerUser()) return false;
  const absl::StatusOr<Partner> partner = partners_.Get(unit.sql(), partner_id);
  if (absl::IsNotFound(partner.status())) return true;
  RETURN_IF_ERROR(partner.status());
  return *as_of.known < partner->revision.create_time;
}

absl::Status RelationshipService::Get(const rpc::Call& call, rpc::Unit& unit,
                                      const v1::GetPartnerRelationshipRequest& request,
                                      v1::PartnerRelationship* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const AsOf as_of, AsOfOf(request, call.now));
  ASSIGN_OR_RETURN(const bool was_not_yet, WasNotYet(call, unit, ids[0], as_of));
  if (was_not_yet) return NotFound(request.name());
  ASSIGN_OR_RETURN(const Relationship relationship, relationships_.Get(unit.sql(), ids[0], ids[1], as_of));
  *reply = ToProto(relationship);
  return absl::OkStatus();
}

absl::Status RelationshipService::List(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ListPartnerRelationshipsRequest& request,
                                       v1::ListPartnerRelationshipsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const AsOf as_of, AsOfOf(request, call.now));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, RelationshipStore::Fields(),
                                             StrCat(request.parent(), " ", as_of.ToString())));
  ASSIGN_OR_RETURN(const bool was_not_yet, WasNotYet(call, unit, partner_id, as_of));
  if (was_not_yet) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<Relationship> relationships, relationships_.List(unit.sql(), partner_id, page, as_of));
  reply->set_next_page_token(page.Cut(&relationships, [](const Relationship& last) {
    return std::vector{last.partner_id, last.id};
  }));
  for (const Relationship& relationship : relationships) *reply->add_relationships() = ToProto(relationship);
  return absl::OkStatus();
}

absl::Status RelationshipService::Create(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::CreatePartnerRelationshipRequest& request,
                                         v1::PartnerRelationship* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  auto content = FromProto(request.relationship());
  if (!content.ok()) return AtField(content.status(), "relationship");
  Relationship relationship = *std::move(content);
  RETURN_IF_ERROR(CheckMaySet(call, relationship.kind));
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), ids.front()));
  // Who goes on with a business may be known after its end.
  if (relationship.kind != RelationshipKind::kSuccessor) {
    RETURN_IF_ERROR(CheckOpen(partner, "createPartnerRelationship"));
  }
  relationship.revision = Revision::First(call.now);
  relationship.partner_id = partner.id;
  relationship.id =
      request.relationship_id().empty() ? relationship.revision.uid.ToString() : request.relationship_id();
  RETURN_IF_ERROR(AtField(CheckRelationship(relationship), "relationship"));
  const auto other = partners_.GetForUpdate(unit.sql(), relationship.other_id);
  if (absl::IsNotFound(other.status())) {
    return UnknownReference("relationship.other_partner", relationship.other(), "a partner that there is");
  }
  RETURN_IF_ERROR(other);
  RETURN_IF_ERROR(CheckOpen(*other, "createPartnerRelationship"));
  RETURN_IF_ERROR(CheckPlace(unit, relationship));
  ASSIGN_OR_RETURN(relationship, relationships_.Create(unit.sql(), relationship));
  unit.Emit(Told("created", relationship));
  *reply = ToProto(relationship);
  return absl::OkStatus();
}

absl::Status RelationshipService::Update(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::UpdatePartnerRelationshipRequest& request,
                                         v1::PartnerRelationship* reply) {
  static const std::vector<std::string_view> kMayChange = {"valid_from", "valid_to"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.relationship().name(), kPattern, "relationship.name"));
  // The partner's lock orders all changes of its relationships.
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), ids[0]));
  ASSIGN_OR_RETURN(const Relationship relationship, relationships_.Get(unit.sql(), partner.id, ids[1]));
  RETURN_IF_ERROR(CheckMaySet(call, relationship.kind));
  RETURN_IF_ERROR(CheckEtag(relationship.name(), request.relationship().etag(), relationship.revision.version));
  v1::PartnerRelationship merged = ToProto(relationship);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.relationship(), &merged, kMayChange));
  const auto content = FromProto(merged);
  if (!content.ok()) return AtField(content.status(), "relationship");
  const auto changed = Change(relationship, *content, call.now);
  if (!changed.ok()) return AtField(changed.status(), "relationship");
  RETURN_IF_ERROR(CheckPlace(unit, *changed));
  RETURN_IF_ERROR(relationships_.Update(unit.sql(), *changed));
  unit.Emit(Told("updated", *changed));
  *reply = ToProto(*changed);
  return absl::OkStatus();
}

}  // namespace tributary::partner
