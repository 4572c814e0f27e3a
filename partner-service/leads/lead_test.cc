#include "partner-service/leads/lead.h"

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"
#include "partner-service/leads/routing_policy.h"

namespace tributary::partner {
namespace {

Lead ALead() {
  return {.id = "l-1",
          .revision = Revision::First(kNow),
          .customer_name = "Quayside Optics",
          .region = "regions/wa",
          .product_lines = {"productLines/bikes"},
          .segment = "edu",
          .need = "Ten bikes\nby May"};
}

Partner In(PartnerState state) { return {.id = "p-1", .revision = Revision::First(kNow), .state = state}; }

TEST(LeadTest, NamesAreOneLineAndLinesNamedOnce) {
  EXPECT_OK(CheckTexts(ALead()));
  Lead lead = ALead();
  lead.customer_name = "a\tb";
  lead.product_lines.push_back("productLines/bikes");
  const absl::Status status = CheckTexts(lead);
  EXPECT_THAT(status, Blames("customer_name"));
  EXPECT_THAT(status, Blames("product_lines[1]"));
}

TEST(LeadTest, IsRoutedWhileOpen) {
  for (const LeadState state : {LeadState::kOpen, LeadState::kOffered, LeadState::kAccepted}) {
    Lead lead = ALead();
    lead.state = state;
    EXPECT_EQ(CheckRoutable(lead).ok(), state == LeadState::kOpen) << NameOf(state);
    if (state != LeadState::kOpen) {
      EXPECT_THAT(CheckRoutable(lead), HasReason(Reason::kStateConflict));
    }
  }
}

TEST(LeadTest, MovesWithItsOffers) {
  const LeadOffer offer = NewOffer(ALead(), "p-1", kNow + absl::Hours(24), kNow);
  EXPECT_EQ(offer.name(), "leads/l-1/offers/" + offer.revision.uid.ToString());
  EXPECT_EQ(offer.customer_name, "Quayside Optics");
  EXPECT_EQ(offer.need, "Ten bikes\nby May");
  const Lead offered = Offered(ALead(), offer, kNow);
  EXPECT_EQ(offered.state, LeadState::kOffered);
  EXPECT_EQ(offered.offer_id, offer.id);
  EXPECT_EQ(offered.decisions, 1);
  EXPECT_EQ(offered.revision.version, 2);
  const Lead accepted = Accepted(offered, offer, kNow);
  EXPECT_EQ(accepted.state, LeadState::kAccepted);
  EXPECT_EQ(accepted.partner_id, "p-1");
  EXPECT_EQ(accepted.revision.version, 3);
  const Lead reopened = Reopened(offered, kNow);
  EXPECT_EQ(reopened.state, LeadState::kOpen);
  EXPECT_EQ(reopened.partner_id, "");
  EXPECT_EQ(Decided(reopened, kNow).decisions, 2);
  EXPECT_EQ(Decided(reopened, kNow).state, LeadState::kOpen);
}

// Every state x verb, before and at the end of its time.
TEST(LeadOfferTest, StatesAndVerbs) {
  const struct {
    OfferState state;
    bool in_time;
    bool accept, decline, expire;
    OfferState shown;
  } kCases[] = {
      {OfferState::kOpen, true, true, true, true, OfferState::kOpen},
      {OfferState::kOpen, false, false, false, true, OfferState::kExpired},
      {OfferState::kAccepted, true, false, false, false, OfferState::kAccepted},
      {OfferState::kAccepted, false, false, false, false, OfferState::kAccepted},
      {OfferState::kDeclined, true, false, false, false, OfferState::kDeclined},
      {OfferState::kDeclined, false, false, false, false, OfferState::kDeclined},
      {OfferState::kExpired, true, false, false, false, OfferState::kExpired},
      {OfferState::kExpired, false, false, false, false, OfferState::kExpired},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(StrCat(NameOf(c.state), c.in_time ? " in time" : " late"));
    LeadOffer offer = NewOffer(ALead(), "p-1", kNow + absl::Hours(24), kNow);
    offer.state = c.state;
    // The end of its time is no longer in time.
    const absl::Time now = offer.expire_time - (c.in_time ? absl::Microseconds(1) : absl::ZeroDuration());
    EXPECT_EQ(StateAt(offer, now), c.shown);
    const auto check = [&](bool allowed, OfferState next, const absl::StatusOr<LeadOffer>& after) {
      if (!allowed) {
        EXPECT_THAT(after, HasReason(Reason::kStateConflict));
        return;
      }
      ASSERT_OK(after);
      EXPECT_EQ(after->state, next);
      EXPECT_EQ(after->revision.version, 2);
      EXPECT_EQ(after->revision.update_time, now);
    };
    check(c.accept, OfferState::kAccepted, Accept(offer, In(PartnerState::kActive), now));
    check(c.decline, OfferState::kDeclined, Decline(offer, "no people", now));
    check(c.expire, OfferState::kExpired, Expire(offer, now));
  }
}

TEST(LeadOfferTest, OnlyAnActivePartnerAccepts) {
  const LeadOffer offer = NewOffer(ALead(), "p-1", kNow + absl::Hours(24), kNow);
  for (const PartnerState state : {PartnerState::kProspect, PartnerState::kSuspended, PartnerState::kTerminated}) {
    EXPECT_THAT(Accept(offer, In(state), kNow), HasReason(Reason::kStateConflict)) << NameOf(state);
  }
  // What has run out is told before the partner's state is.
  const auto late = Accept(offer, In(PartnerState::kSuspended), offer.expire_time);
  EXPECT_NE(late.status().message().find("EXPIRED"), absl::string_view::npos);
}

TEST(LeadOfferTest, ADeclineHasAReason) {
  const LeadOffer offer = NewOffer(ALead(), "p-1", kNow + absl::Hours(24), kNow);
  EXPECT_EQ(Decline(offer, "no people", kNow)->decline_reason, "no people");
  EXPECT_THAT(Decline(offer, "no\npeople", kNow), Blames("decline_reason"));
}

TEST(RoutingPolicyTest, WeightsSumAndPartnersComeOnce) {
  RoutingPolicy policy{.terms = {.territory_weight = 40, .proximity_weight = 30, .product_line_weight = 30}};
  EXPECT_OK(CheckTerms(policy));
  policy.terms.segment_weight = 1;
  policy.partner_terms = {{"p-1", 2, 0}, {"p-2", 0, 0}, {"p-1", 0, 3}};
  policy.display_name = "a\x01";
  const absl::Status status = CheckTerms(policy);
  EXPECT_THAT(status, Blames("territory_weight"));
  EXPECT_THAT(status, Blames("partner_terms[2].partner"));
  EXPECT_THAT(status, Blames("display_name"));
}

TEST(RoutingPolicyTest, GivesCandidatesTheirTermsOrItsOwn) {
  const RoutingPolicy policy{.terms = {.territory_weight = 100, .tolerance = 7},
                             .capacity = 5,
                             .partner_terms = {{"p-1", 3, 0}, {"p-2", 0, 9}}};
  RoutingInputs inputs{.candidates = {{.partner_id = "p-1"}, {.partner_id = "p-2"}, {.partner_id = "p-3"}}};
  SetTerms(policy, &inputs);
  EXPECT_EQ(inputs.terms, policy.terms);
  const std::pair<int, int> want[] = {{3, 5}, {1, 9}, {1, 5}};
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(inputs.candidates[i].share, want[i].first) << i;
    EXPECT_EQ(inputs.candidates[i].capacity, want[i].second) << i;
  }
}

}  // namespace
}  // namespace tributary::partner
