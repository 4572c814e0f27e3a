#include "inventory-service/reservations/reservation_stock.h"

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/counts/correcting.h"
#include "inventory-service/ledger/command.h"
#include "inventory-service/ledger/ledger_store.h"
#include "inventory-service/ledger/stock_lock.h"
#include "inventory-service/lots/lot_store.h"
#include "inventory-service/reservations/reservation_proto.h"
#include "inventory-service/serials/serial_store.h"
#include "inventory-service/sites/site_store.h"

namespace tributary::inventory {
namespace {

void AddBuckets(const Reservation& reservation, std::vector<BucketKey>* buckets) {
  for (const ReservationLine& line : reservation.lines) {
    for (const Bucket bucket : {Bucket::kOnHand, Bucket::kReserved}) {
      buckets->push_back({reservation.PositionOf(line), bucket});
    }
  }
}

}  // namespace

absl::StatusOr<ReservationStock> LockStock(mysql::Transaction& sql, const Reservation& reservation,
                                           std::string_view to) {
  return LockStock(sql, std::vector<Hold>{{reservation}}, to);
}

absl::StatusOr<ReservationStock> LockStock(mysql::Transaction& sql, const std::vector<Hold>& holds,
                                           std::string_view to) {
  ReservationStock stock;
  const std::string& partner = holds.front().reservation.partner;
  std::map<std::string, std::string> sites;  // id -> the field that names it
  if (IsSite(to) && !to.empty()) sites.emplace(SiteOf(to), "to_location");
  std::set<std::string> subjects;
  std::set<std::pair<std::string, std::string>> serials;
  std::set<LotKey> lots;
  std::vector<BucketKey> buckets;
  for (const auto& [reservation, name] : holds) {
    for (size_t i = 0; i < reservation.lines.size(); ++i) {
      const ReservationLine& line = reservation.lines[i];
      sites.emplace(line.site, StrCat(name, ".lines[", i, "].site"));
      if (!line.lot.empty()) lots.emplace(line.product, line.lot);
      for (const std::string& serial : line.serials) {
        subjects.insert(SerialSubject(line.product, serial));
        serials.emplace(line.product, serial);
      }
    }
    AddBuckets(reservation, &buckets);
  }
  for (const auto& [id, field] : sites) {
    absl::StatusOr<Site> site = SiteStore().GetForShare(sql, partner, id);
    if (site.ok()) {
      stock.sites.emplace(id, *std::move(site));
    } else if (!absl::IsNotFound(site.status())) {
      return site.status();
    } else if (id != kMainSite) {
      const std::string name = SiteName(partner, id);
      return Error(Reason::kReferenceNotFound, StrCat(field, ": got ", name, ", want a site that is known"),
                   {{"resource", name}});
    }
  }
  RETURN_IF_ERROR(LockSubjects(sql, subjects));
  for (const auto& [product, serial] : serials) {
    ASSIGN_OR_RETURN(std::vector<SerialMove> moves, SerialStore().MovesOf(sql, product, serial));
    if (auto unit = Follow(std::move(moves))) stock.serial_units.emplace(std::pair(product, serial), *std::move(unit));
  }
  ASSIGN_OR_RETURN(stock.held_serials, ReservationStore().HeldSerials(sql, serials));
  if (!lots.empty()) {
    ASSIGN_OR_RETURN(stock.expiries, LotStore().Expiries(sql, lots));
  }
  ASSIGN_OR_RETURN(stock.units, LedgerStore().LockUnits(sql, buckets));
  return stock;
}

absl::Status LockPositions(mysql::Transaction& sql, const Reservation& reservation) {
  std::vector<BucketKey> buckets;
  AddBuckets(reservation, &buckets);
  return LedgerStore().LockUnits(sql, buckets).status();
}

absl::StatusOr<Date> DayOfMove(mysql::Transaction& sql, const Reservation& reservation, absl::Time now) {
  std::set<std::pair<std::string, std::string>> sites;
  for (const ReservationLine& line : reservation.lines) sites.emplace(reservation.partner, line.site);
  return DayOfMove(sql, sites, now);
}

absl::Status EndReservation(const rpc::Call& call, rpc::Unit& unit, std::string_view verb, const Reservation& ended,
                            const std::vector<std::vector<std::string>>& serials) {
  ASSIGN_OR_RETURN(const Date day, DayOfMove(unit.sql(), ended, call.now));
  RETURN_IF_ERROR(ReservationStore().Update(unit.sql(), ended));
  RETURN_IF_ERROR(Post(call, unit, EndMovements(ended, serials, day)));
  unit.Emit(events::Draft(ended.partner, verb, ended.name(), ToProto(ended, call.now)));
  return absl::OkStatus();
}

}  // namespace tributary::inventory
