#include "partner-service/notifications/notification_maker.h"

#include <cstdlib>
#include <utility>
#include <vector>

#include "common/rpc/call.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/notifications/notification_proto.h"
#include "partner-service/notifications/notification_store.h"
#include "partner-service/webhooks/webhook_proto.h"
#include "partner-service/webhooks/webhook_store.h"

namespace tributary::partner {
namespace {

constexpr int kAtOnce = 500;  // events

absl::StatusOr<std::vector<rpc::Expiry::Id>> Behind(mysql::Transaction& sql, const events::Feed& feed, int limit) {
  ASSIGN_OR_RETURN(const std::vector<int64_t> read, NotificationStore().Read(sql));
  const std::vector<int64_t> heads = feed.Heads();
  std::vector<rpc::Expiry::Id> behind;
  for (size_t shard = 0; shard < heads.size() && static_cast<int>(behind.size()) < limit; ++shard) {
    if (read[shard] < heads[shard]) behind.emplace_back("", StrCat(shard));
  }
  return behind;
}

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

// Whether it made any.
absl::StatusOr<bool> ReadOn(rpc::Unit& unit, events::Feed& feed, int shard, absl::Time now) {
  const NotificationStore notifications;
  ASSIGN_OR_RETURN(const int64_t read, notifications.HoldRead(unit.sql(), shard));
  const events::ShardRange range{.shard = shard, .after = read, .upto = feed.Heads()[shard]};
  if (range.after >= range.upto) return false;
  std::vector<events::Event> events;
  std::vector<events::Cursor> read_to;
  RETURN_IF_ERROR(feed.Read({&range, 1}, kAtOnce, &events, &read_to, NoticedPayloads()));
  bool made = false;
  for (const events::Event& event : events) {
    ASSIGN_OR_RETURN(const std::optional<Notification> notification, NotificationOf(event));
    if (!notification.has_value()) continue;
    ASSIGN_OR_RETURN(const Notification created, notifications.Create(unit.sql(), *notification));
    unit.Emit(Told("created", created));
    RETURN_IF_ERROR(Enqueue(unit.sql(), created, now));
    made = true;
  }
  RETURN_IF_ERROR(notifications.MoveRead(unit.sql(), shard, read_to.front().seq));
  return made;
}

}  // namespace

NotificationMaker::NotificationMaker(mysql::Database& database, events::Feed& feed, const Clock& clock,
                                     std::function<void()> committed)
    : Expiry(database, clock,
             {.things = "notifications",
              .due = [&feed](mysql::Transaction& sql, absl::Time, int limit) { return Behind(sql, feed, limit); },
              .end = [&feed](rpc::Unit& unit, const Id& id,
                             absl::Time now) { return ReadOn(unit, feed, std::atoi(id.second.c_str()), now); }},
             std::move(committed)) {}

}  // namespace tributary::partner
