#include "conflict-service/deals/deal.h"

#include "common/status/status_matchers.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;

Deal Draft() {
  Deal deal;
  deal.name = "partners/p-1/deals/d-1";
  deal.partner = "partners/p-1";
  deal.customer_name = "Contoso";
  deal.scope.regions = {"regions/b", "regions/a", "regions/b"};
  deal.scope.time = {*Date::Parse("2026-07-01"), *Date::Parse("2026-08-01")};
  return deal;
}

TEST(DealTest, NewDealsAreBroughtIntoOrder) {
  const auto deal = NewDeal(Draft(), "deal_registration");
  ASSERT_THAT(deal, IsOk());
  EXPECT_THAT(deal->scope.regions, ElementsAre("regions/a", "regions/b"));
}

TEST(DealTest, AllThatIsWrongIsTold) {
  Deal draft = Draft();
  draft.scope.time.end = draft.scope.time.start;
  draft.scope.regions = {"regions/a", "aw-1"};
  draft.scope.product_lines = {"products/7"};
  const auto deal = NewDeal(draft, "deal_registration");
  EXPECT_THAT(deal, Blames("deal_registration.effective_to"));
  EXPECT_THAT(deal, Blames("deal_registration.regions[1]"));
  EXPECT_THAT(deal, Blames("deal_registration.product_lines[0]"));
}

TEST(DealTest, States) {
  using State = Deal::State;
  struct Case {
    State from;
    bool submit;
    std::optional<State> to;
  };
  for (const Case& c : std::vector<Case>{
           {State::kDraft, true, State::kSubmitted},
           {State::kSubmitted, true, std::nullopt},
           {State::kWithdrawn, true, std::nullopt},
           {State::kDraft, false, State::kWithdrawn},
           {State::kSubmitted, false, State::kWithdrawn},
           {State::kWithdrawn, false, std::nullopt},
       }) {
    Deal deal = Draft();
    deal.state = c.from;
    const absl::Time now = absl::FromUnixSeconds(5);
    const auto moved = c.submit ? Submit(deal, now) : Withdraw(deal, now);
    if (!c.to) {
      EXPECT_THAT(moved, HasReason(Reason::kStateConflict));
      continue;
    }
    ASSERT_THAT(moved, IsOk());
    EXPECT_EQ(moved->state, *c.to);
    EXPECT_EQ(moved->version, 2);
    EXPECT_EQ(moved->update_time, now);
  }
}

TEST(DealTest, CustomerKeysAreThoseOfTheMatching) {
  EXPECT_EQ(CustomerKey("Contoso, Ltd."), CustomerKey("CONTOSO"));
  EXPECT_NE(CustomerKey("Contoso"), CustomerKey("Fabrikam"));
  EXPECT_EQ(CustomerKey("Contoso").size(), 32u);
}

}  // namespace
}  // namespace tributary::conflict
