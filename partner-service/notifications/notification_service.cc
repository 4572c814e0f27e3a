#include "partner-service/notifications/notification_service.h"

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/notifications/notification_proto.h"

namespace tributary::partner {

void NotificationService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.NotificationService", this)
      .Unary("ListNotifications", &NotificationService::List)
      .Unary("MarkReadNotification", &NotificationService::MarkRead);
}

absl::Status NotificationService::List(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ListNotificationsRequest& request,
                                       v1::ListNotificationsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, NotificationStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<Notification> notifications, notifications_.List(unit.sql(), partner_id, page));
  reply->set_next_page_token(page.Cut(&notifications, [](const Notification& last) {
    return std::vector{last.partner_id, StrCat(last.number)};
  }));
  for (const Notification& notification : notifications) *reply->add_notifications() = ToProto(notification);
  return absl::OkStatus();
}

absl::Status NotificationService::MarkRead(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::MarkReadNotificationRequest& request, v1::Notification* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/notifications/{notification}"));
  int64_t number = 0;
  if (!absl::SimpleAtoi(ids[1], &number)) return NotFound(request.name());
  ASSIGN_OR_RETURN(Notification notification, notifications_.GetForUpdate(unit.sql(), ids[0], number));
  if (!notification.read_time.has_value()) {
    notification.read_time = call.now;
    RETURN_IF_ERROR(notifications_.SetRead(unit.sql(), notification));
    unit.Emit(Told("read", notification));
  }
  *reply = ToProto(notification);
  return absl::OkStatus();
}

}  // namespace tributary::partner
