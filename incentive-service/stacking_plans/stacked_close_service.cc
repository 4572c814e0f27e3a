#include "incentive-service/stacking_plans/stacked_close_service.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "common/status/status.h"
#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/closes/period_close_proto.h"
#include "incentive-service/stacking_plans/stacking_plan_proto.h"
#include "incentive-service/statements/stacked_entry.h"

namespace tributary::incentive {
namespace {

// The close of one member: what of the entries is its own.
PeriodClose CloseOfMember(const Program& member, const Period& period, const std::vector<PartnerEntry>& entries,
                          const Watermark& watermark, absl::Time now) {
  StatedPeriod own;
  std::set<std::string> partners;
  for (const auto& [partner, entry] : entries) {
    if (entry.program != member.id) continue;
    StatementEntry counted{.kind = entry.kind, .value = entry.value, .stated_before = entry.stated_before};
    counted.pricing.lines = entry.pricing.lines;
    counted.pricing.unpriced_lines = entry.pricing.unpriced_lines;
    own.Add({partner, std::move(counted)});
    partners.insert(partner);
  }
  PeriodClose close = CloseOf(member, period, own, watermark, now);
  close.statements = static_cast<int64_t>(partners.size());
  return close;
}

void Append(std::vector<PartnerEntry> more, std::vector<PartnerEntry>* entries) {
  std::move(more.begin(), more.end(), std::back_inserter(*entries));
}

}  // namespace

void StackedCloseService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.StackingPlanService", this)
      .Unary("CloseStackedPeriod", &StackedCloseService::Close)
      .Unary("StateStackedTrueUps", &StackedCloseService::StateTrueUps);
}

absl::StatusOr<DeclaredPlan> StackedCloseService::ReadPlan(mysql::Transaction& sql, const std::string& name,
                                                           std::string_view verb) const {
  ASSIGN_OR_RETURN(const std::string id, StackingPlanIdOf(name));
  RETURN_IF_ERROR(programs_.LockSet(sql));
  ASSIGN_OR_RETURN(DeclaredPlan plan, plans_.Get(sql, id));
  if (plan.state == StackingPlanState::kDraft) {
    return WrongState(plan.name(), verb, NameOf(plan.state), "ACTIVE or ENDED");
  }
  return plan;
}

absl::Status StackedCloseService::CheckMembers(mysql::Transaction& sql, const StackMembers& members,
                                               const Period& period, absl::Time now) const {
  for (const Program& member : members.programs) {
    ASSIGN_OR_RETURN(const bool closed, closes_.IsClosed(sql, {member.id, period.id}));
    ASSIGN_OR_RETURN(const bool open_before, period_closes_.BeforeIsOpen(sql, member, period.id));
    RETURN_IF_ERROR(DecideClose(member, period.id, now, closed, open_before));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::map<std::string, std::map<std::string, int64_t>>> StackedCloseService::Stated(
    mysql::Transaction& sql, const StackMembers& members, const Period& period,
    const std::optional<std::string>& partner) const {
  std::map<std::string, std::map<std::string, int64_t>> stated;
  for (const Program& member : members.programs) {
    ASSIGN_OR_RETURN(const StatedAmounts amounts, statements_.Stated(sql, member.id, period.id, partner));
    for (const auto& [whose, amount] : amounts) stated[whose].emplace(member.id, amount);
  }
  return stated;
}

absl::Status StackedCloseService::AddEarned(mysql::Transaction& sql, const DeclaredPlan& plan,
                                            const StackMembers& members, const Period& period,
                                            std::vector<PartnerEntry>* entries,
                                            std::map<std::string, int64_t>* other_currency) const {
  if (members.programs.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<FactLine> lines, facts_.Lines(sql, members.programs[0].basis, period.range));
  RETURN_IF_ERROR(stacks_.Attribute(sql, members, period, std::nullopt, &lines));
  for (const Program& member : members.programs) {
    for (const FactLine& line : lines) {
      (*other_currency)[member.id] += SumsOf(member, line, nullptr).other_currency_lines;
    }
  }
  for (auto& [partner, own] : ByPartner(std::move(lines))) {
    ASSIGN_OR_RETURN(std::vector<PartnerEntry> stack, StateStack(plan, members, StatementEntryKind::kEarned, period,
                                                                 period.id, std::move(own), partner, {}));
    Append(std::move(stack), entries);
  }
  return absl::OkStatus();
}

absl::Status StackedCloseService::AddTrueUps(mysql::Transaction& sql, const DeclaredPlan& plan,
                                             const std::vector<Program>& members, const std::string& close_period,
                                             std::vector<PartnerEntry>* entries) const {
  std::set<std::pair<Date, std::string>> moved;
  for (const Program& member : members) {
    ASSIGN_OR_RETURN(const auto due, accruals_.TakeTrueUpsDue(sql, member.id));
    for (const auto& [partner, day] : due) {
      if (plan.effective.Contains(day)) {
        moved.emplace(day, partner);
      } else {  // for the plan of that day to say
        RETURN_IF_ERROR(accruals_.LookAgain(sql, member.id, partner, PeriodOf(member.period, day).range));
      }
    }
  }
  for (const auto& [day, partner] : moved) {
    const Period period = PeriodOf(members[0].period, day);
    ASSIGN_OR_RETURN(const StackMembers then, stacks_.Members(sql, plan, period));
    if (then.closes.empty()) continue;  // it is open: its close says all
    ASSIGN_OR_RETURN(std::vector<FactLine> lines, facts_.Lines(sql, members[0].basis, period.range, partner));
    RETURN_IF_ERROR(stacks_.Attribute(sql, then, period, partner, &lines));
    ASSIGN_OR_RETURN(auto stated, Stated(sql, then, period, partner));
    ASSIGN_OR_RETURN(std::vector<PartnerEntry> stack,
                     StateStack(plan, then, StatementEntryKind::kTrueUp, period, close_period, std::move(lines),
                                partner, stated[partner]));
    Append(std::move(stack), entries);
  }
  return absl::OkStatus();
}

absl::Status StackedCloseService::Close(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::CloseStackedPeriodRequest& request,
                                        google::longrunning::Operation* reply) {
  mysql::Transaction& sql = unit.sql();
  ASSIGN_OR_RETURN(const DeclaredPlan plan, ReadPlan(sql, request.name(), "close a period of"));
  ASSIGN_OR_RETURN(const std::vector<Program> all, stacks_.Programs(sql, plan.rules));
  ASSIGN_OR_RETURN(const Period period, PeriodUnder(plan, all.at(0).period, request.period()));
  ASSIGN_OR_RETURN(const StackMembers members, stacks_.Members(sql, plan, period));
  RETURN_IF_ERROR(CheckMembers(sql, members, period, call.now));

  ASSIGN_OR_RETURN(const Watermark watermark, facts_.ReadWatermark(sql));
  Watermark partner_watermark;
  if (std::any_of(members.programs.begin(), members.programs.end(),
                  [](const Program& member) { return member.reads_standing(); })) {
    ASSIGN_OR_RETURN(partner_watermark, relationships_.ReadWatermark(sql));
  }
  std::vector<PartnerEntry> entries;
  std::map<std::string, int64_t> other_currency;  // lines by member
  RETURN_IF_ERROR(AddEarned(sql, plan, members, period, &entries, &other_currency));
  StatedPeriod before;  // what has become of periods before the plan
  for (const Program& member : members.programs) {
    RETURN_IF_ERROR(period_closes_.AddTrueUps(sql, member, period.id, &before));
  }
  RETURN_IF_ERROR(AddTrueUps(sql, plan, all, period.id, &entries));
  Append(std::move(before.entries), &entries);

  RETURN_IF_ERROR(
      statements_.AddToDrafts(sql, StatementKind::kRegular, period, all[0].terms.currency, entries, call.now).status());
  v1::CloseStackedPeriodResponse closed;
  for (const Program& member : members.programs) {
    PeriodClose close = CloseOfMember(member, period, entries, watermark, call.now);
    close.other_currency_lines = other_currency[member.id];
    close.partner_watermark = partner_watermark;
    RETURN_IF_ERROR(accruals_.MarkStated(sql, member.id, period));
    RETURN_IF_ERROR(closes_.Insert(sql, close));
    RETURN_IF_ERROR(accrued_.FollowDrafts(sql, member, call.now));
    v1::PeriodClose& message = *closed.add_period_closes();
    message = ToProto(close);
    unit.Emit(events::Draft(close.name(), "closed", close.name(), message));
  }
  ASSIGN_OR_RETURN(*reply, operations_.Finish(sql, closed, call.now));
  return absl::OkStatus();
}

absl::Status StackedCloseService::StateTrueUps(const rpc::Call& call, rpc::Unit& unit,
                                               const v1::StateStackedTrueUpsRequest& request,
                                               v1::StateTrueUpsResponse* reply) {
  mysql::Transaction& sql = unit.sql();
  ASSIGN_OR_RETURN(const DeclaredPlan plan, ReadPlan(sql, request.name(), "state true-ups without a close of"));
  if (plan.state != StackingPlanState::kEnded) {
    return WrongState(plan.name(), "state true-ups without a close of", NameOf(plan.state), "ENDED");
  }
  ASSIGN_OR_RETURN(const std::vector<Program> members, stacks_.Programs(sql, plan.rules));
  const Program& first = members.at(0);
  ASSIGN_OR_RETURN(const Period running, RunningOn(first, DayOf(first, call.now)));
  std::vector<PartnerEntry> entries;
  RETURN_IF_ERROR(AddTrueUps(sql, plan, members, running.id, &entries));
  ASSIGN_OR_RETURN(const int64_t statements, statements_.AddToDrafts(sql, StatementKind::kTrueUp, running,
                                                                     first.terms.currency, entries, call.now));
  for (const Program& member : members) {
    RETURN_IF_ERROR(accrued_.FollowDrafts(sql, member, call.now));
  }
  int64_t total = 0;
  for (const PartnerEntry& entry : entries) total += entry.entry.amount();
  reply->set_statements(statements);
  reply->set_true_ups(static_cast<int64_t>(entries.size()));
  *reply->mutable_total() = MoneyToProto(total, first.terms.currency);
  return absl::OkStatus();
}

}  // namespace tributary::incentive
