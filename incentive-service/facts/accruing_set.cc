#include "incentive-service/facts/accruing_set.h"

#include "common/status/status.h"

namespace tributary::incentive {

absl::Status AccruingSet::Hold(mysql::Transaction& sql) {
  ASSIGN_OR_RETURN(const ProgramEpoch epoch, program_store_.HoldEpoch(sql));
  if (epoch_ == epoch) return absl::OkStatus();
  epoch_.reset();
  closes_.clear();
  looked_at_.clear();
  ASSIGN_OR_RETURN(programs_, program_store_.Accruing(sql));
  epoch_ = epoch;
  return absl::OkStatus();
}

absl::Status AccruingSet::LookAt(mysql::Transaction& sql, const Program& program, const std::vector<Period>& scales) {
  std::vector<Period> unknown;
  for (const Period& scale : scales) {
    if (!looked_at_.contains({program.id, scale.id})) unknown.push_back(scale);
  }
  if (unknown.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(ClosedPeriods closed, close_store_.Closed(sql, program, unknown));
  closes_.merge(closed);
  for (const Period& scale : unknown) looked_at_.emplace(program.id, scale.id);
  return absl::OkStatus();
}

}  // namespace tributary::incentive
