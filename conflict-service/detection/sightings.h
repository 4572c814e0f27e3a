#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "conflict-service/detection/diversion_detector.h"
#include "conflict-service/facts/facts.h"
#include "conflict-service/packing_events/packing_event.h"

namespace tributary::conflict {

struct Taken {
  int accepted = 0;  // how many are new
  Affected affected;
};

// Scans, and what is packed in what, are stored in any order: the scan of a container shows the units that by all that
// is told were in it on its day. Under the lock of DIVERSION; what is affected is then to be judged. ROW_CONFLICT where
// one is known with other content.
absl::StatusOr<Taken> TakeScans(mysql::Transaction& sql, const std::vector<Scan>& scans);
absl::StatusOr<Taken> TakePackingEvents(mysql::Transaction& sql, const std::vector<PackingEvent>& events);

}  // namespace tributary::conflict
