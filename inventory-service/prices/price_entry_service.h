#pragma once

// PriceEntryService: entries of price lists, and which of them gives the price.

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/prices/price_entry_store.h"
#include "inventory-service/prices/price_list_store.h"
#include "inventory-service/products/product_store.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/inventory/v1/price_entry.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class PriceEntryService {
 public:
  // `page_tokens` outlives it.
  explicit PriceEntryService(const PageTokens& page_tokens) : page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetPriceEntryRequest& request,
                   v1::PriceEntry* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPriceEntriesRequest& request,
                    v1::ListPriceEntriesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreatePriceEntryRequest& request,
                      v1::PriceEntry* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdatePriceEntryRequest& request,
                      v1::PriceEntry* reply);
  absl::Status Deactivate(const rpc::Call& call, rpc::Unit& unit, const v1::DeactivatePriceEntryRequest& request,
                          v1::PriceEntry* reply);
  absl::Status Import(const rpc::Call& call, rpc::Unit& unit, const v1::BatchImportPriceEntriesRequest& request,
                      api::v1::BatchImportResponse* reply);
  absl::Status Resolve(const rpc::Call& call, rpc::Unit& unit, const v1::ResolvePriceRequest& request,
                       v1::ResolvedPrice* reply);

  // Takes out of use what an import brought (common/imports/import_service.h).
  absl::StatusOr<int> Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id, int limit);

 private:
  // Locked. NOT_FOUND.
  absl::StatusOr<PriceEntry> Load(rpc::Unit& unit, std::string_view name, std::string_view field) const;

  const PageTokens& page_tokens_;
  PriceEntryStore store_;
  PriceListStore lists_;
};

}  // namespace tributary::inventory
