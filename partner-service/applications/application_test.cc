#include "partner-service/applications/application.h"

#include <functional>

#include "common/status/status_matchers.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1700000000);
constexpr Reason kOk = Reason::kUnspecified;

Application In(ApplicationState state, bool passed = true) {
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
  if (state >= ApplicationState::kInReview) {
    application.screening = Screening{.score = passed ? 60 : 40, .pass_score = 60, .passed = passed};
  }
  return application;
}

TEST(ApplicationTest, EveryVerbFromEveryState) {
  using S = ApplicationState;
  using Verb = std::function<absl::StatusOr<Application>(const Application&)>;
  const struct {
    const char* name;
    Verb verb;
    std::vector<S> from;  // refused from all others
    S to;
  } verbs[] = {
      {"submit", [](const Application& a) { return Submit(a, kNow); }, {S::kDraft}, S::kSubmitted},
      {"screen", [](const Application& a) { return Screen(a, true, kNow); }, {S::kSubmitted}, S::kInReview},
      {"approve", [](const Application& a) { return Approve(a, kNow); }, {S::kInReview}, S::kApproved},
      {"reject",
       [](const Application& a) { return Reject(a, "no", kNow); },
       {S::kSubmitted, S::kInReview},
       S::kRejected},
      {"withdraw",
       [](const Application& a) { return Withdraw(a, kNow); },
       {S::kDraft, S::kSubmitted, S::kInReview, S::kApproved},
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
    for (int number = 1; number <= 7; ++number) {
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

TEST(ApplicationTest, ApprovalNeedsAPassedScreening) {
  EXPECT_THAT(Approve(In(ApplicationState::kInReview, /*passed=*/false), kNow), HasReason(Reason::kScreeningFailed));
  // The state comes first.
  EXPECT_THAT(Approve(In(ApplicationState::kRejected, /*passed=*/false), kNow), HasReason(Reason::kStateConflict));
}

TEST(ApplicationTest, ScreeningReadsTheRegionOnlyWhereItIsInUse) {
  const auto in_use = Screen(In(ApplicationState::kSubmitted), true, kNow);
  const auto out_of_use = Screen(In(ApplicationState::kSubmitted), false, kNow);
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
