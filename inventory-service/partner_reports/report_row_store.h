#pragma once

// Rows of reports in the database. Writers hold the partner's lock.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/partner_reports/derivation.h"
#include "inventory-service/partner_reports/report_row.h"

namespace tributary::inventory {

// A row's place.
using RowId = std::pair<Uuid, int64_t>;  // report, number

class ReportRowStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<ReportRow> Get(mysql::Transaction& sql, std::string_view partner, const Uuid& report,
                                int64_t number) const;
  // Of one report, by number, after `after`.
  absl::StatusOr<std::vector<ReportRow>> List(mysql::Transaction& sql, std::string_view partner, const Uuid& report,
                                              int64_t after, const SqlPredicate& filter, int limit) const;
  // Those of the rows that are there.
  absl::StatusOr<std::vector<ReportRow>> Find(mysql::Transaction& sql, std::string_view partner,
                                              absl::Span<const RowId> rows) const;
  // Of one report: those that wait to be repaired.
  absl::StatusOr<std::vector<ReportRow>> Rejected(mysql::Transaction& sql, std::string_view partner,
                                                  const Uuid& report) const;

  // What the derivation looks at, of rows that were read.
  // In the cells of the coverage: what stands there, and all of the reports given.
  absl::StatusOr<std::vector<RankedRow>> InCoverage(mysql::Transaction& sql, std::string_view partner,
                                                    const ReportCoverage& coverage,
                                                    const std::vector<Uuid>& reports) const;
  // Of the keys, but for those in the coverage where one is given.
  absl::StatusOr<std::vector<RankedRow>> OfKeys(mysql::Transaction& sql, std::string_view partner,
                                                const std::vector<RowKey>& keys, const ReportCoverage* outside) const;
  // Of one report.
  absl::StatusOr<std::vector<RankedRow>> OfReport(mysql::Transaction& sql, std::string_view partner,
                                                  const Uuid& report) const;
  // Rejected ones of the report that state a document and line of their own, to be compared with.
  absl::StatusOr<std::vector<ReportRow>> Conflicting(mysql::Transaction& sql, std::string_view partner,
                                                     const Uuid& report) const;

  // Makes or replaces.
  absl::Status Put(mysql::Transaction& sql, std::string_view partner, absl::Span<const ReportRow> rows) const;
  absl::Status SetState(mysql::Transaction& sql, std::string_view partner, absl::Span<const RowId> rows,
                        RowState state) const;

  static const std::vector<FilterField>& Fields();
};

}  // namespace tributary::inventory
