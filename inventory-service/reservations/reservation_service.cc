#include "inventory-service/reservations/reservation_service.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/facts/field_reader.h"
#include "inventory-service/ledger/command.h"
#include "inventory-service/payments/account.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/reservations/reservation_proto.h"
#include "inventory-service/reservations/reservation_stock.h"
#include "inventory-service/units/quantity.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kPattern = "partners/{partner}/reservations/{reservation}";
constexpr int kMostLinesOfBatch = 1000;

std::set<PositionKey> PositionsOf(const std::vector<Reservation>& reservations) {
  std::set<PositionKey> positions;
  for (const Reservation& reservation : reservations) {
    if (reservation.state != ReservationState::kHeld) continue;
    for (const ReservationLine& line : reservation.lines) positions.insert(reservation.PositionOf(line));
  }
  return positions;
}

absl::StatusOr<Hold> HoldFrom(const rpc::Call& call, const v1::CreateReservationRequest& request,
                              std::string_view partner, std::string field) {
  auto wanted = FromProto(request.reservation(), partner);
  if (!wanted.ok()) return AtField(wanted.status(), field);
  Hold hold{.reservation = *std::move(wanted), .field = std::move(field)};
  hold.reservation.uid = Uuid::New(call.now);
  hold.reservation.id = request.reservation_id().empty() ? hold.reservation.uid.ToString() : request.reservation_id();
  hold.reservation.create_time = hold.reservation.update_time = call.now;
  return hold;
}

// What must hold of the requests of a batch beside each other.
absl::Status CheckBatch(const v1::BatchCreateReservationsRequest& request) {
  FieldReader fields;
  std::set<std::string_view> names;
  int lines = 0;
  for (int i = 0; i < request.requests_size(); ++i) {
    const v1::CreateReservationRequest& one = request.requests(i);
    const std::string field = StrCat("requests[", i, "]");
    lines += one.reservation().lines_size();
    if (one.parent() != request.parent()) {
      fields.Refuse(StrCat(field, ".parent"), one.parent(), StrCat(request.parent(), ", the parent of the batch"));
    }
    if (!one.reservation_id().empty() && !names.insert(one.reservation_id()).second) {
      fields.Refuse(StrCat(field, ".reservation_id"), one.reservation_id(), "another one for each reservation");
    }
    if (!one.request_id().empty()) {
      fields.Refuse(StrCat(field, ".request_id"), one.request_id(), "nothing: the batch has one");
    }
    if (one.validate_only()) fields.Refuse(StrCat(field, ".validate_only"), "true", "nothing: the batch has it");
  }
  if (lines > kMostLinesOfBatch) {
    fields.Refuse("requests", StrCat(lines, " lines"), StrCat("at most ", kMostLinesOfBatch, " lines in all"));
  }
  return fields.status();
}

}  // namespace

void ReservationService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.ReservationService", this)
      .Unary("GetReservation", &ReservationService::Get)
      .Unary("ListReservations", &ReservationService::List)
      .Unary("CreateReservation", &ReservationService::Create)
      .Unary("BatchCreateReservations", &ReservationService::BatchCreate)
      .Unary("PostReservation", &ReservationService::Post)
      .Unary("VoidReservation", &ReservationService::Void)
      .Unary("ExtendReservation", &ReservationService::Extend);
}

template <typename Request>
absl::StatusOr<Reservation> ReservationService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(Reservation reservation, store_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(reservation.name(), request.etag(), reservation.version));
  return reservation;
}

absl::Status ReservationService::CheckProducts(rpc::Unit& unit, const std::vector<Hold>& holds) const {
  std::set<std::string_view> ids;
  for (const Hold& hold : holds) {
    for (const ReservationLine& line : hold.reservation.lines) ids.insert(line.product);
  }
  ASSIGN_OR_RETURN(const auto products, FindProducts(unit.sql(), {ids.begin(), ids.end()}));
  for (const auto& [reservation, name] : holds) {
    for (size_t i = 0; i < reservation.lines.size(); ++i) {
      const ReservationLine& line = reservation.lines[i];
      const std::string field = StrCat(name, ".lines[", i, "]");
      const auto product = products.find(line.product);
      if (product == products.end() || product->second.kind != ProductKind::kStocked) {
        return Error(Reason::kReferenceNotFound,
                     StrCat(field, ".product: got ", ProductName(line.product),
                            ", want a product that is in use and lies in stock"),
                     {{"resource", ProductName(line.product)}});
      }
      const Decimal step = product->second.unit.step;
      if (IsMultipleOf(line.quantity, step)) continue;
      return Error(Reason::kNotAMultiple, StrCat(field, ".quantity: got ", line.quantity.ToString(),
                                                 ", want a whole multiple of ", step.ToString()));
    }
  }
  return absl::OkStatus();
}

absl::Status ReservationService::CheckOrder(const rpc::Call& call, rpc::Unit& unit, const Hold& hold) const {
  const Reservation& reservation = hold.reservation;
  if (reservation.order.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(LockAccounts(unit.sql(), {reservation.partner}, call.now));
  const absl::StatusOr<Order> order = orders_.Get(unit.sql(), reservation.partner, reservation.order);
  if (absl::IsNotFound(order.status())) {
    return Error(Reason::kReferenceNotFound, StrCat(hold.field, ".order: got ", PartnerName(reservation.partner),
                                                    "/orders/", reservation.order, ", want an order that is known"));
  }
  RETURN_IF_ERROR(order.status());
  const bool confirmed = order->state != OrderState::kCanceled &&
                         std::any_of(order->lines.begin(), order->lines.end(),
                                     [](const OrderLine& line) { return !line.confirmed.zero(); });
  if (confirmed) return absl::OkStatus();
  return WrongState(order->name(), "reserve", NameOf(order->state), "CONFIRMED or PART_CONFIRMED");
}

absl::Status ReservationService::Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetReservationRequest& request,
                                     v1::Reservation* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Reservation reservation, store_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(reservation, call.now);
  ASSIGN_OR_RETURN(const auto missing, store_.Missing(unit.sql(), PositionsOf({reservation})));
  AddMissing(reservation, missing, reply);
  return absl::OkStatus();
}

absl::Status ReservationService::List(const rpc::Call& call, rpc::Unit& unit,
                                      const v1::ListReservationsRequest& request, v1::ListReservationsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(page_tokens_, call, request, ReservationStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<Reservation> reservations,
                   store_.List(unit.sql(), partner, page.after(0), page.after(1), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&reservations, [](const Reservation& last) {
    return std::vector{last.partner, last.id};
  }));
  ASSIGN_OR_RETURN(const auto missing, store_.Missing(unit.sql(), PositionsOf(reservations)));
  for (const Reservation& next : reservations) {
    *reply->add_reservations() = ToProto(next, call.now);
    AddMissing(next, missing, reply->mutable_reservations(reply->reservations_size() - 1));
  }
  return absl::OkStatus();
}

absl::Status ReservationService::HoldAll(const rpc::Call& call, rpc::Unit& unit, const std::vector<Hold>& holds) const {
  RETURN_IF_ERROR(partners_.CheckKnown(call, holds.front().reservation.partner));
  RETURN_IF_ERROR(CheckProducts(unit, holds));
  for (const Hold& hold : holds) RETURN_IF_ERROR(CheckOrder(call, unit, hold));
  // Before the stock is locked, as the verbs lock a reservation before its stock; by name, as others may make the same.
  std::map<std::string_view, const Hold*> by_id;
  for (const Hold& hold : holds) by_id.emplace(hold.reservation.id, &hold);
  for (const auto& [id, hold] : by_id) RETURN_IF_ERROR(store_.Insert(unit.sql(), hold->reservation));
  ASSIGN_OR_RETURN(const ReservationStock stock, LockStock(unit.sql(), holds));
  RETURN_IF_ERROR(DecideHolds(holds, stock, UtcToday(call.now), call.now));
  std::vector<Posting> postings;
  for (const Hold& hold : holds) {
    RETURN_IF_ERROR(store_.HoldSerials(unit.sql(), hold.reservation));
    ASSIGN_OR_RETURN(const Date day, DayOfMove(unit.sql(), hold.reservation, call.now));
    for (Posting& posting : HoldMovements(hold.reservation, day)) postings.push_back(std::move(posting));
  }
  RETURN_IF_ERROR(inventory::Post(call, unit, std::move(postings)));
  for (const Hold& hold : holds) {
    const Reservation& made = hold.reservation;
    unit.Emit(events::Draft(made.partner, "created", made.name(), ToProto(made, call.now)));
  }
  return absl::OkStatus();
}

absl::Status ReservationService::Create(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::CreateReservationRequest& request, v1::Reservation* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(const Hold hold, HoldFrom(call, request, ids[0], "reservation"));
  RETURN_IF_ERROR(HoldAll(call, unit, {hold}));
  *reply = ToProto(hold.reservation, call.now);
  return absl::OkStatus();
}

absl::Status ReservationService::BatchCreate(const rpc::Call& call, rpc::Unit& unit,
                                             const v1::BatchCreateReservationsRequest& request,
                                             v1::BatchCreateReservationsResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  RETURN_IF_ERROR(CheckBatch(request));
  std::vector<Hold> holds;
  for (int i = 0; i < request.requests_size(); ++i) {
    ASSIGN_OR_RETURN(holds.emplace_back(),
                     HoldFrom(call, request.requests(i), ids[0], StrCat("requests[", i, "].reservation")));
  }
  RETURN_IF_ERROR(HoldAll(call, unit, holds));
  for (const Hold& hold : holds) *reply->add_reservations() = ToProto(hold.reservation, call.now);
  return absl::OkStatus();
}

absl::Status ReservationService::Post(const rpc::Call& call, rpc::Unit& unit, const v1::PostReservationRequest& request,
                                      v1::Reservation* reply) {
  ASSIGN_OR_RETURN(const std::vector<PostPart> parts, PartsFromProto(request));
  ASSIGN_OR_RETURN(const std::string to, PlaceFromProto(request, PartnerOf(request.name())));
  ASSIGN_OR_RETURN(Reservation reservation, Load(unit, request));
  ASSIGN_OR_RETURN(const ReservationStock stock, LockStock(unit.sql(), reservation, to));
  ASSIGN_OR_RETURN(const Posted posted,
                   PostUnits(std::move(reservation), parts, to, stock, UtcToday(call.now), call.now));
  RETURN_IF_ERROR(EndReservation(call, unit, "posted", posted.reservation, posted.serials));
  *reply = ToProto(posted.reservation, call.now);
  return absl::OkStatus();
}

absl::Status ReservationService::Void(const rpc::Call& call, rpc::Unit& unit, const v1::VoidReservationRequest& request,
                                      v1::Reservation* reply) {
  ASSIGN_OR_RETURN(Reservation reservation, Load(unit, request));
  ASSIGN_OR_RETURN(const Reservation voided, inventory::Void(std::move(reservation), call.now));
  RETURN_IF_ERROR(LockPositions(unit.sql(), voided));
  RETURN_IF_ERROR(EndReservation(call, unit, "voided", voided));
  *reply = ToProto(voided, call.now);
  return absl::OkStatus();
}

absl::Status ReservationService::Extend(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::ExtendReservationRequest& request, v1::Reservation* reply) {
  std::optional<absl::Time> expire_time;
  if (request.has_expire_time()) expire_time = wire::FromProto(request.expire_time());
  ASSIGN_OR_RETURN(Reservation reservation, Load(unit, request));
  ASSIGN_OR_RETURN(const Reservation extended, inventory::Extend(std::move(reservation), expire_time, call.now));
  RETURN_IF_ERROR(store_.Update(unit.sql(), extended));
  *reply = ToProto(extended, call.now);
  unit.Emit(events::Draft(extended.partner, "extended", reply->name(), *reply));
  return absl::OkStatus();
}

}  // namespace tributary::inventory
