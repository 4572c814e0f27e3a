#include "incentive-service/claims/stock_claim.h"
#include "incentive-service/engine/testing_stock.h"

namespace tributary::incentive {
namespace {

const absl::Time kDecided = absl::FromUnixSeconds(int64_t{On("07-06").days()} * 86400);

// Half of what was bought, a tenth is kept.
StockRotation JuneRotation() {
  return {.partner = "p3",
          .id = "june",
          .state = StockRotationState::kApproved,
          .window = {On("06-01"), On("07-01")},
          .purchases = {On("03-01"), On("06-01")},
          .limit_rate = D("0.5"),
          .fee_rate = D("0.1"),
          .currency = "CNY",
          .claim_deadline = On("07-31")};
}

// 10 units at 100, 10 at 120; 12 went back in June, 2 were destroyed, 1 went back in July and 8 more than there are.
StockBook Moved() {
  StockBook book;
  book.history.arrivals = {Came("A", "05-01", "10", "100"), Came("B", "05-10", "10", "120")};
  const auto move = [&book](std::string movement, std::string_view date, std::string_view units, bool scrapped) {
    book.history.departures.push_back({On(date), D(units), movement});
    book.rotated.push_back({std::move(movement), On(date), D(units), scrapped});
  };
  move("movements/m.1", "06-05", "12", false);
  move("movements/m.2", "06-06", "2", true);
  move("movements/m.3", "07-05", "1", false);
  move("movements/m.4", "06-30", "8", false);
  return book;
}
const Decimal kBought = D("2200");

struct Sent {
  std::string movement;
  std::string_view units;
  std::string_view each;
};
Claim Rotated(std::string id, const std::vector<Sent>& movements) {
  Claim claim{.partner = "p3",
              .id = std::move(id),
              .create_time = kDecided,
              .kind = ClaimKind::kStockRotation,
              .stock_rotation = "june",
              .product = "products/x",
              .currency = "CNY",
              .claimant = "clerk"};
  for (const Sent& one : movements) {
    claim.lines.push_back({.sale = one.movement, .quantity = D(one.units), .unit_amount = D(one.each)});
  }
  return claim;
}

struct Circumstances {
  StockRotation rotation = JuneRotation();
  StockBook book = Moved();
  std::vector<OtherLine> others;
  std::vector<ExclusiveClass> classes;

  Claim Decided(const Claim& claim) {
    const absl::StatusOr<Claim> submitted = Submit(claim, rotation, On("07-06"));
    EXPECT_OK(submitted);
    const Due due = DueOf(*submitted, rotation, kBought, book, others, classes);
    const absl::StatusOr<Claim> decided = Decide(*submitted, due, others, "", "manager", kDecided);
    EXPECT_OK(decided);
    for (size_t i = 0; i < decided->lines.size(); ++i) {
      const ClaimLine& line = decided->lines[i];
      others.push_back({.kind = decided->kind,
                        .claim = decided->id,
                        .ordinal = static_cast<int>(i) + 1,
                        .stock_rotation = decided->stock_rotation,
                        .sale = line.sale,
                        .turn = decided->turn,
                        .approved_quantity = line.approved_quantity,
                        .paid = line.approved,
                        .layers = line.layers});
    }
    return *decided;
  }
};

// "m.1 11 100800, 17 1 10800; : 100800 of 111600 APPROVED": reasons by their numbers.
std::string ToldOfRotation(const Claim& claim) {
  std::string text;
  for (const ClaimLine& line : claim.lines) {
    StrAppend(&text, line.sale.substr(line.sale.find('/') + 1), " ", line.approved_quantity.ToString(), " ",
              line.approved);
    int64_t sum = line.approved;
    for (const ClaimDenial& denial : line.denials) {
      StrAppend(&text, ", ", static_cast<int>(denial.reason), " ", denial.quantity.ToString(), " ", denial.amount);
      sum += denial.amount;
    }
    EXPECT_EQ(sum, line.amount) << text;
    text += "; ";
  }
  return StrCat(text, ": ", claim.approved, " of ", claim.amount, " ", NameOf(claim.state));
}

// The limit is 1,100: 10 at 90 and 1 at 108 of the 2.
TEST(RotationDueTest, UnitsAreCreditedAtTheirLayersWithinTheLimit) {
  Circumstances june;
  const Claim first = june.Decided(Rotated("a", {{"movements/m.1", "12", "108"}}));
  EXPECT_EQ(ToldOfRotation(first), "m.1 11 100800, 7 10 18000, 17 1 10800; : 100800 of 129600 APPROVED");
  ASSERT_EQ(first.lines[0].layers.size(), 2u);
  EXPECT_EQ(first.lines[0].layers[0], (ApprovedLayer{"A", false, D("10"), 90000}));
  EXPECT_EQ(first.lines[0].layers[1], (ApprovedLayer{"B", false, D("1"), 10800}));
  // 92 are left: no whole unit at 108, one at 90.
  EXPECT_EQ(ToldOfRotation(june.Decided(Rotated("b", {{"movements/m.1", "1", "108"}}))),
            "m.1 0 0, 17 1 10800; : 0 of 10800 REJECTED");
  EXPECT_EQ(ToldOfRotation(june.Decided(Rotated("c", {{"movements/m.1", "1", "90"}}))),
            "m.1 1 9000; : 9000 of 9000 APPROVED");
  EXPECT_EQ(ToldOfRotation(june.Decided(Rotated("d", {{"movements/m.1", "1", "1"}}))),
            "m.1 0 0, 15 1 100; : 0 of 100 REJECTED");
}

TEST(RotationDueTest, EachDenialHasItsReason) {
  Circumstances june;
  EXPECT_EQ(ToldOfRotation(june.Decided(Rotated(
                "a", {{"movements/m.2", "2", "108"}, {"movements/m.3", "1", "108"}, {"movements/none.1", "3", "1"}}))),
            "m.2 0 0, 18 2 21600; m.3 0 0, 2 1 10800; none.1 0 0, 14 3 300; : 0 of 32700 REJECTED");
  // By name and generation: m.4 took the last 6 at 120, and 2 that nothing tells the origin of.
  EXPECT_EQ(ToldOfRotation(june.Decided(Rotated("b", {{"movements/m.4.1", "9", "100"}}))),
            "m.4.1 6 60000, 4 2 20000, 14 1 10000; : 60000 of 90000 APPROVED");
  june.rotation.way = RotationWay::kReturnOrScrap;
  EXPECT_EQ(ToldOfRotation(june.Decided(Rotated("c", {{"movements/m.2", "2", "108"}}))),
            "m.2 2 21600; : 21600 of 21600 APPROVED");
}

// All of line A was paid for when its price fell: by a class only the units of B are credited.
TEST(RotationDueTest, AClassLeavesWhatItLeaves) {
  const OtherLine protection{.kind = ClaimKind::kPriceProtection,
                             .claim = "cut",
                             .ordinal = 1,
                             .price_change = "cut",
                             .turn = 1,
                             .approved_quantity = D("10"),
                             .layers = {{"A", false, D("10"), 0}}};
  Circumstances apart;
  apart.others = {protection};
  EXPECT_EQ(apart.Decided(Rotated("a", {{"movements/m.1", "12", "108"}})).approved, 100800);
  Circumstances together;
  together.others = {protection};
  together.classes.push_back({"STOCK_ROTATION", "PRICE_PROTECTION"});
  EXPECT_EQ(ToldOfRotation(together.Decided(Rotated("a", {{"movements/m.1", "12", "108"}}))),
            "m.1 2 21600, 15 10 108000; : 21600 of 129600 APPROVED");
}

TEST(RotationDueTest, LaterFactsChangeWhatIsDue) {
  Circumstances june;
  const Claim claim = june.Decided(Rotated("a", {{"movements/m.1", "12", "108"}}));
  const auto due = [&](Decimal bought) {
    return DueOf(claim, june.rotation, bought, june.book, {}, {}).amount.ToString();
  };
  EXPECT_EQ(due(kBought), "1008");
  // Of more that was bought no more units are due than were approved, of less fewer.
  EXPECT_EQ(due(D("9000")), "1008");
  EXPECT_EQ(due(D("400")), "180");
  june.book.rotated.erase(june.book.rotated.begin());
  june.book.history.departures.erase(june.book.history.departures.begin());
  EXPECT_EQ(due(kBought), "0");
}

TEST(RotationDueTest, EachRefusalHasItsReason) {
  StockRotation draft = JuneRotation();
  draft.state = StockRotationState::kDraft;
  const Claim claim = Rotated("a", {{"movements/m.1", "1", "1"}});
  EXPECT_THAT(Submit(claim, draft, On("07-06")), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Submit(claim, JuneRotation(), On("08-01")), HasReason(Reason::kClaimDeadlinePassed));
  EXPECT_THAT(Submit(Rotated("a", {}), JuneRotation(), On("07-06")), Blames("claim.lines"));
  // The same movement, whatever its generation.
  EXPECT_THAT(
      Submit(Rotated("a", {{"movements/m.1", "1", "1"}, {"movements/m.1.1", "1", "1"}}), JuneRotation(), On("07-06")),
      Blames("claim.lines[1].movement"));
}

}  // namespace
}  // namespace tributary::incentive
