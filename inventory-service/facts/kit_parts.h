#pragma once

// Kits on lines: a kit has no stock of its own; what moves is what it consists of on the line's day, which the line
// keeps.

#include <concepts>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "inventory-service/facts/fact.h"

namespace tributary::inventory {

// A kind of fact that may be of a kit. KitOriginOf names the line whose parts it moves again: for a return the sale or
// shipment that it takes back, for a receipt the line of the shipment; empty for none.
template <typename F>
concept OfKits = requires(const F& fact) {
  { KitOriginOf(fact) } -> std::convertible_to<std::string>;
};

struct KitLine {
  Fact* fact = nullptr;  // of a product that has components
  Date date;             // on which its units move
  std::string name;
  std::string origin;
};

// Gives the facts their parts: those of `origin`, in proportion, where that line is known, here or in the database, and
// of the same product; else what the kit consists of on the date. Facts of a product that is no kit on that date, or
// whose origin moved the product itself, are left as they are; those of kits without a part that lies in stock move
// none. One status a fact: INVALID_FIELD or NOT_A_MULTIPLE of "quantity" where a part is no quantity.
absl::StatusOr<std::vector<absl::Status>> TakeParts(mysql::Transaction& sql, absl::Span<const KitLine> lines);

}  // namespace tributary::inventory
