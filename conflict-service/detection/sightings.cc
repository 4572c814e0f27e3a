#include "conflict-service/detection/sightings.h"

#include <set>
#include <string>

#include "common/status/status.h"
#include "conflict-service/facts/unit_store.h"
#include "conflict-service/packing_events/packing_event_store.h"

namespace tributary::conflict {
namespace {

// Brings what the scan of a container shows into agreement with what was in it.
absl::Status LookInto(mysql::Transaction& sql, const Scan& scan, Units* seen_otherwise, MonthsSeen* months) {
  ASSIGN_OR_RETURN(const Units units, PackingEventStore().UnitsIn(sql, scan.container, scan.date));
  ASSIGN_OR_RETURN(const Units before, UnitStore().Show(sql, scan, units));
  for (const Units* some : {&units, &before}) {
    for (const auto& [product, serials] : *some) {
      (*seen_otherwise)[product].insert(serials.begin(), serials.end());
      // Also where the month has none of them left.
      months->emplace(product, MonthOf(product, scan.date).period.start);
    }
  }
  return absl::OkStatus();
}

// What depends on how these units were seen.
absl::Status AddAffected(mysql::Transaction& sql, const Units& units, Affected* affected) {
  for (const auto& [product, serials] : units) affected->products.insert(product);
  return UnitStore().AddMonthsOf(sql, units, &affected->months);
}

}  // namespace

absl::StatusOr<Taken> TakeScans(mysql::Transaction& sql, const std::vector<Scan>& scans) {
  ASSIGN_OR_RETURN(const std::vector<Scan> fresh, UnitStore().PutScans(sql, scans));
  Taken taken{.accepted = static_cast<int>(fresh.size()), .affected = {}};
  Units units;
  for (const Scan& scan : fresh) {
    if (scan.container.empty()) {
      units[scan.product].insert(scan.serial);
    } else {
      RETURN_IF_ERROR(LookInto(sql, scan, &units, &taken.affected.months));
    }
  }
  RETURN_IF_ERROR(AddAffected(sql, units, &taken.affected));
  return taken;
}

absl::StatusOr<Taken> TakePackingEvents(mysql::Transaction& sql, const std::vector<PackingEvent>& events) {
  const PackingEventStore packing;
  ASSIGN_OR_RETURN(const std::vector<PackingEvent> fresh, packing.Put(sql, events));
  Taken taken{.accepted = static_cast<int>(fresh.size()), .affected = {}};
  std::set<std::string> containers;
  for (const PackingEvent& event : fresh) containers.insert(event.container);
  ASSIGN_OR_RETURN(const std::set<std::string> around, packing.Around(sql, containers));
  ASSIGN_OR_RETURN(const std::vector<Scan> scans, UnitStore().ScansOf(sql, around));
  Units units;
  for (const Scan& scan : scans) RETURN_IF_ERROR(LookInto(sql, scan, &units, &taken.affected.months));
  RETURN_IF_ERROR(AddAffected(sql, units, &taken.affected));
  return taken;
}

}  // namespace tributary::conflict
