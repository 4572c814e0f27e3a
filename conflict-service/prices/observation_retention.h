#pragma once

#include "common/rpc/expiry.h"

namespace tributary::conflict {

// How long prices that were seen are kept, from their day on.
inline constexpr int kObservationDays = 3653;  // ten years

// Forgets prices that were seen longer ago, once nothing rests on them: while a finding is open about one, its offer or
// its market, and that finding's case is not CLOSED, all of them stay. What a case rests on is kept by its evidence.
class ObservationRetention : public rpc::Expiry {
 public:
  // Both outlive it.
  ObservationRetention(mysql::Database& database, const Clock& clock, int days = kObservationDays);
};

}  // namespace tributary::conflict
