#include "incentive-service/claims/kit_units.h"

#include "incentive-service/engine/testing_stock.h"

namespace tributary::incentive {
namespace {

const std::vector<ExclusiveClass> kOnce = {ExclusiveClass{"SPIFF", "PRICE_PROTECTION"}};
const CustomerSale kTenSets{.fact = "S", .date = On("06-05"), .customer = "EC1", .quantity = D("10")};

// 100 x came; 20 left in ten sets of two, 30 by themselves.
StockBook BookOfX() {
  StockBook book;
  book.history.arrivals = {Came("A", "04-01", "100", "120")};
  book.history.departures = {{On("06-05"), D("20"), "S/parts/x"}, {On("06-06"), D("30"), "T"}};
  book.sales = {{.fact = "T", .date = On("06-06"), .customer = "EC1", .quantity = D("30")}};
  book.in_kits = {{"S/parts/x", D("20")}};
  return book;
}

Claim OnTenSets() {
  Claim claim{.partner = "p3", .id = "sets", .kind = ClaimKind::kSpiff, .spiff = "june", .currency = "CNY"};
  claim.product = "products/set";
  claim.lines.push_back({.sale = "S", .quantity = D("10"), .unit_amount = D("8")});
  return claim;
}

// Another claim on four of the ten sets.
OtherLine OnFourSets() {
  return {.kind = ClaimKind::kSpiff,
          .claim = "four",
          .ordinal = 1,
          .sale = "S",
          .turn = 1,
          .approved_quantity = D("4"),
          .layers = {{"", false, D("4"), 0}},
          .kits = D("10")};
}

OtherLine ProtectedX(std::string_view units) {
  return {.kind = ClaimKind::kPriceProtection,
          .claim = "cut",
          .ordinal = 1,
          .price_change = "cut",
          .turn = 1,
          .approved_quantity = D(units),
          .layers = {{"A", false, D(units), 0}}};
}

KitUnits UnitsWith(const std::vector<OtherLine>& others, const std::vector<ExclusiveClass>& classes) {
  KitUnits kits;
  kits.Add(OnTenSets(), "products/x", BookOfX(), others, classes);
  return kits;
}

TEST(KitUnitsTest, OfKitsThatWerePaidForThePartsAre) {
  std::vector<OtherLine> others = {OnFourSets(), ProtectedX("3")};
  TakeKitsApart(BookOfX(), "products/x", &others);
  EXPECT_EQ(others[0].sale, "S/parts/x");
  EXPECT_EQ(others[0].approved_quantity, D("8"));
  ASSERT_EQ(others[0].layers.size(), 1u);
  EXPECT_EQ(others[0].layers[0].line, "A");
  EXPECT_EQ(others[0].layers[0].quantity, D("8"));
  EXPECT_EQ(others[1].approved_quantity, D("3")) << "no claim on kits";
  others.pop_back();
  Claim cut{.partner = "p3", .id = "cut", .kind = ClaimKind::kPriceProtection, .price_change = "cut"};
  EXPECT_EQ(ShippedUnits(cut, BookOfX(), others, kOnce).Take("A", D("100")), D("92"));
  EXPECT_EQ(ShippedUnits(cut, BookOfX(), others, {}).Take("A", D("100")), D("100"));
  // What came back is free again.
  StockBook book = BookOfX();
  book.in_kits["S/parts/x"] = D("6");
  EXPECT_EQ(ShippedUnits(cut, book, others, kOnce).Take("A", D("100")), D("94"));
}

TEST(KitUnitsTest, AKitIsPaidForAsFarAsNoPartIs) {
  KitUnits kits = UnitsWith({ProtectedX("85")}, kOnce);
  EXPECT_EQ(kits.Take(kTenSets, D("10")), D("7")) << "15 are left";
  EXPECT_EQ(kits.Take(kTenSets, D("3")), D("0")) << "one is";
  EXPECT_EQ(UnitsWith({ProtectedX("85")}, {}).Take(kTenSets, D("10")), D("10"));
  EXPECT_EQ(UnitsWith({ProtectedX("85")}, kOnce).Take({.fact = "T", .quantity = D("30")}, D("30")), D("30"))
      << "no sale of sets";
  // The other six of the ten have parts of their own.
  std::vector<OtherLine> others = {OnFourSets(), ProtectedX("80")};
  TakeKitsApart(BookOfX(), "products/x", &others);
  EXPECT_EQ(UnitsWith(others, kOnce).Take(kTenSets, D("6")), D("6"));
}

TEST(KitUnitsTest, ASpiffOnKitsIsDueOfThose) {
  const Spiff spiff{.id = "june",
                    .state = SpiffState::kAnnounced,
                    .product = "products/set",
                    .window = {On("06-01"), On("07-01")},
                    .reward = D("8"),
                    .currency = "CNY"};
  StockBook sets;
  sets.sales = {kTenSets};
  KitUnits kits = UnitsWith({ProtectedX("85")}, kOnce);
  const Due due = DueOf(OnTenSets(), spiff, sets, {}, kOnce, &kits);
  EXPECT_EQ(due.amount, Q("56"));
  ASSERT_EQ(due.lines[0].denials.size(), 1u);
  EXPECT_EQ(due.lines[0].denials[0].reason, DenialReason::kUnitAlreadyFunded);
  EXPECT_EQ(due.lines[0].denials[0].quantity, D("3"));
  EXPECT_EQ(DueOf(OnTenSets(), spiff, sets, {}, kOnce).amount, Q("80"));
}

}  // namespace
}  // namespace tributary::incentive
