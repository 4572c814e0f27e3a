#include "conflict-service/conflict_rules/back_test_service.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "conflict-service/detection/direct_sale_detector.h"
#include "conflict-service/detection/duplicate_sale_detector.h"
#include "conflict-service/detection/price_detector.h"
#include "conflict-service/detection/protected_deal_detector.h"
#include "conflict-service/facts/grant_store.h"
#include "conflict-service/prices/price.h"
#include "conflict-service/prices/price_rule_store.h"

namespace tributary::conflict {
namespace {

constexpr int kMostDaysTested = 1100;
constexpr size_t kStandardFlagged = 100;
constexpr size_t kMostFlagged = 1000;

// A rule is named by what it finds: conflictRules/out-of-territory.
std::string RuleOf(FindingKind kind) {
  std::string name(NameOf(kind));
  for (char& c : name) c = c == '_' ? '-' : absl::ascii_tolower(static_cast<unsigned char>(c));
  return StrCat("conflictRules/", name);
}

absl::StatusOr<FindingKind> TestedKind(const std::string& name) {
  RETURN_IF_ERROR(ParseResourceName(name, "conflictRules/{conflict_rule}").status());
  for (const FindingKind kind : kAllFindingKinds) {
    if (name == RuleOf(kind)) return kind;
  }
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

struct Parameter {
  std::string_view name;
  bool given;
  std::set<FindingKind> of;  // the rules that have it
};

std::vector<Parameter> ParametersOf(const v1::BackTestConflictRuleRequest& request) {
  const std::set<FindingKind> odds = {FindingKind::kDiversion}, price = {FindingKind::kBelowPrice},
                              war = {FindingKind::kPriceWar}, both = {FindingKind::kBelowPrice, FindingKind::kPriceWar};
  return {{"least_units", request.has_least_units(), odds},
          {"prior_decibans", request.has_prior_decibans(), odds},
          {"balance_decibans", request.has_balance_decibans(), odds},
          {"outside_serial_decibans", request.has_outside_serial_decibans(), odds},
          {"threshold_decibans", request.has_threshold_decibans(), odds},
          {"price_rule", !request.price_rule().empty(), both},
          {"floor", request.has_floor(), price},
          {"minimum_advertised_price", request.has_minimum_advertised_price(), price},
          {"effective_from", request.has_effective_from(), both},
          {"follow_days", request.has_follow_days(), war}};
}

absl::Status CheckParameters(const v1::BackTestConflictRuleRequest& request, FindingKind kind) {
  for (const Parameter& parameter : ParametersOf(request)) {
    if (!parameter.given || parameter.of.contains(kind)) continue;
    return InvalidField(parameter.name, "a value", StrCat("none: ", request.name(), " has no such parameter"));
  }
  return absl::OkStatus();
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

// What to put in the place of a decimal that is given.
absl::Status Take(bool given, const google::type::Decimal& value, std::string_view field, std::optional<Decimal>* to) {
  if (!given) return absl::OkStatus();
  const absl::StatusOr<Decimal> taken = wire::FromProto(value);
  if (!taken.ok()) return AtField(taken.status(), field);
  *to = *taken;
  return absl::OkStatus();
}

// The price rule that is named, with the terms that are given: the version that would be next.
absl::StatusOr<std::optional<PriceRule>> TriedRule(mysql::Transaction& sql,
                                                   const v1::BackTestConflictRuleRequest& request) {
  const bool terms = request.has_floor() || request.has_minimum_advertised_price() || request.has_effective_from() ||
                     request.has_follow_days();
  if (request.price_rule().empty()) {
    if (terms) return InvalidField("price_rule", "nothing", "the price rule whose terms are given");
    return std::nullopt;
  }
  RETURN_IF_ERROR(ParseResourceName(request.price_rule(), "priceRules/{price_rule}", "price_rule").status());
  ASSIGN_OR_RETURN(PriceRule rule, PriceRuleStore().Get(sql, request.price_rule()));
  if (!terms) return rule;
  ++rule.version;
  RETURN_IF_ERROR(Take(request.has_floor(), request.floor(), "floor", &rule.floor));
  RETURN_IF_ERROR(Take(request.has_minimum_advertised_price(), request.minimum_advertised_price(),
                       "minimum_advertised_price", &rule.advertised));
  if (request.has_effective_from()) {
    const absl::StatusOr<Date> from = wire::FromProto(request.effective_from());
    if (!from.ok()) return AtField(from.status(), "effective_from");
    rule.days.start = *from;
  }
  if (request.has_follow_days()) rule.follow_days = request.follow_days();
  RETURN_IF_ERROR(Check(rule));
  return rule;
}

// Whether it is of these days, and by the price rule that is asked about.
bool IsOf(const Conclusion& conclusion, const DateRange& days, const std::string& price_rule) {
  const std::vector<std::string>& subjects = conclusion.subjects;
  if (!price_rule.empty() && !std::binary_search(subjects.begin(), subjects.end(), price_rule)) return false;
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
  RETURN_IF_ERROR(CheckParameters(request, kind));
  switch (kind) {
    case FindingKind::kExclusiveOverlap: {
      ASSIGN_OR_RETURN(const std::set<std::string> grants, GrantStore().Exclusive(sql));
      return detector_.OverlapsOf(sql, grants);
    }
    case FindingKind::kDuplicateDeal:
      return detector_.DuplicateDealsIn(sql, days);
    case FindingKind::kOutOfTerritory:
      return detector_.OutOfTerritoryIn(sql, days);
    case FindingKind::kDuplicateSale:
      return DuplicateSalesIn(sql, days);
    case FindingKind::kDirectVsPartner:
      return DirectVsPartnerIn(sql, customers_, days);
    case FindingKind::kProtectedDeal:
      return ProtectedDealsIn(sql, customers_, days);
    case FindingKind::kBelowPrice:
    case FindingKind::kPriceWar: {
      ASSIGN_OR_RETURN(const std::optional<PriceRule> tried, TriedRule(sql, request));
      return kind == FindingKind::kBelowPrice ? BelowPricesIn(sql, days, tried) : PriceWarsIn(sql, tried);
    }
    case FindingKind::kDiversion:
      break;
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
    if (!IsOf(conclusion, days, request.price_rule())) continue;
    const std::string id = FindingId(conclusion);
    flagged.emplace(id, &conclusion);
    ids.insert(id);
  }
  ASSIGN_OR_RETURN(const std::vector<PastFinding> past, past_.In(unit.sql(), kind, days, request.price_rule()));
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
