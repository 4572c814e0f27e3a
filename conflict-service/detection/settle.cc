#include "conflict-service/detection/settle.h"

#include <map>
#include <optional>
#include <utility>

#include "common/status/status.h"
#include "conflict-service/cases/case_deadlines_store.h"
#include "conflict-service/cases/case_evidence_store.h"
#include "conflict-service/cases/case_proto.h"
#include "conflict-service/cases/case_store.h"
#include "conflict-service/cases/party_store.h"
#include "conflict-service/findings/finding_proto.h"
#include "conflict-service/findings/finding_store.h"
#include "conflict-service/remedies/remedy_store.h"

namespace tributary::conflict {
namespace {

// The cases of findings that have changed.
absl::Status FollowFindings(mysql::Transaction& sql, absl::Time now, events::Outbox& outbox,
                            const std::vector<FindingChange>& changes) {
  std::set<std::string> ids;
  for (const FindingChange& change : changes) ids.insert(change.finding.id);
  ASSIGN_OR_RETURN(auto stored, CaseStore().ForUpdate(sql, ids));
  std::set<std::string> resolved;  // those alone may have a remedy that runs
  for (const auto& [id, one] : stored) {
    if (one.state == CaseState::kResolved) resolved.insert(id);
  }
  ASSIGN_OR_RETURN(const std::set<std::string> remedied, RemedyStore().Running(sql, resolved));
  ASSIGN_OR_RETURN(const CaseDeadlines deadlines, CaseDeadlinesStore().Current(sql));
  std::vector<Case> cases;
  std::vector<std::pair<std::string, std::vector<PartyFacts>>> parties;
  std::vector<std::pair<std::string, const Conclusion*>> concluded;
  for (const FindingChange& change : changes) {
    const auto found = stored.find(change.finding.id);
    std::optional<CaseChange> step = Follow(found == stored.end() ? std::nullopt : std::optional(found->second), change,
                                            deadlines, now, remedied.contains(change.finding.id));
    if (!step) continue;
    if (step->evidence_changed) {
      parties.emplace_back(step->after.id, change.finding.conclusion.parties);
      concluded.emplace_back(step->after.id, &change.finding.conclusion);
    }
    outbox.Add(Told(step->verb, step->after));
    // Parties see none of these steps but that what was decided is open again.
    if (step->after.state == CaseState::kReopened && found->second.state != CaseState::kReopened) {
      ASSIGN_OR_RETURN(const auto views, PartyStore().ViewsOf(sql, step->after.id));
      for (const PartyStore::Listed& shown : views) outbox.Add(Told(step->verb, step->after, shown.view));
    }
    cases.push_back(std::move(step->after));
  }
  RETURN_IF_ERROR(CaseStore().Save(sql, cases));
  RETURN_IF_ERROR(CaseEvidenceStore().Add(sql, concluded, now));
  return PartyStore().PutFacts(sql, parties);
}

}  // namespace

absl::Status Settle(mysql::Transaction& sql, absl::Time now, events::Outbox& outbox, const std::set<FindingKind>& kinds,
                    const std::set<std::string>& subjects, const std::vector<Conclusion>& conclusions) {
  const FindingStore findings;
  ASSIGN_OR_RETURN(const auto stored, findings.About(sql, kinds, subjects, conclusions));
  const std::vector<FindingChange> changes = Reconcile(stored, conclusions, now);
  if (changes.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(findings.Save(sql, changes));
  for (const FindingChange& change : changes) outbox.Add(Told(change.verb, change.finding));
  return FollowFindings(sql, now, outbox, changes);
}

}  // namespace tributary::conflict
