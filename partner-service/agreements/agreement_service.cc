#include "partner-service/agreements/agreement_service.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "partner-service/agreements/agreement_proto.h"
#include "partner-service/agreements/renewal.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kPattern = "partners/{partner}/agreements/{agreement}";

// partners/{partner}/agreements/{agreement}, or with @{revision}.
struct RevisionName {
  std::string partner_id;
  std::string id;
  std::optional<int64_t> version;
};
absl::StatusOr<RevisionName> ParseName(std::string_view name) {
  const size_t at = name.rfind('@');
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(name.substr(0, at), kPattern));
  RevisionName parsed{ids[0], ids[1], std::nullopt};
  if (at == std::string_view::npos) return parsed;
  int64_t version = 0;
  if (!absl::SimpleAtoi(Abseil(name.substr(at + 1)), &version) || version < 1) {
    return InvalidField("name", name, StrCat(kPattern, "@{revision}, the last a number from 1"));
  }
  parsed.version = version;
  return parsed;
}

AgreementSide SideOf(const rpc::Call& call) {
  return call.identity->partner.empty() ? AgreementSide::kVendor : AgreementSide::kPartner;
}

// `date` of a request where it has one.
absl::StatusOr<std::optional<Date>> DayOf(bool has, const google::type::Date& date, std::string_view field) {
  if (!has) return std::nullopt;
  const auto day = wire::FromProto(date);
  if (!day.ok()) return AtField(day.status(), field);
  return *day;
}

}  // namespace

void AgreementService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.AgreementService", this)
      .Unary("GetAgreement", &AgreementService::Get)
      .Unary("ListAgreements", &AgreementService::List)
      .Unary("ListAgreementRevisions", &AgreementService::ListRevisions)
      .Unary("CreateAgreement", &AgreementService::Create)
      .Unary("ProposeAgreement", &AgreementService::Propose)
      .Unary("SignAgreement", &AgreementService::Sign)
      .Unary("RenewAgreement", &AgreementService::Renew)
      .Unary("TerminateAgreement", &AgreementService::Terminate);
}

template <typename Request>
absl::StatusOr<AgreementService::Loaded> AgreementService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  // Nothing is below a partner that is not there; what is asked for is then what is missing.
  auto partner = partners_.GetForUpdate(unit.sql(), ids[0]);
  if (ReasonOf(partner.status()) == Reason::kNotFound) return NotFound(request.name());
  RETURN_IF_ERROR(partner.status());
  ASSIGN_OR_RETURN(Agreement agreement, agreements_.GetForUpdate(unit.sql(), ids[0], ids[1]));
  RETURN_IF_ERROR(CheckEtag(agreement.name(), request.etag(), agreement.revision.version));
  return Loaded{*std::move(partner), std::move(agreement)};
}

absl::Status AgreementService::CheckRegions(rpc::Unit& unit, const Agreement& agreement, std::string_view field) const {
  if (!agreement.terms.has_value()) return absl::OkStatus();
  const std::vector<std::string>& regions = agreement.terms->regions;
  ASSIGN_OR_RETURN(const std::vector<std::string> missing, regions_.Missing(unit.sql(), regions));
  std::vector<FieldViolation> violations;
  for (size_t i = 0; i < regions.size(); ++i) {
    if (std::find(missing.begin(), missing.end(), regions[i]) == missing.end()) continue;
    violations.push_back({StrCat(field, ".regions[", i, "]"), regions[i], "a region that is in use"});
  }
  return violations.empty() ? absl::OkStatus() : UnknownReferences(std::move(violations));
}

absl::Status AgreementService::Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetAgreementRequest& request,
                                   v1::Agreement* reply) {
  ASSIGN_OR_RETURN(const RevisionName name, ParseName(request.name()));
  ASSIGN_OR_RETURN(const AsOf as_of, AsOfOf(request, call.now));
  if (!name.version.has_value()) {
    ASSIGN_OR_RETURN(const Agreement agreement, agreements_.Get(unit.sql(), name.partner_id, name.id, as_of));
    *reply = ToProto(agreement);
    return absl::OkStatus();
  }
  if (as_of.day.has_value()) return InvalidField("as_of_date", as_of.day->ToString(), "none for a revision");
  if (as_of.known.has_value()) return InvalidField("known_time", "a moment", "none for a revision");
  ASSIGN_OR_RETURN(const Agreement revision,
                   agreements_.GetRevision(unit.sql(), name.partner_id, name.id, *name.version));
  *reply = ToRevisionProto(revision);
  return absl::OkStatus();
}

absl::Status AgreementService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListAgreementsRequest& request,
                                    v1::ListAgreementsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner_id, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const AsOf as_of, AsOfOf(request, call.now));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, AgreementStore::Fields(),
                                             StrCat(request.parent(), " ", as_of.ToString())));
  ASSIGN_OR_RETURN(std::vector<Agreement> agreements, agreements_.List(unit.sql(), partner_id, page, as_of));
  reply->set_next_page_token(page.Cut(&agreements, [](const Agreement& last) {
    return std::vector{last.partner_id, last.id};
  }));
  for (const Agreement& agreement : agreements) *reply->add_agreements() = ToProto(agreement);
  return absl::OkStatus();
}

absl::Status AgreementService::ListRevisions(const rpc::Call& call, rpc::Unit& unit,
                                             const v1::ListAgreementRevisionsRequest& request,
                                             v1::ListAgreementRevisionsResponse* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.parent(), kPattern, "parent"));
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, {}, request.parent()));
  RETURN_IF_ERROR(agreements_.Get(unit.sql(), ids[0], ids[1]).status());
  ASSIGN_OR_RETURN(std::vector<Agreement> revisions, agreements_.ListRevisions(unit.sql(), ids[0], ids[1], page));
  reply->set_next_page_token(
      page.Cut(&revisions, [](const Agreement& last) { return std::vector{StrCat(last.revision.version)}; }));
  for (const Agreement& revision : revisions) *reply->add_agreements() = ToRevisionProto(revision);
  return absl::OkStatus();
}

absl::Status AgreementService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreateAgreementRequest& request,
                                      v1::Agreement* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), ids.front()));
  RETURN_IF_ERROR(CheckOpen(partner, "createAgreement"));
  auto content = FromProto(request.agreement());
  if (!content.ok()) return AtField(content.status(), "agreement");
  RETURN_IF_ERROR(AtField(CheckTerms(*content), "agreement"));
  RETURN_IF_ERROR(CheckRegions(unit, *content, "agreement.terms"));
  Agreement agreement = *std::move(content);
  agreement.revision = Revision::First(call.now);
  agreement.partner_id = partner.id;
  agreement.id = request.agreement_id().empty() ? agreement.revision.uid.ToString() : request.agreement_id();
  agreement = Written(std::move(agreement), partner.legal_name);
  ASSIGN_OR_RETURN(agreement, agreements_.Create(unit.sql(), agreement));
  unit.Emit(Told("created", agreement));
  *reply = ToProto(agreement);
  return absl::OkStatus();
}

absl::Status AgreementService::Propose(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ProposeAgreementRequest& request, v1::Agreement* reply) {
  ASSIGN_OR_RETURN(const Loaded loaded, Load(unit, request));
  RETURN_IF_ERROR(CheckOpen(loaded.partner, "proposeAgreement"));
  ASSIGN_OR_RETURN(const Agreement proposed, partner::Propose(loaded.agreement, call.now));
  RETURN_IF_ERROR(agreements_.Update(unit.sql(), proposed));
  unit.Emit(Told("proposed", proposed));
  *reply = ToProto(proposed);
  return absl::OkStatus();
}

absl::Status AgreementService::Sign(const rpc::Call& call, rpc::Unit& unit, const v1::SignAgreementRequest& request,
                                    v1::Agreement* reply) {
  ASSIGN_OR_RETURN(const Loaded loaded, Load(unit, request));
  RETURN_IF_ERROR(CheckOpen(loaded.partner, "signAgreement"));
  ASSIGN_OR_RETURN(const Agreement signed_by, partner::Sign(loaded.agreement, request.text_sha256(),
                                                            call.identity->subject, SideOf(call), call.now));
  RETURN_IF_ERROR(agreements_.Update(unit.sql(), signed_by));
  unit.Emit(Told("signed", signed_by));
  if (signed_by.binding && !loaded.agreement.binding && !signed_by.predecessor.empty()) {
    ASSIGN_OR_RETURN(const Agreement predecessor,
                     agreements_.GetForUpdate(unit.sql(), signed_by.partner_id, signed_by.predecessor));
    ASSIGN_OR_RETURN(const Agreement ended, Succeed(predecessor, signed_by, call.now));
    RETURN_IF_ERROR(agreements_.Update(unit.sql(), ended));
    unit.Emit(Told("renewed", ended));
  }
  *reply = ToProto(signed_by);
  return absl::OkStatus();
}

absl::Status AgreementService::Renew(const rpc::Call& call, rpc::Unit& unit, const v1::RenewAgreementRequest& request,
                                     v1::Agreement* reply) {
  ASSIGN_OR_RETURN(const Loaded loaded, Load(unit, request));
  RETURN_IF_ERROR(CheckOpen(loaded.partner, "renewAgreement"));
  ASSIGN_OR_RETURN(const std::vector<Agreement> others, agreements_.OfPartner(unit.sql(), loaded.partner.id));
  Renewal renewal{.id = request.agreement_id(), .text = request.text()};
  ASSIGN_OR_RETURN(renewal.from, DayOf(request.has_effective_from(), request.effective_from(), "effective_from"));
  ASSIGN_OR_RETURN(const std::optional<Date> to,
                   DayOf(request.has_effective_to(), request.effective_to(), "effective_to"));
  renewal.to = to.value_or(OpenEnd());
  if (request.has_terms()) renewal.terms = FromProto(request.terms());
  ASSIGN_OR_RETURN(Agreement next, partner::Renew(loaded.agreement, others, renewal, call.now));
  RETURN_IF_ERROR(CheckRegions(unit, next, "terms"));
  ASSIGN_OR_RETURN(next, agreements_.Create(unit.sql(), Written(std::move(next), loaded.partner.legal_name)));
  unit.Emit(Told("created", next));
  *reply = ToProto(next);
  return absl::OkStatus();
}

absl::Status AgreementService::Terminate(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::TerminateAgreementRequest& request, v1::Agreement* reply) {
  ASSIGN_OR_RETURN(const Loaded loaded, Load(unit, request));
  ASSIGN_OR_RETURN(const std::vector<Agreement> others, agreements_.OfPartner(unit.sql(), loaded.partner.id));
  RETURN_IF_ERROR(CheckLastTerm(loaded.agreement, others));
  Termination termination{.reason = request.reason(), .breach = request.breach()};
  ASSIGN_OR_RETURN(termination.end, DayOf(request.has_effective_to(), request.effective_to(), "effective_to"));
  ASSIGN_OR_RETURN(const Agreement terminated,
                   partner::Terminate(loaded.agreement, termination, TodayOf(loaded.partner, call.now), call.now));
  RETURN_IF_ERROR(agreements_.Update(unit.sql(), terminated));
  unit.Emit(Told("terminated", terminated));
  *reply = ToProto(terminated);
  return absl::OkStatus();
}

}  // namespace tributary::partner
