#pragma once

// Profiles of partners' reports in the database.

#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/report_profiles/report_profile.h"

namespace tributary::inventory {

class ReportProfileStore {
 public:
  // NOT_FOUND.
  absl::StatusOr<ReportProfile> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  // NOT_FOUND; nobody else changes it until the transaction ends.
  absl::StatusOr<ReportProfile> GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                             std::string_view id) const;
  // The one for uploads that name none.
  absl::StatusOr<std::optional<ReportProfile>> Default(mysql::Transaction& sql, std::string_view partner) const;
  // By (partner, id), after (after_partner, after_id); of all partners where `partner` is empty.
  absl::StatusOr<std::vector<ReportProfile>> List(mysql::Transaction& sql, std::string_view partner,
                                                  std::string_view after_partner, std::string_view after_id,
                                                  const SqlPredicate& filter, int limit) const;
  // ALREADY_EXISTS.
  absl::Status Insert(mysql::Transaction& sql, const ReportProfile& profile) const;
  // Of one that GetForUpdate read.
  absl::Status Update(mysql::Transaction& sql, const ReportProfile& profile) const;

  static const std::vector<FilterField>& Fields();
};

}  // namespace tributary::inventory
