#include "conflict-service/contests/adjudicator.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "common/status/status.h"
#include "common/time/today.h"
#include "conflict-service/contests/contest_proto.h"

namespace tributary::conflict {
namespace {

const Deal& DealNamed(const std::vector<Deal>& deals, std::string_view name) {
  return *std::find_if(deals.begin(), deals.end(), [name](const Deal& deal) { return deal.name == name; });
}

std::vector<Box> GrantedByLeaves(const Deal& deal, const Places& places) {
  std::vector<Box> granted;
  for (const Box& box : deal.granted) granted.push_back(WithLeaves(box, places));
  return granted;
}

}  // namespace

absl::StatusOr<Contest> Adjudicator::Award(rpc::Unit& unit, const Contest& open, std::string_view awarded_by,
                                           absl::Time now) {
  ASSIGN_OR_RETURN(const std::vector<Deal> members, parts_.deals.InContest(unit.sql(), open.name));
  // Whoever verifies evidence now has come before, or finds it decided.
  for (const Deal& deal : members) RETURN_IF_ERROR(parts_.deals.GetForUpdate(unit.sql(), deal.name).status());
  ASSIGN_OR_RETURN(const ContestInputs inputs, Inputs(unit.sql(), open, members));
  const std::vector<Placing> award = Decide(inputs, inputs.terms);
  ASSIGN_OR_RETURN(const Contest awarded, Decided(unit, open, inputs, award, awarded_by, "awarded", now));
  for (const Placing& placing : award) {
    const Deal& member = DealNamed(members, placing.deal);
    RETURN_IF_ERROR(parts_.contests.SetDecidedIn(unit.sql(), member.name, {awarded.name, false}));
    RETURN_IF_ERROR(parts_.registrar.Save(unit, "decided", member, Approve(member, placing.share, "", now), now));
  }
  return awarded;
}

absl::Status Adjudicator::HandedIn(mysql::Transaction& sql, const Deal& deal) const {
  return parts_.contests.ClearDecidedIn(sql, deal.name);
}

absl::Status Adjudicator::Appealed(mysql::Transaction& sql, const Deal& deal, absl::Time now) const {
  ASSIGN_OR_RETURN(const auto decided, parts_.contests.GetDecidedIn(sql, deal.name));
  if (!decided) return absl::OkStatus();
  ASSIGN_OR_RETURN(const ContestDecision award, parts_.contests.GetDecision(sql, decided->contest, 1));
  ASSIGN_OR_RETURN(const ContestInputs inputs, ReadInputs(award.inputs));
  const bool in_time = InTimeToAppeal(inputs.terms, UtcToday(award.decide_time), UtcToday(now));
  return parts_.contests.SetDecidedIn(sql, deal.name, {decided->contest, in_time});
}

absl::StatusOr<std::optional<Share>> Adjudicator::AcceptAppeal(rpc::Unit& unit, const Deal& appellant,
                                                               std::string_view accepted_by, absl::Time now) {
  mysql::Transaction& sql = unit.sql();
  ASSIGN_OR_RETURN(const auto decided, parts_.contests.GetDecidedIn(sql, appellant.name));
  if (!decided || !decided->appealed) return std::optional<Share>();
  ASSIGN_OR_RETURN(const Contest contest, parts_.contests.Get(sql, decided->contest));
  ASSIGN_OR_RETURN(const ContestInputs whole, Whole(sql, contest.name));
  ASSIGN_OR_RETURN(const std::vector<Deal> members, StillIn(sql, contest.name, whole));
  Places places;
  ASSIGN_OR_RETURN(const std::vector<ContestantNow> standing,
                   AsTheyStand(sql, whole, members, appellant.sequence, &places));
  ASSIGN_OR_RETURN(const std::vector<Proof> proofs, Proofs(sql, appellant, std::nullopt));
  const ContestInputs inputs = WithAppeal(whole, appellant.name, proofs, standing);
  const std::vector<Placing> award = Decide(inputs, inputs.terms);
  RETURN_IF_ERROR(Decided(unit, contest, inputs, award, accepted_by, "decided_again", now).status());
  RETURN_IF_ERROR(parts_.contests.SetDecidedIn(sql, appellant.name, {contest.name, false}));

  std::optional<Share> own;
  for (const Placing& placing : award) {
    const Deal& member = DealNamed(members, placing.deal);
    const auto one = std::find_if(standing.begin(), standing.end(),
                                  [&placing](const ContestantNow& now_one) { return now_one.deal == placing.deal; });
    Share share = HeldAfter(placing.share, GrantedByLeaves(member, places), one->beside);
    if (member.name == appellant.name) {
      own = std::move(share);
    } else if (share.granted != member.granted || share.waitlisted != member.waitlisted) {
      RETURN_IF_ERROR(parts_.registrar.Save(unit, "decided", member, DecideAgain(member, share, now), now));
    }
  }
  return own;
}

absl::StatusOr<ContestInputs> Adjudicator::Whole(mysql::Transaction& sql, const std::string& contest) const {
  constexpr int kMost = 100000;
  ASSIGN_OR_RETURN(const std::vector<ContestDecision> decisions,
                   parts_.contests.Decisions(sql, contest, std::numeric_limits<int64_t>::max(), kMost));
  std::vector<ContestInputs> inputs;
  for (auto decision = decisions.rbegin(); decision != decisions.rend(); ++decision) {
    ASSIGN_OR_RETURN(ContestInputs read, ReadInputs(decision->inputs));
    inputs.push_back(std::move(read));
  }
  return WholeOf(inputs);
}

absl::StatusOr<std::vector<Deal>> Adjudicator::StillIn(mysql::Transaction& sql, const std::string& contest,
                                                       const ContestInputs& whole) const {
  ASSIGN_OR_RETURN(const std::set<std::string> decided, parts_.contests.DecidedDeals(sql, contest));
  std::vector<Deal> members;
  for (const Contestant& contestant : whole.contestants) {
    if (!decided.contains(contestant.deal)) continue;
    ASSIGN_OR_RETURN(Deal deal, parts_.deals.GetForUpdate(sql, contestant.deal));
    if (StillContests(deal)) members.push_back(std::move(deal));
  }
  return members;
}

absl::StatusOr<std::vector<ContestantNow>> Adjudicator::AsTheyStand(mysql::Transaction& sql, const ContestInputs& whole,
                                                                    const std::vector<Deal>& members, int64_t sequence,
                                                                    Places* places) const {
  std::vector<std::vector<Deal>> outside;  // of each member, whoever else is there for its customer
  std::vector<const Deal*> all;
  for (const Deal& member : members) {
    ASSIGN_OR_RETURN(Registrar::Around around, parts_.registrar.Look(sql, member));
    std::erase_if(around.others, [&members](const Deal& other) {
      return std::any_of(members.begin(), members.end(), [&other](const Deal& one) { return one.name == other.name; });
    });
    outside.push_back(std::move(around.others));
    all.push_back(&member);
  }
  for (const std::vector<Deal>& others : outside) {
    for (const Deal& other : others) all.push_back(&other);
  }
  ASSIGN_OR_RETURN(*places, parts_.registrar.Place(sql, all));
  // What goes over from one of them to another was nobody else's to claim.
  std::vector<Box> held;
  for (const Deal& member : members) {
    for (Box& box : Held(member, *places)) held.push_back(std::move(box));
  }
  std::vector<ContestantNow> standing;
  for (size_t i = 0; i < members.size(); ++i) {
    const auto contestant = std::find_if(whole.contestants.begin(), whole.contestants.end(),
                                         [&](const Contestant& one) { return one.deal == members[i].name; });
    ContestantNow one{members[i].name, Requested(members[i], *places), {}, {}};
    one.requested.time = contestant->requested.time;
    one.taken = TakenBefore(members[i], outside[i], sequence, held, *places);
    one.beside = BesideOf(members[i], one.requested, *places);
    standing.push_back(std::move(one));
  }
  return standing;
}

absl::StatusOr<ContestInputs> Adjudicator::Inputs(mysql::Transaction& sql, const Contest& contest,
                                                  const std::vector<Deal>& members) const {
  ContestInputs inputs;
  ASSIGN_OR_RETURN(const Policy policy, parts_.policies.Get(sql, contest.policy));
  inputs.policy = policy.name;
  inputs.terms = policy.terms;
  for (const Deal& deal : members) {
    ASSIGN_OR_RETURN(Registrar::Around around, parts_.registrar.Look(sql, deal));
    Contestant contestant;
    contestant.deal = deal.name;
    contestant.sequence = deal.sequence;
    contestant.requested = Requested(deal, around.places);
    ASSIGN_OR_RETURN(contestant.evidence, Proofs(sql, deal, contest.end));
    // The other contestants are weighed; whoever else has something has it before.
    std::erase_if(around.others, [&](const Deal& other) {
      if (other.contest != contest.name) return false;
      contestant.rivals.push_back(other.name);
      return true;
    });
    contestant.taken = TakenBefore(deal, around.others, around.places);
    inputs.contestants.push_back(std::move(contestant));
  }
  return inputs;
}

absl::StatusOr<std::vector<Proof>> Adjudicator::Proofs(mysql::Transaction& sql, const Deal& deal,
                                                       std::optional<Date> before) const {
  constexpr int kMost = 100000;
  ASSIGN_OR_RETURN(const std::vector<Evidence> evidence, parts_.evidence.List(sql, deal.name, "", kMost));
  std::vector<Proof> proofs;
  for (const Evidence& one : evidence) {
    const bool in_time = !before || UtcToday(one.create_time) < *before;
    if (one.state == Evidence::State::kVerified && in_time) proofs.push_back({one.kind, one.date, one.name});
  }
  return proofs;
}

absl::StatusOr<Contest> Adjudicator::Decided(rpc::Unit& unit, const Contest& before, const ContestInputs& inputs,
                                             const std::vector<Placing>& award, std::string_view decided_by,
                                             std::string_view verb, absl::Time now) {
  const Contest decided = conflict::Award(before, inputs, award, std::string(decided_by), now);
  RETURN_IF_ERROR(parts_.contests.Update(unit.sql(), decided));
  ASSIGN_OR_RETURN(const std::vector<ContestDecision> last,
                   parts_.contests.Decisions(unit.sql(), before.name, std::numeric_limits<int64_t>::max(), 1));
  const int64_t number = last.empty() ? 1 : last.front().number + 1;
  RETURN_IF_ERROR(parts_.contests.AddDecision(unit.sql(), DecisionOf(decided, number)));
  ASSIGN_OR_RETURN(const v1::Contest message, ToProto(decided, {}));
  unit.Emit(Told(verb, message));
  return decided;
}

}  // namespace tributary::conflict
