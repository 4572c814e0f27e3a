#pragma once

// Units of products on the wire.

#include "inventory-service/units/unit_conversion.h"
#include "tributary/inventory/v1/unit_conversion.pb.h"

namespace tributary::inventory {

v1::UnitConversion ToProto(const UnitConversion& unit);

// `unit` with the content of the message: name for people, factor, pack, GTIN.
UnitConversion WithContent(UnitConversion unit, const v1::UnitConversion& content);

}  // namespace tributary::inventory
