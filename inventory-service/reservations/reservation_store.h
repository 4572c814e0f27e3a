#pragma once

// Reservations in the database.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "inventory-service/reservations/reservation.h"

namespace tributary::inventory {

class ReservationStore {
 public:
  // Those of the ids that the partner has.
  absl::StatusOr<std::set<std::string>> Known(mysql::Transaction& sql, std::string_view partner,
                                              const std::vector<std::string_view>& ids) const;
  // New ones, and their serial numbers are held from now on; the caller has the locks of these (SerialSubject) and
  // knows that they are free. Where a name was taken since Known was asked, the transaction runs again.
  absl::Status Insert(mysql::Transaction& sql, absl::Span<const Reservation> reservations) const;
  // State, times, version, place and what was posted; what has ended holds nothing more. The caller has the rows from
  // GetForUpdate.
  absl::Status Update(mysql::Transaction& sql, absl::Span<const Reservation> reservations) const;
  // NOT_FOUND.
  absl::StatusOr<Reservation> Get(mysql::Transaction& sql, std::string_view partner, std::string_view id) const;
  absl::StatusOr<Reservation> GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                           std::string_view id) const;
  // Those that are there, by id.
  absl::StatusOr<std::map<std::string, Reservation>> GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                                  const std::vector<std::string_view>& ids) const;
  // By (partner, id), after (after_partner, after_id); of all partners where `partner` is empty. To the filter, one is
  // EXPIRED as soon as its time has come.
  absl::StatusOr<std::vector<Reservation>> List(mysql::Transaction& sql, std::string_view partner,
                                                std::string_view after_partner, std::string_view after_id,
                                                const SqlPredicate& filter, int limit) const;
  // (partner, id) of at most `limit` whose units are held although their time has come by `now`, the longest due first.
  absl::StatusOr<std::vector<std::pair<std::string, std::string>>> Due(mysql::Transaction& sql, absl::Time now,
                                                                       int limit) const;

  // Those of the (product, serial) that some reservation holds. It stays so while the caller has their locks.
  absl::StatusOr<std::set<std::pair<std::string, std::string>>> HeldSerials(
      mysql::Transaction& sql, const std::set<std::pair<std::string, std::string>>& serials) const;
  // By how much what is held of these positions exceeds what can be posted there (PostableUnits); where it does not,
  // left out.
  absl::StatusOr<std::map<PositionKey, Decimal>> Missing(mysql::Transaction& sql,
                                                         const std::set<PositionKey>& positions) const;

  static const std::vector<FilterField>& Fields();
};

}  // namespace tributary::inventory
