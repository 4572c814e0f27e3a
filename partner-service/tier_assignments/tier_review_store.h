#pragma once

// When the tiers of a partner are reviewed next, in the database; the only SQL about it. Each call works in the
// caller's transaction. Who reviews locks the partner, then its review, then reads facts; who adds facts asks for a
// review afterwards in the same transaction. So no fact is overlooked.

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

class TierReviewStore {
 public:
  // From now on the partner is reviewed, at once.
  absl::Status Begin(mysql::Transaction& sql, std::string_view partner_id) const;
  // Those of the partners that are reviewed at all are reviewed at once, where there is a program to review them by.
  absl::Status Ask(mysql::Transaction& sql, const std::vector<std::string>& partner_ids) const;
  // The same for what comes in bursts: a review comes two seconds after the last asking, and at most twenty after the
  // first. However much is asked in between, it is one. A review that is due already stays so.
  absl::Status AskSoon(mysql::Transaction& sql, const std::vector<std::string>& partner_ids, absl::Time now) const;

  // Partners whose review is due, at most `limit`, the longest due first; each with an empty text.
  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> Due(mysql::Transaction& sql, absl::Time now,
                                                                       int limit) const;
  // When the partner is due, locked until the transaction ends; none where it is not reviewed.
  absl::StatusOr<std::optional<absl::Time>> Hold(mysql::Transaction& sql, std::string_view partner_id) const;
  absl::Status Next(mysql::Transaction& sql, std::string_view partner_id, absl::Time due) const;
  // It is no longer reviewed.
  absl::Status End(mysql::Transaction& sql, std::string_view partner_id) const;
};

}  // namespace tributary::partner
