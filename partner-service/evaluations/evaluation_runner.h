#pragma once

// Reads what is known of a partner and works its evaluations out.

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/mysql/database.h"
#include "partner-service/activities/activity_store.h"
#include "partner-service/agreements/agreement_store.h"
#include "partner-service/courses/certificate_store.h"
#include "partner-service/evaluations/evaluation_store.h"
#include "partner-service/fiscal_calendars/fiscal_calendar_store.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/sales_facts/sales_fact_store.h"
#include "partner-service/sales_targets/sales_target_store.h"
#include "partner-service/support_requests/support_store.h"
#include "partner-service/tier_assignments/tier_assignment_store.h"

namespace tributary::partner {

class EvaluationRunner {
 public:
  // The evaluation of the locked partner by what is known now, and by its last published one.
  absl::StatusOr<WorkedOut> WorkOut(mysql::Transaction& sql, const Partner& partner,
                                    const ScorecardTemplate& scorecard_template, const FiscalCalendar& calendar,
                                    const Evaluation& evaluation, absl::Time now) const;

 private:
  // Over which days, and how far they have come.
  struct Span {
    DateRange days;
    DateRange counted;      // those of them that have begun; may be empty
    absl::Time start, end;  // of the days
    Date last() const { return counted.end.AddDays(-1); }
    bool begun() const { return counted.start < counted.end; }
  };
  absl::StatusOr<std::vector<Reading>> Read(mysql::Transaction& sql, const Partner& partner,
                                            const ScoreComponent& component, const Span& span) const;
  absl::StatusOr<std::vector<Reading>> ReadAttainment(mysql::Transaction& sql, const Partner& partner,
                                                      const Span& span) const;
  absl::StatusOr<std::vector<Reading>> ReadSales(mysql::Transaction& sql, const Partner& partner,
                                                 const ScoreComponent& component, const Span& span) const;
  absl::StatusOr<std::vector<Reading>> ReadSupport(mysql::Transaction& sql, const Partner& partner,
                                                   const Span& span) const;
  absl::StatusOr<std::vector<Reading>> ReadAgreements(mysql::Transaction& sql, const Partner& partner,
                                                      const Span& span) const;

  EvaluationStore evaluations_;
  SalesTargetStore targets_;
  SalesFactStore facts_;
  CertificateStore certificates_;
  SupportRequestStore support_requests_;
  ActivityStore activities_;
  TierAssignmentStore tiers_;
  AgreementStore agreements_;
};

}  // namespace tributary::partner
