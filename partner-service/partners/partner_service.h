#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/agreements/agreement_store.h"
#include "partner-service/channels/channel_store.h"
#include "partner-service/partners/partner_activity_store.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/regions/region_store.h"
#include "partner-service/sanctions/sanction_store.h"
#include "tributary/partner/v1/partner.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.PartnerService.
class PartnerService {
 public:
  // `tokens` outlives the service.
  explicit PartnerService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetPartnerRequest& request, v1::Partner* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPartnersRequest& request,
                    v1::ListPartnersResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreatePartnerRequest& request,
                      v1::Partner* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdatePartnerRequest& request,
                      v1::Partner* reply);
  absl::Status Activate(const rpc::Call& call, rpc::Unit& unit, const v1::ActivatePartnerRequest& request,
                        v1::Partner* reply);
  absl::Status Suspend(const rpc::Call& call, rpc::Unit& unit, const v1::SuspendPartnerRequest& request,
                       v1::Partner* reply);
  absl::Status Reinstate(const rpc::Call& call, rpc::Unit& unit, const v1::ReinstatePartnerRequest& request,
                         v1::Partner* reply);
  absl::Status Terminate(const rpc::Call& call, rpc::Unit& unit, const v1::TerminatePartnerRequest& request,
                         v1::Partner* reply);
  absl::Status Merge(const rpc::Call& call, rpc::Unit& unit, const v1::MergePartnerRequest& request,
                     v1::Partner* reply);
  absl::Status UndoMerge(const rpc::Call& call, rpc::Unit& unit, const v1::UndoMergePartnerRequest& request,
                         v1::Partner* reply);

 private:
  // The partner that a verb is about, locked, with the etag that the caller wants.
  template <typename Request>
  absl::StatusOr<Partner> Load(rpc::Unit& unit, const Request& request) const;
  // REFERENCE_NOT_FOUND where the home region is set and no active region.
  absl::Status CheckHomeRegion(rpc::Unit& unit, const Partner& partner) const;
  // REFERENCE_NOT_FOUND where the channel is set and there is none; keeps it from being deleted until COMMIT.
  absl::Status CheckChannel(rpc::Unit& unit, const Partner& partner) const;
  // STATE_CONFLICT where a suspension is in force: it is to be lifted.
  absl::Status CheckNotSanctioned(rpc::Unit& unit, const Partner& partner, std::string_view verb) const;

  const PageTokens& tokens_;
  PartnerStore partners_;
  PartnerActivityStore activity_;
  AgreementStore agreements_;
  RegionStore regions_;
  ChannelStore channels_;
  SanctionStore sanctions_;
};

}  // namespace tributary::partner
