#include "partner-service/webhooks/webhook_endpoint.h"

#include <gmock/gmock.h>

#include <functional>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using State = WebhookEndpointState;

WebhookEndpoint Endpoint(State state = State::kEnabled) {
  WebhookEndpoint endpoint{.partner_id = "p-1",
                           .id = "main",
                           .revision = Revision::First(kNow),
                           .state = state,
                           .url = "https://hooks.example.com/",
                           .secret = "whsec_a"};
  if (state == State::kEnabled) endpoint.next_attempt_time = kNow;
  return endpoint;
}
const WebhookOutcome kGood{.status_code = 204}, kBad{.status_code = 500, .error = "HTTP 500"};

// Every state, every verb.
TEST(WebhookEndpointTest, MovesByItsVerbs) {
  const struct {
    State from;
    bool enable, disable, test;
  } kCases[] = {{State::kEnabled, false, true, true},
                {State::kDisabled, true, false, false},
                {State::kFailed, true, false, false}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(NameOf(c.from));
    const auto enabled = Enable(Endpoint(c.from), kNow), disabled = Disable(Endpoint(c.from), kNow);
    EXPECT_EQ(enabled.ok(), c.enable);
    EXPECT_EQ(disabled.ok(), c.disable);
    EXPECT_EQ(CheckEnabled(Endpoint(c.from), "test").ok(), c.test);
    if (c.enable) {
      EXPECT_EQ(enabled->state, State::kEnabled);
      EXPECT_EQ(enabled->next_attempt_time, kNow);
      EXPECT_EQ(enabled->revision.version, 2);
    } else {
      EXPECT_THAT(enabled, HasReason(Reason::kStateConflict));
    }
    if (c.disable) {
      EXPECT_EQ(disabled->state, State::kDisabled);
      EXPECT_EQ(disabled->next_attempt_time, std::nullopt);
    } else {
      EXPECT_THAT(disabled, HasReason(Reason::kStateConflict));
      EXPECT_THAT(CheckEnabled(Endpoint(c.from), "test"), HasReason(Reason::kStateConflict));
    }
  }
}

TEST(WebhookEndpointTest, WantsItsTopicsOrAll) {
  WebhookEndpoint endpoint = Endpoint();
  EXPECT_TRUE(Wants(endpoint, NotificationTopic::kLeadOffered));
  endpoint.topics = {NotificationTopic::kTierPromoted};
  EXPECT_FALSE(Wants(endpoint, NotificationTopic::kLeadOffered));
  EXPECT_TRUE(Wants(endpoint, NotificationTopic::kTierPromoted));
}

TEST(WebhookEndpointTest, TheSecretBeforeSignsForADayMore) {
  const WebhookEndpoint rotated = RotateSecret(Endpoint(), "whsec_b", kNow);
  EXPECT_THAT(SigningSecrets(Endpoint(), kNow), ElementsAre("whsec_a"));
  EXPECT_THAT(SigningSecrets(rotated, kNow + absl::Hours(24) - absl::Microseconds(1)),
              ElementsAre("whsec_b", "whsec_a"));
  EXPECT_THAT(SigningSecrets(rotated, kNow + absl::Hours(24)), ElementsAre("whsec_b"));
  EXPECT_THAT(SigningSecrets(RotateSecret(rotated, "whsec_c", kNow), kNow), ElementsAre("whsec_c", "whsec_b"));
}

TEST(WebhookEndpointTest, WaitsLongerWithEachFailureUpToAnHour) {
  const struct {
    int failures;
    absl::Duration most;
  } kCases[] = {{1, absl::Seconds(5)},     {2, absl::Seconds(10)},       {3, absl::Seconds(20)},
                {9, absl::Seconds(1280)},  {10, absl::Seconds(2560)},    {11, absl::Seconds(3600)},
                {12, absl::Seconds(3600)}, {100000, absl::Seconds(3600)}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.failures);
    EXPECT_EQ(Backoff(c.failures, 0), c.most);
    EXPECT_GE(Backoff(c.failures, UINT32_MAX), c.most / 2);
    EXPECT_LT(Backoff(c.failures, UINT32_MAX), c.most * 0.51);
    const absl::Duration middle = Backoff(c.failures, UINT32_MAX / 2);
    EXPECT_LT(middle, c.most * 0.76);
    EXPECT_GT(middle, c.most * 0.74);
  }
}

TEST(WebhookEndpointTest, AnAttemptIsOnRecord) {
  WebhookEndpoint endpoint = Endpoint();
  endpoint.lease_until = kNow + absl::Seconds(20);
  const WebhookDelivery delivery{.partner_id = "p-1", .endpoint_id = "main", .number = 7};
  const WebhookAttempted failed = Attempted(endpoint, delivery, kBad, 0, kNow);
  EXPECT_EQ(failed.delivery.state, WebhookDeliveryState::kPending);
  EXPECT_EQ(failed.delivery.attempts, 1);
  EXPECT_EQ(failed.delivery.status_code, 500);
  EXPECT_EQ(failed.delivery.error, "HTTP 500");
  EXPECT_EQ(failed.delivery.last_attempt_time, kNow);
  EXPECT_EQ(failed.endpoint.lease_until, std::nullopt);
  EXPECT_EQ(failed.endpoint.failing_since, kNow);
  EXPECT_EQ(failed.endpoint.next_attempt_time, kNow + absl::Seconds(5));
  EXPECT_EQ(failed.endpoint.revision.version, 1);

  const absl::Time later = kNow + absl::Seconds(5);
  const WebhookAttempted again = Attempted(failed.endpoint, failed.delivery, kBad, 0, later);
  EXPECT_EQ(again.endpoint.failing_since, kNow);
  EXPECT_EQ(again.endpoint.next_attempt_time, later + absl::Seconds(10));

  const WebhookAttempted delivered = Attempted(again.endpoint, again.delivery, kGood, 0, later);
  EXPECT_EQ(delivered.delivery.state, WebhookDeliveryState::kDelivered);
  EXPECT_EQ(delivered.delivery.attempts, 3);
  EXPECT_EQ(delivered.delivery.status_code, 204);
  EXPECT_EQ(delivered.delivery.error, "");
  EXPECT_EQ(delivered.delivery.deliver_time, later);
  EXPECT_EQ(delivered.endpoint.failures, 0);
  EXPECT_EQ(delivered.endpoint.failing_since, std::nullopt);
  EXPECT_EQ(delivered.endpoint.last_success_time, later);
  EXPECT_EQ(delivered.endpoint.next_attempt_time, later);
}

TEST(WebhookEndpointTest, FailsForGoodAfterFiveDaysWithoutASuccess) {
  const WebhookDelivery delivery{.number = 1};
  const WebhookEndpoint failing = Attempted(Endpoint(), delivery, kBad, 0, kNow).endpoint;
  const absl::Time end = kNow + absl::Hours(24 * 5);
  EXPECT_EQ(Attempted(failing, delivery, kBad, 0, end - absl::Microseconds(1)).endpoint.state, State::kEnabled);
  EXPECT_EQ(Attempted(failing, delivery, kGood, 0, end).endpoint.state, State::kEnabled);
  const WebhookEndpoint failed = Attempted(failing, delivery, kBad, 0, end).endpoint;
  EXPECT_EQ(failed.state, State::kFailed);
  EXPECT_EQ(failed.next_attempt_time, std::nullopt);
  EXPECT_EQ(failed.revision.version, 2);
  // Enabled again it has its five days again.
  const WebhookEndpoint enabled = *Enable(failed, end);
  EXPECT_EQ(Attempted(enabled, delivery, kBad, 0, end).endpoint.state, State::kEnabled);
}

// An attempt that was under way when it was disabled is kept, and brings nothing to life.
TEST(WebhookEndpointTest, ADisabledOneStaysSo) {
  for (const WebhookOutcome& outcome : {kGood, kBad}) {
    const WebhookAttempted after = Attempted(*Disable(Endpoint(), kNow), {.number = 1}, outcome, 0, kNow);
    EXPECT_EQ(after.endpoint.state, State::kDisabled);
    EXPECT_EQ(after.endpoint.next_attempt_time, std::nullopt);
    EXPECT_EQ(after.delivery.attempts, 1);
    EXPECT_EQ(after.delivery.state == WebhookDeliveryState::kDelivered, outcome.delivered());
  }
}

}  // namespace
}  // namespace tributary::partner
