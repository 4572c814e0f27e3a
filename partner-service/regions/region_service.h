#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/regions/region_index.h"
#include "partner-service/regions/region_store.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/partner/v1/region.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.RegionService.
class RegionService {
 public:
  // Both outlive the service.
  RegionService(const RegionIndex& index, const PageTokens& tokens) : index_(index), tokens_(tokens) {}
  void Register(rpc::Server& server);

  bool GetFromMemory(const rpc::Call& call, const v1::GetRegionRequest& request, v1::Region* reply);
  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetRegionRequest& request, v1::Region* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListRegionsRequest& request,
                    v1::ListRegionsResponse* reply);
  absl::Status BatchImport(const rpc::Call& call, rpc::Unit& unit, const v1::BatchImportRegionsRequest& request,
                           api::v1::BatchImportResponse* reply);

  // Takes back up to `limit` regions that the import brought; how many (imports::Undo).
  absl::StatusOr<int> Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id, int limit);

 private:
  const RegionIndex& index_;
  const PageTokens& tokens_;
  RegionStore regions_;
};

}  // namespace tributary::partner
