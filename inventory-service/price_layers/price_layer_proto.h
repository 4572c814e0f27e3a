#pragma once

// Price layers and protections on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "inventory-service/price_layers/price_protection.h"
#include "tributary/inventory/v1/price_layer.pb.h"

namespace tributary::inventory {

v1::PriceLayer ToProto(const PriceLayer& layer);
v1::PriceProtection ToProto(const PriceProtection& protection);
// `currency`: of the credit. OVERFLOW where an amount leaves its range.
absl::StatusOr<v1::PriceProtectionExposure> ToProto(const CutExposure& exposure, std::string_view currency);
// Rounded half-even to 6 decimals. OVERFLOW.
absl::StatusOr<google::type::Money> ToMoney(const Rational& amount, std::string_view currency);

// A protection as stated; violations name its fields.
absl::StatusOr<PriceProtection> FromProto(const v1::PriceProtection& protection, std::string_view partner);

}  // namespace tributary::inventory
