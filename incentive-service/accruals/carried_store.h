#pragma once

// What periods of a program leave below 0, in the database. Each call works in the caller's transaction.

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/engine/carried.h"
#include "incentive-service/facts/fact_store.h"

namespace tributary::incentive {

class CarriedStore {
 public:
  // Into a period of the program's scale, from all before it, by the lines that are known and count: of one partner or
  // of all. Without a read for a program that carries nothing.
  absl::StatusOr<CarriedInto> Into(mysql::Transaction& sql, const Program& program, const Period& scale,
                                   const std::optional<std::string>& partner = std::nullopt) const;

 private:
  // Where sums of accruals are not those of its periods.
  absl::StatusOr<CarriedInto> OfLines(mysql::Transaction& sql, const Program& program, const DateRange& days,
                                      const std::optional<std::string>& partner) const;

  AccrualStore accruals_;
  FactStore facts_;
  PeriodCloseStore closes_;
};

}  // namespace tributary::incentive
