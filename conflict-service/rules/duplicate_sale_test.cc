#include "conflict-service/rules/duplicate_sale.h"

#include <string>
#include <utility>
#include <vector>

#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Sale SaleOf(const std::string& partner, const std::string& id, const char* date = "2026-06-10") {
  return {.name = StrCat("partners/", partner, "/sales/", id),
          .partner = StrCat("partners/", partner),
          .date = *Date::Parse(date)};
}
Sale ReturnOf(Sale sale) {
  sale.is_return = true;
  sale.name += "-back";
  return sale;
}
std::vector<KeyedSale> Keyed(std::vector<Sale> sales) {
  std::vector<KeyedSale> keyed;
  for (Sale& sale : sales) keyed.push_back({"unit products/x serial s1", std::move(sale)});
  return keyed;
}

TEST(DuplicateSaleTest, TwoPartnersSoldOneUnit) {
  const auto found = DuplicateSales(Keyed({SaleOf("b", "I.1", "2026-06-12"), SaleOf("a", "J.1")}));
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_THAT(found[0].subjects, ElementsAre("partners/a/sales/J.1", "partners/b/sales/I.1"));
  EXPECT_THAT(found[0].explanation, HasSubstr("unit products/x serial s1, by different partners"));
  EXPECT_EQ(found[0].occurred_on, *Date::Parse("2026-06-12"));
}

TEST(DuplicateSaleTest, OnePartnerMaySellTwiceAndWhatCameBackCounts) {
  EXPECT_THAT(DuplicateSales(Keyed({SaleOf("a", "1"), SaleOf("a", "2")})), IsEmpty());
  EXPECT_THAT(DuplicateSales(Keyed({SaleOf("a", "1"), ReturnOf(SaleOf("a", "1")), SaleOf("b", "1")})), IsEmpty());
  EXPECT_THAT(DuplicateSales(Keyed({SaleOf("a", "1"), ReturnOf(SaleOf("a", "1")), SaleOf("a", "2"), SaleOf("b", "1")})),
              SizeIs(1));
  Sale reversed = SaleOf("a", "1");
  reversed.reversed = true;
  EXPECT_THAT(DuplicateSales(Keyed({reversed, SaleOf("b", "1")})), IsEmpty());
}

TEST(DuplicateSaleTest, EveryPairOfPartners) {
  EXPECT_THAT(DuplicateSales(Keyed({SaleOf("a", "1"), SaleOf("b", "1"), SaleOf("c", "1"), SaleOf("c", "2")})),
              SizeIs(3));
}

TEST(DuplicateSaleTest, ALineThatIsStatedAgainIsTheSameLine) {
  for (const auto& [sale, line] : std::vector<std::pair<std::string, std::string>>{{"I-7.1", "I-7.1"},
                                                                                   {"I-7.1.r1", "I-7.1"},
                                                                                   {"I-7.1.1", "I-7.1"},
                                                                                   {"A.B.1.0", "A.B.1"},
                                                                                   {"A.B.1.r2", "A.B.1"},
                                                                                   {"A.B.1.2", "A.B.1"}}) {
    EXPECT_EQ(LineOf(StrCat("partners/a.b.c/sales/", sale)), StrCat("partners/a.b.c/sales/", line));
  }
  const auto first = DuplicateSales(Keyed({SaleOf("a", "I.1"), SaleOf("b", "J.1")}));
  Sale taken_back = SaleOf("b", "J.1");
  taken_back.reversed = true;
  const auto then = DuplicateSales(Keyed({SaleOf("a", "I.1"), taken_back, SaleOf("b", "J.1.1")}));
  ASSERT_THAT(first, SizeIs(1));
  ASSERT_THAT(then, SizeIs(1));
  EXPECT_THAT(then[0].subjects, ElementsAre("partners/a/sales/I.1", "partners/b/sales/J.1.1"));
  EXPECT_EQ(FindingId(then[0]), FindingId(first[0]));
}

TEST(DuplicateSaleTest, Keys) {
  Sale sale = SaleOf("a", "1");
  sale.customer = "Harbor Ltd.";
  EXPECT_THAT(KeysOf(sale, "products/x", {"s1", "s2"}, "I-7", "2"),
              ElementsAre("unit products/x serial s1", "unit products/x serial s2",
                          HasSubstr("invoice I-7: 2 of products/x on 2026-06-10 to 'harbor")));
  Sale again = sale;
  again.customer = "HARBOR LTD";
  EXPECT_EQ(KeysOf(sale, "products/x", {}, "I-7", "2"), KeysOf(again, "products/x", {}, "I-7", "2"));
  EXPECT_THAT(KeysOf(ReturnOf(sale), "products/x", {"s1"}, "I-7", "-1"), SizeIs(1));
  Sale reversal = sale;
  reversal.reverses = "partners/a/sales/0";
  EXPECT_THAT(KeysOf(reversal, "products/x", {"s1"}, "I-7", "-1"), IsEmpty());
  // Numbers of documents are each partner's own: without a customer they say nothing.
  sale.customer.clear();
  EXPECT_THAT(KeysOf(sale, "products/x", {}, "I-7", "2"), IsEmpty());
}

}  // namespace
}  // namespace tributary::conflict
