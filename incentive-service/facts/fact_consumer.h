#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/events/consumer.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/accruals/group_accruals.h"
#include "incentive-service/facts/accruing_set.h"
#include "incentive-service/facts/fact_store.h"
#include "incentive-service/facts/unlinked_return_store.h"

namespace tributary::incentive {

// Lines of one transaction at most. A batch tells each accrual that it moves once, so larger ones tell fewer.
inline constexpr int kFactBatch = 4000;

// Takes lines from inventory's feed, or won deals from conflict-service's: facts and what accrues from them move in one
// transaction, with the cursor. One for each feed, since one keeps what it knows of programs between batches.
class FactConsumer {
 public:
  // An events::ApplyEvents for the payload types kLineTypes and kPaymentType, or kDealType, one batch at a time. Events
  // of other types are passed over.
  absl::Status Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch, events::Outbox& outbox);

 private:
  // Of a program that matches unlinked returns: the accruals of partners and products that have any may be worth
  // something else now, in each period in which there are lines of them. Adds those to the moves that are not there.
  absl::Status AddRematched(mysql::Transaction& sql, const Program& program, absl::Span<const LineChange> changes,
                            std::vector<AccrualMove>* moves);
  // Tells of the accruals whose growth is measured against what these lines are in: they may be worth something else
  // now, though no line of theirs has changed. Those that are among `moves` are told already.
  absl::Status TellMeasured(mysql::Transaction& sql, const Program& program, absl::Span<const LineChange> changes,
                            absl::Span<const AccrualMove> moves, events::Outbox& outbox) const;
  // The same of accruals of later periods, into which what these moves leave below 0 is carried.
  absl::Status TellCarried(mysql::Transaction& sql, const Program& program, absl::Span<const AccrualMove> moves,
                           events::Outbox& outbox) const;
  // What payments of the batch settle, telling by telling: where a batch begins and ends leaves no trace. It holds a
  // shard's events in their order.
  absl::Status AddParts(mysql::Transaction& sql, absl::Span<const events::Event> batch,
                        std::vector<FactLine>* lines) const;

  AccruingSet accruing_;
  FactStore facts_;
  UnlinkedReturnStore unlinked_;
  AccrualStore accruals_;
  GroupAccruals groups_;
};

}  // namespace tributary::incentive
