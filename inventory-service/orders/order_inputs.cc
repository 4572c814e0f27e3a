#include "inventory-service/orders/order_inputs.h"

#include <string_view>
#include <utility>
#include <vector>

#include "common/status/status.h"
#include "inventory-service/credit/credit_store.h"
#include "inventory-service/partners/buyer.h"
#include "inventory-service/prices/price_entry_store.h"
#include "inventory-service/products/kit_store.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/supply/supply_store.h"
#include "inventory-service/territories/territory_store.h"
#include "inventory-service/wallet_holds/wallet_hold_store.h"

namespace tributary::inventory {

std::set<std::string> ProductsOf(const Order& order) {
  std::set<std::string> products;
  for (const OrderLine& line : order.lines) products.insert(line.product);
  return products;
}

absl::StatusOr<OrderInputs> ReadInputs(mysql::Transaction& sql, const Order& order) {
  const SupplyStore supply;
  const PriceEntryStore prices;
  const TerritoryStore territories;
  const std::set<std::string> products = ProductsOf(order);
  OrderInputs inputs;
  ASSIGN_OR_RETURN(inputs.kits, KitStore().TakenOn(sql, products, order.order_date));
  std::set<std::string> supplied = products;
  for (const auto& [kit, parts] : inputs.kits) {
    for (const KitPart& part : parts) supplied.insert(part.product);
  }
  RETURN_IF_ERROR(supply.Lock(sql, supplied));
  ASSIGN_OR_RETURN(const auto kits_now, KitStore().TakenOn(sql, products, order.order_date));
  if (kits_now != inputs.kits) return sql.RunAgain("a product or a kit was changed meanwhile");
  ASSIGN_OR_RETURN(inputs.exposure, CreditStore().ExposureOf(sql, order.partner, order.currency, order.order_date));
  for (const std::string& product : supplied) {
    ASSIGN_OR_RETURN(inputs.supply[product], supply.BookOf(sql, product));
  }
  for (const std::string& product : products) {
    ASSIGN_OR_RETURN(std::vector<PriceCandidate> candidates, prices.Candidates(sql, product, ""));
    if (!candidates.empty()) inputs.prices[product] = std::move(candidates);
  }
  ASSIGN_OR_RETURN(const auto references,
                   FindProducts(sql, std::vector<std::string_view>(products.begin(), products.end())));
  for (const auto& [product, reference] : references) {
    inputs.product_lines[product] = reference.product_line;
    inputs.editions[product] = reference.edition;
  }
  RETURN_IF_ERROR(ReadBuyer(sql, order.partner, order.order_date, &inputs.buyer));
  ASSIGN_OR_RETURN(inputs.ship_to, territories.ShipToOf(sql, order.partner, order.site));
  ASSIGN_OR_RETURN(inputs.grants, territories.GrantsOf(sql, order.partner));
  if (!order.wallet_hold.empty()) {
    ASSIGN_OR_RETURN(inputs.wallet_hold, WalletHoldStore().Find(sql, order.wallet_hold));
    ASSIGN_OR_RETURN(inputs.wallet_price_share, WalletHoldStore().LimitOf(sql, order.partner, order.currency));
  }
  return inputs;
}

}  // namespace tributary::inventory
