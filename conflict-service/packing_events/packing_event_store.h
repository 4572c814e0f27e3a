#pragma once

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "conflict-service/facts/facts.h"
#include "conflict-service/packing_events/packing_event.h"

namespace tributary::conflict {

// What was packed in what, and when. Stateless and thread-safe.
class PackingEventStore {
 public:
  // Stores events and answers those that are new; one that is known with the same content, also from the same list, is
  // not. ROW_CONFLICT: known with other content; nothing is stored then.
  absl::StatusOr<std::vector<PackingEvent>> Put(mysql::Transaction& sql, const std::vector<PackingEvent>& events) const;
  // These containers, and all that they were ever in.
  absl::StatusOr<std::set<std::string>> Around(mysql::Transaction& sql, const std::set<std::string>& containers) const;
  // The units that were in it that day, also within other containers.
  absl::StatusOr<Units> UnitsIn(mysql::Transaction& sql, const std::string& container, Date day) const;
};

}  // namespace tributary::conflict
