#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "common/rpc/server.h"
#include "conflict-service/detection/detector.h"
#include "tributary/conflict/v1/allowed_overlap.pb.h"

namespace tributary::conflict {

// What helpers share with exclusive holders, for the vendor's staff.
class AllowedOverlapService {
 public:
  AllowedOverlapService(const Detector& detector, const PageTokens& tokens) : detector_(detector), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListAllowedOverlapsRequest& request,
                    v1::ListAllowedOverlapsResponse* reply);

 private:
  const Detector& detector_;
  const PageTokens& tokens_;
};

}  // namespace tributary::conflict
