#pragma once

// The RPCs of programs.

#include "common/approvals/approval_asks.h"
#include "common/approvals/approval_feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/accruals/group_accruals.h"
#include "incentive-service/accruals/growth_store.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/fiscal_calendars/fiscal_calendar_store.h"
#include "incentive-service/opening_balances/opening_volume_store.h"
#include "incentive-service/period_budgets/budget_use_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/standings/standing_store.h"
#include "tributary/incentive/v1/program_service.pb.h"

namespace tributary::incentive {

class ProgramService {
 public:
  explicit ProgramService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetProgramRequest& request, v1::Program* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListProgramsRequest& request,
                    v1::ListProgramsResponse* reply);
  absl::Status ListRevisions(const rpc::Call& call, rpc::Unit& unit, const v1::ListProgramRevisionsRequest& request,
                             v1::ListProgramRevisionsResponse* reply);
  absl::Status CompareVersions(const rpc::Call& call, rpc::Unit& unit, const v1::CompareVersionsRequest& request,
                               v1::CompareVersionsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateProgramRequest& request,
                      v1::Program* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateProgramRequest& request,
                      v1::Program* reply);
  // Counts what is recorded already; from then on the consumer of facts does.
  absl::Status Lint(const rpc::Call& call, rpc::Unit& unit, const v1::LintProgramRequest& request,
                    v1::LintProgramResponse* reply);
  absl::Status ActivateProgram(const rpc::Call& call, rpc::Unit& unit, const v1::ActivateProgramRequest& request,
                               v1::Program* reply);
  // Does what its approval task decided of a draft that is to be activated: rejected or taken back, it stays one; also
  // where its fiscal calendar has changed so that it does not go with it any more.
  absl::Status Decided(const rpc::Call& call, rpc::Unit& unit, const approvals::Decision& decision);
  // Other terms of an active program, from a period on in which nothing is closed.
  absl::Status ReviseProgram(const rpc::Call& call, rpc::Unit& unit, const v1::ReviseProgramRequest& request,
                             v1::Program* reply);
  // Drops what accrued from the new effective_to on.
  absl::Status EndProgram(const rpc::Call& call, rpc::Unit& unit, const v1::EndProgramRequest& request,
                          v1::Program* reply);

 private:
  // The terms of the message, with the periods of the fiscal calendar that it names as they are known now; with those
  // that `own` has where it is the calendar of that. INVALID_FIELD, REFERENCE_NOT_FOUND.
  absl::StatusOr<Program> TermsOf(mysql::Transaction& sql, const v1::Program& message,
                                  const Program* own = nullptr) const;
  // A draft with the periods of its fiscal calendar as they are known now. INVALID_FIELD where it does not go with
  // them.
  absl::StatusOr<Program> WithPeriods(mysql::Transaction& sql, Program draft) const;
  // Whether the program is not there for the caller, a partner's user.
  absl::StatusOr<bool> Hidden(const rpc::Call& call, mysql::Transaction& sql, const Program& program) const;
  // Whether an approval task decides. STATE_CONFLICT where one is asked for already, or has decided about the draft as
  // it is.
  absl::StatusOr<bool> AskToActivate(const rpc::Call& call, rpc::Unit& unit, const Program& program) const;
  // DRAFT to ACTIVE.
  absl::Status Launch(const rpc::Call& call, rpc::Unit& unit, const Program& program, v1::Program* reply) const;
  // IN_USE where an opening balance tells of a period from that day on: its volume is of the lines that count now, and
  // counts by terms such as there are now. `got`: what would come in their place.
  absl::Status CheckNotOpened(mysql::Transaction& sql, const Program& program, Date from, std::string_view got) const;
  // Makes the accruals of periods from that day on anew, by the lines that count in them now; none of them is closed.
  absl::Status CountAgain(rpc::Unit& unit, const Program& revised, Date from, absl::Time now) const;
  // STATE_CONFLICT where an approval policy covers programs: terms that nobody approved do not come in by a revision.
  absl::Status CheckNotCovered(mysql::Transaction& sql, const Program& program) const;
  // LINT_FAILED where the stacking plan of the period that begins on that day cannot be evaluated with the terms.
  absl::Status CheckStacked(mysql::Transaction& sql, const Program& revised, Date starts_on) const;

  const PageTokens& tokens_;
  ProgramStore programs_;
  FactStore facts_;
  FiscalCalendarStore calendars_;
  AccrualStore accruals_;
  PeriodCloseStore closes_;
  GrowthStore growth_;
  BudgetUseStore budgets_;
  GroupAccruals groups_;
  StandingStore standings_;
  OpeningVolumeStore volumes_;
  approvals::ApprovalAsks asks_;
};

}  // namespace tributary::incentive
