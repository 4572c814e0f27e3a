#include "incentive-service/operations/operation_store.h"

#include <string>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

absl::StatusOr<google::longrunning::Operation> OperationStore::Finish(mysql::Transaction& sql,
                                                                      const google::protobuf::Message& response,
                                                                      absl::Time now) const {
  const std::string id = Uuid::New(now).ToString();
  google::longrunning::Operation operation;
  operation.set_name("operations/" + id);
  operation.set_done(true);
  operation.mutable_response()->PackFrom(response);
  const std::string message = operation.SerializeAsString();
  RETURN_IF_ERROR(
      sql.Execute("INSERT INTO operation (operation, create_time, message) VALUES (?, ?, ?)", {id, now, message}));
  return operation;
}

absl::StatusOr<google::longrunning::Operation> OperationStore::Get(mysql::Transaction& sql,
                                                                   std::string_view name) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(name, "operations/{operation}"));
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT message FROM operation WHERE operation = ?", {ids[0]}));
  if (rows.empty()) return NotFound(name);
  google::longrunning::Operation operation;
  if (!operation.ParseFromString(rows.front().Text(0))) {
    return Error(Reason::kInternal, StrCat(name, " cannot be read from the database"));
  }
  return operation;
}

}  // namespace tributary::incentive
