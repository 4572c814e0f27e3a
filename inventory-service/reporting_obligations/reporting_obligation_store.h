#pragma once

// Reporting obligations in the database, and what came to meet them.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/reporting_obligations/reporting_obligation.h"

namespace tributary::inventory {

class ReportingObligationStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<ReportingObligation> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  // NOT_FOUND; nobody else changes it until the transaction ends.
  absl::StatusOr<ReportingObligation> GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                   std::string_view id) const;
  // By (partner, id), after (after_partner, after_id); of all partners where `partner` is empty.
  absl::StatusOr<std::vector<ReportingObligation>> List(mysql::Transaction& sql, std::string_view partner,
                                                        std::string_view after_partner, std::string_view after_id,
                                                        const SqlPredicate& filter, int limit) const;
  // ALREADY_EXISTS.
  absl::Status Insert(mysql::Transaction& sql, const ReportingObligation& obligation) const;
  // Of one that GetForUpdate read: due days, end, version.
  absl::Status Update(mysql::Transaction& sql, const ReportingObligation& obligation) const;

  // The partner's reports that tell something.
  absl::StatusOr<std::vector<ReceivedReport>> Received(mysql::Transaction& sql, std::string_view partner) const;
  // Works out anew since when the positions at the partner's sites are stale (stale_site, which LedgerStore reads),
  // after an obligation or a report has changed. The caller holds the partner's lock.
  absl::Status RefreshStaleSites(mysql::Transaction& sql, std::string_view partner) const;

  static const std::vector<FilterField>& Fields();
};

}  // namespace tributary::inventory
