#pragma once

// What long calls answered. They are done when they answer; the operation keeps the answer for whoever asks by its
// name.

#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "google/longrunning/operations.pb.h"
#include "google/protobuf/message.h"

namespace tributary::incentive {

class OperationStore {
 public:
  // Stores an operation that is done with this response, under a new name.
  absl::StatusOr<google::longrunning::Operation> Finish(mysql::Transaction& sql,
                                                        const google::protobuf::Message& response,
                                                        absl::Time now) const;
  // By "operations/{operation}". NOT_FOUND; INVALID_FIELD name.
  absl::StatusOr<google::longrunning::Operation> Get(mysql::Transaction& sql, std::string_view name) const;
};

}  // namespace tributary::incentive
