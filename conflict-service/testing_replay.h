#pragma once

// A channel's facts told to a database by the service's own detectors, for tests and benchmarks.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/events/outbox.h"
#include "common/mysql/database.h"
#include "conflict-service/deals/customer_index.h"
#include "conflict-service/deals/deal_store.h"
#include "conflict-service/detection/detector.h"
#include "conflict-service/detection/diversion_detector.h"
#include "conflict-service/facts/grant_store.h"
#include "conflict-service/facts/region_store.h"
#include "conflict-service/facts/sale_store.h"
#include "conflict-service/findings/finding_store.h"
#include "conflict-service/testing_real_channel.h"

namespace tributary::conflict {

// Tells a database what the service would hear, by the same detectors.
class Replay {
 public:
  explicit Replay(mysql::Database& database) : database_(database) {}

  absl::Status TellTerms(const RealChannel& channel);
  absl::Status TellSales(const RealChannel& channel);
  absl::Status TellDirectSales(const RealChannel& channel);
  absl::Status TellPrices(const RealChannel& channel);
  absl::Status Tell(const Injected& injected);

  // Open findings by kind, and their names.
  absl::StatusOr<std::map<FindingKind, int64_t>> Count();
  absl::StatusOr<std::set<std::string>> Open();

 private:
  absl::Status Tell(const FactBatch& facts);
  absl::Status Tell(const std::vector<PriceObservation>& prices);
  absl::Status HandIn(Deal deal);
  absl::Status In(absl::FunctionRef<absl::Status(mysql::Transaction&, events::Outbox&)> step);

  mysql::Database& database_;
  const DealStore deals_{};
  const GrantStore grants_{};
  const RegionStore regions_{};
  const SaleStore sales_{};
  const FindingStore findings_{};
  CustomerIndex customers_;
  const Detector detector_{deals_, grants_, regions_, sales_, findings_, customers_};
  const DiversionDetector diversions_{};
};

}  // namespace tributary::conflict
