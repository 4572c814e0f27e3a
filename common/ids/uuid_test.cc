#include "common/ids/uuid.h"

#include <set>
#include <thread>
#include <vector>

#include "common/status/status_matchers.h"

namespace tributary {
namespace {

TEST(UuidTest, NewOnesAreVersionSevenAndCarryTheirMillisecond) {
  const absl::Time now = absl::Now() + absl::Hours(1);  // ahead of every other test
  const Uuid id = Uuid::New(now);
  const std::string text = id.ToString();
  ASSERT_EQ(text.size(), 36u);
  EXPECT_EQ(text[14], '7');
  EXPECT_NE(std::string("89ab").find(text[19]), std::string::npos);
  EXPECT_EQ(std::stoll(text.substr(0, 8) + text.substr(9, 4), nullptr, 16), absl::ToUnixMillis(now));
}

TEST(UuidTest, IdsIncreaseAlsoWhenTheClockGoesBack) {
  const absl::Time now = absl::Now();
  Uuid last = Uuid::New(now);
  for (int i = 0; i < 100000; ++i) {
    const Uuid next = Uuid::New(now - absl::Milliseconds(i % 3 * 1000));
    ASSERT_LT(last, next);
    ASSERT_LT(last.ToString(), next.ToString());
    last = next;
  }
}

TEST(UuidTest, ThreadsNeverMakeTheSame) {
  constexpr int kThreads = 8, kEach = 20000;
  std::vector<std::vector<Uuid>> made(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&made, t] {
      for (int i = 0; i < kEach; ++i) made[t].push_back(Uuid::New(absl::UnixEpoch()));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<Uuid> all;
  for (const auto& some : made) {
    EXPECT_TRUE(std::is_sorted(some.begin(), some.end()));
    all.insert(some.begin(), some.end());
  }
  EXPECT_EQ(all.size(), static_cast<size_t>(kThreads * kEach));
}

TEST(UuidTest, ParsesTheCanonicalFormAlone) {
  ASSERT_OK_AND_ASSIGN(const Uuid id, Uuid::Parse("01890A5D-ac96-774b-bcce-b302099a8057"));
  EXPECT_EQ(id.ToString(), "01890a5d-ac96-774b-bcce-b302099a8057");
  EXPECT_EQ(id.bytes().size(), 16u);
  EXPECT_THAT(Uuid::FromBytes(id.bytes()), IsOkAndHolds(id));
  EXPECT_THAT(Uuid::Parse(Uuid().ToString()), IsOkAndHolds(Uuid()));
  for (const char* text : {"", "01890a5dac96774bbcceb302099a8057", "{01890a5d-ac96-774b-bcce-b302099a8057}",
                           "01890a5d-ac96-774b-bcce-b302099a805", "01890a5d-ac96-774b-bcce-b302099a80577",
                           "01890a5d-ac96-774b-bcce-b302099a805g", "01890a5d+ac96-774b-bcce-b302099a8057",
                           "01890a5d-ac96-774b-bcceb-302099a8057", " 1890a5d-ac96-774b-bcce-b302099a8057"}) {
    EXPECT_THAT(Uuid::Parse(text), HasReason(Reason::kInvalidField)) << text;
  }
  EXPECT_THAT(Uuid::FromBytes("short"), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Uuid::FromBytes(""), HasReason(Reason::kInvalidField));
}

}  // namespace
}  // namespace tributary
