#pragma once

// The RPCs of the feed: its head and its events to others, and how far this process's service has applied theirs.

#include <string>
#include <vector>

#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "tributary/events/v1/feed.pb.h"

namespace tributary::events {

class FeedService {
 public:
  // `feed` may be null: a process without one.
  explicit FeedService(Feed* feed) : feed_(feed) {}
  void Register(rpc::Server& server);

  absl::Status GetFeedHead(const rpc::Call& call, rpc::Unit& unit, const v1::GetFeedHeadRequest& request,
                           v1::FeedHead* reply);
  absl::Status StreamEvents(const rpc::Call& call, const v1::StreamEventsRequest& request, rpc::StreamWriter& writer);
  absl::Status ListConsumerPositions(const rpc::Call& call, rpc::Unit& unit,
                                     const v1::ListConsumerPositionsRequest& request,
                                     v1::ListConsumerPositionsResponse* reply);
  absl::Status ListParkedEvents(const rpc::Call& call, rpc::Unit& unit, const v1::ListParkedEventsRequest& request,
                                v1::ListParkedEventsResponse* reply);

 private:
  Feed* const feed_;
};

}  // namespace tributary::events
