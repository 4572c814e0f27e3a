#include "partner-service/webhooks/webhook_store.h"

#include <gmock/gmock.h>

#include "common/text/text.h"
#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class WebhookStoreTest : public StoreTest {
 protected:
  static WebhookEndpoint Of(std::string partner, std::string id) {
    return {.partner_id = std::move(partner),
            .id = std::move(id),
            .revision = Revision::First(kNow),
            .display_name = "订单",
            .url = "https://hooks.example.com/a?b=c",
            .topics = {NotificationTopic::kLeadOffered, NotificationTopic::kTierDemoted},
            .secret = "whsec_a"};
  }
  absl::Status Create(const WebhookEndpoint& endpoint) {
    return Do([&](mysql::Transaction& sql) { return store_.Create(sql, endpoint); });
  }
  absl::Status Put(const WebhookEndpoint& endpoint) {
    return Do([&](mysql::Transaction& sql) { return store_.Put(sql, endpoint); });
  }
  WebhookEndpoint Get(std::string_view partner, std::string_view id) {
    return *Ask<WebhookEndpoint>([&](mysql::Transaction& sql) { return store_.Get(sql, partner, id); });
  }
  WebhookDelivery Enqueue(std::string_view partner, std::string_view id, const WebhookDelivery& delivery,
                          absl::Time now = kNow) {
    return *Ask<WebhookDelivery>([&](mysql::Transaction& sql) -> absl::StatusOr<WebhookDelivery> {
      ASSIGN_OR_RETURN(const WebhookEndpoint endpoint, store_.GetForUpdate(sql, partner, id));
      return store_.Enqueue(sql, endpoint, delivery, now);
    });
  }
  std::optional<WebhookDelivery> First(std::string_view partner, std::string_view id) {
    return *Ask<std::optional<WebhookDelivery>>(
        [&](mysql::Transaction& sql) { return store_.FirstPending(sql, partner, id); });
  }
  std::vector<int64_t> Numbers(const std::string& filter) {
    std::vector<int64_t> numbers;
    for (const WebhookDelivery& delivery : All<WebhookDelivery>(
             WebhookStore::DeliveryFields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return store_.ListDeliveries(sql, "p-1", "a", page); },
             [](const WebhookDelivery&last) { return std::vector{StrCat(last.number)}; })) {
      numbers.push_back(delivery.number);
    }
    return numbers;
  }
  std::vector<std::string> Due(absl::Time now) {
    std::vector<std::string> names;
    const auto found = *Ask<std::vector<std::pair<std::string, std::string>>>(
        [&](mysql::Transaction& sql) { return store_.DueBy(sql, now, 10); });
    for (const auto& [partner, id] : found) {
      names.push_back(StrCat(partner, "/", id));
    }
    return names;
  }
  WebhookStore store_;
};

TEST_F(WebhookStoreTest, AnEndpointIsReadAsItWasWritten) {
  ASSERT_OK(Create(Of("p-1", "a")));
  EXPECT_THAT(Create(Of("p-1", "a")), HasReason(Reason::kAlreadyExists));
  WebhookEndpoint read = Get("p-1", "a");
  EXPECT_EQ(read.display_name, "订单");
  EXPECT_EQ(read.url, Of("p-1", "a").url);
  EXPECT_EQ(read.topics, Of("p-1", "a").topics);
  EXPECT_EQ(read.secret, "whsec_a");
  EXPECT_EQ(read.next_attempt_time, std::nullopt);
  WebhookEndpoint changed = RotateSecret(read, "whsec_b", kNow);
  changed.topics.clear();
  changed.failures = 3;
  changed.failing_since = kNow;
  changed.last_success_time = kNow - absl::Hours(1);
  changed.next_attempt_time = kNow + absl::Hours(1);
  changed.lease = 7;
  changed.lease_until = kNow + absl::Seconds(20);
  ASSERT_OK(Put(changed));
  read = Get("p-1", "a");
  EXPECT_EQ(read.revision, changed.revision);
  EXPECT_THAT(read.topics, IsEmpty());
  EXPECT_THAT(SigningSecrets(read, kNow), ElementsAre("whsec_b", "whsec_a"));
  EXPECT_EQ(read.failures, 3);
  EXPECT_EQ(read.failing_since, changed.failing_since);
  EXPECT_EQ(read.last_success_time, changed.last_success_time);
  EXPECT_EQ(read.next_attempt_time, changed.next_attempt_time);
  EXPECT_EQ(read.lease, 7);
  EXPECT_EQ(read.lease_until, changed.lease_until);
}

TEST_F(WebhookStoreTest, DeliveriesAreCountedByEndpointAndGoInTheirOrder) {
  ASSERT_OK(Create(Of("p-1", "a")));
  ASSERT_OK(Create(Of("p-1", "b")));
  EXPECT_THAT(Due(kNow), IsEmpty());
  const WebhookDelivery one =
      Enqueue("p-1", "a", {.topic = NotificationTopic::kLeadOffered, .notification = 12, .body = "{\"a\":\"价\"}"});
  const WebhookDelivery two = Enqueue("p-1", "a", {.body = "{}"}, kNow + absl::Seconds(1));
  EXPECT_EQ(Enqueue("p-1", "b", {.body = "{}"}, kNow + absl::Seconds(2)).number, 1);
  EXPECT_EQ(one.number, 1);
  EXPECT_EQ(two.number, 2);
  EXPECT_EQ(Get("p-1", "a").next_attempt_time, kNow);  // the second one does not put it off
  EXPECT_THAT(Due(kNow), ElementsAre("p-1/a"));
  EXPECT_THAT(Due(kNow + absl::Seconds(2)), ElementsAre("p-1/a", "p-1/b"));

  ASSERT_OK_AND_ASSIGN(WebhookDelivery read, Ask<WebhookDelivery>([&](mysql::Transaction& sql) {
                         return store_.GetDelivery(sql, "p-1", "a", "1");
                       }));
  EXPECT_EQ(read.uid, one.uid);
  EXPECT_EQ(read.topic, NotificationTopic::kLeadOffered);
  EXPECT_EQ(read.notification, 12);
  EXPECT_EQ(read.body, "{\"a\":\"价\"}");
  EXPECT_EQ(read.create_time, kNow);
  for (const char* none : {"3", "01", "x", "", "9223372036854775808"}) {
    EXPECT_THAT(
        Ask<WebhookDelivery>([&](mysql::Transaction& sql) { return store_.GetDelivery(sql, "p-1", "a", none); }),
        HasReason(Reason::kNotFound));
  }
  const WebhookAttempted after = Attempted(Get("p-1", "a"), read, {.status_code = 500, .error = "HTTP 500"}, 0, kNow);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.PutDelivery(sql, after.delivery); }));
  EXPECT_EQ(First("p-1", "a")->number, 1);
  EXPECT_EQ(First("p-1", "a")->attempts, 1);
  EXPECT_EQ(First("p-1", "a")->error, "HTTP 500");
  const WebhookAttempted good = Attempted(Get("p-1", "a"), read, {.status_code = 200}, 0, kNow);
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.PutDelivery(sql, good.delivery); }));
  EXPECT_EQ(First("p-1", "a")->number, 2);
  EXPECT_THAT(Numbers(""), ElementsAre(2, 1));
  EXPECT_THAT(Numbers("delivered = true AND status_code = 200"), ElementsAre(1));
  EXPECT_THAT(Numbers("topic = LEAD_OFFERED"), ElementsAre(1));

  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Purge(sql, Get("p-1", "a"), kNow + absl::Hours(1)); }));
  EXPECT_THAT(Numbers(""), ElementsAre(2));  // what waits is never purged
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Delete(sql, Of("p-1", "a")); }));
  EXPECT_FALSE(First("p-1", "a").has_value());
  EXPECT_TRUE(First("p-1", "b").has_value());
}

TEST_F(WebhookStoreTest, WhatIsInSomebodysHandOrNotEnabledIsNotDue) {
  ASSERT_OK(Create(Of("p-1", "a")));
  Enqueue("p-1", "a", {.body = "{}"});
  WebhookEndpoint held = Get("p-1", "a");
  held.lease_until = kNow + absl::Seconds(20);
  ASSERT_OK(Put(held));
  EXPECT_THAT(Due(kNow + absl::Seconds(20) - absl::Microseconds(1)), IsEmpty());
  EXPECT_THAT(Due(kNow + absl::Seconds(20)), SizeIs(1));
  ASSERT_OK(Put(*Disable(held, kNow)));
  EXPECT_THAT(Due(kNow + absl::Hours(1)), IsEmpty());
  const auto enabled =
      Ask<std::vector<WebhookEndpoint>>([&](mysql::Transaction& sql) { return store_.EnabledOf(sql, "p-1"); });
  EXPECT_THAT(*enabled, IsEmpty());
  EXPECT_EQ(*Ask<int64_t>([&](mysql::Transaction& sql) { return store_.CountOf(sql, "p-1"); }), 1);
}

}  // namespace
}  // namespace tributary::partner
