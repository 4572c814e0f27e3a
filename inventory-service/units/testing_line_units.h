#pragma once

// For tests of lines that state their quantity in a unit: a box is 12 bikes, and no half of one is sold.

#include <gtest/gtest.h>

#include "google/protobuf/empty.pb.h"
#include "inventory-service/orders/testing_orders.h"
#include "tributary/inventory/v1/unit_conversion.pb.h"

namespace tributary::inventory {

class LineUnitsTest : public OrdersTest {
 protected:
  LineUnitsTest() {
    v1::CreateUnitConversionRequest box;
    box.set_parent("products/bike");
    box.set_unit_conversion_id("box");
    box.mutable_unit_conversion()->set_factor_num(12);
    box.mutable_unit_conversion()->set_pack(true);
    EXPECT_OK(inventory_.Call<v1::UnitConversion>("UnitConversionService/CreateUnitConversion", box));
  }

  template <typename Line>
  static void InBoxes(const char* boxes, Line* line) {
    line->clear_quantity();
    line->set_unit("box");
    line->mutable_unit_quantity()->set_value(boxes);
  }
  // 2 boxes at `price` a box.
  static v1::OrderLine TwoBoxes(int price) {
    v1::OrderLine line = Line(1, 24, 2 * price);
    InBoxes("2", &line);
    *line.mutable_list_price() = Yuan(price);
    line.clear_discount();
    return line;
  }
  // A shipment of one line, in 2 boxes.
  static v1::CreateShipmentRequest ShipTwoBoxes(const char* document) {
    v1::CreateShipmentRequest ship;
    ship.set_parent("partners/acme");
    v1::ShipmentLine& line = *ship.mutable_shipment()->add_lines();
    line = NewLine("acme", document, 1, "bike", 24);
    InBoxes("2", &line);
    return ship;
  }
  void BoxesHold(int64_t bikes) {
    v1::UpdateUnitConversionRequest update;
    update.mutable_unit_conversion()->set_name("products/bike/units/box");
    update.mutable_unit_conversion()->set_factor_num(bikes);
    update.mutable_update_mask()->add_paths("factor_num");
    EXPECT_OK(inventory_.Call<v1::UnitConversion>("UnitConversionService/UpdateUnitConversion", update));
  }
  void DropBoxes() {
    v1::DeleteUnitConversionRequest remove;
    remove.set_name("products/bike/units/box");
    EXPECT_OK(inventory_.Call<google::protobuf::Empty>("UnitConversionService/DeleteUnitConversion", remove));
  }
};

}  // namespace tributary::inventory
