#pragma once

// A server stream of what a service has, by the service's own feed: all of it as it is, then each thing that changes,
// within a moment. What changes several times between two looks is sent once. A caller that was cut off goes on from
// the last resume token, at any replica: a token is a place in all shards of the feed.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "common/paging/page_token.h"

namespace google::protobuf {
class Message;
}
namespace tributary::rpc {
struct Call;
class StreamWriter;
}  // namespace tributary::rpc

namespace tributary::events {

// Things of one message at most.
inline constexpr size_t kWatchedAtOnce = 500;

// What one caller watches. Whatever reads may run again.
class Watched {
 public:
  virtual ~Watched() = default;
  // What is sent; it has a field `resume_token`.
  virtual google::protobuf::Message& message() = 0;
  // Reads of all that there is the next things, at most kWatchedAtOnce, into the empty message; whether they are the
  // last.
  virtual absl::StatusOr<bool> ReadNext(mysql::Transaction& sql) = 0;
  // Notes what has changed by these ranges of the feed, or by their events; how many things that are.
  virtual absl::StatusOr<size_t> Note(mysql::Transaction& sql, absl::Span<const ShardRange> ranges,
                                      absl::Span<const Event> events) = 0;
  // Reads the noted things [from, to), as they are now, into the empty message.
  virtual absl::Status ReadNoted(mysql::Transaction& sql, size_t from, size_t to) = 0;
};

// The pieces of a process that its watches need; all outlive them.
struct WatchParts {
  mysql::Database& database;
  Feed& feed;
  const PageTokens& tokens;
};

// What the caller asks for.
struct WatchAsked {
  std::string query;               // QueryFingerprint of what must stay the same beside method and caller
  std::string_view same;           // what must, in words: "caller, parent, product and lot"
  std::string_view resume_token;   // empty: begins with all that there is
  std::vector<std::string> types;  // payloads of the events to be noted; none: ranges are enough
};

// Until the caller goes (OK) or the watch cannot go on. A message without anything comes from time to time where
// nothing happens. PAGE_TOKEN_INVALID resume_token where it is another watch's; FEED_REWOUND where the database was
// restored to an earlier state, FEED_CURSOR_EXPIRED where the token is too old: then the caller begins anew.
absl::Status RunWatch(const WatchParts& parts, const rpc::Call& call, const WatchAsked& asked, Watched& watched,
                      rpc::StreamWriter& writer);

}  // namespace tributary::events
