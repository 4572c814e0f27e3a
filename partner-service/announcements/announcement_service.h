#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/announcements/announcement_store.h"
#include "partner-service/channels/channel_store.h"
#include "partner-service/partner_programs/partner_program_store.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/regions/region_index.h"
#include "partner-service/regions/region_store.h"
#include "partner-service/tier_assignments/tier_assignment_store.h"
#include "tributary/partner/v1/announcement.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.AnnouncementService.
class AnnouncementService {
 public:
  // Both outlive the service.
  AnnouncementService(const RegionIndex& region_index, const PageTokens& tokens)
      : region_index_(region_index), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetAnnouncementRequest& request,
                   v1::Announcement* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListAnnouncementsRequest& request,
                    v1::ListAnnouncementsResponse* reply);
  absl::Status ListForPartner(const rpc::Call& call, rpc::Unit& unit,
                              const v1::ListPartnerAnnouncementsRequest& request,
                              v1::ListPartnerAnnouncementsResponse* reply);
  absl::Status ListReceipts(const rpc::Call& call, rpc::Unit& unit, const v1::ListAnnouncementReceiptsRequest& request,
                            v1::ListAnnouncementReceiptsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateAnnouncementRequest& request,
                      v1::Announcement* reply);
  absl::Status Publish(const rpc::Call& call, rpc::Unit& unit, const v1::PublishAnnouncementRequest& request,
                       v1::Announcement* reply);
  absl::Status Withdraw(const rpc::Call& call, rpc::Unit& unit, const v1::WithdrawAnnouncementRequest& request,
                        v1::Announcement* reply);
  absl::Status Acknowledge(const rpc::Call& call, rpc::Unit& unit, const v1::AcknowledgeAnnouncementRequest& request,
                           v1::AnnouncementReceipt* reply);

 private:
  template <typename Request>
  absl::StatusOr<Announcement> Load(rpc::Unit& unit, const Request& request) const;
  // REFERENCE_NOT_FOUND where the audience names what there is not.
  absl::Status CheckAudience(rpc::Unit& unit, const Audience& audience) const;
  // The partner with all that it is an audience by.
  absl::StatusOr<Listener> ListenerOf(rpc::Unit& unit, const Partner& partner) const;

  const RegionIndex& region_index_;
  const PageTokens& tokens_;
  AnnouncementStore announcements_;
  ChannelStore channels_;
  PartnerStore partners_;
  RegionStore regions_;
  PartnerProgramStore programs_;
  TierAssignmentStore tiers_;
};

}  // namespace tributary::partner
