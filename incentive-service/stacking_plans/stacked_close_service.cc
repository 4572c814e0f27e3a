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
  ASSIGN_OR_RETURN(DeclaredPlan plan, plans_.Get(sql, id));
  if (plan.state == StackingPlanState::kDraft) {
    return WrongState(plan.name(), verb, NameOf(plan.state), "ACTIVE or ENDED");
  }
  return plan;
}

absl::Status StackedCloseService::CheckMembers(mysql::Transaction& sql, const StackMembers& members,
                                               const Period& period, const CloseAsk& ask) const {
  for (const Program& member : members.programs) {
    ASSIGN_OR_RETURN(const bool closed, closes_.IsClosed(sql, {member.id, period.id}));
    ASSIGN_OR_RETURN(const bool open_before, period_closes_.BeforeIsOpen(sql, member, period.id));
    const absl::Time at = ask.ahead ? OnceEnded(member, period.id, ask.now) : ask.now;
    RETURN_IF_ERROR(DecideClose(member, period.id, at, closed, open_before));
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
                                            const std::optional<Watermark>& told_by, std::vector<PartnerEntry>* entries,
                                            std::map<std::string, int64_t>* other_currency) const {
  if (members.programs.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(std::vector<FactLine> lines, facts_.Lines(sql, members.programs[0].basis, period.range));
  if (told_by.has_value()) LeaveOutToldAfter(*told_by, &lines);
  RETURN_IF_ERROR(stacks_.Attribute(sql, members, period, std::nullopt, &lines));
  for (const Program& member : members.programs) {
    for (const FactLine& line : lines) {
      (*other_currency)[member.id] += SumsOf(member, line, nullptr).other_currency_lines;
    }
  }
  for (auto& [partner, own] : ByPartner(members, std::move(lines))) {
    ASSIGN_OR_RETURN(std::vector<PartnerEntry> stack, StateStack(plan, members, StatementEntryKind::kEarned, period,
                                                                 period.id, std::move(own), partner, {}));
    Append(std::move(stack), entries);
  }
  return absl::OkStatus();
}

absl::Status StackedCloseService::AddTrueUps(mysql::Transaction& sql, const DeclaredPlan& plan,
                                             const std::vector<Program>& members, const std::string& close_period,
                                             CloseWork* work, std::vector<PartnerEntry>* entries) const {
  const std::vector<LookedAtAgain> left = std::exchange(work->again, {});
  std::set<std::pair<Date, std::string>> moved;
  for (const Program& member : members) {
    std::vector<std::pair<std::string, Date>> due;
    if (std::find(work->trued_up.begin(), work->trued_up.end(), member.id) == work->trued_up.end()) {
      work->trued_up.push_back(member.id);
      ASSIGN_OR_RETURN(due, accruals_.TrueUpsDue(sql, member.id));
    } else {
      for (const LookedAtAgain& one : left) {
        if (one.program == member.id) due.emplace_back(one.partner, one.days.start);
      }
    }
    for (const auto& [partner, day] : due) {
      if (plan.effective.Contains(day)) {
        moved.emplace(day, partner);
      } else {  // for the plan of that day to say
        work->again.push_back({member.id, partner, PeriodOf(member.period, day).range});
      }
    }
  }
  for (const auto& [day, partner] : moved) {
    const Period period = PeriodOf(members[0].period, day);
    ASSIGN_OR_RETURN(const StackMembers then, stacks_.Members(sql, plan, period));
    if (then.closes.empty()) continue;  // it is open: its close says all
    ASSIGN_OR_RETURN(std::vector<FactLine> lines, facts_.Lines(sql, members[0].basis, period.range, partner));
    if (work->told_by.has_value()) LeaveOutToldAfter(*work->told_by, &lines);
    RETURN_IF_ERROR(stacks_.Attribute(sql, then, period, partner, &lines));
    ASSIGN_OR_RETURN(auto stated, Stated(sql, then, period, partner));
    ASSIGN_OR_RETURN(std::vector<PartnerEntry> stack,
                     StateStack(plan, then, StatementEntryKind::kTrueUp, period, close_period, std::move(lines),
                                partner, stated[partner]));
    Append(std::move(stack), entries);
  }
  return absl::OkStatus();
}

absl::StatusOr<WorkedOutClose> StackedCloseService::WorkOut(mysql::Transaction& sql, const std::string& name,
                                                            const std::string& period_id, const CloseAsk& ask) const {
  ASSIGN_OR_RETURN(const DeclaredPlan plan, ReadPlan(sql, name, "close a period of"));
  ASSIGN_OR_RETURN(const std::vector<Program> all, stacks_.Programs(sql, plan.rules));
  ASSIGN_OR_RETURN(const Period period, PeriodUnder(plan, all.at(0).period, period_id));
  ASSIGN_OR_RETURN(const StackMembers members, stacks_.Members(sql, plan, period));
  RETURN_IF_ERROR(CheckMembers(sql, members, period, ask));

  WorkedOutClose worked{.period = period, .currency = all[0].terms.currency, .work = {.told_by = ask.told_by}};
  ASSIGN_OR_RETURN(const Watermark watermark, facts_.ReadWatermark(sql));
  Watermark partner_watermark;
  if (std::any_of(members.programs.begin(), members.programs.end(),
                  [](const Program& member) { return member.reads_standing(); })) {
    ASSIGN_OR_RETURN(partner_watermark, relationships_.ReadWatermark(sql));
  }
  std::vector<PartnerEntry> entries;
  std::map<std::string, int64_t> other_currency;  // lines by member
  RETURN_IF_ERROR(AddEarned(sql, plan, members, period, ask.told_by, &entries, &other_currency));
  // What has become of periods before the plan, and then of the plan's.
  CloseWork& work = worked.work;
  for (const Program& member : members.programs) {
    RETURN_IF_ERROR(period_closes_.AddTrueUps(sql, member, period.id, &work));
  }
  RETURN_IF_ERROR(AddTrueUps(sql, plan, all, period.id, &work, &entries));
  Append(std::exchange(work.stated.entries, {}), &entries);
  for (const auto& [partner, entry] : entries) {  // once its rate is known, the next close says so
    if (entry.pricing.waits()) work.again.push_back({entry.program, partner, entry.scale.range});
  }
  work.stated.entries = std::move(entries);
  for (const auto& [partner, entry] : work.stated.entries) {  // once its rate is known, the next close says so
    if (entry.pricing.waits()) work.again.push_back({entry.program, partner, entry.scale.range});
  }

  for (const Program& member : members.programs) {
    worked.earliest = std::max(worked.earliest, StartOf(member, period.range.end));
    PeriodClose close = CloseOfMember(member, period, work.stated.entries, watermark, ask.now);
    close.other_currency_lines = other_currency[member.id];
    close.partner_watermark = partner_watermark;
    worked.closes.push_back(std::move(close));
    worked.programs.push_back(member);
  }
  return worked;
}

absl::Status StackedCloseService::FollowDrafts(mysql::Transaction& sql, const CloseWork& work, absl::Time now) const {
  // What has accrued of each is locked before any ledger is.
  for (const std::string& member : work.trued_up) RETURN_IF_ERROR(accrued_.EnteredForUpdate(sql, member).status());
  for (const std::string& id : work.trued_up) {
    ASSIGN_OR_RETURN(const Program member, programs_.Get(sql, id));
    RETURN_IF_ERROR(accrued_.FollowDrafts(sql, member, now));
  }
  return absl::OkStatus();
}

absl::Status StackedCloseService::Close(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::CloseStackedPeriodRequest& request,
                                        google::longrunning::Operation* reply) {
  mysql::Transaction& sql = unit.sql();
  RETURN_IF_ERROR(programs_.LockSet(sql));
  ASSIGN_OR_RETURN(const WorkedOutClose worked, WorkOut(sql, request.name(), request.period(), {.now = call.now}));
  RETURN_IF_ERROR(period_closes_.SaveTrueUpsDue(sql, worked.work));
  RETURN_IF_ERROR(statements_
                      .AddToDrafts(sql, StatementKind::kRegular, worked.period, worked.currency,
                                   worked.work.stated.entries, call.now)
                      .status());
  v1::CloseStackedPeriodResponse closed;
  for (const PeriodClose& close : worked.closes) {
    RETURN_IF_ERROR(accruals_.MarkStated(sql, close.program, worked.period));
    RETURN_IF_ERROR(closes_.Insert(sql, close));
    v1::PeriodClose& message = *closed.add_period_closes();
    message = ToProto(close);
    unit.Emit(events::Draft(close.name(), "closed", close.name(), message));
  }
  RETURN_IF_ERROR(FollowDrafts(sql, worked.work, call.now));
  ASSIGN_OR_RETURN(*reply, operations_.Finish(sql, closed, call.now));
  return absl::OkStatus();
}

absl::Status StackedCloseService::StateTrueUps(const rpc::Call& call, rpc::Unit& unit,
                                               const v1::StateStackedTrueUpsRequest& request,
                                               v1::StateTrueUpsResponse* reply) {
  mysql::Transaction& sql = unit.sql();
  RETURN_IF_ERROR(programs_.LockSet(sql));
  ASSIGN_OR_RETURN(const DeclaredPlan plan, ReadPlan(sql, request.name(), "state true-ups without a close of"));
  if (plan.state != StackingPlanState::kEnded) {
    return WrongState(plan.name(), "state true-ups without a close of", NameOf(plan.state), "ENDED");
  }
  ASSIGN_OR_RETURN(const std::vector<Program> members, stacks_.Programs(sql, plan.rules));
  const Program& first = members.at(0);
  ASSIGN_OR_RETURN(const Period running, RunningOn(first, DayOf(first, call.now)));
  CloseWork work;
  std::vector<PartnerEntry>& entries = work.stated.entries;
  RETURN_IF_ERROR(AddTrueUps(sql, plan, members, running.id, &work, &entries));
  RETURN_IF_ERROR(period_closes_.SaveTrueUpsDue(sql, work));
  ASSIGN_OR_RETURN(const int64_t statements, statements_.AddToDrafts(sql, StatementKind::kTrueUp, running,
                                                                     first.terms.currency, entries, call.now));
  RETURN_IF_ERROR(FollowDrafts(sql, work, call.now));
  int64_t total = 0;
  for (const PartnerEntry& entry : entries) total += entry.entry.amount();
  reply->set_statements(statements);
  reply->set_true_ups(static_cast<int64_t>(entries.size()));
  *reply->mutable_total() = MoneyToProto(total, first.terms.currency);
  return absl::OkStatus();
}

}  // namespace tributary::incentive
