#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/paging/page_token.h"
#include "common/rpc/call.h"
#include "partner-service/access_records/access_record_store.h"
#include "partner-service/agreements/agreement_store.h"
#include "partner-service/applications/application_store.h"
#include "partner-service/applications/screener.h"
#include "partner-service/approvals/approvals.h"
#include "partner-service/bank_accounts/bank_account_store.h"
#include "partner-service/channels/channel_store.h"
#include "partner-service/contacts/contact_store.h"
#include "partner-service/credit_lines/credit_line_store.h"
#include "partner-service/documents/document_store.h"
#include "partner-service/partners/partner_activity_store.h"
#include "partner-service/partners/partner_store.h"
#include "partner-service/regions/region_store.h"
#include "partner-service/relationships/relationship_store.h"
#include "partner-service/territory_grants/territory_grant_store.h"
#include "partner-service/webhooks/webhook_store.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/partner/v1/application.pb.h"

namespace tributary::rpc {
class Server;
}

namespace tributary::partner {

// Serves tributary.partner.v1.ApplicationService.
class ApplicationService {
 public:
  // All outlive the service.
  ApplicationService(const LookAlikes& look_alikes, const PageTokens& tokens)
      : look_alikes_(look_alikes), tokens_(tokens) {}
  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetApplicationRequest& request,
                   v1::Application* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListApplicationsRequest& request,
                    v1::ListApplicationsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateApplicationRequest& request,
                      v1::Application* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateApplicationRequest& request,
                      v1::Application* reply);
  absl::Status Submit(const rpc::Call& call, rpc::Unit& unit, const v1::SubmitApplicationRequest& request,
                      v1::Application* reply);
  absl::Status Screen(const rpc::Call& call, rpc::Unit& unit, const v1::ScreenApplicationRequest& request,
                      v1::Application* reply);
  absl::Status BatchScreen(const rpc::Call& call, rpc::Unit& unit, const v1::BatchScreenApplicationsRequest& request,
                           v1::BatchScreenApplicationsResponse* reply);
  absl::Status RequestInfo(const rpc::Call& call, rpc::Unit& unit, const v1::RequestApplicationInfoRequest& request,
                           v1::Application* reply);
  absl::Status Approve(const rpc::Call& call, rpc::Unit& unit, const v1::ApproveApplicationRequest& request,
                       v1::Application* reply);
  absl::Status Reject(const rpc::Call& call, rpc::Unit& unit, const v1::RejectApplicationRequest& request,
                      v1::Application* reply);
  absl::Status Withdraw(const rpc::Call& call, rpc::Unit& unit, const v1::WithdrawApplicationRequest& request,
                        v1::Application* reply);
  absl::Status Convert(const rpc::Call& call, rpc::Unit& unit, const v1::ConvertApplicationRequest& request,
                       v1::Partner* reply);
  absl::Status BatchImport(const rpc::Call& call, rpc::Unit& unit, const v1::BatchImportApplicationsRequest& request,
                           api::v1::BatchImportResponse* reply);

  // Takes back up to `limit` applications that the import brought, with the partners made of them and what these hold;
  // how many applications (imports::Undo).
  absl::StatusOr<int> Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id, int limit);

 private:
  // The application that a verb is about, locked, with the etag that the caller wants.
  template <typename Request>
  absl::StatusOr<Application> Load(rpc::Unit& unit, const Request& request) const;
  // The same of those that the caller may see.
  template <typename Request>
  absl::StatusOr<Application> LoadOwn(const rpc::Call& call, rpc::Unit& unit, const Request& request) const;
  // The end of every verb: store, tell, reply.
  absl::Status Finish(const rpc::Call& call, rpc::Unit& unit, std::string_view verb, const Application& application,
                      v1::Application* reply) const;
  // REFERENCE_NOT_FOUND where its region is another one than `before` has (which may be null), and not in use.
  absl::Status CheckHomeRegion(rpc::Unit& unit, const Application& application, const Application* before) const;
  // The kinds that its channel wants; REFERENCE_NOT_FOUND where there is no such channel. It stays until COMMIT.
  absl::StatusOr<std::vector<DocumentKind>> AskedFor(rpc::Unit& unit, const Application& application) const;
  // Fills in what its documents are; REFERENCE_NOT_FOUND where one is not there or is another partner's.
  absl::Status Resolve(rpc::Unit& unit, Application* application) const;
  absl::Status TakeBackPartner(const rpc::Call& call, rpc::Unit& unit, std::string_view name) const;

  const LookAlikes look_alikes_;
  const PageTokens& tokens_;
  ApplicationStore applications_;
  PartnerStore partners_;
  PartnerActivityStore activity_;
  AgreementStore agreements_;
  TerritoryGrantStore grants_;
  CreditLineStore credit_lines_;
  DocumentStore documents_;
  RelationshipStore relationships_;
  ContactStore contacts_;
  BankAccountStore bank_accounts_;
  Approvals approvals_;
  AccessRecordStore access_records_;
  WebhookStore webhooks_;
  RegionStore regions_;
  ChannelStore channels_;
};

}  // namespace tributary::partner
