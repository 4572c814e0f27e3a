#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/events/consumer.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/programs/program_store.h"

namespace tributary::incentive {

// Takes lines from inventory's feed: facts and what accrues from them move in one transaction, with the cursor.
class FactConsumer {
 public:
  // An events::ApplyEvents for the payload types kLineTypes and kPaymentType. Events of other types are passed over.
  absl::Status Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch, events::Outbox& outbox) const;

 private:
  // Tells of the accruals whose growth is measured against what these lines are in: they may be worth something else
  // now, though no line of theirs has changed. Those that are among `moves` are told already.
  absl::Status TellMeasured(mysql::Transaction& sql, const Program& program, absl::Span<const LineChange> changes,
                            absl::Span<const AccrualMove> moves, events::Outbox& outbox) const;
  // What payments of the batch settle, telling by telling: where a batch begins and ends leaves no trace. It holds a
  // shard's events in their order.
  absl::Status AddParts(mysql::Transaction& sql, absl::Span<const events::Event> batch,
                        std::vector<FactLine>* lines) const;

  ProgramStore programs_;
  FactStore facts_;
  AccrualStore accruals_;
  PeriodCloseStore closes_;
};

}  // namespace tributary::incentive
