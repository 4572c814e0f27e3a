#pragma once

// Reads what is known of a partner, decides and stores what follows.

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rpc/call.h"
#include "partner-service/courses/certificate_store.h"
#include "partner-service/fiscal_calendars/fiscal_calendar_store.h"
#include "partner-service/partners/partner_activity_store.h"
#include "partner-service/sales_facts/sales_fact_store.h"
#include "partner-service/tier_assignments/tier_assignment_store.h"

namespace tributary::partner {

struct TierEvaluated {
  TierOutcome outcome = TierOutcome::kUnchanged;
  std::optional<TierAssignment> assignment;  // that holds afterwards, or that ended
};

class TierEvaluator {
 public:
  // What is known for the program's criteria; the days under way first, never empty.
  absl::StatusOr<std::vector<TierFigures>> Measure(mysql::Transaction& sql, const Partner& partner,
                                                   const PartnerProgram& program, absl::Time now) const;

  // Of a locked partner. Tells the feed what it changed.
  absl::StatusOr<TierEvaluated> Evaluate(rpc::Unit& unit, const Partner& partner, const PartnerProgram& program,
                                         absl::Time now) const;

 private:
  TierAssignmentStore assignments_;
  FiscalCalendarStore calendars_;
  SalesFactStore facts_;
  CertificateStore certificates_;
  PartnerActivityStore activity_;
};

}  // namespace tributary::partner
