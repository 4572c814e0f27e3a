#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "common/rpc/call.h"
#include "google/protobuf/message.h"

namespace tributary::rpc {

// SHA-256 over the deterministic serialization of the request without its request_id, which is put aside meanwhile.
std::string RequestHash(google::protobuf::Message* request);

// What was answered to a request id.
struct StoredReply {
  std::string request_sha256;
  std::string reply_name;            // set where the reply was too large to keep
  std::optional<std::string> reply;  // serialized
};

// Answers larger than this are kept by the name of the resource, where it has one that can be read again.
inline constexpr size_t kStoredReplyLimit = 4096;

// A mutation that succeeded.
struct Mutation {
  const Call* call = nullptr;
  std::string request_sha256;                        // with a request id, which must be a UUID
  const google::protobuf::Message* reply = nullptr;  // with a request id
  std::string resource;                              // the name that was changed, as far as request and reply tell
};

// Rows of successful mutations, written as a transaction's last steps before its events. `readable`: what `name` in the
// replies names can be read again. false: one of the ids is there already (another call was faster); the transaction
// must be rolled back.
absl::StatusOr<bool> RememberReplies(mysql::Transaction& sql, absl::Span<const Mutation> mutations, bool readable);
// kWait waits for a transaction that has just written the row and may yet commit.
enum class FindLock { kNone, kWait };
absl::StatusOr<std::optional<StoredReply>> FindReply(mysql::Transaction& sql, const Call& call, FindLock lock);
// Rows of the audit log.
absl::Status WriteAudit(mysql::Transaction& sql, absl::Span<const Mutation> mutations);
// Deletes request rows older than `before`, at most `limit`; the number deleted.
absl::StatusOr<int64_t> PurgeReplies(mysql::Transaction& sql, absl::Time before, int limit);

}  // namespace tributary::rpc
