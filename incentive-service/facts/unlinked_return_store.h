#pragma once

// Which partners returned what without saying of which line, and the lines that such returns may be matched with
// (matched_returns.h), in the database. Each call works in the caller's transaction.

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "incentive-service/facts/fact_line.h"

namespace tributary::incentive {

using PartnerProduct = std::pair<std::string, std::string>;  // partner, products/{product}

class UnlinkedReturnStore {
 public:
  // Of lines that have been inserted, those that are such returns.
  absl::Status Keep(mysql::Transaction& sql, const std::vector<FactLine>& inserted) const;

  // Of which such returns are known, also of those that were taken back: of one partner or of all; and of these alone.
  absl::StatusOr<std::set<PartnerProduct>> Of(mysql::Transaction& sql, FactSource source,
                                              const std::optional<std::string>& partner) const;
  absl::StatusOr<std::set<PartnerProduct>> Among(mysql::Transaction& sql, FactSource source,
                                                 const std::set<PartnerProduct>& some) const;

  // All lines and returns of these, of whatever date, in no order.
  absl::StatusOr<std::vector<FactLine>> Lines(mysql::Transaction& sql, FactSource source,
                                              const std::set<PartnerProduct>& of) const;
};

}  // namespace tributary::incentive
