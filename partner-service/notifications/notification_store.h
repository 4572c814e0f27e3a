#pragma once

// Notifications, and how far the feed has been read for them, in the database; the only SQL about them. Each call works
// in the caller's transaction.

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/notifications/notification.h"

namespace tributary::partner {

class NotificationStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // Locked until the transaction ends. NOT_FOUND where there is none.
  absl::StatusOr<Notification> GetForUpdate(mysql::Transaction& sql, std::string_view partner_id, int64_t number) const;
  // By partner, the latest first, after the page's position: partner and number; of all partners where `partner_id` is
  // empty.
  absl::StatusOr<std::vector<Notification>> List(mysql::Transaction& sql, std::string_view partner_id,
                                                 const Page& page) const;
  // With the partner's next number, which it answers. The partner's shard of the feed is held
  // (events::FeedWatch), so that nobody else takes it.
  absl::StatusOr<Notification> Create(mysql::Transaction& sql, const Notification& notification) const;
  absl::Status SetRead(mysql::Transaction& sql, const Notification& notification) const;
};

}  // namespace tributary::partner
