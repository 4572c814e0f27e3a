#include "inventory-service/credit_notes/credit_note_service.h"

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
#include "inventory-service/credit_notes/credit_note_proto.h"

namespace tributary::inventory {
namespace {

std::string LineField(int64_t index) { return StrCat("credit_note.lines[", index, "]"); }

}  // namespace

void CreditNoteService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.CreditNoteService", this)
      .Unary("GetCreditNote", &CreditNoteService::Get)
      .Unary("ListCreditNotes", &CreditNoteService::List)
      .Unary("CreateCreditNote", &CreditNoteService::Create)
      .Unary("BatchImportCreditNotes", &CreditNoteService::Import);
}

absl::StatusOr<v1::CreditNote> CreditNoteService::Whole(rpc::Unit& unit, const BilledDocument& credit_note,
                                                        const std::vector<CreditNoteLine>& lines) const {
  ASSIGN_OR_RETURN(
      const std::vector<Allocation> allocations,
      payments_.AllocationsOf(unit.sql(), credit_note.partner, SourceKind::kCreditNote, credit_note.document));
  return ToProto(credit_note, lines, allocations);
}

absl::Status CreditNoteService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetCreditNoteRequest& request,
                                    v1::CreditNote* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.name(), "partners/{partner}/creditNotes/{credit_note}"));
  ASSIGN_OR_RETURN(const BilledDocument credit_note, documents_.Get(unit.sql(), CreditNoteLine::kKind, ids[0], ids[1]));
  ASSIGN_OR_RETURN(const std::vector<CreditNoteLine> lines, store_.LinesOf(unit.sql(), ids[0], ids[1]));
  ASSIGN_OR_RETURN(*reply, Whole(unit, credit_note, lines));
  return absl::OkStatus();
}

absl::Status CreditNoteService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListCreditNotesRequest& request,
                                     v1::ListCreditNotesResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, DocumentStore::Fields(CreditNoteLine::kKind),
                                             request.parent()));
  ASSIGN_OR_RETURN(std::vector<BilledDocument> credit_notes,
                   documents_.List(unit.sql(), CreditNoteLine::kKind, partner, page.after(0), page.after(1),
                                   page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&credit_notes, [](const BilledDocument& last) {
    return std::vector{last.partner, last.document};
  }));
  for (const BilledDocument& credit_note : credit_notes) {
    ASSIGN_OR_RETURN(const std::vector<CreditNoteLine> lines,
                     store_.LinesOf(unit.sql(), credit_note.partner, credit_note.document));
    ASSIGN_OR_RETURN(*reply->add_credit_notes(), Whole(unit, credit_note, lines));
  }
  return absl::OkStatus();
}

absl::Status CreditNoteService::Create(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::CreateCreditNoteRequest& request, v1::CreditNote* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(std::vector<Stated<CreditNoteLine>> stated,
                   ReadLines<CreditNoteLine>(
                       request.credit_note().lines(), ids[0],
                       [](const v1::CreditNoteLine& line) { return FromProto(line); }, LineField));
  const std::string document = stated.front().fact.document;
  ASSIGN_OR_RETURN(const std::vector<CreditNoteLine> lines,
                   CreateBilled(call, unit, store_, partners_, ids[0], std::move(stated), LineField));
  ASSIGN_OR_RETURN(const BilledDocument credit_note,
                   documents_.Get(unit.sql(), CreditNoteLine::kKind, ids[0], document));
  ASSIGN_OR_RETURN(*reply, Whole(unit, credit_note, lines));
  return absl::OkStatus();
}

absl::Status CreditNoteService::Import(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::BatchImportCreditNotesRequest& request,
                                       api::v1::BatchImportResponse* reply) {
  imports::BatchResult result;
  std::vector<Stated<CreditNoteLine>> stated;
  stated.reserve(request.rows_size());
  imports::TakeRows<v1::CreditNoteLineRow>(request.rows(), "line", result, [&](const v1::CreditNoteLineRow& row) {
    auto line = FromProto(row.line());
    absl::Status status = line.status();
    if (status.ok()) stated.push_back({row.row(), *std::move(line)});
    return status;
  });
  return ImportBilled(call, unit, store_.table(), partners_, request.import(), std::move(stated), std::move(result),
                      reply);
}

absl::StatusOr<int> CreditNoteService::Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id,
                                            int limit) {
  return UndoBilled(call, unit, store_.table(), import_id, limit);
}

events::RowSource CreditNoteService::Source() const {
  return store_.table().Source(v1::CreditNoteLine::descriptor()->full_name(),
                               [](const CreditNoteLine& line, events::Event* event) {
                                 event->name = NameOf(line);
                                 event->payload = ToProto(line).SerializeAsString();
                               });
}

}  // namespace tributary::inventory
