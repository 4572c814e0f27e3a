#include "partner-service/applications/application.h"

#include <algorithm>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "partner-service/refusals/name_lists.h"
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

int DocumentsThatHold(const Application& application, DocumentKind kind, Date today) {
  return static_cast<int>(
      std::count_if(application.documents.begin(), application.documents.end(), [&](const ApplicationDocument& one) {
        return one.kind == kind && (!one.expires_on.has_value() || today <= *one.expires_on);
      }));
}

// `kinds` with `more`, in the order of the kinds, each once.
std::vector<DocumentKind> With(std::vector<DocumentKind> kinds, const std::vector<DocumentKind>& more) {
  kinds.insert(kinds.end(), more.begin(), more.end());
  std::sort(kinds.begin(), kinds.end());
  kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
  return kinds;
}

// Where one goes that has been handed in: to SCREENING once nothing is missing.
void Place(Application* application, absl::Time now) {
  const bool complete = MissingDocuments(*application, UtcToday(now)).empty();
  application->state = complete ? ApplicationState::kScreening : ApplicationState::kSubmitted;
  application->complete_time = complete ? std::optional(now) : std::nullopt;
}

// `partner` with what the application says.
absl::StatusOr<Conversion> Become(const Application& application, Partner partner, absl::Time now) {
  if (application.state != ApplicationState::kApproved) return WrongStateFor(application, "convert", "APPROVED");
  partner.legal_name = application.legal_name;
  if (!application.trade_names.empty()) partner.trade_names = application.trade_names;
  partner.kind = application.kind;
  if (!application.home_region.empty()) partner.home_region = application.home_region;
  partner.currency = application.currency;
  if (!application.channel.empty()) partner.channel = application.channel;
  partner.application = application.name();
  if (!application.tax_id.empty()) {
    const TaxId id = TaxIdOf(application.tax_id);
    const bool there = std::any_of(partner.tax_ids.begin(), partner.tax_ids.end(),
                                   [&](const TaxId& one) { return one.value == id.value; });
    if (!there) partner.tax_ids.push_back(id);
  }
  if (!application.address.empty()) {
    const auto seat = std::find_if(partner.addresses.begin(), partner.addresses.end(),
                                   [](const Address& one) { return one.kind == AddressKind::kRegistered; });
    if (seat == partner.addresses.end()) {
      partner.addresses.push_back({.kind = AddressKind::kRegistered, .text = application.address});
    } else {
      seat->text = application.address;
    }
  }
  Conversion conversion{.application = In(ApplicationState::kConverted, application, now),
                        .partner = std::move(partner)};
  conversion.application.partner = conversion.partner.name();
  return conversion;
}

bool SameButReviewer(const Application& a, const Application& b) {
  return a.legal_name == b.legal_name && a.trade_names == b.trade_names && a.kind == b.kind && a.tax_id == b.tax_id &&
         a.home_region == b.home_region && a.currency == b.currency && a.address == b.address &&
         a.annual_sales == b.annual_sales && a.employees == b.employees && a.year_opened == b.year_opened &&
         a.channel == b.channel && a.references == b.references && a.documents == b.documents;
}

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
    case ApplicationState::kScreening:
      return "SCREENING";
    case ApplicationState::kInfoRequested:
      return "INFO_REQUESTED";
  }
  return "STATE_UNSPECIFIED";
}

bool IsOver(ApplicationState state) {
  return state == ApplicationState::kRejected || state == ApplicationState::kWithdrawn ||
         state == ApplicationState::kConverted;
}

std::string ApplicationDocument::document() const { return StrCat("documents/", document_id); }
std::string Application::name() const { return StrCat("applications/", id); }

absl::Status CheckSeen(const Application& application, std::string_view partner_id) {
  if (partner_id.empty() || application.prospect == StrCat("partners/", partner_id)) return absl::OkStatus();
  return NotFound(application.name());
}

absl::Status CheckTexts(const Application& application) {
  std::vector<FieldViolation> violations;
  CheckOneLine("legal_name", application.legal_name, &violations);
  CheckTradeNames(application.trade_names, &violations);
  CheckOneLine("tax_id", application.tax_id, &violations);
  CheckOneLine("address", application.address, &violations);
  for (size_t i = 0; i < application.references.size(); ++i) {
    CheckOneLine(StrCat("references[", i, "]"), application.references[i], &violations);
  }
  CheckDistinct("references", application.references, &violations);
  std::vector<std::string> documents;
  for (const ApplicationDocument& one : application.documents) documents.push_back(one.document());
  CheckDistinct("documents", documents, &violations);
  CheckOneLine("reviewer", application.reviewer, &violations);
  return AllOf(std::move(violations));
}

std::vector<DocumentKind> MissingDocuments(const Application& application, Date today) {
  std::vector<DocumentKind> missing;
  for (const DocumentKind kind : application.required_documents) {
    if (DocumentsThatHold(application, kind, today) == 0) missing.push_back(kind);
  }
  return missing;
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
                               {"year_opened", Text(row.year_opened), Text(stored->year_opened)},
                               {"channel", row.channel, stored->channel},
                               {"references", StrJoin(row.references, "; "), StrJoin(stored->references, "; ")}}));
  return ApplicationArrival::kAgain;
}

absl::StatusOr<Application> Change(const Application& application, const Application& changed, absl::Time now) {
  using State = ApplicationState;
  const bool same = SameButReviewer(application, changed);
  const State state = application.state;
  const bool open = state == State::kDraft || state == State::kSubmitted || state == State::kInfoRequested;
  if (!open && !(same && (state == State::kScreening || state == State::kInReview))) {
    return WrongStateFor(
        application, "update",
        same ? "DRAFT, SUBMITTED, SCREENING, IN_REVIEW or INFO_REQUESTED" : "DRAFT, SUBMITTED or INFO_REQUESTED");
  }
  RETURN_IF_ERROR(CheckTexts(changed));
  Application next = application;
  next.revision = application.revision.Next(now);
  next.legal_name = changed.legal_name;
  next.trade_names = changed.trade_names;
  next.kind = changed.kind;
  next.tax_id = changed.tax_id;
  next.home_region = changed.home_region;
  next.currency = changed.currency;
  next.address = changed.address;
  next.annual_sales = changed.annual_sales;
  next.employees = changed.employees;
  next.year_opened = changed.year_opened;
  next.channel = changed.channel;
  next.references = changed.references;
  next.documents = changed.documents;
  next.reviewer = changed.reviewer;
  if (state == State::kSubmitted) Place(&next, now);
  return next;
}

absl::StatusOr<Application> Submit(const Application& application, const std::vector<DocumentKind>& asked_for,
                                   absl::Time now) {
  const bool answer = application.state == ApplicationState::kInfoRequested;
  if (!answer && application.state != ApplicationState::kDraft) {
    return WrongStateFor(application, "submit", "DRAFT or INFO_REQUESTED");
  }
  Application next = In(ApplicationState::kSubmitted, application, now);
  next.required_documents = With(answer ? application.required_documents : std::vector<DocumentKind>(), asked_for);
  next.submit_time = now;
  next.screening.reset();
  next.screen_time.reset();
  Place(&next, now);
  return next;
}

absl::StatusOr<Application> Screen(const Application& application, const ScreeningFacts& facts,
                                   std::string_view criteria_version, absl::Time now) {
  if (application.state != ApplicationState::kScreening) return WrongStateFor(application, "screen", "SCREENING");
  const std::string_view region = facts.region_in_use ? std::string_view(application.home_region) : std::string_view();
  const Date today = UtcToday(now);
  Application screened = In(ApplicationState::kInReview, application, now);
  screened.screening =
      Screen(ScreeningInput{.legal_name = application.legal_name,
                            .kind = NameOf(application.kind),
                            .home_region = region,
                            .tax_id = application.tax_id,
                            .annual_sales = application.annual_sales,
                            .employees = application.employees,
                            .year_opened = application.year_opened,
                            .references = static_cast<int>(application.references.size()),
                            .licenses = DocumentsThatHold(application, DocumentKind::kLicense, today),
                            .certificates = DocumentsThatHold(application, DocumentKind::kCertificate, today),
                            .year = static_cast<int>(absl::ToCivilYear(now, absl::UTCTimeZone()).year())},
             criteria_version);
  screened.screening->duplicates = facts.duplicates;
  screened.screen_time = now;
  return screened;
}

absl::StatusOr<Application> RequestInfo(const Application& application, const InfoRequest& request, absl::Time now) {
  const ApplicationState state = application.state;
  if (state != ApplicationState::kSubmitted && state != ApplicationState::kScreening &&
      state != ApplicationState::kInReview) {
    return WrongStateFor(application, "requestInfo", "SUBMITTED, SCREENING or IN_REVIEW");
  }
  std::vector<FieldViolation> violations;
  CheckOneLine("text", request.text, &violations);
  RETURN_IF_ERROR(AllOf(std::move(violations)));
  Application asked = In(ApplicationState::kInfoRequested, application, now);
  asked.info_request = request;
  asked.info_request->kinds = With({}, request.kinds);
  asked.info_request->ask_time = now;
  asked.required_documents = With(application.required_documents, request.kinds);
  asked.complete_time.reset();
  return asked;
}

absl::StatusOr<Application> Approve(const Application& application, std::string_view principal, absl::Time now) {
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
  Application approved = In(ApplicationState::kApproved, application, now);
  approved.decide_time = now;
  approved.decided_by = std::string(principal);
  return approved;
}

absl::StatusOr<Application> Reject(const Application& application, std::string_view why, std::string_view principal,
                                   absl::Time now) {
  const ApplicationState state = application.state;
  if (state != ApplicationState::kSubmitted && state != ApplicationState::kScreening &&
      state != ApplicationState::kInReview && state != ApplicationState::kInfoRequested) {
    return WrongStateFor(application, "reject", "SUBMITTED, SCREENING, IN_REVIEW or INFO_REQUESTED");
  }
  Application rejected = In(ApplicationState::kRejected, application, now);
  rejected.rejection_reason = std::string(why);
  rejected.decide_time = now;
  rejected.decided_by = std::string(principal);
  return rejected;
}

absl::StatusOr<Application> Withdraw(const Application& application, absl::Time now) {
  if (IsOver(application.state)) {
    return WrongStateFor(application, "withdraw", "DRAFT, SUBMITTED, SCREENING, IN_REVIEW, INFO_REQUESTED or APPROVED");
  }
  return In(ApplicationState::kWithdrawn, application, now);
}

absl::StatusOr<Conversion> Convert(const Application& application, std::string_view partner_id, absl::Time now) {
  Partner fresh{.id = std::string(partner_id), .revision = Revision::First(now)};
  if (partner_id.empty()) fresh.id = fresh.revision.uid.ToString();
  return Become(application, std::move(fresh), now);
}

absl::StatusOr<Conversion> Convert(const Application& application, const Partner& prospect, std::string_view partner_id,
                                   absl::Time now) {
  ASSIGN_OR_RETURN(Conversion conversion, Become(application, prospect, now));
  if (prospect.state != PartnerState::kProspect) {
    return WrongState(prospect.name(), "convert", NameOf(prospect.state), "PROSPECT");
  }
  if (!partner_id.empty() && partner_id != prospect.id) {
    return InvalidField("partner_id", partner_id, StrCat(prospect.id, ", the application's prospect, or none"));
  }
  conversion.partner.revision = prospect.revision.Next(now);
  return conversion;
}

Application TakeBack(const Application& application, absl::Time now) {
  Application taken_back = In(ApplicationState::kWithdrawn, application, now);
  taken_back.undone = true;
  return taken_back;
}

}  // namespace tributary::partner
