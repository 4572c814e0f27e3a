#pragma once

// Where money may be paid to, in the database: what partner-service's feed has told of bank accounts. Each call works
// in the caller's transaction.

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "incentive-service/payouts/payout.h"

namespace tributary::incentive {

inline constexpr std::string_view kBankAccountType = "tributary.partner.v1.BankAccount";

class BankAccountStore {
 public:
  // An events::ApplyEvents: keeps bank accounts as they are told, and drops those that are deleted. Other events are
  // passed over. MALFORMED_REQUEST, INVALID_FIELD where an event is not what partner-service promises.
  absl::Status Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const;

  // Unset where none was told.
  absl::StatusOr<std::optional<BankAccount>> Get(mysql::Transaction& sql, std::string_view partner,
                                                 std::string_view bank_account) const;
};

}  // namespace tributary::incentive
