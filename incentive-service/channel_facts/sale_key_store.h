#pragma once

// By what the units of partners' sales are known at other partners, too, in the database.

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "incentive-service/channel_facts/channel_fact.h"

namespace tributary::incentive {

class SaleKeyStore {
 public:
  // An events::ApplyEvents but for the outbox: keeps what tells the units of the sales that inventory's feed tells
  // (common/matching/sale_key.h). A sale that is told again changes nothing. MALFORMED_REQUEST, INVALID_FIELD.
  absl::Status Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const;

  // Units of these sales of the partner's, by their serials, that others of its sales name.
  absl::StatusOr<std::vector<SharedUnit>> SharedBy(mysql::Transaction& sql, std::string_view partner,
                                                   const std::vector<std::string>& sales) const;
};

}  // namespace tributary::incentive
