#include "incentive-service/programs/program_service.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/ids/uuid.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/accruals/accrual_move_proto.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/opening_balances/opening_volume.h"
#include "incentive-service/period_budgets/budget_use_proto.h"
#include "incentive-service/programs/lint_proto.h"
#include "incentive-service/programs/program_lint.h"
#include "incentive-service/programs/program_proto.h"
#include "incentive-service/programs/revision_proto.h"
#include "incentive-service/stacking_plans/stack_reader.h"

namespace tributary::incentive {
namespace {

// What lint calls an error without knowing more than the program.
absl::Status CheckLint(const Program& program) {
  for (const Finding& finding : LintProgram(program, {})) {
    if (finding.severity != Severity::kError) continue;
    return Error(Reason::kLintFailed, StrCat(program.name(), ": got ", finding.rule, ", ", finding.message),
                 {{"rule", finding.rule}, {"resource", program.name()}});
  }
  return absl::OkStatus();
}

// The terms.
const std::vector<std::string_view>& Changeable() {
  static const auto& fields = *new std::vector<std::string_view>{
      "display_name",    "basis",     "shape",          "bound",         "tiers",         "period",
      "currency",        "rounding",  "effective_from", "effective_to",  "payout_period", "grace_days",
      "clawback_days",   "time_zone", "rate_type",      "lines",         "eligibility",   "measure",
      "floor",           "cap",       "max_penalty",    "guarantee",     "budget",        "growth",
      "count",           "mix",       "free_goods",     "composite",     "group",         "margin",
      "fiscal_calendar", "amount_of", "clawback_cap",   "return_policy", "carry_negative"};
  return fields;
}

// Of an active program the scale and its limits may change, which lines count, for whom and how late; into which
// periods they fall and what they are converted to may not: what has accrued stands on that. IN_USE, each field that
// would.
absl::Status CheckRevisable(std::string_view name, const v1::Program& before, const v1::Program& wanted) {
  static const auto& kRevisable = *new std::set<std::string, std::less<>>{
      "display_name", "shape",       "bound",     "tiers", "rounding",    "measure",    "floor",
      "cap",          "max_penalty", "composite", "lines", "eligibility", "grace_days", "clawback_days"};
  std::vector<FieldViolation> violations;
  for (const v1::TermDifference& difference : DifferencesOf(before, wanted)) {
    const std::string& field = difference.field();
    if (kRevisable.contains(field.substr(0, field.find_first_of(".[")))) continue;
    violations.push_back(
        {StrCat("program.", field), difference.after(),
         difference.before().empty() ? "nothing, as it is" : StrCat(difference.before(), ", as it is")});
  }
  if (violations.empty()) return absl::OkStatus();
  const std::string message = StrCat(violations[0].field, ": got '", violations[0].got, "', want ", violations[0].want);
  return WithDetail(
      absl::StatusCode::kFailedPrecondition, message,
      {.reason = Reason::kInUse, .metadata = {{"resource", std::string(name)}}, .violations = std::move(violations)});
}

void Tell(rpc::Unit& unit, std::string_view verb, const v1::Program& program) {
  unit.Emit(events::Draft(program.name(), verb, program.name(), program));
}

v1::Program Shown(const rpc::Call& call, const Program& program) {
  return call.identity->IsPartnerUser() ? ToProto(program, call.identity->partner) : ToProto(program);
}

}  // namespace

void ProgramService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.ProgramService", this)
      .Unary("GetProgram", &ProgramService::Get)
      .Unary("ListPrograms", &ProgramService::List)
      .Unary("ListProgramRevisions", &ProgramService::ListRevisions)
      .Unary("CompareVersions", &ProgramService::CompareVersions)
      .Unary("CreateProgram", &ProgramService::Create)
      .Unary("UpdateProgram", &ProgramService::Update)
      .Unary("LintProgram", &ProgramService::Lint)
      .Unary("ActivateProgram", &ProgramService::ActivateProgram)
      .Unary("ReviseProgram", &ProgramService::ReviseProgram)
      .Unary("EndProgram", &ProgramService::EndProgram);
}

absl::StatusOr<bool> ProgramService::Hidden(const rpc::Call& call, mysql::Transaction& sql,
                                            const Program& program) const {
  if (!call.identity->IsPartnerUser()) return false;
  ASSIGN_OR_RETURN(const bool is_for, standings_.IsFor(sql, program, call.identity->partner));
  return !is_for;
}

absl::Status ProgramService::Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetProgramRequest& request,
                                 v1::Program* reply) {
  ASSIGN_OR_RETURN(const RevisionName name, ParseRevisionName(request.name()));
  ASSIGN_OR_RETURN(const Program program, programs_.GetRevision(unit.sql(), name));
  ASSIGN_OR_RETURN(const bool hidden, Hidden(call, unit.sql(), program));
  if (hidden) return NotFound(request.name());
  *reply = name.version.has_value() ? ToRevisionProto(Shown(call, program), program) : Shown(call, program);
  if (name.version.has_value() || call.identity->IsPartnerUser()) return absl::OkStatus();
  ASSIGN_OR_RETURN(*reply->mutable_approval_task(), asks_.TaskOf(unit.sql(), program.name()));
  if (!program.budget.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<BudgetUse> uses, budgets_.List(unit.sql(), program.id));
  for (const BudgetUse& use : uses) *reply->mutable_budget()->add_uses() = ToProto(use);
  return absl::OkStatus();
}

absl::Status ProgramService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListProgramsRequest& request,
                                  v1::ListProgramsResponse* reply) {
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, ProgramStore::FilterFields(),
                                                        request.show_deleted() ? "all" : ""));
  ASSIGN_OR_RETURN(std::vector<Program> programs,
                   programs_.List(unit.sql(), query.After(0), query.where, request.show_deleted(), query.limit + 1));
  reply->set_next_page_token(
      CutPage(query, tokens_, &programs, [](const Program& program) { return std::vector{program.id}; }));
  // A page of a partner's may be shorter than it was asked for.
  for (const Program& program : programs) {
    ASSIGN_OR_RETURN(const bool hidden, Hidden(call, unit.sql(), program));
    if (!hidden) *reply->add_programs() = Shown(call, program);
  }
  return absl::OkStatus();
}

absl::Status ProgramService::ListRevisions(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::ListProgramRevisionsRequest& request,
                                           v1::ListProgramRevisionsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string id, ProgramIdOf(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, {}));
  ASSIGN_OR_RETURN(const Program program, programs_.Get(unit.sql(), id));
  ASSIGN_OR_RETURN(const bool program_hidden, Hidden(call, unit.sql(), program));
  if (program_hidden) return NotFound(program.name());
  ASSIGN_OR_RETURN(std::vector<Program> revisions,
                   programs_.ListVersions(unit.sql(), id, query.AfterNumber(0), query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &revisions,
                                     [](const Program& revision) { return std::vector{StrCat(revision.version)}; }));
  for (const Program& revision : revisions) {
    ASSIGN_OR_RETURN(const bool hidden, Hidden(call, unit.sql(), revision));
    if (!hidden) *reply->add_programs() = ToRevisionProto(Shown(call, revision), revision);
  }
  return absl::OkStatus();
}

absl::Status ProgramService::CompareVersions(const rpc::Call&, rpc::Unit& unit,
                                             const v1::CompareVersionsRequest& request,
                                             v1::CompareVersionsResponse* reply) {
  ASSIGN_OR_RETURN(const RevisionName name, ParseRevisionName(request.name()));
  RevisionName other{name.id, std::nullopt};
  if (!request.other().empty()) {
    ASSIGN_OR_RETURN(other, ParseRevisionName(request.other(), "other"));
  }
  ASSIGN_OR_RETURN(const Program before, programs_.GetRevision(unit.sql(), name));
  ASSIGN_OR_RETURN(const Program after, programs_.GetRevision(unit.sql(), other));
  reply->set_before(RevisionNameOf(before));
  reply->set_after(RevisionNameOf(after));
  for (v1::TermDifference& difference : DifferencesOf(ToProto(before), ToProto(after))) {
    *reply->add_differences() = std::move(difference);
  }
  return absl::OkStatus();
}

absl::StatusOr<Program> ProgramService::TermsOf(mysql::Transaction& sql, const v1::Program& message,
                                                const Program* own) const {
  ASSIGN_OR_RETURN(std::optional<FiscalCalendar> calendar,
                   calendars_.Named(sql, message.fiscal_calendar(), "program.fiscal_calendar"));
  if (calendar.has_value() && own != nullptr) calendar = WithPeriodsOf(*own, *std::move(calendar));
  return TermsFromProto(message, "program", calendar);
}

absl::StatusOr<Program> ProgramService::WithPeriods(mysql::Transaction& sql, Program draft) const {
  if (draft.fiscal_calendar.empty()) return draft;
  ASSIGN_OR_RETURN(const std::optional<FiscalCalendar> calendar,
                   calendars_.Named(sql, StrCat("fiscalCalendars/", draft.fiscal_calendar), "program.fiscal_calendar"));
  std::vector<FieldViolation> violations = UseCalendar(*calendar, "program", &draft);
  if (violations.empty()) violations = CheckTerms(draft, "program");
  if (!violations.empty()) return InvalidFields(std::move(violations));
  return draft;
}

absl::Status ProgramService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateProgramRequest& request,
                                    v1::Program* reply) {
  ASSIGN_OR_RETURN(Program program, TermsOf(unit.sql(), request.program()));
  program.uid = Uuid::New(call.now);
  program.id = request.program_id().empty() ? program.uid.ToString() : request.program_id();
  program.create_time = program.update_time = call.now;
  RETURN_IF_ERROR(programs_.Insert(unit.sql(), program));
  *reply = ToProto(program);
  Tell(unit, "created", *reply);
  return absl::OkStatus();
}

absl::Status ProgramService::Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateProgramRequest& request,
                                    v1::Program* reply) {
  ASSIGN_OR_RETURN(const std::string id, ProgramIdOf(request.program().name(), "program.name"));
  ASSIGN_OR_RETURN(const Program program, programs_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckEtag(program.name(), request.program().etag(), program.version));
  v1::Program wanted = ToProto(program);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.program(), &wanted, Changeable()));
  ASSIGN_OR_RETURN(const Program terms, TermsOf(unit.sql(), wanted));
  ASSIGN_OR_RETURN(const Program revised, Revise(program, terms, call.now));
  RETURN_IF_ERROR(asks_.Withdraw(unit.sql(), program.name(), call.now));
  RETURN_IF_ERROR(programs_.Update(unit.sql(), revised));
  *reply = ToProto(revised);
  Tell(unit, "updated", *reply);
  return absl::OkStatus();
}

absl::Status ProgramService::Lint(const rpc::Call&, rpc::Unit& unit, const v1::LintProgramRequest& request,
                                  v1::LintProgramResponse* reply) {
  ASSIGN_OR_RETURN(const std::string id, ProgramIdOf(request.name()));
  ASSIGN_OR_RETURN(const LintSettings settings, LintSettingsFromProto(request));
  ASSIGN_OR_RETURN(const Program program, programs_.Get(unit.sql(), id));
  for (const Finding& finding : LintProgram(program, settings)) *reply->add_findings() = ToProto(finding);
  return absl::OkStatus();
}

absl::Status ProgramService::ActivateProgram(const rpc::Call& call, rpc::Unit& unit,
                                             const v1::ActivateProgramRequest& request, v1::Program* reply) {
  ASSIGN_OR_RETURN(const std::string id, ProgramIdOf(request.name()));
  RETURN_IF_ERROR(programs_.LockSet(unit.sql()));
  ASSIGN_OR_RETURN(Program program, programs_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckEtag(program.name(), request.etag(), program.version));
  RETURN_IF_ERROR(Activate(program, call.now).status());
  ASSIGN_OR_RETURN(program, WithPeriods(unit.sql(), std::move(program)));
  RETURN_IF_ERROR(CheckLint(program));
  ASSIGN_OR_RETURN(const bool asked, AskToActivate(call, unit, program));
  if (!asked) return Launch(call, unit, program, reply);
  *reply = ToProto(program);
  return absl::OkStatus();
}

absl::StatusOr<bool> ProgramService::AskToActivate(const rpc::Call& call, rpc::Unit& unit,
                                                   const Program& program) const {
  RETURN_IF_ERROR(asks_.CheckNotAsked(unit.sql(), program.name(), "activate"));
  ASSIGN_OR_RETURN(const std::optional<approvals::Ask> last, asks_.Get(unit.sql(), program.name()));
  if (last.has_value() && last->revision == program.version) {
    if (last->task.empty()) return false;  // partner-service refused to make one
    return Error(Reason::kStateConflict,
                 StrCat(program.name(), ": got the draft that ", last->task, " decided about, want a changed one"));
  }
  return asks_.AskWhereCovered(
      unit.sql(), partner::v1::ApprovalPolicy::PROGRAM,
      {.subject = program.name(), .revision = program.version, .requesters = {call.identity->subject}}, call.now);
}

absl::Status ProgramService::Decided(const rpc::Call& call, rpc::Unit& unit, const approvals::Decision& decision) {
  if (decision.verdict != approvals::Verdict::kApproved) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string id, ProgramIdOf(decision.subject));
  RETURN_IF_ERROR(programs_.LockSet(unit.sql()));
  ASSIGN_OR_RETURN(const Program program, programs_.GetForUpdate(unit.sql(), id));
  if (program.state != ProgramState::kDraft) return absl::OkStatus();
  const absl::StatusOr<Program> ready = WithPeriods(unit.sql(), program);
  const Reason reason = ReasonOf(ready.status());
  if (reason == Reason::kInvalidField || reason == Reason::kReferenceNotFound) return absl::OkStatus();
  RETURN_IF_ERROR(ready.status());
  v1::Program reply;
  return Launch(call, unit, *ready, &reply);
}

absl::Status ProgramService::Launch(const rpc::Call& call, rpc::Unit& unit, const Program& program,
                                    v1::Program* reply) const {
  ASSIGN_OR_RETURN(const Program active, Activate(program, call.now));
  RETURN_IF_ERROR(programs_.Update(unit.sql(), active));
  ASSIGN_OR_RETURN(const std::vector<FactTotal> totals, facts_.Totals(unit.sql(), active));
  std::vector<AccrualMove> moves = MovesOf(active, totals);
  RETURN_IF_ERROR(groups_.AddEarners(unit.sql(), absl::MakeConstSpan(&active, 1), &moves));
  RETURN_IF_ERROR(accruals_.Apply(unit.sql(), moves));
  RETURN_IF_ERROR(growth_.Freeze(unit.sql(), active, call.now));
  *reply = ToProto(active);
  Tell(unit, "activated", *reply);
  return absl::OkStatus();
}

absl::Status ProgramService::CheckStacked(mysql::Transaction& sql, const Program& revised, Date starts_on) const {
  const StackReader stacks;
  ASSIGN_OR_RETURN(const auto plan, stacks.PlanOf(sql, revised.id, PeriodOf(revised.period, starts_on)));
  if (!plan.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<Program> members, stacks.Programs(sql, plan->rules));
  std::vector<StackProgram> programs;
  for (const Program& member : members) {
    programs.push_back({member.id, member.id == revised.id ? revised.terms : member.terms});
  }
  const std::vector<FieldViolation> faults = CheckPlan(plan->rules, programs, "stacking_plan");
  if (faults.empty()) return absl::OkStatus();
  return Error(Reason::kLintFailed,
               StrCat(revised.name(), ": got terms by which ", plan->name(), " has ", faults[0].field, ": got ",
                      faults[0].got, ", want ", faults[0].want),
               {{"rule", "stacking-plan"}, {"resource", plan->name()}});
}

absl::Status ProgramService::CheckNotCovered(mysql::Transaction& sql, const Program& program) const {
  ASSIGN_OR_RETURN(const bool covered, asks_.Covers(sql, partner::v1::ApprovalPolicy::PROGRAM, ""));
  if (!covered) return absl::OkStatus();
  return Error(
      Reason::kStateConflict,
      StrCat(program.name(), ": got other terms for an active program, want a program of its own for them: an ",
             "approval policy says who approves terms"));
}

absl::Status ProgramService::ReviseProgram(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::ReviseProgramRequest& request, v1::Program* reply) {
  ASSIGN_OR_RETURN(const std::string id, ProgramIdOf(request.program().name(), "program.name"));
  const absl::StatusOr<Date> starts_on = wire::FromProto(request.starts_on());
  if (!starts_on.ok()) return AtField(starts_on.status(), "starts_on");
  // No period is closed and no line applied meanwhile.
  RETURN_IF_ERROR(programs_.LockSet(unit.sql()));
  ASSIGN_OR_RETURN(const Program program, programs_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckEtag(program.name(), request.program().etag(), program.version));
  RETURN_IF_ERROR(CheckNotCovered(unit.sql(), program));
  v1::Program wanted = ToProto(program);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.program(), &wanted, Changeable()));
  ASSIGN_OR_RETURN(const Program terms, TermsOf(unit.sql(), wanted, &program));
  ASSIGN_OR_RETURN(const std::vector<std::string> closed, closes_.ClosedIds(unit.sql(), id));
  ASSIGN_OR_RETURN(const Program revised, ReviseFrom(program, terms, *starts_on, closed, call.now));
  RETURN_IF_ERROR(CheckRevisable(program.name(), ToProto(program), wanted));
  if (revised.needs_amounts() != program.needs_amounts()) {
    return Error(Reason::kInUse,
                 StrCat("program.shape: got terms that ", revised.needs_amounts() ? "do not count" : "count",
                        " lines without an amount, want terms that count the same lines"),
                 {{"resource", program.name()}});
  }
  if (const std::string why = WhyCountedStays(program, revised); !why.empty()) {
    return Error(Reason::kInUse,
                 StrCat("program.", revised.lines != program.lines ? "lines" : "eligibility", ": got other lines for ",
                        why, ", want those that count in it"),
                 {{"resource", program.name()}});
  }
  const bool counts_others = revised.lines != program.lines || revised.eligibility != program.eligibility;
  if (counts_others) RETURN_IF_ERROR(CheckNotOpened(unit.sql(), program, *starts_on, "other lines"));
  if (const std::string_view with = KeepsVolumesOut(revised); !with.empty()) {
    RETURN_IF_ERROR(CheckNotOpened(unit.sql(), program, *starts_on, StrCat("terms with ", with)));
  }
  RETURN_IF_ERROR(CheckLint(revised));
  RETURN_IF_ERROR(CheckStacked(unit.sql(), revised, *starts_on));
  RETURN_IF_ERROR(programs_.UpdateRevised(unit.sql(), revised));
  if (counts_others) RETURN_IF_ERROR(CountAgain(unit, revised, *starts_on, call.now));
  *reply = ToProto(revised);
  Tell(unit, "revised", *reply);
  return absl::OkStatus();
}

absl::Status ProgramService::CheckNotOpened(mysql::Transaction& sql, const Program& program, Date from,
                                            std::string_view got) const {
  ASSIGN_OR_RETURN(const std::string opened, volumes_.NamedSince(sql, program.id, from));
  if (opened.empty()) return absl::OkStatus();
  return Error(Reason::kInUse,
               StrCat(program.name(), ": got ", got, " from ", from.ToString(), " on, want those by which ", opened,
                      " tells a volume of a period from then on"),
               {{"resource", opened}});
}

absl::Status ProgramService::CountAgain(rpc::Unit& unit, const Program& revised, Date from, absl::Time now) const {
  ASSIGN_OR_RETURN(std::vector<FactTotal> totals, facts_.Totals(unit.sql(), revised));
  std::erase_if(totals, [&](const FactTotal& total) { return total.basis_date < from; });
  const std::vector<AccrualMove> moves = MovesOf(revised, totals);
  ASSIGN_OR_RETURN(const std::vector<AccrualKey> dropped, accruals_.DropFrom(unit.sql(), revised.id, from));
  RETURN_IF_ERROR(accruals_.Apply(unit.sql(), moves));
  std::set<AccrualKey> moved(dropped.begin(), dropped.end());
  for (const AccrualMove& move : moves) moved.insert(move.key);
  for (const AccrualKey& key : moved) unit.Emit(DraftOf(AccrualMove{.key = key, .at = now}));
  return absl::OkStatus();
}

absl::Status ProgramService::EndProgram(const rpc::Call& call, rpc::Unit& unit, const v1::EndProgramRequest& request,
                                        v1::Program* reply) {
  ASSIGN_OR_RETURN(const std::string id, ProgramIdOf(request.name()));
  RETURN_IF_ERROR(programs_.LockSet(unit.sql()));
  ASSIGN_OR_RETURN(const Program program, programs_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckEtag(program.name(), request.etag(), program.version));
  ASSIGN_OR_RETURN(const Program ended, End(program, call.now));
  RETURN_IF_ERROR(programs_.Update(unit.sql(), ended));
  ASSIGN_OR_RETURN(const std::vector<AccrualKey> dropped,
                   accruals_.DropFrom(unit.sql(), ended.id, ended.effective.end));
  for (const AccrualKey& key : dropped) unit.Emit(DraftOf(AccrualMove{.key = key, .at = call.now}));
  *reply = ToProto(ended);
  Tell(unit, "ended", *reply);
  return absl::OkStatus();
}

}  // namespace tributary::incentive
