#pragma once

// DirectSaleService: the vendor's own sales past the channel.

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/direct_sales/direct_sale_store.h"
#include "inventory-service/partners/partner_directory.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/api/v1/stream_post.pb.h"
#include "tributary/inventory/v1/direct_sale.pb.h"

namespace tributary::rpc {
class IncomingStream;
class Server;
}  // namespace tributary::rpc

namespace tributary::inventory {

class DirectSaleService {
 public:
  // Both outlive it.
  DirectSaleService(PartnerDirectory& partners, const PageTokens& page_tokens)
      : partners_(partners), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetDirectSaleRequest& request,
                   v1::DirectSale* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListDirectSalesRequest& request,
                    v1::ListDirectSalesResponse* reply);
  absl::Status Import(const rpc::Call& call, rpc::Unit& unit, const v1::BatchImportDirectSalesRequest& request,
                      api::v1::BatchImportResponse* reply);
  absl::Status StreamPost(const rpc::Call& call, rpc::IncomingStream& stream, api::v1::StreamPostResponse* reply);
  absl::Status Totals(const rpc::Call& call, rpc::Unit& unit, const v1::GetDirectSaleTotalsRequest& request,
                      v1::DirectSaleTotals* reply);

  // Reverses what an import brought (common/imports/import_service.h).
  absl::StatusOr<int> Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id, int limit);
  // The lines as events of the feed.
  events::RowSource Source() const;

 private:
  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  DirectSaleStore store_;
};

}  // namespace tributary::inventory
