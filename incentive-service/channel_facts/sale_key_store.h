#pragma once

// By what the units of partners' sales are known at other partners, too, in the database.

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"

namespace tributary::incentive {

class SaleKeyStore {
 public:
  // An events::ApplyEvents but for the outbox: keeps what tells the units of the sales that inventory's feed tells
  // (common/matching/sale_key.h). A sale that is told again changes nothing. MALFORMED_REQUEST, INVALID_FIELD.
  absl::Status Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const;
};

}  // namespace tributary::incentive
