#include "partner-service/courses/certificate_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "partner-service/courses/course_proto.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {
constexpr std::string_view kPattern = "partners/{partner}/certificates/{certificate}";
}  // namespace

void CertificateService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.CertificateService", this)
      .Unary("GetCertificate", &CertificateService::Get)
      .Unary("ListCertificates", &CertificateService::List)
      .Unary("CreateCertificate", &CertificateService::Create)
      .Unary("UpdateCertificate", &CertificateService::Update);
}

absl::Status CertificateService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetCertificateRequest& request,
                                     v1::Certificate* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Certificate certificate, certificates_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(certificate);
  return absl::OkStatus();
}

absl::Status CertificateService::List(const rpc::Call& call, rpc::Unit& unit,
                                      const v1::ListCertificatesRequest& request, v1::ListCertificatesResponse* reply) {
  CertificateScope scope{.product_line = request.product_line()};
  ASSIGN_OR_RETURN(scope.partner_id, PartnerToList(call, request.parent()));
  if (!scope.product_line.empty()) {
    RETURN_IF_ERROR(ParseResourceName(scope.product_line, "productLines/{product_line}", "product_line"));
  }
  if (request.has_valid_on()) {
    const auto day = wire::FromProto(request.valid_on());
    if (!day.ok()) return AtField(day.status(), "valid_on");
    scope.valid_on = *day;
  }
  const std::string bound_to = StrCat(request.parent(), " ", scope.product_line, " ",
                                      scope.valid_on.has_value() ? scope.valid_on->ToString() : std::string());
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, CertificateStore::Fields(), bound_to));
  ASSIGN_OR_RETURN(std::vector<Certificate> certificates, certificates_.List(unit.sql(), scope, page));
  reply->set_next_page_token(page.Cut(&certificates, [](const Certificate& last) {
    return std::vector{last.partner_id, last.id};
  }));
  for (const Certificate& certificate : certificates) *reply->add_certificates() = ToProto(certificate);
  return absl::OkStatus();
}

absl::Status CertificateService::Create(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::CreateCertificateRequest& request, v1::Certificate* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), ids.front()));
  RETURN_IF_ERROR(CheckOpen(partner, "createCertificate"));
  auto content = FromProto(request.certificate());
  if (!content.ok()) return AtField(content.status(), "certificate");
  Certificate wanted = *std::move(content);
  wanted.revision = Revision::First(call.now);
  wanted.partner_id = partner.id;
  wanted.id = request.certificate_id().empty() ? wanted.revision.uid.ToString() : request.certificate_id();
  const auto course = courses_.Get(unit.sql(), wanted.course_id);
  if (absl::IsNotFound(course.status())) {
    return UnknownReference("certificate.course", request.certificate().course(), "a course");
  }
  RETURN_IF_ERROR(course.status());
  const auto certificate = Issue(std::move(wanted), *course, TodayOf(partner, call.now));
  if (!certificate.ok()) return AtField(certificate.status(), "certificate");
  RETURN_IF_ERROR(certificates_.Create(unit.sql(), *certificate));
  RETURN_IF_ERROR(reviews_.Ask(unit.sql(), {partner.id}));
  unit.Emit(Told("created", *certificate));
  *reply = ToProto(*certificate);
  return absl::OkStatus();
}

absl::Status CertificateService::Update(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::UpdateCertificateRequest& request, v1::Certificate* reply) {
  static const std::vector<std::string_view> kMayChange = {"valid_to", "revoked"};
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.certificate().name(), kPattern, "certificate.name"));
  ASSIGN_OR_RETURN(const Partner partner, partners_.GetForUpdate(unit.sql(), ids[0]));
  ASSIGN_OR_RETURN(const Certificate certificate, certificates_.GetForUpdate(unit.sql(), partner.id, ids[1]));
  RETURN_IF_ERROR(CheckEtag(certificate.name(), request.certificate().etag(), certificate.revision.version));
  v1::Certificate merged = ToProto(certificate);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.certificate(), &merged, kMayChange));
  const auto content = FromProto(merged);
  if (!content.ok()) return AtField(content.status(), "certificate");
  const auto changed = Change(certificate, *content, call.now);
  if (!changed.ok()) return AtField(changed.status(), "certificate");
  RETURN_IF_ERROR(certificates_.Update(unit.sql(), *changed));
  RETURN_IF_ERROR(reviews_.Ask(unit.sql(), {partner.id}));
  unit.Emit(Told("updated", *changed));
  *reply = ToProto(*changed);
  return absl::OkStatus();
}

}  // namespace tributary::partner
