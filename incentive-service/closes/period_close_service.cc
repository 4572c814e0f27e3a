#include "incentive-service/closes/period_close_service.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "incentive-service/accruals/accrual_proto.h"
#include "incentive-service/closes/period_close_proto.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/programs/program_proto.h"
#include "incentive-service/statements/budget_entry.h"
#include "incentive-service/statements/clawback_entry.h"

namespace tributary::incentive {
namespace {

// What waits for an exchange rate, or a cost.
void AddWaiting(const StatedPeriod& stated, std::vector<LookedAtAgain>* again) {
  for (const auto& [partner, entry] : stated.entries) {
    if (entry.pricing.waits()) again->push_back({entry.program, partner, entry.scale.range});
  }
}

}  // namespace

void PeriodCloseService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.PeriodCloseService", this)
      .Unary("GetPeriodClose", &PeriodCloseService::Get)
      .Unary("ListPeriodCloses", &PeriodCloseService::List)
      .Unary("ClosePeriod", &PeriodCloseService::Close)
      .Unary("StateTrueUps", &PeriodCloseService::StateTrueUps);
}

absl::Status PeriodCloseService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetPeriodCloseRequest& request,
                                     v1::PeriodClose* reply) {
  ASSIGN_OR_RETURN(const CloseKey key, ParseCloseName(request.name()));
  ASSIGN_OR_RETURN(const PeriodClose close, closes_.Get(unit.sql(), key));
  *reply = ToProto(close);
  return absl::OkStatus();
}

absl::Status PeriodCloseService::List(const rpc::Call& call, rpc::Unit& unit,
                                      const v1::ListPeriodClosesRequest& request, v1::ListPeriodClosesResponse* reply) {
  ASSIGN_OR_RETURN(const std::string program, ProgramIdOf(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, PeriodCloseStore::FilterFields()));
  ASSIGN_OR_RETURN(std::vector<PeriodClose> closes,
                   closes_.List(unit.sql(), program, query.After(0), query.where, query.limit + 1));
  reply->set_next_page_token(
      CutPage(query, tokens_, &closes, [](const PeriodClose& close) { return std::vector{close.period}; }));
  for (const PeriodClose& close : closes) *reply->add_period_closes() = ToProto(close);
  return absl::OkStatus();
}

absl::StatusOr<bool> PeriodCloseService::BeforeIsOpen(mysql::Transaction& sql, const Program& program,
                                                      std::string_view period) const {
  const absl::StatusOr<Period> payout = ParsePeriod(program.paid(), period);
  if (!payout.ok()) return false;  // DecideClose says so
  const std::optional<Period> before = PayoutBefore(program, *payout);
  if (!before.has_value()) return false;
  ASSIGN_OR_RETURN(const bool closed, closes_.IsClosed(sql, {program.id, before->id}));
  return !closed;
}

absl::Status PeriodCloseService::AddEarned(mysql::Transaction& sql, const Program& program, const Period& payout,
                                           CloseWork* work) const {
  const Period scale = PeriodOf(program.period, payout.range.start);
  const DateRange days{scale.range.start, payout.range.end};
  ASSIGN_OR_RETURN(std::vector<FactLine> lines, facts_.LinesFor(sql, program, days));
  if (work->told_by.has_value()) LeaveOutToldAfter(*work->told_by, &lines);
  RETURN_IF_ERROR(standings_.Attribute(sql, program, nullptr, std::nullopt, &lines));
  ASSIGN_OR_RETURN(const Rates rates, rates_.Read(sql, program, days));
  ASSIGN_OR_RETURN(const StatedAmounts stated, statements_.Stated(sql, program.id, scale.id));
  ASSIGN_OR_RETURN(const Baselines baselines, growth_.Read(sql, program, scale));
  baselines.earners().Attribute(program.basis, &lines);
  ASSIGN_OR_RETURN(const StatedGoods goods, statements_.GoodsStated(sql, program, scale.id));
  ASSIGN_OR_RETURN(const ScoreFacts scores, scores_.Read(sql, program, scale.range));
  ASSIGN_OR_RETURN(const CarriedInto carried, carried_.Into(sql, program, scale, std::nullopt, payout.range.end));
  const Program in_force = InForce(program, scale.range.start);
  ASSIGN_OR_RETURN(work->stated,
                   StatePeriod(in_force, payout, std::move(lines), rates, stated, baselines, goods, scores, carried));
  if (program.budget.has_value()) RETURN_IF_ERROR(ApplyBudget(in_force, scale, rates, &work->stated));
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::pair<std::string, Date>>> PeriodCloseService::TrueUpsDue(mysql::Transaction& sql,
                                                                                         const Program& program) const {
  ASSIGN_OR_RETURN(auto due, accruals_.TrueUpsDue(sql, program.id));
  if (!program.terms.carry_negative || due.empty()) return due;
  std::map<std::string, Date> first;  // by partner
  std::vector<std::string> partners;
  for (const auto& [partner, day] : due) {
    const auto [known, fresh] = first.try_emplace(partner, day);
    if (fresh) partners.push_back(partner);
    known->second = std::min(known->second, day);
  }
  ASSIGN_OR_RETURN(const std::vector<AccrualKey> keys, accruals_.KeysOfSome(sql, program.id, partners));
  for (const AccrualKey& key : keys) {
    ASSIGN_OR_RETURN(const Period period, ParsePeriod(program.paid(), key.period));
    if (first.at(key.partner) < period.range.start) due.emplace_back(key.partner, period.range.start);
  }
  std::sort(due.begin(), due.end());
  due.erase(std::unique(due.begin(), due.end()), due.end());
  return due;
}

absl::Status PeriodCloseService::AddTrueUps(mysql::Transaction& sql, const Program& program,
                                            const std::string& close_period, CloseWork* work) const {
  work->trued_up.push_back(program.id);
  if (program.budget.has_value()) return AddTrueUpsWithin(sql, program, close_period, work);
  ASSIGN_OR_RETURN(const auto due, TrueUpsDue(sql, program));
  std::set<std::pair<std::string, std::string>> seen;  // a scale's period has several payout periods
  for (const auto& [partner, day] : due) {
    const Period scale = PeriodOf(program.period, day);
    ASSIGN_OR_RETURN(const Earners earners, growth_.ReadEarners(sql, program, scale));
    std::vector<std::string> whose;
    for (const std::string& earner : earners.EarnersOf(partner)) {
      if (seen.emplace(earner, scale.id).second) whose.push_back(earner);
    }
    if (whose.empty()) continue;
    ASSIGN_OR_RETURN(const ClosedPeriods closes, closes_.Closed(sql, program, {scale}));
    const ClosedPeriod* close = Find(closes, program, scale);
    if (close == nullptr) continue;  // it is open: its next close says all
    ASSIGN_OR_RETURN(const std::optional<DeclaredPlan> plan, stacks_.PlanOf(sql, program.id, scale));
    if (plan.has_value()) {
      work->again.push_back({program.id, partner, scale.range});
      continue;
    }
    for (const std::string& earner : whose) {
      ASSIGN_OR_RETURN(StatementEntry entry,
                       TrueUpOf(sql, program, scale, *close, close_period, earner, earners, work->told_by));
      if (entry.pricing.waits()) work->again.push_back({program.id, partner, scale.range});
      if (!entry.says_nothing()) work->stated.Add({earner, std::move(entry)});
    }
  }
  return absl::OkStatus();
}

absl::Status PeriodCloseService::AddTrueUpsWithin(mysql::Transaction& sql, const Program& program,
                                                  const std::string& close_period, CloseWork* work) const {
  ASSIGN_OR_RETURN(const auto due, accruals_.TrueUpsDue(sql, program.id));
  std::set<Date> moved;  // first days of periods
  for (const auto& [partner, day] : due) moved.insert(day);
  for (const Date day : moved) {
    const Period scale = PeriodOf(program.period, day);
    ASSIGN_OR_RETURN(const ClosedPeriods closes, closes_.Closed(sql, program, {scale}));
    const ClosedPeriod* close = Find(closes, program, scale);
    if (close == nullptr) continue;  // it is open: its close says all
    ASSIGN_OR_RETURN(std::vector<FactLine> lines, facts_.LinesFor(sql, program, scale.range));
    if (work->told_by.has_value()) LeaveOutToldAfter(*work->told_by, &lines);
    ASSIGN_OR_RETURN(const Rates rates, rates_.Read(sql, program, scale.range));
    ASSIGN_OR_RETURN(const StatedAmounts before, statements_.Stated(sql, program.id, scale.id));
    ASSIGN_OR_RETURN(const Baselines baselines, growth_.Read(sql, program, scale));
    baselines.earners().Attribute(program.basis, &lines);
    RETURN_IF_ERROR(standings_.Attribute(sql, program, close, std::nullopt, &lines));
    ASSIGN_OR_RETURN(const ScoreFacts scores, scores_.Read(sql, program, scale.range));
    const Program in_force = InForce(program, scale.range.start);
    ASSIGN_OR_RETURN(StatedPeriod now, StateClosed(in_force, scale, *close, close_period, std::move(lines), rates,
                                                   before, baselines, scores));
    RETURN_IF_ERROR(ApplyBudget(in_force, scale, rates, &now));
    AddWaiting(now, &work->again);
    for (PartnerEntry& one : now.entries) {
      if (!one.entry.says_nothing()) work->stated.Add(std::move(one));
    }
    work->stated.budgets.insert(work->stated.budgets.end(), now.budgets.begin(), now.budgets.end());
  }
  return absl::OkStatus();
}

absl::Status PeriodCloseService::SaveBudgets(mysql::Transaction& sql, const StatedPeriod& stated,
                                             absl::Time now) const {
  std::map<std::string, std::vector<LedgerEntry>> moves;  // by partner
  for (const BudgetUse& use : stated.budgets) {
    ASSIGN_OR_RETURN(const auto before, budgets_.Overruns(sql, use.program, use.period));
    RETURN_IF_ERROR(budgets_.Save(sql, use));
    for (const BudgetGrant& grant : use.grants) {
      const auto known = before.find(grant.partner);
      std::optional<LedgerEntry> move = OverrunOf(use, grant, known == before.end() ? 0 : known->second);
      if (move.has_value()) moves[grant.partner].push_back(*std::move(move));
    }
  }
  for (auto& [partner, entries] : moves) RETURN_IF_ERROR(ledger_.Post(sql, std::move(entries), now));
  return absl::OkStatus();
}

absl::StatusOr<StatementEntry> PeriodCloseService::TrueUpOf(mysql::Transaction& sql, const Program& program,
                                                            const Period& scale, const ClosedPeriod& close,
                                                            const std::string& close_period, const std::string& earner,
                                                            const Earners& earners,
                                                            const std::optional<Watermark>& told_by) const {
  ASSIGN_OR_RETURN(std::vector<FactLine> lines, growth_.LinesFor(sql, program, scale.range, earner, earners));
  if (told_by.has_value()) LeaveOutToldAfter(*told_by, &lines);
  RETURN_IF_ERROR(standings_.Attribute(sql, program, &close, earner, &lines));
  ASSIGN_OR_RETURN(const Rates rates, rates_.Read(sql, program, scale.range));
  ASSIGN_OR_RETURN(StatedAmounts before, statements_.Stated(sql, program.id, scale.id, earner));
  ASSIGN_OR_RETURN(const Baselines baselines, growth_.Read(sql, program, scale, earner));
  ASSIGN_OR_RETURN(StatedGoods goods, statements_.GoodsStated(sql, program, scale.id, earner));
  ASSIGN_OR_RETURN(const ScoreFacts scores, scores_.Read(sql, program, scale.range, earner));
  ASSIGN_OR_RETURN(CarriedInto carried, carried_.Into(sql, program, scale, earner));
  const Program in_force = InForce(program, scale.range.start);
  ASSIGN_OR_RETURN(StatementEntry entry,
                   StateTrueUp(in_force, scale, close, close_period, EarnedBy(earner, std::move(lines)), rates,
                               before[earner], baselines.Of(earner), goods[earner],
                               scores.Of(in_force.terms, scale.range, earner), carried[earner]));
  if (program.clawback_cap.has_value()) {
    ASSIGN_OR_RETURN(auto said, statements_.Clawed(sql, program.id, scale.id, earner));
    RETURN_IF_ERROR(CapClawback(in_force, said[earner], &entry));
  }
  return entry;
}

absl::Status PeriodCloseService::AddGuarantees(mysql::Transaction& sql, const Program& program,
                                               const std::optional<Period>& closing, const std::string& close_period,
                                               StatedPeriod* stated) const {
  if (!program.guarantee.has_value()) return absl::OkStatus();
  const Period last = closing.has_value() ? *closing : PeriodOf(program.period, program.effective.end.AddDays(-1));
  std::vector<Period> periods = PeriodsUpTo(program, last);
  if (!closing.has_value()) {
    ASSIGN_OR_RETURN(const ClosedPeriods closed, closes_.Closed(sql, program, periods));
    std::erase_if(periods, [&](const Period& period) { return Find(closed, program, period) == nullptr; });
  }
  ASSIGN_OR_RETURN(auto said, statements_.SaidOf(sql, program.id));
  for (const auto& [partner, entry] : stated->entries) said[partner][entry.scale.id].earned += entry.amount();
  for (const std::string& partner : program.eligibility.partners) {
    if (!program.eligibility.Includes(partner)) continue;
    for (StatementEntry& entry : StateGuarantee(program, periods, closing, close_period, said[partner])) {
      stated->Add({partner, std::move(entry)});
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<WorkedOutClose> PeriodCloseService::WorkOut(mysql::Transaction& sql, const CloseKey& key,
                                                           const CloseAsk& ask) const {
  ASSIGN_OR_RETURN(const Program program, programs_.Get(sql, key.program));
  ASSIGN_OR_RETURN(const bool closed, closes_.IsClosed(sql, key));
  ASSIGN_OR_RETURN(const bool open_before, BeforeIsOpen(sql, program, key.period));
  const absl::Time at = ask.ahead ? OnceEnded(program, key.period, ask.now) : ask.now;
  ASSIGN_OR_RETURN(const Period payout, DecideClose(program, key.period, at, closed, open_before));
  RETURN_IF_ERROR(stacks_.CheckStandsAlone(sql, program, PeriodOf(program.period, payout.range.start)));

  WorkedOutClose worked{.period = payout,
                        .currency = program.terms.currency,
                        .earliest = StartOf(program, payout.range.end),
                        .work = {.told_by = ask.told_by}};
  ASSIGN_OR_RETURN(Watermark watermark, facts_.ReadWatermark(sql));
  RETURN_IF_ERROR(AddEarned(sql, program, payout, &worked.work));
  RETURN_IF_ERROR(AddTrueUps(sql, program, payout.id, &worked.work));
  RETURN_IF_ERROR(AddGuarantees(sql, program, payout, payout.id, &worked.work.stated));
  AddWaiting(worked.work.stated, &worked.work.again);
  const Program in_force = InForce(program, PeriodOf(program.period, payout.range.start).range.start);
  PeriodClose close = CloseOf(in_force, payout, worked.work.stated, std::move(watermark), ask.now);
  if (program.growth.has_value() || program.rolls_up || program.reads_standing()) {
    ASSIGN_OR_RETURN(close.partner_watermark, relationships_.ReadWatermark(sql));
  }
  worked.closes.push_back(std::move(close));
  worked.programs.push_back(program);
  return worked;
}

absl::Status PeriodCloseService::SaveTrueUpsDue(mysql::Transaction& sql, const CloseWork& work) const {
  for (const std::string& program : work.trued_up) RETURN_IF_ERROR(accruals_.ForgetTrueUpsDue(sql, program));
  for (const LookedAtAgain& one : work.again) {
    RETURN_IF_ERROR(accruals_.LookAgain(sql, one.program, one.partner, one.days));
  }
  for (const auto& [partner, entry] : work.stated.entries) {
    if (entry.kind != StatementEntryKind::kTrueUp) continue;
    RETURN_IF_ERROR(accruals_.MarkStated(sql, entry.program, partner, entry.scale.range));
  }
  return absl::OkStatus();
}

absl::Status PeriodCloseService::Close(const rpc::Call& call, rpc::Unit& unit, const v1::ClosePeriodRequest& request,
                                       google::longrunning::Operation* reply) {
  ASSIGN_OR_RETURN(const CloseKey key, ParseCloseName(request.name()));
  RETURN_IF_ERROR(programs_.LockSet(unit.sql()));
  ASSIGN_OR_RETURN(WorkedOutClose worked, WorkOut(unit.sql(), key, {.now = call.now}));

  PeriodClose& close = worked.closes.front();
  const StatedPeriod& stated = worked.work.stated;
  ASSIGN_OR_RETURN(close.statements, statements_.AddToDrafts(unit.sql(), StatementKind::kRegular, worked.period,
                                                             worked.currency, stated.entries, call.now));
  RETURN_IF_ERROR(accruals_.MarkStated(unit.sql(), close.program, worked.period));
  RETURN_IF_ERROR(SaveTrueUpsDue(unit.sql(), worked.work));
  RETURN_IF_ERROR(closes_.Insert(unit.sql(), close));
  RETURN_IF_ERROR(accrued_.FollowDrafts(unit.sql(), worked.programs.front(), call.now));
  RETURN_IF_ERROR(SaveBudgets(unit.sql(), stated, call.now));
  const v1::PeriodClose message = ToProto(close);
  ASSIGN_OR_RETURN(*reply, operations_.Finish(unit.sql(), message, call.now));
  unit.Emit(events::Draft(close.name(), "closed", close.name(), message));
  return absl::OkStatus();
}

absl::Status PeriodCloseService::StateTrueUps(const rpc::Call& call, rpc::Unit& unit,
                                              const v1::StateTrueUpsRequest& request, v1::StateTrueUpsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string id, ProgramIdOf(request.name()));
  RETURN_IF_ERROR(programs_.LockSet(unit.sql()));
  ASSIGN_OR_RETURN(const Program program, programs_.Get(unit.sql(), id));
  if (program.state != ProgramState::kEnded) {
    return WrongState(program.name(), "state true-ups without a close of", NameOf(program.state), "ENDED");
  }
  ASSIGN_OR_RETURN(const Period running, RunningOn(program, DayOf(program, call.now)));
  CloseWork work;
  RETURN_IF_ERROR(AddTrueUps(unit.sql(), program, running.id, &work));
  StatedPeriod& stated = work.stated;
  const auto true_ups = static_cast<int64_t>(stated.entries.size());
  RETURN_IF_ERROR(AddGuarantees(unit.sql(), program, std::nullopt, running.id, &stated));
  ASSIGN_OR_RETURN(const int64_t statements, statements_.AddToDrafts(unit.sql(), StatementKind::kTrueUp, running,
                                                                     program.terms.currency, stated.entries, call.now));
  RETURN_IF_ERROR(accrued_.FollowDrafts(unit.sql(), program, call.now));
  RETURN_IF_ERROR(SaveTrueUpsDue(unit.sql(), work));
  RETURN_IF_ERROR(SaveBudgets(unit.sql(), stated, call.now));
  reply->set_statements(statements);
  reply->set_true_ups(true_ups);
  *reply->mutable_total() = MoneyToProto(stated.total, program.terms.currency);
  return absl::OkStatus();
}

}  // namespace tributary::incentive
