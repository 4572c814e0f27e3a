#pragma once

// Frees what reservations hold that have run out of time.

#include <functional>

#include "common/mysql/database.h"
#include "common/rpc/expiry.h"
#include "common/time/clock.h"

namespace tributary::inventory {

// Nothing depends on it but how soon units are free again: a reservation that is out of time can no longer be posted,
// whether it has been here or not.
class ReservationExpiry : public rpc::Expiry {
 public:
  ReservationExpiry(mysql::Database& database, const Clock& clock, std::function<void()> committed);
};

}  // namespace tributary::inventory
