#pragma once

// Channel facts in the database: appended, never changed. Each call works in the caller's transaction.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "incentive-service/channel_facts/channel_fact.h"

namespace tributary::incentive {

class ChannelFactStore {
 public:
  // An events::ApplyEvents but for the outbox: keeps what the events tell. ROW_CONFLICT where a fact is known with
  // other content; one that is told again with the same changes nothing.
  absl::Status Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const;
  absl::Status Add(mysql::Transaction& sql, std::vector<ChannelFact> facts) const;

  // The partner's stock of the product, with the lines of shipments that facts/ keeps.
  absl::StatusOr<StockBook> Read(mysql::Transaction& sql, std::string_view partner, std::string_view product) const;
  // What left in the place of kits by sales of a partner, by sale, none where it was no sale of kits: products, and the
  // facts that tell. One statement for hundreds of sales.
  struct SoldPart {
    std::string product;
    std::string fact;
  };
  using SoldParts = std::map<std::string, std::vector<SoldPart>>;
  absl::StatusOr<SoldParts> PartsOf(mysql::Transaction& sql, std::string_view partner,
                                    const std::set<std::string>& sales) const;
  // Everybody to whom anything was ever shipped or who told anything.
  absl::StatusOr<std::vector<std::string>> Partners(mysql::Transaction& sql) const;
};

}  // namespace tributary::incentive
