#include "conflict-service/remedies/remedy.h"

#include "common/status/status_matchers.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const absl::Time kAsked = absl::FromUnixSeconds(1780000000);
const std::vector<std::string> kParties = {"partners/p1", "partners/p2"};

Money Yuan(const char* amount) { return {"CNY", *Decimal::Parse(amount)}; }

RemedyMeasure Clawback(const char* amount, const char* partner = "partners/p1") {
  return {.kind = RemedyKind::kClawback, .partner = partner, .amount = Yuan(amount), .reason = "Diverted"};
}
RemedyMeasure Warning(const char* partner = "partners/p1") {
  return {.kind = RemedyKind::kWarning, .partner = partner, .reason = "Do not do it again"};
}
RemedyMeasure Split(const char* amount, std::vector<RemedyShare> shares) {
  return {.kind = RemedyKind::kSplitCredit, .amount = Yuan(amount), .shares = std::move(shares), .reason = "Shared"};
}

RemedyMeasure Reassign(const char* recipient = "partners/p9") {
  return {.kind = RemedyKind::kReassignTerritory,
          .partner = "partners/p1",
          .reason = "Not looked after",
          .territory_grant = "partners/p1/territoryGrants/home",
          .recipient = recipient,
          .effective_from = *Date::Parse("2026-07-01")};
}

// A remedy of so many steps, begun.
Remedy Begun(int steps) {
  const std::vector<RemedyMeasure> measures(steps, Clawback("1"));
  Remedy remedy{.case_id = "f", .number = 1, .steps = *Plan(measures, kParties, std::nullopt)};
  Derive(&remedy);
  return remedy;
}

std::string StatesOf(const Remedy& remedy) {
  std::string text = StrCat(NameOf(remedy.state), ":");
  for (const RemedyStep& step : remedy.steps) StrAppend(&text, " ", NameOf(step.state));
  return text;
}

// "1a" applied, "2r" refused, "1c" compensated.
RemedyAnswer AnswerOf(const std::string& text) {
  const int order = text[0] - '0';
  if (text[1] == 'a') return {.order = order, .reply = RemedyReply::kApplied, .result = StrCat("made-", order)};
  if (text[1] == 'r') return {.order = order, .reply = RemedyReply::kRefused, .note = StrCat("because-", order)};
  return {.order = order, .reply = RemedyReply::kCompensated, .result = StrCat("back-", order)};
}

TEST(RemedyTest, IsWhereItsAnswersPutIt) {
  const struct {
    int steps;
    std::vector<std::string> answers;
    std::string states;
  } kTable[] = {
      {1, {}, "RUNNING: ORDERED"},
      {3, {}, "RUNNING: ORDERED WAITING WAITING"},
      {3, {"1a"}, "RUNNING: APPLIED ORDERED WAITING"},
      {3, {"1a", "2a"}, "RUNNING: APPLIED APPLIED ORDERED"},
      {3, {"1a", "2a", "3a"}, "APPLIED: APPLIED APPLIED APPLIED"},
      {3, {"1r"}, "COMPENSATED: REFUSED SKIPPED SKIPPED"},
      {3, {"1a", "2r"}, "RUNNING: COMPENSATING REFUSED SKIPPED"},
      {3, {"1a", "2r", "1c"}, "COMPENSATED: COMPENSATED REFUSED SKIPPED"},
      {3, {"1a", "2a", "3r"}, "RUNNING: APPLIED COMPENSATING REFUSED"},
      {3, {"1a", "2a", "3r", "2c"}, "RUNNING: COMPENSATING COMPENSATED REFUSED"},
      {3, {"1a", "2a", "3r", "2c", "1c"}, "COMPENSATED: COMPENSATED COMPENSATED REFUSED"},
      // What nobody should answer, and the worst of it: what has an effect is taken back.
      {2, {"1a", "1r"}, "RUNNING: COMPENSATING SKIPPED"},
      {2, {"1r", "2a"}, "RUNNING: REFUSED COMPENSATING"},
      {2, {"0a", "3a", "1a"}, "RUNNING: APPLIED ORDERED"},
  };
  for (const auto& row : kTable) {
    SCOPED_TRACE(StrJoin(row.answers, " "));
    Remedy remedy = Begun(row.steps);
    for (const std::string& answer : row.answers) remedy = Take(remedy, AnswerOf(answer), kAsked).value_or(remedy);
    EXPECT_EQ(StatesOf(remedy), row.states);
  }
}

TEST(RemedyTest, KeepsWhatCameWithItsAnswers) {
  std::optional<Remedy> remedy = Take(Begun(2), AnswerOf("1a"), kAsked);
  ASSERT_TRUE(remedy.has_value());
  EXPECT_EQ(remedy->version, 2);
  EXPECT_EQ(remedy->update_time, kAsked);
  EXPECT_EQ(remedy->steps[0].result, "made-1");
  EXPECT_FALSE(Take(*remedy, AnswerOf("1a"), kAsked).has_value()) << "twice is once";
  EXPECT_FALSE(Take(*remedy, AnswerOf("9a"), kAsked).has_value());
  remedy = Take(*Take(*remedy, AnswerOf("2r"), kAsked), AnswerOf("1c"), kAsked);
  ASSERT_TRUE(remedy.has_value());
  EXPECT_EQ(remedy->steps[0].compensation, "back-1");
  EXPECT_EQ(remedy->steps[1].note, "because-2");
}

// SCENARIOS: 70/30 of 2,000.00; clawbacks of 2,800.00 and 450.00 and a warning.
TEST(RemedyTest, PlansStepsThatSumExactly) {
  const auto split =
      Plan({Split("2000", {{"partners/p2", Decimal::FromInt(70)}, {"partners/p1", Decimal::FromInt(30)}})}, kParties,
           std::nullopt);
  ASSERT_OK(split);
  ASSERT_EQ(split->size(), 2u);
  EXPECT_EQ(split->at(0).partner, "partners/p2");
  EXPECT_EQ(split->at(0).amount, 140000);
  EXPECT_EQ(split->at(0).state, StepState::kOrdered);
  EXPECT_EQ(split->at(1).amount, 60000);
  EXPECT_EQ(split->at(1).state, StepState::kWaiting);
  const auto uneven =
      Plan({Split("0.05", {{"partners/p1", Decimal::FromInt(1)}, {"partners/p2", Decimal::FromInt(1)}})}, kParties,
           std::nullopt);
  ASSERT_OK(uneven);
  EXPECT_EQ(uneven->at(0).amount, 3);
  EXPECT_EQ(uneven->at(1).amount, 2);

  const auto steps =
      Plan({Clawback("2800.00"), Clawback("450", "partners/p2"), Warning()}, kParties, Decimal::FromInt(35));
  ASSERT_OK(steps);
  ASSERT_EQ(steps->size(), 3u);
  EXPECT_EQ(steps->at(0).amount, -280000);
  EXPECT_EQ(steps->at(0).units, Decimal::FromInt(35)) << "the lower bound";
  EXPECT_EQ(steps->at(1).amount, -45000);
  EXPECT_EQ(steps->at(2).amount, 0);
  EXPECT_EQ(steps->at(2).currency, "");
  EXPECT_EQ(steps->at(2).units, std::nullopt);
}

// R18: what is clawed back of a partner, in however many measures and remedies, rests on the lower bound once.
TEST(RemedyTest, ClawbacksOfAPartnerTogetherRestOnTheLowerBound) {
  const Decimal bound = Decimal::FromInt(35);
  RemedyMeasure twenty = Clawback("1"), fifteen = Clawback("1"), sixteen = Clawback("1");
  twenty.units = Decimal::FromInt(20);
  fifteen.units = Decimal::FromInt(15);
  sixteen.units = Decimal::FromInt(16);
  const auto units = [&](const std::vector<RemedyMeasure>& measures, std::map<std::string, Decimal> before) {
    const auto steps = Plan(measures, kParties, bound, std::move(before));
    if (!steps.ok()) return std::string(steps.status().message());
    std::string text;
    for (const RemedyStep& step : *steps) StrAppend(&text, text.empty() ? "" : " ", step.units->ToString());
    return text;
  };
  const std::map<std::string, Decimal> taken = {{"partners/p1", Decimal::FromInt(20)}};
  EXPECT_EQ(units({twenty, fifteen}, {}), "20 15");
  EXPECT_EQ(units({twenty, Clawback("1")}, {}), "20 15") << "what is left";
  EXPECT_THAT(
      units({twenty, sixteen}, {}),
      HasSubstr("measures[1].units: got '16', want at most 15: of the lower bound of the mass balance, 35, 20 are "
                "clawed back already"));
  EXPECT_THAT(units({Clawback("1"), Clawback("1")}, {}), HasSubstr("want no CLAWBACK"));
  EXPECT_EQ(units({fifteen}, taken), "15");
  EXPECT_EQ(units({Clawback("1")}, taken), "15");
  EXPECT_THAT(units({sixteen}, taken), HasSubstr("at most 15"));
  EXPECT_EQ(units({Clawback("1", "partners/p2")}, taken), "35") << "of another partner";
  EXPECT_THAT(units({Clawback("1")}, {{"partners/p1", Decimal::FromInt(40)}}), HasSubstr("40 are clawed back already"))
      << "the bound has come down since";
  RemedyMeasure fine = Clawback("1");
  fine.kind = RemedyKind::kPenalty;
  fine.units = bound;
  EXPECT_EQ(units({fine}, taken), "35") << "a fine takes nothing back";
}

TEST(RemedyTest, WhatIsCompensatedIsNotClawedBack) {
  const auto of = [](RemedyState state, const char* partner, int units) {
    return Remedy{.case_id = "f",
                  .state = state,
                  .steps = {{.kind = RemedyKind::kClawback, .partner = partner, .units = Decimal::FromInt(units)},
                            {.kind = RemedyKind::kPenalty, .partner = partner, .units = Decimal::FromInt(1000)},
                            {.kind = RemedyKind::kClawback, .partner = partner}}};
  };
  const std::map<std::string, Decimal> want = {{"partners/p1", Decimal::FromInt(13)},
                                               {"partners/p2", Decimal::FromInt(7)}};
  EXPECT_EQ(
      UnitsClawedBack({of(RemedyState::kApplied, "partners/p1", 3), of(RemedyState::kRunning, "partners/p1", 10),
                       of(RemedyState::kCompensated, "partners/p1", 100), of(RemedyState::kApplied, "partners/p2", 7)}),
      want);
}

TEST(RemedyTest, PlansAReassignmentAsOneStep) {
  const auto steps = Plan({Reassign(), Reassign("")}, kParties, Decimal());
  ASSERT_OK(steps);
  ASSERT_EQ(steps->size(), 2u);
  const RemedyStep& step = steps->at(0);
  EXPECT_EQ(step.kind, RemedyKind::kReassignTerritory);
  EXPECT_EQ(step.state, StepState::kOrdered);
  EXPECT_EQ(step.currency, "");
  ASSERT_TRUE(step.territory.has_value());
  EXPECT_EQ(step.territory->territory_grant, "partners/p1/territoryGrants/home");
  EXPECT_EQ(step.territory->recipient, "partners/p9") << "party or not";
  EXPECT_EQ(step.territory->effective_from, *Date::Parse("2026-07-01"));
  EXPECT_EQ(steps->at(1).territory->recipient, "");
}

TEST(RemedyTest, RolesAreAStepEachAndAPriceActionIsPending) {
  RemedyMeasure roles{.kind = RemedyKind::kClarifyRoles, .reason = "Clear now"};
  roles.roles = {{"partners/p2", "hospitals"}, {"partners/p1", "schools"}};
  RemedyMeasure action{.kind = RemedyKind::kPriceAction, .partner = "partners/p1", .reason = "Too low"};
  action.price_rule = "priceRules/bike";
  action.due_on = *Date::Parse("2026-07-01");
  const auto steps = Plan({roles, action}, kParties, Decimal::FromInt(35));
  ASSERT_OK(steps);
  ASSERT_EQ(steps->size(), 3u);
  EXPECT_EQ(steps->at(0).partner, "partners/p2");
  EXPECT_EQ(steps->at(0).role, "hospitals");
  EXPECT_EQ(steps->at(1).role, "schools");
  EXPECT_EQ(steps->at(1).currency, "") << "no money";
  ASSERT_TRUE(steps->at(2).price.has_value());
  EXPECT_EQ(steps->at(2).role, "");
  EXPECT_EQ(steps->at(2).price->due_on, *Date::Parse("2026-07-01"));
  EXPECT_EQ(steps->at(2).price->follow_up, FollowUp::kPending);
}

TEST(RemedyTest, RefusesMeasuresThatAreNotAsTheyMustBe) {
  RemedyMeasure named = Clawback("1");
  named.program = "growth";
  RemedyMeasure few = Clawback("1"), none = Clawback("1");
  few.units = Decimal::FromInt(36);
  none.units = Decimal();
  RemedyMeasure fined = Warning();
  fined.amount = Yuan("1");
  RemedyMeasure both = Split("1", {{"partners/p1", Decimal::FromInt(1)}});
  both.partner = "partners/p1";
  RemedyMeasure foreign = Clawback("1");
  foreign.amount->currency = "XXZ";
  RemedyMeasure free = Clawback("1");
  free.amount.reset();
  RemedyMeasure paid = Reassign(), whose = Reassign(), dateless = Reassign(), homeless = Warning(), dated = Warning(),
                given = Warning();
  paid.amount = Yuan("1");
  whose.territory_grant = "partners/p2/territoryGrants/home";
  dateless.effective_from.reset();
  homeless.territory_grant = "partners/p1/territoryGrants/home";
  given.recipient = "partners/p2";
  dated.effective_from = *Date::Parse("2026-07-01");
  RemedyMeasure roles{.kind = RemedyKind::kClarifyRoles, .reason = "Clear now"};
  roles.roles = {{"partners/p1", "schools"}, {"partners/p1", "hospitals"}};
  RemedyMeasure owned = roles, roleless = roles, played = Warning(), foreign_role = roles;
  owned.partner = "partners/p1";
  roleless.roles.clear();
  played.roles = roles.roles;
  foreign_role.roles[0].partner = "partners/p3";
  RemedyMeasure action{.kind = RemedyKind::kPriceAction, .partner = "partners/p1", .reason = "Too low"};
  RemedyMeasure dueless = action, ruled = Warning(), due = Warning();
  action.due_on = due.due_on = *Date::Parse("2026-07-01");
  dueless.price_rule = ruled.price_rule = "priceRules/bike";
  const struct {
    RemedyMeasure measure;
    const char* field;
    const char* want;
  } kTable[] = {
      {roles, "measures[0].roles[1].partner", "each partner once"},
      {owned, "measures[0].partner", "none of a CLARIFY_ROLES"},
      {roleless, "measures[0].roles", "at least one"},
      {played, "measures[0].roles", "of CLARIFY_ROLES alone"},
      {foreign_role, "measures[0].roles[0].partner", "one of"},
      {action, "measures[0].price_rule", "priceRules/{price_rule}"},
      {dueless, "measures[0].due_date", "a day"},
      {ruled, "measures[0].price_rule", "of PRICE_ACTION alone"},
      {due, "measures[0].due_date", "of PRICE_ACTION alone"},
      {{.partner = "partners/p1", .amount = Yuan("1")}, "measures[0].kind", "CLAWBACK, PENALTY"},
      {Clawback("1", "partners/p3"), "measures[0].partner", "one of partners/p1, partners/p2"},
      {Clawback("0"), "measures[0].amount", "above 0"},
      {Clawback("-1"), "measures[0].amount", "above 0"},
      {Clawback("0.001"), "measures[0].amount", "at most 2 decimals"},
      {free, "measures[0].amount", "an amount"},
      {foreign, "measures[0].amount.currency_code", "ISO 4217"},
      {named, "measures[0].program", "programs/{program}"},
      {few, "measures[0].units", "at most 35, the lower bound of the mass balance"},
      {none, "measures[0].units", "above 0"},
      {fined, "measures[0].amount", "none of a WARNING"},
      {both, "measures[0].partner", "none of a SPLIT_CREDIT"},
      {Split("1", {}), "measures[0].shares", "at least one"},
      {Split("1", {{"partners/p1", Decimal()}}), "measures[0].shares[0].weight", "above 0"},
      {Split("1", {{"partners/p3", Decimal::FromInt(1)}}), "measures[0].shares[0].partner", "one of"},
      {Split("1", {{"partners/p1", Decimal::FromInt(1)}, {"partners/p1", Decimal::FromInt(1)}}),
       "measures[0].shares[1].partner", "each partner once"},
      {Split("0.01", {{"partners/p1", Decimal::FromInt(1)}, {"partners/p2", Decimal::FromInt(1)}}),
       "measures[0].shares[1].weight", "the smallest unit"},
      {paid, "measures[0].amount", "none of a REASSIGN_TERRITORY"},
      {whose, "measures[0].territory_grant", "a territory grant of the partner's"},
      {dateless, "measures[0].effective_from", "a day"},
      {Reassign("partners/p1"), "measures[0].recipient", "another partner"},
      {Reassign("p2"), "measures[0].recipient", "partners/{partner}"},
      {homeless, "measures[0].territory_grant", "of REASSIGN_TERRITORY alone"},
      {given, "measures[0].recipient", "of REASSIGN_TERRITORY alone"},
      {dated, "measures[0].effective_from", "of REASSIGN_TERRITORY alone"},
  };
  for (const auto& row : kTable) {
    const auto steps = Plan({row.measure}, kParties, Decimal::FromInt(35));
    EXPECT_THAT(steps, HasReason(Reason::kInvalidField)) << row.field;
    EXPECT_THAT(steps, Blames(row.field)) << row.want;
    EXPECT_THAT(std::string(steps.status().message()), HasSubstr(row.want));
  }
  const auto all = Plan({Clawback("0"), Clawback("1"), Warning("partners/p9")}, kParties, std::nullopt);
  std::vector<std::string> fields;
  for (const FieldViolation& violation : DetailOf(all.status()).violations) fields.push_back(violation.field);
  EXPECT_THAT(fields, ElementsAre("measures[0].amount", "measures[2].partner"));
}

TEST(RemedyTest, FollowsAConfirmedDecision) {
  const struct {
    CaseState state;
    Outcome outcome;
    bool allowed;
  } kTable[] = {
      {CaseState::kOpen, Outcome::kNone, false},          {CaseState::kTriaged, Outcome::kNone, false},
      {CaseState::kInMediation, Outcome::kNone, false},   {CaseState::kResolved, Outcome::kConfirmed, true},
      {CaseState::kResolved, Outcome::kUnfounded, false}, {CaseState::kClosed, Outcome::kConfirmed, false},
      {CaseState::kReopened, Outcome::kNone, false},
  };
  for (const auto& row : kTable) {
    const absl::Status status = CheckRemediable({.id = "f", .state = row.state, .outcome = row.outcome});
    EXPECT_EQ(status.ok(), row.allowed) << NameOf(row.state);
    EXPECT_EQ(ReasonOf(status), row.allowed ? Reason::kUnspecified : Reason::kStateConflict);
  }
}

}  // namespace
}  // namespace tributary::conflict
