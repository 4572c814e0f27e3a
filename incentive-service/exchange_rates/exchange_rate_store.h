#pragma once

// Exchange rates in the database: what partner-service's feed has told. Each call works in the caller's transaction.

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "incentive-service/exchange_rates/exchange_rate.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

inline constexpr std::string_view kExchangeRateType = "tributary.partner.v1.ExchangeRate";

class ExchangeRateStore {
 public:
  // An events::ApplyEvents: keeps the rates that are told and drops those that are withdrawn. Other events are passed
  // over. MALFORMED_REQUEST, INVALID_FIELD where an event is not what partner-service promises.
  absl::Status Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch) const;

  // The rates of the days by which the program converts; none where it converts nothing.
  absl::StatusOr<Rates> Read(mysql::Transaction& sql, const Program& program, const DateRange& days) const;

  // The rate of that type, currency and day into another currency; unset where there is none.
  absl::StatusOr<std::optional<Rational>> Find(mysql::Transaction& sql, std::string_view rate_type, const RateKey& key,
                                               std::string_view to_currency) const;
};

}  // namespace tributary::incentive
