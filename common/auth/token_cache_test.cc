#include "common/auth/token_cache.h"

#include <string>

#include "common/time/testing_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::auth {
namespace {

std::shared_ptr<const Identity> Someone(std::string subject) {
  return std::make_shared<const Identity>(Identity{std::move(subject), {api::v1::FINANCE}, ""});
}

TEST(TokenCacheTest, HashIsSha256) {
  // The known answer of FIPS 180 for "abc".
  EXPECT_THAT(HashOf("abc"),
              testing::ElementsAreArray({0xba, 0x78, 0x16, 0xbf, 0x8f, 0x01, 0xcf, 0xea, 0x41, 0x41, 0x40,
                                         0xde, 0x5d, 0xae, 0x22, 0x23, 0xb0, 0x03, 0x61, 0xa3, 0x96, 0x17,
                                         0x7a, 0x9c, 0xb4, 0x10, 0xff, 0x61, 0xf2, 0x00, 0x15, 0xad}));
}

TEST(TokenCacheTest, AnswersOnlyWithinTheTokensTimes) {
  TokenCache cache(64);
  const TokenHash hash = HashOf("token");
  EXPECT_EQ(cache.Find(hash, kNow), nullptr);
  cache.Add(hash, Someone("a"), kNow, kNow + absl::Seconds(10), kNow);
  EXPECT_EQ(cache.Find(hash, kNow - absl::Seconds(1)), nullptr) << "the clock went back";
  ASSERT_NE(cache.Find(hash, kNow), nullptr);
  EXPECT_EQ(cache.Find(hash, kNow)->subject, "a");
  EXPECT_NE(cache.Find(hash, kNow + absl::Seconds(9)), nullptr);
  EXPECT_EQ(cache.Find(hash, kNow + absl::Seconds(10)), nullptr);
  EXPECT_EQ(cache.size(), 0u) << "what has expired is dropped when seen";
}

TEST(TokenCacheTest, IsBounded) {
  TokenCache cache(64);
  for (int i = 0; i < 10000; ++i) {
    cache.Add(HashOf(std::to_string(i)), Someone("a"), kNow, kNow + absl::Hours(1), kNow);
    EXPECT_NE(cache.Find(HashOf(std::to_string(i)), kNow), nullptr) << "the newest is always there";
  }
  EXPECT_LE(cache.size(), 64u);
}

}  // namespace
}  // namespace tributary::auth
