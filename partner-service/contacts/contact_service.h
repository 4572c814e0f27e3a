#pragma once

#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "google/protobuf/empty.pb.h"
#include "partner-service/access_records/access_record_store.h"
#include "partner-service/contacts/contact_store.h"
#include "partner-service/partners/partner_store.h"
#include "tributary/partner/v1/contact.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.ContactService.
class ContactService {
 public:
  // Both outlive the service.
  ContactService(mysql::Database& database, const PageTokens& tokens) : database_(database), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetContactRequest& request, v1::Contact* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListContactsRequest& request,
                    v1::ListContactsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateContactRequest& request,
                      v1::Contact* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateContactRequest& request,
                      v1::Contact* reply);
  absl::Status Delete(const rpc::Call& call, rpc::Unit& unit, const v1::DeleteContactRequest& request,
                      google::protobuf::Empty* reply);
  // A read to its caller; its record is written by a transaction of its own, and where that fails nothing is shown.
  absl::Status Reveal(const rpc::Call& call, rpc::Unit& unit, const v1::RevealContactRequest& request,
                      v1::RevealContactResponse* reply);

 private:
  mysql::Database& database_;
  const PageTokens& tokens_;
  ContactStore contacts_;
  AccessRecordStore records_;
  PartnerStore partners_;
};

}  // namespace tributary::partner
