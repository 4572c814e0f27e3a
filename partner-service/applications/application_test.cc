#include "partner-service/applications/application.h"

#include <functional>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "common/time/today.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

constexpr Reason kOk = Reason::kUnspecified;

using S = ApplicationState;

Application In(S state, bool passed = true) {
  Application application{.id = "a-1",
                          .revision = Revision::First(kNow - absl::Hours(1)),
                          .state = state,
                          .legal_name = "Acme",
                          .trade_names = {"ACME"},
                          .home_region = "regions/aw-1",
                          .currency = "USD",
                          .address = "1 Main St",
                          .annual_sales = Money{.currency = "USD", .amount = Decimal::FromInt(300000)},
                          .employees = 2};
  if (state == S::kInReview || state == S::kApproved || state == S::kConverted) {
    application.screening = Screening{.score = passed ? 60 : 40, .pass_score = 60, .passed = passed};
  }
  if (state == S::kSubmitted) application.required_documents = {DocumentKind::kLicense};
  if (state == S::kInfoRequested) application.info_request = InfoRequest{.text = "More."};
  return application;
}

ApplicationDocument Of(DocumentKind kind, std::optional<Date> expires_on = {}) {
  return {.document_id = "d-" + std::string(NameOf(kind)), .kind = kind, .sha256 = "00", .expires_on = expires_on};
}

constexpr int kStates = 9;

TEST(ApplicationTest, EveryVerbFromEveryState) {
  using Verb = std::function<absl::StatusOr<Application>(const Application&)>;
  const struct {
    const char* name;
    Verb verb;
    std::vector<S> from;  // refused from all others
    S to;
  } verbs[] = {
      {"submit",
       [](const Application& a) { return Submit(a, {}, kNow); },
       {S::kDraft, S::kInfoRequested},
       S::kScreening},
      {"submit without a document",
       [](const Application& a) { return Submit(a, {DocumentKind::kLicense}, kNow); },
       {S::kDraft, S::kInfoRequested},
       S::kSubmitted},
      {"screen",
       [](const Application& a) { return Screen(a, {.region_in_use = true}, "", kNow); },
       {S::kScreening},
       S::kInReview},
      {"requestInfo",
       [](const Application& a) { return RequestInfo(a, {.text = "More."}, kNow); },
       {S::kSubmitted, S::kScreening, S::kInReview},
       S::kInfoRequested},
      {"approve", [](const Application& a) { return Approve(a, "manager-1", kNow); }, {S::kInReview}, S::kApproved},
      {"reject",
       [](const Application& a) { return Reject(a, "no", "manager-1", kNow); },
       {S::kSubmitted, S::kScreening, S::kInReview, S::kInfoRequested},
       S::kRejected},
      {"withdraw",
       [](const Application& a) { return Withdraw(a, kNow); },
       {S::kDraft, S::kSubmitted, S::kScreening, S::kInReview, S::kInfoRequested, S::kApproved},
       S::kWithdrawn},
      {"convert",
       [](const Application& a) -> absl::StatusOr<Application> {
         ASSIGN_OR_RETURN(Conversion conversion, Convert(a, "p-1", kNow));
         return conversion.application;
       },
       {S::kApproved},
       S::kConverted},
  };
  for (const auto& v : verbs) {
    for (int number = 1; number <= kStates; ++number) {
      const S from = static_cast<S>(number);
      SCOPED_TRACE(std::string(v.name) + " from " + std::string(NameOf(from)));
      const bool allowed = std::find(v.from.begin(), v.from.end(), from) != v.from.end();
      const auto after = v.verb(In(from));
      EXPECT_EQ(ReasonOf(after.status()), allowed ? kOk : Reason::kStateConflict);
      if (!after.ok()) continue;
      EXPECT_EQ(after->state, v.to);
      EXPECT_EQ(after->revision.version, 2);
      EXPECT_EQ(after->revision.update_time, kNow);
    }
  }
}

TEST(ApplicationTest, WhatMayChangeInWhichState) {
  for (int number = 1; number <= kStates; ++number) {
    const S state = static_cast<S>(number);
    SCOPED_TRACE(NameOf(state));
    Application renamed = In(state), assigned = In(state), garbled = In(state);
    renamed.legal_name = "Other";
    assigned.reviewer = "manager-7";
    garbled.references = {"a\nb"};
    const bool content = state == S::kDraft || state == S::kSubmitted || state == S::kInfoRequested;
    const bool reviewer = content || state == S::kScreening || state == S::kInReview;
    EXPECT_EQ(ReasonOf(Change(In(state), renamed, kNow).status()), content ? kOk : Reason::kStateConflict);
    // The state comes before the texts.
    EXPECT_EQ(ReasonOf(Change(In(state), garbled, kNow).status()),
              content ? Reason::kInvalidField : Reason::kStateConflict);
    const auto after = Change(In(state), assigned, kNow);
    EXPECT_EQ(ReasonOf(after.status()), reviewer ? kOk : Reason::kStateConflict);
    if (after.ok()) {
      EXPECT_EQ(after->state, state);
      EXPECT_EQ(after->reviewer, "manager-7");
    }
  }
}

TEST(ApplicationTest, TheLastMissingDocumentMovesItOn) {
  const auto waiting = Submit(In(S::kDraft), {DocumentKind::kIdentity, DocumentKind::kLicense}, kNow);
  ASSERT_OK(waiting);
  EXPECT_EQ(waiting->state, S::kSubmitted);
  EXPECT_EQ(waiting->required_documents, (std::vector{DocumentKind::kLicense, DocumentKind::kIdentity}));
  EXPECT_FALSE(waiting->complete_time.has_value());
  Application changed = *waiting;
  changed.documents = {Of(DocumentKind::kLicense), Of(DocumentKind::kIdentity, UtcToday(kNow).AddDays(-1))};
  auto after = Change(*waiting, changed, kNow);
  ASSERT_OK(after);
  EXPECT_EQ(after->state, S::kSubmitted) << "the identity has run out";
  changed.documents[1].expires_on = UtcToday(kNow);
  after = Change(*after, changed, kNow);
  ASSERT_OK(after);
  EXPECT_EQ(after->state, S::kScreening);
  EXPECT_EQ(after->complete_time, kNow);
}

TEST(ApplicationTest, WhatIsAskedForIsAnsweredAndScreenedAnew) {
  Application application = In(S::kInReview);
  application.complete_time = kNow;
  const auto asked = RequestInfo(
      application,
      {.text = "Which permit?", .kinds = {DocumentKind::kLicense, DocumentKind::kLicense}, .asked_by = "manager-1"},
      kNow);
  ASSERT_OK(asked);
  EXPECT_EQ(asked->info_request->kinds, std::vector{DocumentKind::kLicense});
  EXPECT_EQ(asked->info_request->ask_time, kNow);
  EXPECT_EQ(asked->required_documents, std::vector{DocumentKind::kLicense});
  EXPECT_TRUE(asked->screening.has_value());
  EXPECT_FALSE(asked->complete_time.has_value());
  // What was asked for stays required, whatever the channel wants.
  auto again = Submit(*asked, {}, kNow);
  ASSERT_OK(again);
  EXPECT_EQ(again->state, S::kSubmitted);
  EXPECT_FALSE(again->screening.has_value());
  Application answered = *asked;
  answered.documents = {Of(DocumentKind::kLicense)};
  again = Submit(answered, {}, kNow);
  ASSERT_OK(again);
  EXPECT_EQ(again->state, S::kScreening);
  EXPECT_THAT(RequestInfo(In(S::kScreening), {.text = "a\nb"}, kNow), Blames("text"));
}

TEST(ApplicationTest, ApprovalNeedsAPassedScreening) {
  EXPECT_THAT(Approve(In(ApplicationState::kInReview, /*passed=*/false), "m", kNow),
              HasReason(Reason::kScreeningFailed));
  // The state comes first.
  EXPECT_THAT(Approve(In(ApplicationState::kRejected, /*passed=*/false), "m", kNow), HasReason(Reason::kStateConflict));
}

TEST(ApplicationTest, ScreeningReadsTheRegionOnlyWhereItIsInUse) {
  const auto in_use = Screen(In(S::kScreening), {.region_in_use = true}, "2026-1", kNow);
  const auto out_of_use = Screen(In(S::kScreening), {}, "2026-1", kNow);
  ASSERT_OK(in_use);
  ASSERT_OK(out_of_use);
  EXPECT_EQ(in_use->screening->score, out_of_use->screening->score + 20);
}

TEST(ApplicationTest, ConversionCarriesTheContentAndPointsBothWays) {
  const auto conversion = Convert(In(ApplicationState::kApproved), "p-1", kNow);
  ASSERT_OK(conversion);
  EXPECT_EQ(conversion->application.partner, "partners/p-1");
  const Partner& partner = conversion->partner;
  EXPECT_EQ(partner.name(), "partners/p-1");
  EXPECT_EQ(partner.state, PartnerState::kProspect);
  EXPECT_EQ(partner.application, "applications/a-1");
  EXPECT_EQ(partner.legal_name, "Acme");
  EXPECT_EQ(partner.trade_names, std::vector<std::string>{"ACME"});
  EXPECT_EQ(partner.home_region, "regions/aw-1");
  EXPECT_EQ(partner.currency, "USD");
  EXPECT_EQ(partner.addresses, (std::vector<Address>{{AddressKind::kRegistered, "", "1 Main St"}}));
  EXPECT_EQ(partner.revision.version, 1);

  const auto unnamed = Convert(In(ApplicationState::kApproved), "", kNow);
  ASSERT_OK(unnamed);
  EXPECT_EQ(unnamed->partner.id, unnamed->partner.revision.uid.ToString());
}

TEST(ApplicationTest, ScreeningReadsTheDocumentsThatHoldAndKeepsWhoIsAlike) {
  Application application = In(S::kScreening);
  application.documents = {Of(DocumentKind::kLicense, UtcToday(kNow).AddDays(-1)), Of(DocumentKind::kCertificate)};
  application.references = {"Bank of Acme"};
  const auto screened =
      Screen(application, {.region_in_use = true, .duplicates = {{"partners/p-9", "legal name"}}}, "", kNow);
  ASSERT_OK(screened);
  EXPECT_EQ(screened->screening->criteria_version, kCriteriaInForce);
  EXPECT_EQ(MissingOf(*screened->screening), (std::vector<std::string>{"tax_id", "license", "years_in_business"}));
  EXPECT_EQ(screened->screening->duplicates, (std::vector<Duplicate>{{"partners/p-9", "legal name"}}));
  EXPECT_EQ(screened->screen_time, kNow);
}

TEST(ApplicationTest, AProspectTakesWhatTheApplicationSays) {
  Application application = In(S::kApproved);
  application.prospect = "partners/p-9";
  application.tax_id = "91350100M000100Y43";
  application.trade_names.clear();
  const Partner prospect{.id = "p-9",
                         .revision = Revision::First(kNow - absl::Hours(2)),
                         .legal_name = "Acme (to be)",
                         .trade_names = {"AC"},
                         .tax_ids = {{TaxIdType::kOther, "7"}},
                         .currency = "EUR",
                         .addresses = {{AddressKind::kRegistered, "CN", "Somewhere"}},
                         .channel = "channels/c-1",
                         .account_manager = "manager-7"};
  const auto conversion = Convert(application, prospect, "", kNow);
  ASSERT_OK(conversion);
  EXPECT_EQ(conversion->application.partner, "partners/p-9");
  const Partner& partner = conversion->partner;
  EXPECT_EQ(partner.id, "p-9");
  EXPECT_EQ(partner.revision.uid, prospect.revision.uid);
  EXPECT_EQ(partner.revision.version, 2);
  EXPECT_EQ(partner.state, PartnerState::kProspect);
  EXPECT_EQ(partner.legal_name, "Acme");
  EXPECT_EQ(partner.trade_names, std::vector<std::string>{"AC"});
  EXPECT_EQ(partner.currency, "USD");
  EXPECT_EQ(partner.tax_ids,
            (std::vector<TaxId>{{TaxIdType::kOther, "7"}, {TaxIdType::kCnUscc, "91350100M000100Y43"}}));
  EXPECT_EQ(partner.addresses, (std::vector<Address>{{AddressKind::kRegistered, "CN", "1 Main St"}}));
  EXPECT_EQ(partner.channel, "channels/c-1");
  EXPECT_EQ(partner.account_manager, "manager-7");
  EXPECT_EQ(partner.application, "applications/a-1");

  EXPECT_OK(Convert(application, prospect, "p-9", kNow));
  EXPECT_THAT(Convert(application, prospect, "p-8", kNow), Blames("partner_id"));
  Partner active = prospect;
  active.state = PartnerState::kActive;
  // In this order: the application's state, the prospect's, the id.
  EXPECT_THAT(Convert(application, active, "p-8", kNow), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Convert(In(S::kInReview), active, "p-8", kNow), HasReason(Reason::kStateConflict));
}

TEST(ApplicationTest, ItIsSeenByItsProspectAlone) {
  Application application = In(S::kDraft);
  EXPECT_OK(CheckSeen(application, ""));
  EXPECT_THAT(CheckSeen(application, "p-1"), HasReason(Reason::kNotFound));
  application.prospect = "partners/p-1";
  EXPECT_OK(CheckSeen(application, "p-1"));
  EXPECT_THAT(CheckSeen(application, "p"), HasReason(Reason::kNotFound));
}

TEST(ApplicationTest, ARowMeetsWhatIsStored) {
  const Application stored = In(ApplicationState::kConverted);
  const Application row = In(ApplicationState::kDraft);
  EXPECT_THAT(Arrive(std::nullopt, row), IsOkAndHolds(ApplicationArrival::kNew));
  EXPECT_THAT(Arrive(stored, row), IsOkAndHolds(ApplicationArrival::kAgain));
  EXPECT_THAT(Arrive(TakeBack(stored, kNow), row), IsOkAndHolds(ApplicationArrival::kReplacing));

  const std::pair<const char*, std::function<void(Application&)>> changes[] = {
      {"legal_name", [](Application& a) { a.legal_name = "Other"; }},
      {"trade_names", [](Application& a) { a.trade_names.clear(); }},
      {"kind", [](Application& a) { a.kind = PartnerKind::kRetailer; }},
      {"tax_id", [](Application& a) { a.tax_id = "1"; }},
      {"home_region", [](Application& a) { a.home_region = "regions/aw-2"; }},
      {"currency", [](Application& a) { a.currency = "EUR"; }},
      {"address", [](Application& a) { a.address = ""; }},
      {"annual_sales", [](Application& a) { a.annual_sales->amount = Decimal::FromInt(1); }},
      {"annual_sales", [](Application& a) { a.annual_sales.reset(); }},
      {"employees", [](Application& a) { a.employees = 3; }},
      {"year_opened", [](Application& a) { a.year_opened = 0; }},
      {"channel", [](Application& a) { a.channel = "channels/c-1"; }},
      {"references", [](Application& a) { a.references = {"Somebody"}; }},
  };
  for (const auto& [field, change] : changes) {
    Application other = row;
    change(other);
    const auto arrival = Arrive(stored, other);
    EXPECT_THAT(arrival, HasReason(Reason::kRowConflict));
    EXPECT_THAT(arrival, Blames(field));
  }
}

TEST(ApplicationTest, TakenBackIsWithdrawnAndItsIdIsFree) {
  const Application taken_back = TakeBack(In(ApplicationState::kConverted), kNow);
  EXPECT_EQ(taken_back.state, ApplicationState::kWithdrawn);
  EXPECT_TRUE(taken_back.undone);
}

}  // namespace
}  // namespace tributary::partner
