#include "inventory-service/replenishment/proposal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "inventory-service/replenishment/suggestion.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

ReplenishmentPolicy Policy(PolicyKind kind) {
  ReplenishmentPolicy policy{.partner = "acme",
                             .id = "bikes",
                             .site = "main",
                             .product = "bike",
                             .kind = kind,
                             .service_level = D("0.95"),
                             .lead_time_days = D("9"),
                             .lead_time_deviation_days = D("2")};
  if (kind == PolicyKind::kReorderPoint) policy.order_quantity = D("50");
  if (kind == PolicyKind::kMinMax) policy.max_level = D("200");
  if (kind == PolicyKind::kPeriodic) {
    policy.review_period_days = 7;
    policy.first_review_date = Day("2026-01-05");
  }
  return policy;
}

// 28 a period of 7 days, give or take 10.583005: 4 a day, give or take 4. Over 9 days 36; the safety stock at 95 % is
// 1.644854 x sqrt(9 x 16 + 16 x 4) = 1.644854 x 14.422205 = 23.722; the reorder point 59.722. Over 16 days 64 and
// 1.644854 x sqrt(16 x 16 + 64) = 29.424: 93.424.
ProposalInputs Inputs(const char* on_hand) {
  return {
      .date = Day("2026-03-02"),  // a Monday, as 2026-01-05 is
      .demand = {.span = {Day("2025-03-03"), Day("2026-03-02")}, .period_days = 7, .periods = 52, .known_periods = 52},
      .forecast = Forecast{.method = ForecastMethod::kNaive, .mean = D("28"), .deviation = D("10.583005")},
      .lead_time = LeadTime{.mean_days = D("9"), .deviation_days = D("2")},
      .position = {.on_hand = D(on_hand)}};
}

TEST(ProposalTest, TheFormulaTermByTerm) {
  const Proposal s = Propose(Policy(PolicyKind::kReorderPoint), Inputs("10"));
  ASSERT_TRUE(s.terms.has_value());
  EXPECT_EQ(*s.terms, (ReplenishmentTerms{.demand_per_day = D("4"),
                                          .deviation_per_day = D("4"),
                                          .protection_days = D("9"),
                                          .demand_over_protection = D("36"),
                                          .safety_factor = D("1.644854"),
                                          .safety_stock = D("23.722"),
                                          .level = D("59.722")}));
  const Proposal up_to = Propose(Policy(PolicyKind::kPeriodic), Inputs("10"));
  ASSERT_TRUE(up_to.terms.has_value());
  EXPECT_EQ(up_to.terms->protection_days, D("16"));
  EXPECT_EQ(up_to.terms->demand_over_protection, D("64"));
  EXPECT_EQ(up_to.terms->safety_stock, D("29.424"));
  EXPECT_EQ(up_to.terms->level, D("93.424"));

  // Half the time is good enough: no safety stock at all.
  ReplenishmentPolicy even = Policy(PolicyKind::kReorderPoint);
  even.service_level = D("0.5");
  EXPECT_EQ(Propose(even, Inputs("10")).terms->level, D("36"));
}

TEST(ProposalTest, HowMuch) {
  struct Case {
    const char* what;
    PolicyKind kind;
    const char* on_hand;
    const char* in_transit;
    const char* on_order;
    const char* open_orders;
    const char* pack;
    const char* min_level;  // "" for none
    const char* max_level;  // "" as the kind has it
    const char* outcome;    // "wanted quantity", or why not
  };
  const Case kCases[] = {
      {"(s,Q): one lot", PolicyKind::kReorderPoint, "10", "0", "0", "0", "1", "", "", "50 50"},
      {"(s,Q): what is on its way counts", PolicyKind::kReorderPoint, "10", "20", "29", "0", "1", "", "", "50 50"},
      {"(s,Q): orders that are open count", PolicyKind::kReorderPoint, "10", "10", "9", "30", "1", "", "", "50 50"},
      {"(s,Q): and may be enough too", PolicyKind::kReorderPoint, "10", "10", "9", "31", "1", "", "",
       "ABOVE_REORDER_POINT"},
      {"(s,Q): and may be enough", PolicyKind::kReorderPoint, "10", "20", "30", "0", "1", "", "",
       "ABOVE_REORDER_POINT"},
      {"(s,Q): just at the reorder point", PolicyKind::kReorderPoint, "59.722", "0", "0", "0", "1", "", "", "50 50"},
      {"(s,Q): just above it", PolicyKind::kReorderPoint, "59.723", "0", "0", "0", "1", "", "", "ABOVE_REORDER_POINT"},
      {"(s,Q): below zero, three lots", PolicyKind::kReorderPoint, "-41", "0", "0", "0", "1", "", "", "150 150"},
      {"(s,Q): two lots would only reach it", PolicyKind::kReorderPoint, "-40.278", "0", "0", "0", "1", "", "",
       "150 150"},
      {"(s,Q): a least level", PolicyKind::kReorderPoint, "80", "0", "0", "0", "1", "80", "", "50 50"},
      {"(s,Q): the greatest level cuts the lot", PolicyKind::kReorderPoint, "40", "0", "0", "0", "10", "", "75",
       "50 30"},
      {"(s,S): up to S", PolicyKind::kMinMax, "50", "0", "0", "0", "1", "", "", "150 150"},
      {"(s,S): never beyond it", PolicyKind::kMinMax, "50", "0", "0", "0", "40", "", "", "150 120"},
      {"(s,S): above s", PolicyKind::kMinMax, "60", "0", "0", "0", "1", "", "", "ABOVE_REORDER_POINT"},
      {"(s,S): S below s is reached first", PolicyKind::kMinMax, "55", "0", "0", "0", "1", "", "50",
       "AT_ORDER_UP_TO_LEVEL"},
      {"(s,S): no pack fits", PolicyKind::kMinMax, "50", "0", "0", "0", "151", "", "", "NO_WHOLE_PACK"},
      {"(R,S): up to S", PolicyKind::kPeriodic, "60", "0", "0", "0", "0.001", "", "", "33.424 33.424"},
      {"(R,S): in packs", PolicyKind::kPeriodic, "60", "0", "0", "0", "12", "", "", "33.424 36"},
      {"(R,S): a greatest level", PolicyKind::kPeriodic, "60", "0", "0", "0", "12", "", "90", "30 24"},
      {"(R,S): reached", PolicyKind::kPeriodic, "93.424", "0", "0", "0", "12", "", "", "AT_ORDER_UP_TO_LEVEL"},
  };
  for (const Case& c : kCases) {
    ReplenishmentPolicy policy = Policy(c.kind);
    policy.pack_size = D(c.pack);
    if (*c.min_level != '\0') policy.min_level = D(c.min_level);
    if (*c.max_level != '\0') policy.max_level = D(c.max_level);
    ProposalInputs inputs = Inputs(c.on_hand);
    inputs.position.in_transit = D(c.in_transit);
    inputs.position.on_order = D(c.on_order);
    inputs.position.open_orders = D(c.open_orders);
    const Proposal proposal = Propose(policy, inputs);
    const std::string outcome = proposal.why_not == WhyNot::kNone
                                    ? StrCat(proposal.wanted.ToString(), " ", proposal.quantity.ToString())
                                    : std::string(NameOf(proposal.why_not));
    EXPECT_EQ(outcome, c.outcome) << c.what;
    EXPECT_EQ(proposal.quantity.zero(), proposal.why_not != WhyNot::kNone) << c.what;
    EXPECT_NE(proposal.explanation, "") << c.what;
  }
}

// Each silence in the documented order: the world is put right from below, one reason after the other.
TEST(ProposalTest, EverySilenceSaysWhy) {
  ReplenishmentPolicy policy = Policy(PolicyKind::kPeriodic);
  policy.state = PolicyState::kPaused;
  ProposalInputs inputs = Inputs("500");
  const std::optional<Forecast> forecast = inputs.forecast;
  inputs.date = Day("2026-03-03");
  inputs.product_in_use = false;
  inputs.is_kit = true;
  inputs.pack_known = false;
  policy.pack_unit = "case";
  inputs.stock_known = false;
  inputs.forecast.reset();
  inputs.demand.periods = 11;
  inputs.demand.known_periods = 7;
  inputs.lead_time.reset();
  const struct {
    WhyNot why_not;
    const char* says;
    std::function<void()> put_right;
  } kSteps[] = {
      {WhyNot::kPolicyPaused, "partners/acme/replenishmentPolicies/bikes is paused",
       [&] { policy.state = PolicyState::kActive; }},
      {WhyNot::kProductNotInUse, "products/bike is not in use", [&] { inputs.product_in_use = true; }},
      {WhyNot::kProductIsKit, "products/bike is a kit, which has no stock of its own: its parts are ordered",
       [&] { inputs.is_kit = false; }},
      {WhyNot::kPackUnknown, "products/bike/units/case is no unit", [&] { inputs.pack_known = true; }},
      {WhyNot::kStockUnknown, "partners/acme never reported a sale, and its stock was never counted",
       [&] { inputs.stock_known = true; }},
      {WhyNot::kHistoryTooShort,
       "7 periods of 7 days are known, 8 are needed for a forecast; 4 more hold days that no report covers",
       [&] { inputs.forecast = forecast; }},
      {WhyNot::kLeadTimeUnknown, "fewer than 3 shipment lines", [&] { inputs.lead_time = Inputs("0").lead_time; }},
      {WhyNot::kNotAReviewDay, "2026-03-03 is no review day; the next one is 2026-03-09",
       [&] { inputs.date = Day("2026-03-09"); }},
      {WhyNot::kAtOrderUpToLevel,
       "inventory position 500 (500 on hand, 0 in transit, 0 in open orders, 0 accepted) has reached the level 93.424",
       [&] { inputs.position.on_hand = D("90"), policy.pack_size = D("12"), policy.max_level = D("93"); }},
      {WhyNot::kNoWholePack, "no whole pack of 12 fits", [&] { policy.max_level.reset(); }},
      {WhyNot::kNone,
       "90 on hand, 0 in transit, 0 in open orders, 0 accepted) is below the level 93.424: 3.424 wanted, 12 in whole "
       "packs",
       [] {}},
  };
  for (const auto& step : kSteps) {
    const Proposal proposal = Propose(policy, inputs);
    EXPECT_EQ(NameOf(proposal.why_not), NameOf(step.why_not));
    EXPECT_THAT(proposal.explanation, HasSubstr(step.says));
    step.put_right();
  }
  // What is worked out from demand of long ago says so.
  EXPECT_THAT(Propose(policy, inputs).explanation,
              HasSubstr("; stale: what was asked for after 2026-03-01 is not known"));
  inputs.demand.span.end = Day("2026-03-03");
  EXPECT_THAT(Propose(policy, inputs).explanation, ::testing::Not(HasSubstr("stale")));
  // The formula is shown also where nothing is suggested.
  EXPECT_TRUE(Propose(Policy(PolicyKind::kReorderPoint), Inputs("500")).terms.has_value());
}

// 7, 7, 13 days: mean 9, the root of ((4 + 4 + 16) / 2).
TEST(ProposalTest, TheLeadTimeIsStatedOrMeasured) {
  const LeadTimeSums product{.lines = 3, .days = 27, .squares = 49 + 49 + 169};
  const LeadTimeSums partner{.lines = 5, .days = 35, .squares = 245};
  ReplenishmentPolicy policy = Policy(PolicyKind::kReorderPoint);
  EXPECT_EQ(LeadTimeOf(policy, product, partner)->source, LeadTimeSource::kPolicy);
  EXPECT_EQ(LeadTimeOf(policy, {}, {})->mean_days, D("9"));
  policy.lead_time_days.reset();
  policy.lead_time_deviation_days.reset();
  EXPECT_EQ(LeadTimeOf(policy, product, partner), (LeadTime{.source = LeadTimeSource::kProductShipments,
                                                            .lines = 3,
                                                            .mean_days = D("9"),
                                                            .deviation_days = D("3.464102")}));
  EXPECT_EQ(
      LeadTimeOf(policy, {.lines = 2, .days = 14, .squares = 98}, partner),
      (LeadTime{
          .source = LeadTimeSource::kPartnerShipments, .lines = 5, .mean_days = D("7"), .deviation_days = D("0")}));
  EXPECT_FALSE(
      LeadTimeOf(policy, {.lines = 2, .days = 14, .squares = 98}, {.lines = 2, .days = 14, .squares = 98}).has_value());
}

TEST(ProposalTest, WhatWasAcceptedCountsUntilItIsShipped) {
  const AcceptedQuantity march{Day("2026-03-02"), D("50")};
  const AcceptedQuantity april{Day("2026-04-01"), D("30")};
  EXPECT_EQ(OnOrder({}, {{Day("2026-03-01"), D("9")}}), D("0"));
  EXPECT_EQ(OnOrder({march}, {}), D("50"));
  // Shipments of the day itself were part of the position that it was worked out from.
  EXPECT_EQ(OnOrder({march}, {{Day("2026-03-02"), D("9")}}), D("50"));
  EXPECT_EQ(OnOrder({march}, {{Day("2026-03-03"), D("9")}}), D("41"));
  // More than was accepted covers nothing that is accepted later; a return covers nothing.
  EXPECT_EQ(OnOrder({march, april}, {{Day("2026-03-03"), D("80")}, {Day("2026-04-03"), D("-5")}}), D("30"));
  EXPECT_EQ(OnOrder({march, april}, {{Day("2026-03-03"), D("20")}, {Day("2026-04-03"), D("40")}}), D("20"));
}

TEST(PolicyTest, TermsThatDoNotGoTogetherAreAllNamed) {
  const auto fields = [](const ReplenishmentPolicy& policy) {
    std::vector<std::string> names;
    const absl::Status status = CheckTerms(policy);
    for (const FieldViolation& violation : DetailOf(status).violations) names.push_back(violation.field);
    return names;
  };
  for (const PolicyKind kind : {PolicyKind::kReorderPoint, PolicyKind::kMinMax, PolicyKind::kPeriodic}) {
    EXPECT_OK(CheckTerms(Policy(kind)));
  }
  ReplenishmentPolicy policy = Policy(PolicyKind::kReorderPoint);
  policy.pack_size = D("12");
  EXPECT_THAT(fields(policy), ElementsAre("order_quantity"));
  policy.order_quantity.reset();
  policy.review_period_days = 7;
  policy.first_review_date = Day("2026-01-05");
  policy.lead_time_deviation_days.reset();
  policy.min_level = policy.max_level = D("10");
  policy.history_days = 55;
  EXPECT_THAT(fields(policy), ElementsAre("order_quantity", "review_period_days", "first_review_date",
                                          "lead_time_deviation_days", "max_level", "history_days"));
  policy = Policy(PolicyKind::kMinMax);
  policy.order_quantity = D("5");
  policy.max_level.reset();
  EXPECT_THAT(fields(policy), ElementsAre("order_quantity", "max_level"));
  policy = Policy(PolicyKind::kPeriodic);
  policy.review_period_days = 0;
  policy.first_review_date.reset();
  EXPECT_THAT(fields(policy), ElementsAre("review_period_days", "first_review_date"));
}

TEST(PolicyTest, ReviewDays) {
  const ReplenishmentPolicy policy = Policy(PolicyKind::kPeriodic);
  EXPECT_FALSE(IsReviewDay(policy, Day("2025-12-29")));
  EXPECT_TRUE(IsReviewDay(policy, Day("2026-01-05")));
  EXPECT_FALSE(IsReviewDay(policy, Day("2026-01-11")));
  EXPECT_TRUE(IsReviewDay(policy, Day("2026-01-12")));
  EXPECT_EQ(NextReviewDay(policy, Day("2025-12-29")), Day("2026-01-05"));
  EXPECT_EQ(NextReviewDay(policy, Day("2026-01-05")), Day("2026-01-12"));
  EXPECT_EQ(NextReviewDay(policy, Day("2026-01-11")), Day("2026-01-12"));
}

TEST(PolicyTest, IsPausedAndResumed) {
  const ReplenishmentPolicy policy = Policy(PolicyKind::kMinMax);
  EXPECT_THAT(Resume(policy, kNow), HasReason(Reason::kStateConflict));
  const auto paused = Pause(policy, kNow);
  ASSERT_OK(paused);
  EXPECT_EQ(paused->version, 2);
  EXPECT_THAT(Pause(*paused, kNow), HasReason(Reason::kStateConflict));
  EXPECT_EQ(Resume(*paused, kNow)->state, PolicyState::kActive);
}

TEST(SuggestionTest, IsReplacedUntilItIsDecided) {
  const ReplenishmentPolicy policy = Policy(PolicyKind::kReorderPoint);
  const Suggestion silent = Suggest(policy, Inputs("500"), nullptr, kNow);
  EXPECT_EQ(silent.state, SuggestionState::kSilent);
  EXPECT_THAT(Accept(silent, "", "", kNow), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Dismiss(silent, "", kNow), HasReason(Reason::kStateConflict));
  const Suggestion open = Suggest(policy, Inputs("10"), &silent, kNow + absl::Hours(1));
  EXPECT_EQ(open.state, SuggestionState::kOpen);
  EXPECT_EQ(open.uid, silent.uid);
  EXPECT_EQ(open.version, 2);
  EXPECT_EQ(open.create_time, kNow);
  const auto accepted = Accept(open, "", "PO-7", kNow + absl::Hours(2));
  ASSERT_OK(accepted);
  EXPECT_EQ(accepted->decision_note, "PO-7");
  EXPECT_FALSE(IsUndecided(accepted->state));
  EXPECT_THAT(Accept(*accepted, "", "", kNow), HasReason(Reason::kStateConflict));
  // Its order may be named later, once.
  const auto ordered = Accept(*accepted, "o1", "", kNow + absl::Hours(2));
  ASSERT_OK(ordered);
  EXPECT_EQ(ordered->state, SuggestionState::kAccepted);
  EXPECT_EQ(ordered->order, "o1");
  EXPECT_EQ(ordered->version, accepted->version + 1);
  EXPECT_THAT(Accept(*ordered, "o2", "", kNow), HasReason(Reason::kStateConflict));
  const auto taken_back = Dismiss(*accepted, "no room", kNow + absl::Hours(3));
  ASSERT_OK(taken_back);
  EXPECT_EQ(taken_back->state, SuggestionState::kDismissed);
  EXPECT_THAT(Dismiss(*taken_back, "", kNow), HasReason(Reason::kStateConflict));
}

TEST(SuggestionTest, IsOrderedByAnOrderOfTheProductForTheSite) {
  const Suggestion open = Suggest(Policy(PolicyKind::kReorderPoint), Inputs("10"), nullptr, kNow);
  Order order;
  order.partner = "acme";
  order.id = "o1";
  order.site = "main";
  order.lines = {{.line = 1, .product = "pump"}, {.line = 2, .product = "bike"}};
  for (const auto& [state, allowed] : {std::pair{OrderState::kDraft, false},
                                       {OrderState::kPlaced, true},
                                       {OrderState::kOnHold, true},
                                       {OrderState::kPartConfirmed, true},
                                       {OrderState::kConfirmed, true},
                                       {OrderState::kCanceled, false}}) {
    order.state = state;
    EXPECT_EQ(ReasonOf(CheckOrders(open, order, {})), allowed ? Reason::kUnspecified : Reason::kStateConflict)
        << NameOf(state);
  }
  order.state = OrderState::kPlaced;
  order.site = "east";
  EXPECT_THAT(CheckOrders(open, order, {}), Blames("order"));
  order.site = "main";
  order.lines.pop_back();
  EXPECT_THAT(CheckOrders(open, order, {}), Blames("order"));
  // Pumps come with bikes, or with bells.
  EXPECT_OK(CheckOrders(open, order, {{"pump", {{"bike", D("1")}}}}));
  EXPECT_THAT(CheckOrders(open, order, {{"pump", {{"bell", D("1")}}}}), Blames("order"));
}

TEST(SuggestionTest, IsStaleWhereDemandEndsMoreThanAPeriodBefore) {
  Suggestion suggestion{.date = Day("2026-03-08"), .demand = {.period_days = 7}};
  suggestion.demand.span.end = Day("2026-03-02");
  EXPECT_FALSE(suggestion.stale());
  suggestion.demand.span.end = Day("2026-03-01");
  EXPECT_TRUE(suggestion.stale());
}

}  // namespace
}  // namespace tributary::inventory
