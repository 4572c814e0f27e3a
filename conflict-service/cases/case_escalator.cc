#include "conflict-service/cases/case_escalator.h"

#include <string>
#include <utility>
#include <vector>

#include "common/status/status.h"
#include "conflict-service/cases/case_deadlines_store.h"
#include "conflict-service/cases/case_proto.h"
#include "conflict-service/cases/case_store.h"
#include "conflict-service/cases/party_store.h"

namespace tributary::conflict {
namespace {

absl::StatusOr<bool> EscalateOne(rpc::Unit& unit, const rpc::Expiry::Id& id, absl::Time now) {
  const CaseStore cases;
  ASSIGN_OR_RETURN(Case one, cases.GetForUpdate(unit.sql(), id.second));
  ASSIGN_OR_RETURN(const CaseDeadlines deadlines, CaseDeadlinesStore().Current(unit.sql()));
  const std::vector<CaseEscalation> escalations = Escalate(&one, deadlines, now);
  if (escalations.empty()) return false;  // moved meanwhile
  RETURN_IF_ERROR(cases.Save(unit.sql(), {one}));
  RETURN_IF_ERROR(cases.AddEscalations(unit.sql(), one.id, escalations));
  unit.Emit(Told("escalated", one));
  ASSIGN_OR_RETURN(const std::vector<PartyStore::Listed> views, PartyStore().ViewsOf(unit.sql(), one.id));
  for (const PartyStore::Listed& shown : views) unit.Emit(Told("escalated", one, shown.view));
  return true;
}

absl::StatusOr<std::vector<rpc::Expiry::Id>> CasesToEscalate(mysql::Transaction& sql, absl::Time now, int limit) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, CaseStore().ToEscalate(sql, now, limit));
  std::vector<rpc::Expiry::Id> due;
  for (const std::string& id : ids) due.emplace_back(std::string(), id);
  return due;
}

}  // namespace

CaseEscalator::CaseEscalator(mysql::Database& database, const Clock& clock, std::function<void()> committed)
    : Expiry(database, clock, {.things = "steps of cases", .due = CasesToEscalate, .end = EscalateOne},
             std::move(committed)) {}

}  // namespace tributary::conflict
