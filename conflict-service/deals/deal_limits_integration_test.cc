// How much partners may register and try, what is measured of them, and that the time of an answer tells nothing.

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "conflict-service/deals/testing_deals.h"

namespace tributary::conflict {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

class DealLimitsServiceTest : public DealsTest {
 protected:
  absl::StatusOr<v1::DealLimits> Limit(v1::DealLimits limits) {
    v1::UpdateDealLimitsRequest request;
    *request.mutable_deal_limits() = std::move(limits);
    request.mutable_deal_limits()->set_name("dealLimits/default");
    return Call<v1::DealLimits>(StrCat(kLimits, "UpdateDealLimits"), request, Manager());
  }
  absl::StatusOr<v1::DealFigures> Figures(const std::string& partner, const rpc::CallOptions& as) {
    return Do<v1::GetDealFiguresRequest, v1::DealFigures>(StrCat(kLimits, "GetDealFigures"),
                                                          StrCat("partners/", partner, "/dealFigures"), as);
  }
  // For a customer whom nobody else takes for his.
  static v1::CreateDealRegistrationRequest Of(const std::string& partner, const std::string& id) {
    static const std::map<std::string, std::string> customers = {
        {"a", "Quayside Optics"}, {"b", "Halberd Mining"},     {"c", "Tessellate Foods"},   {"d", "Northwind Kilns"},
        {"e", "Zephyr Dental"},   {"others", "Umbra Textile"}, {"more", "Ganymede Freight"}};
    return Draft(partner, id, customers.at(id), {"a"}, {"cn-50"}, "2026-07-08", "2026-08-08");
  }
};

TEST_F(DealLimitsServiceTest, APartnerThatHoardsMayHaveLessOpen) {
  const auto built_in =
      Do<v1::GetDealLimitsRequest, v1::DealLimits>(StrCat(kLimits, "GetDealLimits"), "dealLimits/default", Manager());
  ASSERT_THAT(built_in, IsOk());
  EXPECT_EQ(built_in->version(), 0);
  v1::DealLimits limits;
  limits.set_open_limit(3);
  limits.set_lower_open_limit(4);
  limits.set_most_registrations_per_win(2);
  EXPECT_THAT(Limit(limits), Blames("deal_limits.lower_open_limit"));
  limits.set_lower_open_limit(1);
  limits.set_etag(built_in->etag());
  const auto first = Limit(limits);
  ASSERT_THAT(first, IsOk());
  EXPECT_EQ(first->version(), 1);
  EXPECT_EQ(first->submissions_per_deal(), built_in->submissions_per_deal());
  EXPECT_THAT(Limit(limits), HasReason(Reason::kEtagMismatch));

  ASSERT_THAT(Register(Of("p-2", "others")), IsOk());  // of no matter to p-1
  ASSERT_THAT(Register(Of("p-1", "a")), IsOk());
  ASSERT_THAT(Register(Of("p-1", "b")), IsOk());
  ASSERT_THAT(Register(Of("p-1", "c")), IsOk());  // two were as many as it may register without a win
  const auto refused = Register(Of("p-1", "d"));
  EXPECT_THAT(refused, HasReason(Reason::kTooManyOpen));
  EXPECT_THAT(std::string(refused.status().message()),
              HasSubstr("got 3 open registrations, want fewer than 1; within 365 days it registered 3, won 0"));
  EXPECT_THAT(std::string(refused.status().message()), Not(HasSubstr("p-2")));
  EXPECT_THAT(Submit("partners/p-1/deals/d", /*try_only=*/true), HasReason(Reason::kTooManyOpen));
  EXPECT_THAT(Register(Of("p-2", "more")), IsOk());

  // Two of three are won, one ends: it hoards no longer.
  for (const char* id : {"a", "b"}) {
    ASSERT_THAT(Approve(StrCat("partners/p-1/deals/", id)), IsOk());
    ASSERT_THAT(Do<v1::WinDealRegistrationRequest>(StrCat(kDeals, "WinDealRegistration"),
                                                   StrCat("partners/p-1/deals/", id), User("p-1")),
                IsOk());
  }
  ASSERT_THAT(
      Do<v1::LoseDealRegistrationRequest>(StrCat(kDeals, "LoseDealRegistration"), "partners/p-1/deals/c", User("p-1")),
      IsOk());
  ASSERT_THAT(Submit("partners/p-1/deals/d"), IsOk());
  for (const rpc::CallOptions& as : {User("p-1"), Manager()}) {
    const auto figures = Figures("p-1", as);
    ASSERT_THAT(figures, IsOk());
    EXPECT_EQ(figures->name(), "partners/p-1/dealFigures");
    EXPECT_EQ(*wire::FromProto(figures->from_date()), *Date::Parse("2025-07-02"));
    EXPECT_EQ(figures->registered_count(), 4);
    EXPECT_EQ(figures->won_count(), 2);
    EXPECT_EQ(figures->lost_count(), 1);
    EXPECT_EQ(figures->open_count(), 1);
    EXPECT_EQ(figures->registrations_per_win().value(), "2");
    EXPECT_EQ(figures->expiry_rate().value(), "0");
    EXPECT_FALSE(figures->hoarding());
    EXPECT_EQ(figures->open_limit(), 3);
    EXPECT_EQ(figures->limits_version(), 1);
  }
  EXPECT_THAT(Figures("p-2", User("p-1")), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT((Do<v1::GetDealLimitsRequest, v1::DealLimits>(StrCat(kLimits, "GetDealLimits"), "dealLimits/default",
                                                            User("p-1"))),
              HasReason(Reason::kPermissionDenied));

  // A rejected one may not come back by an appeal where there is no room.
  ASSERT_THAT(Reject("partners/p-1/deals/d"), IsOk());
  v1::DealLimits tight;
  tight.set_open_limit(1);
  ASSERT_THAT(Limit(tight), IsOk());
  ASSERT_THAT(Register(Of("p-1", "e")), IsOk());
  EXPECT_THAT(Appeal("partners/p-1/deals/d"), HasReason(Reason::kTooManyOpen));

  v1::ListDealLimitsVersionsRequest list;
  list.set_parent("dealLimits/default");
  list.set_page_size(2);
  auto page = Call<v1::ListDealLimitsVersionsResponse>(StrCat(kLimits, "ListDealLimitsVersions"), list, Manager());
  ASSERT_THAT(page, IsOk());
  ASSERT_THAT(page->deal_limits(), SizeIs(2));
  EXPECT_EQ(page->deal_limits(0).version(), 2);
  EXPECT_EQ(page->deal_limits(0).most_registrations_per_win(), 2);  // what was not named stays
  list.set_page_token(page->next_page_token());
  page = Call<v1::ListDealLimitsVersionsResponse>(StrCat(kLimits, "ListDealLimitsVersions"), list, Manager());
  ASSERT_THAT(page, IsOk());
  ASSERT_THAT(page->deal_limits(), SizeIs(1));
  EXPECT_EQ(page->deal_limits(0).version(), 0);
}

TEST_F(DealLimitsServiceTest, TryingIsCountedAlthoughNothingIsStored) {
  v1::DealLimits limits;
  limits.set_trials_per_day(2);
  ASSERT_THAT(Limit(limits), IsOk());
  DealsProcess other(world_, "replica-2", kManySubmissions);
  ASSERT_THAT(Register(Of("p-1", "a"), /*try_only=*/true), IsOk());
  v1::SubmitDealRegistrationRequest tried;
  tried.set_name("partners/p-1/deals/a");
  tried.set_validate_only(true);
  ASSERT_THAT(other.client().Call<v1::DealRegistration>(StrCat(kDeals, "SubmitDealRegistration"), tried, User("p-1")),
              IsOk());
  EXPECT_THAT(Submit("partners/p-1/deals/a", /*try_only=*/true), HasReason(Reason::kQuotaExceeded));
  EXPECT_THAT(Register(Of("p-2", "a"), /*try_only=*/true), IsOk());
  EXPECT_EQ(Get("partners/p-1/deals/a").state(), v1::DealRegistration::DRAFT);
  EXPECT_THAT(Submit("partners/p-1/deals/a"), IsOk());  // handing in has a quota of its own
  ASSERT_THAT(Reject("partners/p-1/deals/a"), IsOk());
  world_.SetDay("2026-07-02");
  EXPECT_THAT(Submit("partners/p-1/deals/a", /*try_only=*/true), IsOk());
}

// What README states: answers that tell of rivals and answers that do not take a step at least, and the quickest of
// each differ by no more than 10 ms.
TEST_F(DealLimitsServiceTest, TheTimeOfAnAnswerTellsNothing) {
  constexpr absl::Duration kStep = absl::Milliseconds(200);
  constexpr absl::Duration kBound = absl::Milliseconds(10);
  DealsProcess even(world_, "replica-2", kManySubmissions, nullptr, kStep);
  for (int partner = 2; partner < 8; ++partner) {
    ASSERT_THAT(
        Register(Draft(StrCat("p-", partner), "rival", "Contoso Ltd.", {"a", "b"}, {"cn"}, "2026-07-08", "2026-08-08")),
        IsOk());
  }
  absl::Duration contested = absl::InfiniteDuration(), alone = absl::InfiniteDuration();
  for (int i = 0; i < 5; ++i) {
    for (const bool taken : {true, false}) {
      const auto draft = Draft("p-1", StrCat(taken ? "taken-" : "free-", i), taken ? "Contoso" : "Quayside Optics",
                               {"a"}, {"cn-50"}, "2026-07-08", "2026-08-08");
      const auto made = Call<v1::DealRegistration>(StrCat(kDeals, "CreateDealRegistration"), draft, User("p-1"));
      ASSERT_THAT(made, IsOk());
      v1::SubmitDealRegistrationRequest submit;
      submit.set_name(made->name());
      const rpc::CallOptions as = User("p-1");
      const absl::Time start = absl::Now();
      const auto submitted =
          even.client().Call<v1::DealRegistration>(StrCat(kDeals, "SubmitDealRegistration"), submit, as);
      const absl::Duration took = absl::Now() - start;
      ASSERT_THAT(submitted, IsOk());
      EXPECT_EQ(submitted->has_conflict(), taken);
      EXPECT_GE(took, kStep - absl::Milliseconds(1));  // the clocks of two sides, rounded
      absl::Duration& least = taken ? contested : alone;
      least = std::min(least, took);
    }
  }
  EXPECT_LE(absl::AbsDuration(contested - alone), kBound) << contested << " with rivals, " << alone << " without";
}

}  // namespace
}  // namespace tributary::conflict
