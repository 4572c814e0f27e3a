#include "conflict-service/conflict_rules/back_test_service.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "conflict-service/detection/duplicate_sale_detector.h"
#include "conflict-service/detection/protected_deal_detector.h"
#include "conflict-service/facts/grant_store.h"

namespace tributary::conflict {
namespace {

constexpr int kMostDaysTested = 1100;
constexpr size_t kStandardFlagged = 100;
constexpr size_t kMostFlagged = 1000;

absl::StatusOr<FindingKind> TestedKind(const std::string& name) {
  RETURN_IF_ERROR(ParseResourceName(name, "conflictRules/{conflict_rule}").status());
  if (name == kDiversionRule) return FindingKind::kDiversion;
  if (name == "conflictRules/duplicate-sale") return FindingKind::kDuplicateSale;
  if (name == "conflictRules/exclusive-overlap") return FindingKind::kExclusiveOverlap;
  if (name == "conflictRules/protected-deal") return FindingKind::kProtectedDeal;
  return NotFound(name);
}

absl::StatusOr<DateRange> TestedDays(const v1::BackTestConflictRuleRequest& request) {
  DateRange days;
  ASSIGN_OR_RETURN(days.start, wire::FromProto(request.from_date()));
  ASSIGN_OR_RETURN(days.end, wire::FromProto(request.to_date()));
  if (days.end <= days.start || days.end > days.start.AddDays(kMostDaysTested)) {
    return InvalidField("to_date", days.end.ToString(),
                        StrCat("1 to ", kMostDaysTested, " days after from_date, ", days.start.ToString()));
  }
  return days;
}

// Those parameters that the request gives.
std::vector<std::string> Given(const v1::BackTestConflictRuleRequest& request) {
  std::vector<std::string> given;
  if (request.has_least_units()) given.push_back("least_units");
  if (request.has_prior_decibans()) given.push_back("prior_decibans");
  if (request.has_balance_decibans()) given.push_back("balance_decibans");
  if (request.has_outside_serial_decibans()) given.push_back("outside_serial_decibans");
  if (request.has_threshold_decibans()) given.push_back("threshold_decibans");
  return given;
}

absl::StatusOr<DiversionPolicy> With(DiversionPolicy policy, const v1::BackTestConflictRuleRequest& request) {
  if (request.has_least_units()) {
    const absl::StatusOr<Decimal> least_units = wire::FromProto(request.least_units());
    if (!least_units.ok()) return AtField(least_units.status(), "least_units");
    policy.least_units = *least_units;
  }
  if (request.has_prior_decibans()) policy.prior_decibans = request.prior_decibans();
  if (request.has_balance_decibans()) policy.balance_decibans = request.balance_decibans();
  if (request.has_outside_serial_decibans()) policy.outside_serial_decibans = request.outside_serial_decibans();
  if (request.has_threshold_decibans()) policy.threshold_decibans = request.threshold_decibans();
  // A 0 passes as a number that is not given.
  if (policy.outside_serial_decibans < 1) {
    return InvalidField("outside_serial_decibans", StrCat(policy.outside_serial_decibans),
                        "at least 1, or no number of units would ever be enough");
  }
  return policy;
}

bool IsOf(const Conclusion& conclusion, const DateRange& days) {
  if (conclusion.occurred_on) return days.Contains(*conclusion.occurred_on);
  return conclusion.intersection && conclusion.intersection->time.Intersects(days);
}

v1::BackTestConflictRuleResponse::Flagged FlaggedToProto(const std::string& id, const Conclusion& conclusion,
                                                         const PastFinding* past) {
  v1::BackTestConflictRuleResponse::Flagged flagged;
  flagged.set_finding(StrCat("findings/", id));
  for (const std::string& subject : conclusion.subjects) flagged.add_subjects(subject);
  flagged.set_explanation(conclusion.explanation);
  if (conclusion.occurred_on) *flagged.mutable_occur_date() = wire::ToProto(*conclusion.occurred_on);
  if (past != nullptr) {
    flagged.set_open(past->open);
    flagged.set_outcome(static_cast<v1::Case::Outcome>(past->outcome));
  }
  return flagged;
}

}  // namespace

void BackTestService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.ConflictRuleService", this).Unary("BackTestConflictRule", &BackTestService::Test);
}

absl::StatusOr<std::vector<Conclusion>> BackTestService::Conclude(mysql::Transaction& sql,
                                                                  const v1::BackTestConflictRuleRequest& request,
                                                                  FindingKind kind, const DateRange& days) const {
  if (kind != FindingKind::kDiversion) {
    const std::vector<std::string> given = Given(request);
    if (!given.empty())
      return InvalidField(given.front(), "a value", StrCat("none: ", request.name(), " has no parameters"));
  }
  if (kind == FindingKind::kDuplicateSale) return DuplicateSalesIn(sql, days);
  if (kind == FindingKind::kProtectedDeal) return ProtectedDealsIn(sql, customers_, days);
  if (kind == FindingKind::kExclusiveOverlap) {
    ASSIGN_OR_RETURN(const std::set<std::string> grants, GrantStore().Exclusive(sql));
    return detector_.OverlapsOf(sql, grants);
  }
  ASSIGN_OR_RETURN(const DiversionPolicy current, policies_.Current(sql));
  ASSIGN_OR_RETURN(const DiversionPolicy policy, With(current, request));
  // All of them: of several balances that show one flow the last one tells, and with it the day.
  return diversions_.ConcludeAll(sql, policy);
}

absl::Status BackTestService::Test(const rpc::Call&, rpc::Unit& unit, const v1::BackTestConflictRuleRequest& request,
                                   v1::BackTestConflictRuleResponse* reply) {
  ASSIGN_OR_RETURN(const FindingKind kind, TestedKind(request.name()));
  ASSIGN_OR_RETURN(const DateRange days, TestedDays(request));
  ASSIGN_OR_RETURN(const std::vector<Conclusion> conclusions, Conclude(unit.sql(), request, kind, days));
  std::map<std::string, const Conclusion*> flagged;
  std::set<std::string> ids;
  for (const Conclusion& conclusion : conclusions) {
    if (!IsOf(conclusion, days)) continue;
    const std::string id = FindingId(conclusion);
    flagged.emplace(id, &conclusion);
    ids.insert(id);
  }
  ASSIGN_OR_RETURN(const std::vector<PastFinding> past, past_.In(unit.sql(), kind, days));
  const BackTest test = Compare(ids, past);
  reply->set_flagged_count(test.flagged);
  reply->set_added_count(test.added);
  reply->set_dropped_count(test.dropped);
  reply->set_confirmed_count(test.confirmed);
  reply->set_unfounded_count(test.unfounded);
  reply->set_missed_count(test.missed);
  reply->set_spared_count(test.spared);
  if (const auto precision = test.precision()) *reply->mutable_precision() = wire::ToProto(*precision);
  if (const auto so_far = test.precision_so_far()) *reply->mutable_precision_so_far() = wire::ToProto(*so_far);

  std::map<std::string, const PastFinding*> by_id;
  for (const PastFinding& finding : past) by_id.emplace(finding.id, &finding);
  const size_t most =
      request.max_findings() == 0 ? kStandardFlagged : std::min<size_t>(request.max_findings(), kMostFlagged);
  for (const auto& [id, conclusion] : flagged) {
    if (static_cast<size_t>(reply->flagged_size()) == most) break;
    const auto known = by_id.find(id);
    *reply->add_flagged() = FlaggedToProto(id, *conclusion, known == by_id.end() ? nullptr : known->second);
  }
  return absl::OkStatus();
}

}  // namespace tributary::conflict
