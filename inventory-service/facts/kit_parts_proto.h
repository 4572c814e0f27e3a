#pragma once

// Parts of kits on the wire.

#include <vector>

#include "common/wire/wire.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/products/kit.h"

namespace tributary::inventory {

template <typename Message>
void PutParts(const std::vector<KitPart>& parts, Message* out) {
  for (const KitPart& part : parts) {
    auto& told = *out->add_kit_parts();
    told.set_product(ProductName(part.product));
    *told.mutable_quantity() = wire::ToProto(part.quantity);
  }
}

}  // namespace tributary::inventory
