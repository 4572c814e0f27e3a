#pragma once

// Closing the periods of a plan: all members at once, in one transaction, at one watermark.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/server.h"
#include "google/longrunning/operations.pb.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/closes/close_work.h"
#include "incentive-service/closes/period_close_service.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/ledger/accrued_store.h"
#include "incentive-service/operations/operation_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/relationships/relationship_store.h"
#include "incentive-service/stacking_plans/stack_reader.h"
#include "incentive-service/stacking_plans/stacking_plan_store.h"
#include "incentive-service/statements/statement_store.h"
#include "tributary/incentive/v1/stacking_plan.pb.h"

namespace tributary::incentive {

class StackedCloseService {
 public:
  // `closes`, which outlives it, says what has become of members' periods before the plan.
  explicit StackedCloseService(const PeriodCloseService& closes) : period_closes_(closes) {}

  void Register(rpc::Server& server);

  absl::Status Close(const rpc::Call& call, rpc::Unit& unit, const v1::CloseStackedPeriodRequest& request,
                     google::longrunning::Operation* reply);
  absl::Status StateTrueUps(const rpc::Call& call, rpc::Unit& unit, const v1::StateStackedTrueUpsRequest& request,
                            v1::StateTrueUpsResponse* reply);

  // What the close of all members would store, or why there is none: STATE_CONFLICT of a draft, INVALID_FIELD period,
  // the first refusal of a member. It reads, and no more. `name`: stackingPlans/{stacking_plan}.
  absl::StatusOr<WorkedOutClose> WorkOut(mysql::Transaction& sql, const std::string& name, const std::string& period,
                                         const CloseAsk& ask) const;

 private:
  // The plan, which is no draft.
  absl::StatusOr<DeclaredPlan> ReadPlan(mysql::Transaction& sql, const std::string& name, std::string_view verb) const;
  // The first refusal of a member, as DecideClose.
  absl::Status CheckMembers(mysql::Transaction& sql, const StackMembers& members, const Period& period,
                            const CloseAsk& ask) const;
  // What the members earned in the period, partner by partner, and how many lines of it are in another currency.
  absl::Status AddEarned(mysql::Transaction& sql, const DeclaredPlan& plan, const StackMembers& members,
                         const Period& period, const std::optional<Watermark>& told_by,
                         std::vector<PartnerEntry>* entries, std::map<std::string, int64_t>* other_currency) const;
  // What late facts did to the plan's closed periods: whole stacks again, of partners of whom any member's accrual
  // moved. Of members whose own true-ups are worked out already, those alone that these left to be looked at again.
  absl::Status AddTrueUps(mysql::Transaction& sql, const DeclaredPlan& plan, const std::vector<Program>& members,
                          const std::string& close_period, CloseWork* work, std::vector<PartnerEntry>* entries) const;
  // Once entries of the work are in drafts: what has accrued of all members, also of those whose time is over, follows.
  absl::Status FollowDrafts(mysql::Transaction& sql, const CloseWork& work, absl::Time now) const;
  // Of one partner or of all: minor units by partner and program.
  absl::StatusOr<std::map<std::string, std::map<std::string, int64_t>>> Stated(
      mysql::Transaction& sql, const StackMembers& members, const Period& period,
      const std::optional<std::string>& partner) const;

  const PeriodCloseService& period_closes_;
  StackingPlanStore plans_;
  StackReader stacks_;
  PeriodCloseStore closes_;
  ProgramStore programs_;
  FactStore facts_;
  StatementStore statements_;
  AccrualStore accruals_;
  RelationshipStore relationships_;
  AccruedStore accrued_;
  OperationStore operations_;
};

}  // namespace tributary::incentive
