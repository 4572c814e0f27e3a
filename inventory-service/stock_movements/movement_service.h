#pragma once

// MovementService: stock movements.

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/ledger/ledger_store.h"
#include "inventory-service/lots/lot_store.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/reservations/reservation_store.h"
#include "inventory-service/serials/serial_store.h"
#include "inventory-service/sites/site_store.h"
#include "inventory-service/stock_movements/stock_movement_store.h"
#include "inventory-service/stock_movements/transfer.h"
#include "inventory-service/territories/territory_store.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/api/v1/stream_post.pb.h"
#include "tributary/inventory/v1/stock_movement.pb.h"

namespace tributary::rpc {
class IncomingStream;
class Server;
}  // namespace tributary::rpc

namespace tributary::inventory {

class MovementService {
 public:
  // Both outlive it.
  MovementService(PartnerDirectory& partners, const PageTokens& page_tokens)
      : partners_(partners), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetStockMovementRequest& request,
                   v1::StockMovement* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListStockMovementsRequest& request,
                    v1::ListStockMovementsResponse* reply);
  absl::Status Import(const rpc::Call& call, rpc::Unit& unit, const v1::BatchImportStockMovementsRequest& request,
                      api::v1::BatchImportResponse* reply);
  absl::Status StreamPost(const rpc::Call& call, rpc::IncomingStream& stream, api::v1::StreamPostResponse* reply);
  absl::Status Transfer(const rpc::Call& call, rpc::Unit& unit, const v1::TransferStockRequest& request,
                        v1::TransferStockResponse* reply);

  // Reverses what an import brought (common/imports/import_service.h).
  absl::StatusOr<int> Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id, int limit);
  // The movements as events of the feed.
  events::RowSource Source() const;

 private:
  // Locks what the decision looks at, and reads it.
  absl::StatusOr<TransferState> ReadState(mysql::Transaction& sql, const std::vector<StockMovement>& lines) const;

  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  StockMovementStore store_;
  SiteStore sites_;
  LotStore lots_;
  SerialStore serials_;
  ReservationStore reservations_;
  TerritoryStore territories_;
  LedgerStore ledger_;
};

}  // namespace tributary::inventory
