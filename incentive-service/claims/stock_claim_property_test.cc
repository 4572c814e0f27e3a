// Claims of all kinds on random stock, decided one after another under random classes: no kind is paid for more units
// of a sale or movement than there are, and the kinds of a class are together paid for no more of one, nor of a line of
// a shipment, by themselves or in sets of two.

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/money/money.h"
#include "incentive-service/claims/kit_units.h"
#include "incentive-service/claims/stock_claim.h"
#include "incentive-service/engine/testing_stock.h"

namespace tributary::incentive {
namespace {

const absl::Time kClaimed = absl::FromUnixSeconds(int64_t{On("07-06").days()} * 86400);
constexpr ClaimKind kKinds[] = {ClaimKind::kShipAndDebit, ClaimKind::kPriceProtection, ClaimKind::kSpiff,
                                ClaimKind::kStockRotation};
const Decimal kBought = D("4000");

const SpecialPriceAuthorization kEc1{.partner = "p3",
                                     .id = "ec1",
                                     .state = SpecialPriceState::kApproved,
                                     .product = "products/x",
                                     .end_customer = "EC1",
                                     .window = {On("06-01"), On("07-01")},
                                     .approved_cost = D("100"),
                                     .currency = "CNY",
                                     .quantity = D("30"),
                                     .claim_deadline = On("07-31")};
const PriceChange kCut{.id = "cut",
                       .state = PriceChangeState::kAnnounced,
                       .product = "products/x",
                       .effective_date = On("06-10"),
                       .new_price = D("110"),
                       .currency = "CNY",
                       .lookback_days = 90,
                       .claim_deadline = On("07-31")};
const Spiff kJune{.id = "june",
                  .state = SpiffState::kAnnounced,
                  .product = "products/x",
                  .window = {On("06-01"), On("07-01")},
                  .reward = D("8"),
                  .currency = "CNY",
                  .claim_deadline = On("07-31")};
const StockRotation kRotation{.partner = "p3",
                              .id = "june",
                              .state = StockRotationState::kApproved,
                              .way = RotationWay::kReturnOrScrap,
                              .window = {On("06-01"), On("07-01")},
                              .purchases = {On("03-01"), On("06-01")},
                              .limit_rate = D("0.5"),
                              .fee_rate = D("0.1"),
                              .currency = "CNY",
                              .claim_deadline = On("07-31")};

class Case {
 public:
  explicit Case(uint64_t seed) : draw_(seed) {
    for (const char* line : {"A", "B"}) {
      book_.history.arrivals.push_back(
          Came(line, "04-01", std::to_string(draw_.Pick(5, 40)), line[0] == 'A' ? "115" : "122"));
    }
    for (int i = 0; i < 6; ++i) {
      const Date day = On("06-01").AddDays(static_cast<int>(draw_.Pick(0, 29)));
      const Decimal units = Decimal::FromInt(draw_.Pick(1, 12));
      const std::string fact = StrCat(i < 4 ? "sales/S." : "movements/m.", i);
      book_.history.departures.push_back({day, units, fact});
      if (i < 4) {
        book_.sales.push_back({.fact = fact, .date = day, .customer = "EC1", .quantity = units});
      } else {
        book_.rotated.push_back({fact, day, units, i == 5});
      }
    }
    const Date day = On("06-01").AddDays(static_cast<int>(draw_.Pick(0, 29)));
    const int64_t sets = draw_.Pick(1, 6);
    const std::string part = PartOf("sales/K.1", "products/x");
    book_.history.departures.push_back({day, Decimal::FromInt(2 * sets), part});
    book_.in_kits[part] = Decimal::FromInt(2 * sets);
    sets_.sales = {{.fact = "sales/K.1", .date = day, .customer = "EC1", .quantity = Decimal::FromInt(sets)}};
    book_.history.protections = {ProtectionOf(kCut, std::nullopt)};
    for (int64_t i = draw_.Pick(0, 2); i > 0; --i) {
      ExclusiveClass one;
      for (const ClaimKind kind : kKinds) {
        if (draw_.Pick(0, 1) == 1) one.emplace_back(NameOf(kind));
      }
      classes_.push_back(std::move(one));
    }
  }

  void DecideOne(int number) {
    Claim claim{.partner = "p3",
                .id = StrCat("c-", number),
                .create_time = kClaimed,
                .kind = kKinds[draw_.Pick(0, 3)],
                .product = "products/x",
                .currency = "CNY",
                .claimant = "clerk"};
    const Decimal units = Decimal::FromInt(draw_.Pick(1, 15));
    const Decimal each = Decimal::FromInt(draw_.Pick(1, 120));
    std::string fact = StrCat("sales/S.", draw_.Pick(0, 3));
    absl::StatusOr<Claim> submitted;
    Due due;
    if (claim.kind == ClaimKind::kPriceProtection) fact.clear();
    if (claim.kind == ClaimKind::kStockRotation) fact = StrCat("movements/m.", draw_.Pick(4, 5));
    const bool of_sets = claim.kind == ClaimKind::kSpiff && draw_.Pick(0, 1) == 1;
    if (of_sets) {
      claim.product = "products/set";
      fact = "sales/K.1";
    }
    claim.lines.push_back({.sale = fact, .quantity = units, .unit_amount = each});
    switch (claim.kind) {
      case ClaimKind::kShipAndDebit:
        claim.special_price = kEc1.id;
        submitted = Submit(claim, kEc1, On("07-06"));
        due = DueOf(*submitted, kEc1, book_, others_, classes_, On("07-06"));
        break;
      case ClaimKind::kPriceProtection:
        claim.price_change = kCut.id;
        submitted = Submit(claim, kCut, On("07-06"));
        due = DueOf(*submitted, kCut, book_, others_, classes_, On("07-06"));
        break;
      case ClaimKind::kSpiff:
        claim.spiff = kJune.id;
        submitted = Submit(claim, kJune, On("07-06"));
        if (of_sets) {
          KitUnits kits;
          kits.Add(*submitted, "products/x", book_, others_, classes_);
          due = DueOf(*submitted, kJune, sets_, of_sets_, classes_, &kits);
        } else {
          due = DueOf(*submitted, kJune, book_, others_, classes_);
        }
        break;
      default:
        claim.stock_rotation = kRotation.id;
        submitted = Submit(claim, kRotation, On("07-06"));
        due = DueOf(*submitted, kRotation, kBought, book_, others_, classes_);
    }
    ASSERT_OK_AND_ASSIGN(const Claim decided, Decide(*submitted, due, others_, "", "manager", kClaimed));
    const ClaimLine& line = decided.lines[0];
    int64_t sum = line.approved;
    for (const ClaimDenial& denial : line.denials) {
      EXPECT_LT(0, denial.amount);
      sum += denial.amount;
    }
    EXPECT_EQ(sum, line.amount);
    Decimal of_layers;
    for (const ApprovedLayer& layer : line.layers) of_layers += layer.quantity;
    EXPECT_EQ(of_layers, line.approved_quantity);
    OtherLine next{.kind = decided.kind,
                   .claim = decided.id,
                   .ordinal = 1,
                   .special_price = decided.special_price,
                   .price_change = decided.price_change,
                   .stock_rotation = decided.stock_rotation,
                   .sale = line.sale,
                   .claimed_on = On("07-06"),
                   .turn = decided.turn,
                   .approved_quantity = line.approved_quantity,
                   .paid = line.approved,
                   .layers = line.layers};
    if (of_sets) {
      of_sets_.push_back(next);
      next.sale = PartOf(next.sale, "products/x");
      next.approved_quantity = Decimal();
      next.layers.clear();
      for (const auto& [part, quantity] : line.parts) {
        next.approved_quantity += quantity;
        next.layers.push_back({part.second, false, quantity, 0});
      }
    }
    others_.push_back(std::move(next));
  }

  void Check() const {
    std::map<std::string, Decimal> there = UnitsThatLeft(book_);
    for (const LayerArrival& one : book_.history.arrivals) there[one.line] = one.quantity;
    std::map<std::string, std::map<std::string, Decimal>> paid;  // by kind, of what
    Decimal credited;
    for (const OtherLine& other : others_) {
      std::map<std::string, Decimal>& of_kind = paid[std::string(NameOf(other.kind))];
      if (!other.sale.empty()) of_kind[other.sale] += other.approved_quantity;
      for (const ApprovedLayer& layer : other.layers) {
        if (!layer.line.empty()) of_kind[layer.line] += layer.quantity;
      }
      if (!other.stock_rotation.empty()) credited += *FromMinorUnits(other.paid, "CNY");
    }
    std::vector<ExclusiveClass> all = classes_;
    for (const ClaimKind kind : kKinds) all.push_back({std::string(NameOf(kind))});
    for (const ExclusiveClass& one : all) {
      std::map<std::string, Decimal> sums;
      for (const std::string& kind : one) {
        const auto known = paid.find(kind);
        if (known == paid.end()) continue;
        for (const auto& [units, quantity] : known->second) sums[units] += quantity;
      }
      for (const auto& [units, quantity] : sums) EXPECT_LE(quantity, there[units]) << units;
    }
    EXPECT_LE(credited, D("2000"));
    Decimal sets;
    for (const OtherLine& other : of_sets_) sets += other.approved_quantity;
    EXPECT_LE(sets, sets_.sales[0].quantity);
    Decimal debited;
    for (const auto& [units, quantity] : paid["SHIP_AND_DEBIT"]) {
      if (units.starts_with("sales/")) debited += quantity;
    }
    EXPECT_LE(debited, kEc1.quantity);
  }

 private:
  Draw draw_;
  StockBook book_;  // of x
  StockBook sets_;
  std::vector<OtherLine> others_;   // units of x, in sets too
  std::vector<OtherLine> of_sets_;  // those on sets
  std::vector<ExclusiveClass> classes_;
};

TEST(StockClaimPropertyTest, AClassIsPaidForAUnitOnce) {
  for (uint64_t seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    Case one(seed);
    for (int i = 0; i < 25; ++i) one.DecideOne(i);
    one.Check();
    if (::testing::Test::HasFailure()) break;
  }
}

}  // namespace
}  // namespace tributary::incentive
