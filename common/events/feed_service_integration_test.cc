// The feed as others read it.

#include <limits>
#include <map>
#include <string>
#include <vector>

#include "common/events/testing_services.h"
#include "tributary/events/v1/feed.pb.h"

namespace tributary::events {
namespace {

using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr char kService[] = "tributary.events.v1.FeedService/";

class FeedServiceTest : public ::testing::Test {
 protected:
  FeedServiceTest() : client_(source_.NewClient()) {}

  static v1::StreamEventsRequest AllShards() {
    v1::StreamEventsRequest request;
    for (int shard = 0; shard < kShards; ++shard) request.add_cursors()->set_shard(shard);
    return request;
  }
  absl::Status Refusal(const v1::StreamEventsRequest& request, api::v1::Role role = api::v1::SERVICE) {
    const auto client = source_.NewClient(role);
    const auto stream = client->OpenStream(StrCat(kService, "StreamEvents"), request);
    v1::StreamEventsResponse message;
    if (stream->Read(&message)) {
      stream->Cancel();
      (void)stream->Finish();
      return absl::OkStatus();
    }
    return stream->Finish();
  }

  Source source_;
  const std::unique_ptr<rpc::Client> client_;
};

TEST_F(FeedServiceTest, StreamsWhatIsThereAndWhatComes) {
  source_.Tell({"a", "b"});
  const auto stream = client_->OpenStream(StrCat(kService, "StreamEvents"), AllShards());
  std::vector<std::string> names;
  std::map<int, int64_t> cursors;
  v1::StreamEventsResponse message;
  const auto read_until = [&](size_t count) {
    while (names.size() < count && stream->Read(&message)) {
      EXPECT_EQ(message.feed_epoch(), source_.feed().epoch());
      for (const v1::Event& event : message.events()) {
        names.push_back(event.name());
        EXPECT_EQ(event.payload().type_url(), "type.googleapis.com/test.Thing");
        EXPECT_EQ(event.payload().value(), "payload");
        EXPECT_EQ(event.verb(), "created");
        EXPECT_GT(event.record_time().seconds(), 1600000000);
      }
      for (const v1::Cursor& cursor : message.cursors()) cursors[cursor.shard()] = cursor.seq();
    }
  };
  read_until(2);
  EXPECT_THAT(names, UnorderedElementsAre("a", "b"));
  source_.Tell({"a"});
  read_until(3);
  EXPECT_EQ(names.back(), "a");
  EXPECT_THAT(cursors, UnorderedElementsAre(Pair(ShardOf("a"), 2), Pair(ShardOf("b"), 1)));
  stream->Cancel();
  EXPECT_EQ(stream->Finish().code(), absl::StatusCode::kCancelled);

  ASSERT_OK_AND_ASSIGN(const auto head,
                       client_->Call<v1::FeedHead>(StrCat(kService, "GetFeedHead"), v1::GetFeedHeadRequest()));
  EXPECT_EQ(head.feed_epoch(), source_.feed().epoch());
  EXPECT_EQ(head.cursors_size(), 2);
}

TEST_F(FeedServiceTest, CursorsPassOverOtherTypes) {
  source_.Tell(NewNames(50), "created", "test.Other");
  v1::StreamEventsRequest request = AllShards();
  request.add_payload_types("test.Thing");
  const auto stream = client_->OpenStream(StrCat(kService, "StreamEvents"), request);
  int64_t passed = 0;
  v1::StreamEventsResponse message;
  while (passed < 50 && stream->Read(&message)) {
    EXPECT_THAT(message.events(), IsEmpty());
    for (const v1::Cursor& cursor : message.cursors()) passed += cursor.seq();
  }
  EXPECT_EQ(passed, 50);
  stream->Cancel();
  (void)stream->Finish();
}

TEST_F(FeedServiceTest, RefusesCursorsThatAreNotOfThisFeed) {
  source_.Tell({"a", "a", "a"});
  v1::StreamEventsRequest request;
  v1::Cursor& cursor = *request.add_cursors();
  cursor.set_shard(ShardOf("a"));
  EXPECT_OK(Refusal(request));
  cursor.set_seq(3);
  EXPECT_THAT(Refusal(request), Blames("feed_epoch"));
  request.set_feed_epoch(source_.feed().epoch());
  EXPECT_OK(Refusal(request));
  EXPECT_THAT(Refusal(request, api::v1::CHANNEL_MANAGER), HasReason(Reason::kPermissionDenied));
  cursor.set_seq(4);
  EXPECT_THAT(Refusal(request), HasReason(Reason::kFeedRewound));
  cursor.set_seq(1);
  request.set_feed_epoch("00000000-0000-7000-8000-000000000000");
  EXPECT_THAT(Refusal(request), HasReason(Reason::kFeedRewound));
  request.set_feed_epoch(source_.feed().epoch());
  *request.add_cursors() = cursor;
  EXPECT_THAT(Refusal(request), Blames("cursors[1].shard"));
  request.mutable_cursors()->RemoveLast();
  cursor.set_shard(64);
  EXPECT_THAT(Refusal(request), Blames("cursors[0].shard"));
  cursor.set_shard(ShardOf("a"));
  ASSERT_OK(source_.feed().Purge(absl::Now() + absl::Hours(1)));
  EXPECT_THAT(Refusal(request), HasReason(Reason::kFeedCursorExpired));
}

TEST_F(FeedServiceTest, AStreamEndsWhenTheDatabaseIsRestoredUnderIt) {
  source_.Tell({"a", "a", "a"});
  const auto stream = client_->OpenStream(StrCat(kService, "StreamEvents"), AllShards());
  v1::StreamEventsResponse message;
  size_t events = 0;
  while (events < 3 && stream->Read(&message)) events += message.events_size();
  ASSERT_OK(source_.database().Transact({}, [](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(sql.Execute("UPDATE feed SET seq = 1"));
    return sql.Execute("DELETE FROM event WHERE seq > 1").status();
  }));
  while (stream->Read(&message)) {
  }
  EXPECT_THAT(stream->Finish(), HasReason(Reason::kFeedRewound));
}

}  // namespace
}  // namespace tributary::events
