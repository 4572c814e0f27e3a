#pragma once

// InvoiceService: what the vendor billed.

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/billing/document_store.h"
#include "inventory-service/invoices/invoice_store.h"
#include "inventory-service/partners/partner_directory.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/inventory/v1/invoice.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class InvoiceService {
 public:
  // Both outlive it.
  InvoiceService(PartnerDirectory& partners, const PageTokens& page_tokens)
      : partners_(partners), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetInvoiceRequest& request, v1::Invoice* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListInvoicesRequest& request,
                    v1::ListInvoicesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateInvoiceRequest& request,
                      v1::Invoice* reply);
  absl::Status Import(const rpc::Call& call, rpc::Unit& unit, const v1::BatchImportInvoicesRequest& request,
                      api::v1::BatchImportResponse* reply);

  // Reverses what an import brought (common/imports/import_service.h).
  absl::StatusOr<int> Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id, int limit);

  // The lines as events of the feed.
  events::RowSource Source() const;

 private:
  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  DocumentStore documents_;
  InvoiceStore store_;
};

}  // namespace tributary::inventory
