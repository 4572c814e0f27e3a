#include "inventory-service/reservations/reservation_service.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/reservations/holding.h"
#include "inventory-service/reservations/reservation_proto.h"
#include "inventory-service/reservations/reservation_stock.h"
#include "inventory-service/units/unit_conversion.h"

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

// What a call that ends a reservation says of its units.
struct Ending {
  std::vector<PostPart> parts;
  std::string to;  // empty: nowhere
};

// Of what the parts of lines are.
absl::StatusOr<std::map<std::string, ProductReference>> ProductsOf(
    mysql::Transaction& sql, const std::vector<const Reservation*>& reservations) {
  std::set<std::string_view> ids;
  for (const Reservation* const reservation : reservations) {
    for (const ReservationLine& line : reservation->lines) ids.insert(line.product);
  }
  return FindProducts(sql, {ids.begin(), ids.end()});
}

// Parts of lines that PostUnits takes are whole steps, or all that the line holds.
absl::Status CheckSteps(const Reservation& reservation, const std::vector<PostPart>& parts,
                        const std::map<std::string, ProductReference>& products) {
  for (size_t i = 0; i < parts.size(); ++i) {
    const ReservationLine& line = reservation.lines[parts[i].line - 1];
    const auto product = products.find(line.product);
    if (product == products.end() || parts[i].quantity == line.quantity) continue;
    RETURN_IF_ERROR(AtField(CheckStep(product->second.unit, parts[i].quantity), StrCat("lines[", i, "]")));
  }
  return absl::OkStatus();
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
      .Group("CreateReservation", &ReservationService::Create)
      .Unary("BatchCreateReservations", &ReservationService::BatchCreate)
      .Group("PostReservation", &ReservationService::Post)
      .Group("VoidReservation", &ReservationService::Void)
      .Unary("ExtendReservation", &ReservationService::Extend);
}

template <typename Request>
absl::StatusOr<Reservation> ReservationService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(Reservation reservation, store_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(reservation.name(), request.etag(), reservation.version));
  return reservation;
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

absl::Status ReservationService::Create(rpc::Unit& unit, absl::Span<CreateReservation> calls) {
  std::vector<AskedHold> asked;
  std::vector<CreateReservation*> askers;
  for (CreateReservation& one : calls) {
    const absl::StatusOr<std::vector<std::string>> ids =
        ParseResourceName(one.request.parent(), "partners/{partner}", "parent");
    one.status = ids.status();
    if (!ids.ok()) continue;
    absl::StatusOr<Hold> hold = HoldFrom(one.call, one.request, ids->front(), "reservation");
    one.status = hold.status();
    if (!hold.ok()) continue;
    // An order is the account's business, whose lock would keep the others waiting.
    one.alone = calls.size() > 1 && (!partners_.Remembers(ids->front()) || !hold->reservation.order.empty());
    if (one.alone) continue;
    one.status = partners_.CheckKnown(one.call, ids->front());
    if (!one.status.ok()) continue;
    asked.push_back({.call = &one.call, .hold = *std::move(hold)});
    askers.push_back(&one);
  }
  RETURN_IF_ERROR(HoldEach(unit, absl::MakeSpan(asked)));
  for (size_t i = 0; i < asked.size(); ++i) {
    askers[i]->status = asked[i].status;
    if (asked[i].status.ok()) *askers[i]->reply = ToProto(asked[i].hold.reservation, asked[i].call->now);
  }
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
  RETURN_IF_ERROR(partners_.CheckKnown(call, ids[0]));
  RETURN_IF_ERROR(HoldAll(call, unit, absl::MakeSpan(holds)));
  for (const Hold& hold : holds) *reply->add_reservations() = ToProto(hold.reservation, call.now);
  return absl::OkStatus();
}

template <typename Call, typename Read, typename Decide>
absl::Status ReservationService::EndEach(rpc::Unit& unit, std::string_view verb, absl::Span<Call> calls, Read read,
                                         Decide decide) {
  struct Asked {
    Call* call;
    std::string id;
    Ending ending;
  };
  std::map<std::string, std::vector<Asked>> by_partner;
  for (Call& one : calls) {
    absl::StatusOr<Ending> ending = read(one.request);
    const auto ids = ParseResourceName(one.request.name(), kPattern);
    one.status = ending.ok() ? ids.status() : ending.status();
    if (one.status.ok()) by_partner[ids->front()].push_back({&one, ids->back(), *std::move(ending)});
  }
  for (const auto& [partner, asked] : by_partner) {
    std::vector<std::string_view> ids;
    std::set<std::string> to;
    for (const Asked& one : asked) {
      ids.push_back(one.id);
      to.insert(one.ending.to);
    }
    ASSIGN_OR_RETURN(auto reservations, store_.GetForUpdate(unit.sql(), partner, ids));
    std::vector<const Reservation*> found;
    for (const auto& [id, reservation] : reservations) found.push_back(&reservation);
    ASSIGN_OR_RETURN(ReservationStock stock, LockStock(unit.sql(), partner, found, to));
    std::vector<const Reservation*> in_parts;
    for (const Asked& one : asked) {
      const auto held = reservations.find(one.id);
      if (!one.ending.parts.empty() && held != reservations.end()) in_parts.push_back(&held->second);
    }
    ASSIGN_OR_RETURN(const auto products, ProductsOf(unit.sql(), in_parts));
    std::vector<Posted> ended;
    for (const Asked& one : asked) {
      Call& call = *one.call;
      call.status = [&]() -> absl::Status {
        const auto held = reservations.find(one.id);
        if (held == reservations.end()) return NotFound(call.request.name());
        RETURN_IF_ERROR(CheckEtag(call.request.name(), call.request.etag(), held->second.version));
        ASSIGN_OR_RETURN(Posted next, decide(held->second, one.ending, stock, call.call.now));
        RETURN_IF_ERROR(CheckSteps(held->second, one.ending.parts, products));
        TakeEnded(next.reservation, &stock);
        held->second = next.reservation;
        *call.reply = ToProto(next.reservation, call.call.now);
        ended.push_back(std::move(next));
        return absl::OkStatus();
      }();
    }
    RETURN_IF_ERROR(EndReservations(asked.front().call->call, unit, verb, ended));
  }
  return absl::OkStatus();
}

absl::Status ReservationService::Post(rpc::Unit& unit, absl::Span<PostReservation> calls) {
  return EndEach(
      unit, "posted", calls,
      [](const v1::PostReservationRequest& request) -> absl::StatusOr<Ending> {
        Ending ending;
        ASSIGN_OR_RETURN(ending.parts, PartsFromProto(request));
        ASSIGN_OR_RETURN(ending.to, PlaceFromProto(request, PartnerOf(request.name())));
        return ending;
      },
      [](const Reservation& held, const Ending& ending, const ReservationStock& stock, absl::Time now) {
        return PostUnits(held, ending.parts, ending.to, stock, UtcToday(now), now);
      });
}

absl::Status ReservationService::Void(rpc::Unit& unit, absl::Span<VoidReservation> calls) {
  return EndEach(
      unit, "voided", calls, [](const v1::VoidReservationRequest&) -> absl::StatusOr<Ending> { return Ending{}; },
      [](const Reservation& held, const Ending&, const ReservationStock&, absl::Time now) -> absl::StatusOr<Posted> {
        ASSIGN_OR_RETURN(Reservation voided, inventory::Void(held, now));
        return Posted{.reservation = std::move(voided)};
      });
}

absl::Status ReservationService::Extend(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::ExtendReservationRequest& request, v1::Reservation* reply) {
  std::optional<absl::Time> expire_time;
  if (request.has_expire_time()) expire_time = wire::FromProto(request.expire_time());
  ASSIGN_OR_RETURN(Reservation reservation, Load(unit, request));
  ASSIGN_OR_RETURN(const Reservation extended, inventory::Extend(std::move(reservation), expire_time, call.now));
  RETURN_IF_ERROR(store_.Update(unit.sql(), {&extended, 1}));
  *reply = ToProto(extended, call.now);
  unit.Emit(events::Draft(extended.partner, "extended", reply->name(), *reply));
  return absl::OkStatus();
}

}  // namespace tributary::inventory
