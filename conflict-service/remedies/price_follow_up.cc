#include "conflict-service/remedies/price_follow_up.h"

#include <map>
#include <set>
#include <string>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/cases/case_store.h"
#include "conflict-service/facts/region_store.h"
#include "conflict-service/prices/price_observation_store.h"
#include "conflict-service/prices/price_rule_store.h"
#include "conflict-service/remedies/own_steps.h"
#include "conflict-service/remedies/price_action.h"
#include "conflict-service/remedies/remedy_proto.h"
#include "conflict-service/remedies/remedy_store.h"

namespace tributary::conflict {
namespace {

// Those whose prices have changed: product by product, the partners.
using Sellers = std::map<std::string, std::set<std::string>>;

absl::StatusOr<FollowedUp> LookAfter(mysql::Transaction& sql, const std::string& partner, const PriceAction& action,
                                     const PriceRule& rule) {
  ASSIGN_OR_RETURN(const std::vector<PriceObservation> seen,
                   PriceObservationStore().Since(sql, partner, rule.product, action.due_on));
  std::set<std::string> regions(rule.regions.begin(), rule.regions.end());
  for (const PriceObservation& one : seen) regions.insert(one.region);
  ASSIGN_OR_RETURN(const RegionTree tree, RegionStore().Tree(sql, regions));
  return FollowUpOf(action, rule, seen, tree);
}

absl::Status NoteBroken(mysql::Transaction& sql, const Remedy& remedy, const RemedyStep& step, absl::Time now,
                        events::Outbox& outbox) {
  ASSIGN_OR_RETURN(const Case one, CaseStore().GetForUpdate(sql, remedy.case_id));
  return WriteIn(sql, one, "",
                 StrCat(step.partner, " was to keep ", step.price->price_rule, " from ", step.price->due_on.ToString(),
                        " on (", remedy.name(), "): ", step.price->observation, " does not."),
                 now, outbox)
      .status();
}

// Those of these sellers, or all of them; whether any has changed.
absl::StatusOr<bool> FollowUpSteps(mysql::Transaction& sql, const Sellers* sellers, absl::Time now,
                                   events::Outbox& outbox, Remedy* remedy) {
  bool changed = false;
  for (RemedyStep& step : remedy->steps) {
    if (!step.price || step.state != StepState::kApplied) continue;
    absl::StatusOr<PriceRule> rule = PriceRuleStore().Get(sql, step.price->price_rule);
    if (absl::IsNotFound(rule.status())) continue;
    RETURN_IF_ERROR(rule.status());
    if (sellers != nullptr) {
      const auto partners = sellers->find(rule->product);
      if (partners == sellers->end() || !partners->second.contains(step.partner)) continue;
    }
    ASSIGN_OR_RETURN(FollowedUp now_seen, LookAfter(sql, step.partner, *step.price, *rule));
    if (now_seen == FollowedUp{step.price->follow_up, step.price->observation}) continue;
    step.price->follow_up = now_seen.follow_up;
    step.price->observation = std::move(now_seen.observation);
    changed = true;
    if (step.price->follow_up == FollowUp::kBroken) RETURN_IF_ERROR(NoteBroken(sql, *remedy, step, now, outbox));
  }
  return changed;
}

absl::Status FollowUpRemedy(mysql::Transaction& sql, const Sellers* sellers, absl::Time now, events::Outbox& outbox,
                            Remedy* remedy) {
  ASSIGN_OR_RETURN(const bool changed, FollowUpSteps(sql, sellers, now, outbox, remedy));
  if (!changed) return absl::OkStatus();
  remedy->update_time = now;
  ++remedy->version;
  RETURN_IF_ERROR(RemedyStore().Update(sql, *remedy));
  outbox.Add(events::Draft(remedy->name(), "followed_up", remedy->name(), ToProto(*remedy)));
  return absl::OkStatus();
}

absl::Status FollowUpCases(mysql::Transaction& sql, const std::set<std::string>& cases, const Sellers* sellers,
                           absl::Time now, events::Outbox& outbox) {
  if (cases.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<Remedy> remedies, RemedyStore().OfCasesForUpdate(sql, cases));
  for (Remedy& remedy : remedies) RETURN_IF_ERROR(FollowUpRemedy(sql, sellers, now, outbox, &remedy));
  return absl::OkStatus();
}

}  // namespace

absl::Status FollowPriceActions(mysql::Transaction& sql, const std::vector<PriceObservation>& changed, absl::Time now,
                                events::Outbox& outbox) {
  Sellers sellers;
  std::set<std::string> partners;
  for (const PriceObservation& one : changed) {
    if (one.partner.empty()) continue;
    sellers[one.product].insert(one.partner);
    partners.insert(one.partner);
  }
  if (sellers.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::set<std::string> cases, RemedyStore().CasesWithPriceActions(sql, partners));
  return FollowUpCases(sql, cases, &sellers, now, outbox);
}

absl::Status FollowPriceRule(mysql::Transaction& sql, const PriceRule& changed, absl::Time now,
                             events::Outbox& outbox) {
  ASSIGN_OR_RETURN(const std::set<std::string> cases, RemedyStore().CasesAskingFor(sql, changed.name));
  return FollowUpCases(sql, cases, nullptr, now, outbox);
}

absl::Status FollowPriceActions(mysql::Transaction& sql, absl::Time now, events::Outbox& outbox, Remedy* remedy) {
  return FollowUpSteps(sql, nullptr, now, outbox, remedy).status();
}

}  // namespace tributary::conflict
