#pragma once

// SellThroughSaleService: sell-through, as partners report it.

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/sell_through/sell_through_sale_store.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/api/v1/stream_post.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"

namespace tributary::rpc {
class IncomingStream;
class Server;
}  // namespace tributary::rpc

namespace tributary::inventory {

class SellThroughSaleService {
 public:
  // Both outlive it.
  SellThroughSaleService(PartnerDirectory& partners, const PageTokens& page_tokens)
      : partners_(partners), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetSellThroughSaleRequest& request,
                   v1::SellThroughSale* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListSellThroughSalesRequest& request,
                    v1::ListSellThroughSalesResponse* reply);
  using CreateSale = rpc::Grouped<v1::CreateSellThroughSaleRequest, v1::SellThroughSale>;
  absl::Status Create(rpc::Unit& unit, absl::Span<CreateSale> calls);
  absl::Status Import(const rpc::Call& call, rpc::Unit& unit, const v1::BatchImportSellThroughSalesRequest& request,
                      api::v1::BatchImportResponse* reply);
  absl::Status StreamPost(const rpc::Call& call, rpc::IncomingStream& stream, api::v1::StreamPostResponse* reply);
  absl::Status Totals(const rpc::Call& call, rpc::Unit& unit, const v1::GetSellThroughTotalsRequest& request,
                      v1::SellThroughTotals* reply);

  // Reverses what an import brought (common/imports/import_service.h).
  absl::StatusOr<int> Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id, int limit);
  // The sales as events of the feed.
  events::RowSource Source() const;

 private:
  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  SellThroughSaleStore store_;
};

}  // namespace tributary::inventory
