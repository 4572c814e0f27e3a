#include "conflict-service/deals/deal.h"

#include <functional>
#include <map>

#include "common/status/status_matchers.h"
#include "common/time/today.h"

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
  draft.customer_name = "\u3000 -- \u200b";
  const auto deal = NewDeal(draft, "deal_registration");
  EXPECT_THAT(deal, Blames("deal_registration.customer_name"));
  EXPECT_THAT(deal, Blames("deal_registration.effective_to"));
  EXPECT_THAT(deal, Blames("deal_registration.regions[1]"));
  EXPECT_THAT(deal, Blames("deal_registration.product_lines[0]"));
}

Box BoxOf(const char* from, const char* to) {
  return {NameSet::Of({"productLines/a"}),
          NameSet::Of({"regions/a"}),
          NameSet::All(),
          {*Date::Parse(from), *Date::Parse(to)}};
}

const DealLimits kLimits{.submissions_per_deal = 2, .submissions_per_day = 10};
const absl::Time kNow = absl::FromUnixSeconds(1783000000);  // 2026-07-02

using State = Deal::State;
using Verb = std::function<absl::StatusOr<Deal>(Deal)>;

// From which states each verb leads where; from all others it is refused.
TEST(DealTest, States) {
  struct Case {
    const char* verb;
    Verb move;
    std::map<State, State> moves;
  };
  const Share whole{{BoxOf("2026-07-01", "2026-08-01")}, {}, true};
  for (const Case& c : std::vector<Case>{
           {"submit",
            [](Deal deal) { return Submit(std::move(deal), kLimits, kNow); },
            {{State::kDraft, State::kSubmitted},
             {State::kRejected, State::kSubmitted},
             {State::kDuplicate, State::kSubmitted}}},
           {"withdraw",
            [](Deal deal) { return Withdraw(std::move(deal), kNow); },
            {{State::kDraft, State::kWithdrawn},
             {State::kSubmitted, State::kWithdrawn},
             {State::kUnderReview, State::kWithdrawn},
             {State::kApproved, State::kWithdrawn},
             {State::kPartApproved, State::kWithdrawn}}},
           {"approve",
            [&whole](Deal deal) -> absl::StatusOr<Deal> {
              RETURN_IF_ERROR(CheckMayApprove(deal, kNow));
              return Approve(std::move(deal), whole, "", kNow);
            },
            {{State::kSubmitted, State::kApproved}, {State::kUnderReview, State::kApproved}}},
           {"reject",
            [](Deal deal) { return Reject(std::move(deal), "no", kNow); },
            {{State::kSubmitted, State::kRejected}, {State::kUnderReview, State::kRejected}}},
           {"win",
            [](Deal deal) { return Win(std::move(deal), kNow); },
            {{State::kApproved, State::kWon}, {State::kPartApproved, State::kWon}}},
           {"lose",
            [](Deal deal) { return Lose(std::move(deal), kNow); },
            {{State::kSubmitted, State::kLost},
             {State::kUnderReview, State::kLost},
             {State::kApproved, State::kLost},
             {State::kPartApproved, State::kLost}}},
           {"appeal",
            [](Deal deal) { return Appeal(std::move(deal), kLimits, "but", kNow); },
            {{State::kRejected, State::kUnderReview},
             {State::kDuplicate, State::kUnderReview},
             {State::kPartApproved, State::kUnderReview}}},
           {"expire",
            [](Deal deal) { return Expire(std::move(deal), absl::FromUnixSeconds(1790000000)); },
            {{State::kApproved, State::kExpired}, {State::kPartApproved, State::kExpired}}},
       }) {
    for (const State from : kAllDealStates) {
      SCOPED_TRACE(StrCat(c.verb, " from ", NameOf(from)));
      Deal deal = Draft();
      deal.state = from;
      if (from == State::kApproved || from == State::kPartApproved) deal.granted = whole.granted;
      const auto moved = c.move(deal);
      const auto to = c.moves.find(from);
      if (to == c.moves.end()) {
        EXPECT_THAT(moved, HasReason(Reason::kStateConflict));
        continue;
      }
      ASSERT_THAT(moved, IsOk());
      EXPECT_EQ(NameOf(moved->state), NameOf(to->second));
      EXPECT_EQ(moved->version, 2);
    }
  }
}

TEST(DealTest, WhatIsLeftDecides) {
  Deal deal = Draft();
  deal.state = State::kSubmitted;
  const Box box = BoxOf("2026-07-01", "2026-08-01");
  EXPECT_EQ(Approve(deal, {{box}, {}, true}, "", kNow).state, State::kApproved);
  EXPECT_EQ(Approve(deal, {{box}, {}, false}, "", kNow).state, State::kPartApproved);
  EXPECT_EQ(Approve(deal, {{}, {box}, false}, "", kNow).state, State::kPartApproved);
  EXPECT_EQ(Approve(deal, {}, "", kNow).state, State::kDuplicate);
}

TEST(DealTest, AContestThatIsDecidedAgainLeavesAnAppealWaiting) {
  Deal deal = Draft();
  deal.note = "Because";
  const Box box = BoxOf("2026-07-01", "2026-08-01");
  for (const State from : {State::kApproved, State::kPartApproved, State::kDuplicate}) {
    deal.state = from;
    EXPECT_EQ(DecideAgain(deal, {{box}, {}, true}, kNow).state, State::kApproved);
    EXPECT_EQ(DecideAgain(deal, {{box}, {}, false}, kNow).state, State::kPartApproved);
    EXPECT_EQ(DecideAgain(deal, {}, kNow).state, State::kDuplicate);
  }
  deal.state = State::kUnderReview;
  const Deal waiting = DecideAgain(deal, {{}, {box}, false}, kNow);
  EXPECT_EQ(waiting.state, State::kUnderReview);
  EXPECT_THAT(waiting.waitlisted, ElementsAre(box));
  EXPECT_EQ(waiting.note, "Because");
  EXPECT_EQ(waiting.version, 2);
}

TEST(DealTest, NothingIsApprovedWhileOthersMayContest) {
  Deal deal = Draft();
  deal.state = State::kSubmitted;
  deal.contest_end = *Date::Parse("2026-07-03");
  EXPECT_THAT(CheckMayApprove(deal, kNow), HasReason(Reason::kContestOpen));
  EXPECT_THAT(CheckMayApprove(deal, kNow + absl::Hours(24)), IsOk());
  deal.contest = "contests/c";
  EXPECT_THAT(CheckMayApprove(deal, kNow + absl::Hours(24)), HasReason(Reason::kContestOpen));
}

TEST(DealTest, OneMayHandInSoOften) {
  Deal deal = Draft();
  for (int i = 0; i < kLimits.submissions_per_deal; ++i) {
    const auto submitted = Submit(deal, kLimits, kNow);
    ASSERT_THAT(submitted, IsOk());
    const auto rejected = Reject(*submitted, "no", kNow);
    ASSERT_THAT(rejected, IsOk());
    deal = *rejected;
  }
  EXPECT_THAT(Submit(deal, kLimits, kNow), HasReason(Reason::kSubmissionLimit));
  EXPECT_THAT(Appeal(deal, kLimits, "but", kNow), HasReason(Reason::kSubmissionLimit));
}

TEST(DealTest, AnAppealThatIsTurnedDownLeavesThePart) {
  Deal deal = Draft();
  deal.state = State::kPartApproved;
  deal.granted = {BoxOf("2026-07-01", "2026-08-01")};
  const auto appealed = Appeal(deal, kLimits, "but", kNow);
  ASSERT_THAT(appealed, IsOk());
  EXPECT_EQ(appealed->granted, deal.granted);
  EXPECT_EQ(Reject(*appealed, "no", kNow)->state, State::kPartApproved);
}

TEST(DealTest, WhatIsWaitlistedIsAcceptedOrGivenUp) {
  Deal deal = Draft();
  deal.state = State::kPartApproved;
  EXPECT_THAT(Accept(deal, kNow), HasReason(Reason::kStateConflict));
  deal.waitlisted = {BoxOf("2026-07-01", "2026-07-08")};
  const auto accepted = Accept(deal, kNow);
  ASSERT_THAT(accepted, IsOk());
  EXPECT_EQ(accepted->granted, deal.waitlisted);
  EXPECT_TRUE(accepted->waitlisted.empty());
  EXPECT_THAT(Win(deal, kNow), HasReason(Reason::kStateConflict));  // nothing of it is granted
  Deal part = *accepted;
  part.waitlisted = {BoxOf("2026-07-15", "2026-08-01")};
  EXPECT_TRUE(Win(part, kNow)->waitlisted.empty());
  EXPECT_EQ(Win(part, kNow)->won_on, UtcToday(kNow));
  EXPECT_FALSE(Lose(deal, kNow)->Blocks());
  EXPECT_TRUE(Lose(deal, kNow)->waitlisted.empty());
}

TEST(DealTest, RenewalsGoOnWithWhatIsGrantedUntilTheEnd) {
  Deal deal = Draft();
  deal.state = State::kApproved;
  const Date later = *Date::Parse("2026-09-01");
  EXPECT_THAT(Extension(deal, deal.scope.time.end), HasReason(Reason::kInvalidField));
  EXPECT_THAT(Extension(deal, later), HasReason(Reason::kStateConflict));  // nothing granted until its end
  deal.granted = {BoxOf("2026-07-01", "2026-08-01"), BoxOf("2026-07-01", "2026-07-08")};
  const auto longer = Extension(deal, later);
  ASSERT_THAT(longer, IsOk());
  EXPECT_THAT(*longer, ElementsAre(BoxOf("2026-08-01", "2026-09-01")));
  const Deal renewed = Renew(deal, later, {*longer, {}, true}, kNow);
  EXPECT_EQ(renewed.scope.time.end, later);
  EXPECT_EQ(renewed.granted.size(), 3u);
  EXPECT_EQ(renewed.state, State::kApproved);
  // Nothing of it was free.
  EXPECT_EQ(Renew(deal, later, {}, kNow).scope.time.end, deal.scope.time.end);
  EXPECT_EQ(Renew(deal, later, {}, kNow).granted, deal.granted);
}

TEST(DealTest, CustomerKeysAreThoseOfTheMatching) {
  EXPECT_EQ(CustomerKey("Contoso, Ltd."), CustomerKey("CONTOSO"));
  EXPECT_NE(CustomerKey("Contoso"), CustomerKey("Fabrikam"));
  EXPECT_EQ(CustomerKey("Contoso").size(), 32u);
}

}  // namespace
}  // namespace tributary::conflict
