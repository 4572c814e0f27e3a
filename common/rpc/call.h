#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/auth/identity.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"

namespace tributary::rpc {

// What a handler may know of its caller and its moment.
struct Call {
  std::string_view method;  // "/tributary.partner.v1.PartnerService/GetPartner"
  std::shared_ptr<const auth::Identity> identity;
  std::string token;  // the caller's own, to be passed on in calls made for it
  absl::Time now;     // one moment for the whole call, also when the body reruns; whole microseconds
  absl::Time deadline;
  std::string request_id;      // empty where the method has none or the caller gave none
  std::string trace_id;        // 32 hexadecimal digits
  bool validate_only = false;  // the frame rolls back afterwards; a handler need not look
  bool streamed = false;       // a part of a client stream
};

// One unit of work: a transaction, opened at the first statement, and what will be told when it commits. A body may run
// more than once; each run starts with a new Unit.
class Unit {
 public:
  explicit Unit(mysql::Transaction& sql) : sql_(&sql) {}
  // Of a process without a database: sql() must not be called.
  Unit() = default;
  Unit(const Unit&) = delete;
  Unit& operator=(const Unit&) = delete;

  mysql::Transaction& sql() { return *sql_; }
  // Tells the feed, in the same transaction.
  void Emit(events::EventDraft event) { outbox_.Add(std::move(event)); }
  void EmitRows(events::RowBatch rows) { outbox_.AddRows(std::move(rows)); }
  events::Outbox& outbox() { return outbox_; }

  // What a call with validate_only leaves although it is rolled back, such as that it was made: runs in a transaction
  // of its own afterwards, and its error is the call's. The last one given counts; other calls run none.
  using Trial = std::function<absl::Status(mysql::Transaction&)>;
  void OnTrial(Trial trial) { trial_ = std::move(trial); }
  const Trial& trial() const { return trial_; }

 private:
  mysql::Transaction* sql_ = nullptr;
  events::Outbox outbox_;
  Trial trial_;
};

// One of several calls of a method that are decided together, in one unit. `status` is its answer: a call that is
// refused leaves the others as they are. So does one that is to go alone (only where there are several): it needs what
// takes time, such as another process, and is handled anew by itself, while the others go on.
template <typename Request, typename Reply>
struct Grouped {
  const Call& call;
  const Request& request;
  Reply* reply;
  absl::Status status;
  bool alone = false;
};

}  // namespace tributary::rpc
