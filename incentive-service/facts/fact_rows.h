#pragma once

// Facts as rows of fact_line.

#include <cstddef>
#include <string_view>

#include "absl/types/span.h"
#include "common/mysql/value.h"
#include "incentive-service/facts/fact_line.h"

namespace tributary::incentive {

inline constexpr std::string_view kFactColumns =
    "partner, fact, source, kind, refers, shard, seq, recorded_at, document, line, order_date, ship_date, product, "
    "product_line, quantity, net_amount, currency, order_basis, ship_basis, reversed_seq, reversed_at, original_seq, "
    "original_at, discount, wallet_amount";
inline constexpr size_t kFactWidth = 25;

// Of kFactColumns, without parties.
FactLine FactFromRow(const mysql::Row& row);
// Views of the lines, which must outlive them.
mysql::Values FactValues(absl::Span<const FactLine> lines);

}  // namespace tributary::incentive
