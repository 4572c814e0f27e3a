#include "conflict-service/contests/contest_service.h"

#include <limits>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "common/digest/sha256.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/status/status.h"
#include "common/text/text.h"
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
      .Unary("ListContestDecisions", &ContestService::ListDecisions)
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
  ASSIGN_OR_RETURN(const Contest awarded, parts_.adjudicator.Award(unit, open, call.identity->subject, call.now));
  ASSIGN_OR_RETURN(*reply, ToProto(awarded, {}));
  return absl::OkStatus();
}

absl::Status ContestService::ListDecisions(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::ListContestDecisionsRequest& request,
                                           v1::ListContestDecisionsResponse* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.parent(), kPattern, "parent").status());
  ASSIGN_OR_RETURN(const Page page, Page::Of(parts_.tokens, call, request, {}, request.parent()));
  RETURN_IF_ERROR(parts_.contests.Get(unit.sql(), request.parent()).status());
  int64_t before = std::numeric_limits<int64_t>::max();
  if (!page.first() && !absl::SimpleAtoi(Abseil(page.after(0)), &before)) {
    return Error(Reason::kPageTokenInvalid, "page_token: want one of this list");
  }
  ASSIGN_OR_RETURN(std::vector<ContestDecision> decisions,
                   parts_.contests.Decisions(unit.sql(), request.parent(), before, page.limit()));
  reply->set_next_page_token(
      page.Cut(&decisions, [](const ContestDecision& last) { return std::vector{StrCat(last.number)}; }));
  for (const ContestDecision& decision : decisions) {
    ASSIGN_OR_RETURN(*reply->add_decisions(), ToProto(decision));
  }
  return absl::OkStatus();
}

absl::Status ContestService::Replay(const rpc::Call&, rpc::Unit& unit, const v1::ReplayContestRequest& request,
                                    v1::ReplayContestResponse* reply) {
  RETURN_IF_ERROR(ParseResourceName(request.name(), kPattern).status());
  ASSIGN_OR_RETURN(const Contest contest, parts_.contests.Get(unit.sql(), request.name()));
  if (contest.state != Contest::State::kAwarded) {
    return WrongState(contest.name, "replay", NameOf(contest.state), "AWARDED");
  }
  ContestDecision decision = DecisionOf(contest, 0);
  if (request.decision() > 0) {
    ASSIGN_OR_RETURN(decision, parts_.contests.GetDecision(unit.sql(), contest.name, request.decision()));
  }
  ASSIGN_OR_RETURN(const ContestInputs inputs, ReadInputs(decision.inputs));
  Terms terms = inputs.terms;
  reply->set_policy(inputs.policy);
  if (!request.policy().empty()) {
    RETURN_IF_ERROR(
        ParseResourceName(request.policy(), "adjudicationPolicies/{adjudication_policy}", "policy").status());
    ASSIGN_OR_RETURN(const Policy policy, parts_.policies.Get(unit.sql(), request.policy()));
    terms = policy.terms;
    reply->set_policy(policy.name);
  }
  ASSIGN_OR_RETURN(const std::vector<Placing> was, ReadAward(decision.award));
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

}  // namespace tributary::conflict
