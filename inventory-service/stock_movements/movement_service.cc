#include "inventory-service/stock_movements/movement_service.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/imports/batch.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/counts/correcting.h"
#include "inventory-service/facts/quantity_proto.h"
#include "inventory-service/facts/recording.h"
#include "inventory-service/facts/stream_post.h"
#include "inventory-service/ledger/stock_lock.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/stock_movements/stock_movement_proto.h"
#include "inventory-service/units/unit_conversion.h"

namespace tributary::inventory {
namespace {

std::string LineField(int64_t index) { return StrCat("lines[", index, "]"); }

// Everything that is wrong with the request by itself is told at once.
absl::StatusOr<std::vector<Stated<StockMovement>>> ReadLines(const rpc::Call& call,
                                                             const v1::TransferStockRequest& request) {
  FieldReader fields;
  StockMovement movement;
  movement.partner = fields.Id("parent", request.parent(), "partners/{partner}");
  movement.reason = MovementReason::kTransfer;
  movement.note = request.note();
  movement.document = request.document().empty() ? Uuid::New(call.now).ToString() : request.document();
  if (!IsDocumentSegment(movement.document, kLongestSaleDocument)) {
    fields.Refuse("document", movement.document, StrCat("1 to ", kLongestSaleDocument, " of A-Za-z0-9._~-"));
  }
  movement.effective_date = UtcToday(call.now);  // where none is told, decided anew with the positions locked
  if (request.has_effective_date()) {
    movement.effective_date = fields.Take("effective_date", wire::FromProto(request.effective_date()));
  }
  const auto from = ParseResourceName(request.from_site(), "partners/{partner}/sites/{site}", "from_site");
  const auto to = ParseResourceName(request.to_site(), "partners/{partner}/sites/{site}", "to_site");
  if (!from.ok() || from->at(0) != movement.partner) {
    fields.Refuse("from_site", request.from_site(), StrCat("partners/", movement.partner, "/sites/{site}"));
  } else {
    movement.from = from->at(1);
  }
  if (!to.ok()) {
    fields.Refuse("to_site", request.to_site(), "partners/{partner}/sites/{site}");
  } else {
    movement.to = to->at(1);
    if (to->at(0) != movement.partner) movement.to_partner = to->at(0);
  }
  std::vector<Stated<StockMovement>> lines;
  for (int i = 0; i < request.lines_size(); ++i) {
    const v1::TransferLine& told = request.lines(i);
    FieldReader of_line;
    StockMovement line = movement;
    line.line = i + 1;
    line.product = of_line.Id("product", told.product(), "products/{product}");
    line.lot = told.lot();
    TakeQuantity(told, of_line, &line);
    fields.Note(LineField(i), of_line.status());
    lines.push_back({i, std::move(line)});
  }
  RETURN_IF_ERROR(fields.status());
  if (request.from_site() == request.to_site()) {
    return Error(Reason::kSameLocation,
                 StrCat("to_site: got ", request.to_site(), ", want another site than from_site"));
  }
  return lines;
}

const std::string& ReceiverOf(const StockMovement& movement) {
  return movement.to_partner.empty() ? movement.partner : movement.to_partner;
}

// The two sites (partner, id) of a transfer.
std::set<std::pair<std::string, std::string>> SitesOf(const StockMovement& movement) {
  return {{movement.partner, std::string(SiteOf(movement.from))},
          {ReceiverOf(movement), std::string(SiteOf(movement.to))}};
}

// A transfer is a command: it moves whole steps of what is counted.
absl::Status CheckSteps(mysql::Transaction& sql, const std::vector<StockMovement>& lines) {
  std::set<std::string_view> ids;
  for (const StockMovement& line : lines) ids.insert(line.product);
  ASSIGN_OR_RETURN(const auto products, FindProducts(sql, {ids.begin(), ids.end()}));
  for (const StockMovement& line : lines) {
    const auto product = products.find(line.product);
    if (product == products.end()) continue;
    RETURN_IF_ERROR(AtField(CheckStep(product->second.unit, line.quantity), LineField(line.line - 1)));
  }
  return absl::OkStatus();
}

absl::Status UnknownPartner(std::string_view field, std::string_view partner) {
  return Error(Reason::kReferenceNotFound,
               StrCat(field, ": got ", PartnerName(partner), ", want a partner that is known"),
               {{"resource", PartnerName(partner)}});
}

}  // namespace

void MovementService::Register(rpc::Server& server) {
  const v1::StreamPostStockMovementsRequest* const sent = nullptr;
  server.Add("tributary.inventory.v1.MovementService", this)
      .Unary("GetStockMovement", &MovementService::Get)
      .Unary("ListStockMovements", &MovementService::List)
      .Unary("BatchImportStockMovements", &MovementService::Import)
      .ClientStream("StreamPostStockMovements", &MovementService::StreamPost, sent)
      .Unary("TransferStock", &MovementService::Transfer);
}

absl::Status MovementService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetStockMovementRequest& request,
                                  v1::StockMovement* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/movements/{movement}"));
  const std::optional<SaleId> id = ParseSaleSegment(ids[1]);
  if (!id.has_value()) return NotFound(request.name());
  ASSIGN_OR_RETURN(const StockMovement movement, store_.Get(unit.sql(), ids[0], *id));
  *reply = ToProto(movement);
  return absl::OkStatus();
}

absl::Status MovementService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListStockMovementsRequest& request,
                                   v1::ListStockMovementsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(page_tokens_, call, request, StockMovementStore::Fields(), request.parent()));
  SaleId after;
  if (!page.first()) {
    const std::optional<SaleId> last = ParseSaleSegment(page.after(1));
    if (!last.has_value()) return Error(Reason::kPageTokenInvalid, "page_token: got another list's, want this one's");
    after = *last;
  }
  ASSIGN_OR_RETURN(std::vector<StockMovement> movements,
                   store_.List(unit.sql(), partner, page.after(0), after, page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&movements, [](const StockMovement& last) {
    return std::vector{last.partner, SaleSegment(last.document, last.line, last.generation)};
  }));
  for (const StockMovement& movement : movements) *reply->add_stock_movements() = ToProto(movement);
  return absl::OkStatus();
}

absl::Status MovementService::Import(const rpc::Call& call, rpc::Unit& unit,
                                     const v1::BatchImportStockMovementsRequest& request,
                                     api::v1::BatchImportResponse* reply) {
  imports::BatchResult result;
  std::vector<Stated<StockMovement>> stated;
  std::set<std::string> partners;
  imports::TakeRows<v1::StockMovementRow>(request.rows(), "stock_movement", result,
                                          [&](const v1::StockMovementRow& row) -> absl::Status {
                                            ASSIGN_OR_RETURN(StockMovement movement, FromProto(row.stock_movement()));
                                            partners.insert(movement.partner);
                                            if (!movement.to_partner.empty()) partners.insert(movement.to_partner);
                                            stated.push_back({row.row(), std::move(movement)});
                                            return absl::OkStatus();
                                          });
  // May call partner-service, so it comes before the first statement.
  ASSIGN_OR_RETURN(const std::set<std::string> unknown, partners_.Unknown(call, partners));
  std::erase_if(stated, [&](const Stated<StockMovement>& next) {
    const StockMovement& movement = next.fact;
    const bool receiver = unknown.contains(movement.to_partner);
    if (!receiver && !unknown.contains(movement.partner)) return false;
    const bool leaves = IsSite(movement.from) && !receiver;
    result.Reject({{.row = next.row,
                    .column = leaves ? "from_location" : "to_location",
                    .got = leaves ? FromLocation(movement) : ToLocation(movement),
                    .want = "a site of a partner that is known",
                    .reason = Reason::kReferenceNotFound}});
    return true;
  });
  ASSIGN_OR_RETURN(const std::optional<Uuid> import_id, imports::OpenImport(call, unit, request.import(), "movements"));
  for (Stated<StockMovement>& next : stated) next.fact.import_id = import_id;
  RETURN_IF_ERROR(TakeIn(call, unit, store_.table(), {}, std::move(stated), result));
  return imports::CloseBatch(call, unit, import_id, result, reply);
}

absl::Status MovementService::StreamPost(const rpc::Call&, rpc::IncomingStream& stream,
                                         api::v1::StreamPostResponse* reply) {
  return PostRows<v1::StreamPostStockMovementsRequest>(stream, *this, &MovementService::Import, reply);
}

absl::Status MovementService::Transfer(const rpc::Call& call, rpc::Unit& unit, const v1::TransferStockRequest& request,
                                       v1::TransferStockResponse* reply) {
  ASSIGN_OR_RETURN(std::vector<Stated<StockMovement>> stated, ReadLines(call, request));
  const StockMovement first = stated.front().fact;
  std::set<std::string> partners = {first.partner};
  if (!first.to_partner.empty()) partners.insert(first.to_partner);
  ASSIGN_OR_RETURN(const std::set<std::string> unknown, partners_.Unknown(call, partners));
  if (unknown.contains(first.partner)) return UnknownPartner("parent", first.partner);
  if (unknown.contains(first.to_partner)) return UnknownPartner("to_site", first.to_partner);

  imports::BatchResult result;
  ASSIGN_OR_RETURN(const Known<StockMovement> known, store_.table().LastOf(unit.sql(), stated));
  std::vector<std::string> keys;
  for (Stated<StockMovement>& next : stated) {
    keys.push_back(KeyOf(next.fact));
    if (request.has_effective_date()) continue;
    // The same again, on whatever day, is the same.
    if (const auto before = known.find(keys.back()); before != known.end()) {
      next.fact.effective_date = before->second.effective_date;
    }
  }
  DropRepeated(known, stated, result);
  RETURN_IF_ERROR(ResolveReferences(unit.sql(), {}, stated, result));
  std::vector<StockMovement> fresh = NewFacts(std::move(stated), known, result);
  RETURN_IF_ERROR(StatusOf(result.errors, LineField));
  if (!fresh.empty()) {
    RETURN_IF_ERROR(CheckStocked(fresh));
    RETURN_IF_ERROR(CheckSteps(unit.sql(), fresh));
    ASSIGN_OR_RETURN(const TransferState state, ReadState(unit.sql(), fresh));
    if (!request.has_effective_date()) {
      ASSIGN_OR_RETURN(const Date day, DayOfMove(unit.sql(), SitesOf(first), call.now));
      for (StockMovement& line : fresh) line.effective_date = day;
    }
    RETURN_IF_ERROR(DecideTransfer(fresh, state));
  }
  // A line that moved already, under the same document, moves no more and is answered as it is known.
  Known<StockMovement> lines = known;
  for (const StockMovement& line : fresh) lines.insert_or_assign(KeyOf(line), line);
  for (const std::string& key : keys) *reply->add_stock_movements() = ToProto(lines.at(key));
  return Record(call, unit, store_.table(), std::move(fresh));
}

absl::StatusOr<TransferState> MovementService::ReadState(mysql::Transaction& sql,
                                                         const std::vector<StockMovement>& lines) const {
  TransferState state;
  const StockMovement& first = lines.front();
  const std::string& to_partner = ReceiverOf(first);
  std::map<std::pair<std::string, std::string>, std::optional<Site>*> sites;  // by key, so that locks have one order
  sites.emplace(std::pair(first.partner, std::string(SiteOf(first.from))), &state.from);
  sites.emplace(std::pair(to_partner, std::string(SiteOf(first.to))), &state.to);
  for (const auto& [key, site] : sites) {
    absl::StatusOr<Site> found = sites_.GetForUpdate(sql, key.first, key.second);
    if (found.ok()) {
      *site = *std::move(found);
    } else if (!absl::IsNotFound(found.status())) {
      return found.status();
    } else if (key.second != kMainSite) {
      return Error(Reason::kReferenceNotFound,
                   StrCat(site == &state.from ? "from_site" : "to_site", ": got ", SiteName(key.first, key.second),
                          ", want a site that is known"),
                   {{"resource", SiteName(key.first, key.second)}});
    }
  }
  if (!first.to_partner.empty()) {
    ASSIGN_OR_RETURN(state.receiver, territories_.ShipToOf(sql, first.to_partner, SiteOf(first.to)));
    ASSIGN_OR_RETURN(state.grants, territories_.GrantsOf(sql, first.to_partner));
  }
  std::set<std::string> subjects;
  std::set<std::pair<std::string, std::string>> serials;
  std::set<LotKey> lots;
  std::vector<BucketKey> positions;
  for (const StockMovement& line : lines) {
    for (const std::string& serial : line.serials) {
      subjects.insert(SerialSubject(line.product, serial));
      serials.emplace(line.product, serial);
    }
    lots.emplace(line.product, line.lot);
    for (const auto& [source, units] : SourcesOf(line)) {
      positions.push_back(source);
      // Where they come to nothing is decided, but a count there is in the books or sees the movement.
      const PositionKey& from = source.position;
      positions.push_back({{to_partner, std::string(SiteOf(line.to)), from.product, from.lot}, BucketOf(line.to)});
    }
  }
  RETURN_IF_ERROR(LockSubjects(sql, subjects));
  // What is held for somebody stays.
  ASSIGN_OR_RETURN(const auto held, reservations_.HeldSerials(sql, serials));
  for (const auto& key : serials) {
    if (held.contains(key)) continue;
    ASSIGN_OR_RETURN(std::vector<SerialMove> moves, serials_.MovesOf(sql, key.first, key.second));
    if (auto unit = Follow(std::move(moves))) state.serial_units.emplace(key, *std::move(unit));
  }
  ASSIGN_OR_RETURN(state.expiries, lots_.Expiries(sql, lots));
  ASSIGN_OR_RETURN(state.units, ledger_.LockUnits(sql, positions));
  return state;
}

absl::StatusOr<int> MovementService::Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id,
                                          int limit) {
  return UndoFacts(call, unit, store_.table(), import_id, limit);
}

events::RowSource MovementService::Source() const {
  return store_.table().Source(v1::StockMovement::descriptor()->full_name(),
                               [](const StockMovement& movement, events::Event* event) {
                                 event->name = NameOf(movement);
                                 event->payload = ToProto(movement).SerializeAsString();
                               });
}

}  // namespace tributary::inventory
