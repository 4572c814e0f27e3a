#include "incentive-service/channel_facts/channel_fact.h"

#include <algorithm>
#include <random>

#include "common/text/text.h"
#include "incentive-service/engine/testing_numbers.h"

namespace tributary::incentive {
namespace {

using Kind = ChannelFactKind;

ChannelFact Fact(Kind kind, std::string fact, std::string_view date, std::string_view quantity, std::string refers = "",
                 std::string customer = "") {
  return {.partner = "p3",
          .fact = std::move(fact),
          .kind = kind,
          .product = "products/x",
          .refers = std::move(refers),
          .date = On(date),
          .quantity = D(quantity),
          .customer = std::move(customer)};
}
ChannelFact Reversal(const ChannelFact& of) {
  ChannelFact reversal = of;
  reversal.fact += ".r1";
  reversal.reverses = of.fact;
  reversal.quantity = -of.quantity;
  return reversal;
}
ShippedLine Shipped(std::string line, std::string_view date, std::string_view quantity, std::string_view net) {
  return {
      .line = "shipments/" + line, .ship_date = On(date), .quantity = D(quantity), .net = D(net), .currency = "CNY"};
}

// "A 05-01 10 @3; | on its way B 5 @2; | left sales/S 4; | back A 1"; each part in an order of its own.
std::string TextOf(const StockBook& book) {
  const auto price = [](const std::optional<Rational>& one) { return one.has_value() ? one->ToString() : "?"; };
  std::vector<std::string> texts;
  for (const LayerArrival& one : book.history.arrivals) {
    texts.push_back(StrCat(one.line, " ", one.arrival.ToString().substr(5), " ", one.quantity.ToString(), " @",
                           price(one.unit_price)));
  }
  for (const LayerTransit& one : book.history.transits) {
    texts.push_back(StrCat("on its way ", one.line, " ", one.quantity.ToString(), " @", price(one.unit_price)));
  }
  for (const LayerDeparture& one : book.history.departures) {
    texts.push_back(StrCat("left ", one.fact, " ", one.date.ToString().substr(5), " ", one.quantity.ToString()));
  }
  for (const LayerReturn& one : book.history.returns) {
    texts.push_back(StrCat("back ", one.line, " ", one.date.ToString().substr(5), " ", one.quantity.ToString()));
  }
  for (const CustomerSale& one : book.sales) {
    texts.push_back(StrCat("sold ", one.fact, " to ", one.customer, " ", one.quantity.ToString()));
  }
  for (const CustomerReturn& one : book.returns) {
    texts.push_back(StrCat("returned of ", one.sale, " ", one.quantity.ToString()));
  }
  std::sort(texts.begin(), texts.end());
  std::string text;
  for (const std::string& one : texts) StrAppend(&text, one, "; ");
  return text;
}

TEST(ChannelFactTest, LinesHaveOneNameInAllGenerations) {
  EXPECT_EQ(LineWithoutGeneration("shipments/S.1/lines/2"), "shipments/S.1/lines/2");
  EXPECT_EQ(LineWithoutGeneration("shipments/S.1/lines/2.1"), "shipments/S.1/lines/2");
  EXPECT_EQ(LineWithoutGeneration("shipments/S.1/lines/2.r1"), "shipments/S.1/lines/2");
}

TEST(ChannelFactTest, MovementsHaveOneNameInAllGenerations) {
  EXPECT_EQ(MovementWithoutGeneration("movements/m.1"), "movements/m.1");
  EXPECT_EQ(MovementWithoutGeneration("movements/m.1.r1"), "movements/m.1");
  EXPECT_EQ(MovementWithoutGeneration("movements/m.1.1"), "movements/m.1");
  EXPECT_EQ(MovementWithoutGeneration("movements/A.B.3.0"), "movements/A.B.3");
  EXPECT_EQ(MovementWithoutGeneration("sales/S.1.r1"), "sales/S.1.r1");
}

// m.1 was taken back and stated again on another day, with fewer units; m.2 was destroyed; m.3 was taken back.
TEST(ChannelFactTest, MovementsOfRotatedUnitsAreToldApart) {
  const ChannelFact wrong_day = Fact(Kind::kRotation, "movements/m.1", "05-10", "10", "movements/m.1");
  const ChannelFact wrong = Fact(Kind::kScrap, "movements/m.3", "05-11", "2", "movements/m.3");
  std::vector<ChannelFact> facts = {wrong_day,
                                    Reversal(wrong_day),
                                    Fact(Kind::kRotation, "movements/m.1.1", "05-12", "8", "movements/m.1"),
                                    Fact(Kind::kScrap, "movements/m.2", "05-11", "3", "movements/m.2"),
                                    wrong,
                                    Reversal(wrong),
                                    Fact(Kind::kMovement, "stockPostings/1.7", "05-11", "4")};
  std::mt19937 random(7);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(facts.begin(), facts.end(), random);
    StockBook book = BookOf({Shipped("A", "05-01", "20", "60")}, facts);
    ASSERT_EQ(book.rotated.size(), 2u);
    EXPECT_EQ(book.rotated[0].movement, "movements/m.1");
    EXPECT_EQ(book.rotated[0].date, On("05-12"));
    EXPECT_EQ(book.rotated[0].quantity, D("8"));
    EXPECT_FALSE(book.rotated[0].scrapped);
    EXPECT_EQ(book.rotated[1].movement, "movements/m.2");
    EXPECT_TRUE(book.rotated[1].scrapped);
    // All of them left.
    EXPECT_EQ(LayersAt(book.history, On("05-31")).units, D("5"));
    const std::vector<ConsumedUnits> consumed = ConsumedBy(book.history, "movements/m.1");
    ASSERT_EQ(consumed.size(), 1u);
    EXPECT_EQ(consumed[0].quantity, D("8"));
  }
}

TEST(ChannelFactTest, UnitsLieThereWhenReceiptsSaySo) {
  const std::vector<ShippedLine> lines = {Shipped("A", "05-01", "10", "30"), Shipped("B", "05-02", "9", "18")};
  const std::vector<ChannelFact> facts = {Fact(Kind::kAwaited, "shipments/B", "05-02", "0", "shipments/B"),
                                          Fact(Kind::kReceipt, "receipts/R/lines/1", "05-09", "5", "shipments/B"),
                                          Fact(Kind::kLoss, "receipts/R/lines/2", "05-09", "1", "shipments/B")};
  EXPECT_EQ(TextOf(BookOf(lines, facts)),
            "on its way shipments/B 3 @2; shipments/A 05-01 10 @3; shipments/B 05-09 5 @2; ");
  // What comes before its shipment is told lies there at a price that nothing tells yet.
  EXPECT_EQ(TextOf(BookOf({}, facts)), "shipments/B 05-09 5 @?; ");
}

TEST(ChannelFactTest, WhatGoesBackAndWhatLeaves) {
  std::vector<ShippedLine> lines = {Shipped("A", "05-01", "10", "30"), Shipped("C", "05-20", "-2", "-6")};
  lines[1].returns = "shipments/A";
  const std::vector<ChannelFact> facts = {
      Fact(Kind::kReturn, "returns/r/lines/1", "05-21", "1", "shipments/A"),
      Fact(Kind::kSale, "sales/S.1", "05-10", "4", "", "EC1"),
      Fact(Kind::kSale, "sales/T.1", "05-12", "-1", "sales/S.1", "EC1"),
      Fact(Kind::kSale, "sales/U.1", "05-13", "-1", "", "EC1"),
      Fact(Kind::kMovement, "stockPostings/1.2", "05-11", "3"),
  };
  EXPECT_EQ(TextOf(BookOf(lines, facts)),
            "back shipments/A 05-20 2; back shipments/A 05-21 1; left  05-11 3; left sales/S.1 05-10 4; "
            "left sales/T.1 05-12 -1; left sales/U.1 05-13 -1; returned of sales/S.1 1; shipments/A 05-01 10 @3; "
            "sold sales/S.1 to EC1 4; ");
}

TEST(ChannelFactTest, WhatIsTakenBackLeavesNoTraceInAnyOrder) {
  const std::vector<ShippedLine> lines = {Shipped("A", "05-01", "10", "30"), Shipped("B", "05-02", "9", "18")};
  std::vector<ChannelFact> kept = {Fact(Kind::kSale, "sales/S.1", "05-10", "4", "", "EC1"),
                                   Fact(Kind::kReceipt, "receipts/R/lines/1", "05-09", "5", "shipments/B"),
                                   Fact(Kind::kAwaited, "shipments/B", "05-02", "0", "shipments/B")};
  const std::string without = TextOf(BookOf(lines, kept));
  std::vector<ChannelFact> facts = kept;
  for (const ChannelFact& one : {Fact(Kind::kSale, "sales/V.1", "05-10", "7", "", "EC1"),
                                 Fact(Kind::kReceipt, "receipts/Q/lines/1", "05-05", "2", "shipments/B"),
                                 Fact(Kind::kAwaited, "shipments/A", "05-01", "0", "shipments/A")}) {
    facts.push_back(one);
    facts.push_back(Reversal(one));
  }
  std::mt19937 random(7);
  for (int i = 0; i < 50; ++i) {
    std::shuffle(facts.begin(), facts.end(), random);
    ASSERT_EQ(TextOf(BookOf(lines, facts)), without) << "shuffle " << i;
  }
}

// Three kits of two x each came, and more x by themselves; two kits were sold, one of them came back.
TEST(ChannelFactTest, KitsAreSoldAndTheirPartsMove) {
  const std::vector<ShippedLine> of_kits = {Shipped("K", "05-01", "3", "300"), Shipped("B", "04-01", "1", "90")};
  EXPECT_EQ(TextOf(BookOf(of_kits, {Fact(Kind::kKitLine, "shipments/K", "05-01", "0", "shipments/K"),
                                    Fact(Kind::kKitSale, "sales/S.1", "05-10", "2", "", "EC1"),
                                    Fact(Kind::kKitSale, "sales/T.1", "05-12", "-1", "sales/S.1", "EC1")})),
            "returned of sales/S.1 1; shipments/B 04-01 1 @90; sold sales/S.1 to EC1 2; ")
      << "B came before it was a kit";
  const std::vector<ShippedLine> of_parts = {Shipped("A", "05-02", "10", "30")};
  const StockBook parts =
      BookOf(of_parts, {Fact(Kind::kPartShipped, "shipments/K/parts/x", "05-01", "6", "shipments/K"),
                        Fact(Kind::kPartAwaited, "shipments/L/parts/x", "05-03", "8", "shipments/L"),
                        Fact(Kind::kReceipt, "receipts/R/lines/1/parts/x", "05-09", "5", "shipments/L"),
                        Fact(Kind::kReturn, "shipments/M/parts/x", "05-13", "2", "shipments/K"),
                        Fact(Kind::kPartSale, "sales/S.1/parts/x", "05-10", "4"),
                        Fact(Kind::kPartSale, "sales/T.1/parts/x", "05-12", "-2", "sales/S.1/parts/x"),
                        Fact(Kind::kPartSale, "sales/U.1/parts/x", "05-12", "-1")});
  EXPECT_EQ(TextOf(parts),
            "back shipments/K 05-13 2; left sales/S.1/parts/x 05-10 4; left sales/T.1/parts/x 05-12 -2; "
            "left sales/U.1/parts/x 05-12 -1; "
            "on its way shipments/L 3 @?; shipments/A 05-02 10 @3; shipments/K 05-01 6 @?; shipments/L 05-09 5 @?; ")
      << "nobody says what of a kit's amount is a part's";
  EXPECT_EQ(LayersAt(parts.history, On("05-31")).units, D("18"));
  EXPECT_EQ(UnitsThatLeft(parts), (std::map<std::string, Decimal>{{PartOf("sales/S.1", "products/x"), D("2")}}));
}

TEST(ChannelFactTest, KitsThatAreTakenBackLeaveNoTraceInAnyOrder) {
  const std::vector<ShippedLine> lines = {Shipped("A", "05-02", "10", "30")};
  std::vector<ChannelFact> facts = {Fact(Kind::kPartSale, "sales/S.1/parts/x", "05-10", "4")};
  const std::string without = TextOf(BookOf(lines, facts));
  // A is stated anew: it was taken for a line of kits, and told with another quantity.
  for (const ChannelFact& one : {Fact(Kind::kKitLine, "shipments/A", "05-02", "0", "shipments/A"),
                                 Fact(Kind::kPartShipped, "shipments/B/parts/x", "05-02", "6", "shipments/B"),
                                 Fact(Kind::kPartSale, "sales/V.1/parts/x", "05-03", "7"),
                                 Fact(Kind::kKitSale, "sales/W.1", "05-03", "7", "", "EC1")}) {
    facts.push_back(one);
    facts.push_back(Reversal(one));
  }
  std::mt19937 random(7);
  for (int i = 0; i < 50; ++i) {
    std::shuffle(facts.begin(), facts.end(), random);
    ASSERT_EQ(TextOf(BookOf(lines, facts)), without) << "shuffle " << i;
  }
}

// u1 in S, T and U; u2 in T and U.
TEST(ChannelFactTest, AUnitThatTwoSalesNameIsOfTheEarlierThatStands) {
  const std::vector<ChannelFact> facts = {Fact(Kind::kSale, "sales/T.1", "05-12", "2", "", "EC1"),
                                          Fact(Kind::kSale, "sales/S.1", "05-10", "1", "", "EC1"),
                                          Fact(Kind::kSale, "sales/U.1", "05-12", "3", "", "EC1")};
  const std::vector<SharedUnit> shared = {{"sales/T.1", "u1", "sales/S.1"}, {"sales/S.1", "u1", "sales/T.1"},
                                          {"sales/U.1", "u1", "sales/S.1"}, {"sales/U.1", "u1", "sales/T.1"},
                                          {"sales/U.1", "u2", "sales/T.1"}, {"sales/T.1", "u2", "sales/U.1"},
                                          {"sales/U.1", "u3", "sales/none"}};
  const auto left = [&](std::vector<ChannelFact> told) {
    StockBook book = BookOf({}, told);
    TakeOutSharedUnits(shared, &book);
    std::string text;
    for (const auto& [sale, units] : UnitsThatLeft(book)) StrAppend(&text, sale, " ", units.ToString(), "; ");
    return text;
  };
  EXPECT_EQ(left(facts), "sales/S.1 1; sales/T.1 1; sales/U.1 1; ");
  // Brought back, the unit is sold again by the next.
  std::vector<ChannelFact> brought_back = facts;
  brought_back.push_back(Fact(Kind::kSale, "sales/R.1", "05-11", "-1", "sales/S.1", "EC1"));
  EXPECT_EQ(left(brought_back), "sales/S.1 0; sales/T.1 2; sales/U.1 1; ");
  std::reverse(brought_back.begin(), brought_back.end());
  EXPECT_EQ(left(brought_back), "sales/S.1 0; sales/T.1 2; sales/U.1 1; ");
}

TEST(ChannelFactTest, AReportIsOfTheDayBeforeOrTheOpening) {
  StockBook book = BookOf({}, {Fact(Kind::kOnHand, "onHandReports/O.1", "06-09", "6000"),
                               Fact(Kind::kOnHand, "onHandReports/O.2", "06-09", "1000"),
                               Fact(Kind::kOnHandAtOpening, "onHandReports/P.1", "06-10", "1"),
                               Fact(Kind::kOnHandAtOpening, "onHandReports/P.2", "06-12", "2"),
                               Fact(Kind::kOnHandInKits, "onHandReports/K.1", "06-09", "8"),
                               Fact(Kind::kOnHandInKits, "onHandReports/K.2", "06-10", "8")});
  EXPECT_EQ(ReportedAt(book, On("06-10")), D("7008"));
  EXPECT_EQ(ReportedAt(book, On("06-12")), D("2"));
  // No report is not zero.
  EXPECT_EQ(ReportedAt(book, On("06-11")), std::nullopt);
}

}  // namespace
}  // namespace tributary::incentive
