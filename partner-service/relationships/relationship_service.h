#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/relationships/relationship_store.h"
#include "tributary/partner/v1/relationship.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.PartnerRelationshipService.
class RelationshipService {
 public:
  // `tokens` outlives the service.
  explicit RelationshipService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetPartnerRelationshipRequest& request,
                   v1::PartnerRelationship* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPartnerRelationshipsRequest& request,
                    v1::ListPartnerRelationshipsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreatePartnerRelationshipRequest& request,
                      v1::PartnerRelationship* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdatePartnerRelationshipRequest& request,
                      v1::PartnerRelationship* reply);

 private:
  // Whether it may stand, beside the partner's others and below those above it or before those that succeed it.
  absl::Status CheckPlace(rpc::Unit& unit, const Relationship& relationship) const;
  // Those of the kind, which leads, of a partner, of those and so on, on all days. Locks each of these partners, so
  // that no other transaction closes a circle with this one.
  absl::StatusOr<std::vector<Relationship>> Above(rpc::Unit& unit, const std::string& partner_id,
                                                  RelationshipKind kind) const;

  // Whether a partner's user asks for what was known before there was the partner: that may be of another one, whose id
  // was given again.
  absl::StatusOr<bool> WasNotYet(const rpc::Call& call, rpc::Unit& unit, std::string_view partner_id,
                                 const AsOf& as_of) const;

  const PageTokens& tokens_;
  RelationshipStore relationships_;
  PartnerStore partners_;
};

}  // namespace tributary::partner
