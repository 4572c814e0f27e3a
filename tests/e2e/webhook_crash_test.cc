// kill -9 of the process that sends webhooks, with one in hand and others behind it: none is lost, and their order
// stays.

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/http/server.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/channel.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/webhook_delivery.pb.h"
#include "tributary/partner/v1/webhook_endpoint.pb.h"

namespace tributary::testing {
namespace {

constexpr int kDeliveries = 40, kBefore = 10;

// Keeps the ids that come, and lets one request wait until it is told to go on.
class HoldingReceiver {
 public:
  HoldingReceiver()
      : server_({.address = "127.0.0.1:0"}, [this](http::Request request, http::Responder respond) {
          std::lock_guard lock(mutex_);
          ids_.emplace_back(request.Header("webhook-id"));
          changed_.notify_all();
          if (static_cast<int>(ids_.size()) == kBefore + 1) {
            held_ = std::move(respond);
          } else {
            respond({});
          }
        }) {
    EXPECT_OK(server_.Start());
  }
  std::string url() const { return StrCat("http://127.0.0.1:", server_.port(), "/hook"); }
  // Whether so many requests have come by then.
  bool WaitFor(size_t requests, std::chrono::seconds within) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, within, [&] { return ids_.size() >= requests; });
  }
  void GoOn() {
    std::lock_guard lock(mutex_);
    if (held_.has_value()) (*held_)({});
    held_.reset();
  }
  // Each once, in the order in which it first came.
  std::vector<std::string> Distinct() {
    std::lock_guard lock(mutex_);
    std::vector<std::string> distinct;
    for (const std::string& id : ids_) {
      if (std::find(distinct.begin(), distinct.end(), id) == distinct.end()) distinct.push_back(id);
    }
    return distinct;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> ids_;         // guarded by mutex_
  std::optional<http::Responder> held_;  // guarded by mutex_
  http::Server server_;
};

TEST(WebhookCrashTest, AKilledSenderLosesNothing) {
  HoldingReceiver receiver;
  TestSuite suite;
  suite.Up();
  const auto call = [&]<typename Reply>(const char* method, const google::protobuf::Message& request, Reply) {
    return suite.client("partner").Call<Reply>(StrCat("tributary.partner.v1.", method), request);
  };
  partner::v1::CreatePartnerRequest partner;
  partner.set_partner_id("p-1");
  partner.mutable_partner()->set_legal_name("Acme");
  partner.mutable_partner()->set_kind(partner::v1::Partner::DEALER);
  partner.mutable_partner()->set_currency("CNY");
  ASSERT_OK(call("PartnerService/CreatePartner", partner, partner::v1::Partner()));
  partner::v1::CreateWebhookEndpointRequest endpoint;
  endpoint.set_parent("partners/p-1");
  endpoint.set_webhook_endpoint_id("main");
  endpoint.mutable_webhook_endpoint()->set_url(receiver.url());
  ASSERT_OK(call("WebhookEndpointService/CreateWebhookEndpoint", endpoint, partner::v1::WebhookEndpoint()));
  std::vector<std::string> sent;
  for (int i = 0; i < kDeliveries; ++i) {
    partner::v1::TestWebhookEndpointRequest test;
    test.set_name("partners/p-1/webhookEndpoints/main");
    ASSERT_OK_AND_ASSIGN(const auto delivery,
                         call("WebhookEndpointService/TestWebhookEndpoint", test, partner::v1::WebhookDelivery()));
    sent.push_back(delivery.uid());
  }
  ASSERT_TRUE(receiver.WaitFor(kBefore + 1, std::chrono::seconds(60)));
  suite.Kill("partner");
  EXPECT_LE(receiver.Distinct().size(), static_cast<size_t>(kBefore + 1));
  receiver.GoOn();
  suite.Up();
  // The one in hand comes a second time, once the dead one's lease has run out.
  ASSERT_TRUE(receiver.WaitFor(kDeliveries + 1, std::chrono::seconds(120)));
  EXPECT_EQ(receiver.Distinct(), sent);
}

}  // namespace
}  // namespace tributary::testing
