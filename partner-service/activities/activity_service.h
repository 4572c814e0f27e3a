#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "google/protobuf/empty.pb.h"
#include "partner-service/activities/activity_store.h"
#include "partner-service/partners/partner_store.h"
#include "tributary/partner/v1/activity.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.ActivityService.
class ActivityService {
 public:
  // `tokens` outlives the service.
  explicit ActivityService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetActivityRequest& request, v1::Activity* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListActivitiesRequest& request,
                    v1::ListActivitiesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateActivityRequest& request,
                      v1::Activity* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateActivityRequest& request,
                      v1::Activity* reply);
  absl::Status Delete(const rpc::Call& call, rpc::Unit& unit, const v1::DeleteActivityRequest& request,
                      google::protobuf::Empty* reply);

 private:
  // Locked, and seen by the caller; else NOT_FOUND.
  absl::StatusOr<Activity> Load(const rpc::Call& call, rpc::Unit& unit, std::string_view name, std::string_view field,
                                std::string_view etag) const;

  const PageTokens& tokens_;
  ActivityStore activities_;
  PartnerStore partners_;
};

}  // namespace tributary::partner
