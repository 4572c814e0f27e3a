#include "inventory-service/shipments/shipment_service.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/imports/batch.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "inventory-service/facts/recording.h"
#include "inventory-service/facts/stream_post.h"
#include "inventory-service/shipments/shipment_proto.h"

namespace tributary::inventory {
namespace {

std::string LineField(int64_t index) { return StrCat("shipment.lines[", index, "]"); }

// The lines of a shipment that is stated as a whole: all of one document and to the partner in `parent`. Everything
// that is wrong is told at once.
absl::StatusOr<std::vector<Stated<ShipmentLine>>> ReadLines(const v1::CreateShipmentRequest& request,
                                                            std::string_view partner) {
  FieldReader fields;
  std::vector<Stated<ShipmentLine>> stated;
  const v1::Shipment& shipment = request.shipment();
  if (shipment.lines().empty()) fields.Refuse("shipment.lines", "none", "at least one line");
  for (int i = 0; i < shipment.lines_size(); ++i) {
    ShipmentLine line = fields.Take(LineField(i), FromProto(shipment.lines(i)));
    if (!line.partner.empty() && line.partner != partner) {
      fields.Refuse(LineField(i) + ".partner", shipment.lines(i).partner(),
                    StrCat(PartnerName(partner), ", the parent"));
    }
    if (shipment.lines(i).document() != shipment.lines(0).document()) {
      fields.Refuse(LineField(i) + ".document", shipment.lines(i).document(),
                    StrCat(shipment.lines(0).document(), ", the document of the first line"));
    }
    stated.push_back({i, std::move(line)});
  }
  RETURN_IF_ERROR(fields.status());
  return stated;
}

}  // namespace

void ShipmentService::Register(rpc::Server& server) {
  const v1::StreamPostShipmentsRequest* const sent = nullptr;
  server.Add("tributary.inventory.v1.ShipmentService", this)
      .Unary("GetShipment", &ShipmentService::Get)
      .Unary("ListShipments", &ShipmentService::List)
      .Unary("CreateShipment", &ShipmentService::Create)
      .Unary("BatchImportShipments", &ShipmentService::Import)
      .ClientStream("StreamPostShipments", &ShipmentService::StreamPost, sent)
      .Unary("GetSellInTotals", &ShipmentService::Totals);
}

absl::Status ShipmentService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetShipmentRequest& request,
                                  v1::Shipment* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/shipments/{shipment}"));
  ASSIGN_OR_RETURN(const Shipment shipment, store_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(shipment);
  return absl::OkStatus();
}

absl::Status ShipmentService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListShipmentsRequest& request,
                                   v1::ListShipmentsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, ShipmentStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<Shipment> shipments,
                   store_.List(unit.sql(), partner, page.after(0), page.after(1), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&shipments, [](const Shipment& last) {
    return std::vector{last.partner, last.document};
  }));
  for (const Shipment& shipment : shipments) *reply->add_shipments() = ToProto(shipment);
  return absl::OkStatus();
}

absl::Status ShipmentService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateShipmentRequest& request,
                                     v1::Shipment* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(std::vector<Stated<ShipmentLine>> stated, ReadLines(request, ids[0]));
  RETURN_IF_ERROR(partners_.CheckKnown(call, ids[0]));
  imports::BatchResult result;
  ASSIGN_OR_RETURN(Known<ShipmentLine> lines, ReadKnown(unit.sql(), store_.table(), {}, stated, result));
  std::vector<ShipmentLine> fresh = NewFacts(std::move(stated), lines, result);
  RETURN_IF_ERROR(StatusOf(result.errors, LineField));
  // A line that is known already changes nothing and is answered as it is known.
  for (const ShipmentLine& line : fresh) lines.insert_or_assign(KeyOf(line), line);
  reply->set_name(ShipmentName(ids[0], request.shipment().lines(0).document()));
  std::map<int, ShipmentLine> by_number;
  for (const auto& [key, line] : lines) by_number.emplace(line.line, line);
  for (const auto& [number, line] : by_number) *reply->add_lines() = ToProto(line);
  return Record(call, unit, store_.table(), std::move(fresh));
}

absl::Status ShipmentService::Import(const rpc::Call& call, rpc::Unit& unit,
                                     const v1::BatchImportShipmentsRequest& request,
                                     api::v1::BatchImportResponse* reply) {
  imports::BatchResult result;
  std::vector<Stated<ShipmentLine>> stated;
  stated.reserve(request.rows_size());
  imports::TakeRows<v1::ShipmentLineRow>(request.rows(), "line", result,
                                         [&](const v1::ShipmentLineRow& row) -> absl::Status {
                                           ASSIGN_OR_RETURN(ShipmentLine line, FromProto(row.line()));
                                           stated.push_back({row.row(), std::move(line)});
                                           return absl::OkStatus();
                                         });
  return ImportFacts(call, unit, store_.table(), partners_, request.import(), "shipments", std::move(stated),
                     std::move(result), reply);
}

absl::Status ShipmentService::StreamPost(const rpc::Call&, rpc::IncomingStream& stream,
                                         api::v1::StreamPostResponse* reply) {
  return PostRows<v1::StreamPostShipmentsRequest>(stream, *this, &ShipmentService::Import, reply);
}

absl::Status ShipmentService::Totals(const rpc::Call& call, rpc::Unit& unit, const v1::GetSellInTotalsRequest& request,
                                     v1::SellInTotals* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const SellInTotals totals, store_.Totals(unit.sql(), partner));
  *reply = ToProto(totals);
  return absl::OkStatus();
}

absl::StatusOr<int> ShipmentService::Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id,
                                          int limit) {
  return UndoFacts(call, unit, store_.table(), import_id, limit);
}

events::RowSource ShipmentService::Source() const {
  return store_.table().Source(v1::ShipmentLine::descriptor()->full_name(),
                               [](const ShipmentLine& line, events::Event* event) {
                                 event->name = NameOf(line);
                                 event->payload = ToProto(line).SerializeAsString();
                               });
}

}  // namespace tributary::inventory
