#include "partner-service/webhooks/webhook_signature.h"

#include "absl/strings/escaping.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

// The example of the specification; the signature is Python's hmac and base64 over it.
TEST(WebhookSignatureTest, IsThatOfTheSpecification) {
  const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  EXPECT_EQ(WebhookSignature({secret}, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, R"({"test": 2432232314})"),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

TEST(WebhookSignatureTest, EachSecretSigns) {
  const std::string a = NewWebhookSecret(), b = NewWebhookSecret();
  EXPECT_EQ(WebhookSignature({a, b}, "id", 1, "{}"),
            WebhookSignature({a}, "id", 1, "{}") + " " + WebhookSignature({b}, "id", 1, "{}"));
  EXPECT_NE(WebhookSignature({a}, "id", 1, "{}"), WebhookSignature({b}, "id", 1, "{}"));
  EXPECT_NE(WebhookSignature({a}, "id", 1, "{}"), WebhookSignature({a}, "id", 2, "{}"));
  EXPECT_NE(WebhookSignature({a}, "id", 1, "{}"), WebhookSignature({a}, "id", 1, "{ }"));
}

TEST(WebhookSignatureTest, ASecretIs32RandomBytes) {
  const std::string secret = NewWebhookSecret();
  ASSERT_TRUE(secret.starts_with("whsec_"));
  std::string key;
  ASSERT_TRUE(absl::Base64Unescape(secret.substr(6), &key));
  EXPECT_EQ(key.size(), 32u);
  EXPECT_NE(NewWebhookSecret(), secret);
}

}  // namespace
}  // namespace tributary::partner
