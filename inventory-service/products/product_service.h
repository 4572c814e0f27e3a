#pragma once

// ProductService: products and product lines.

#include <functional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/ledger/ledger_store.h"
#include "inventory-service/products/kit_store.h"
#include "inventory-service/products/product_store.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/inventory/v1/product.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class ProductService {
 public:
  // `page_tokens` outlives it.
  explicit ProductService(const PageTokens& page_tokens) : page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status GetLine(const rpc::Call& call, rpc::Unit& unit, const v1::GetProductLineRequest& request,
                       v1::ProductLine* reply);
  absl::Status ListLines(const rpc::Call& call, rpc::Unit& unit, const v1::ListProductLinesRequest& request,
                         v1::ListProductLinesResponse* reply);
  absl::Status ImportLines(const rpc::Call& call, rpc::Unit& unit, const v1::BatchImportProductLinesRequest& request,
                           api::v1::BatchImportResponse* reply);
  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetProductRequest& request, v1::Product* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListProductsRequest& request,
                    v1::ListProductsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateProductRequest& request,
                      v1::Product* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateProductRequest& request,
                      v1::Product* reply);
  absl::Status GetStandardCost(const rpc::Call& call, rpc::Unit& unit, const v1::GetStandardCostRequest& request,
                               v1::StandardCost* reply);
  absl::Status Explode(const rpc::Call& call, rpc::Unit& unit, const v1::ExplodeProductRequest& request,
                       v1::ExplodedProduct* reply);
  absl::Status Import(const rpc::Call& call, rpc::Unit& unit, const v1::BatchImportProductsRequest& request,
                      api::v1::BatchImportResponse* reply);

  // Take out of use what an import brought (common/imports/import_service.h).
  absl::StatusOr<int> UndoLines(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id, int limit);
  absl::StatusOr<int> Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id, int limit);

 private:
  // REFERENCE_NOT_FOUND where the product's line is not in use.
  absl::Status CheckLine(rpc::Unit& unit, const Product& product) const;
  // Locks, in the order of their ids, the product, all below it, and what it is stated to consist of.
  absl::Status LockFor(rpc::Unit& unit, const std::string& id, const v1::Product& stated) const;
  // After LockFor. REFERENCE_NOT_FOUND where a component is not in use; NOT_A_MULTIPLE where its quantity is not one of
  // its step; INVALID_FIELD where the kit would hold itself or go too many levels down.
  absl::Status CheckParts(rpc::Unit& unit, const Product& product) const;

  const PageTokens& page_tokens_;
  ProductStore products_;
  ProductLineStore lines_;
  KitStore kits_;
  LedgerStore ledger_;
};

}  // namespace tributary::inventory
