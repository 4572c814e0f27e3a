#include "inventory-service/invoices/invoice_service.h"

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
#include "inventory-service/billing/billed_proto.h"
#include "inventory-service/billing/intake.h"
#include "inventory-service/invoices/invoice_proto.h"

namespace tributary::inventory {
namespace {

std::string LineField(int64_t index) { return StrCat("invoice.lines[", index, "]"); }

}  // namespace

void InvoiceService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.InvoiceService", this)
      .Unary("GetInvoice", &InvoiceService::Get)
      .Unary("ListInvoices", &InvoiceService::List)
      .Unary("CreateInvoice", &InvoiceService::Create)
      .Unary("BatchImportInvoices", &InvoiceService::Import);
}

absl::Status InvoiceService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetInvoiceRequest& request,
                                 v1::Invoice* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/invoices/{invoice}"));
  ASSIGN_OR_RETURN(const BilledDocument invoice, documents_.Get(unit.sql(), InvoiceLine::kKind, ids[0], ids[1]));
  ASSIGN_OR_RETURN(const std::vector<InvoiceLine> lines, store_.LinesOf(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(invoice, lines);
  return absl::OkStatus();
}

absl::Status InvoiceService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListInvoicesRequest& request,
                                  v1::ListInvoicesResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page,
                   Page::Of(page_tokens_, call, request, DocumentStore::Fields(InvoiceLine::kKind), request.parent()));
  ASSIGN_OR_RETURN(std::vector<BilledDocument> invoices,
                   documents_.List(unit.sql(), InvoiceLine::kKind, partner, page.after(0), page.after(1), page.filter(),
                                   page.limit()));
  reply->set_next_page_token(page.Cut(&invoices, [](const BilledDocument& last) {
    return std::vector{last.partner, last.document};
  }));
  for (const BilledDocument& invoice : invoices) {
    ASSIGN_OR_RETURN(const std::vector<InvoiceLine> lines,
                     store_.LinesOf(unit.sql(), invoice.partner, invoice.document));
    *reply->add_invoices() = ToProto(invoice, lines);
  }
  return absl::OkStatus();
}

absl::Status InvoiceService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateInvoiceRequest& request,
                                    v1::Invoice* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(
      std::vector<Stated<InvoiceLine>> stated,
      ReadLines<InvoiceLine>(
          request.invoice().lines(), ids[0], [](const v1::InvoiceLine& line) { return FromProto(line); }, LineField));
  const std::string document = stated.front().fact.document;
  ASSIGN_OR_RETURN(const std::vector<InvoiceLine> lines,
                   CreateBilled(call, unit, store_, partners_, ids[0], std::move(stated), LineField));
  ASSIGN_OR_RETURN(const BilledDocument invoice, documents_.Get(unit.sql(), InvoiceLine::kKind, ids[0], document));
  *reply = ToProto(invoice, lines);
  return absl::OkStatus();
}

absl::Status InvoiceService::Import(const rpc::Call& call, rpc::Unit& unit,
                                    const v1::BatchImportInvoicesRequest& request,
                                    api::v1::BatchImportResponse* reply) {
  imports::BatchResult result;
  std::vector<Stated<InvoiceLine>> stated;
  stated.reserve(request.rows_size());
  imports::TakeRows<v1::InvoiceLineRow>(request.rows(), "line", result, [&](const v1::InvoiceLineRow& row) {
    auto line = FromProto(row.line());
    absl::Status status = line.status();
    if (status.ok()) stated.push_back({row.row(), *std::move(line)});
    return status;
  });
  return ImportBilled(call, unit, store_.table(), partners_, request.import(), std::move(stated), std::move(result),
                      reply);
}

absl::StatusOr<int> InvoiceService::Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id,
                                         int limit) {
  return UndoBilled(call, unit, store_.table(), import_id, limit);
}

events::RowSource InvoiceService::Source() const {
  return store_.table().Source(v1::InvoiceLine::descriptor()->full_name(),
                               [](const InvoiceLine& line, events::Event* event) {
                                 event->name = NameOf(line);
                                 event->payload = ToProto(line).SerializeAsString();
                               });
}

}  // namespace tributary::inventory
