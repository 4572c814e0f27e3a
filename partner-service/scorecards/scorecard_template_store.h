#pragma once

// Scorecard templates in the database; the only SQL about them. Each call works in the caller's transaction.

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/page.h"
#include "partner-service/scorecards/scorecard_template.h"

namespace tributary::partner {

class ScorecardTemplateStore {
 public:
  // NOT_FOUND where there is none.
  absl::StatusOr<ScorecardTemplate> Get(mysql::Transaction& sql, std::string_view id) const;
  // A page by id.
  absl::StatusOr<std::vector<ScorecardTemplate>> List(mysql::Transaction& sql, const Page& page) const;
  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const ScorecardTemplate& scorecard_template) const;
};

}  // namespace tributary::partner
