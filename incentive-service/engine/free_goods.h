#pragma once

// Free goods: so many units free for so many paid (SEMANTICS R10).
//
//   due = floor(paid / paid_units) x free_units, of each order or of the whole period
//
// Exclusive: on top. 100 are paid, 102 are shipped. Inclusive: within. Of 102 that are ordered 100 are paid; of 100
// that are ordered all are paid, since no free unit stands without the paid ones that it is given for. A free unit has
// price 0 and lies in a price layer at 0.
//
// What is due follows from sums alone, so lines may come in any order or be taken back by negative ones; what was given
// already is held against it.

#include <string_view>
#include <vector>

#include "common/money/decimal.h"
#include "common/status/status.h"
#include "incentive-service/engine/count.h"

namespace tributary::incentive {

// The numbers are stored and are those of the wire.
enum class FreeGoodsScope { kOrder = 1, kPeriod = 2 };
enum class FreeGoodsKind { kExclusive = 1, kInclusive = 2 };

struct FreeGoodsTerms {
  Decimal paid_units;
  Decimal free_units;  // for so many paid ones
  FreeGoodsScope scope = FreeGoodsScope::kOrder;
  FreeGoodsKind kind = FreeGoodsKind::kExclusive;
  friend bool operator==(const FreeGoodsTerms&, const FreeGoodsTerms&) = default;
};

// What is wrong with the terms, with paths below `field`: both are above 0.
std::vector<FieldViolation> CheckFreeGoods(const FreeGoodsTerms& terms, std::string_view field);

// What lines add up to.
struct GoodsUnits {
  // By order, under kPeriod all in one, "". Exclusive: paid; inclusive: ordered, the free ones among them.
  CountedUnits paid;
  Decimal given;  // that cost nothing
  friend bool operator==(const GoodsUnits&, const GoodsUnits&) = default;
};

// Adds to them; with `sign` -1 takes away. What comes to 0 is forgotten.
void AddGoods(const GoodsUnits& added, int sign, GoodsUnits* goods);

struct GoodsWork {
  Decimal paid;  // of all orders
  Decimal due;
  Decimal given;
  friend bool operator==(const GoodsWork&, const GoodsWork&) = default;
};

// An order of 0 units or less gives nothing. The terms must have passed CheckFreeGoods.
GoodsWork WorkOutGoods(const FreeGoodsTerms& terms, const GoodsUnits& goods);

// The least quantity above `paid` at which more is due.
Decimal NextGoodsFrom(const FreeGoodsTerms& terms, Decimal paid);

}  // namespace tributary::incentive
