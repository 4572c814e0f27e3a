#include "conflict-service/contests/contest_service.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/digest/sha256.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/status/status.h"
#include "common/time/today.h"
#include "conflict-service/contests/contest_proto.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kPattern = "contests/{contest}";

std::string WinnerOf(const std::vector<Placing>& award) { return award.empty() ? std::string() : award.front().deal; }

}  // namespace

void ContestService::Register(rpc::Server& server) {
  server.Add("tributary.conflict.v1.ContestService", this)
      .Unary("GetContest", &ContestService::Get)
      .Unary("ListContests", &ContestService::List)
      .Unary("AwardContest", &ContestService::Award)
      .Unary("ReplayContest", &ContestService::Replay);
}

absl::Status ContestService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetContestRequest& request,
                                 v1::Contest* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.name(), kPattern).status());
  ASSIGN_OR_RETURN(const Contest contest, parts_.contests.Get(unit.sql(), request.name()));
  ASSIGN_OR_RETURN(*reply, Message(unit.sql(), contest));
  return absl::OkStatus();
}

absl::Status ContestService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListContestsRequest& request,
                                  v1::ListContestsResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(parts_.tokens, call, request, ContestStore::Fields(), ""));
  ASSIGN_OR_RETURN(std::vector<Contest> contests,
                   parts_.contests.List(unit.sql(), page.filter(), page.after(0), page.limit()));
  reply->set_next_page_token(page.Cut(&contests, [](const Contest& last) { return std::vector{last.name}; }));
  for (const Contest& contest : contests) {
    ASSIGN_OR_RETURN(*reply->add_contests(), Message(unit.sql(), contest));
  }
  return absl::OkStatus();
}

absl::Status ContestService::Award(const rpc::Call& call, rpc::Unit& unit, const v1::AwardContestRequest& request,
                                   v1::Contest* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.name(), kPattern).status());
  RETURN_IF_ERROR(parts_.registrar.Lock(unit.sql()));
  ASSIGN_OR_RETURN(const Contest open, parts_.contests.Get(unit.sql(), request.name()));
  RETURN_IF_ERROR(CheckEtag(open.name, request.etag(), open.version));
  RETURN_IF_ERROR(CheckMayAward(open, call.now));
  ASSIGN_OR_RETURN(const std::vector<Deal> members, parts_.deals.InContest(unit.sql(), open.name));
  // Whoever verifies evidence now has come before, or finds it decided.
  for (const Deal& deal : members) RETURN_IF_ERROR(parts_.deals.GetForUpdate(unit.sql(), deal.name).status());
  ASSIGN_OR_RETURN(const ContestInputs inputs, Inputs(unit.sql(), open, members));
  const std::vector<Placing> award = Decide(inputs, inputs.terms);
  const Contest awarded = conflict::Award(open, inputs, award, call.identity->subject, call.now);
  RETURN_IF_ERROR(parts_.contests.Update(unit.sql(), awarded));
  for (const Placing& placing : award) {
    const auto member =
        std::find_if(members.begin(), members.end(), [&](const Deal& deal) { return deal.name == placing.deal; });
    RETURN_IF_ERROR(
        parts_.registrar.Save(unit, "decided", *member, Approve(*member, placing.share, "", call.now), call.now));
  }
  ASSIGN_OR_RETURN(*reply, ToProto(awarded, {}));
  unit.Emit(Told("awarded", *reply));
  return absl::OkStatus();
}

absl::Status ContestService::Replay(const rpc::Call&, rpc::Unit& unit, const v1::ReplayContestRequest& request,
                                    v1::ReplayContestResponse* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.name(), kPattern).status());
  ASSIGN_OR_RETURN(const Contest contest, parts_.contests.Get(unit.sql(), request.name()));
  if (contest.state != Contest::State::kAwarded) {
    return WrongState(contest.name, "replay", NameOf(contest.state), "AWARDED");
  }
  ASSIGN_OR_RETURN(const ContestInputs inputs, ReadInputs(contest.inputs));
  Terms terms = inputs.terms;
  reply->set_policy(inputs.policy);
  if (!request.policy().empty()) {
    RETURN_IF_ERROR(
        ParseResourceName(request.policy(), "adjudicationPolicies/{adjudication_policy}", "policy").status());
    ASSIGN_OR_RETURN(const Policy policy, parts_.policies.Get(unit.sql(), request.policy()));
    terms = policy.terms;
    reply->set_policy(policy.name);
  }
  ASSIGN_OR_RETURN(const std::vector<Placing> was, ReadAward(contest.award));
  const std::vector<Placing> is = Decide(inputs, terms);
  reply->set_inputs_sha256(Sha256Hex(Write(inputs)));
  for (const Placing& placing : is) *reply->add_members() = ToProto(placing);
  reply->set_same_award(is == was);
  reply->set_same_winner(WinnerOf(is) == WinnerOf(was));
  for (std::string& difference : Differences(was, is)) reply->add_differences(std::move(difference));
  return absl::OkStatus();
}

absl::StatusOr<v1::Contest> ContestService::Message(mysql::Transaction& sql, const Contest& contest) const {
  std::vector<Deal> members;
  if (contest.state == Contest::State::kOpen) {
    ASSIGN_OR_RETURN(members, parts_.deals.InContest(sql, contest.name));
  }
  return ToProto(contest, members);
}

absl::StatusOr<ContestInputs> ContestService::Inputs(mysql::Transaction& sql, const Contest& contest,
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
    ASSIGN_OR_RETURN(contestant.evidence, Proofs(sql, deal, contest));
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

absl::StatusOr<std::vector<Proof>> ContestService::Proofs(mysql::Transaction& sql, const Deal& deal,
                                                          const Contest& contest) const {
  constexpr int kMost = 100000;
  ASSIGN_OR_RETURN(const std::vector<Evidence> evidence, parts_.evidence.List(sql, deal.name, "", kMost));
  std::vector<Proof> proofs;
  for (const Evidence& one : evidence) {
    const bool in_time = UtcToday(one.create_time) < contest.end;
    if (one.state == Evidence::State::kVerified && in_time) proofs.push_back({one.kind, one.date, one.name});
  }
  return proofs;
}

}  // namespace tributary::conflict
