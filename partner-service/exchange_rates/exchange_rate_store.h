#pragma once

// Exchange rates in the database; the only SQL about them. Each call works in the caller's transaction.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/exchange_rates/exchange_rate.h"

namespace tributary::partner {

class ExchangeRateStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<ExchangeRate> Get(mysql::Transaction& sql, std::string_view id) const;

  // By id, after the page's position; WITHDRAWN ones only where asked for.
  absl::StatusOr<std::vector<ExchangeRate>> List(mysql::Transaction& sql, const Page& page, bool show_withdrawn) const;

  // Of these ids the rates that are stored, in any state, by id; locked until the transaction ends.
  absl::StatusOr<absl::flat_hash_map<std::string, ExchangeRate>> GetForUpdate(
      mysql::Transaction& sql, const std::vector<std::string>& ids) const;

  // The latest ACTIVE rate of a pair on or before the day.
  absl::StatusOr<std::optional<ExchangeRate>> LatestUntil(mysql::Transaction& sql, const RatePair& pair,
                                                          Date day) const;

  // New rates; `import_id` is empty for those that came by a call. Where another transaction took one of their ids
  // since this one looked, the body runs again.
  absl::Status Insert(mysql::Transaction& sql, absl::Span<const ExchangeRate> rates, std::string_view import_id) const;

  // Writes the rate over one whose version is one less; no such makes the body run again.
  absl::Status Replace(mysql::Transaction& sql, const ExchangeRate& rate, std::string_view import_id) const;

  // ACTIVE rates that the import brought, by id, at most `limit`; locked.
  absl::StatusOr<std::vector<ExchangeRate>> BroughtBy(mysql::Transaction& sql, std::string_view import_id,
                                                      int limit) const;
  // Stores state and revision.
  absl::Status SetState(mysql::Transaction& sql, absl::Span<const ExchangeRate> rates) const;
};

}  // namespace tributary::partner
