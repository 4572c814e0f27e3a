#include "partner-service/applications/application_proto.h"

#include "common/ids/resource_name.h"
#include "common/status/status.h"
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
  }
  out.set_score(screening.score);
  out.set_pass_score(screening.pass_score);
  out.set_passed(screening.passed);
  return out;
}

}  // namespace

v1::Application ToProto(const Application& application) {
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
  if (application.screening.has_value()) *out.mutable_screening() = ToProto(*application.screening);
  out.set_rejection_reason(application.rejection_reason);
  out.set_partner(application.partner);
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
                  .address = application.address()};
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
  return events::Draft(application.name(), verb, application.name(), ToProto(application));
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
                                  .points = c.points(),
                                  .max_points = c.max_points(),
                                  .missing = c.missing(),
                                  .explanation = c.explanation()});
  }
  return screening;
}

}  // namespace tributary::partner
