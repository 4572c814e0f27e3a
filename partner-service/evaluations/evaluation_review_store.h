#pragma once

// When OPEN evaluations are worked out next, in the database; the only SQL about it. Each call works in the caller's
// transaction. Who reviews locks the partner, then the review, then reads; who adds facts asks for a review afterwards
// in the same transaction. So no fact is overlooked.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"

namespace tributary::partner {

class EvaluationReviewStore {
 public:
  // From now on the evaluation is reviewed, next at `due`.
  absl::Status Begin(mysql::Transaction& sql, std::string_view partner_id, std::string_view evaluation_id,
                     absl::Time due, absl::Time now) const;
  // Those of the partners are reviewed at once.
  absl::Status Ask(mysql::Transaction& sql, const std::vector<std::string>& partner_ids) const;

  // Partners and evaluations whose review is due and that were not reviewed within the last half second, at most
  // `limit`, the longest due first: however many facts come, an evaluation is worked out twice a second at most.
  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> Due(mysql::Transaction& sql, absl::Time now,
                                                                       int limit) const;
  // When it is due, locked until the transaction ends; none where it is not reviewed.
  absl::StatusOr<std::optional<absl::Time>> Hold(mysql::Transaction& sql, std::string_view partner_id,
                                                 std::string_view evaluation_id) const;
  // Reviewed at `now`, and next at `due`.
  absl::Status Next(mysql::Transaction& sql, std::string_view partner_id, std::string_view evaluation_id,
                    absl::Time due, absl::Time now) const;
  // It is no longer reviewed.
  absl::Status End(mysql::Transaction& sql, std::string_view partner_id, std::string_view evaluation_id) const;
};

}  // namespace tributary::partner
