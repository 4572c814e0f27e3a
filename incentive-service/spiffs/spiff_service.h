#pragma once

// The RPCs of SPIFFs. Partners see those that are announced.

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/spiffs/spiff_store.h"
#include "tributary/incentive/v1/spiff.pb.h"

namespace tributary::incentive {

class SpiffService {
 public:
  explicit SpiffService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetSpiffRequest& request, v1::Spiff* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListSpiffsRequest& request,
                    v1::ListSpiffsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateSpiffRequest& request, v1::Spiff* reply);
  absl::Status AnnounceSpiff(const rpc::Call& call, rpc::Unit& unit, const v1::AnnounceSpiffRequest& request,
                             v1::Spiff* reply);

 private:
  const PageTokens& tokens_;
  SpiffStore spiffs_;
};

}  // namespace tributary::incentive
