#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/leads/lead_router.h"
#include "partner-service/leads/lead_store.h"
#include "partner-service/leads/routing_store.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/regions/region_store.h"
#include "tributary/partner/v1/lead.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Ends an open offer, whose lead the caller has locked, and opens the lead again. Writes and tells both; answers the
// lead as it is afterwards.
absl::StatusOr<Lead> EndOffer(rpc::Unit& unit, std::string_view verb, const Lead& lead, const LeadOffer& ended,
                              absl::Time now);

// Serves tributary.partner.v1.LeadService.
class LeadService {
 public:
  // `tokens` outlives the service.
  explicit LeadService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetLeadRequest& request, v1::Lead* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListLeadsRequest& request,
                    v1::ListLeadsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateLeadRequest& request, v1::Lead* reply);
  absl::Status Route(const rpc::Call& call, rpc::Unit& unit, const v1::RouteLeadRequest& request,
                     v1::RoutingDecision* reply);
  absl::Status GetDecision(const rpc::Call& call, rpc::Unit& unit, const v1::GetRoutingDecisionRequest& request,
                           v1::RoutingDecision* reply);
  absl::Status ListDecisions(const rpc::Call& call, rpc::Unit& unit, const v1::ListRoutingDecisionsRequest& request,
                             v1::ListRoutingDecisionsResponse* reply);
  absl::Status Replay(const rpc::Call& call, rpc::Unit& unit, const v1::ReplayRoutingDecisionRequest& request,
                      v1::ReplayedRoutingDecision* reply);
  absl::Status GetOffer(const rpc::Call& call, rpc::Unit& unit, const v1::GetLeadOfferRequest& request,
                        v1::LeadOffer* reply);
  absl::Status ListOffers(const rpc::Call& call, rpc::Unit& unit, const v1::ListLeadOffersRequest& request,
                          v1::ListLeadOffersResponse* reply);
  absl::Status Accept(const rpc::Call& call, rpc::Unit& unit, const v1::AcceptLeadOfferRequest& request,
                      v1::LeadOffer* reply);
  absl::Status Decline(const rpc::Call& call, rpc::Unit& unit, const v1::DeclineLeadOfferRequest& request,
                       v1::LeadOffer* reply);
  absl::Status Expire(const rpc::Call& call, rpc::Unit& unit, const v1::ExpireLeadOfferRequest& request,
                      v1::LeadOffer* reply);

 private:
  struct Locked {
    Lead lead;
    LeadOffer offer;
  };
  // The lead and the offer that a verb is about, locked, with the etag that the caller wants of the offer. NOT_FOUND
  // alike where there is none and where it is another partner's.
  template <typename Request>
  absl::StatusOr<Locked> Load(rpc::Unit& unit, const Request& request, std::string_view partner_id) const;

  const PageTokens& tokens_;
  LeadStore leads_;
  LeadOfferStore offers_;
  RoutingStore routing_;
  LeadRouter router_;
  PartnerStore partners_;
  RegionStore regions_;
};

}  // namespace tributary::partner
