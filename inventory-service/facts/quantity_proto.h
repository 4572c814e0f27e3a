#pragma once

// Quantities of facts on the wire, with the serial numbers of their units.

#include <optional>
#include <utility>

#include "common/money/decimal.h"
#include "common/wire/field_reader.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/facts/serials.h"
#include "inventory-service/units/line_quantity_proto.h"

namespace tributary::inventory {

// What is wrong is told to `fields`. A quantity that is only stated in a unit is converted later, and compared with the
// serial numbers then (Convert).
template <typename Message>
void TakeQuantity(const Message& line, FieldReader& fields, Fact* out) {
  LineQuantity quantity = TakeLineQuantity(line, fields);
  out->quantity = quantity.quantity;
  out->unit = std::move(quantity.unit);
  out->unit_quantity = quantity.unit_quantity;
  if constexpr (requires { line.serials(); }) {
    out->serials = TakeSerials({line.serials().begin(), line.serials().end()},
                               out->unit.empty() ? std::optional<Decimal>(out->quantity) : std::nullopt, &fields);
  }
}

template <typename Message>
void PutQuantity(const Fact& fact, Message* out) {
  *out->mutable_quantity() = wire::ToProto(fact.quantity);
  PutUnit(fact.unit, fact.unit_quantity, out);
}

}  // namespace tributary::inventory
