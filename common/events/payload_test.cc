#include "common/events/payload.h"

#include "common/status/status_matchers.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace tributary::events {
namespace {

using google::protobuf::Timestamp;

Event EventOf(const std::string& name, const google::protobuf::Message& payload) {
  return {.name = name, .type = payload.GetDescriptor()->full_name(), .payload = payload.SerializeAsString()};
}

TEST(PayloadTest, ThoseOfOneTypeInTheirOrder) {
  Timestamp first, second;
  first.set_seconds(7);
  second.set_seconds(3);
  google::protobuf::Duration other;
  other.set_seconds(5);
  const std::vector<Event> batch = {EventOf("a", first), EventOf("b", other), EventOf("c", second)};
  const auto read = PayloadsOf<Timestamp>(batch);
  ASSERT_OK(read);
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ(read->at(0).seconds(), 7);
  EXPECT_EQ(read->at(1).seconds(), 3);
  EXPECT_TRUE(PayloadsOf<Timestamp>({})->empty());
}

TEST(PayloadTest, BytesThatAreNoneAreNamed) {
  Event event = EventOf("partners/p-1", Timestamp());
  event.payload = "\xFF\xFF";
  const auto read = PayloadsOf<Timestamp>({&event, 1});
  EXPECT_THAT(read, HasReason(Reason::kMalformedRequest));
  EXPECT_THAT(std::string(read.status().message()), ::testing::HasSubstr("partners/p-1"));
  event.type = "tributary.Other";
  EXPECT_OK(PayloadsOf<Timestamp>({&event, 1}));
}

}  // namespace
}  // namespace tributary::events
