#pragma once

// The StreamPost methods: client streams of the rows that the BatchImport methods take. The rows are stored in groups,
// by the very handler of the batch; what identifies a row makes the stream safe to send again.

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/imports/import.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/api/v1/stream_post.pb.h"

namespace tributary::inventory {

// Rows of one group, and how long the first one waits for others.
inline constexpr int kGroupRows = 1000;
inline constexpr absl::Duration kGroupTime = absl::Milliseconds(20);

// Adds what became of a group of `rows` rows.
void Count(int rows, api::v1::BatchImportResponse group, api::v1::StreamPostResponse* reply);

// Reads the stream to its end; `import` is the handler of the BatchImport method of the same rows. A group that cannot
// be stored ends the stream with its error; the groups before it are stored.
template <typename Message, typename Service, typename Batch>
absl::Status PostRows(rpc::IncomingStream& stream, Service& service,
                      absl::Status (Service::*import)(const rpc::Call&, rpc::Unit&, const Batch&,
                                                      api::v1::BatchImportResponse*),
                      api::v1::StreamPostResponse* reply) {
  using Next = rpc::IncomingStream::Next;
  Batch group;
  const auto store = [&]() -> absl::Status {
    if (group.rows().empty()) return absl::OkStatus();
    api::v1::BatchImportResponse taken;
    RETURN_IF_ERROR(stream.Transact(group.import(), [&](const rpc::Call& call, rpc::Unit& unit) {
      taken.Clear();
      return (service.*import)(call, unit, group, &taken);
    }));
    Count(group.rows_size(), std::move(taken), reply);
    group.clear_rows();
    return absl::OkStatus();
  };
  absl::Time due = absl::InfiniteFuture();
  Message message;
  for (int64_t index = 0;; ++index) {
    ASSIGN_OR_RETURN(const Next next, stream.Read(&message, due));
    if (next == Next::kMessage) {
      if (index == 0) group.set_import(message.import());
      if (!message.import().empty() && message.import() != group.import()) {
        return InvalidField(StrCat("messages[", index, "].import"), message.import(),
                            "nothing, or the import that the first message names");
      }
      if (group.rows_size() + message.rows_size() > kGroupRows) RETURN_IF_ERROR(store());
      if (group.rows().empty()) due = absl::Now() + kGroupTime;
      for (auto& row : *message.mutable_rows()) *group.add_rows() = std::move(row);
      if (group.rows_size() < kGroupRows && absl::Now() < due) continue;
    } else {
      --index;
    }
    RETURN_IF_ERROR(store());
    due = absl::InfiniteFuture();
    if (next == Next::kEnd) return absl::OkStatus();
  }
}

}  // namespace tributary::inventory
