#include "incentive-service/programs/program_service.h"

#include <string_view>
#include <vector>

#include "common/ids/uuid.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/engine/lint/lint.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/programs/lint_proto.h"
#include "incentive-service/programs/program_proto.h"

namespace tributary::incentive {
namespace {

// What lint calls an error without knowing more than the terms.
absl::Status CheckLint(const Program& program) {
  for (const Finding& finding : LintTerms(program.terms, {})) {
    if (finding.severity != Severity::kError) continue;
    return Error(Reason::kLintFailed, StrCat(program.name(), ": got ", finding.rule, ", ", finding.message),
                 {{"rule", finding.rule}, {"resource", program.name()}});
  }
  return absl::OkStatus();
}

void Tell(rpc::Unit& unit, std::string_view verb, const v1::Program& program) {
  unit.Emit(events::Draft(program.name(), verb, program.name(), program));
}

bool Hidden(const rpc::Call& call, const Program& program) {
  return call.identity->IsPartnerUser() && !program.IsFor(call.identity->partner);
}

v1::Program Shown(const rpc::Call& call, const Program& program) {
  return call.identity->IsPartnerUser() ? ToProto(program, call.identity->partner) : ToProto(program);
}

}  // namespace

void ProgramService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.ProgramService", this)
      .Unary("GetProgram", &ProgramService::Get)
      .Unary("ListPrograms", &ProgramService::List)
      .Unary("CreateProgram", &ProgramService::Create)
      .Unary("UpdateProgram", &ProgramService::Update)
      .Unary("LintProgram", &ProgramService::Lint)
      .Unary("ActivateProgram", &ProgramService::ActivateProgram)
      .Unary("EndProgram", &ProgramService::EndProgram);
}

absl::Status ProgramService::Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetProgramRequest& request,
                                 v1::Program* reply) {
  ASSIGN_OR_RETURN(const std::string id, ProgramIdOf(request.name()));
  ASSIGN_OR_RETURN(const Program program, programs_.Get(unit.sql(), id));
  if (Hidden(call, program)) return NotFound(program.name());
  *reply = Shown(call, program);
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
    if (!Hidden(call, program)) *reply->add_programs() = Shown(call, program);
  }
  return absl::OkStatus();
}

absl::Status ProgramService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateProgramRequest& request,
                                    v1::Program* reply) {
  ASSIGN_OR_RETURN(Program program, TermsFromProto(request.program(), "program"));
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
  static const auto& kChangeable = *new std::vector<std::string_view>{
      "display_name",  "basis",     "shape",          "bound",        "tiers",         "period",
      "currency",      "rounding",  "effective_from", "effective_to", "payout_period", "grace_days",
      "clawback_days", "time_zone", "rate_type",      "lines",        "eligibility",   "measure",
      "floor",         "cap",       "max_penalty",    "guarantee"};
  ASSIGN_OR_RETURN(const std::string id, ProgramIdOf(request.program().name(), "program.name"));
  ASSIGN_OR_RETURN(const Program program, programs_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckEtag(program.name(), request.program().etag(), program.version));
  v1::Program wanted = ToProto(program);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.program(), &wanted, kChangeable));
  ASSIGN_OR_RETURN(const Program terms, TermsFromProto(wanted, "program"));
  ASSIGN_OR_RETURN(const Program revised, Revise(program, terms, call.now));
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
  for (const Finding& finding : LintTerms(program.terms, settings)) *reply->add_findings() = ToProto(finding);
  return absl::OkStatus();
}

absl::Status ProgramService::ActivateProgram(const rpc::Call& call, rpc::Unit& unit,
                                             const v1::ActivateProgramRequest& request, v1::Program* reply) {
  ASSIGN_OR_RETURN(const std::string id, ProgramIdOf(request.name()));
  RETURN_IF_ERROR(programs_.LockSet(unit.sql()));
  ASSIGN_OR_RETURN(const Program program, programs_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckEtag(program.name(), request.etag(), program.version));
  ASSIGN_OR_RETURN(const Program active, Activate(program, call.now));
  RETURN_IF_ERROR(CheckLint(program));
  RETURN_IF_ERROR(programs_.Update(unit.sql(), active));
  ASSIGN_OR_RETURN(const std::vector<FactTotal> totals, facts_.Totals(unit.sql(), active));
  RETURN_IF_ERROR(accruals_.Apply(unit.sql(), MovesOf(active, totals)));
  *reply = ToProto(active);
  Tell(unit, "activated", *reply);
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
  RETURN_IF_ERROR(accruals_.DropFrom(unit.sql(), ended.id, ended.effective.end));
  *reply = ToProto(ended);
  Tell(unit, "ended", *reply);
  return absl::OkStatus();
}

}  // namespace tributary::incentive
