#include "partner-service/applications/application_proto.h"

#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "common/wire/wire.h"
#include "partner-service/resource_proto.h"

namespace tributary::partner {
namespace {

v1::Screening ToProto(const Screening& screening) {
  v1::Screening out;
  out.set_criteria_version(screening.criteria_version);
  for (const Criterion& criterion : screening.criteria) {
    v1::Screening::Criterion& c = *out.add_criteria();
    c.set_name(criterion.name);
    c.set_points(criterion.points);
    c.set_max_points(criterion.max_points);
    c.set_missing(criterion.missing);
    c.set_explanation(criterion.explanation);
    c.set_aspect(static_cast<v1::Screening::Aspect>(criterion.aspect));
  }
  for (const AspectScore& aspect : AspectsOf(screening)) {
    v1::Screening::AspectScore& one = *out.add_aspects();
    one.set_aspect(static_cast<v1::Screening::Aspect>(aspect.aspect));
    one.set_points(aspect.points);
    one.set_max_points(aspect.max_points);
  }
  for (const std::string& name : MissingOf(screening)) out.add_missing(name);
  for (const Duplicate& duplicate : screening.duplicates) {
    v1::Screening::Duplicate& one = *out.add_duplicates();
    one.set_name(duplicate.name);
    one.set_reason(duplicate.reason);
  }
  out.set_score(screening.score);
  out.set_pass_score(screening.pass_score);
  out.set_passed(screening.passed);
  return out;
}

v1::InfoRequest ToProto(const InfoRequest& request, Viewer viewer) {
  v1::InfoRequest out;
  out.set_text(request.text);
  for (const DocumentKind kind : request.kinds) out.add_document_kinds(static_cast<v1::Document::Kind>(kind));
  if (viewer == Viewer::kVendor) out.set_asked_by(request.asked_by);
  *out.mutable_ask_time() = wire::ToProto(request.ask_time);
  return out;
}

void PutGate(const Gate& gate, v1::ApplicationGate* out) {
  out->set_kind(static_cast<v1::ApplicationGate::Kind>(gate.kind));
  out->set_owner(gate.owner);
  if (gate.due.has_value()) *out->mutable_due() = wire::ToProto(*gate.due);
  out->set_state(static_cast<v1::ApplicationGate::State>(gate.state));
  out->set_blocker(gate.blocker);
  for (const DocumentKind kind : gate.missing_documents) {
    out->add_missing_documents(static_cast<v1::Document::Kind>(kind));
  }
}

}  // namespace

v1::Application ToProto(const Application& application, Date today, Viewer viewer) {
  v1::Application out;
  out.set_name(application.name());
  PutRevision(application.revision, &out);
  out.set_state(static_cast<v1::Application::State>(application.state));
  out.set_legal_name(application.legal_name);
  for (const std::string& name : application.trade_names) out.add_trade_names(name);
  out.set_kind(static_cast<v1::Partner::Kind>(application.kind));
  out.set_tax_id(application.tax_id);
  out.set_home_region(application.home_region);
  out.set_currency(application.currency);
  out.set_address(application.address);
  if (application.annual_sales.has_value()) *out.mutable_annual_sales() = wire::ToProto(*application.annual_sales);
  if (application.employees.has_value()) out.set_employees(*application.employees);
  if (application.year_opened.has_value()) out.set_year_opened(*application.year_opened);
  if (viewer == Viewer::kVendor) {
    if (application.screening.has_value()) *out.mutable_screening() = ToProto(*application.screening);
    out.set_decided_by(application.decided_by);
  }
  out.set_rejection_reason(application.rejection_reason);
  out.set_partner(application.partner);
  out.set_prospect(application.prospect);
  out.set_channel(application.channel);
  for (const std::string& reference : application.references) out.add_references(reference);
  for (const ApplicationDocument& document : application.documents) {
    v1::ApplicationDocument& one = *out.add_documents();
    one.set_document(document.document());
    one.set_kind(static_cast<v1::Document::Kind>(document.kind));
    one.set_sha256(document.sha256);
    if (document.expires_on.has_value()) *one.mutable_expires_on() = wire::ToProto(*document.expires_on);
  }
  for (const DocumentKind kind : application.required_documents) {
    out.add_required_documents(static_cast<v1::Document::Kind>(kind));
  }
  if (application.info_request.has_value()) {
    *out.mutable_info_request() = ToProto(*application.info_request, viewer);
  }
  for (const Gate& gate : GatesOf(application, today, viewer)) PutGate(gate, out.add_gates());
  out.set_reviewer(application.reviewer);
  out.set_created_by(application.created_by);
  if (application.submit_time.has_value()) *out.mutable_submit_time() = wire::ToProto(*application.submit_time);
  if (application.complete_time.has_value()) *out.mutable_complete_time() = wire::ToProto(*application.complete_time);
  if (application.screen_time.has_value()) *out.mutable_screen_time() = wire::ToProto(*application.screen_time);
  if (application.decide_time.has_value()) *out.mutable_decide_time() = wire::ToProto(*application.decide_time);
  return out;
}

absl::StatusOr<Application> FromProto(const v1::Application& application) {
  if (!application.home_region().empty()) {
    RETURN_IF_ERROR(ParseResourceName(application.home_region(), "regions/{region}", "home_region"));
  }
  Application out{.legal_name = application.legal_name(),
                  .trade_names = {application.trade_names().begin(), application.trade_names().end()},
                  .kind = static_cast<PartnerKind>(application.kind()),
                  .tax_id = application.tax_id(),
                  .home_region = application.home_region(),
                  .currency = application.currency(),
                  .address = application.address(),
                  .prospect = application.prospect(),
                  .channel = application.channel(),
                  .references = {application.references().begin(), application.references().end()},
                  .reviewer = application.reviewer()};
  if (!out.prospect.empty()) {
    RETURN_IF_ERROR(ParseResourceName(out.prospect, "partners/{partner}", "prospect").status());
  }
  if (!out.channel.empty()) RETURN_IF_ERROR(ParseResourceName(out.channel, "channels/{channel}", "channel").status());
  for (int i = 0; i < application.documents_size(); ++i) {
    ASSIGN_OR_RETURN(std::vector<std::string> ids,
                     ParseResourceName(application.documents(i).document(), "documents/{document}",
                                       StrCat("documents[", i, "].document")));
    out.documents.push_back({.document_id = std::move(ids.front())});
  }
  if (application.has_annual_sales()) {
    const auto sales = wire::FromProto(application.annual_sales());
    if (!sales.ok()) return AtField(sales.status(), "annual_sales");
    out.annual_sales = *sales;
  }
  if (application.has_employees()) out.employees = application.employees();
  if (application.has_year_opened()) out.year_opened = application.year_opened();
  return out;
}

events::EventDraft Told(std::string_view verb, const Application& application) {
  return events::Draft(application.name(), verb, application.name(),
                       ToProto(application, UtcToday(application.revision.update_time), Viewer::kVendor));
}

v1::BatchScreenApplicationsResponse::Screened ScreenedOf(const Application& application) {
  const Screening& screening = *application.screening;
  v1::BatchScreenApplicationsResponse::Screened out;
  out.set_name(application.name());
  out.set_etag(EtagOf(application.revision.version));
  out.set_score(screening.score);
  out.set_passed(screening.passed);
  for (const std::string& name : MissingOf(screening)) out.add_missing(name);
  out.set_duplicates(static_cast<int>(screening.duplicates.size()));
  return out;
}

std::string ScreeningToBytes(const Screening& screening) { return ToProto(screening).SerializeAsString(); }

absl::StatusOr<Screening> ScreeningFromBytes(std::string_view bytes) {
  v1::Screening stored;
  if (!stored.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Error(Reason::kInternal, "a stored screening cannot be read");
  }
  Screening screening{.criteria_version = stored.criteria_version(),
                      .score = stored.score(),
                      .pass_score = stored.pass_score(),
                      .passed = stored.passed()};
  for (const v1::Screening::Criterion& c : stored.criteria()) {
    screening.criteria.push_back({.name = c.name(),
                                  .aspect = static_cast<Aspect>(c.aspect()),
                                  .points = c.points(),
                                  .max_points = c.max_points(),
                                  .missing = c.missing(),
                                  .explanation = c.explanation()});
  }
  for (const v1::Screening::Duplicate& one : stored.duplicates()) {
    screening.duplicates.push_back({one.name(), one.reason()});
  }
  return screening;
}

}  // namespace tributary::partner
