#include "cli/verify/stack.h"

#include <functional>

#include "cli/verify/testing_billionths.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::cli::verify {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

StackedProgram Program(std::string name, ScaleShape shape, const char* rate, const char* amount) {
  StackedProgram program;
  program.name = std::move(name);
  program.terms.shape = shape;
  program.terms.tiers = {{0, B(rate), B(amount)}};
  return program;
}

// 72,000 and 100 units on two invoices: A 5 %; B 3 % net of A; C 25 a unit, at most 2,000, exclusive with B; A and B
// together at most 7.5 %. By hand: 3,600 and 2,052, of 5,652 the limit 5,400.
PlanInput Input() {
  PlanInput input;
  input.currency = "CNY";
  input.programs = {Program("a", ScaleShape::kFlat, "0.05", "0"), Program("b", ScaleShape::kFlat, "0.03", "0"),
                    Program("c", ScaleShape::kPerUnit, "0", "25")};
  input.programs[2].terms.cap = B("2000");
  input.edges = {{"b", "a"}};
  input.groups = {{"g", false, {{"b", 0}, {"c", 0}}}};
  input.caps = {{"most", {"a", "b"}, std::nullopt, B("0.075")}};
  const auto line = [](std::string fact, const char* amount, const char* units) {
    PlanLine one;
    one.fact = std::move(fact);
    for (const char* program : {"a", "b", "c"}) one.brought[program] = {B(amount), B(amount), B(units), B(units)};
    return one;
  };
  input.lines = {line("INV1", "64800", "90"), line("INV2", "7200", "10")};
  return input;
}

std::map<std::string, StackedResult> Claimed() {
  const Fraction factor{5400, 5652};
  std::map<std::string, StackedResult> claimed;
  claimed["a"] = {{}, {72000, 1}, {3600, 1}, {}, Times({3600, 1}, factor), 343949, {309554, 34395}};
  claimed["b"] = {{{"a", B("3600")}}, {68400, 1}, {2052, 1}, {}, Times({2052, 1}, factor), 196051, {176446, 19605}};
  claimed["c"] = {{}, {72000, 1}, {2000, 1}, {{"", "b"}}, {0, 1}, 0, {0, 0}};
  return claimed;
}

TEST(VerifyStackTest, AGoodClaimHasNoDifferences) { EXPECT_THAT(VerifyStack(Input(), Claimed()), IsEmpty()); }

TEST(VerifyStackTest, SaysWhatIsWrong) {
  using Claims = std::map<std::string, StackedResult>;
  const struct {
    const char* what;
    std::function<void(PlanInput* input, Claims* claims)> spoil;
    const char* difference;
  } kCases[] = {
      {"a deduction", [](PlanInput*, Claims* c) { c->at("b").net_of["a"] += 1; },
       "b.net_of: stated a 3600.000000001, worked out a 3600"},
      {"a deduction left out", [](PlanInput*, Claims* c) { c->at("b").net_of.clear(); },
       "b.net_of: stated none, worked out a 3600"},
      {"a base",
       [](PlanInput*, Claims* c) {
         c->at("b").base = {72000, 1};
       },
       "b.base: stated 72000, worked out 68400"},
      {"more units than paid",
       [](PlanInput*, Claims* c) {
         c->at("c").own = {2050, 1};
       },
       "c.own: stated 2050, worked out 2000"},
      {"the loser", [](PlanInput*, Claims* c) { c->at("c").lost.clear(); },
       "c.lost: stated none, worked out the period to b"},
      {"a factor",
       [](PlanInput*, Claims* c) {
         c->at("a").exact = {3600, 1};
       },
       "a.exact: stated 3600, worked out"},
      {"a cent", [](PlanInput*, Claims* c) { c->at("b").minor = 196050; }, "b.minor: stated 196050, worked out 196051"},
      {"a cent on another line",
       [](PlanInput*, Claims* c) {
         c->at("a").shares = {309555, 34394};
       },
       "a.shares: stated 309555, 34394, worked out 309554, 34395"},
      {"a program left out", [](PlanInput*, Claims* c) { c->erase("c"); }, "c: not stated"},
      {"a program too many", [](PlanInput*, Claims* c) { (*c)["d"] = {}; }, "d: no program of the plan"},
      {"a line changed", [](PlanInput* i, Claims*) { i->lines[0].brought["a"].earning += 1; }, "a.base"},
      {"a rate changed", [](PlanInput* i, Claims*) { i->programs[0].terms.tiers[0].rate += 1; }, "a.own"},
      {"a priority does not decide",
       [](PlanInput* i, Claims* c) {
         i->groups[0].members["c"] = 9;
         c->at("b").minor = 1;
       },
       "b.minor"},
      {"a circle",
       [](PlanInput* i, Claims*) {
         i->edges.push_back({"a", "c"});
       },
       "goes in circles"},
      {"a stranger",
       [](PlanInput* i, Claims*) {
         i->edges.push_back({"a", "q"});
       },
       "programs that it has not"},
  };
  for (const auto& c : kCases) {
    PlanInput input = Input();
    Claims claims = Claimed();
    c.spoil(&input, &claims);
    EXPECT_THAT(VerifyStack(input, claims), ::testing::Contains(HasSubstr(c.difference))) << c.what;
  }
}

// L1 600, L2 400: A 10 % on L1; B 5 % on both, net of A; C 8 % on L2, exclusive with B line by line.
TEST(VerifyStackTest, ComparesLineByLine) {
  PlanInput input;
  input.currency = "CNY";
  input.programs = {Program("a", ScaleShape::kFlat, "0.1", "0"), Program("b", ScaleShape::kFlat, "0.05", "0"),
                    Program("c", ScaleShape::kFlat, "0.08", "0")};
  input.edges = {{"b", "a"}};
  input.groups = {{"g", true, {{"b", 0}, {"c", 0}}}};
  input.lines.resize(2);
  input.lines[0] = {"L1", "", {{"a", {B("600"), B("600")}}, {"b", {B("600"), B("600")}}}};
  input.lines[1] = {"L2", "", {{"b", {B("400"), B("400")}}, {"c", {B("400"), B("400")}}}};
  const auto worked = WorkOutStack(input);
  ASSERT_TRUE(worked.has_value());
  EXPECT_EQ(worked->at("a").minor, 6000);
  EXPECT_EQ(worked->at("b").minor, 2700);
  EXPECT_EQ(worked->at("c").minor, 3200);
  EXPECT_EQ(worked->at("b").lost.at("L2"), "c");
  EXPECT_THAT(worked->at("b").shares, ElementsAre(2700, 0));
}

}  // namespace
}  // namespace tributary::cli::verify
