#include "partner-service/applications/application_service.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "common/ids/resource_name.h"
#include "common/imports/batch.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/time/today.h"
#include "partner-service/agreements/agreement_proto.h"
#include "partner-service/applications/application_proto.h"
#include "partner-service/applications/screener.h"
#include "partner-service/bank_accounts/bank_account_proto.h"
#include "partner-service/contacts/contact_proto.h"
#include "partner-service/credit_lines/credit_line_proto.h"
#include "partner-service/documents/document_proto.h"
#include "partner-service/partners/partner_asked.h"
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

absl::Status UnknownRegion(const Application& application) {
  return UnknownReference("home_region", application.home_region, "a region that is in use");
}

// A row has no words for whose it is and what proves it.
absl::Status CheckRow(const Application& application) {
  std::vector<FieldViolation> violations;
  if (!application.prospect.empty()) violations.push_back({"prospect", application.prospect, "none in an import"});
  if (!application.documents.empty()) {
    violations.push_back({"documents", StrCat(application.documents.size()), "none in an import"});
  }
  return AllOf(std::move(violations));
}

// To whom an answer goes.
Viewer ViewerOf(const rpc::Call& call) { return call.identity->IsPartnerUser() ? Viewer::kApplicant : Viewer::kVendor; }

v1::Application Shown(const rpc::Call& call, const Application& application) {
  return ToProto(application, UtcToday(call.now), ViewerOf(call));
}

}  // namespace

void ApplicationService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.ApplicationService", this)
      .Unary("GetApplication", &ApplicationService::Get)
      .Unary("ListApplications", &ApplicationService::List)
      .Unary("CreateApplication", &ApplicationService::Create)
      .Unary("UpdateApplication", &ApplicationService::Update)
      .Unary("SubmitApplication", &ApplicationService::Submit)
      .Unary("ScreenApplication", &ApplicationService::Screen)
      .Unary("BatchScreenApplications", &ApplicationService::BatchScreen)
      .Unary("RequestApplicationInfo", &ApplicationService::RequestInfo)
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

template <typename Request>
absl::StatusOr<Application> ApplicationService::LoadOwn(const rpc::Call& call, rpc::Unit& unit,
                                                        const Request& request) const {
  ASSIGN_OR_RETURN(const std::string asked, PartnerAsked(call, request.partner()));
  ASSIGN_OR_RETURN(const std::string id, IdOf(request.name()));
  ASSIGN_OR_RETURN(Application application, applications_.GetForUpdate(unit.sql(), id));
  RETURN_IF_ERROR(CheckSeen(application, asked));
  RETURN_IF_ERROR(CheckEtag(application.name(), request.etag(), application.revision.version));
  return application;
}

absl::Status ApplicationService::Finish(const rpc::Call& call, rpc::Unit& unit, std::string_view verb,
                                        const Application& application, v1::Application* reply) const {
  RETURN_IF_ERROR(applications_.Update(unit.sql(), application));
  unit.Emit(Told(verb, application));
  *reply = Shown(call, application);
  return absl::OkStatus();
}

absl::Status ApplicationService::CheckHomeRegion(rpc::Unit& unit, const Application& application,
                                                 const Application* before) const {
  if (application.home_region.empty()) return absl::OkStatus();
  if (before != nullptr && before->home_region == application.home_region) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::vector<std::string> missing, regions_.Missing(unit.sql(), {application.home_region}));
  return missing.empty() ? absl::OkStatus() : UnknownRegion(application);
}

absl::StatusOr<std::vector<DocumentKind>> ApplicationService::AskedFor(rpc::Unit& unit,
                                                                       const Application& application) const {
  if (application.channel.empty()) return std::vector<DocumentKind>();
  ASSIGN_OR_RETURN(const std::optional<Channel> channel, channels_.HoldParent(unit.sql(), application.channel));
  if (!channel.has_value()) return UnknownReference("channel", application.channel, "a channel that there is");
  return channel->required_documents;
}

absl::Status ApplicationService::Resolve(rpc::Unit& unit, Application* application) const {
  std::vector<FieldViolation> unknown;
  for (size_t i = 0; i < application->documents.size(); ++i) {
    ApplicationDocument& one = application->documents[i];
    const auto document = documents_.Get(unit.sql(), one.document_id, "");
    if (absl::IsNotFound(document.status()) ||
        (document.ok() && !document->owner_id.empty() && document->owner() != application->prospect)) {
      // Another partner's document is answered as one that is not there.
      unknown.push_back({StrCat("documents[", i, "].document"), one.document(),
                         "a document of the prospect's, or one of the vendor's own"});
      continue;
    }
    RETURN_IF_ERROR(document.status());
    one = {.document_id = document->id,
           .kind = document->kind,
           .sha256 = document->sha256,
           .expires_on = document->expires_on};
  }
  return unknown.empty() ? absl::OkStatus() : UnknownReferences(std::move(unknown));
}

absl::Status ApplicationService::Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetApplicationRequest& request,
                                     v1::Application* reply) {
  ASSIGN_OR_RETURN(const std::string asked, PartnerAsked(call, request.partner()));
  ASSIGN_OR_RETURN(const std::string id, IdOf(request.name()));
  ASSIGN_OR_RETURN(const Application application, applications_.Get(unit.sql(), id));
  RETURN_IF_ERROR(CheckSeen(application, asked));
  *reply = Shown(call, application);
  return absl::OkStatus();
}

absl::Status ApplicationService::List(const rpc::Call& call, rpc::Unit& unit,
                                      const v1::ListApplicationsRequest& request, v1::ListApplicationsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string asked, PartnerAsked(call, request.partner()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, ApplicationStore::Fields(),
                                             StrCat(request.show_deleted() ? "all " : "standing ", asked)));
  ASSIGN_OR_RETURN(
      std::vector<Application> applications,
      applications_.List(unit.sql(), asked.empty() ? "" : StrCat("partners/", asked), page, request.show_deleted()));
  reply->set_next_page_token(page.Cut(&applications, [](const Application& last) { return std::vector{last.id}; }));
  for (const Application& application : applications) *reply->add_applications() = Shown(call, application);
  return absl::OkStatus();
}

absl::Status ApplicationService::Create(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::CreateApplicationRequest& request, v1::Application* reply) {
  const bool by_applicant = call.identity->IsPartnerUser();
  // All applications have one space of ids: what a partner may choose would tell it which ones others have.
  if (by_applicant && !request.application_id().empty()) {
    return InvalidField("application_id", request.application_id(),
                        "none: the id of a partner's application is made up");
  }
  auto content = FromProto(request.application());
  if (!content.ok()) return AtField(content.status(), "application");
  Application application = *std::move(content);
  if (by_applicant && !application.reviewer.empty()) {
    return InvalidField("application.reviewer", application.reviewer, "none: the vendor names who reviews");
  }
  application.created_by = call.identity->subject;
  application.revision = Revision::First(call.now);
  application.id = request.application_id().empty() ? application.revision.uid.ToString() : request.application_id();
  RETURN_IF_ERROR(AtField(CheckTexts(application), "application"));
  RETURN_IF_ERROR(AtField(CheckHomeRegion(unit, application, nullptr), "application"));
  RETURN_IF_ERROR(AtField(AskedFor(unit, application).status(), "application"));
  if (!application.prospect.empty()) {
    const auto prospect = partners_.Get(unit.sql(), PartnerOf(application.prospect));
    if (absl::IsNotFound(prospect.status())) {
      return UnknownReference("application.prospect", application.prospect, "a partner that there is");
    }
    RETURN_IF_ERROR(prospect.status());
    if (prospect->state != PartnerState::kProspect) {
      return WrongState(prospect->name(), "apply", NameOf(prospect->state), "PROSPECT");
    }
  }
  RETURN_IF_ERROR(AtField(Resolve(unit, &application), "application"));
  ASSIGN_OR_RETURN(application, applications_.Create(unit.sql(), application));
  unit.Emit(Told("created", application));
  *reply = Shown(call, application);
  return absl::OkStatus();
}

absl::Status ApplicationService::Update(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::UpdateApplicationRequest& request, v1::Application* reply) {
  std::vector<std::string_view> may_change = {"legal_name", "trade_names", "kind",         "tax_id",    "home_region",
                                              "currency",   "address",     "annual_sales", "employees", "year_opened",
                                              "channel",    "references",  "documents"};
  if (!call.identity->IsPartnerUser()) may_change.push_back("reviewer");
  ASSIGN_OR_RETURN(const std::string asked, PartnerAsked(call, request.partner()));
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.application().name(), "applications/{application}", "application.name"));
  ASSIGN_OR_RETURN(const Application application, applications_.GetForUpdate(unit.sql(), ids.front()));
  RETURN_IF_ERROR(CheckSeen(application, asked));
  RETURN_IF_ERROR(CheckEtag(application.name(), request.application().etag(), application.revision.version));
  v1::Application merged = ToProto(application, UtcToday(call.now), Viewer::kVendor);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.application(), &merged, may_change));
  auto content = FromProto(merged);
  if (!content.ok()) return AtField(content.status(), "application");
  RETURN_IF_ERROR(AtField(Resolve(unit, &*content), "application"));
  const auto changed = Change(application, *content, call.now);
  if (!changed.ok()) return AtField(changed.status(), "application");
  RETURN_IF_ERROR(AtField(CheckHomeRegion(unit, *changed, &application), "application"));
  if (changed->channel != application.channel) {
    RETURN_IF_ERROR(AtField(AskedFor(unit, *changed).status(), "application"));
  }
  return Finish(call, unit, "updated", *changed, reply);
}

absl::Status ApplicationService::Submit(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::SubmitApplicationRequest& request, v1::Application* reply) {
  ASSIGN_OR_RETURN(const Application application, LoadOwn(call, unit, request));
  ASSIGN_OR_RETURN(const std::vector<DocumentKind> asked_for, AskedFor(unit, application));
  ASSIGN_OR_RETURN(const Application submitted, partner::Submit(application, asked_for, call.now));
  return Finish(call, unit, "submitted", submitted, reply);
}

absl::Status ApplicationService::Screen(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::ScreenApplicationRequest& request, v1::Application* reply) {
  RETURN_IF_ERROR(CheckCriteriaVersion(request.criteria_version()));
  RETURN_IF_ERROR(look_alikes_.CatchUp());
  ASSIGN_OR_RETURN(Application application, Load(unit, request));
  std::vector<Application> one = {std::move(application)};
  RETURN_IF_ERROR(ScreenApplications(call, unit, look_alikes_, request.criteria_version(), &one));
  *reply = Shown(call, one.front());
  return absl::OkStatus();
}

absl::Status ApplicationService::BatchScreen(const rpc::Call& call, rpc::Unit& unit,
                                             const v1::BatchScreenApplicationsRequest& request,
                                             v1::BatchScreenApplicationsResponse* reply) {
  RETURN_IF_ERROR(CheckCriteriaVersion(request.criteria_version()));
  std::vector<std::string> ids;
  absl::flat_hash_set<std::string_view> seen;
  for (int i = 0; i < request.names_size(); ++i) {
    ASSIGN_OR_RETURN(std::vector<std::string> parts,
                     ParseResourceName(request.names(i), "applications/{application}", StrCat("names[", i, "]")));
    if (!seen.insert(request.names(i)).second) {
      return InvalidField(StrCat("names[", i, "]"), request.names(i), "each application once");
    }
    ids.push_back(std::move(parts.front()));
  }
  RETURN_IF_ERROR(look_alikes_.CatchUp());
  ASSIGN_OR_RETURN(auto known, applications_.GetAllForUpdate(unit.sql(), {ids.begin(), ids.end()}));
  std::vector<Application> applications;
  applications.reserve(ids.size());
  for (const std::string& id : ids) {
    const auto found = known.find(id);
    if (found == known.end()) return NotFound(StrCat("applications/", id));
    applications.push_back(std::move(found->second));
  }
  RETURN_IF_ERROR(ScreenApplications(call, unit, look_alikes_, request.criteria_version(), &applications));
  for (const Application& application : applications) *reply->add_screened() = ScreenedOf(application);
  reply->set_criteria_version(applications.front().screening->criteria_version);
  return absl::OkStatus();
}

absl::Status ApplicationService::RequestInfo(const rpc::Call& call, rpc::Unit& unit,
                                             const v1::RequestApplicationInfoRequest& request, v1::Application* reply) {
  ASSIGN_OR_RETURN(const Application application, Load(unit, request));
  ASSIGN_OR_RETURN(std::vector<DocumentKind> kinds, KindsFromProto(request.document_kinds(), "document_kinds"));
  const InfoRequest asked{.text = request.text(), .kinds = std::move(kinds), .asked_by = call.identity->subject};
  ASSIGN_OR_RETURN(const Application waiting, partner::RequestInfo(application, asked, call.now));
  return Finish(call, unit, "infoRequested", waiting, reply);
}

absl::Status ApplicationService::Approve(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::ApproveApplicationRequest& request, v1::Application* reply) {
  ASSIGN_OR_RETURN(const Application application, Load(unit, request));
  ASSIGN_OR_RETURN(const Application approved, partner::Approve(application, call.identity->subject, call.now));
  return Finish(call, unit, "approved", approved, reply);
}

absl::Status ApplicationService::Reject(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::RejectApplicationRequest& request, v1::Application* reply) {
  ASSIGN_OR_RETURN(const Application application, Load(unit, request));
  ASSIGN_OR_RETURN(const Application rejected,
                   partner::Reject(application, request.rejection_reason(), call.identity->subject, call.now));
  return Finish(call, unit, "rejected", rejected, reply);
}

absl::Status ApplicationService::Withdraw(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::WithdrawApplicationRequest& request, v1::Application* reply) {
  ASSIGN_OR_RETURN(const Application application, LoadOwn(call, unit, request));
  ASSIGN_OR_RETURN(const Application withdrawn, partner::Withdraw(application, call.now));
  return Finish(call, unit, "withdrawn", withdrawn, reply);
}

absl::Status ApplicationService::Convert(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::ConvertApplicationRequest& request, v1::Partner* reply) {
  ASSIGN_OR_RETURN(const Application application, Load(unit, request));
  // The partner will name the channel, which stays until then.
  RETURN_IF_ERROR(AskedFor(unit, application).status());
  Conversion conversion;
  if (application.prospect.empty()) {
    ASSIGN_OR_RETURN(conversion, partner::Convert(application, request.partner_id(), call.now));
    ASSIGN_OR_RETURN(conversion.partner, partners_.Create(unit.sql(), conversion.partner));
  } else {
    ASSIGN_OR_RETURN(const Partner prospect, partners_.GetForUpdate(unit.sql(), PartnerOf(application.prospect)));
    ASSIGN_OR_RETURN(conversion, partner::Convert(application, prospect, request.partner_id(), call.now));
    RETURN_IF_ERROR(partners_.Update(unit.sql(), conversion.partner));
  }
  RETURN_IF_ERROR(applications_.Update(unit.sql(), conversion.application));
  unit.Emit(Told("converted", conversion.application));
  unit.Emit(Told(application.prospect.empty() ? "created" : "updated", conversion.partner));
  ToProto(conversion.partner, reply);
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
                                          RETURN_IF_ERROR(CheckRow(application));
                                          application.created_by = call.identity->subject;
                                          RETURN_IF_ERROR(CheckTexts(application));
                                          rows.push_back({row.row(), std::move(application)});
                                          return absl::OkStatus();
                                        });

  std::vector<std::string_view> ids;
  absl::flat_hash_set<std::string> regions;
  std::map<std::string, std::optional<Channel>> channels;  // held in the order of their names
  for (const Row& row : rows) {
    ids.push_back(row.application.id);
    if (!row.application.home_region.empty()) regions.insert(row.application.home_region);
    if (!row.application.channel.empty()) channels.emplace(row.application.channel, std::nullopt);
  }
  for (auto& [name, channel] : channels) {
    ASSIGN_OR_RETURN(channel, channels_.HoldParent(unit.sql(), name));
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
    if (std::find(missing.begin(), missing.end(), application.home_region) != missing.end()) {
      return UnknownRegion(application);
    }
    std::vector<DocumentKind> asked_for;
    if (!application.channel.empty()) {
      const std::optional<Channel>& channel = channels.at(application.channel);
      if (!channel.has_value()) return UnknownReference("channel", application.channel, "a channel that there is");
      asked_for = channel->required_documents;
    }
    ASSIGN_OR_RETURN(application, partner::Submit(application, asked_for, call.now));
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
    RETURN_IF_ERROR(relationships_.Delete(unit.sql(), relationship, call.now));
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
