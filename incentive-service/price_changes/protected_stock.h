#pragma once

// Partners' stock with the price changes that are announced: what its layers are worth.

#include <string_view>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "incentive-service/channel_facts/channel_fact_store.h"
#include "incentive-service/price_changes/price_change_store.h"

namespace tributary::incentive {

class ProtectedStock {
 public:
  // A consistent view of what is recorded needs a transaction that reads one snapshot; a decision under a lock reads
  // what is committed when it looks.
  absl::StatusOr<StockBook> Read(mysql::Transaction& sql, std::string_view partner, std::string_view product) const;

 private:
  ChannelFactStore facts_;
  PriceChangeStore changes_;
};

}  // namespace tributary::incentive
