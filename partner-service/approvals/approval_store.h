#pragma once

// Approval policies and tasks in the database; the only SQL about them. Each call works in the caller's transaction.

#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "common/rpc/expiry.h"
#include "partner-service/approvals/approval_policy.h"
#include "partner-service/approvals/approval_task.h"

namespace tributary::partner {

class ApprovalPolicyStore {
 public:
  // NOT_FOUND where there is none.
  absl::StatusOr<ApprovalPolicy> Get(mysql::Transaction& sql, std::string_view id) const;
  absl::StatusOr<ApprovalPolicy> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;
  // The one of a kind and currency.
  absl::StatusOr<std::optional<ApprovalPolicy>> Of(mysql::Transaction& sql, ApprovalSubjectKind kind,
                                                   std::string_view currency) const;
  // By id.
  absl::StatusOr<std::vector<ApprovalPolicy>> List(mysql::Transaction& sql, const Page& page) const;
  // ALREADY_EXISTS; STATE_CONFLICT, naming it, where another is of the same kind and currency.
  absl::Status Create(mysql::Transaction& sql, const ApprovalPolicy& policy) const;
  // Stores it over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const ApprovalPolicy& policy) const;
  absl::Status Delete(mysql::Transaction& sql, const ApprovalPolicy& policy) const;
};

class ApprovalTaskStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<ApprovalTask> Get(mysql::Transaction& sql, std::string_view id) const;
  absl::StatusOr<ApprovalTask> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;
  // The PENDING one about a subject, locked. Whoever asks holds the subject's lock, so that there is at most one.
  absl::StatusOr<std::optional<ApprovalTask>> PendingOf(mysql::Transaction& sql, std::string_view subject) const;
  // The last one about a subject of another service, by which it is asked for one at a time: the lock is held until the
  // transaction ends, also where there is none yet.
  absl::StatusOr<std::optional<ApprovalTask>> LastOf(mysql::Transaction& sql, std::string_view subject) const;
  absl::Status SetLast(mysql::Transaction& sql, const ApprovalTask& task) const;
  // All PENDING ones of a partner, locked.
  absl::StatusOr<std::vector<ApprovalTask>> PendingOfPartner(mysql::Transaction& sql,
                                                             std::string_view partner_id) const;
  // The oldest first.
  absl::StatusOr<std::vector<ApprovalTask>> List(mysql::Transaction& sql, const Page& page) const;
  absl::Status Create(mysql::Transaction& sql, const ApprovalTask& task) const;
  // Stores it over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const ApprovalTask& task) const;
  // PENDING ones that are due by now and not told to be overdue, at most `limit`.
  absl::StatusOr<std::vector<rpc::Expiry::Id>> DueBy(mysql::Transaction& sql, absl::Time now, int limit) const;
};

}  // namespace tributary::partner
