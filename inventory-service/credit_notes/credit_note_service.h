#pragma once

// CreditNoteService: what the vendor credited.

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "inventory-service/billing/document_store.h"
#include "inventory-service/credit_notes/credit_note_store.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/payments/payment_store.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/inventory/v1/credit_note.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::inventory {

class CreditNoteService {
 public:
  // Both outlive it.
  CreditNoteService(PartnerDirectory& partners, const PageTokens& page_tokens)
      : partners_(partners), page_tokens_(page_tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetCreditNoteRequest& request,
                   v1::CreditNote* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListCreditNotesRequest& request,
                    v1::ListCreditNotesResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateCreditNoteRequest& request,
                      v1::CreditNote* reply);
  absl::Status Import(const rpc::Call& call, rpc::Unit& unit, const v1::BatchImportCreditNotesRequest& request,
                      api::v1::BatchImportResponse* reply);

  // Reverses what an import brought (common/imports/import_service.h).
  absl::StatusOr<int> Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id, int limit);

  // The lines as events of the feed.
  events::RowSource Source() const;

 private:
  absl::StatusOr<v1::CreditNote> Whole(rpc::Unit& unit, const BilledDocument& credit_note,
                                       const std::vector<CreditNoteLine>& lines) const;

  PartnerDirectory& partners_;
  const PageTokens& page_tokens_;
  DocumentStore documents_;
  CreditNoteStore store_;
  PaymentStore payments_;
};

}  // namespace tributary::inventory
