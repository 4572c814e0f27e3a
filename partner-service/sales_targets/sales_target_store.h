#pragma once

// Sales targets in the database; the only SQL about them. Each call works in the caller's transaction.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/sales_targets/sales_target.h"

namespace tributary::partner {

class SalesTargetStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // With its revisions. NOT_FOUND where there is none.
  absl::StatusOr<SalesTarget> Get(mysql::Transaction& sql, std::string_view partner_id, std::string_view id) const;
  // The same, locked until the transaction ends.
  absl::StatusOr<SalesTarget> GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                           std::string_view id) const;

  // A page of one partner's, or of all partners' where `partner_id` is empty, by partner and id; without revisions.
  absl::StatusOr<std::vector<SalesTarget>> List(mysql::Transaction& sql, std::string_view partner_id,
                                                const Page& page) const;

  // Those of which it is to be decided whether they are missed, the longest due first: partner's id and own.
  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> Due(mysql::Transaction& sql, absl::Time now,
                                                                       int limit) const;

  // The partner's that lie in the days, by id; without revisions.
  absl::StatusOr<std::vector<SalesTarget>> Within(mysql::Transaction& sql, std::string_view partner_id,
                                                  const DateRange& days) const;

  // The uppermost whole of the target and all that lies below it, each with its last revision alone; locked from the
  // uppermost down, so that changes of one tree come one after the other. NOT_FOUND.
  absl::StatusOr<TargetTree> GetTree(mysql::Transaction& sql, std::string_view partner_id, std::string_view id) const;

  // A new one with its first revision. ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const SalesTarget& target) const;

  // Stores it over the version before its own, and its last revision where that is new; another version there makes the
  // body run again.
  absl::Status Update(mysql::Transaction& sql, const SalesTarget& target) const;

 private:
  absl::StatusOr<SalesTarget> Read(mysql::Transaction& sql, std::string_view partner_id, std::string_view id,
                                   std::string_view lock) const;
};

}  // namespace tributary::partner
