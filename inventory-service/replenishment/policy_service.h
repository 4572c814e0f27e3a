#pragma once

// ReplenishmentPolicyService: by which rule products are ordered again.

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/replenishment/policy_store.h"
#include "inventory-service/sites/site_store.h"
#include "inventory-service/units/unit_conversion_store.h"
#include "tributary/inventory/v1/replenishment_policy.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class ReplenishmentPolicyService {
 public:
  // Both outlive it.
  ReplenishmentPolicyService(PartnerDirectory& partners, const PageTokens& page_tokens)
      : partners_(partners), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetReplenishmentPolicyRequest& request,
                   v1::ReplenishmentPolicy* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListReplenishmentPoliciesRequest& request,
                    v1::ListReplenishmentPoliciesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateReplenishmentPolicyRequest& request,
                      v1::ReplenishmentPolicy* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateReplenishmentPolicyRequest& request,
                      v1::ReplenishmentPolicy* reply);
  absl::Status Pause(const rpc::Call& call, rpc::Unit& unit, const v1::PauseReplenishmentPolicyRequest& request,
                     v1::ReplenishmentPolicy* reply);
  absl::Status Resume(const rpc::Call& call, rpc::Unit& unit, const v1::ResumeReplenishmentPolicyRequest& request,
                      v1::ReplenishmentPolicy* reply);

 private:
  // The policy that a verb is about, its etag checked.
  template <typename Request>
  absl::StatusOr<ReplenishmentPolicy> Load(rpc::Unit& unit, const Request& request) const;
  // The terms as stated, with the pack size of their pack unit; checked. A kit is not ordered again: its parts are.
  absl::StatusOr<ReplenishmentPolicy> Terms(const rpc::Call& call, rpc::Unit& unit,
                                            const v1::ReplenishmentPolicy& stated, std::string_view partner) const;
  absl::Status CheckSite(rpc::Unit& unit, const ReplenishmentPolicy& policy) const;

  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  ReplenishmentPolicyStore store_;
  SiteStore sites_;
  UnitConversionStore units_;
};

}  // namespace tributary::inventory
