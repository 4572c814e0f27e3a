#include "partner-service/applications/application_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "common/ids/resource_name.h"
#include "common/imports/batch.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "partner-service/agreements/agreement_proto.h"
#include "partner-service/applications/application_proto.h"
#include "partner-service/bank_accounts/bank_account_proto.h"
#include "partner-service/contacts/contact_proto.h"
#include "partner-service/credit_lines/credit_line_proto.h"
#include "partner-service/documents/document_proto.h"
#include "partner-service/partners/partner_proto.h"
#include "partner-service/refusals/refusals.h"
#include "partner-service/relationships/relationship_proto.h"
#include "partner-service/territory_grants/territory_grant_proto.h"
#include "partner-service/webhooks/webhook_proto.h"

namespace tributary::partner {
namespace {

// Applications taken back in one transaction: each may bring a partner, agreements and grants with it.
constexpr int kUndoAtOnce = 500;

absl::StatusOr<std::string> IdOf(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "applications/{application}"));
  return std::move(ids.front());
}

absl::Status CheckHomeRegion(const Application& application, const std::vector<std::string>& missing) {
  if (std::find(missing.begin(), missing.end(), application.home_region) == missing.end()) return absl::OkStatus();
  return UnknownReference("home_region", application.home_region, "a region that is in use");
}

}  // namespace

void ApplicationService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.ApplicationService", this)
      .Unary("GetApplication", &ApplicationService::Get)
      .Unary("ListApplications", &ApplicationService::List)
      .Unary("CreateApplication", &ApplicationService::Create)
      .Unary("SubmitApplication", &ApplicationService::Submit)
      .Unary("ScreenApplication", &ApplicationService::Screen)
      .Unary("ApproveApplication", &ApplicationService::Approve)
      .Unary("RejectApplication", &ApplicationService::Reject)
      .Unary("WithdrawApplication", &ApplicationService::Withdraw)
      .Unary("ConvertApplication", &ApplicationService::Convert)
      .Unary("BatchImportApplications", &ApplicationService::BatchImport);
}

template <typename Request>
absl::StatusOr<Application> ApplicationService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const std::string id, IdOf(request.name()));
  ASSIGN_OR_RETURN(Application application, applications_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckEtag(application.name(), request.etag(), application.revision.version));
  return application;
}

absl::Status ApplicationService::Finish(rpc::Unit& unit, std::string_view verb, const Application& application,
                                        v1::Application* reply) const {
  RETURN_IF_ERROR(applications_.Update(unit.sql(), application));
  unit.Emit(Told(verb, application));
  *reply = ToProto(application);
  return absl::OkStatus();
}

absl::Status ApplicationService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetApplicationRequest& request,
                                     v1::Application* reply) {
  ASSIGN_OR_RETURN(const std::string id, IdOf(request.name()));
  ASSIGN_OR_RETURN(const Application application, applications_.Get(unit.sql(), id));
  *reply = ToProto(application);
  return absl::OkStatus();
}

absl::Status ApplicationService::List(const rpc::Call& call, rpc::Unit& unit,
                                      const v1::ListApplicationsRequest& request, v1::ListApplicationsResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, ApplicationStore::Fields(),
                                             request.show_deleted() ? "all" : "standing"));
  ASSIGN_OR_RETURN(std::vector<Application> applications, applications_.List(unit.sql(), page, request.show_deleted()));
  reply->set_next_page_token(page.Cut(&applications, [](const Application& last) { return std::vector{last.id}; }));
  for (const Application& application : applications) *reply->add_applications() = ToProto(application);
  return absl::OkStatus();
}

absl::Status ApplicationService::Create(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::CreateApplicationRequest& request, v1::Application* reply) {
  auto content = FromProto(request.application());
  if (!content.ok()) return AtField(content.status(), "application");
  Application application = *std::move(content);
  application.revision = Revision::First(call.now);
  application.id = request.application_id().empty() ? application.revision.uid.ToString() : request.application_id();
  RETURN_IF_ERROR(AtField(CheckTexts(application), "application"));
  if (!application.home_region.empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> missing, regions_.Missing(unit.sql(), {application.home_region}));
    RETURN_IF_ERROR(AtField(CheckHomeRegion(application, missing), "application"));
  }
  ASSIGN_OR_RETURN(application, applications_.Create(unit.sql(), application));
  unit.Emit(Told("created", application));
  *reply = ToProto(application);
  return absl::OkStatus();
}

absl::Status ApplicationService::Submit(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::SubmitApplicationRequest& request, v1::Application* reply) {
  ASSIGN_OR_RETURN(const Application application, Load(unit, request));
  ASSIGN_OR_RETURN(const Application submitted, partner::Submit(application, call.now));
  return Finish(unit, "submitted", submitted, reply);
}

absl::Status ApplicationService::Screen(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::ScreenApplicationRequest& request, v1::Application* reply) {
  ASSIGN_OR_RETURN(const Application application, Load(unit, request));
  bool region_in_use = false;
  if (!application.home_region.empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> missing, regions_.Missing(unit.sql(), {application.home_region}));
    region_in_use = missing.empty();
  }
  ASSIGN_OR_RETURN(const Application screened, partner::Screen(application, region_in_use, call.now));
  return Finish(unit, "screened", screened, reply);
}

absl::Status ApplicationService::Approve(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::ApproveApplicationRequest& request, v1::Application* reply) {
  ASSIGN_OR_RETURN(const Application application, Load(unit, request));
  ASSIGN_OR_RETURN(const Application approved, partner::Approve(application, call.now));
  return Finish(unit, "approved", approved, reply);
}

absl::Status ApplicationService::Reject(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::RejectApplicationRequest& request, v1::Application* reply) {
  ASSIGN_OR_RETURN(const Application application, Load(unit, request));
  ASSIGN_OR_RETURN(const Application rejected, partner::Reject(application, request.rejection_reason(), call.now));
  return Finish(unit, "rejected", rejected, reply);
}

absl::Status ApplicationService::Withdraw(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::WithdrawApplicationRequest& request, v1::Application* reply) {
  ASSIGN_OR_RETURN(const Application application, Load(unit, request));
  ASSIGN_OR_RETURN(const Application withdrawn, partner::Withdraw(application, call.now));
  return Finish(unit, "withdrawn", withdrawn, reply);
}

absl::Status ApplicationService::Convert(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::ConvertApplicationRequest& request, v1::Partner* reply) {
  ASSIGN_OR_RETURN(const Application application, Load(unit, request));
  ASSIGN_OR_RETURN(const Conversion conversion, partner::Convert(application, request.partner_id(), call.now));
  RETURN_IF_ERROR(applications_.Update(unit.sql(), conversion.application));
  ASSIGN_OR_RETURN(const Partner partner, partners_.Create(unit.sql(), conversion.partner));
  unit.Emit(Told("converted", conversion.application));
  unit.Emit(Told("created", partner));
  ToProto(partner, reply);
  return absl::OkStatus();
}

absl::Status ApplicationService::BatchImport(const rpc::Call& call, rpc::Unit& unit,
                                             const v1::BatchImportApplicationsRequest& request,
                                             api::v1::BatchImportResponse* reply) {
  ASSIGN_OR_RETURN(const auto import_id, imports::OpenImport(call, unit, request.import(), "applications"));
  const std::string brought_by = import_id.has_value() ? import_id->ToString() : "";

  imports::BatchResult result;
  struct Row {
    int64_t row;
    Application application;
  };
  std::vector<Row> rows;
  imports::TakeRows<v1::ApplicationRow>(request.rows(), "application", result,
                                        [&](const v1::ApplicationRow& row) -> absl::Status {
                                          ASSIGN_OR_RETURN(Application application, FromProto(row.application()));
                                          ASSIGN_OR_RETURN(application.id, IdOf(row.application().name()));
                                          RETURN_IF_ERROR(CheckTexts(application));
                                          rows.push_back({row.row(), std::move(application)});
                                          return absl::OkStatus();
                                        });

  std::vector<std::string_view> ids;
  absl::flat_hash_set<std::string> regions;
  for (const Row& row : rows) {
    ids.push_back(row.application.id);
    if (!row.application.home_region.empty()) regions.insert(row.application.home_region);
  }
  ASSIGN_OR_RETURN(auto known, applications_.GetAllForUpdate(unit.sql(), ids));
  ASSIGN_OR_RETURN(const std::vector<std::string> missing,
                   regions_.Missing(unit.sql(), {regions.begin(), regions.end()}));

  std::vector<Application> fresh;
  std::vector<Application> replacing;
  // The decision on one row: what is stored under its id, from the rows before it also.
  const auto arrive = [&](Application& application) -> absl::Status {
    const auto stored = known.find(application.id);
    ASSIGN_OR_RETURN(const ApplicationArrival arrival,
                     Arrive(stored == known.end() ? std::nullopt : std::optional(stored->second), application));
    if (arrival == ApplicationArrival::kAgain) {
      ++result.duplicate;
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(CheckHomeRegion(application, missing));
    application.state = ApplicationState::kSubmitted;
    application.revision = Revision::First(call.now);
    const bool replaces = arrival == ApplicationArrival::kReplacing;
    if (replaces) application.revision.version = stored->second.revision.version + 1;
    known.insert_or_assign(application.id, application);
    (replaces ? replacing : fresh).push_back(application);
    ++result.accepted;
    return absl::OkStatus();
  };
  for (Row& row : rows) {
    const absl::Status status = arrive(row.application);
    if (!status.ok()) result.Reject(imports::ErrorsOf(row.row, status));
  }

  RETURN_IF_ERROR(applications_.Import(unit.sql(), fresh, brought_by));
  RETURN_IF_ERROR(applications_.ImportOver(unit.sql(), replacing, brought_by));
  for (const Application& application : fresh) unit.Emit(Told("submitted", application));
  for (const Application& application : replacing) unit.Emit(Told("submitted", application));
  return imports::CloseBatch(call, unit, import_id, result, reply);
}

absl::StatusOr<int> ApplicationService::Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id,
                                             int limit) {
  ASSIGN_OR_RETURN(const std::vector<Application> applications,
                   applications_.BroughtBy(unit.sql(), import_id, std::min(limit, kUndoAtOnce)));
  for (const Application& application : applications) {
    const Application taken_back = TakeBack(application, call.now);
    RETURN_IF_ERROR(applications_.Update(unit.sql(), taken_back));
    unit.Emit(Told("withdrawn", taken_back));
    if (!application.partner.empty()) RETURN_IF_ERROR(TakeBackPartner(call, unit, application.partner));
  }
  return static_cast<int>(applications.size());
}

absl::Status ApplicationService::TakeBackPartner(const rpc::Call& call, rpc::Unit& unit, std::string_view name) const {
  const std::string_view id = PartnerOf(name);
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), id));
  const Partner taken_back = TakeBack(partner, call.now);
  RETURN_IF_ERROR(partners_.Update(unit.sql(), taken_back));
  RETURN_IF_ERROR(activity_.Record(unit.sql(), taken_back, call.now));
  unit.Emit(Told("terminated", taken_back));
  ASSIGN_OR_RETURN(const std::vector<Agreement> agreements, agreements_.OfPartner(unit.sql(), id));
  for (const Agreement& agreement : agreements) {
    if (agreement.undone) continue;
    const Agreement terminated = TakeBack(agreement, call.now);
    RETURN_IF_ERROR(agreements_.Update(unit.sql(), terminated));
    unit.Emit(Told("terminated", terminated));
  }
  ASSIGN_OR_RETURN(const std::vector<TerritoryGrant> grants, grants_.OfPartner(unit.sql(), id));
  for (const TerritoryGrant& grant : grants) {
    if (grant.undone) continue;
    const TerritoryGrant revoked = TakeBack(grant, call.now);
    RETURN_IF_ERROR(grants_.Update(unit.sql(), revoked));
    unit.Emit(Told("revoked", revoked));
  }
  ASSIGN_OR_RETURN(const std::vector<CreditLine> lines, credit_lines_.OfPartner(unit.sql(), id));
  for (const CreditLine& line : lines) {
    if (line.undone) continue;
    const CreditLine held = TakeBack(line, call.now);
    RETURN_IF_ERROR(credit_lines_.Update(unit.sql(), held));
    unit.Emit(Told("updated", held));
  }
  // What a new partner of this id must not come upon.
  ASSIGN_OR_RETURN(const std::vector<Document> documents, documents_.OfPartner(unit.sql(), id));
  for (const Document& document : documents) {
    const Document released = Release(document, call.now);
    RETURN_IF_ERROR(documents_.Update(unit.sql(), released));
    unit.Emit(Told("released", released));
  }
  ASSIGN_OR_RETURN(std::vector<Relationship> relationships, relationships_.OfPartner(unit.sql(), id));
  ASSIGN_OR_RETURN(std::vector<Relationship> of_others, relationships_.WithOther(unit.sql(), id));
  relationships.insert(relationships.end(), of_others.begin(), of_others.end());
  for (const Relationship& relationship : relationships) {
    RETURN_IF_ERROR(relationships_.Delete(unit.sql(), relationship));
    unit.Emit(Told("deleted", relationship));
  }
  ASSIGN_OR_RETURN(const std::vector<Contact> contacts, contacts_.OfPartner(unit.sql(), id));
  for (const Contact& contact : contacts) {
    RETURN_IF_ERROR(contacts_.Delete(unit.sql(), contact));
    RETURN_IF_ERROR(access_records_.Add(
        unit.sql(), RecordOf(AccessAction::kDeleted, contact.name(), call.identity->subject, call.now)));
    unit.Emit(Told("deleted", contact));
  }
  ASSIGN_OR_RETURN(const std::vector<BankAccount> accounts, bank_accounts_.OfPartner(unit.sql(), id));
  for (const BankAccount& account : accounts) {
    RETURN_IF_ERROR(bank_accounts_.Delete(unit.sql(), account));
    RETURN_IF_ERROR(access_records_.Add(
        unit.sql(), RecordOf(AccessAction::kDeleted, account.name(), call.identity->subject, call.now)));
    unit.Emit(Told("deleted", account));
  }
  ASSIGN_OR_RETURN(const std::vector<WebhookEndpoint> endpoints, webhooks_.DeleteAllOf(unit.sql(), id));
  for (const WebhookEndpoint& endpoint : endpoints) unit.Emit(Told("deleted", endpoint));
  return approvals_.WithdrawAllOf(call, unit, id);
}

}  // namespace tributary::partner
