#include "conflict-service/census.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/status/status.h"
#include "conflict-service/cases/case_store.h"
#include "conflict-service/deals/deal_figures_store.h"
#include "conflict-service/deals/deal_limits_store.h"
#include "conflict-service/findings/finding_store.h"
#include "conflict-service/remedies/remedy_store.h"

namespace tributary::conflict {

namespace {

std::vector<std::string> AllKinds() {
  std::vector<std::string> kinds;
  for (const FindingKind kind : kAllFindingKinds) kinds.emplace_back(NameOf(kind));
  return kinds;
}

void AddCaseCensus(process::Census& census, prometheus::Registry& registry) {
  using Gauge = process::CensusGauge;
  std::vector<std::string> states;
  for (const CaseState state : kAllCaseStates) states.emplace_back(NameOf(state));
  const auto cases = std::make_shared<Gauge>(registry, "tributary_conflict_cases", "Cases, by state", "state", states);
  auto& overdue = prometheus::BuildGauge()
                      .Name("tributary_conflict_overdue_cases")
                      .Help("Cases whose next step is overdue")
                      .Register(registry)
                      .Add({});
  const auto precision = std::make_shared<Gauge>(
      registry, "tributary_conflict_case_precision_ratio",
      "Closed cases that were confirmed, over those that were confirmed or unfounded", "kind", AllKinds());
  const auto detection = std::make_shared<Gauge>(registry, "tributary_conflict_case_detection_seconds",
                                                 "Mean time from the day it happened to its case", "kind", AllKinds());
  const auto resolution = std::make_shared<Gauge>(registry, "tributary_conflict_case_resolution_seconds",
                                                  "Mean time from a case to its decision", "kind", AllKinds());
  std::vector<std::string> roles;
  for (const StaffRole role : kAllStaffRoles) roles.emplace_back(NameOf(role));
  const auto escalated =
      std::make_shared<Gauge>(registry, "tributary_conflict_escalated_cases",
                              "Cases whose step is overdue, by whom they are escalated to", "role", roles);
  census.Add("cases", absl::Seconds(30), [=, &overdue](mysql::Transaction& sql) -> absl::Status {
    const CaseStore store;
    ASSIGN_OR_RETURN(const auto by_state, store.CountByState(sql));
    ASSIGN_OR_RETURN(const int64_t late, store.CountOverdue(sql, absl::Now()));
    ASSIGN_OR_RETURN(const auto by_kind, store.FiguresByKind(sql));
    ASSIGN_OR_RETURN(const auto by_role, store.CountEscalated(sql));
    std::map<std::string, double> shown, right, detected, resolved, waiting;
    for (const auto& [role, count] : by_role) waiting[std::string(NameOf(role))] = static_cast<double>(count);
    for (const auto& [state, count] : by_state) shown[std::string(NameOf(state))] = static_cast<double>(count);
    for (const auto& [kind, figures] : by_kind) {
      const std::string name(NameOf(kind));
      const double decided = static_cast<double>(figures.confirmed + figures.unfounded);
      if (decided > 0) right[name] = static_cast<double>(figures.confirmed) / decided;
      detected[name] = static_cast<double>(figures.seconds_to_detect);
      resolved[name] = static_cast<double>(figures.seconds_to_resolve);
    }
    cases->Set(shown);
    overdue.Set(static_cast<double>(late));
    escalated->Set(waiting);
    precision->Set(right);
    detection->Set(detected);
    resolution->Set(resolved);
    return absl::OkStatus();
  });
}

void AddRemedyCensus(process::Census& census, prometheus::Registry& registry) {
  std::vector<std::string> states;
  for (const RemedyState state : kAllRemedyStates) states.emplace_back(NameOf(state));
  const auto remedies = std::make_shared<process::CensusGauge>(registry, "tributary_conflict_remedies",
                                                               "Remedies of cases, by state", "state", states);
  census.Add("remedies", absl::Seconds(30), [remedies](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const auto counts, RemedyStore().CountByState(sql));
    std::map<std::string, double> shown;
    for (const auto& [state, count] : counts) shown[std::string(NameOf(state))] = static_cast<double>(count);
    remedies->Set(shown);
    return absl::OkStatus();
  });
}

void AddDealCensus(process::Census& census, prometheus::Registry& registry) {
  std::vector<std::string> states;
  for (const Deal::State state : kAllDealStates) states.emplace_back(NameOf(state));
  const auto deals = std::make_shared<process::CensusGauge>(registry, "tributary_conflict_deals",
                                                            "Deal registrations, by state", "state", states);
  auto& hoarding = prometheus::BuildGauge()
                       .Name("tributary_conflict_hoarding_partners")
                       .Help("Partners whose figures are hoarding by the limits of deals")
                       .Register(registry)
                       .Add({});
  census.Add("deals", absl::Minutes(5), [deals, &hoarding](mysql::Transaction& sql) -> absl::Status {
    const DealFiguresStore store{};
    ASSIGN_OR_RETURN(const auto counts, store.CountByState(sql));
    ASSIGN_OR_RETURN(const DealLimits limits, DealLimitsStore().Current(sql));
    ASSIGN_OR_RETURN(const auto figures, store.All(sql, limits.From(absl::Now())));
    std::map<std::string, double> shown;
    for (const auto& [state, count] : counts) shown[std::string(NameOf(state))] = static_cast<double>(count);
    deals->Set(shown);
    double partners = 0;
    for (const auto& [partner, of] : figures) partners += Hoards(limits, of) ? 1 : 0;
    hoarding.Set(partners);
    return absl::OkStatus();
  });
}

}  // namespace

void AddCensus(process::Census& census, prometheus::Registry& registry) {
  const std::vector<std::string> kinds = AllKinds();
  AddCaseCensus(census, registry);
  AddRemedyCensus(census, registry);
  AddDealCensus(census, registry);
  const auto open = std::make_shared<process::CensusGauge>(registry, "tributary_conflict_open_findings",
                                                           "Findings that are open, by kind", "kind", kinds);
  census.Add("findings", absl::Seconds(30), [open](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const auto counts, FindingStore().CountOpen(sql));
    std::map<std::string, double> shown;
    for (const auto& [kind, count] : counts) shown[std::string(NameOf(kind))] = static_cast<double>(count);
    open->Set(shown);
    return absl::OkStatus();
  });
}

}  // namespace tributary::conflict
