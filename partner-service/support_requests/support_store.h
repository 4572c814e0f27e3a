#pragma once

// Support policies and requests in the database; the only SQL about them. Each call works in the caller's transaction.

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/support_requests/support_request.h"

namespace tributary::partner {

class SupportPolicyStore {
 public:
  // NOT_FOUND where there is none.
  absl::StatusOr<SupportPolicy> Get(mysql::Transaction& sql, std::string_view id) const;
  // A page by id.
  absl::StatusOr<std::vector<SupportPolicy>> List(mysql::Transaction& sql, const Page& page) const;
  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const SupportPolicy& policy) const;
};

class SupportRequestStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<SupportRequest> Get(mysql::Transaction& sql, std::string_view partner_id, std::string_view id) const;
  // The same, locked until the transaction ends.
  absl::StatusOr<SupportRequest> GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                              std::string_view id) const;
  // A page of one partner's, or of all partners' where `partner_id` is empty, by partner and id.
  absl::StatusOr<std::vector<SupportRequest>> List(mysql::Transaction& sql, std::string_view partner_id,
                                                   const Page& page) const;
  // The partner's that were first asked from one moment to before another, by id.
  absl::StatusOr<std::vector<SupportRequest>> AskedWithin(mysql::Transaction& sql, std::string_view partner_id,
                                                          absl::Time from, absl::Time to) const;
  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const SupportRequest& request) const;
  // Stores it over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const SupportRequest& request) const;
};

}  // namespace tributary::partner
