#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "conflict-service/cases/case.h"

namespace tributary::conflict {

// What the cases of a kind come to.
struct CaseFigures {
  int64_t confirmed = 0;           // closed cases that were as the rule said
  int64_t unfounded = 0;           // and that were not
  int64_t seconds_to_detect = 0;   // mean, from the end of the day on which it happened
  int64_t seconds_to_resolve = 0;  // mean, from detection, of decided cases
};

// Stateless and thread-safe.
class CaseStore {
 public:
  // Those of these ids that there are; nobody else changes them until the transaction ends.
  absl::StatusOr<std::map<std::string, Case>> ForUpdate(mysql::Transaction& sql,
                                                        const std::set<std::string>& ids) const;
  // New ones, and ones that were read for update.
  absl::Status Save(mysql::Transaction& sql, const std::vector<Case>& cases) const;

  // NOT_FOUND.
  absl::StatusOr<Case> Get(mysql::Transaction& sql, std::string_view id) const;
  absl::StatusOr<Case> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;
  // By id, those after `after`; ones that were explained before triage only where asked for. Of one party, or of all
  // where `party` is empty.
  absl::StatusOr<std::vector<Case>> List(mysql::Transaction& sql, const SqlPredicate& filter, bool explained_too,
                                         std::string_view after, int limit, std::string_view party = "") const;
  static const std::vector<FilterField>& Fields();
  // Those of these ids that agree with the filter and were not explained before triage.
  absl::StatusOr<std::vector<Case>> Some(mysql::Transaction& sql, const std::set<std::string>& ids,
                                         const SqlPredicate& filter) const;

  // Ids of those of which an escalation is due by now (Escalate).
  absl::StatusOr<std::vector<std::string>> ToEscalate(mysql::Transaction& sql, absl::Time now, int limit) const;
  absl::Status AddEscalations(mysql::Transaction& sql, const std::string& id,
                              const std::vector<CaseEscalation>& escalations) const;
  // All of a case, oldest first.
  absl::StatusOr<std::vector<CaseEscalation>> Escalations(mysql::Transaction& sql, const std::string& id) const;

  // For metrics. States and kinds without a case are left out; what was explained before triage does not count.
  absl::StatusOr<std::map<CaseState, int64_t>> CountByState(mysql::Transaction& sql) const;
  absl::StatusOr<int64_t> CountOverdue(mysql::Transaction& sql, absl::Time now) const;
  // Cases that are escalated now, by whom to.
  absl::StatusOr<std::map<StaffRole, int64_t>> CountEscalated(mysql::Transaction& sql) const;
  absl::StatusOr<std::map<FindingKind, CaseFigures>> FiguresByKind(mysql::Transaction& sql) const;
};

}  // namespace tributary::conflict
