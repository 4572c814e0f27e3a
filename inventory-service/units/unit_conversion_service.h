#pragma once

// UnitConversionService: units of products, and what a quantity is in base units.

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "google/protobuf/empty.pb.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/units/unit_conversion_store.h"
#include "tributary/inventory/v1/unit_conversion.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class UnitConversionService {
 public:
  // `page_tokens` outlives it.
  explicit UnitConversionService(const PageTokens& page_tokens) : page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetUnitConversionRequest& request,
                   v1::UnitConversion* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListUnitConversionsRequest& request,
                    v1::ListUnitConversionsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateUnitConversionRequest& request,
                      v1::UnitConversion* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateUnitConversionRequest& request,
                      v1::UnitConversion* reply);
  absl::Status Delete(const rpc::Call& call, rpc::Unit& unit, const v1::DeleteUnitConversionRequest& request,
                      google::protobuf::Empty* reply);
  absl::Status Convert(const rpc::Call& call, rpc::Unit& unit, const v1::ConvertQuantityRequest& request,
                       v1::ConvertedQuantity* reply);

 private:
  const PageTokens& page_tokens_;
  UnitConversionStore store_;
  ProductStore products_;
};

}  // namespace tributary::inventory
