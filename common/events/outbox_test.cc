#include "common/events/outbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "google/protobuf/timestamp.pb.h"

namespace tributary::events {
namespace {

// Cursors of every reader depend on these: they may never change.
TEST(ShardOf, IsTheSameForEver) {
  const struct {
    std::string_view key;
    int shard;
  } kCases[] = {
      {"", 37},
      {"a", 12},
      {"701", 57},
      {"p-1", 21},
      {"partners/p-1", 7},
      {"products/310", 62},
      {"渠成", 45},
      {"01929b2e-7c00-7000-8000-000000000001", 29},
  };
  for (const auto& c : kCases) EXPECT_EQ(ShardOf(c.key), c.shard) << c.key;
}

TEST(ShardOf, SpreadsPartners) {
  std::array<int, kShards> counts{};
  for (int i = 0; i < 6400; ++i) ++counts[ShardOf(std::to_string(i))];
  for (const int count : counts) {
    EXPECT_GT(count, 50);
    EXPECT_LT(count, 200);
  }
}

TEST(Draft, CarriesTheMessageByItsFullName) {
  google::protobuf::Timestamp time;
  time.set_seconds(7);
  const EventDraft draft = Draft("p-1", "created", "partners/p-1", time);
  EXPECT_EQ(draft.key, "p-1");
  EXPECT_EQ(draft.verb, "created");
  EXPECT_EQ(draft.name, "partners/p-1");
  EXPECT_EQ(draft.type, "google.protobuf.Timestamp");
  google::protobuf::Timestamp back;
  ASSERT_TRUE(back.ParseFromString(draft.payload));
  EXPECT_EQ(back.seconds(), 7);
}

TEST(OutboxTest, CountsWhatItTellsByNounAndVerb) {
  Outbox outbox;
  EXPECT_TRUE(outbox.Count().empty());
  for (const char* type :
       {"tributary.partner.v1.TerritoryGrant", "tributary.partner.v1.TerritoryGrant", "Application"}) {
    outbox.Add({"p-1", "created", "n", type, ""});
  }
  outbox.Add({"p-1", "approved", "n", "tributary.partner.v1.Application", ""});
  outbox.AddRows({"shipment_line", "recorded", {1, 2, 2}, nullptr});
  outbox.AddRows({"shipment_line", "recorded", {3}, nullptr});
  outbox.AddRows({"direct_sale", "recorded", {}, nullptr});
  std::vector<std::string> counts;
  for (const Told& told : outbox.Count()) {
    counts.push_back(told.noun + " " + told.verb + " " + std::to_string(told.events));
  }
  EXPECT_THAT(counts, ::testing::ElementsAre("application approved 1", "application created 1",
                                             "shipment_line recorded 4", "territory_grant created 2"));
}

}  // namespace
}  // namespace tributary::events
