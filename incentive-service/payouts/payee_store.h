#pragma once

// Who may be paid, and where to, in the database: what partner-service's feed has told of bank accounts and payees.
// Each call works in the caller's transaction.

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "common/time/date.h"
#include "incentive-service/payouts/payout.h"

namespace tributary::incentive {

inline constexpr std::string_view kBankAccountType = "tributary.partner.v1.BankAccount";
inline constexpr std::string_view kRelationshipType = "tributary.partner.v1.PartnerRelationship";

class PayeeStore {
 public:
  // An events::ApplyEvents: keeps bank accounts and relationships of kind PAYEE as they are told, and drops accounts
  // that are deleted. Other events are passed over. MALFORMED_REQUEST, INVALID_FIELD where an event is not what
  // partner-service promises.
  absl::Status Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const;

  // Who is paid what the partner earns on a day: itself where nobody else was told.
  absl::StatusOr<std::string> PayeeOf(mysql::Transaction& sql, std::string_view partner, Date day) const;
  // Unset where none was told.
  absl::StatusOr<std::optional<BankAccount>> Account(mysql::Transaction& sql, std::string_view partner,
                                                     std::string_view bank_account) const;
};

}  // namespace tributary::incentive
