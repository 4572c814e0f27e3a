#pragma once

// What invoices come to with tax, in the database. Each call works in the caller's transaction.

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/money/money.h"
#include "common/mysql/database.h"

namespace tributary::incentive {

class InvoiceGrossStore {
 public:
  // An events::ApplyEvents but for the outbox: keeps the gross amounts of the lines of invoices that inventory's feed
  // tells. A line that is told again changes nothing. MALFORMED_REQUEST, INVALID_FIELD.
  absl::Status Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const;

  // The sum of an invoice's lines, locked until the transaction ends, so that one deduction of it is written down after
  // the other; unset where none was told.
  absl::StatusOr<std::optional<Money>> GrossForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                      std::string_view invoice) const;
};

}  // namespace tributary::incentive
