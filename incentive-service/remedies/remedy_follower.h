#pragma once

// What remedies of cases ask for, by conflict-service's feed: steps of money become adjustments, which people decide as
// they decide all others, and are taken back where a later step was refused.

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "incentive-service/adjustments/adjustment_store.h"
#include "incentive-service/programs/program_store.h"
#include "tributary/conflict/v1/remedy.pb.h"

namespace tributary::incentive {

// The payload type that RemedyFollower wants.
const std::string& RemedyPayload();

class RemedyFollower {
 public:
  // Events of other types are passed over, steps without an amount too. A step that is ORDERED has its adjustment
  // REQUESTED in the name of who applies the remedy, or is refused at once where its program is not there, or pays
  // points where the step is of money, or the other way round; one that is COMPENSATING has an adjustment that takes
  // the other back. Once each, however often it is told.
  absl::Status Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch, absl::Time now,
                     events::Outbox& outbox) const;

 private:
  using Remedy = conflict::v1::Remedy;
  using RemedyStep = conflict::v1::RemedyStep;
  absl::Status Order(mysql::Transaction& sql, const Remedy& remedy, const RemedyStep& step, absl::Time now,
                     events::Outbox& outbox) const;
  absl::Status Compensate(mysql::Transaction& sql, const Remedy& remedy, const RemedyStep& step, absl::Time now,
                          events::Outbox& outbox) const;
  // Stores a new adjustment and tells it.
  absl::Status Add(mysql::Transaction& sql, std::string_view verb, Adjustment adjustment, absl::Time now,
                   events::Outbox& outbox) const;

  AdjustmentStore adjustments_;
  ProgramStore programs_;
};

}  // namespace tributary::incentive
