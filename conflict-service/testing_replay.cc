#include "conflict-service/testing_replay.h"

#include "common/status/status.h"
#include "conflict-service/detection/duplicate_sale_detector.h"
#include "conflict-service/detection/price_detector.h"
#include "conflict-service/detection/sightings.h"
#include "conflict-service/mass_balances/mass_balance_store.h"
#include "conflict-service/prices/price_observation_store.h"
#include "conflict-service/prices/price_rule_store.h"

namespace tributary::conflict {
namespace {

const absl::Time kNow = ReplayTime();

}  // namespace

absl::Status Replay::In(absl::FunctionRef<absl::Status(mysql::Transaction&, events::Outbox&)> step) {
  return database_.Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    events::Outbox outbox;
    RETURN_IF_ERROR(step(sql, outbox));
    return outbox.Write(sql);
  });
}

absl::Status Replay::Tell(const FactBatch& facts) {
  return In([&](mysql::Transaction& sql, events::Outbox& outbox) -> absl::Status {
    RETURN_IF_ERROR(detector_.Apply(sql, facts, kNow, outbox));
    RETURN_IF_ERROR(diversions_.Apply(sql, facts, kNow, outbox));
    RETURN_IF_ERROR(FindDuplicateSales(sql, facts, kNow, outbox));
    return ApplyToPrices(sql, facts, kNow, outbox);
  });
}

absl::Status Replay::Tell(const std::vector<PriceObservation>& prices) {
  return In([&](mysql::Transaction& sql, events::Outbox& outbox) -> absl::Status {
    RETURN_IF_ERROR(LockPrices(sql));
    ASSIGN_OR_RETURN(const std::vector<PriceObservation> fresh, PriceObservationStore().Put(sql, prices));
    return JudgePrices(sql, fresh, kNow, outbox);
  });
}

absl::Status Replay::HandIn(Deal deal) {
  return In([&](mysql::Transaction& sql, events::Outbox& outbox) -> absl::Status {
    RETURN_IF_ERROR(detector_.LockDeals(sql));
    RETURN_IF_ERROR(customers_.Learn(sql, deal.customer_name));
    ASSIGN_OR_RETURN(deal.sequence, deals_.NextSequence(sql));
    RETURN_IF_ERROR(deals_.Create(sql, deal));
    RETURN_IF_ERROR(deals_.Update(sql, deal));
    return detector_.DealChanged(sql, deal, kNow, outbox);
  });
}

absl::Status Replay::TellTerms(const RealChannel& channel) {
  RETURN_IF_ERROR(Tell(channel.terms));
  return In([&](mysql::Transaction& sql, events::Outbox& outbox) -> absl::Status {
    RETURN_IF_ERROR(LockPrices(sql));
    for (const PriceRule& rule : channel.price_rules) {
      RETURN_IF_ERROR(PriceRuleStore().Create(sql, rule));
      RETURN_IF_ERROR(JudgePricesOf(sql, rule.product, kNow, outbox));
    }
    return absl::OkStatus();
  });
}

absl::Status Replay::TellSales(const RealChannel& channel) {
  for (const FactBatch& batch : channel.sales) RETURN_IF_ERROR(Tell(batch));
  return absl::OkStatus();
}

absl::Status Replay::TellDirectSales(const RealChannel& channel) {
  for (const FactBatch& batch : channel.direct_sales) RETURN_IF_ERROR(Tell(batch));
  return absl::OkStatus();
}

absl::Status Replay::TellPrices(const RealChannel& channel) {
  for (const std::vector<PriceObservation>& batch : channel.prices) RETURN_IF_ERROR(Tell(batch));
  return absl::OkStatus();
}

absl::Status Replay::Tell(const Injected& injected) {
  RETURN_IF_ERROR(Tell(injected.facts));
  RETURN_IF_ERROR(Tell(injected.prices));
  for (const Deal& deal : injected.deals) RETURN_IF_ERROR(HandIn(deal));
  return In([&](mysql::Transaction& sql, events::Outbox& outbox) -> absl::Status {
    RETURN_IF_ERROR(diversions_.Lock(sql));
    ASSIGN_OR_RETURN(Taken taken, TakeScans(sql, injected.scans));
    for (const BalanceKey& key : injected.balances) {
      RETURN_IF_ERROR(MassBalanceStore().Keep(sql, {key, Uuid::New(kNow), kNow}).status());
      taken.affected.products.insert(key.product);
    }
    return diversions_.Judge(sql, taken.affected, kNow, outbox);
  });
}

absl::StatusOr<std::map<FindingKind, int64_t>> Replay::Count() {
  std::map<FindingKind, int64_t> count;
  RETURN_IF_ERROR(database_.Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(count, findings_.CountOpen(sql));
    return absl::OkStatus();
  }));
  return count;
}

absl::StatusOr<std::set<std::string>> Replay::Open() {
  std::set<std::string> names;
  RETURN_IF_ERROR(database_.Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    names.clear();
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query("SELECT id FROM finding WHERE state = ?", {static_cast<int>(FindingState::kOpen)}));
    for (const mysql::Row& row : rows) names.insert(row.Text(0));
    return absl::OkStatus();
  }));
  return names;
}

}  // namespace tributary::conflict
