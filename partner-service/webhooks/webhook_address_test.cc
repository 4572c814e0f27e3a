#include "partner-service/webhooks/webhook_address.h"

#include <arpa/inet.h>

#include <string>

#include "common/status/status_matchers.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

std::string Bytes(const char* address) {
  char bytes[16];
  if (inet_pton(AF_INET, address, bytes) == 1) return std::string(bytes, 4);
  EXPECT_EQ(inet_pton(AF_INET6, address, bytes), 1) << address;
  return std::string(bytes, 16);
}

TEST(WebhookAddressTest, PublicOnesAreThoseOfTheInternet) {
  for (const char* address : {"1.1.1.1",         "8.8.8.8",         "9.255.255.255",        "11.0.0.0",
                              "100.63.255.255",  "100.128.0.0",     "126.255.255.255",      "128.0.0.1",
                              "169.253.255.255", "169.255.0.0",     "172.15.255.255",       "172.32.0.0",
                              "192.0.1.0",       "192.167.255.255", "192.169.0.0",          "198.17.255.255",
                              "198.20.0.0",      "223.255.255.255", "2606:4700:4700::1111", "2400::1",
                              "2001:200::1",     "2a00::1"}) {
    EXPECT_TRUE(IsPublicAddress(Bytes(address))) << address;
  }
  for (const char* address :
       {"0.0.0.0",     "0.1.2.3",         "10.0.0.1",         "10.255.255.255",  "100.64.0.0",      "100.127.255.255",
        "127.0.0.1",   "127.255.255.255", "169.254.169.254",  "172.16.0.0",      "172.31.255.255",  "192.0.0.1",
        "192.0.2.1",   "192.88.99.1",     "192.168.0.1",      "198.18.0.1",      "198.19.255.255",  "198.51.100.7",
        "203.0.113.7", "224.0.0.1",       "239.1.1.1",        "240.0.0.1",       "255.255.255.255", "::",
        "::1",         "::ffff:8.8.8.8",  "::ffff:127.0.0.1", "64:ff9b::7f00:1", "fe80::1",         "fc00::1",
        "fd12::1",     "ff02::1",         "2001::1",          "2001:1ff::1",     "2001:db8::1",     "2002:7f00:1::1",
        "3fff::1",     "4000::1"}) {
    EXPECT_FALSE(IsPublicAddress(Bytes(address))) << address;
  }
  EXPECT_FALSE(IsPublicAddress(""));
}

TEST(WebhookAddressTest, LoopbackIsThisMachine) {
  for (const char* address : {"127.0.0.1", "127.1.2.3", "::1"}) EXPECT_TRUE(IsLoopbackAddress(Bytes(address)));
  for (const char* address : {"126.0.0.1", "128.0.0.1", "0.0.0.0", "::", "::2", "::ffff:127.0.0.1"}) {
    EXPECT_FALSE(IsLoopbackAddress(Bytes(address))) << address;
  }
}

TEST(WebhookAddressTest, UrlsAreOfPublicHosts) {
  const struct {
    const char* url;
    bool allowed;
    bool in_development;
  } kCases[] = {
      {"https://hooks.example.com/tributary", true, true},
      {"https://hooks.example.com", true, true},
      {"https://hooks.example.com:8443/a?b=c&d=%20", true, true},
      {"https://8.8.8.8/a", true, true},
      {"https://[2606:4700:4700::1111]/a", true, true},
      {"http://hooks.example.com/a", false, false},
      {"http://8.8.8.8/a", false, false},
      {"http://127.0.0.1:8080/a", false, true},
      {"http://localhost/a", false, true},
      {"https://localhost/a", false, true},
      {"http://[::1]:80/a", false, true},
      {"https://127.0.0.1/a", false, true},
      // Other ways to write an address of this machine; libcurl makes them one.
      {"https://2130706433/a", false, true},
      {"https://0x7f.1/a", false, true},
      {"https://0177.0.0.1/a", false, true},
      {"https://10.0.0.1/a", false, false},
      {"https://169.254.169.254/latest/meta-data", false, false},
      {"https://192.168.1.1/", false, false},
      {"https://[::ffff:127.0.0.1]/", false, false},
      {"https://[fe80::1]/", false, false},
      {"https://user@hooks.example.com/", false, false},
      {"https://user:password@hooks.example.com/", false, false},
      {"https://hooks.example.com/#a", false, false},
      {"ftp://hooks.example.com/", false, false},
      {"file:///etc/passwd", false, false},
      {"gopher://hooks.example.com/", false, false},
      {"hooks.example.com/a", false, false},
      {"https://", false, false},
      {"", false, false},
      {"https://hooks.example.com/a b", false, false},
      {"https://hooks.example.com/a\r\nX: y", false, false},
      {"https://h\xc3\xb6oks.example.com/", false, false},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.url);
    EXPECT_EQ(CheckWebhookUrl(c.url, false).ok(), c.allowed);
    EXPECT_EQ(CheckWebhookUrl(c.url, true).ok(), c.in_development);
    if (!c.allowed) {
      EXPECT_THAT(CheckWebhookUrl(c.url, false), HasReason(Reason::kInvalidField));
    }
  }
}

}  // namespace
}  // namespace tributary::partner
