#pragma once

// Evaluations in the database; the only SQL about them. Each call works in the caller's transaction, which has locked
// the partner where it changes anything.

#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/evaluations/evaluation.h"

namespace tributary::partner {

class EvaluationStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<Evaluation> Get(mysql::Transaction& sql, std::string_view partner_id, std::string_view id) const;
  // The same, locked until the transaction ends.
  absl::StatusOr<Evaluation> GetForUpdate(mysql::Transaction& sql, std::string_view partner_id,
                                          std::string_view id) const;
  // A page of one partner's, or of all partners' where `partner_id` is empty, by partner and id; OPEN ones only where
  // `open_too`.
  absl::StatusOr<std::vector<Evaluation>> List(mysql::Transaction& sql, std::string_view partner_id, bool open_too,
                                               const Page& page) const;

  // The partner's one by a template and period that is not WITHDRAWN.
  absl::StatusOr<std::optional<Evaluation>> Of(mysql::Transaction& sql, std::string_view partner_id,
                                               std::string_view template_id, std::string_view period) const;
  // The partner's one of a line of templates that was published last and is not WITHDRAWN.
  absl::StatusOr<std::optional<Evaluation>> LastPublished(mysql::Transaction& sql, std::string_view partner_id,
                                                          std::string_view first_template_id) const;

  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const Evaluation& evaluation) const;
  // Stores it over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const Evaluation& evaluation) const;
};

}  // namespace tributary::partner
