#include "inventory-service/direct_sales/direct_sale_service.h"

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
#include "inventory-service/direct_sales/direct_sale_proto.h"
#include "inventory-service/facts/recording.h"
#include "inventory-service/facts/stream_post.h"

namespace tributary::inventory {

void DirectSaleService::Register(rpc::Server& server) {
  const v1::StreamPostDirectSalesRequest* const sent = nullptr;
  server.Add("tributary.inventory.v1.DirectSaleService", this)
      .Unary("GetDirectSale", &DirectSaleService::Get)
      .Unary("ListDirectSales", &DirectSaleService::List)
      .Unary("BatchImportDirectSales", &DirectSaleService::Import)
      .ClientStream("StreamPostDirectSales", &DirectSaleService::StreamPost, sent)
      .Unary("GetDirectSaleTotals", &DirectSaleService::Totals);
}

absl::Status DirectSaleService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetDirectSaleRequest& request,
                                    v1::DirectSale* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), "directSales/{direct_sale}"));
  const std::optional<SaleId> id = ParseSaleSegment(ids[0]);
  if (!id.has_value()) return NotFound(request.name());
  ASSIGN_OR_RETURN(const DirectSale sale, store_.Get(unit.sql(), *id));
  *reply = ToProto(sale);
  return absl::OkStatus();
}

absl::Status DirectSaleService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListDirectSalesRequest& request,
                                     v1::ListDirectSalesResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, DirectSaleStore::Fields(), ""));
  SaleId after;
  if (!page.first()) {
    const std::optional<SaleId> last = ParseSaleSegment(page.after(0));
    if (!last.has_value()) return Error(Reason::kPageTokenInvalid, "page_token: got another list's, want this one's");
    after = *last;
  }
  ASSIGN_OR_RETURN(std::vector<DirectSale> sales, store_.List(unit.sql(), after, page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&sales, [](const DirectSale& last) {
    return std::vector{SaleSegment(last.document, last.line, last.generation)};
  }));
  for (const DirectSale& sale : sales) *reply->add_direct_sales() = ToProto(sale);
  return absl::OkStatus();
}

absl::Status DirectSaleService::Import(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::BatchImportDirectSalesRequest& request,
                                       api::v1::BatchImportResponse* reply) {
  imports::BatchResult result;
  std::vector<Stated<DirectSale>> stated;
  stated.reserve(request.rows_size());
  imports::TakeRows<v1::DirectSaleRow>(request.rows(), "direct_sale", result,
                                       [&](const v1::DirectSaleRow& row) -> absl::Status {
                                         ASSIGN_OR_RETURN(DirectSale sale, FromProto(row.direct_sale()));
                                         stated.push_back({row.row(), std::move(sale)});
                                         return absl::OkStatus();
                                       });
  return ImportFacts(call, unit, store_.table(), partners_, request.import(), "directSales", std::move(stated),
                     std::move(result), reply);
}

absl::Status DirectSaleService::StreamPost(const rpc::Call&, rpc::IncomingStream& stream,
                                           api::v1::StreamPostResponse* reply) {
  return PostRows<v1::StreamPostDirectSalesRequest>(stream, *this, &DirectSaleService::Import, reply);
}

absl::Status DirectSaleService::Totals(const rpc::Call&, rpc::Unit& unit, const v1::GetDirectSaleTotalsRequest&,
                                       v1::DirectSaleTotals* reply) {
  ASSIGN_OR_RETURN(const DirectSaleTotals totals, store_.Totals(unit.sql()));
  *reply = ToProto(totals);
  return absl::OkStatus();
}

absl::StatusOr<int> DirectSaleService::Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id,
                                            int limit) {
  return UndoFacts(call, unit, store_.table(), import_id, limit);
}

events::RowSource DirectSaleService::Source() const {
  return store_.table().Source(v1::DirectSale::descriptor()->full_name(),
                               [](const DirectSale& sale, events::Event* event) {
                                 event->name = NameOf(sale);
                                 event->payload = ToProto(sale).SerializeAsString();
                               });
}

}  // namespace tributary::inventory
