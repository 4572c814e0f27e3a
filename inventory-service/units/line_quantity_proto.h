#pragma once

// Quantities of lines on the wire: `quantity` in base units, `unit` and `unit_quantity` as the line was stated.

#include <string>
#include <string_view>

#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "google/type/decimal.pb.h"
#include "inventory-service/units/unit_conversion.h"

namespace tributary::inventory {

// What is wrong is told to `fields`, below `prefix` ("lines[2]."). A quantity that is only stated in a unit is still to
// be converted (InBaseUnits). `quantity`: in base units, of the field `name`; null where it is not stated.
template <typename Message>
LineQuantity TakeLineQuantity(std::string_view name, const google::type::Decimal* quantity, const Message& line,
                              FieldReader& fields, std::string_view prefix) {
  const auto at = [&](std::string_view field) { return StrCat(prefix, field); };
  LineQuantity out;
  out.unit = line.unit();
  if (quantity != nullptr) out.quantity = fields.Take(at(name), wire::FromProto(*quantity));
  if (out.unit.empty()) {
    if (quantity == nullptr) fields.Refuse(at(name), "nothing", "a value, or unit and unit_quantity");
    if (line.has_unit_quantity()) {
      fields.Refuse(at("unit_quantity"), line.unit_quantity().value(), "nothing, as no unit is stated");
    }
    return out;
  }
  if (!line.has_unit_quantity()) {
    fields.Refuse(at("unit_quantity"), "nothing", StrCat("a number of ", out.unit));
    return out;
  }
  out.unit_quantity = fields.Take(at("unit_quantity"), wire::FromProto(line.unit_quantity()));
  if (quantity != nullptr && out.quantity.zero() && !out.unit_quantity.zero()) {
    fields.Refuse(at(name), "0", StrCat("nothing, or what ", out.unit_quantity.ToString(), " ", out.unit, " are"));
  }
  return out;
}
template <typename Message>
LineQuantity TakeLineQuantity(const Message& line, FieldReader& fields, std::string_view prefix = {}) {
  return TakeLineQuantity("quantity", line.has_quantity() ? &line.quantity() : nullptr, line, fields, prefix);
}

template <typename Message>
void PutUnit(const std::string& unit, Decimal unit_quantity, Message* out) {
  if (unit.empty()) return;
  out->set_unit(unit);
  *out->mutable_unit_quantity() = wire::ToProto(unit_quantity);
}

}  // namespace tributary::inventory
