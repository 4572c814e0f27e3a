#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/notifications/notification_store.h"
#include "tributary/partner/v1/notification.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.NotificationService.
class NotificationService {
 public:
  // `tokens` outlives the service.
  explicit NotificationService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListNotificationsRequest& request,
                    v1::ListNotificationsResponse* reply);
  absl::Status MarkRead(const rpc::Call& call, rpc::Unit& unit, const v1::MarkReadNotificationRequest& request,
                        v1::Notification* reply);

 private:
  const PageTokens& tokens_;
  NotificationStore notifications_;
};

}  // namespace tributary::partner
