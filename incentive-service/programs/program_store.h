#pragma once

// Programs in the database. Each call works in the caller's transaction.

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/programs/revision.h"

namespace tributary::incentive {

// Which set of accruing programs it is, with their closes: another one whenever they may have changed, also where the
// database was restored in between.
struct ProgramEpoch {
  int64_t number = 0;
  absl::Time changed_at;
  friend bool operator==(const ProgramEpoch&, const ProgramEpoch&) = default;
};

class ProgramStore {
 public:
  // ALREADY_EXISTS where the id is taken.
  absl::Status Insert(mysql::Transaction& sql, const Program& program) const;
  // NOT_FOUND.
  absl::StatusOr<Program> Get(mysql::Transaction& sql, std::string_view id) const;
  // The same, and nobody else changes it until this transaction ends.
  absl::StatusOr<Program> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;
  // As it was at that version, whose terms hold throughout. NOT_FOUND.
  absl::StatusOr<Program> GetVersion(mysql::Transaction& sql, std::string_view id, int64_t version) const;
  // The program as it is now, or that version of it. NOT_FOUND.
  absl::StatusOr<Program> GetRevision(mysql::Transaction& sql, const RevisionName& name) const;
  // Versions beyond `after`, by number.
  absl::StatusOr<std::vector<Program>> ListVersions(mysql::Transaction& sql, std::string_view id, int64_t after,
                                                    int limit) const;
  // Stores the next version of one read by GetForUpdate.
  absl::Status Update(mysql::Transaction& sql, const Program& program) const;
  // The same for one whose last revision begins with this version.
  absl::Status UpdateRevised(mysql::Transaction& sql, const Program& program) const;

  // By id, after `after`.
  static const std::vector<FilterField>& FilterFields();  // state, shape, basis
  absl::StatusOr<std::vector<Program>> List(mysql::Transaction& sql, std::string_view after, const SqlPredicate& where,
                                            bool ended_too, int limit) const;

  // Programs that accrue: the active ones, and the ended ones within their time.
  absl::StatusOr<std::vector<Program>> Accruing(mysql::Transaction& sql) const;

  // The set of accruing programs stays as it is until the transaction ends. Many may hold this at a time.
  absl::Status HoldSet(mysql::Transaction& sql) const;
  // The same; which one it is.
  absl::StatusOr<ProgramEpoch> HoldEpoch(mysql::Transaction& sql) const;
  // Waits until nobody holds the set and keeps everybody out until the transaction ends.
  absl::Status LockSet(mysql::Transaction& sql) const;

  // How many there are; states without one are left out.
  absl::StatusOr<std::map<ProgramState, int64_t>> CountByState(mysql::Transaction& sql) const;
};

}  // namespace tributary::incentive
