#pragma once

// What comes into periods of programs beside their lines, in the database. Each call works in the caller's transaction.

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/engine/carried.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/opening_balances/opening_volume_store.h"
#include "incentive-service/standings/standing_store.h"

namespace tributary::incentive {

class CarriedStore {
 public:
  // Into a period of the program's scale, of one partner or of all: what is below 0 of all before it, by the lines that
  // are known and count, where the program carries it; and the opening volumes, given a day those alone that held
  // before it.
  absl::StatusOr<CarriedInto> Into(mysql::Transaction& sql, const Program& program, const Period& scale,
                                   const std::optional<std::string>& partner = std::nullopt,
                                   Date until = OpenEnd()) const;

 private:
  // Where sums of accruals are not those of its periods.
  absl::StatusOr<CarriedInto> OfLines(mysql::Transaction& sql, const Program& program, const DateRange& days,
                                      const std::optional<std::string>& partner) const;

  AccrualStore accruals_;
  FactStore facts_;
  PeriodCloseStore closes_;
  OpeningVolumeStore volumes_;
  StandingStore standings_;
};

}  // namespace tributary::incentive
