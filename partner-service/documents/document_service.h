#pragma once

#include "absl/status/status.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/documents/document_store.h"
#include "partner-service/partners/partner_store.h"
#include "tributary/partner/v1/document.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.DocumentService.
class DocumentService {
 public:
  // `tokens` outlives the service.
  explicit DocumentService(const PageTokens& tokens) : tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetDocumentRequest& request, v1::Document* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListDocumentsRequest& request,
                    v1::ListDocumentsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateDocumentRequest& request,
                      v1::Document* reply);
  absl::Status Download(const rpc::Call& call, rpc::Unit& unit, const v1::DownloadDocumentRequest& request,
                        v1::DownloadDocumentResponse* reply);

 private:
  const PageTokens& tokens_;
  DocumentStore documents_;
  PartnerStore partners_;
};

}  // namespace tributary::partner
