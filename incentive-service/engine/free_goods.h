#pragma once

// Free goods: so many units free for so many paid (SEMANTICS R10).
//
// Exclusive: on top. 100 are paid, 102 are shipped. Inclusive: within. Of 102 that are ordered 100 are paid; of 100
// that are ordered all are paid, since no free unit stands without the paid ones that it is given for. A free unit has
// price 0, counts for no value and no quantity of a program, and lies in a price layer at 0.
//
// What is due follows from the cumulative quantity of the scope alone, so lines may come in any order, twice, or be
// taken back by negative ones; what was given already is held against that.

#include <string>
#include <string_view>
#include <vector>

#include "common/money/decimal.h"
#include "common/status/status.h"
#include "common/time/date.h"

namespace tributary::incentive {

enum class FreeGoodsScope { kOrder = 1, kPeriod = 2 };
enum class FreeGoodsKind { kExclusive = 1, kInclusive = 2 };

struct FreeGoodsTerms {
  Decimal per;   // paid units
  Decimal free;  // units given for them
  FreeGoodsScope scope = FreeGoodsScope::kOrder;
  FreeGoodsKind kind = FreeGoodsKind::kExclusive;
};

// What is wrong with the terms, with paths below `field`: both are above 0.
std::vector<FieldViolation> CheckFreeGoods(const FreeGoodsTerms& terms, std::string_view field);

struct FreeGoodsLine {
  std::string fact;
  Date date;
  std::string order;
  Decimal
      quantity;  // exclusive: paid; inclusive: ordered, the free ones among them. Below zero where it takes units back
};

// What the quantity of an order (scope ORDER) or of all of them (PERIOD, then `order` is empty) gives.
struct FreeGoods {
  std::string order;
  Decimal quantity;
  Decimal due;
  // The lines by which units became due, by (date, fact); a negative one took them back. They sum to `due`.
  struct Award {
    std::string fact;
    Decimal units;
  };
  std::vector<Award> awards;
};

// By order. A quantity of 0 or less gives nothing. The terms must have passed CheckFreeGoods.
std::vector<FreeGoods> FreeGoodsOf(const FreeGoodsTerms& terms, std::vector<FreeGoodsLine> lines);

}  // namespace tributary::incentive
