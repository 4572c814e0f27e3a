#include "partner-service/documents/document_service.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/digest/sha256.h"
#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/time/today.h"
#include "partner-service/agreements/agreement.h"
#include "partner-service/documents/document_proto.h"
#include "partner-service/partners/partner_asked.h"

namespace tributary::partner {
namespace {

// The document that a request names, of those that its caller may see.
template <typename Request>
absl::StatusOr<Document> Load(const rpc::Call& call, rpc::Unit& unit, const DocumentStore& documents,
                              const Request& request) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), "documents/{document}"));
  ASSIGN_OR_RETURN(const std::string owner_id, PartnerAsked(call, request.partner()));
  return documents.Get(unit.sql(), ids.front(), owner_id);
}

}  // namespace

void DocumentService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.DocumentService", this)
      .Unary("GetDocument", &DocumentService::Get)
      .Unary("ListDocuments", &DocumentService::List)
      .Unary("CreateDocument", &DocumentService::Create)
      .Unary("DownloadDocument", &DocumentService::Download);
}

absl::Status DocumentService::Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetDocumentRequest& request,
                                  v1::Document* reply) {
  ASSIGN_OR_RETURN(const Document document, Load(call, unit, documents_, request));
  *reply = ToProto(document, UtcToday(call.now));
  return absl::OkStatus();
}

absl::Status DocumentService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListDocumentsRequest& request,
                                   v1::ListDocumentsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string owner_id, PartnerAsked(call, request.partner()));
  const Date today = UtcToday(call.now);
  std::optional<DateRange> last_days;
  std::string bound_to = owner_id;
  if (request.has_expires_within_days()) {
    last_days = {today, today.AddDays(request.expires_within_days() + 1)};
    bound_to = StrCat(owner_id, " ", request.expires_within_days());
  }
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, DocumentStore::Fields(), bound_to));
  ASSIGN_OR_RETURN(std::vector<Document> documents, documents_.List(unit.sql(), owner_id, last_days, page));
  reply->set_next_page_token(page.Cut(&documents, [](const Document& last) { return std::vector{last.id}; }));
  for (const Document& document : documents) *reply->add_documents() = ToProto(document, today);
  return absl::OkStatus();
}

absl::Status DocumentService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateDocumentRequest& request,
                                     v1::Document* reply) {
  // All documents have one space of ids: what a partner may choose would tell it which ones others have.
  if (call.identity->IsPartnerUser() && !request.document_id().empty()) {
    return InvalidField("document_id", request.document_id(), "none: the id of a partner's document is made up");
  }
  auto content = FromProto(request.document());
  if (!content.ok()) return AtField(content.status(), "document");
  Document document = *std::move(content);
  if (!document.owner_id.empty()) {
    ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), document.owner_id));
    RETURN_IF_ERROR(CheckOpen(partner, "createDocument"));
  }
  document.revision = Revision::First(call.now);
  document.id = request.document_id().empty() ? document.revision.uid.ToString() : request.document_id();
  document.sha256 = Sha256Hex(request.content());
  document.size_bytes = static_cast<int64_t>(request.content().size());
  document.told = StateOn(document, UtcToday(call.now));
  RETURN_IF_ERROR(AtField(CheckDocument(document), "document"));
  RETURN_IF_ERROR(CheckContent(document.media_type, request.content()));
  RETURN_IF_ERROR(documents_.Create(unit.sql(), document, request.content()));
  unit.Emit(Told("created", document));
  *reply = ToProto(document, UtcToday(call.now));
  return absl::OkStatus();
}

absl::Status DocumentService::Download(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::DownloadDocumentRequest& request,
                                       v1::DownloadDocumentResponse* reply) {
  ASSIGN_OR_RETURN(const Document document, Load(call, unit, documents_, request));
  ASSIGN_OR_RETURN(*reply->mutable_content(), documents_.Content(unit.sql(), document.sha256));
  reply->set_media_type(document.media_type);
  reply->set_sha256(document.sha256);
  reply->set_title(document.title);
  return absl::OkStatus();
}

}  // namespace tributary::partner
