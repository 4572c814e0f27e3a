#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/access_records/access_record_store.h"
#include "tributary/partner/v1/access_record.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.AccessRecordService.
class AccessRecordService {
 public:
  // `tokens` outlives the service.
  explicit AccessRecordService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListAccessRecordsRequest& request,
                    v1::ListAccessRecordsResponse* reply);

 private:
  const PageTokens& tokens_;
  AccessRecordStore records_;
};

}  // namespace tributary::partner
