#include "partner-service/agreements/agreement_terms.h"

#include "common/digest/sha256.h"
#include "common/status/status_matchers.h"
#include "gtest/gtest.h"
#include "partner-service/agreements/agreement.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;

AgreementTerms Full() {
  return {.price_list = "priceLists/cn-2026",
          .programs = {"programs/quarterly-volume", "programs/growth"},
          .after_sales_duties = {"Repairs within 48 hours.", "A spare part of each kind on stock."},
          .regions = {"regions/cn-50", "regions/cn-51"},
          .product_lines = {"productLines/drives"},
          .exclusivity = Exclusivity::kExclusive,
          .rights = {"The use of the trade mark in advertising."},
          .breach = "Sales outside the territory end this agreement.",
          .disputes = "The court at the vendor's seat decides.",
          .termination_notice_days = 90};
}
const AgreementHead kHead{.title = "Cooperation 2026",
                          .party = "江南精工仪器股份有限公司",
                          .partner = "partners/p-1",
                          .effective = {*Date::Parse("2026-01-01"), *Date::Parse("2027-01-01")}};

// A signature names the hash of these bytes: what differs here is another template.
TEST(AgreementTextTest, InEnglish) {
  EXPECT_EQ(WriteText(kHead, Full(), AgreementLanguage::kEnglish), R"(Cooperation 2026

1. Parties and term
This agreement is between the vendor and 江南精工仪器股份有限公司 (partners/p-1). It is in force from 2026-01-01 until before 2027-01-01.

2. Prices
Prices are those of priceLists/cn-2026.

3. Programs
The partner takes part in programs/quarterly-volume, programs/growth.

4. After-sales duties
4.1 Repairs within 48 hours.
4.2 A spare part of each kind on stock.

5. Territory
The partner may sell productLines/drives in regions/cn-50, regions/cn-51. Nobody else is granted this.

6. Rights
6.1 The use of the trade mark in advertising.

7. Breach
Sales outside the territory end this agreement.

8. Disputes
The court at the vendor's seat decides.

9. Termination
This agreement may be ended by a notice of 90 days.
)");
}

TEST(AgreementTextTest, InChinese) {
  AgreementTerms terms = Full();
  terms.after_sales_duties = {"接到通知后48小时内维修。"};
  terms.rights.clear();
  terms.breach = "";
  EXPECT_EQ(WriteText(kHead, terms, AgreementLanguage::kChinese), R"(Cooperation 2026

1、双方与期限
本协议由供应商与江南精工仪器股份有限公司（partners/p-1）订立，自2026-01-01起生效，至2027-01-01（不含该日）止。

2、价格
价格以priceLists/cn-2026为准。

3、激励方案
合作伙伴参加programs/quarterly-volume、programs/growth。

4、售后义务
4.1　接到通知后48小时内维修。

5、区域与排他性
合作伙伴可在regions/cn-50、regions/cn-51销售productLines/drives。供应商不再授予他人。

6、权利
除上述约定外，合作伙伴无其他权利。

7、违约责任
适用法律规定。

8、争议解决
The court at the vendor's seat decides.

9、终止
本协议可提前90天通知终止。
)");
}

TEST(AgreementTextTest, TheHashesStay) {
  const AgreementTerms none;
  const AgreementHead open{.title = "T", .party = "P", .partner = "partners/p", .effective = {Date(), OpenEnd()}};
  struct Case {
    AgreementHead head;
    AgreementTerms terms;
    AgreementLanguage language;
    const char* sha256;
  };
  const Case cases[] = {
      {kHead, Full(), AgreementLanguage::kEnglish, "9f4cbea40243dd67c6d43598906c0db24a9f423471ce89df6c93ca6c2e1f6e7e"},
      {kHead, Full(), AgreementLanguage::kChinese, "77d561d0fdffe0c0319ef5e38e6d0e47de3e8732f39aa8c09e739831e7401f68"},
      {open, none, AgreementLanguage::kEnglish, "9e382a26a6f4d5a06b23d7c58f2a091acf1fc9c0a7b18e4194e1637abc39ce37"},
      {open, none, AgreementLanguage::kChinese, "f8055cb902dd41616c219d6bfb5f59c9670de4b35eacfa8cfa0dc6725fd76aa9"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Sha256Hex(WriteText(c.head, c.terms, c.language)), c.sha256) << WriteText(c.head, c.terms, c.language);
  }
}

TEST(AgreementTextTest, EveryFieldIsInTheText) {
  const std::string text = WriteText(kHead, Full(), AgreementLanguage::kEnglish);
  const auto differs = [&](auto change) {
    AgreementTerms terms = Full();
    change(terms);
    return WriteText(kHead, terms, AgreementLanguage::kEnglish) != text;
  };
  EXPECT_FALSE(differs([](AgreementTerms&) {}));
  EXPECT_TRUE(differs([](AgreementTerms& t) { t.price_list = ""; }));
  EXPECT_TRUE(differs([](AgreementTerms& t) { t.programs.pop_back(); }));
  EXPECT_TRUE(differs([](AgreementTerms& t) { t.after_sales_duties.pop_back(); }));
  EXPECT_TRUE(differs([](AgreementTerms& t) { t.regions.pop_back(); }));
  EXPECT_TRUE(differs([](AgreementTerms& t) { t.product_lines.clear(); }));
  EXPECT_TRUE(differs([](AgreementTerms& t) { t.exclusivity = Exclusivity::kNonExclusive; }));
  EXPECT_TRUE(differs([](AgreementTerms& t) { t.exclusivity = Exclusivity::kHelper; }));
  EXPECT_TRUE(differs([](AgreementTerms& t) { t.rights.clear(); }));
  EXPECT_TRUE(differs([](AgreementTerms& t) { t.breach += "."; }));
  EXPECT_TRUE(differs([](AgreementTerms& t) { t.disputes = ""; }));
  EXPECT_TRUE(differs([](AgreementTerms& t) { t.termination_notice_days = 0; }));
}

TEST(AgreementTermsTest, EveryFaultIsNamed) {
  const auto faults = [](const AgreementTerms& terms) {
    std::vector<FieldViolation> violations;
    CheckTerms(terms, "terms", &violations);
    std::vector<std::string> fields;
    for (const FieldViolation& violation : violations) fields.push_back(violation.field);
    return fields;
  };
  EXPECT_THAT(faults(Full()), ElementsAre());
  EXPECT_THAT(faults({}), ElementsAre());
  AgreementTerms terms = Full();
  terms.price_list = "cn-2026";
  terms.programs = {"programs/a", "program/b", "programs/a"};
  terms.product_lines.push_back("drives");
  terms.rights.push_back("two\nlines");
  terms.disputes = "tab\t";
  terms.exclusivity.reset();
  EXPECT_THAT(faults(terms),
              ElementsAre("terms.price_list", "terms.programs[1]", "terms.product_lines[1]", "terms.programs[2]",
                          "terms.rights[1]", "terms.disputes", "terms.exclusivity"));
  EXPECT_THAT(faults({.product_lines = {"productLines/drives"}}), ElementsAre("terms.regions"));
  EXPECT_THAT(faults({.exclusivity = Exclusivity::kHelper}), ElementsAre("terms.regions"));
}

}  // namespace
}  // namespace tributary::partner
