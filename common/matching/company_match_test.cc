#include "common/matching/company_match.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::matching {
namespace {

using ::testing::SizeIs;

TEST(CompanyMatchTest, Decisions) {
  struct Case {
    CompanyDescription a, b;
    Decision decision;
    DecisionRule rule;
  };
  for (const Case& c : std::vector<Case>{
           {{{"Contoso Ltd"}}, {{"CONTOSO LIMITED"}}, Decision::kSame, DecisionRule::kEvidence},
           {{{"Contoso Ltd"}}, {{"Fabrikam Ltd"}}, Decision::kDifferent, DecisionRule::kEvidence},
           {{{"臺灣水泥股份有限公司"}}, {{"台泥"}}, Decision::kPossible, DecisionRule::kEvidence},
           {{{"臺灣水泥股份有限公司"}, {}, {"www.taiwancement.example"}},
            {{"台泥"}, {}, {"sales@taiwancement.example"}},
            Decision::kSame,
            DecisionRule::kEvidence},
           {{{"Contoso"}, {"DE136695976"}},
            {{"Fabrikam"}, {"DE 136 695 976"}},
            Decision::kSame,
            DecisionRule::kTaxIdEqual},
           {{{"Contoso"}, {"DE136695976"}},
            {{"Contoso"}, {"DE811569869"}},
            Decision::kPossible,
            DecisionRule::kTaxIdsDiffer},
           {{{"International Business Machines"}}, {{"IBM"}}, Decision::kPossible, DecisionRule::kEvidence},
           {{{"台灣水泥"}}, {{"Taiwan Shuini"}}, Decision::kPossible, DecisionRule::kEvidence},
           {{{"Holding"}}, {{"Holdings Ltd"}}, Decision::kPossible, DecisionRule::kEvidence},
           {{{"Contoso"}, {}, {}, {"020 7946 0000"}, {"12 Quay Street"}},
            {{"Contoso Bristol"}, {}, {}, {"+44 20 7946 0000"}, {"12 Quay St"}},
            Decision::kSame,
            DecisionRule::kEvidence},
           {{}, {}, Decision::kDifferent, DecisionRule::kEvidence},
       }) {
    const CompanyMatch match = Compare(c.a, c.b);
    const std::string name = c.a.names.empty() ? "nothing" : c.a.names[0] + " / " + c.b.names[0];
    EXPECT_EQ(match.decision, c.decision) << name << ": " << match.centibans;
    EXPECT_EQ(match.rule, c.rule) << name;
    EXPECT_EQ(Compare(c.b, c.a).decision, c.decision) << name;
  }
}

TEST(CompanyMatchTest, SaysWhatSpokeForIt) {
  const CompanyMatch match = Compare({{"Contoso Ltd", "Contoso Lighting"}, {"DE136695976"}, {"contoso.example"}},
                                     {{"CONTOSO"}, {"DE136695976"}, {"fabrikam.example"}, {"1234567"}});
  ASSERT_THAT(match.features, SizeIs(3));
  EXPECT_EQ(match.features[0], (FeatureMatch{Feature::kName, "Contoso Ltd", "CONTOSO", 1000, NameRule::kEqual, 550}));
  EXPECT_EQ(match.features[1].feature, Feature::kTaxId);
  EXPECT_EQ(match.features[1].centibans, 900);
  EXPECT_EQ(match.features[2].centibans, -30);
  EXPECT_EQ(match.centibans, 550 + 900 - 30);
}

TEST(CompanyMatchTest, ALikenessOfNamesIsJudgedAsTheNamesAre) {
  const std::vector<std::string> names = {
      "Contoso Ltd",  "CONTOSO",  "Contoso Lighting", "International Business Machines",
      "IBM",          "台灣水泥", "Taiwan Shuini",    "臺泥",
      "臺灣水泥公司", "Holding",  "Holdings Ltd",     "Contozo"};
  for (const std::string& a : names) {
    for (const std::string& b : names) {
      const CompanyMatch whole = Compare(CompanyDescription{.names = {a}}, CompanyDescription{.names = {b}});
      const CompanyMatch by_likeness = MatchOfNames(Compare(NameParts(a), NameParts(b)));
      EXPECT_EQ(by_likeness.decision, whole.decision) << a << " / " << b;
      EXPECT_EQ(by_likeness.rule, whole.rule) << a << " / " << b;
      EXPECT_EQ(by_likeness.centibans, whole.centibans) << a << " / " << b;
    }
  }
}

}  // namespace
}  // namespace tributary::matching
