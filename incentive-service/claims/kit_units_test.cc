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

// Another claim on four of the ten sets, as units of x.
OtherLine OnFourSets() {
  return {.kind = ClaimKind::kSpiff,
          .claim = "four",
          .ordinal = 1,
          .sale = "S/parts/x",
          .turn = 1,
          .approved_quantity = D("8"),
          .layers = {{"A", false, D("8"), 0}}};
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
  const std::vector<OtherLine> others = {OnFourSets()};
  const Claim cut{.partner = "p3", .id = "cut", .kind = ClaimKind::kPriceProtection, .price_change = "cut"};
  EXPECT_EQ(ShippedUnits(cut, BookOfX(), others, kOnce).Take("A", D("100")), D("92"));
  EXPECT_EQ(ShippedUnits(cut, BookOfX(), others, {}).Take("A", D("100")), D("100"));
  // What came back is free again.
  StockBook book = BookOfX();
  book.in_kits["S/parts/x"] = D("6");
  EXPECT_EQ(ShippedUnits(cut, book, others, kOnce).Take("A", D("100")), D("94"));
}

TEST(KitUnitsTest, AKitIsPaidForAsFarAsNoPartIs) {
  TakenParts taken;
  KitUnits kits = UnitsWith({ProtectedX("85")}, kOnce);
  EXPECT_EQ(kits.Take(kTenSets, D("10"), &taken), D("7")) << "15 are left";
  EXPECT_EQ(kits.Take(kTenSets, D("3"), &taken), D("0")) << "one is";
  EXPECT_EQ(taken, (TakenParts{{{"products/x", "A"}, D("14")}}));
  EXPECT_EQ(UnitsWith({ProtectedX("85")}, {}).Take(kTenSets, D("10"), &taken), D("10"));
  const CustomerSale of_x{.fact = "T", .date = On("06-06"), .customer = "EC1", .quantity = D("30")};
  EXPECT_EQ(UnitsWith({ProtectedX("85")}, kOnce).Take(of_x, D("30"), &taken), D("30")) << "no sale of sets";
  // The other six of the ten have parts of their own.
  EXPECT_EQ(UnitsWith({OnFourSets(), ProtectedX("80")}, kOnce).Take(kTenSets, D("6"), &taken), D("6"));
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
  EXPECT_EQ(due.lines[0].parts, (TakenParts{{{"products/x", "A"}, D("14")}}));
  ASSERT_EQ(due.lines[0].denials.size(), 1u);
  EXPECT_EQ(due.lines[0].denials[0].reason, DenialReason::kUnitAlreadyFunded);
  EXPECT_EQ(due.lines[0].denials[0].quantity, D("3"));
  EXPECT_EQ(DueOf(OnTenSets(), spiff, sets, {}, kOnce).amount, Q("80"));
}

}  // namespace
}  // namespace tributary::incentive
