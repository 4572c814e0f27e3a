#pragma once

// Price lists and their entries: values and decisions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/money/money.h"
#include "common/status/status.h"
#include "common/time/date.h"
#include "inventory-service/products/product.h"

namespace tributary::inventory {

// The numbers are stored and are those of the wire.
enum class PricingBasis { kList = 1, kNet = 2 };

std::string_view NameOf(PricingBasis basis);

struct PriceList {
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  LifeState state = LifeState::kActive;
  std::string display_name;

  std::string name() const { return "priceLists/" + id; }
};

// A price of one base unit of a product, for whom and from which quantity on. An empty channel, tier, segment or
// edition holds for all.
struct PriceEntry {
  std::string price_list;  // id
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  LifeState state = LifeState::kActive;
  std::string product;  // id
  std::string channel;
  std::string tier;
  std::string segment;
  std::string edition;
  Decimal min_quantity;  // base units
  Money price;
  bool tax_inclusive = false;
  PricingBasis basis = PricingBasis::kList;
  DateRange effective;
  std::optional<Uuid> import_id;

  std::string name() const { return "priceLists/" + price_list + "/entries/" + id; }
};

// Nothing is left to complete (see product.h).
inline void Complete(PriceEntry*) {}

// INVALID_FIELD where an entry's days have no order.
absl::Status CheckForm(const PriceEntry& entry);

// The first field in which what is stated differs from what is known; nothing where both are the same.
std::optional<FieldViolation> FirstDifference(const PriceEntry& known, const PriceEntry& stated);

}  // namespace tributary::inventory
