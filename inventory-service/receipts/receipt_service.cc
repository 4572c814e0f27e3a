#include "inventory-service/receipts/receipt_service.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/imports/batch.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "inventory-service/facts/recording.h"
#include "inventory-service/facts/stream_post.h"
#include "inventory-service/receipts/receipt_proto.h"

namespace tributary::inventory {
namespace {

std::string LineField(int64_t index) { return StrCat("receipt.lines[", index, "]"); }

// The lines of a receipt that is stated as a whole: all of one document. Everything that is wrong is told at once.
absl::StatusOr<std::vector<Stated<ReceiptLine>>> ReadLines(const v1::CreateReceiptRequest& request,
                                                           std::string_view partner) {
  FieldReader fields;
  std::vector<Stated<ReceiptLine>> stated;
  const v1::Receipt& receipt = request.receipt();
  if (receipt.lines().empty()) fields.Refuse("receipt.lines", "none", "at least one line");
  for (int i = 0; i < receipt.lines_size(); ++i) {
    stated.push_back({i, fields.Take(LineField(i), FromProto(receipt.lines(i), partner))});
    if (receipt.lines(i).document() != receipt.lines(0).document()) {
      fields.Refuse(LineField(i) + ".document", receipt.lines(i).document(),
                    StrCat(receipt.lines(0).document(), ", the document of the first line"));
    }
  }
  RETURN_IF_ERROR(fields.status());
  return stated;
}

// With how far the lines of the shipments have come.
absl::Status AddTransits(mysql::Transaction& sql, const ReceiptStore& store, const Receipt& receipt,
                         v1::Receipt* reply) {
  std::set<std::pair<std::string, int>> lines;
  for (const ReceiptLine& line : receipt.lines) lines.emplace(line.shipment_document, line.shipment_line);
  for (const auto& [document, line] : lines) {
    ASSIGN_OR_RETURN(const std::vector<Transit> transits, store.TransitsOf(sql, receipt.partner, document, line));
    for (const Transit& transit : transits) *reply->add_transits() = ToProto(transit);
  }
  return absl::OkStatus();
}

}  // namespace

void ReceiptService::Register(rpc::Server& server) {
  const v1::StreamPostReceiptsRequest* const sent = nullptr;
  server.Add("tributary.inventory.v1.ReceiptService", this)
      .Unary("GetReceipt", &ReceiptService::Get)
      .Unary("ListReceipts", &ReceiptService::List)
      .Unary("CreateReceipt", &ReceiptService::Create)
      .Unary("BatchImportReceipts", &ReceiptService::Import)
      .ClientStream("StreamPostReceipts", &ReceiptService::StreamPost, sent)
      .Unary("ListTransits", &ReceiptService::ListTransits);
}

absl::Status ReceiptService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetReceiptRequest& request,
                                 v1::Receipt* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/receipts/{receipt}"));
  ASSIGN_OR_RETURN(const Receipt receipt, store_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(receipt);
  return AddTransits(unit.sql(), store_, receipt, reply);
}

absl::Status ReceiptService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListReceiptsRequest& request,
                                  v1::ListReceiptsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, ReceiptStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<Receipt> receipts,
                   store_.List(unit.sql(), partner, page.after(0), page.after(1), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&receipts, [](const Receipt& last) {
    return std::vector{last.partner, last.document};
  }));
  for (const Receipt& receipt : receipts) *reply->add_receipts() = ToProto(receipt);
  return absl::OkStatus();
}

absl::Status ReceiptService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateReceiptRequest& request,
                                    v1::Receipt* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(std::vector<Stated<ReceiptLine>> stated, ReadLines(request, ids[0]));
  RETURN_IF_ERROR(partners_.CheckKnown(call, ids[0]));
  imports::BatchResult result;
  ASSIGN_OR_RETURN(Known<ReceiptLine> lines, ReadKnown(unit.sql(), store_.table(), {}, stated, result));
  std::vector<ReceiptLine> fresh = NewFacts(std::move(stated), lines, result);
  RETURN_IF_ERROR(StatusOf(result.errors, LineField));
  // A line that is known already changes nothing and is answered as it is known.
  for (const ReceiptLine& line : fresh) lines.insert_or_assign(KeyOf(line), line);
  reply->set_name(ReceiptName(ids[0], request.receipt().lines(0).document()));
  std::map<int, ReceiptLine> by_number;
  for (const auto& [key, line] : lines) by_number.emplace(line.line, line);
  for (const auto& [number, line] : by_number) *reply->add_lines() = ToProto(line);
  return Record(call, unit, store_.table(), std::move(fresh));
}

absl::Status ReceiptService::Import(const rpc::Call& call, rpc::Unit& unit,
                                    const v1::BatchImportReceiptsRequest& request,
                                    api::v1::BatchImportResponse* reply) {
  imports::BatchResult result;
  std::vector<Stated<ReceiptLine>> stated;
  stated.reserve(request.rows_size());
  imports::TakeRows<v1::ReceiptLineRow>(
      request.rows(), "line", result, [&](const v1::ReceiptLineRow& row) -> absl::Status {
        ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                         ParseResourceName(row.parent(), "partners/{partner}", "parent"));
        ASSIGN_OR_RETURN(ReceiptLine line, FromProto(row.line(), ids[0]));
        stated.push_back({row.row(), std::move(line)});
        return absl::OkStatus();
      });
  return ImportFacts(call, unit, store_.table(), partners_, request.import(), "receipts", std::move(stated),
                     std::move(result), reply);
}

absl::Status ReceiptService::StreamPost(const rpc::Call&, rpc::IncomingStream& stream,
                                        api::v1::StreamPostResponse* reply) {
  return PostRows<v1::StreamPostReceiptsRequest>(stream, *this, &ReceiptService::Import, reply);
}

absl::Status ReceiptService::ListTransits(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::ListTransitsRequest& request, v1::ListTransitsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, {}, request.parent()));
  Transit after{.partner = std::string(page.after(0)), .document = std::string(page.after(1))};
  if (!page.first()) {
    if (!absl::SimpleAtoi(Abseil(page.after(2)), &after.line)) {
      return Error(Reason::kPageTokenInvalid, "page_token: got another list's, want this one's");
    }
    after.product = page.after(3);
  }
  ASSIGN_OR_RETURN(std::vector<Transit> transits, store_.ListOpen(unit.sql(), partner, after, page.limit()));
  reply->set_next_page_token(page.Cut(&transits, [](const Transit& last) {
    return std::vector{last.partner, last.document, StrCat(last.line), last.product};
  }));
  for (const Transit& transit : transits) *reply->add_transits() = ToProto(transit);
  return absl::OkStatus();
}

absl::StatusOr<int> ReceiptService::Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id,
                                         int limit) {
  return UndoFacts(call, unit, store_.table(), import_id, limit);
}

events::RowSource ReceiptService::Source() const {
  return store_.table().Source(v1::ReceiptLine::descriptor()->full_name(),
                               [](const ReceiptLine& line, events::Event* event) {
                                 event->name = NameOf(line);
                                 event->payload = ToProto(line).SerializeAsString();
                               });
}

}  // namespace tributary::inventory
