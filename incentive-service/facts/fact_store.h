#pragma once

// Facts in the database. Each call works in the caller's transaction.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/facts/watermark.h"

namespace tributary::incentive {

class FactStore {
 public:
  // Puts lines among the known ones and answers what is new or changed. A line that is known with the same
  // content changes nothing. ROW_CONFLICT where it is known with other content; INVALID_FIELD as Place. Whoever calls
  // this is alone with the shards of these lines (the consumer's fence).
  absl::StatusOr<std::vector<LineChange>> Add(mysql::Transaction& sql, std::vector<FactLine> lines) const;

  // Live lines that the program includes, of partners and dates that it includes, added up. All read by one statement.
  absl::StatusOr<std::vector<FactTotal>> Totals(mysql::Transaction& sql, const Program& program) const;
  // The same as of a watermark: as if nothing beyond it had been told. Repeats for ever.
  absl::StatusOr<std::vector<FactTotal>> TotalsAsOf(mysql::Transaction& sql, const Program& program,
                                                    const Watermark& watermark) const;

  // How far the feeds that tell lines have been read: what is told up to there is in here.
  absl::StatusOr<Watermark> ReadWatermark(mysql::Transaction& sql) const;

  // From the first to the last day of the range on which something of the basis is dated; nullopt where there is none.
  absl::StatusOr<std::optional<DateRange>> DaysWithLines(mysql::Transaction& sql, Basis basis,
                                                         const DateRange& range) const;
  // Lines and returns of the basis whose date lies in the range, also those that were taken back, in no order; of one
  // partner or of all.
  absl::StatusOr<std::vector<FactLine>> Lines(mysql::Transaction& sql, Basis basis, const DateRange& range,
                                              const std::optional<std::string>& partner = std::nullopt) const;
  // The same, of some partners.
  absl::StatusOr<std::vector<FactLine>> LinesOf(mysql::Transaction& sql, Basis basis, const DateRange& range,
                                                const std::set<std::string>& partners) const;

  // The same on the program's basis. Where it counts by orders, customers or sites, with those that the lines name; a
  // linked return names what its original line does. Where it measures margin, with what units cost (line_costs.h).
  // Where it matches unlinked returns, those in their parts, each by its date (matched_returns.h).
  absl::StatusOr<std::vector<FactLine>> LinesFor(mysql::Transaction& sql, const Program& program,
                                                 const DateRange& range,
                                                 const std::optional<std::string>& partner = std::nullopt) const;
  // The same as of a watermark, as if nothing beyond it had been told, as far as lines are matched.
  absl::StatusOr<std::vector<FactLine>> LinesAsOf(mysql::Transaction& sql, const Program& program,
                                                  const DateRange& range, const Watermark& watermark) const;

  // Writes down which customer each of the lines names; of a linked return, and of a part that is matched, the one that
  // its sale does. `partner`: of all lines, where they are of one.
  absl::Status NameCustomers(mysql::Transaction& sql, Basis basis, const std::optional<std::string>& partner,
                             std::vector<FactLine>* lines) const;
  // Of which any line names one of these customers, by their ids.
  absl::StatusOr<std::set<std::string>> PartnersNaming(mysql::Transaction& sql,
                                                       const std::set<std::string>& customers) const;

  // A line, a return or a reversal; nullopt where it has not been told.
  absl::StatusOr<std::optional<FactLine>> Find(mysql::Transaction& sql, std::string_view partner,
                                               std::string_view fact) const;

 private:
  absl::StatusOr<std::vector<FactLine>> MatchedLines(mysql::Transaction& sql, const Program& program,
                                                     const DateRange& range, const std::optional<std::string>& partner,
                                                     const Watermark* watermark) const;
};

}  // namespace tributary::incentive
