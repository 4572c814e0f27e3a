#include "inventory-service/traces/trace_service.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "inventory-service/ledger/stock_lock.h"
#include "inventory-service/products/kit_store.h"
#include "inventory-service/products/product_store.h"
#include "inventory-service/traces/trace_proto.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kUnitPattern = "products/{product}/serials/{serial}";

// NOT_FOUND where no fact that stands names it.
absl::StatusOr<SerialUnit> Load(mysql::Transaction& sql, const SerialStore& serials,
                                const std::vector<std::string>& ids) {
  ASSIGN_OR_RETURN(std::vector<SerialMove> moves, serials.MovesOf(sql, ids[0], ids[1]));
  std::optional<SerialUnit> found = Follow(std::move(moves));
  if (!found.has_value()) return NotFound(StrCat(ProductName(ids[0]), "/serials/", ids[1]));
  return *std::move(found);
}

// The step that the page before ended with; unset for the first page.
absl::StatusOr<std::optional<WayKey>> KeyAfter(const Page& page) {
  if (page.first()) return std::nullopt;
  const absl::StatusOr<Date> day = Date::Parse(page.after(0));
  WayKey key{.cause = std::string(page.after(1))};
  if (!day.ok() || !absl::SimpleAtoi(Abseil(page.after(2)), &key.n) ||
      !absl::SimpleAtoi(Abseil(page.after(3)), &key.cursor.shard) ||
      !absl::SimpleAtoi(Abseil(page.after(4)), &key.cursor.seq)) {
    return Error(Reason::kPageTokenInvalid, "page_token: got another list's, want this one's");
  }
  key.day = *day;
  return key;
}

// What comes behind that step of a unit's way; where the step has been taken back meanwhile, what comes behind its day.
std::vector<SerialMove> After(const std::vector<SerialMove>& history, const std::optional<WayKey>& step) {
  if (!step.has_value()) return history;
  auto next = std::find_if(history.begin(), history.end(),
                           [&](const SerialMove& move) { return move.cause == step->cause && move.n == step->n; });
  if (next != history.end()) {
    ++next;
  } else {
    next = std::find_if(history.begin(), history.end(), [&](const SerialMove& move) { return step->day < move.date; });
  }
  return {next, history.end()};
}

// The second part of the key of a buyer whose lot is not told.
constexpr std::string_view kUntold = "untold";

struct NamedSale {
  std::string name;
  std::string partner;
  SaleId id;
  bool lot_untold = false;
};
// nullopt for a direct sale, whose customer is the vendor's.
std::optional<NamedSale> SaleNamed(const std::string& name) {
  const auto ids = ParseResourceName(name, "partners/{partner}/sales/{sale}");
  if (!ids.ok()) return std::nullopt;
  std::optional<SaleId> id = ParseSaleSegment(ids->at(1));
  if (!id.has_value()) return std::nullopt;
  return NamedSale{name, ids->at(0), *std::move(id)};
}

// What became of the units of a lot; of those whose lot is not told where it is empty.
absl::StatusOr<Recall> RecallOf(mysql::Transaction& sql, const TraceStore& store, std::string_view partner,
                                std::string_view product, std::string_view lot) {
  ASSIGN_OR_RETURN(const std::vector<RecordedPosting> recorded, store.PostingsOfLot(sql, partner, product, lot));
  ASSIGN_OR_RETURN(const auto positions, store.PositionsOfLot(sql, partner, product, lot));
  std::vector<Posting> postings;
  for (const RecordedPosting& next : recorded) postings.push_back(next.posting);
  return Sum(postings, positions);
}

}  // namespace

void TraceService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.TraceService", this)
      .Unary("GetSerialUnit", &TraceService::GetUnit)
      .Unary("ListSerialUnits", &TraceService::ListUnits)
      .Unary("UpdateSerialUnit", &TraceService::UpdateUnit)
      .Unary("TraceStock", &TraceService::Trace)
      .Unary("RecallLot", &TraceService::Recall);
}

absl::Status TraceService::GetUnit(const rpc::Call&, rpc::Unit& unit, const v1::GetSerialUnitRequest& request,
                                   v1::SerialUnit* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kUnitPattern));
  ASSIGN_OR_RETURN(const SerialUnit found, Load(unit.sql(), serials_, ids));
  ASSIGN_OR_RETURN(const SerialPack pack, serials_.PackOf(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(found, pack, true);
  return absl::OkStatus();
}

absl::Status TraceService::ListUnits(const rpc::Call& call, rpc::Unit& unit, const v1::ListSerialUnitsRequest& request,
                                     v1::ListSerialUnitsResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "products/{product}", "parent"));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, SerialStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<std::string> serials,
                   serials_.ListSerials(unit.sql(), ids[0], page.after(0), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&serials, [](const std::string& last) { return std::vector{last}; }));
  ASSIGN_OR_RETURN(const auto packs, serials_.PacksOf(unit.sql(), ids[0], serials));
  for (const std::string& serial : serials) {
    ASSIGN_OR_RETURN(std::vector<SerialMove> moves, serials_.MovesOf(unit.sql(), ids[0], serial));
    const std::optional<SerialUnit> found = Follow(std::move(moves));
    if (!found.has_value()) continue;  // a number that only reversed facts told is no unit
    const auto pack = packs.find(serial);
    *reply->add_serial_units() = ToProto(*found, pack == packs.end() ? SerialPack() : pack->second, false);
  }
  return absl::OkStatus();
}

absl::Status TraceService::UpdateUnit(const rpc::Call& call, rpc::Unit& unit,
                                      const v1::UpdateSerialUnitRequest& request, v1::SerialUnit* reply) {
  static const std::vector<std::string_view> kMayChange = {"parent_pack"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.serial_unit().name(), kUnitPattern, "serial_unit.name"));
  // Two that say something of one unit are decided one after the other, also where nobody said anything before.
  RETURN_IF_ERROR(LockSubjects(unit.sql(), {SerialSubject(ids[0], ids[1])}));
  ASSIGN_OR_RETURN(const SerialUnit found, Load(unit.sql(), serials_, ids));
  ASSIGN_OR_RETURN(const SerialPack pack, serials_.PackOf(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(request.serial_unit().name(), request.serial_unit().etag(), pack.version));
  v1::SerialUnit merged = ToProto(found, pack, false);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.serial_unit(), &merged, kMayChange));
  ASSIGN_OR_RETURN(const SerialPack repacked, Repack(pack, merged.parent_pack(), call.now));
  *reply = ToProto(found, repacked, true);
  if (repacked.version == pack.version) return absl::OkStatus();
  RETURN_IF_ERROR(serials_.PutPack(unit.sql(), repacked));
  unit.Emit(events::Draft(reply->name(), "updated", reply->name(), ToProto(found, repacked, false)));
  return absl::OkStatus();
}

absl::Status TraceService::Trace(const rpc::Call& call, rpc::Unit& unit, const v1::TraceStockRequest& request,
                                 v1::TraceStockResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.product(), "products/{product}", "product"));
  if (request.serial().empty() == request.lot().empty()) {
    return InvalidField("serial", StrCat("serial '", request.serial(), "' and lot '", request.lot(), "'"),
                        "exactly one of serial and lot");
  }
  RETURN_IF_ERROR(ProductStore().Get(unit.sql(), ids[0]));
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(page_tokens_, call, request, {},
                            StrCat(request.parent(), " ", request.product(), " ", request.serial(), " ", request.lot(),
                                   request.with_untold_lots() ? " with untold" : "")));
  ASSIGN_OR_RETURN(const std::optional<WayKey> after, KeyAfter(page));
  if (!request.lot().empty()) {
    std::vector<std::string_view> lots = {request.lot()};
    if (request.with_untold_lots()) lots.emplace_back();
    ASSIGN_OR_RETURN(std::vector<RecordedPosting> postings,
                     store_.WayOfLots(unit.sql(), partner, ids[0], lots, after, page.limit()));
    reply->set_next_page_token(page.Cut(&postings, [](const RecordedPosting& last) {
      return std::vector<std::string>{last.posting.effective_date.ToString(), last.posting.cause,
                                      StrCat(last.posting.n), StrCat(last.cursor.shard), StrCat(last.cursor.seq)};
    }));
    for (const RecordedPosting& posting : postings) *reply->add_steps() = StepOf(posting);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(std::vector<SerialMove> moves, serials_.MovesOf(unit.sql(), ids[0], request.serial()));
  const std::optional<SerialUnit> found = Follow(std::move(moves));
  if (!found.has_value()) return absl::OkStatus();
  std::vector<SerialMove> steps = After(found->history, after);
  std::erase_if(steps, [&](const SerialMove& move) { return !partner.empty() && move.partner != partner; });
  reply->set_next_page_token(page.Cut(&steps, [](const SerialMove& last) {
    return std::vector<std::string>{last.date.ToString(), last.cause, StrCat(last.n), "0", "0"};
  }));
  for (const SerialMove& step : steps) *reply->add_steps() = ToProto(step);
  if (!partner.empty() && found->partner != partner) return absl::OkStatus();
  reply->set_location(LocationName(found->partner, found->place));
  ASSIGN_OR_RETURN(const SerialPack pack, serials_.PackOf(unit.sql(), ids[0], request.serial()));
  reply->set_parent_pack(pack.parent_pack);
  return absl::OkStatus();
}

absl::Status TraceService::Recall(const rpc::Call& call, rpc::Unit& unit, const v1::RecallLotRequest& request,
                                  v1::RecallLotResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.product(), "products/{product}", "product"));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, {},
                                             StrCat(request.parent(), " ", request.product(), " ", request.lot())));
  RETURN_IF_ERROR(ProductStore().Get(unit.sql(), ids[0]));
  ASSIGN_OR_RETURN(const inventory::Recall of_lot, RecallOf(unit.sql(), store_, partner, ids[0], request.lot()));
  ASSIGN_OR_RETURN(const inventory::Recall untold, RecallOf(unit.sql(), store_, partner, ids[0], ""));
  if (of_lot.holdings.empty() && untold.holdings.empty()) {
    ASSIGN_OR_RETURN(const auto kits, KitStore().PartsOn(unit.sql(), {ids[0]}, UtcToday(call.now)));
    RETURN_IF_ERROR(CheckNoKit("product", ids[0], kits, "recall"));
  }
  for (const LotHolding& holding : of_lot.holdings) *reply->add_holdings() = ToProto(holding);
  *reply->mutable_total() = ToProto(of_lot.total);
  for (const LotHolding& holding : untold.holdings) *reply->add_untold() = ToProto(holding);
  *reply->mutable_untold_total() = ToProto(untold.total);
  std::vector<NamedSale> sales;
  const auto add = [&](const std::vector<std::string>& names, std::string_view after, bool lot_untold) {
    for (auto name = std::upper_bound(names.begin(), names.end(), after);
         name != names.end() && std::ssize(sales) < page.limit(); ++name) {
      std::optional<NamedSale> sale = SaleNamed(*name);
      if (!sale.has_value()) continue;
      sale->lot_untold = lot_untold;
      sales.push_back(*std::move(sale));
    }
  };
  const bool told_before = page.after(1) == kUntold;
  if (!told_before) add(of_lot.sale_names, page.after(0), false);
  add(untold.sale_names, told_before ? page.after(0) : std::string_view(), true);
  reply->set_next_page_token(page.Cut(&sales, [](const NamedSale& last) {
    return std::vector{last.name, std::string(last.lot_untold ? kUntold : std::string_view())};
  }));
  for (const NamedSale& named : sales) {
    ASSIGN_OR_RETURN(const SellThroughSale sale, sales_.Get(unit.sql(), named.partner, named.id));
    *reply->add_buyers() = BuyerOf(sale, ids[0], named.lot_untold);
  }
  return absl::OkStatus();
}

}  // namespace tributary::inventory
