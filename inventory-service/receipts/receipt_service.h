#pragma once

// ReceiptService: what partners received of the shipments that were on their way.

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/receipts/receipt_store.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/api/v1/stream_post.pb.h"
#include "tributary/inventory/v1/receipt.pb.h"

namespace tributary::rpc {
class IncomingStream;
class Server;
}  // namespace tributary::rpc

namespace tributary::inventory {

class ReceiptService {
 public:
  // Both outlive it.
  ReceiptService(PartnerDirectory& partners, const PageTokens& page_tokens)
      : partners_(partners), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetReceiptRequest& request, v1::Receipt* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListReceiptsRequest& request,
                    v1::ListReceiptsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateReceiptRequest& request,
                      v1::Receipt* reply);
  absl::Status Import(const rpc::Call& call, rpc::Unit& unit, const v1::BatchImportReceiptsRequest& request,
                      api::v1::BatchImportResponse* reply);
  absl::Status StreamPost(const rpc::Call& call, rpc::IncomingStream& stream, api::v1::StreamPostResponse* reply);
  absl::Status ListTransits(const rpc::Call& call, rpc::Unit& unit, const v1::ListTransitsRequest& request,
                            v1::ListTransitsResponse* reply);

  // Reverses what an import brought (common/imports/import_service.h).
  absl::StatusOr<int> Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id, int limit);
  // The lines as events of the feed.
  events::RowSource Source() const;

 private:
  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  ReceiptStore store_;
};

}  // namespace tributary::inventory
