#include "conflict-service/deals/registrar.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "common/status/status.h"
#include "common/time/today.h"
#include "conflict-service/deals/customer_store.h"
#include "conflict-service/deals/customer_tie_store.h"
#include "conflict-service/deals/deal_proto.h"
#include "conflict-service/deals/same_customer.h"

namespace tributary::conflict {
namespace {

// Those that `deal` meets while they may still be contested.
std::vector<Deal> ContestantsOf(const Deal& deal, const Registrar::Around& around, Date today) {
  std::vector<Deal> contestants;
  for (const Deal& other : around.others) {
    const bool open = other.Claims() && other.contest_end && today < *other.contest_end;
    if (open && Meet(deal, other, around.places)) contestants.push_back(other);
  }
  return contestants;
}

}  // namespace

absl::StatusOr<Places> Registrar::Place(mysql::Transaction& sql, const std::vector<const Deal*>& deals) const {
  std::set<std::string> regions;
  for (const Deal* deal : deals) {
    regions.insert(deal->scope.regions.begin(), deal->scope.regions.end());
    for (const auto* boxes : {&deal->granted, &deal->waitlisted}) {
      for (const Box& box : *boxes) regions.insert(box.regions.names.begin(), box.regions.names.end());
    }
  }
  Places places;
  ASSIGN_OR_RETURN(places.leaves, regions_.Leaves(sql, regions));
  for (const auto& [region, leaves] : places.leaves) regions.insert(leaves.begin(), leaves.end());
  // And what they lie in, to see which of these lies right below a root.
  ASSIGN_OR_RETURN(const RegionTree below, regions_.Tree(sql, regions));
  const std::set<std::string> named = regions;
  for (const std::string& region : named) {
    const std::set<std::string>& above = below.Ancestors(region);
    regions.insert(above.begin(), above.end());
  }
  ASSIGN_OR_RETURN(places.tree, regions_.Tree(sql, regions));
  return places;
}

absl::StatusOr<std::vector<Deal>> Registrar::ForCustomerOf(mysql::Transaction& sql, const Deal& deal,
                                                           const std::set<std::string>& more) const {
  const std::string key = CustomerKey(deal.customer_name);
  ASSIGN_OR_RETURN(auto alike, CustomerStore().Alike(sql, {key}));
  std::set<std::string>& keys = alike[key];
  keys.insert(more.begin(), more.end());
  ASSIGN_OR_RETURN(std::vector<Deal> deals, deals_.BlockingFor(sql, keys));
  const CustomerTieStore ties;
  RETURN_IF_ERROR(ties.Tie(sql, &deals));
  std::vector<Deal> own = {deal};
  RETURN_IF_ERROR(ties.Tie(sql, &own));
  // A key stands for several spellings, of which not each need be alike.
  std::erase_if(deals, [&](const Deal& other) {
    return other.name == deal.name || !CompareCustomersOf(own.front(), other).same;
  });
  return deals;
}

absl::StatusOr<Registrar::Around> Registrar::Look(mysql::Transaction& sql, const Deal& deal) const {
  Around around;
  ASSIGN_OR_RETURN(around.others, ForCustomerOf(sql, deal, {}));
  std::erase_if(around.others, [&deal](const Deal& other) { return other.partner == deal.partner; });
  std::sort(around.others.begin(), around.others.end(),
            [](const Deal& a, const Deal& b) { return std::pair(a.sequence, a.name) < std::pair(b.sequence, b.name); });
  std::vector<const Deal*> deals = {&deal};
  for (const Deal& other : around.others) deals.push_back(&other);
  ASSIGN_OR_RETURN(around.places, Place(sql, deals));
  return around;
}

absl::StatusOr<std::vector<Registrar::Similar>> Registrar::FindSimilar(mysql::Transaction& sql, const Deal& deal) {
  // A draft's customer need not have been learned.
  ASSIGN_OR_RETURN(const std::set<std::string> found, customers_.Find(sql, deal.customer_name));
  ASSIGN_OR_RETURN(const std::vector<Deal> others, ForCustomerOf(sql, deal, found));
  std::vector<Deal> own = {deal};
  RETURN_IF_ERROR(CustomerTieStore().Tie(sql, &own));
  std::vector<const Deal*> all = {&deal};
  for (const Deal& other : others) all.push_back(&other);
  ASSIGN_OR_RETURN(const Places places, Place(sql, all));
  const Box wanted = Requested(deal, places);
  std::vector<Similar> similar;
  for (const Deal& other : others) {
    Similar one{other, CompareCustomersOf(own.front(), other).why, {}};
    std::vector<Box> standing = Held(other, places);
    if (other.Claims()) standing = {Requested(other, places)};
    for (const Box& box : standing) {
      if (std::optional<Box> shared = Intersect(wanted, box)) one.shared.push_back(*std::move(shared));
    }
    similar.push_back(std::move(one));
  }
  return similar;
}

absl::StatusOr<Deal> Registrar::Enter(rpc::Unit& unit, Deal deal, bool contested, absl::Time now) {
  RETURN_IF_ERROR(customers_.Learn(unit.sql(), deal.customer_name));
  ASSIGN_OR_RETURN(deal.sequence, deals_.NextSequence(unit.sql()));
  ASSIGN_OR_RETURN(const Around around, Look(unit.sql(), deal));
  deal.conflict =
      Together(deal.conflict, ConflictOf({Requested(deal, around.places)}, deal, around.others, around.places));
  deal.contest_end.reset();
  if (!contested) return deal;
  return Join(unit, std::move(deal), around, now);
}

absl::StatusOr<Deal> Registrar::Join(rpc::Unit& unit, Deal deal, const Around& around, absl::Time now) {
  ASSIGN_OR_RETURN(const std::optional<Policy> policy, policies_.Active(unit.sql()));
  if (!policy) return deal;
  const Date today = UtcToday(now);
  deal.contest_end = AddBusinessDays(today, policy->terms.contest_days, policy->terms.holidays);
  const std::vector<Deal> met = ContestantsOf(deal, around, today);
  if (met.empty()) return deal;

  // The window of the first decides. A registration that meets several contests makes one of them, until the last of
  // their ends: nobody has less time than he was told.
  Date end = *met.front().contest_end;
  std::set<std::string> contests;
  for (const Deal& other : met) {
    end = std::max(end, *other.contest_end);
    if (!other.contest.empty()) contests.insert(other.contest);
  }
  std::string name = contests.empty() ? "" : *contests.begin();
  if (contests.empty()) {
    const Contest made = NewContest(policy->name, end, now);
    RETURN_IF_ERROR(contests_.Create(unit.sql(), made));
    name = made.name;
  }
  std::vector<Deal> members = met;
  for (const std::string& known : contests) {
    ASSIGN_OR_RETURN(const std::vector<Deal> there, MoveContest(unit, known, name, end, now));
    for (const Deal& member : there) {
      const auto same = [&member](const Deal& other) { return other.name == member.name; };
      if (std::none_of(members.begin(), members.end(), same)) members.push_back(member);
    }
  }
  for (size_t i = 0; i < members.size(); ++i) {
    Deal other = members[i];
    if (i < met.size()) {
      other.conflict =
          Together(other.conflict, ConflictOf({Requested(other, around.places)}, other, {deal}, around.places));
    }
    if (other.contest == name && other.contest_end == end && other.conflict == members[i].conflict) continue;
    RETURN_IF_ERROR(Save(unit, "contested", members[i], Contested(std::move(other), name, end, now), now));
  }
  const int64_t version = deal.version;
  deal = Contested(std::move(deal), name, end, now);
  deal.version = version;  // one step with its submission
  return deal;
}

absl::StatusOr<std::vector<Deal>> Registrar::MoveContest(rpc::Unit& unit, const std::string& from,
                                                         const std::string& to, Date end, absl::Time now) {
  ASSIGN_OR_RETURN(Contest contest, contests_.Get(unit.sql(), from));
  if (from == to && contest.end == end) return std::vector<Deal>();
  RETURN_IF_ERROR(contests_.Update(
      unit.sql(), from == to ? WithEnd(std::move(contest), end, now) : Merged(std::move(contest), now)));
  return deals_.InContest(unit.sql(), from);
}

absl::Status Registrar::Save(rpc::Unit& unit, std::string_view verb, const Deal& before, const Deal& deal,
                             absl::Time now) {
  RETURN_IF_ERROR(deals_.Update(unit.sql(), deal));
  if (const std::optional<DealStep> step = StepOf(before, deal)) {
    RETURN_IF_ERROR(figures_.Count(unit.sql(), deal.partner, UtcToday(now), *step));
  }
  if (before.AwaitsApproval() && !deal.AwaitsApproval()) {
    RETURN_IF_ERROR(asks_.Withdraw(unit.sql(), deal.name, now));
  }
  RETURN_IF_ERROR(detector_.DealChanged(unit.sql(), deal, now, unit.outbox()));
  unit.Emit(Told(verb, deal));
  return absl::OkStatus();
}

}  // namespace tributary::conflict
