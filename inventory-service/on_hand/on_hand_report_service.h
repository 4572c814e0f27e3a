#pragma once

// OnHandReportService: stock on hand, as partners report it.

#include "absl/status/status.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/on_hand/on_hand_report_store.h"
#include "tributary/inventory/v1/on_hand_report.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class OnHandReportService {
 public:
  // `page_tokens` outlives it.
  explicit OnHandReportService(const PageTokens& page_tokens) : page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetOnHandReportRequest& request,
                   v1::OnHandReport* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListOnHandReportsRequest& request,
                    v1::ListOnHandReportsResponse* reply);

  // The facts as events of the feed.
  events::RowSource Source() const;

 private:
  const PageTokens& page_tokens_;
  OnHandReportStore store_;
};

}  // namespace tributary::inventory
