#include "partner-service/notifications/notification_maker.h"

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "common/status/status.h"
#include "partner-service/notifications/notification_proto.h"
#include "partner-service/notifications/notification_store.h"
#include "partner-service/webhooks/webhook_proto.h"
#include "partner-service/webhooks/webhook_store.h"

namespace tributary::partner {
namespace {

// It goes to the partner's webhook endpoints, too.
absl::Status Enqueue(mysql::Transaction& sql, const Notification& notification, absl::Time now) {
  const WebhookStore webhooks;
  ASSIGN_OR_RETURN(const std::vector<WebhookEndpoint> endpoints, webhooks.EnabledOf(sql, notification.partner_id));
  for (const WebhookEndpoint& endpoint : endpoints) {
    if (!Wants(endpoint, notification.topic)) continue;
    RETURN_IF_ERROR(
        webhooks
            .Enqueue(sql, endpoint,
                     {.topic = notification.topic, .notification = notification.number, .body = BodyOf(notification)},
                     now)
            .status());
  }
  return absl::OkStatus();
}

absl::Status Make(mysql::Transaction& sql, absl::Span<const events::Event> events, events::Outbox& outbox,
                  absl::Time now) {
  for (const events::Event& event : events) {
    ASSIGN_OR_RETURN(const std::optional<Notification> notification, NotificationOf(event));
    if (!notification.has_value()) continue;
    ASSIGN_OR_RETURN(const Notification created, NotificationStore().Create(sql, *notification));
    outbox.Add(Told("created", created));
    RETURN_IF_ERROR(Enqueue(sql, created, now));
  }
  return absl::OkStatus();
}

// Whoever numbers a partner's notifications holds its shard's cursor (NotificationStore::Create).
absl::Status HoldShards(mysql::Transaction& sql, const std::set<int>& shards) {
  for (const int shard : shards) {
    RETURN_IF_ERROR(
        sql.Execute("INSERT INTO notification_cursor (shard, seq) VALUES (?, 0) ON DUPLICATE KEY UPDATE seq = "
                    "seq",
                    {shard})
            .status());
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status NotifyOfConflicts(mysql::Transaction& sql, absl::Span<const events::Event> batch, absl::Time now,
                               events::Outbox& outbox) {
  std::set<int> shards;
  for (const events::Event& event : batch) {
    ASSIGN_OR_RETURN(const std::optional<Notification> notification, NotificationOf(event));
    if (notification.has_value()) shards.insert(events::ShardOf(notification->partner_id));
  }
  RETURN_IF_ERROR(HoldShards(sql, shards));
  return Make(sql, batch, outbox, absl::FromUnixMicros(absl::ToUnixMicros(now)));
}

NotificationMaker::NotificationMaker(mysql::Database& database, events::Feed& feed, const Clock& clock,
                                     std::function<void()> committed)
    : FeedWatch(
          database, feed, {.name = "notifications", .cursor_table = "notification_cursor", .types = NoticedPayloads()},
          [&clock](mysql::Transaction& sql, const events::ShardRange&, absl::Span<const events::Event> events,
                   events::Outbox& outbox) {
            return Make(sql, events, outbox, absl::FromUnixMicros(absl::ToUnixMicros(clock.Now())));
          },
          std::move(committed)) {}

}  // namespace tributary::partner
