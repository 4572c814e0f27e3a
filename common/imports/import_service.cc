#include "common/imports/import_service.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/imports/import_proto.h"
#include "common/paging/filter.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::imports {

ImportService::ImportService(std::string full_name, std::map<std::string, Undo> targets, const PageTokens& page_tokens)
    : full_name_(std::move(full_name)), targets_(std::move(targets)), page_tokens_(page_tokens) {}

void ImportService::Register(rpc::Server& server) {
  server.Add(full_name_, this)
      .Unary("CreateImport", &ImportService::Create)
      .Unary("GetImport", &ImportService::Get)
      .Unary("ListImports", &ImportService::List)
      .Unary("CompleteImport", &ImportService::Complete)
      .Unary("UndoImport", &ImportService::UndoImport)
      .Unary("ListImportRowErrors", &ImportService::ListRowErrors);
}

absl::Status ImportService::Create(const rpc::Call& call, rpc::Unit& unit, const api::v1::CreateImportRequest& request,
                                   api::v1::Import* reply) {
  const api::v1::Import& wanted = request.import();
  if (!targets_.contains(wanted.target())) {
    std::vector<std::string> names;
    for (const auto& [name, undo] : targets_) names.push_back(name);
    return InvalidField("import.target", wanted.target(), StrCat("one of ", StrJoin(names, ", ")));
  }
  const Import import = {.id = Uuid::New(call.now),
                         .create_time = call.now,
                         .update_time = call.now,
                         .target = wanted.target(),
                         .mapping = wanted.mapping(),
                         .file = wanted.file(),
                         .source_sha256 = wanted.source_sha256()};
  RETURN_IF_ERROR(store_.Insert(unit.sql(), import));
  *reply = ToProto(import);
  return absl::OkStatus();
}

absl::Status ImportService::Get(const rpc::Call&, rpc::Unit& unit, const api::v1::GetImportRequest& request,
                                api::v1::Import* reply) {
  ASSIGN_OR_RETURN(const Uuid id, ParseName(request.name()));
  ASSIGN_OR_RETURN(const Import import, store_.Get(unit.sql(), id));
  *reply = ToProto(import);
  return absl::OkStatus();
}

absl::Status ImportService::List(const rpc::Call& call, rpc::Unit& unit, const api::v1::ListImportsRequest& request,
                                 api::v1::ListImportsResponse* reply) {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("state", "state", {{"OPEN", 1}, {"COMPLETED", 2}, {"UNDOING", 3}, {"UNDONE", 4}}),
      FilterField::String("target", "target")};
  ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const SqlPredicate filter, ParseFilter(request.filter(), fields));
  const std::string query = QueryFingerprint({call.method, call.identity->subject, request.filter()});
  ASSIGN_OR_RETURN(const std::vector<std::string> last, page_tokens_.Open(request.page_token(), query));
  std::optional<Uuid> before;
  if (!last.empty()) {
    ASSIGN_OR_RETURN(before, Uuid::Parse(last.front()));
  }
  ASSIGN_OR_RETURN(std::vector<Import> page, store_.List(unit.sql(), before, filter, size + 1));
  if (page.size() > static_cast<size_t>(size)) {
    page.pop_back();
    reply->set_next_page_token(page_tokens_.Seal(query, {page.back().id.ToString()}));
  }
  for (const Import& import : page) *reply->add_imports() = ToProto(import);
  return absl::OkStatus();
}

absl::Status ImportService::ListRowErrors(const rpc::Call& call, rpc::Unit& unit,
                                          const api::v1::ListImportRowErrorsRequest& request,
                                          api::v1::ListImportRowErrorsResponse* reply) {
  ASSIGN_OR_RETURN(const Uuid id, ParseName(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  const std::string query = QueryFingerprint({call.method, call.identity->subject, request.parent()});
  ASSIGN_OR_RETURN(const std::vector<std::string> last, page_tokens_.Open(request.page_token(), query));
  ImportStore::ErrorPosition after;
  if (last.size() == 2) {
    if (!absl::SimpleAtoi(last[0], &after.row) || !absl::SimpleAtoi(last[1], &after.ordinal)) {
      return Error(Reason::kPageTokenInvalid, "page_token: got another list's, want this one's");
    }
  }
  RETURN_IF_ERROR(store_.Get(unit.sql(), id));
  ASSIGN_OR_RETURN(std::vector<ImportStore::KeptError> page, store_.ListErrors(unit.sql(), id, after, size + 1));
  if (page.size() > static_cast<size_t>(size)) {
    page.pop_back();
    const ImportStore::ErrorPosition& at = page.back().position;
    reply->set_next_page_token(page_tokens_.Seal(query, {StrCat(at.row), StrCat(at.ordinal)}));
  }
  for (const ImportStore::KeptError& kept : page) *reply->add_row_errors() = ToProto(kept.error);
  return absl::OkStatus();
}

absl::Status ImportService::Complete(const rpc::Call& call, rpc::Unit& unit,
                                     const api::v1::CompleteImportRequest& request, api::v1::Import* reply) {
  ASSIGN_OR_RETURN(const Uuid id, ParseName(request.name()));
  ASSIGN_OR_RETURN(const Import import, store_.GetForUpdate(unit.sql(), id));
  ASSIGN_OR_RETURN(Import completed, imports::Complete(import, request.received(), request.errors_size(), call.now));
  std::vector<RowError> errors;
  for (const api::v1::RowError& error : request.errors()) errors.push_back(FromProto(error));
  RETURN_IF_ERROR(store_.KeepErrors(unit.sql(), id, errors));
  RETURN_IF_ERROR(store_.Update(unit.sql(), completed));
  ++completed.version;
  *reply = ToProto(completed);
  return absl::OkStatus();
}

absl::Status ImportService::UndoImport(const rpc::Call& call, rpc::Unit& unit,
                                       const api::v1::UndoImportRequest& request, api::v1::Import* reply) {
  ASSIGN_OR_RETURN(const Uuid id, ParseName(request.name()));
  ASSIGN_OR_RETURN(const Import import, store_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckUndoable(import));
  const auto undo = targets_.find(import.target);
  if (undo == targets_.end()) return Error(Reason::kInternal, StrCat("nothing undoes ", import.target));
  ASSIGN_OR_RETURN(const int undone, undo->second(call, unit, id.ToString(), kUndoChunk));
  ASSIGN_OR_RETURN(Import next, UndoStep(import, undone, call.now));
  RETURN_IF_ERROR(store_.Update(unit.sql(), next));
  ++next.version;
  *reply = ToProto(next);
  return absl::OkStatus();
}

}  // namespace tributary::imports
