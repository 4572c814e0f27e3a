#include "incentive-service/facts/matched_returns.h"

#include <algorithm>

#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;

// On that day, as told: so many units for so much.
FactLine Line(std::string fact, std::string_view day, std::string_view quantity, std::string_view net,
              std::string product = "products/x") {
  FactLine line;
  line.partner = "p1";
  line.document = fact;
  line.line = 1;
  line.fact = std::move(fact);
  line.order_date = line.ship_date = line.order_basis = line.ship_basis = On(day);
  line.product = std::move(product);
  line.quantity = D(quantity);
  line.net = D(net);
  line.currency = "USD";
  return line;
}
FactLine ReturnOf(const FactLine& sale, std::string fact, std::string_view quantity, std::string_view net) {
  FactLine line = Line(std::move(fact), "12-31", quantity, net, sale.product);
  line.kind = FactKind::kReturn;
  line.refers = sale.fact;
  line.original = sale.told();
  line.order_basis = line.ship_basis = sale.ship_date;
  return line;
}

// "r1 -3 for -30 of s2 on 2026-02-10" for each return that names nothing, in order.
std::vector<std::string> Matched(std::vector<FactLine> lines) {
  std::vector<std::string> texts;
  for (const FactLine& line : MatchReturns(Basis::kSellIn, std::move(lines))) {
    if (!IsUnlinkedReturn(line)) continue;
    texts.push_back(StrCat(line.fact, " ", line.quantity.ToString(), " for ", line.net.ToString(),
                           line.matched.empty() ? "" : StrCat(" of ", line.matched), " on ",
                           line.ship_basis.ToString()));
    EXPECT_EQ(line.original.has_value(), !line.matched.empty());
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

// 10 a unit but for s3; of s2 one came back by name.
std::vector<FactLine> Sold() {
  const FactLine s2 = Line("s2", "02-10", "4", "40");
  return {Line("s1", "01-10", "5", "50"), s2, Line("s3", "02-20", "3", "36"), Line("s4", "04-05", "2", "20"),
          ReturnOf(s2, "linked", "-1", "-10")};
}

TEST(MatchReturnsTest, TheLatestAtThePriceComeBackFirst) {
  std::vector<FactLine> lines = Sold();
  lines.push_back(Line("r1", "03-15", "-6", "-60"));
  lines.push_back(Line("r2", "05-01", "-5", "-50"));
  lines.push_back(Line("r3", "03-20", "-2", "-24"));
  lines.push_back(Line("r4", "03-20", "-2", "-22"));
  const auto want = ElementsAre("r1 -3 for -30 of s1 on 2026-01-10", "r1 -3 for -30 of s2 on 2026-02-10",
                                "r2 -1 for -10 on 2026-05-01", "r2 -2 for -20 of s1 on 2026-01-10",
                                "r2 -2 for -20 of s4 on 2026-04-05", "r3 -2 for -24 of s3 on 2026-02-20",
                                "r4 -2 for -22 on 2026-03-20");
  Draw draw(1);
  for (int round = 0; round < 50; ++round) {
    EXPECT_THAT(Matched(lines), want);
    draw.Shuffle(&lines);
  }
}

TEST(MatchReturnsTest, WhatWasTakenBackTakesNothingFromOthers) {
  std::vector<FactLine> lines = Sold();
  lines.push_back(Line("r1", "03-15", "-6", "-60"));
  lines.push_back(Line("r2", "05-01", "-5", "-50"));
  lines[5].reversed = Told{9, absl::UnixEpoch()};
  EXPECT_THAT(Matched(lines), ElementsAre("r1 -1 for -10 on 2026-03-15", "r1 -5 for -50 of s1 on 2026-01-10",
                                          "r2 -2 for -20 of s4 on 2026-04-05", "r2 -3 for -30 of s2 on 2026-02-10"));
  // Nor is what was taken back matched.
  lines[3].reversed = Told{10, absl::UnixEpoch()};
  lines.erase(lines.begin() + 5);
  EXPECT_THAT(Matched(lines), ElementsAre("r2 -2 for -20 of s1 on 2026-01-10", "r2 -3 for -30 of s2 on 2026-02-10"));
}

TEST(MatchReturnsTest, OnlyTheSameComesBack) {
  std::vector<FactLine> lines = {Line("s1", "01-10", "5", "50"), Line("r1", "03-15", "-5", "-50", "products/y"),
                                 Line("r2", "03-15", "-1", "-10"), Line("r3", "03-15", "-1", "-10"),
                                 Line("r4", "01-09", "-1", "-10")};
  lines[2].partner = "p2";
  lines[3].currency = "CNY";
  EXPECT_THAT(Matched(lines), ElementsAre("r1 -5 for -50 on 2026-03-15", "r2 -1 for -10 on 2026-03-15",
                                          "r3 -1 for -10 on 2026-03-15", "r4 -1 for -10 on 2026-01-09"));
}

// A credit note names an invoice as a whole: what it returns is of the first line of the product.
TEST(MatchReturnsTest, CreditNotesTakeFromTheInvoiceThatTheyName) {
  std::vector<FactLine> lines = {
      Line("invoices/I1/lines/1", "01-10", "3", "30"), Line("invoices/I1/lines/2", "01-10", "3", "30"),
      Line("creditNotes/C1/lines/1", "02-10", "-4", "-40"), Line("creditNotes/C2/lines/1", "03-10", "-3", "-30")};
  for (FactLine& line : lines) line.source = FactSource::kInvoice;
  lines[2].kind = FactKind::kReturn;
  lines[2].refers = "invoices/I1";
  lines[2].original = lines[0].told();
  EXPECT_THAT(Matched(lines), ElementsAre("creditNotes/C2/lines/1 -1 for -10 on 2026-03-10",
                                          "creditNotes/C2/lines/1 -2 for -20 of invoices/I1/lines/2 on 2026-01-10"));
}

// Three for 10, of which one is left to come back.
TEST(MatchReturnsTest, AmountsArePartedToAMillionth) {
  const FactLine sale = Line("s1", "01-10", "3", "10");
  std::vector<FactLine> lines = {sale, ReturnOf(sale, "linked", "-2", "-6.666666"), Line("r1", "03-15", "-3", "-10")};
  lines[2].discount = D("-1");
  EXPECT_THAT(Matched(lines),
              ElementsAre("r1 -1 for -3.333333 of s1 on 2026-01-10", "r1 -2 for -6.666667 on 2026-03-15"));
  Decimal discount;
  for (const FactLine& line : MatchReturns(Basis::kSellIn, lines)) discount += line.discount;
  EXPECT_EQ(discount, D("-1"));
}

// In any order the same; parts sum to the whole; nothing comes back twice or before it was sold, and what is left finds
// nothing any more.
TEST(MatchReturnsPropertyTest, FollowsFromTheSetOfLines) {
  int matched = 0, left = 0;
  for (uint64_t seed = 1; seed <= 1000; ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    Draw draw(seed);
    std::vector<FactLine> lines;
    const auto day = [&] { return StrCat("0", draw.Pick(1, 6), "-1", draw.Pick(0, 4)); };
    for (int64_t i = draw.Pick(1, 12); i > 0; --i) {
      const int64_t units = draw.Pick(1, 6), price = draw.Pick(1, 2) * 10;
      const bool back = draw.Pick(0, 2) == 0;
      const std::string sign = back ? "-" : "";
      lines.push_back(Line(StrCat("l", i), day(), StrCat(sign, units), StrCat(sign, units * price)));
      if (draw.Pick(0, 9) == 0) lines.back().reversed = Told{i, absl::UnixEpoch()};
      if (!back && draw.Pick(0, 4) == 0) lines.push_back(ReturnOf(lines.back(), StrCat("b", i), "-1", StrCat(-price)));
    }
    const std::vector<std::string> once = Matched(lines);
    const std::vector<FactLine> parts = MatchReturns(Basis::kSellIn, lines);
    std::vector<FactLine> shuffled = lines;
    draw.Shuffle(&shuffled);
    ASSERT_EQ(Matched(shuffled), once);
    for (const FactLine& line : lines) {
      Decimal quantity, net, free = line.quantity;
      for (const FactLine& part : parts) {
        if (part.fact == line.fact) quantity += part.quantity;
        if (part.fact == line.fact) net += part.net;
        if (part.refers == line.fact && part.live()) free += part.quantity;
        if (part.matched != line.fact) continue;
        free += part.quantity;
        ASSERT_TRUE(line.live());
        ASSERT_EQ(part.ship_basis, line.ship_date);
        ASSERT_LE(line.ship_date, part.ship_date);
        ++matched;
      }
      ASSERT_EQ(quantity, line.quantity);
      ASSERT_EQ(net, line.net);
      if (IsUnlinkedReturn(line)) continue;
      if (line.kind == FactKind::kLine) ASSERT_FALSE(free.negative() && line.live());
      if (line.kind != FactKind::kLine || !line.live() || free <= Decimal()) continue;
      for (const FactLine& part : parts) {
        const bool rest = IsUnlinkedReturn(part) && part.matched.empty();
        const bool same = Rational(part.net) / Rational(part.quantity) == Rational(line.net) / Rational(line.quantity);
        if (rest) ++left;
        ASSERT_FALSE(rest && same && line.ship_date <= part.ship_date) << part.fact << " " << line.fact;
      }
    }
  }
  EXPECT_GT(matched, 500);
  EXPECT_GT(left, 500);
}

}  // namespace
}  // namespace tributary::incentive
