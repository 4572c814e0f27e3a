#pragma once

// The accruals of partners that earn by lines of others, where a program rolls up. The row of an accrual has the sums
// of its partner's own lines alone; what it earns by is worked out when it is read. Here is seen to that there is a row
// for each that may earn, and that it is told when a member's line moves it. Each call works in the caller's
// transaction.

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/accruals/growth_store.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/programs/program_store.h"
#include "incentive-service/relationships/relationship.h"

namespace tributary::incentive {

class GroupAccruals {
 public:
  // Adds to moves of accruals of these programs those of who may earn by their lines, and puts all in the order of
  // their keys.
  absl::Status AddEarners(mysql::Transaction& sql, absl::Span<const Program> programs,
                          std::vector<AccrualMove>* moves) const;

  // When relationships have been told: makes the accruals of who may earn now, and tells all of groups that are or
  // were, of periods that are not closed. The caller has the set of programs alone where these move earners.
  absl::Status Follow(mysql::Transaction& sql, absl::Span<const Relationship> told, absl::Time at,
                      events::Outbox& outbox) const;

 private:
  // `moved`: partners of whose relationships something was told.
  absl::Status FollowIn(mysql::Transaction& sql, const Program& program, const std::set<std::string>& moved,
                        absl::Time at, events::Outbox& outbox) const;

  ProgramStore programs_;
  PeriodCloseStore closes_;
  AccrualStore accruals_;
  GrowthStore growth_;
};

}  // namespace tributary::incentive
