#include "inventory-service/traces/trace_service.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/traces/trace_proto.h"

namespace tributary::inventory {
namespace {

constexpr size_t kMost = 1000;  // steps or buyers in one answer

}  // namespace

void TraceService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.TraceService", this)
      .Unary("GetSerialUnit", &TraceService::GetUnit)
      .Unary("ListSerialUnits", &TraceService::ListUnits)
      .Unary("TraceStock", &TraceService::Trace)
      .Unary("RecallLot", &TraceService::Recall);
}

absl::Status TraceService::GetUnit(const rpc::Call&, rpc::Unit& unit, const v1::GetSerialUnitRequest& request,
                                   v1::SerialUnit* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "products/{product}/serials/{serial}"));
  ASSIGN_OR_RETURN(std::vector<SerialMove> moves, serials_.MovesOf(unit.sql(), ids[0], ids[1]));
  const std::optional<SerialUnit> found = Follow(std::move(moves));
  if (!found.has_value()) return NotFound(request.name());
  *reply = ToProto(*found, true);
  return absl::OkStatus();
}

absl::Status TraceService::ListUnits(const rpc::Call& call, rpc::Unit& unit, const v1::ListSerialUnitsRequest& request,
                                     v1::ListSerialUnitsResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "products/{product}", "parent"));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, {}, request.parent()));
  ASSIGN_OR_RETURN(std::vector<std::string> serials,
                   serials_.ListSerials(unit.sql(), ids[0], page.after(0), page.limit()));
  reply->set_next_page_token(page.Cut(&serials, [](const std::string& last) { return std::vector{last}; }));
  for (const std::string& serial : serials) {
    ASSIGN_OR_RETURN(std::vector<SerialMove> moves, serials_.MovesOf(unit.sql(), ids[0], serial));
    // A number that only reversed facts told is no unit.
    if (const auto found = Follow(std::move(moves))) *reply->add_serial_units() = ToProto(*found, false);
  }
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
  if (!request.lot().empty()) {
    ASSIGN_OR_RETURN(std::vector<RecordedPosting> postings,
                     store_.PostingsOfLot(unit.sql(), partner, ids[0], request.lot()));
    reply->set_more_steps(postings.size() > kMost);
    if (postings.size() > kMost) postings.resize(kMost);
    for (const RecordedPosting& posting : postings) *reply->add_steps() = StepOf(posting);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(std::vector<SerialMove> moves, serials_.MovesOf(unit.sql(), ids[0], request.serial()));
  const std::optional<SerialUnit> found = Follow(std::move(moves));
  if (!found.has_value()) return absl::OkStatus();
  for (const SerialMove& move : found->history) {
    if (!partner.empty() && move.partner != partner) continue;
    reply->set_more_steps(static_cast<size_t>(reply->steps_size()) == kMost);
    if (!reply->more_steps()) *reply->add_steps() = ToProto(move);
  }
  if (partner.empty() || found->partner == partner) reply->set_location(LocationName(found->partner, found->place));
  return absl::OkStatus();
}

absl::Status TraceService::Recall(const rpc::Call& call, rpc::Unit& unit, const v1::RecallLotRequest& request,
                                  v1::RecallLotResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.product(), "products/{product}", "product"));
  ASSIGN_OR_RETURN(const std::vector<RecordedPosting> recorded,
                   store_.PostingsOfLot(unit.sql(), partner, ids[0], request.lot()));
  ASSIGN_OR_RETURN(const auto positions, store_.PositionsOfLot(unit.sql(), partner, ids[0], request.lot()));
  std::vector<Posting> postings;
  for (const RecordedPosting& next : recorded) postings.push_back(next.posting);
  const inventory::Recall recall = Sum(postings, positions);
  for (const LotHolding& holding : recall.holdings) *reply->add_holdings() = ToProto(holding);
  *reply->mutable_total() = ToProto(recall.total);
  for (const std::string& name : recall.sale_names) {
    const auto sale_ids = ParseResourceName(name, "partners/{partner}/sales/{sale}");
    if (!sale_ids.ok()) continue;  // a direct sale's customer is the vendor's
    const std::optional<SaleId> id = ParseSaleSegment(sale_ids->at(1));
    if (!id.has_value()) continue;
    if (static_cast<size_t>(reply->buyers_size()) == kMost) {
      reply->set_more_buyers(true);
      break;
    }
    ASSIGN_OR_RETURN(const SellThroughSale sale, sales_.Get(unit.sql(), sale_ids->at(0), *id));
    *reply->add_buyers() = BuyerOf(sale);
  }
  return absl::OkStatus();
}

}  // namespace tributary::inventory
