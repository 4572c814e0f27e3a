#include "common/imports/batch.h"

#include "common/imports/import_proto.h"
#include "common/imports/import_store.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::imports {

std::string FieldOfRow(std::string_view path, std::string_view wrapped) {
  if (path.starts_with(wrapped) && path.size() > wrapped.size() && path[wrapped.size()] == '.') {
    path.remove_prefix(wrapped.size() + 1);
  }
  return std::string(path);
}

absl::StatusOr<std::optional<Uuid>> OpenImport(const rpc::Call& call, rpc::Unit& unit, std::string_view import_name,
                                               std::string_view target) {
  if (import_name.empty() && (call.validate_only || call.streamed)) return std::nullopt;
  ASSIGN_OR_RETURN(const Uuid id, ParseName(import_name, "import"));
  ASSIGN_OR_RETURN(const Import import, ImportStore().Get(unit.sql(), id));
  RETURN_IF_ERROR(CheckTakesRows(import));
  if (import.target != target) {
    return InvalidField("import", import_name, StrCat("an import of ", target, "; this one is of ", import.target));
  }
  return id;
}

absl::Status CloseBatch(const rpc::Call& call, rpc::Unit& unit, const std::optional<Uuid>& import_id,
                        const BatchResult& result, api::v1::BatchImportResponse* reply) {
  if (import_id.has_value()) RETURN_IF_ERROR(ImportStore().AddBatch(unit.sql(), *import_id, result, call.now));
  ToProto(result, reply);
  return absl::OkStatus();
}

}  // namespace tributary::imports
