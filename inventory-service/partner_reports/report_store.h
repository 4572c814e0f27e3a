#pragma once

// Reports in the database: what they cover, what they count, and where they disagree. Writers hold the partner's lock
// (LockPartner), so that one after another decides on all reports of the partner.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/partner_reports/report.h"

namespace tributary::inventory {

// The digest of all that a report tells in a cell.
struct ToldCell {
  Cell cell;
  Uuid report;
  std::string digest;  // 32 bytes
};

class ReportStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<PartnerReport> Get(mysql::Transaction& sql, std::string_view partner, const Uuid& id) const;
  // All of the partner, by id; without `disagreements`.
  absl::StatusOr<std::vector<PartnerReport>> OfPartner(mysql::Transaction& sql, std::string_view partner) const;
  // By (partner, id), after (after_partner, after_id); of all partners where `partner` is empty.
  absl::StatusOr<std::vector<PartnerReport>> List(mysql::Transaction& sql, std::string_view partner,
                                                  std::string_view after_partner, const Uuid& after_id,
                                                  const SqlPredicate& filter, int limit) const;
  // The least undeclared revision of a report of this content and instant; nothing where there is none.
  absl::StatusOr<std::optional<int64_t>> FirstRevision(mysql::Transaction& sql, std::string_view partner,
                                                       const ReportRank& rank) const;
  absl::Status Insert(mysql::Transaction& sql, const PartnerReport& report) const;
  // Replaces counts, version and update time.
  absl::Status UpdateCounts(mysql::Transaction& sql, const PartnerReport& report) const;

  // The cells in which reports of the partner tell something, within the coverage.
  absl::StatusOr<std::vector<ToldCell>> CellsWithin(mysql::Transaction& sql, std::string_view partner,
                                                    const ReportCoverage& coverage) const;
  // Replaces what is told in these cells, each of one report.
  absl::Status PutCells(mysql::Transaction& sql, std::string_view partner, absl::Span<const ToldCell> cells) const;

  // Replaces the disagreements in the cells, which lie within the coverage.
  absl::Status PutDisagreements(mysql::Transaction& sql, std::string_view partner, const ReportCoverage& coverage,
                                absl::Span<const Cell> cells, absl::Span<const Disagreement> found) const;
  // In which the report takes part, by cell, after `after`.
  absl::StatusOr<std::vector<Disagreement>> Disagreements(mysql::Transaction& sql, std::string_view partner,
                                                          const Uuid& report, const std::optional<Disagreement>& after,
                                                          int limit) const;

  static const std::vector<FilterField>& Fields();

 private:
  absl::Status CountDisagreements(mysql::Transaction& sql, std::vector<PartnerReport>& reports) const;
};

}  // namespace tributary::inventory
