#pragma once

// The facts that rows of reports become, and what is to be appended so that the right ones stand. Pure.

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "inventory-service/facts/recording.h"
#include "inventory-service/on_hand/on_hand_report.h"
#include "inventory-service/partner_reports/report_row.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/sell_through/sell_through_sale.h"

namespace tributary::inventory {

// Whether rows of the activity become facts.
inline bool MakesFacts(Activity activity) {
  return activity == Activity::kSellThrough || activity == Activity::kAdjusted || activity == Activity::kOnHand;
}

// Of a row that was read and has its key. `product` is what is known of the one it names.
SellThroughSale SaleOf(std::string_view partner, const ReportRow& row, const ProductReference& product);
OnHandReport OnHandOf(std::string_view partner, const ReportRow& row, const ProductReference& product);

// What becomes of one fact.
template <typename F>
struct Restatement {
  std::vector<F> appended;  // in this order, each with its generation
  // It stands by another's word: with the same content, or with other content, which then is not ours to change.
  bool told_elsewhere = false;
  std::optional<FieldViolation> conflict;
};

// `last`: the last generation that is known of the key, null where none is; `ours`: whether a report brought what
// stands; `wanted`: what is to stand, null for nothing.
template <typename F>
Restatement<F> Restate(const F* last, bool ours, const F* wanted) {
  Restatement<F> out;
  const bool stands = last != nullptr && !IsReversal(last->generation);
  int next = last == nullptr ? 0 : last->generation + 1;
  if (stands && !ours) {
    if (wanted == nullptr) return out;
    out.conflict = FirstDifference(*last, *wanted);
    out.told_elsewhere = !out.conflict.has_value();
    return out;
  }
  if (stands && wanted != nullptr && !FirstDifference(*last, *wanted).has_value()) return out;
  if (stands) {
    out.appended.push_back(Reversal(*last));
    ++next;
  }
  if (wanted != nullptr) {
    out.appended.push_back(*wanted);
    out.appended.back().generation = next;
  }
  return out;
}

}  // namespace tributary::inventory
