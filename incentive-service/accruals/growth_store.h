#pragma once

// Baselines of growth, and who earns by whose lines, in the database. Each call works in the caller's transaction.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "incentive-service/accruals/baseline.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/relationships/relationship_store.h"

namespace tributary::incentive {

class GrowthStore {
 public:
  // Freezes what reference periods before the program's time that are over come to, as recorded by now. Nothing for a
  // program that measures no growth.
  absl::Status Freeze(mysql::Transaction& sql, const Program& program, absl::Time now) const;

  // Of a period of the program's scale, of one partner or of all: a reference period of the program's own as its close
  // saw it; one before its time as it was frozen, or, where it was not over then, as the close of the period saw it; as
  // recorded by now until then; with who earns by whose lines. Without a read for a program that measures no growth and
  // does not roll up.
  absl::StatusOr<Baselines> Read(mysql::Transaction& sql, const Program& program, const Period& scale,
                                 const std::optional<std::string>& partner = std::nullopt) const;
  // The same, of some partners.
  absl::StatusOr<Baselines> Read(mysql::Transaction& sql, const Program& program, const Period& scale,
                                 const std::set<std::string>& partners) const;

  // Who earns by whose lines in a period of the program's scale: as its close knew it, as is known now until then.
  // Without a read where each partner earns by its own.
  absl::StatusOr<Earners> ReadEarners(mysql::Transaction& sql, const Program& program, const Period& scale) const;
  // FactStore::LinesFor one partner, also those by which others earn, and those of others by which it earns; with who
  // earns by each.
  absl::StatusOr<std::vector<FactLine>> LinesFor(mysql::Transaction& sql, const Program& program,
                                                 const DateRange& range, const std::string& partner,
                                                 const Earners& earners) const;

 private:
  // Of the lines that are read of the reference period.
  using ReadLines = absl::FunctionRef<absl::StatusOr<std::vector<FactLine>>(const DateRange&, const Earners&)>;
  absl::StatusOr<Baselines> ReadBy(mysql::Transaction& sql, const Program& program, const Period& scale,
                                   ReadLines read) const;
  // nullopt while nothing is frozen.
  absl::StatusOr<std::optional<Watermark>> FrozenAt(mysql::Transaction& sql, const Program& program,
                                                    const Period& scale, const Period& reference) const;
  absl::StatusOr<std::optional<Watermark>> ClosedAt(mysql::Transaction& sql, const Program& program,
                                                    const Period& period) const;

  FactStore facts_;
  PeriodCloseStore closes_;
  RelationshipStore relationships_;
};

}  // namespace tributary::incentive
