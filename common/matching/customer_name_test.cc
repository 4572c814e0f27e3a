#include "common/matching/customer_name.h"

#include <algorithm>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::matching {
namespace {

using ::testing::ElementsAre;

TEST(CustomerNameTest, Keys) {
  struct Case {
    std::string name;
    std::string key;
  };
  const std::vector<Case> cases = {
      {"Acme", "acme"},
      {"ACME, Inc.", "acme"},
      {"Ａｃｍｅ　Ｌｔｄ", "acme"},
      {"Acme Co., Ltd.", "acme"},
      {"Acme Co.Ltd", "acme"},
      {"Acme (Pty) Ltd", "acme"},
      {"Acme Pte. Ltd.", "acme"},
      {"Acme GmbH & Co. KG", "acme"},
      {"Acme S.A.R.L.", "acme"},
      {"Acme Sp. z o.o.", "acme"},
      {"Acme Gesellschaft mit beschränkter Haftung", "acme"},
      {"Acme B. V.", "acme"},
      {"N.V.Acme Works", "acmeworks"},
      {"Acme Anonim Şirketi", "acme"},
      {"Société Anonyme Acme", "acme"},
      {"Ford Foundation", "fordfoundation"},
      {"Smith & Sons", "smithandsons"},
      {"Smith and Sons Limited", "smithandsons"},
      {"Smith & Co", "smith"},
      {"Macy's", "macys"},
      {"Macy’s, LLC", "macys"},
      {"AT&T Corp.", "atandt"},
      {"Bike World", "bikeworld"},
      {"Bike-World", "bikeworld"},
      {"BikeWorld", "bikeworld"},
      {"STRASSE AG", "strasse"},
      {"Straße AG", "strasse"},
      {"Müller SE", "müller"},
      {"Mu\xCC\x88ller SE", "müller"},  // composed from u and a mark
      {"Muller SE", "muller"},
      {"Co", "co"},
      {"Company Ltd", "company"},
      {"Limited Brands", "limitedbrands"},
      {"Incorporated Tools", "incorporatedtools"},
      {"臺灣水泥股份有限公司", "台湾水泥"},
      {"乾隆食品有限公司", "乾隆食品"},
      {"香港商雅虎資訊股份有限公司", "雅虎资讯"},
      {"上海渠成贸易有限公司", "上海渠成贸易"},
      {"上海 渠成 贸易 有限责任公司", "上海渠成贸易"},
      {"上海渠成贸易（有限公司）", "上海渠成贸易"},
      {"上海渠成贸易（股份）有限公司", "上海渠成贸易"},
      {"有限公司", "有限公司"},
      {"株式会社ブリヂストン", "ブリヂストン"},
      {"ブリヂストン株式会社", "ブリヂストン"},
      {"㈱ブリヂストン", "ブリヂストン"},
      {"ﾌﾞﾘﾁﾞｽﾄﾝ", "ブリヂストン"},
      {"주식회사 한빛", "한빛"},
      {"ООО Ромашка", "ромашка"},
      {"PT Astra", "astra"},
      {"3M Company", "3m"},
      {"③M", "3m"},
      {"So\xC2\xAD"
       "ft\xE2\x80\x8B"
       "ware Inc",
       "software"},  // soft hyphen, zero-width space
      {"", ""},
      {"!!!", "!!!"},
      {"？？", "??"},
      {"&", "&"},
      {"Acme &", "acme"},
      {"Ac\xFFme", "acme"},
  };
  for (const Case& c : cases) EXPECT_EQ(KeyOf(c.name).key, c.key) << c.name;
}

TEST(CustomerNameTest, SaysWhatItDid) {
  EXPECT_THAT(KeyOf("acme").folds, ElementsAre());
  EXPECT_THAT(KeyOf("ACME Co., Ltd.").folds, ElementsAre("folded case and width", "left out punctuation and spaces",
                                                         "left out the legal form 'coltd'"));
  EXPECT_THAT(KeyOf("臺灣水泥股份有限公司").folds,
              ElementsAre("read in simplified Chinese", "left out the legal form '股份有限公司'"));
}

TEST(CustomerNameTest, Same) {
  struct Case {
    std::string a, b;
    bool same;
  };
  for (const Case& c : std::vector<Case>{
           {"Contoso Ltd", "CONTOSO, LIMITED", true},
           {"Contoso Ltd", "Contoso Labs Ltd", false},
           {"臺灣水泥股份有限公司", "臺灣水泥", true},
           {"臺灣水泥", "台湾水泥", true},
           {"臺灣水泥", "臺灣水利", false},
           {"", "", false},
           {"!!", "!!", true},
           {"!!", "??", false},
       }) {
    EXPECT_EQ(SameName(c.a, c.b), c.same) << c.a << " / " << c.b;
    EXPECT_EQ(SameName(c.b, c.a), c.same) << c.b << " / " << c.a;
  }
}

// Names put together from pieces that each rule touches: the key of a key is the key, and decoration never tells names
// apart.
TEST(CustomerNameTest, DecorationNeverMatters) {
  const std::vector<std::string> stems = {"Nord", "Süd", "渠成", "ブリヂ", "Ab1", "Öl", "Quick", "Ромашка"};
  const std::vector<std::string> tails = {"", " Inc.", ", LLC", " GmbH", "有限公司", " Co., Ltd", " Ｌｔｄ"};
  const std::vector<std::string> gaps = {" ", "  ", "-", "\xE3\x80\x80", ", ", "/"};
  std::mt19937 random(20260701);
  const auto pick = [&random](const std::vector<std::string>& from) { return from[random() % from.size()]; };
  for (int i = 0; i < 2000; ++i) {
    const std::string first = pick(stems) + "x";
    const std::string second = pick(stems) + "y";
    const std::string name = first + pick(gaps) + second;
    const NameKey key = KeyOf(name);
    EXPECT_EQ(KeyOf(first + pick(gaps) + second + pick(tails)).key, key.key) << name;
    EXPECT_EQ(KeyOf(key.key).key, key.key) << name;
    EXPECT_NE(KeyOf(second + first + "z").key, key.key);
  }
}

}  // namespace
}  // namespace tributary::matching
