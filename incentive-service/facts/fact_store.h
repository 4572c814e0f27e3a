#pragma once

// Facts in the database. Each call works in the caller's transaction.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/facts/watermark.h"

namespace tributary::incentive {

class FactStore {
 public:
  // Puts lines among the known ones and answers what that did to the live set. A line that is known with the same
  // content changes nothing. ROW_CONFLICT where it is known with other content; INVALID_FIELD as Place. Whoever calls
  // this is alone with the shards of these lines (the consumer's fence).
  absl::StatusOr<LiveChanges> Add(mysql::Transaction& sql, std::vector<FactLine> lines) const;

  // Live lines whose basis date lies in the range, added up. All read by one statement.
  absl::StatusOr<std::vector<FactTotal>> Totals(mysql::Transaction& sql, Basis basis, const DateRange& range) const;
  // The same as of a watermark: as if nothing beyond it had been told. Repeats for ever.
  absl::StatusOr<std::vector<FactTotal>> TotalsAsOf(mysql::Transaction& sql, Basis basis, const DateRange& range,
                                                    const Watermark& watermark) const;

  // How far inventory's feed has been read: what is told up to there is in here.
  absl::StatusOr<Watermark> ReadWatermark(mysql::Transaction& sql) const;

  // The live lines themselves, in no order.
  absl::StatusOr<std::vector<FactLine>> Lines(mysql::Transaction& sql, Basis basis, const DateRange& range) const;
};

}  // namespace tributary::incentive
