#include "partner-service/contacts/contact_service.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "partner-service/contacts/contact_proto.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {
constexpr std::string_view kPattern = "partners/{partner}/contacts/{contact}";
}  // namespace

void ContactService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.ContactService", this)
      .Unary("GetContact", &ContactService::Get)
      .Unary("ListContacts", &ContactService::List)
      .Unary("CreateContact", &ContactService::Create)
      .Unary("UpdateContact", &ContactService::Update)
      .Unary("DeleteContact", &ContactService::Delete)
      .Unary("RevealContact", &ContactService::Reveal);
}

absl::Status ContactService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetContactRequest& request,
                                 v1::Contact* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Contact contact, contacts_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(contact);
  return absl::OkStatus();
}

absl::Status ContactService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListContactsRequest& request,
                                  v1::ListContactsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, ContactStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<Contact> contacts, contacts_.List(unit.sql(), partner_id, page));
  reply->set_next_page_token(page.Cut(&contacts, [](const Contact& last) {
    return std::vector{last.partner_id, last.id};
  }));
  for (const Contact& contact : contacts) *reply->add_contacts() = ToProto(contact);
  return absl::OkStatus();
}

absl::Status ContactService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateContactRequest& request,
                                    v1::Contact* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), ids.front()));
  RETURN_IF_ERROR(CheckOpen(partner, "createContact"));
  Contact contact = FromProto(request.contact());
  contact.revision = Revision::First(call.now);
  contact.partner_id = partner.id;
  contact.id = request.contact_id().empty() ? contact.revision.uid.ToString() : request.contact_id();
  RETURN_IF_ERROR(AtField(CheckContact(contact), "contact"));
  RETURN_IF_ERROR(contacts_.Create(unit.sql(), contact));
  RETURN_IF_ERROR(
      records_.Add(unit.sql(), RecordOf(AccessAction::kCreated, contact.name(), call.identity->subject, call.now)));
  unit.Emit(Told("created", contact));
  *reply = Pseudonymous(contact);
  return absl::OkStatus();
}

absl::Status ContactService::Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateContactRequest& request,
                                    v1::Contact* reply) {
  static const std::vector<std::string_view> kMayChange = {"display_name", "function", "email", "phone"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.contact().name(), kPattern, "contact.name"));
  ASSIGN_OR_RETURN(const Contact contact, contacts_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(contact.name(), request.contact().etag(), contact.revision.version));
  v1::Contact merged = Whole(contact);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.contact(), &merged, kMayChange));
  const auto changed = Change(contact, FromProto(merged), call.now);
  if (!changed.ok()) return AtField(changed.status(), "contact");
  RETURN_IF_ERROR(contacts_.Update(unit.sql(), *changed));
  RETURN_IF_ERROR(records_.Add(unit.sql(), RecordOf(AccessAction::kUpdated, contact.name(), call.identity->subject,
                                                    call.now, FieldsThatDiffer(contact, *changed))));
  unit.Emit(Told("updated", *changed));
  *reply = Pseudonymous(*changed);
  return absl::OkStatus();
}

absl::Status ContactService::Delete(const rpc::Call& call, rpc::Unit& unit, const v1::DeleteContactRequest& request,
                                    google::protobuf::Empty*) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Contact contact, contacts_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(contact.name(), request.etag(), contact.revision.version));
  RETURN_IF_ERROR(contacts_.Delete(unit.sql(), contact));
  RETURN_IF_ERROR(
      records_.Add(unit.sql(), RecordOf(AccessAction::kDeleted, contact.name(), call.identity->subject, call.now)));
  unit.Emit(Told("deleted", contact));
  return absl::OkStatus();
}

absl::Status ContactService::Reveal(const rpc::Call& call, rpc::Unit&, const v1::RevealContactRequest& request,
                                    v1::RevealContactResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  std::vector<FieldViolation> violations;
  CheckOneLine("purpose", request.purpose(), &violations);
  RETURN_IF_ERROR(AllOf(std::move(violations)));
  Contact contact;
  RETURN_IF_ERROR(database_.Transact({.deadline = call.deadline}, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(contact, contacts_.Get(sql, ids[0], ids[1]));
    return records_.Add(sql, RecordOf(AccessAction::kRevealed, contact.name(), call.identity->subject, call.now,
                                      {"email", "phone"}, request.purpose()));
  }));
  reply->set_email(contact.email);
  reply->set_phone(contact.phone);
  return absl::OkStatus();
}

}  // namespace tributary::partner
