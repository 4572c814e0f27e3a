#pragma once

// The ImportService that each service which takes files serves under its own package.

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/imports/import_store.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "tributary/api/v1/import.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::imports {

// Reverses what the import brought, at most `limit` rows of it, and answers how many it reversed; 0 when nothing is
// left. `import_id` is the id without "imports/". No row of the import is added or undone by anybody else meanwhile.
using Undo =
    std::function<absl::StatusOr<int>(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id, int limit)>;

// Rows undone by one call of UndoImport.
inline constexpr int kUndoChunk = 5000;

class ImportService {
 public:
  // `full_name`: "tributary.partner.v1.ImportService". `targets`: what can be imported, "shipments", each with its
  // undoing.
  // `page_tokens` outlives it.
  ImportService(std::string full_name, std::map<std::string, Undo> targets, const PageTokens& page_tokens);

  void Register(rpc::Server& server);

  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const api::v1::CreateImportRequest& request,
                      api::v1::Import* reply);
  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const api::v1::GetImportRequest& request,
                   api::v1::Import* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const api::v1::ListImportsRequest& request,
                    api::v1::ListImportsResponse* reply);
  absl::Status Complete(const rpc::Call& call, rpc::Unit& unit, const api::v1::CompleteImportRequest& request,
                        api::v1::Import* reply);
  absl::Status UndoImport(const rpc::Call& call, rpc::Unit& unit, const api::v1::UndoImportRequest& request,
                          api::v1::Import* reply);
  absl::Status ListRowErrors(const rpc::Call& call, rpc::Unit& unit, const api::v1::ListImportRowErrorsRequest& request,
                             api::v1::ListImportRowErrorsResponse* reply);

 private:
  const std::string full_name_;
  const std::map<std::string, Undo> targets_;
  const PageTokens& page_tokens_;
  ImportStore store_;
};

}  // namespace tributary::imports
