// What lines rest on, and the numbers of all that.

#include "cli/verify/arithmetic.h"
#include "cli/verify/grown.h"
#include "cli/verify/place.h"
#include "cli/verify/testing_statement.h"
#include "cli/verify/verify.h"
#include "gmock/gmock.h"

namespace tributary::cli {
namespace {

using incentive::v1::Program;
using incentive::v1::StatementEntry;
using inventory::v1::ShipmentLine;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(VerifyFactsTest, ALinkedReturnCountsOnTheDatesOfItsOriginal) {
  SampleStatement good = Good();
  ShipmentLine original = good.facts.at(good.lines[2].fact());
  original.set_name("partners/p1/shipments/SO0/lines/1");
  good.facts[original.name()] = original;
  ShipmentLine& fact = good.facts[good.lines[2].fact()];
  fact.mutable_order_date()->set_year(2012);
  EXPECT_THAT(VerifyStatement(good.statement, good.lines, good.lookup()), Contains(HasSubstr("basis_date")));
  fact.set_original_line(original.name());
  EXPECT_THAT(VerifyStatement(good.statement, good.lines, good.lookup()), IsEmpty());
}

TEST(VerifyArithmeticTest, ReadsAndPrints) {
  const struct {
    const char* text;
    const char* printed;  // nullptr: refused
  } kCases[] = {
      {"0", "0"},
      {"-0.5", "-0.5"},
      {"2024.9940", "2024.994"},
      {"0.000000001", "0.000000001"},
      {"1e3", nullptr},
      {"", nullptr},
      {"-", nullptr},
      {"1.0000000001", nullptr},
      {"1,5", nullptr},
      {"00.10", "0.1"},
      {"12345678901234567890123", "12345678901234567890123"},
  };
  for (const auto& c : kCases) {
    google::type::Decimal decimal;
    decimal.set_value(c.text);
    const std::optional<verify::Integer> value = verify::Billionths(decimal);
    ASSERT_EQ(value.has_value(), c.printed != nullptr) << c.text;
    if (value.has_value()) {
      EXPECT_EQ(verify::Text(*value), c.printed);
    }
  }
}

TEST(VerifyArithmeticTest, Rounds) {
  using incentive::v1::Program;
  const struct {
    const char* fraction;
    int half_even, half_up, down;
  } kCases[] = {
      {"1/2", 0, 1, 0}, {"3/2", 2, 2, 1},   {"5/2", 2, 3, 2},     {"7/3", 2, 2, 2},
      {"8/3", 3, 3, 2}, {"-1/2", 0, -1, 0}, {"-3/2", -2, -2, -1}, {"4", 4, 4, 4},
  };
  for (const auto& c : kCases) {
    const std::optional<verify::Fraction> fraction = verify::ParseFraction(c.fraction);
    ASSERT_TRUE(fraction.has_value());
    EXPECT_EQ(verify::Round(*fraction, Program::HALF_EVEN), c.half_even) << c.fraction;
    EXPECT_EQ(verify::Round(*fraction, Program::HALF_UP), c.half_up) << c.fraction;
    EXPECT_EQ(verify::Round(*fraction, Program::DOWN), c.down) << c.fraction;
  }
  for (const char* text : {"", "1/0", "1/", "/2", "1/2/3", "1.5", "--1"}) {
    EXPECT_FALSE(verify::ParseFraction(text).has_value()) << text;
  }
}

TEST(VerifyFactsTest, FactsStandByDocumentAndLine) {
  const struct {
    const char* fact;
    const char* document;
    int64_t line;
  } kCases[] = {
      {"partners/p1/shipments/SO1/lines/2", "SO1", 2},
      {"partners/p1/shipments/SO1/lines/2.1", "SO1", 2},
      {"partners/p1/creditNotes/C.1/lines/30", "C.1", 30},
      {"partners/p1/sales/R1.2", "R1", 2},
      {"partners/p1/sales/R1.2.1", "R1", 2},
      {"partners/p1/sales/R.1.2.0", "R.1", 2},
      {"partners/p1/sales/R", "R", 0},
      {"partners/p1/deals/d.1", "d.1", 1},
      {"partners/p1", "", 0},
  };
  for (const auto& c : kCases) {
    const Place place = PlaceOf(c.fact);
    EXPECT_EQ(place.document, c.document) << c.fact;
    EXPECT_EQ(place.line, c.line) << c.fact;
  }
}

TEST(VerifyFactsTest, EachBasisRestsOnFactsOfItsOwn) {
  const inventory::v1::CreditNoteLine credit = Parse<inventory::v1::CreditNoteLine>(R"pb(
    name: "partners/p1/creditNotes/C1/lines/1"
    partner: "partners/p1"
    credit_date { year: 2011 month: 1 day: 5 }
    product: "products/x"
    quantity { value: "2" }
    net_amount { currency_code: "USD" units: 30 nanos: 500000000 }
    original_invoice: "partners/p1/invoices/I1"
  )pb");
  const Fact back(credit);
  EXPECT_EQ(verify::Text(*back.quantity), "-2");
  EXPECT_EQ(verify::Text(*back.amount), "-30.5");
  EXPECT_EQ(back.original, "partners/p1/invoices/I1");
  EXPECT_EQ(back.DateOn(Program::INVOICED), "2011-01-05");
  EXPECT_TRUE(back.CountsOn(Program::INVOICED));
  EXPECT_FALSE(back.CountsOn(Program::ORDER));
  inventory::v1::SellThroughSale sale;
  sale.set_name("partners/p1/sales/R1.1");
  EXPECT_TRUE(Fact(sale).CountsOn(Program::SELL_THROUGH));
  EXPECT_EQ(Fact(sale).partner, "partners/p1");
  sale.set_activity(inventory::v1::SellThroughSale::ADJUSTMENT);
  EXPECT_FALSE(Fact(sale).CountsOn(Program::SELL_THROUGH));
  EXPECT_FALSE(Fact(credit).CountsOn(Program::SELL_THROUGH));

  conflict::v1::DealRegistration deal;
  deal.set_name("partners/p1/deals/d1");
  EXPECT_TRUE(Fact(deal).CountsOn(Program::WON_DEAL));
  EXPECT_EQ(verify::Text(*Fact(deal).quantity), "1");
  EXPECT_EQ(Fact(deal).partner, "partners/p1");
  EXPECT_FALSE(Fact(sale).CountsOn(Program::WON_DEAL));

  // The same figures on another basis rest on facts that do not count on it.
  SampleStatement good = Good();
  good.statement.mutable_entries(0)->mutable_terms()->set_basis(Program::INVOICED);
  EXPECT_THAT(VerifyStatement(good.statement, good.lines, good.lookup()),
              Contains(HasSubstr("no fact that counts on INVOICED")));
}

StatementEntry Grew(const std::string& period, const std::string& amount, const std::string& steps) {
  return Parse<StatementEntry>(
      "kind: EARNED program: 'programs/g' period: '" + period + "' exact_qualifying_amount: '" + amount +
      "' terms { growth { reference: PREVIOUS_PERIOD } effective_from { year: 2025 month: 1 day: 1 } }"
      " evaluation { growth { " +
      steps + " } }");
}

TEST(VerifyFactsTest, AReferenceIsThatOfThePredecessorsToo) {
  const auto measured = [](const std::string& reference) {
    return Grew(
        "2025Q2", "200",
        "predecessors: 'partners/p2' reference_period: '2025Q1' reference_amount { value: '" + reference + "' }");
  };
  GrowthReferences apart;
  apart.Add(Grew("2025Q1", "100", ""), "partners/p1");
  apart.Add(Grew("2025Q1", "20", ""), "partners/p2");
  apart.Add(Grew("2025Q1", "7", ""), "partners/p3");
  EXPECT_THAT(apart.Verify(measured("120"), "partners/p1"), IsEmpty());
  EXPECT_THAT(apart.Verify(measured("100"), "partners/p1"), Contains(HasSubstr("stated 100, worked out 120")));
  GrowthReferences together;
  together.Add(Grew("2025Q1", "120", "predecessors: 'partners/p2'"), "partners/p1");
  EXPECT_THAT(together.Verify(measured("120"), "partners/p1"), IsEmpty());
  EXPECT_THAT(together.Verify(measured("140"), "partners/p1"), Contains(HasSubstr("stated 140, worked out 120")));
  // Whose lines were somebody else's then cannot be told apart.
  GrowthReferences elsewhere;
  elsewhere.Add(Grew("2025Q1", "100", ""), "partners/p1");
  elsewhere.Add(Grew("2025Q1", "500", "predecessors: 'partners/p2'"), "partners/p3");
  EXPECT_THAT(elsewhere.Verify(measured("120"), "partners/p1"), IsEmpty());
}

}  // namespace
}  // namespace tributary::cli
