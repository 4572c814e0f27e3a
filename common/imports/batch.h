#pragma once

// What every BatchImport method does besides storing its rows. A handler reads:
//
//   imports::BatchResult result;
//   imports::TakeRows(request.rows(), "line", result, [&](const v1::ShipmentLineRow& row) { ... keep the good row ...
//   }); ASSIGN_OR_RETURN(const auto import_id, imports::OpenImport(call, unit, request.import(), "shipments"));
//   ... store the good rows, count them in `result` ...
//   return imports::CloseBatch(call, unit, import_id, result, reply);

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/ids/uuid.h"
#include "common/imports/import.h"
#include "common/rpc/call.h"
#include "common/rpc/validation.h"
#include "google/protobuf/repeated_field.h"
#include "tributary/api/v1/import.pb.h"

namespace tributary::imports {

// The field's path as the row's owner knows it: without the name of the message that the row wraps
// ("line.net_amount" -> "net_amount").
std::string FieldOfRow(std::string_view path, std::string_view wrapped);

// Calls `take` with each row that keeps its annotations (its output-only fields are cleared); rows that do not, and
// rows that `take` refuses, become errors in `result`. The frame leaves the rows of a BatchImport request unchecked, so
// that a bad row is told as such and the good ones go in. `wrapped` is the row's field that holds the resource: "line".
template <typename Row>
void TakeRows(const google::protobuf::RepeatedPtrField<Row>& rows, std::string_view wrapped, BatchResult& result,
              absl::FunctionRef<absl::Status(const Row&)> take) {
  for (const Row& given : rows) {
    Row row = given;
    absl::Status status = rpc::Validate(row);
    if (status.ok()) status = take(row);
    if (status.ok()) continue;
    std::vector<RowError> errors = ErrorsOf(given.row(), status);
    for (RowError& error : errors) error.column = FieldOfRow(error.column, wrapped);
    result.Reject(std::move(errors));
  }
}

// The import's id, having checked that it is OPEN and of this target. The check is early and without a lock;
// ImportStore::AddBatch has the last word. With `validate_only`, or in a stream, and no name: none. Opens the
// transaction.
absl::StatusOr<std::optional<Uuid>> OpenImport(const rpc::Call& call, rpc::Unit& unit, std::string_view import_name,
                                               std::string_view target);

// Adds the batch to its import, where there is one, and answers it. The last step of the handler: the import is held
// until the transaction ends, together with other batches where this one has no errors.
absl::Status CloseBatch(const rpc::Call& call, rpc::Unit& unit, const std::optional<Uuid>& import_id,
                        const BatchResult& result, api::v1::BatchImportResponse* reply);

}  // namespace tributary::imports
