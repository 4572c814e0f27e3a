// Program, closes, statements, simulation.

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "cli/demo/demo.h"
#include "cli/resources.h"
#include "cli/verifier.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "google/longrunning/operations.pb.h"
#include "tributary/incentive/v1/accrual.pb.h"
#include "tributary/incentive/v1/period_close.pb.h"
#include "tributary/incentive/v1/program_service.pb.h"
#include "tributary/incentive/v1/simulation.pb.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::cli {
namespace {

std::string ProgramName(const DemoRun& run) { return StrCat("programs/", run.manifest.program_id); }

// A done operation's answer.
template <typename T>
absl::StatusOr<T> Answer(const google::longrunning::Operation& operation) {
  T answer;
  if (operation.has_error()) {
    return absl::Status(static_cast<absl::StatusCode>(operation.error().code()), operation.error().message());
  }
  if (!operation.done() || !operation.response().UnpackTo(&answer)) {
    return absl::InternalError(StrCat(operation.name(), " is not done"));
  }
  return answer;
}

absl::Status IssueStatements(rpc::Client& client, const std::string& period) {
  for (int left = 1; left > 0;) {
    incentive::v1::BatchIssueStatementsRequest issue;
    issue.set_parent("partners/-");
    issue.set_period(period);
    issue.set_request_id(NewRequestId());
    ASSIGN_OR_RETURN(const auto issued, client.Call<incentive::v1::BatchIssueStatementsResponse>(
                                            "tributary.incentive.v1.StatementService/BatchIssueStatements", issue,
                                            {.timeout = absl::Minutes(1)}));
    left = issued.left();
  }
  return absl::OkStatus();
}

// Whether the program says something in it.
bool Names(const incentive::v1::Statement& statement, const std::string& program) {
  return std::any_of(statement.entries().begin(), statement.entries().end(),
                     [&](const incentive::v1::StatementEntry& entry) { return entry.program() == program; });
}

}  // namespace

absl::Status CreateProgram(DemoRun& run) {
  rpc::Client& client = run.suite.incentive();
  incentive::v1::CreateProgramRequest create;
  create.set_program_id(run.manifest.program_id);
  create.set_request_id(NewRequestId());
  *create.mutable_program() = run.manifest.program;
  absl::Status status =
      client.Call<incentive::v1::Program>("tributary.incentive.v1.ProgramService/CreateProgram", create).status();
  if (!status.ok() && status.code() != absl::StatusCode::kAlreadyExists) return status;
  incentive::v1::ActivateProgramRequest activate;
  activate.set_name(ProgramName(run));
  activate.set_request_id(NewRequestId());
  status =
      client.Call<incentive::v1::Program>("tributary.incentive.v1.ProgramService/ActivateProgram", activate).status();
  return status.code() == absl::StatusCode::kFailedPrecondition ? absl::OkStatus() : status;
}

absl::Status ClosePeriods(DemoRun& run) {
  rpc::Client& client = run.suite.incentive();
  std::set<std::string> periods;
  incentive::v1::ListAccrualsRequest accruals;
  accruals.set_parent("partners/-");
  accruals.set_filter(StrCat("program = \"", ProgramName(run), "\""));
  RETURN_IF_ERROR(
      ListAll<incentive::v1::ListAccrualsResponse>(client, "tributary.incentive.v1.AccrualService/ListAccruals",
                                                   accruals, [&](const incentive::v1::ListAccrualsResponse& page) {
                                                     for (const auto& one : page.accruals())
                                                       periods.insert(one.period());
                                                   }));
  Progress progress("closing");
  for (const std::string& period : periods) {
    progress.Tell(period);
    incentive::v1::ClosePeriodRequest close;
    close.set_name(StrCat(ProgramName(run), "/closes/", period));
    close.set_request_id(NewRequestId());
    const auto operation = client.Call<google::longrunning::Operation>(
        "tributary.incentive.v1.PeriodCloseService/ClosePeriod", close, {.timeout = absl::Minutes(1)});
    // Closed by an earlier run, or still open: today's quarter stays open.
    const Reason reason = operation.ok() ? Reason::kUnspecified : ReasonOf(operation.status());
    if (reason == Reason::kPeriodClosed || reason == Reason::kPeriodNotEnded) continue;
    RETURN_IF_ERROR(operation.status());
    RETURN_IF_ERROR(Answer<incentive::v1::PeriodClose>(*operation).status());
    RETURN_IF_ERROR(IssueStatements(client, period));
  }
  int64_t statements = 0;
  Decimal total;
  absl::Status bad;
  incentive::v1::ListStatementsRequest list;
  list.set_parent("partners/-");
  RETURN_IF_ERROR(ListAll<incentive::v1::ListStatementsResponse>(
      client, "tributary.incentive.v1.StatementService/ListStatements", list,
      [&](const incentive::v1::ListStatementsResponse& page) {
        for (const incentive::v1::Statement& statement : page.statements()) {
          if (!Names(statement, ProgramName(run))) continue;
          ++statements;
          const auto amount = wire::FromProto(statement.total());
          if (amount.ok())
            total += amount->amount;
          else
            bad = amount.status();
        }
      }));
  RETURN_IF_ERROR(bad);
  run.summary["statements"] = statements;
  run.summary["rebate_total_marginal"] = total.ToFixed(2);
  return absl::OkStatus();
}

absl::Status Simulate(DemoRun& run) {
  incentive::v1::CreateSimulationRequest create;
  *create.mutable_simulation()->mutable_program() = run.manifest.program;
  create.mutable_simulation()->mutable_program()->set_shape(incentive::v1::Program::RETROACTIVE);
  create.set_request_id(NewRequestId());
  ASSIGN_OR_RETURN(
      google::longrunning::Operation operation,
      run.suite.incentive().Call<google::longrunning::Operation>(
          "tributary.incentive.v1.SimulationService/CreateSimulation", create, {.timeout = absl::Minutes(1)}));
  ASSIGN_OR_RETURN(incentive::v1::Simulation simulation, Answer<incentive::v1::Simulation>(operation));
  ASSIGN_OR_RETURN(Money total, wire::FromProto(simulation.total()));
  run.summary["rebate_total_retroactive"] = total.amount.ToFixed(2);
  return absl::OkStatus();
}

absl::Status VerifyStatements(DemoRun& run) {
  Progress progress("verifying");
  ASSIGN_OR_RETURN(VerifyReport report,
                   VerifyAll(run.suite, "", [&](int64_t done) { progress.Tell(StrCat(done, " statements")); }));
  run.summary["verified_statements"] = report.verified;
  if (report.differences.empty()) return absl::OkStatus();
  return absl::DataLossError(
      StrCat(report.differences.size(), " differences, the first: ", report.differences.front()));
}

}  // namespace tributary::cli
