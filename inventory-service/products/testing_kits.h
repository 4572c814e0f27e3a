#pragma once

// For tests of kits through the whole service.

#include <string>
#include <vector>

#include "inventory-service/testing_goods.h"
#include "tributary/inventory/v1/product.pb.h"

namespace tributary::inventory {

// Sets consist of two wheels and until June a bell, from June on a horn.
class KitTest : public GoodsTest {
 protected:
  KitTest() {
    EXPECT_OK(inventory_.MakeProducts({"bell", "horn", "set", "wheel"}));
    Consists({{"wheel", 2, "2026-01-01", ""}, {"bell", 1, "2026-01-01", "2026-06-01"}, {"horn", 1, "2026-06-01", ""}});
  }
  struct Of {
    const char* product;
    int quantity;
    const char* from;
    const char* to;
  };
  absl::Status TryConsists(const std::vector<Of>& components, const std::string& kit = "set") {
    v1::UpdateProductRequest update;
    update.mutable_product()->set_name("products/" + kit);
    for (const Of& one : components) {
      v1::Component& component = *update.mutable_product()->add_components();
      component.set_product(StrCat("products/", one.product));
      component.mutable_quantity()->set_value(std::to_string(one.quantity));
      *component.mutable_effective_from() = Day(one.from);
      if (*one.to != '\0') *component.mutable_effective_to() = Day(one.to);
    }
    update.mutable_update_mask()->add_paths("components");
    return inventory_.Call<v1::Product>("ProductService/UpdateProduct", update).status();
  }
  void Consists(const std::vector<Of>& components, const std::string& kit = "set") {
    EXPECT_OK(TryConsists(components, kit));
  }
  static v1::ShipmentLine Sets(const std::string& document, int line, int quantity, const char* day) {
    v1::ShipmentLine shipped = NewLine("acme", document, line, "set", quantity);
    *shipped.mutable_order_date() = *shipped.mutable_ship_date() = Day(day);
    return shipped;
  }
  v1::SellThroughSale SetsSold(const std::string& document, int line, int quantity, const char* day) {
    v1::SellThroughSale sale = NewSale(document, line, quantity, day);
    sale.set_product("products/set");
    return sale;
  }
  template <typename Line>
  static std::vector<std::string> Parts(const Line& line) {
    std::vector<std::string> parts;
    for (const v1::KitPart& part : line.kit_parts()) {
      parts.push_back(StrCat(part.product().substr(9), "=", part.quantity().value()));
    }
    return parts;
  }
};

}  // namespace tributary::inventory
