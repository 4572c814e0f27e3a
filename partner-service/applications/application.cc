#include "partner-service/applications/application.h"

#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

absl::Status WrongStateFor(const Application& application, std::string_view verb, std::string_view want) {
  return WrongState(application.name(), verb, NameOf(application.state), want);
}

Application In(ApplicationState state, const Application& application, absl::Time now) {
  Application next = application;
  next.state = state;
  next.revision = application.revision.Next(now);
  return next;
}

std::string Text(const std::optional<Money>& money) {
  return money.has_value() ? StrCat(money->amount.ToString(), " ", money->currency) : "";
}
std::string Text(std::optional<int> number) { return number.has_value() ? StrCat(*number) : ""; }

}  // namespace

std::string_view NameOf(ApplicationState state) {
  switch (state) {
    case ApplicationState::kDraft:
      return "DRAFT";
    case ApplicationState::kSubmitted:
      return "SUBMITTED";
    case ApplicationState::kInReview:
      return "IN_REVIEW";
    case ApplicationState::kApproved:
      return "APPROVED";
    case ApplicationState::kRejected:
      return "REJECTED";
    case ApplicationState::kWithdrawn:
      return "WITHDRAWN";
    case ApplicationState::kConverted:
      return "CONVERTED";
  }
  return "STATE_UNSPECIFIED";
}

std::string Application::name() const { return StrCat("applications/", id); }

absl::Status CheckTexts(const Application& application) {
  std::vector<FieldViolation> violations;
  CheckOneLine("legal_name", application.legal_name, &violations);
  CheckTradeNames(application.trade_names, &violations);
  CheckOneLine("tax_id", application.tax_id, &violations);
  CheckOneLine("address", application.address, &violations);
  return AllOf(std::move(violations));
}

absl::StatusOr<ApplicationArrival> Arrive(const std::optional<Application>& stored, const Application& row) {
  if (!stored.has_value()) return ApplicationArrival::kNew;
  if (stored->undone) return ApplicationArrival::kReplacing;
  RETURN_IF_ERROR(SameContent({{"legal_name", row.legal_name, stored->legal_name},
                               {"trade_names", StrJoin(row.trade_names, "; "), StrJoin(stored->trade_names, "; ")},
                               {"kind", NameOf(row.kind), NameOf(stored->kind)},
                               {"tax_id", row.tax_id, stored->tax_id},
                               {"home_region", row.home_region, stored->home_region},
                               {"currency", row.currency, stored->currency},
                               {"address", row.address, stored->address},
                               {"annual_sales", Text(row.annual_sales), Text(stored->annual_sales)},
                               {"employees", Text(row.employees), Text(stored->employees)},
                               {"year_opened", Text(row.year_opened), Text(stored->year_opened)}}));
  return ApplicationArrival::kAgain;
}

absl::StatusOr<Application> Submit(const Application& application, absl::Time now) {
  if (application.state != ApplicationState::kDraft) return WrongStateFor(application, "submit", "DRAFT");
  return In(ApplicationState::kSubmitted, application, now);
}

absl::StatusOr<Application> Screen(const Application& application, bool region_in_use, absl::Time now) {
  if (application.state != ApplicationState::kSubmitted) return WrongStateFor(application, "screen", "SUBMITTED");
  const std::string_view region = region_in_use ? std::string_view(application.home_region) : std::string_view();
  Application screened = In(ApplicationState::kInReview, application, now);
  screened.screening =
      Screen(ScreeningInput{.legal_name = application.legal_name,
                            .kind = NameOf(application.kind),
                            .home_region = region,
                            .annual_sales = application.annual_sales,
                            .employees = application.employees,
                            .year_opened = application.year_opened,
                            .year = static_cast<int>(absl::ToCivilYear(now, absl::UTCTimeZone()).year())});
  return screened;
}

absl::StatusOr<Application> Approve(const Application& application, absl::Time now) {
  if (application.state != ApplicationState::kInReview) return WrongStateFor(application, "approve", "IN_REVIEW");
  const Screening& screening = *application.screening;  // every way to IN_REVIEW sets it
  if (!screening.passed) {
    return Error(Reason::kScreeningFailed,
                 StrCat(application.name(), ": got a score of ", screening.score, " under ", screening.criteria_version,
                        ", want at least ", screening.pass_score),
                 {{"resource", application.name()},
                  {"score", StrCat(screening.score)},
                  {"pass_score", StrCat(screening.pass_score)}});
  }
  return In(ApplicationState::kApproved, application, now);
}

absl::StatusOr<Application> Reject(const Application& application, std::string_view why, absl::Time now) {
  if (application.state != ApplicationState::kSubmitted && application.state != ApplicationState::kInReview) {
    return WrongStateFor(application, "reject", "SUBMITTED or IN_REVIEW");
  }
  Application rejected = In(ApplicationState::kRejected, application, now);
  rejected.rejection_reason = std::string(why);
  return rejected;
}

absl::StatusOr<Application> Withdraw(const Application& application, absl::Time now) {
  if (application.state >= ApplicationState::kRejected) {
    return WrongStateFor(application, "withdraw", "DRAFT, SUBMITTED, IN_REVIEW or APPROVED");
  }
  return In(ApplicationState::kWithdrawn, application, now);
}

absl::StatusOr<Conversion> Convert(const Application& application, std::string_view partner_id, absl::Time now) {
  if (application.state != ApplicationState::kApproved) return WrongStateFor(application, "convert", "APPROVED");
  Conversion conversion{.application = In(ApplicationState::kConverted, application, now),
                        .partner = {.id = std::string(partner_id),
                                    .revision = Revision::First(now),
                                    .legal_name = application.legal_name,
                                    .trade_names = application.trade_names,
                                    .kind = application.kind,
                                    .home_region = application.home_region,
                                    .currency = application.currency,
                                    .application = application.name()}};
  if (!application.tax_id.empty()) conversion.partner.tax_ids = {TaxIdOf(application.tax_id)};
  if (!application.address.empty()) {
    conversion.partner.addresses = {{.kind = AddressKind::kRegistered, .text = application.address}};
  }
  if (partner_id.empty()) conversion.partner.id = conversion.partner.revision.uid.ToString();
  conversion.application.partner = conversion.partner.name();
  return conversion;
}

Application TakeBack(const Application& application, absl::Time now) {
  Application taken_back = In(ApplicationState::kWithdrawn, application, now);
  taken_back.undone = true;
  return taken_back;
}

}  // namespace tributary::partner
