#include "common/matching/name_likeness.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace tributary::matching {
namespace {

TEST(NameLikenessTest, SaysByWhatNamesAreAlike) {
  struct Case {
    std::string a, b;
    NameRule rule;
    int least, most;
  };
  for (const Case& c : std::vector<Case>{
           {"Contoso Ltd", "CONTOSO, LIMITED", NameRule::kEqual, 1000, 1000},
           {"Ｃｏｎｔｏｓｏ　Ｌｔｄ", "Contoso", NameRule::kEqual, 1000, 1000},
           {"Deutsche Börse AG", "DEUTSCHE BOERSE", NameRule::kEqual, 1000, 1000},
           {"Nordic Intl. Mfg. Co", "Nordic International Manufacturing", NameRule::kEqual, 1000, 1000},
           {"臺灣水泥股份有限公司", "台湾水泥", NameRule::kEqual, 1000, 1000},
           {"D S M N. V.", "DSM NV, TE HEERLEN", NameRule::kWords, 900, 999},
           {"Contoso Lighting", "Contoso Ligthing", NameRule::kWords, 900, 999},
           {"Lighting Contoso", "Contoso Lighting", NameRule::kWords, 900, 999},
           {"Contoso Lighting", "ContosoLighting", NameRule::kEqual, 1000, 1000},
           {"Contoso", "Contoso Holland B.V., Veldhoven, NL", NameRule::kWords, 600, 900},
           {"Contoso Airlines", "Contoso Cement", NameRule::kWords, 500, 750},
           {"Fabrikam", "Contoso", NameRule::kNone, 0, 0},
           {"School 12", "School 13", NameRule::kWords, 0, 780},
           {"臺灣水泥股份有限公司", "台泥", NameRule::kShortName, 750, 990},
           {"京城商業銀行股份有限公司", "京城銀", NameRule::kShortName, 900, 990},
           {"臺灣水泥股份有限公司", "台積電", NameRule::kNone, 0, 0},
           {"IBM Corp", "International Business Machines", NameRule::kInitials, 780, 780},
           {"ООО Ромашка", "Romashka LLC", NameRule::kSound, 800, 999},
           {"台灣水泥", "Taiwan Shuini", NameRule::kSound, 780, 780},
           {"", "Contoso", NameRule::kNone, 0, 0},
           {"", "", NameRule::kNone, 0, 0},
           {"!!", "!!", NameRule::kEqual, 1000, 1000},
       }) {
    const NameLikeness likeness = Compare(NameParts(c.a), NameParts(c.b));
    EXPECT_EQ(likeness.rule, c.rule) << c.a << " / " << c.b << " by " << NameOf(likeness.rule);
    EXPECT_GE(likeness.permille, c.least) << c.a << " / " << c.b;
    EXPECT_LE(likeness.permille, c.most) << c.a << " / " << c.b;
    EXPECT_EQ(Compare(NameParts(c.b), NameParts(c.a)), likeness) << c.a << " / " << c.b;
  }
}

// The nearer of two wins.
TEST(NameLikenessTest, Orders) {
  struct Case {
    std::string name, near, far;
  };
  for (const Case& c : std::vector<Case>{
           {"台泥", "臺灣水泥股份有限公司", "臺灣水力發電股份有限公司"},
           {"南染", "南洋染整股份有限公司", "南亞塑膠工業股份有限公司"},
           {"Contoso", "Contoso Group", "Contoso Fabrikam"},
           {"Contoso Trading", "Contoso Trading Company Shanghai", "Fabrikam Trading"},
       }) {
    EXPECT_GT(Compare(NameParts(c.name), NameParts(c.near)).permille,
              Compare(NameParts(c.name), NameParts(c.far)).permille)
        << c.name;
  }
}

}  // namespace
}  // namespace tributary::matching
