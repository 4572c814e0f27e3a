#include "inventory-service/sell_through/sell_through_sale_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/imports/batch.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/recording.h"
#include "inventory-service/facts/stream_post.h"
#include "inventory-service/sell_through/sell_through_sale_proto.h"

namespace tributary::inventory {
namespace {

absl::StatusOr<SellThroughSale> ReadSale(const v1::CreateSellThroughSaleRequest& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  auto sale = FromProto(request.sell_through_sale(), ids[0]);
  return sale.ok() ? sale : AtField(sale.status(), "sell_through_sale");
}

}  // namespace

void SellThroughSaleService::Register(rpc::Server& server) {
  const v1::StreamPostSellThroughSalesRequest* const sent = nullptr;
  server.Add("tributary.inventory.v1.SellThroughSaleService", this)
      .Unary("GetSellThroughSale", &SellThroughSaleService::Get)
      .Unary("ListSellThroughSales", &SellThroughSaleService::List)
      .Group("CreateSellThroughSale", &SellThroughSaleService::Create)
      .Unary("BatchImportSellThroughSales", &SellThroughSaleService::Import)
      .ClientStream("StreamPostSellThroughSales", &SellThroughSaleService::StreamPost, sent)
      .Unary("GetSellThroughTotals", &SellThroughSaleService::Totals);
}

absl::Status SellThroughSaleService::Get(const rpc::Call&, rpc::Unit& unit,
                                         const v1::GetSellThroughSaleRequest& request, v1::SellThroughSale* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/sales/{sale}"));
  const std::optional<SaleId> id = ParseSaleSegment(ids[1]);
  if (!id.has_value()) return NotFound(request.name());
  ASSIGN_OR_RETURN(const SellThroughSale sale, store_.Get(unit.sql(), ids[0], *id));
  *reply = ToProto(sale);
  return absl::OkStatus();
}

absl::Status SellThroughSaleService::List(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::ListSellThroughSalesRequest& request,
                                          v1::ListSellThroughSalesResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(page_tokens_, call, request, SellThroughSaleStore::Fields(), request.parent()));
  SaleId after;
  if (!page.first()) {
    const std::optional<SaleId> last = ParseSaleSegment(page.after(1));
    if (!last.has_value()) return Error(Reason::kPageTokenInvalid, "page_token: got another list's, want this one's");
    after = *last;
  }
  ASSIGN_OR_RETURN(std::vector<SellThroughSale> sales,
                   store_.List(unit.sql(), partner, page.after(0), after, page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&sales, [](const SellThroughSale& last) {
    return std::vector{last.partner, SaleSegment(last.document, last.line, last.generation)};
  }));
  for (const SellThroughSale& sale : sales) *reply->add_sell_through_sales() = ToProto(sale);
  return absl::OkStatus();
}

absl::Status SellThroughSaleService::Create(rpc::Unit& unit, absl::Span<CreateSale> calls) {
  std::vector<Stated<SellThroughSale>> stated;
  for (size_t i = 0; i < calls.size(); ++i) {
    CreateSale& one = calls[i];
    absl::StatusOr<SellThroughSale> sale = ReadSale(one.request);
    if (sale.ok() && calls.size() > 1 && !partners_.Remembers(sale->partner)) {
      one.alone = true;
      continue;
    }
    if (sale.ok()) {
      if (absl::Status known = partners_.CheckKnown(one.call, sale->partner); !known.ok()) sale = std::move(known);
    }
    one.status = sale.status();
    if (sale.ok()) stated.push_back({static_cast<int64_t>(i), *std::move(sale)});
  }
  return RecordEach(unit, store_.table(), "sell_through_sale", std::move(stated), calls);
}

absl::Status SellThroughSaleService::Import(const rpc::Call& call, rpc::Unit& unit,
                                            const v1::BatchImportSellThroughSalesRequest& request,
                                            api::v1::BatchImportResponse* reply) {
  imports::BatchResult result;
  std::vector<Stated<SellThroughSale>> stated;
  stated.reserve(request.rows_size());
  imports::TakeRows<v1::SellThroughSaleRow>(
      request.rows(), "sell_through_sale", result, [&](const v1::SellThroughSaleRow& row) -> absl::Status {
        ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                         ParseResourceName(row.parent(), "partners/{partner}", "parent"));
        ASSIGN_OR_RETURN(SellThroughSale sale, FromProto(row.sell_through_sale(), ids[0]));
        stated.push_back({row.row(), std::move(sale)});
        return absl::OkStatus();
      });
  return ImportFacts(call, unit, store_.table(), partners_, request.import(), "sales", std::move(stated),
                     std::move(result), reply);
}

absl::Status SellThroughSaleService::StreamPost(const rpc::Call&, rpc::IncomingStream& stream,
                                                api::v1::StreamPostResponse* reply) {
  return PostRows<v1::StreamPostSellThroughSalesRequest>(stream, *this, &SellThroughSaleService::Import, reply);
}

absl::Status SellThroughSaleService::Totals(const rpc::Call& call, rpc::Unit& unit,
                                            const v1::GetSellThroughTotalsRequest& request,
                                            v1::SellThroughTotals* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const SellThroughTotals totals, store_.Totals(unit.sql(), partner));
  *reply = ToProto(totals);
  return absl::OkStatus();
}

absl::StatusOr<int> SellThroughSaleService::Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id,
                                                 int limit) {
  return UndoFacts(call, unit, store_.table(), import_id, limit);
}

events::RowSource SellThroughSaleService::Source() const {
  return store_.table().Source(v1::SellThroughSale::descriptor()->full_name(),
                               [](const SellThroughSale& sale, events::Event* event) {
                                 event->name = NameOf(sale);
                                 event->payload = ToProto(sale).SerializeAsString();
                               });
}

}  // namespace tributary::inventory
