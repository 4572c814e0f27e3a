#include "inventory-service/reservations/reservation_stock.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/counts/correcting.h"
#include "inventory-service/ledger/command.h"
#include "inventory-service/ledger/ledger_store.h"
#include "inventory-service/ledger/stock_lock.h"
#include "inventory-service/lots/lot_store.h"
#include "inventory-service/products/kit_store.h"
#include "inventory-service/reservations/reservation_proto.h"
#include "inventory-service/reservations/reservation_store.h"
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

absl::StatusOr<ReservationStock> LockStock(mysql::Transaction& sql, std::string_view partner,
                                           const std::vector<const Reservation*>& reservations,
                                           const std::set<std::string>& to) {
  ReservationStock stock;
  std::set<std::string> sites;  // ids
  for (const std::string& place : to) {
    if (IsSite(place)) sites.emplace(SiteOf(place));
  }
  std::set<std::string> subjects;
  std::set<std::pair<std::string, std::string>> serials;
  std::set<LotKey> lots;
  std::vector<BucketKey> buckets;
  for (const Reservation* const reservation : reservations) {
    for (const ReservationLine& line : reservation->lines) {
      sites.insert(line.site);
      if (!line.lot.empty()) lots.emplace(line.product, line.lot);
      for (const std::string& serial : line.serials) {
        subjects.insert(SerialSubject(line.product, serial));
        serials.emplace(line.product, serial);
      }
    }
    AddBuckets(*reservation, &buckets);
  }
  for (const std::string& id : sites) {
    absl::StatusOr<Site> site = SiteStore().GetForShare(sql, partner, id);
    if (site.ok()) {
      stock.sites.emplace(id, *std::move(site));
    } else if (!absl::IsNotFound(site.status())) {
      return site.status();
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

absl::Status LockPositions(mysql::Transaction& sql, absl::Span<const Posted> reservations) {
  std::vector<BucketKey> buckets;
  for (const Posted& next : reservations) AddBuckets(next.reservation, &buckets);
  return LedgerStore().LockUnits(sql, buckets).status();
}

absl::Status BeginReservations(const rpc::Call& call, rpc::Unit& unit, absl::Span<const Reservation> held) {
  if (held.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(ReservationStore().Insert(unit.sql(), held));
  std::set<std::string> kits;
  for (const Reservation& next : held) {
    for (const ReservationLine& line : next.lines) {
      if (!line.kit.empty()) kits.insert(line.kit);
    }
  }
  RETURN_IF_ERROR(KitStore().MarkMoved(unit.sql(), kits));
  ASSIGN_OR_RETURN(const ClosingDays closings, LastClosings(unit.sql(), held.front().partner));
  std::vector<Posting> postings;
  for (const Reservation& next : held) {
    const Date day = DayOfMove(closings, next.sites(), call.now);
    for (Posting& posting : HoldMovements(next, day)) postings.push_back(std::move(posting));
    unit.Emit(events::Draft(next.partner, "created", next.name(), ToProto(next, call.now)));
  }
  return Post(call, unit, std::move(postings));
}

absl::Status EndReservations(const rpc::Call& call, rpc::Unit& unit, std::string_view verb,
                             absl::Span<const Posted> ended) {
  if (ended.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const ClosingDays closings, LastClosings(unit.sql(), ended.front().reservation.partner));
  std::vector<Reservation> reservations;
  std::vector<Posting> postings;
  for (const auto& [reservation, serials] : ended) {
    const Date day = DayOfMove(closings, reservation.sites(), call.now);
    for (Posting& posting : EndMovements(reservation, serials, day)) postings.push_back(std::move(posting));
    unit.Emit(events::Draft(reservation.partner, verb, reservation.name(), ToProto(reservation, call.now)));
    reservations.push_back(reservation);
  }
  RETURN_IF_ERROR(ReservationStore().Update(unit.sql(), reservations));
  return Post(call, unit, std::move(postings));
}

}  // namespace tributary::inventory
