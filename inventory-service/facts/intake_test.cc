// Which lines of a batch are new, tried on shipment lines; and what reverses them.

#include "inventory-service/facts/intake.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "common/money/testing_decimal.h"
#include "inventory-service/direct_sales/direct_sale.h"
#include "inventory-service/ledger/posting.h"
#include "inventory-service/sell_through/sell_through_sale.h"
#include "inventory-service/shipments/shipment.h"

namespace tributary::inventory {
namespace {

ShipmentLine Line(const std::string& document, int number, int generation = 0) {
  ShipmentLine line;
  line.document = document;
  line.line = number;
  line.generation = generation;
  line.partner = "acme";
  line.product = "bike";
  line.quantity = D("3");
  line.posted = true;
  line.order_date = Date::FromDays(15000);
  line.ship_date = Date::FromDays(15007);
  line.currency = "USD";
  line.unit_price = D("2024.994");
  line.net_amount = D("6074.982");
  return line;
}

TEST(Intake, EachLineByWhatIsKnownOfIt) {
  enum class Outcome { kFresh, kDuplicate, kConflict };
  ShipmentLine other = Line("A", 1);
  other.quantity = D("4");
  ShipmentLine reversed = Line("A", 1, 1);
  reversed.quantity = D("-3");
  const struct {
    const char* what;
    std::vector<ShipmentLine> known;
    ShipmentLine stated;
    int generation;
    Outcome outcome;
  } kCases[] = {
      {"not known", {}, Line("A", 1), 0, Outcome::kFresh},
      {"another line is", {Line("A", 2)}, Line("A", 1), 0, Outcome::kFresh},
      {"another document is", {Line("B", 1)}, Line("A", 1), 0, Outcome::kFresh},
      {"known with the same content", {Line("A", 1)}, Line("A", 1), 0, Outcome::kDuplicate},
      {"known with other content", {Line("A", 1)}, other, 0, Outcome::kConflict},
      {"reversed", {reversed}, Line("A", 1), 2, Outcome::kFresh},
      {"reversed, and back with other content", {reversed}, other, 2, Outcome::kFresh},
      {"stated again after a reversal", {Line("A", 1, 2)}, Line("A", 1), 2, Outcome::kDuplicate},
      {"stated again, and other content", {Line("A", 1, 2)}, other, 2, Outcome::kConflict},
      {"reversed twice", {Line("A", 1, 3)}, Line("A", 1), 4, Outcome::kFresh},
  };
  for (const auto& c : kCases) {
    Known<ShipmentLine> known;
    for (const ShipmentLine& line : c.known) known.emplace(KeyOf(line), line);
    imports::BatchResult result;
    const auto fresh = NewFacts<ShipmentLine>({{7, c.stated}}, known, result);
    EXPECT_EQ(fresh.size(), c.outcome == Outcome::kFresh ? 1u : 0u) << c.what;
    EXPECT_EQ(result.accepted, c.outcome == Outcome::kFresh ? 1 : 0) << c.what;
    EXPECT_EQ(result.duplicate, c.outcome == Outcome::kDuplicate ? 1 : 0) << c.what;
    EXPECT_EQ(result.rejected, c.outcome == Outcome::kConflict ? 1 : 0) << c.what;
    if (!fresh.empty()) {
      EXPECT_EQ(fresh[0].generation, c.generation) << c.what;
    }
    if (c.outcome == Outcome::kConflict) {
      ASSERT_EQ(result.errors.size(), 1u) << c.what;
      const imports::RowError want{7, "quantity", "4", "3, as this line is known", Reason::kRowConflict};
      EXPECT_EQ(result.errors[0], want) << c.what;
    }
  }
}

TEST(Intake, ALineAsItStandsIsADuplicateBeforeItIsConverted) {
  ShipmentLine known = Line("A", 1);
  known.quantity = D("24");
  known.unit = "box";
  known.unit_quantity = D("2");
  ShipmentLine told = known;
  told.quantity = Decimal();
  ShipmentLine beside = known;
  ShipmentLine wrong = known;
  wrong.quantity = D("23");
  ShipmentLine more = told;
  more.unit_quantity = D("3");
  ShipmentLine in_base = known;
  in_base.unit.clear();
  in_base.unit_quantity = Decimal();
  ShipmentLine reversed = Line("A", 1, 1);
  const struct {
    const char* what;
    ShipmentLine known;
    ShipmentLine stated;
    bool duplicate;
  } kCases[] = {
      {"as it was stated", known, told, true},
      {"with what it came to beside it", known, beside, true},
      {"with another quantity beside it", known, wrong, false},
      {"another number of the unit", known, more, false},
      {"in base units", known, in_base, false},
      {"a line that was reversed", reversed, told, false},
      {"another line", Line("A", 2), told, false},
  };
  for (const auto& c : kCases) {
    std::vector<Stated<ShipmentLine>> stated = {{7, c.stated}};
    imports::BatchResult result;
    DropRepeated<ShipmentLine>({{KeyOf(c.known), c.known}}, stated, result);
    EXPECT_EQ(stated.empty(), c.duplicate) << c.what;
    EXPECT_EQ(result.duplicate, c.duplicate ? 1 : 0) << c.what;
  }
}

TEST(Intake, RowsOfOneBatchAreComparedWithEachOtherToo) {
  ShipmentLine other = Line("A", 1);
  other.net_amount = D("1");
  imports::BatchResult result;
  const auto fresh = NewFacts<ShipmentLine>(
      {{2, Line("A", 1)}, {3, Line("A", 2)}, {4, Line("A", 1)}, {5, other}, {6, Line("A", 2)}}, {}, result);
  EXPECT_EQ(fresh.size(), 2u);
  EXPECT_EQ(result.accepted, 2);
  EXPECT_EQ(result.duplicate, 2);
  ASSERT_EQ(result.errors.size(), 1u);
  EXPECT_EQ(result.errors[0].row, 5);
  EXPECT_EQ(result.errors[0].column, "net_amount");
}

TEST(Intake, TheFirstDifferenceOfEachField) {
  const struct {
    const char* field;
    void (*change)(ShipmentLine&);
  } kCases[] = {
      {"partner", [](ShipmentLine& l) { l.partner = "other"; }},
      {"order_date", [](ShipmentLine& l) { l.order_date = l.order_date.AddDays(1); }},
      {"ship_date", [](ShipmentLine& l) { l.ship_date = l.ship_date.AddDays(1); }},
      {"product", [](ShipmentLine& l) { l.product = "other"; }},
      {"quantity", [](ShipmentLine& l) { l.quantity = D("3.000001"); }},
      {"net_amount.currency_code", [](ShipmentLine& l) { l.currency = "EUR"; }},
      {"unit_price", [](ShipmentLine& l) { l.unit_price = D("2024.9941"); }},
      {"discount", [](ShipmentLine& l) { l.discount = D("0.01"); }},
      {"wallet_amount", [](ShipmentLine& l) { l.wallet_amount = D("0.01"); }},
      {"net_amount", [](ShipmentLine& l) { l.net_amount = D("6074.98"); }},
      {"original_line", [](ShipmentLine& l) { l.original_line = "partners/acme/shipments/B/lines/1"; }},
  };
  ShipmentLine stated = Line("A", 1);
  EXPECT_FALSE(FirstDifference(Line("A", 1), stated).has_value());
  // What is not stated but found out does not count.
  stated.product_line = "bikes";
  stated.posted = false;
  stated.seq = 9;
  EXPECT_FALSE(FirstDifference(Line("A", 1), stated).has_value());
  // Changed from the last field to the first: the earliest one is told.
  for (size_t i = std::size(kCases); i-- > 0;) {
    kCases[i].change(stated);
    const auto difference = FirstDifference(Line("A", 1), stated);
    ASSERT_TRUE(difference.has_value()) << kCases[i].field;
    EXPECT_EQ(difference->field, kCases[i].field);
  }
}

TEST(Intake, DirectSalesAndSellThroughSalesDifferByTheirFields) {
  DirectSale direct;
  direct.customer_code = "21768";
  DirectSale other = direct;
  EXPECT_FALSE(FirstDifference(direct, other).has_value());
  other.customer_code = "28389";
  EXPECT_EQ(FirstDifference(direct, other)->field, "customer_code");
  other.region = "aw-1";
  EXPECT_EQ(FirstDifference(direct, other)->field, "region");

  SellThroughSale sale;
  SellThroughSale told = sale;
  EXPECT_FALSE(FirstDifference(sale, told).has_value());
  told.unit_price = Decimal();
  told.currency = "CNY";
  EXPECT_EQ(FirstDifference(sale, told)->field, "unit_price");
  EXPECT_EQ(FirstDifference(sale, told)->got, "0 CNY");
  // The partner numbers the documents, so the same number of another is another sale.
  told.partner = "other";
  EXPECT_NE(KeyOf(sale), KeyOf(told));
}

// However a set of lines is shuffled and cut into batches, with each of them stated up to three times, the same facts
// are recorded.
TEST(Intake, NeitherOrderNorRepetitionMatters) {
  std::mt19937 random(20240301);
  std::vector<ShipmentLine> lines;
  for (int i = 0; i < 200; ++i) lines.push_back(Line("D" + std::to_string(i / 7), i % 7 + 1));
  for (int round = 0; round < 20; ++round) {
    std::vector<Stated<ShipmentLine>> stated;
    for (const ShipmentLine& line : lines) {
      for (unsigned copies = random() % 3 + 1; copies > 0; --copies) stated.push_back({1, line});
    }
    std::shuffle(stated.begin(), stated.end(), random);
    Known<ShipmentLine> known;
    int64_t accepted = 0;
    int64_t duplicate = 0;
    for (size_t at = 0; at < stated.size();) {
      const size_t size = std::min<size_t>(random() % 50 + 1, stated.size() - at);
      imports::BatchResult result;
      for (ShipmentLine& line :
           NewFacts<ShipmentLine>({stated.begin() + at, stated.begin() + at + size}, known, result)) {
        known.emplace(KeyOf(line), line);
      }
      EXPECT_EQ(result.rejected, 0);
      accepted += result.accepted;
      duplicate += result.duplicate;
      at += size;
    }
    EXPECT_EQ(accepted, 200);
    EXPECT_EQ(duplicate, static_cast<int64_t>(stated.size()) - 200);
    for (const auto& [key, line] : known) EXPECT_EQ(line.generation, 0) << key;
  }
}

TEST(Posting, PositionsChangeOnlyAtSites) {
  const auto posting = [](const char* from, const char* to, const char* quantity) {
    return Posting{.partner = "acme", .product = "bike", .from = from, .to = to, .quantity = D(quantity)};
  };
  const std::vector<Posting> postings = {posting("@vendor", "main", "5"), posting("main", "@customer", "2"),
                                         posting("@vendor", "@customer", "7"), posting("main", "demo", "1.5"),
                                         posting("@vendor", "main", "-1")};
  const auto changes = PositionChanges(postings);
  ASSERT_EQ(changes.size(), 2u);
  EXPECT_EQ(changes.at({{"acme", "demo", "bike"}}), D("1.5"));
  EXPECT_EQ(changes.at({{"acme", "main", "bike"}}), D("0.5"));
}

TEST(Posting, APositionThatIsTouchedIsNamedEvenIfItDoesNotChange) {
  const std::vector<Posting> postings = {
      {.partner = "acme", .product = "bike", .from = "@vendor", .to = "main", .quantity = D("5")},
      {.partner = "acme", .product = "bike", .from = "@vendor", .to = "main", .quantity = D("-5")}};
  const auto changes = PositionChanges(postings);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_TRUE(changes.begin()->second.zero());
}

TEST(Posting, Locations) {
  EXPECT_EQ(LocationName("acme", kVendor), "vendor");
  EXPECT_EQ(LocationName("", kCustomer), "customer");
  EXPECT_EQ(LocationName("acme", "main"), "partners/acme/sites/main/on_hand");
}

TEST(Posting, WhereEachFactMovesItsUnits) {
  const ShipmentLine line = Line("A", 1);
  EXPECT_EQ(Movements(line).front().from, kVendor);
  EXPECT_EQ(Movements(line).front().to, kMainSite);
  EXPECT_EQ(Movements(line).front().effective_date, line.ship_date);
  DirectSale direct;
  direct.order_date = Date::FromDays(15001);
  EXPECT_EQ(Movements(direct).front().from, kVendor);
  EXPECT_EQ(Movements(direct).front().to, kCustomer);
  EXPECT_EQ(Movements(direct).front().effective_date, direct.order_date);
  SellThroughSale sale;
  sale.sale_date = Date::FromDays(15002);
  EXPECT_EQ(Movements(sale).front().from, kMainSite);
  EXPECT_EQ(Movements(sale).front().to, kCustomer);
  EXPECT_EQ(Movements(sale).front().effective_date, sale.sale_date);
}

}  // namespace
}  // namespace tributary::inventory
