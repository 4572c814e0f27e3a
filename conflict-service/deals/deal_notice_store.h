#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "conflict-service/deals/deal.h"

namespace tributary::conflict {

// What partners were told of the end of their registrations' protection. Stateless and thread-safe.
class DealNoticeStore {
 public:
  // partners/{partner}/deals/{deal} that are approved and of which a notice is due (DealLimits::NoticeDue) and was not
  // given: that one of the same end, nor a later one.
  absl::StatusOr<std::vector<std::string>> Due(mysql::Transaction& sql, const DealLimits& limits, Date today,
                                               int limit) const;
  // Whether it is the first of these days before this end.
  absl::StatusOr<bool> Add(mysql::Transaction& sql, const Deal& deal, int days, absl::Time now) const;
};

}  // namespace tributary::conflict
