#include "incentive-service/claims/stock_claim.h"

#include "incentive-service/engine/testing_stock.h"

namespace tributary::incentive {
namespace {

const absl::Time kJuly = absl::FromUnixSeconds(int64_t{On("07-02").days()} * 86400);

SpecialPriceAuthorization ForEc1() {
  return {.partner = "p3",
          .id = "ec1",
          .state = SpecialPriceState::kApproved,
          .product = "products/x",
          .end_customer = "EC1",
          .window = {On("06-01"), On("07-01")},
          .approved_cost = D("100"),
          .currency = "CNY",
          .quantity = D("400"),
          .claim_deadline = On("07-31")};
}

PriceChange To110() {
  return {.id = "cut",
          .state = PriceChangeState::kAnnounced,
          .product = "products/x",
          .effective_date = On("06-10"),
          .new_price = D("110"),
          .currency = "CNY",
          .in_transit_days = 7,
          .lookback_days = 90,
          .claim_deadline = On("07-31")};
}

// S3 of the scenarios: the stock around the cut, with the sales of June.
struct World {
  StockBook book;
  std::vector<OtherLine> others;
  std::vector<ExclusiveClass> classes;

  World() {
    book.history = PriceCut();
    book.on_hand = {{.partner = "p3",
                     .fact = "onHandReports/O.1",
                     .kind = ChannelFactKind::kOnHand,
                     .product = "products/x",
                     .date = On("06-09"),
                     .quantity = D("7000")}};
    Sell("S2", "06-15", "EC1", "200");
    Sell("S3", "06-16", "EC2", "50");
    book.sales.push_back({.fact = "S1", .date = On("06-03"), .customer = "EC1", .quantity = D("250")});
    book.history.protections = {ProtectionOf(To110(), ReportedAt(book, On("06-10")))};
  }
  void Sell(std::string sale, std::string_view date, std::string customer, std::string_view units) {
    book.history.departures.push_back({On(date), D(units), sale});
    book.sales.push_back({.fact = sale, .date = On(date), .customer = std::move(customer), .quantity = D(units)});
  }
  // Approves what is due and lets other claims see it.
  Claim Approved(Claim claim, const Due& due) {
    const absl::StatusOr<Claim> decided = Decide(std::move(claim), due, others, "", "manager", kJuly);
    EXPECT_OK(decided);
    for (size_t i = 0; i < decided->lines.size(); ++i) {
      const ClaimLine& line = decided->lines[i];
      others.push_back({.kind = decided->kind,
                        .claim = decided->id,
                        .ordinal = static_cast<int>(i) + 1,
                        .special_price = decided->special_price,
                        .price_change = decided->price_change,
                        .sale = line.sale,
                        .claimed_on = On("07-02"),
                        .turn = decided->turn,
                        .approved_quantity = line.approved_quantity,
                        .layers = line.layers});
    }
    return *decided;
  }
  Claim Debited(Claim claim, const SpecialPriceAuthorization& authorization = ForEc1()) {
    const absl::StatusOr<Claim> submitted = Submit(std::move(claim), authorization, On("07-02"));
    EXPECT_OK(submitted);
    return Approved(*submitted, DueOf(*submitted, authorization, book, others, classes, On("07-02")));
  }
  Claim Protected(Claim claim, const PriceChange& change = To110()) {
    const absl::StatusOr<Claim> submitted = Submit(std::move(claim), change, On("07-02"));
    EXPECT_OK(submitted);
    return Approved(*submitted, DueOf(*submitted, change, book, others, classes, On("07-02")));
  }
  // As seen from a claim: the others.
  std::vector<OtherLine> Beside(const Claim& claim) const {
    std::vector<OtherLine> beside;
    for (const OtherLine& one : others) {
      if (one.claim != claim.id) beside.push_back(one);
    }
    return beside;
  }
};

Claim New(std::string id, ClaimKind kind, std::vector<ClaimLine> lines) {
  return {.partner = "p3",
          .id = std::move(id),
          .create_time = kJuly,
          .kind = kind,
          .special_price = kind == ClaimKind::kShipAndDebit ? "ec1" : "",
          .price_change = kind == ClaimKind::kPriceProtection ? "cut" : "",
          .currency = "CNY",
          .claimant = "clerk",
          .lines = std::move(lines)};
}
ClaimLine Line(std::string sale, std::string_view units, std::string_view unit_amount) {
  return {.sale = std::move(sale), .quantity = D(units), .unit_amount = D(unit_amount)};
}
Claim Debit(std::string id, std::vector<ClaimLine> lines) {
  return New(std::move(id), ClaimKind::kShipAndDebit, std::move(lines));
}
Claim Protection(std::string id, std::string_view units, std::string_view unit_amount) {
  return New(std::move(id), ClaimKind::kPriceProtection, {Line("", units, unit_amount)});
}

// "S1 250 375000; S2 150 150000, 6 50 50000; : 525000 of 575000 APPROVED": reasons by their numbers.
std::string TextOf(const Claim& claim) {
  std::string text;
  for (const ClaimLine& line : claim.lines) {
    StrAppend(&text, line.sale, " ", line.approved_quantity.ToString(), " ", line.approved);
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

TEST(StockClaimTest, DebitsWhatTheLayersCostBeyondTheApprovedCost) {
  World world;
  EXPECT_EQ(
      TextOf(world.Debited(Debit("c", {Line("S1", "250", "15"), Line("S2", "200", "10"), Line("S3", "50", "10")}))),
      "S1 250 375000; S2 150 150000, 6 50 50000; S3 0 0, 1 50 50000; : 525000 of 625000 APPROVED");
}

TEST(StockClaimTest, ProtectsWhatTheLayersLost) {
  World world;
  const Claim claim = world.Protected(Protection("c", "7400", "12"));
  EXPECT_EQ(TextOf(claim), " 6900 5830000, 7 3500 2450000, 12 500 600000; : 5830000 of 8880000 APPROVED");
  ASSERT_EQ(claim.lines[0].layers.size(), 3u);
  EXPECT_EQ(claim.lines[0].layers[0], (ApprovedLayer{"C", false, D("3000"), 3600000}));
  EXPECT_EQ(claim.lines[0].layers[1], (ApprovedLayer{"D", true, D("400"), 480000}));
  EXPECT_EQ(claim.lines[0].layers[2], (ApprovedLayer{"B", false, D("3500"), 1750000}));
}

TEST(StockClaimTest, TheStockProposesALine) {
  World world;
  const Claim claim = New("c", ClaimKind::kPriceProtection, {});
  const auto proposed = [&](const PriceChange& change = To110()) -> std::string {
    const auto line = ProposeLine(claim, change, world.book, world.others, world.classes, On("07-02"));
    EXPECT_OK(line);
    if (!line.ok() || !line->has_value()) return "none";
    return StrCat((*line)->quantity.ToString(), " at ", (*line)->unit_amount.ToString());
  };
  EXPECT_EQ(proposed(), "6900 at 12");
  // Up to the next cent.
  PriceChange finer = To110();
  finer.id = "finer";
  finer.new_price = D("110.001");
  world.book.history.protections.clear();
  EXPECT_EQ(proposed(finer), "6900 at 12");
  finer.new_price = D("109.999");
  EXPECT_EQ(proposed(finer), "6900 at 12.01");
  // What was paid for is not proposed again.
  world = World();
  world.Protected(Protection("a", "3400", "12"));
  EXPECT_EQ(proposed(), "3500 at 5");
  world.Protected(Protection("b", "3500", "5"));
  EXPECT_EQ(proposed(), "none");
  EXPECT_THAT(Submit(claim, To110(), On("07-02")), Blames("claim.lines"));
}

// What is weighed or cut to length comes in parts of a unit: a claim's amount is rounded once, as what is due of it.
TEST(StockClaimTest, PartsOfUnitsAreProtectedToo) {
  World world;
  world.book.history.arrivals.push_back(Came("E", "05-02", "0.333333", "122"));
  Claim claim = New("c", ClaimKind::kPriceProtection, {});
  ASSERT_OK_AND_ASSIGN(const auto line,
                       ProposeLine(claim, To110(), world.book, world.others, world.classes, On("07-02")));
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->quantity, D("6900.333333"));
  EXPECT_EQ(line->unit_amount, D("12"));
  claim.lines = {*line};
  // 82,803.999996 are claimed and 58,303.999996 due.
  EXPECT_EQ(TextOf(world.Protected(claim)), " 6900.333333 5830400, 7 3500 2450000; : 5830400 of 8280400 APPROVED");
  EXPECT_THAT(Submit(Protection("d", "0.0004", "12"), To110(), On("07-02")), Blames("claim.lines[0].unit_amount"));
  Claim stated = Protection("e", "0.333333", "12");
  stated.amount = 399;
  EXPECT_THAT(Submit(stated, To110(), On("07-02")), Blames("claim.amount"));
  stated.amount = 400;
  EXPECT_OK(Submit(stated, To110(), On("07-02")));

  World crumbs;
  crumbs.book.history.arrivals = {Came("E", "05-02", "0.0004", "122")};
  crumbs.book.history.departures.clear();
  ASSERT_OK_AND_ASSIGN(const auto nothing,
                       ProposeLine(claim, To110(), crumbs.book, crumbs.others, crumbs.classes, On("07-02")));
  EXPECT_FALSE(nothing.has_value());
}

TEST(StockClaimTest, NoUnitIsPaidForTwice) {
  World world;
  world.Debited(Debit("a", {Line("S1", "100", "15")}));
  // The rest of the sale, and what was paid for.
  EXPECT_EQ(TextOf(world.Debited(Debit("b", {Line("S1", "250", "15")}))),
            "S1 150 225000, 15 100 150000; : 225000 of 375000 APPROVED");
  EXPECT_EQ(TextOf(world.Debited(Debit("c", {Line("S1", "250", "15")}))),
            "S1 0 0, 15 250 375000; : 0 of 375000 REJECTED");
  // Another authorization of the same customer.
  SpecialPriceAuthorization other = ForEc1();
  other.id = "more";
  Claim claim = Debit("d", {Line("S1", "250", "15"), Line("S2", "200", "10")});
  claim.special_price = "more";
  EXPECT_EQ(TextOf(world.Debited(claim, other)), "S1 0 0, 15 250 375000; S2 200 200000; : 200000 of 575000 APPROVED");
  // Then nothing of S2 is left for the first, though it has 150 units to give.
  EXPECT_EQ(TextOf(world.Debited(Debit("e", {Line("S2", "200", "10")}))),
            "S2 0 0, 15 200 200000; : 0 of 200000 REJECTED");

  World stock;
  stock.Protected(Protection("a", "3400", "12"));
  EXPECT_EQ(TextOf(stock.Protected(Protection("b", "7400", "12"))),
            " 3500 1750000, 7 3500 2450000, 12 500 600000, 15 3400 4080000; : 1750000 of 8880000 APPROVED");
  EXPECT_EQ(TextOf(stock.Protected(Protection("c", "6900", "5"))),
            " 0 0, 12 500 250000, 15 6400 3200000; : 0 of 3450000 REJECTED");
}

TEST(StockClaimTest, UnitsThatAnotherPartnerWasPaidForAreNotPaidForAgain) {
  World world;
  world.others.push_back(
      {.claim = "partners/p4/claims/x", .ordinal = 1, .sale = "S1", .turn = 7, .approved_quantity = D("100")});
  const Claim claim = world.Debited(Debit("a", {Line("S1", "250", "15")}));
  EXPECT_EQ(TextOf(claim), "S1 150 225000, 15 100 150000; : 225000 of 375000 APPROVED");
  EXPECT_EQ(claim.turn, 8);
  // They use nothing of the authorized quantity.
  EXPECT_EQ(TextOf(world.Debited(Debit("b", {Line("S2", "200", "10")}))), "S2 200 200000; : 200000 of 200000 APPROVED");
}

// Of line B, 5,000 units: 3,500 were there when the price fell, 450 were sold to EC1.
TEST(StockClaimTest, KindsOfOneClassShareTheUnitsOfALine) {
  World apart;
  EXPECT_EQ(apart.Protected(Protection("a", "6900", "12")).approved, 5830000);
  const Claim debit = apart.Debited(Debit("b", {Line("S1", "250", "15")}));
  EXPECT_EQ(debit.approved, 375000);
  ASSERT_EQ(debit.lines[0].layers.size(), 1u);
  EXPECT_EQ(debit.lines[0].layers[0], (ApprovedLayer{"B", false, D("250"), 375000}));

  World together;
  together.classes.push_back({"PRICE_PROTECTION", "SHIP_AND_DEBIT"});
  // Of 5,000 were 3,500 protected: 250 and 200 fit.
  together.Protected(Protection("a", "6900", "12"));
  EXPECT_EQ(TextOf(together.Debited(Debit("b", {Line("S1", "250", "15"), Line("S2", "150", "10")}))),
            "S1 250 375000; S2 150 150000; : 525000 of 525000 APPROVED");

  // Another line, of 500 units.
  World few;
  few.classes.push_back({"PRICE_PROTECTION", "SHIP_AND_DEBIT"});
  few.book.history = {};
  few.book.history.arrivals = {Came("B", "04-01", "500", "115")};
  few.book.history.departures = {{On("06-03"), D("250"), "S1"}};
  few.book.history.protections = {ProtectionOf(To110(), std::nullopt)};
  few.book.on_hand.clear();
  few.book.sales = {{.fact = "S1", .date = On("06-03"), .customer = "EC1", .quantity = D("250")}};
  // 250 are left to protect; the 250 of S1 are the other half.
  EXPECT_EQ(TextOf(few.Protected(Protection("a", "250", "5"))), " 250 125000; : 125000 of 125000 APPROVED");
  EXPECT_EQ(TextOf(few.Debited(Debit("b", {Line("S1", "250", "15")}))), "S1 250 375000; : 375000 of 375000 APPROVED");
  // What is sold afterwards was protected: the line has no more units for the class.
  few.Sell("S2", "06-15", "EC1", "100");
  EXPECT_EQ(TextOf(few.Debited(Debit("c", {Line("S2", "100", "10")}))),
            "S2 0 0, 15 100 100000; : 0 of 100000 REJECTED");
  // Without the class it is paid for, from the new price.
  few.classes.clear();
  EXPECT_EQ(TextOf(few.Debited(Debit("d", {Line("S2", "100", "10")}))), "S2 100 100000; : 100000 of 100000 APPROVED");
}

TEST(StockClaimTest, AClassTakesProtectedUnitsFromWhatWasDebitedBefore) {
  World world;
  world.classes.push_back({"SHIP_AND_DEBIT", "PRICE_PROTECTION"});
  world.book.history = {};
  world.book.history.arrivals = {Came("B", "04-01", "100", "115")};
  world.book.history.protections = {ProtectionOf(To110(), std::nullopt)};
  world.book.on_hand.clear();
  world.book.sales.clear();
  world.Sell("S", "06-15", "EC1", "30");
  // All 100 lay there when the price fell; 30 were sold afterwards, and debited first.
  EXPECT_EQ(TextOf(world.Debited(Debit("a", {Line("S", "30", "10")}))), "S 30 30000; : 30000 of 30000 APPROVED");
  EXPECT_EQ(TextOf(world.Protected(Protection("b", "100", "5"))), " 70 35000, 15 30 15000; : 35000 of 50000 APPROVED");
  // What the customer brings back is free again.
  world.book.returns.push_back({"R", "S", D("10")});
  EXPECT_EQ(TextOf(world.Protected(Protection("c", "30", "5"))), " 10 5000, 15 20 10000; : 5000 of 15000 APPROVED");
}

TEST(StockClaimTest, WhatIsApprovedStaysReserved) {
  World world;
  world.Debited(Debit("late", {Line("S2", "200", "10")}));
  // S1 was sold before S2 and not claimed: it kept its place, so S2 had 150 of the 400.
  EXPECT_EQ(world.others[0].approved_quantity, D("150"));
  // A sale that becomes known now has nothing left, though it is the first.
  world.Sell("S0", "06-02", "EC1", "60");
  EXPECT_EQ(TextOf(world.Debited(Debit("early", {Line("S0", "60", "15"), Line("S1", "250", "15")}))),
            "S0 60 90000; S1 190 285000, 6 60 90000; : 375000 of 465000 APPROVED");
  Decimal all;
  for (const OtherLine& one : world.others) all += one.approved_quantity;
  EXPECT_EQ(all, D("400"));
}

TEST(StockClaimTest, NoMoreIsPaidThanIsClaimed) {
  World world;
  EXPECT_EQ(TextOf(world.Debited(Debit("c", {Line("S1", "250", "14.99")}))),
            "S1 250 374750; : 374750 of 374750 APPROVED");
  EXPECT_EQ(TextOf(World().Debited(Debit("c", {Line("S1", "250", "15.02")}))),
            "S1 250 375000, 7 250 500; : 375000 of 375500 APPROVED");
  EXPECT_EQ(TextOf(World().Debited(Debit("c", {Line("S1", "251", "15"), Line("none", "1", "1")}))),
            "S1 250 375000, 14 1 1500; none 0 0, 14 1 100; : 375000 of 376600 APPROVED");
}

// A late sale before the cut; what a customer brings back.
TEST(StockClaimTest, LaterFactsTrueUp) {
  World world;
  Claim claim = world.Protected(Protection("c", "7400", "12"));
  const auto due = [&] { return DueOf(claim, To110(), world.book, world.Beside(claim), {}, On("07-03")).amount; };
  EXPECT_THAT(TrueUpClaim(claim, due(), On("12-31"), "third", On("07-03"), kJuly), HasReason(Reason::kStateConflict));
  claim.state = ClaimState::kPaid;
  EXPECT_THAT(TrueUpClaim(claim, due(), On("12-31"), "clerk", On("07-03"), kJuly),
              HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(TrueUpClaim(claim, due(), On("12-31"), "manager", On("07-03"), kJuly),
              HasReason(Reason::kSecondPersonRequired));
  ASSERT_OK_AND_ASSIGN(TruedUp done, TrueUpClaim(claim, due(), On("12-31"), "third", On("07-03"), kJuly));
  EXPECT_EQ(done.claim.version, claim.version);
  EXPECT_TRUE(done.claim.true_ups.empty());

  world.Sell("S5", "06-05", "EC3", "300");
  ASSERT_OK_AND_ASSIGN(done, TrueUpClaim(claim, due(), On("12-31"), "third", On("07-03"), kJuly));
  EXPECT_EQ(done.take_back, 150000);
  EXPECT_EQ(done.claim.true_ups[0].due, 5680000);
  claim = done.claim;
  ASSERT_OK_AND_ASSIGN(done, TrueUpClaim(claim, due(), On("12-31"), "third", On("07-03"), kJuly));
  EXPECT_EQ(done.claim.true_ups.size(), 1u);
  // It was no sale after all.
  world.book.history.departures.pop_back();
  EXPECT_THAT(TrueUpClaim(claim, due(), On("07-02"), "third", On("07-03"), kJuly), Blames("expires_on"));
  ASSERT_OK_AND_ASSIGN(done, TrueUpClaim(claim, due(), On("12-31"), "third", On("07-03"), kJuly));
  EXPECT_EQ(done.take_back, 0);
  EXPECT_EQ(done.lot->amount, 150000);
  EXPECT_EQ(done.lot->id, "claims/c/trueUps/2");
}

TEST(StockClaimTest, WhatCustomersBringBackIsTakenBackOnce) {
  World world;
  Claim first = world.Debited(Debit("a", {Line("S1", "100", "15")}));
  Claim second = world.Debited(Debit("b", {Line("S1", "150", "15"), Line("S2", "200", "10")}));
  const auto due = [&](const Claim& claim) {
    return DueOf(claim, ForEc1(), world.book, world.Beside(claim), {}, On("07-20")).amount.ToString();
  };
  EXPECT_EQ(due(first), "1500");
  EXPECT_EQ(due(second), "3750");
  // 120 of S1 come back: of the units that were paid for last.
  world.book.returns.push_back({"R1", "S1", D("120")});
  EXPECT_EQ(due(first), "1500");
  EXPECT_EQ(due(second), StrCat(30 * 15 + 1500));
  world.book.returns.push_back({"R2", "S1", D("120")});
  EXPECT_EQ(due(first), "150");
  EXPECT_EQ(due(second), "1500");
  // Their quantity is free again.
  EXPECT_EQ(TextOf(world.Debited(Debit("c", {Line("S2", "50", "10")}))), "S2 50 50000; : 50000 of 50000 APPROVED");
}

TEST(StockClaimTest, EachRefusalHasItsReason) {
  const auto debit = [](std::vector<ClaimLine> lines, SpecialPriceAuthorization authorization = ForEc1(),
                        std::string_view day = "07-31") {
    return Submit(Debit("c", std::move(lines)), authorization, On(day));
  };
  EXPECT_OK(debit({Line("S1", "1", "1")}));
  EXPECT_THAT(debit({}), Blames("claim.lines"));
  EXPECT_THAT(debit({Line("S1", "1", "1"), Line("S1", "2", "1")}), Blames("claim.lines[1].sale"));
  EXPECT_THAT(debit({Line("S1", "1.5", "0.01")}), Blames("claim.lines[0].unit_amount"));
  EXPECT_THAT(debit({Line("S1", "1000000000", "1000000000000")}), HasReason(Reason::kOverflow));
  Claim stated = Debit("c", {Line("S1", "2", "1")});
  stated.amount = 201;
  EXPECT_THAT(Submit(stated, ForEc1(), On("07-31")), Blames("claim.amount"));
  stated.amount = 200;
  EXPECT_OK(Submit(stated, ForEc1(), On("07-31")));
  SpecialPriceAuthorization asked = ForEc1();
  asked.state = SpecialPriceState::kRequested;
  EXPECT_THAT(debit({Line("S1", "1", "1")}, asked), HasReason(Reason::kStateConflict));
  EXPECT_THAT(debit({Line("S1", "1", "1")}, ForEc1(), "08-01"), HasReason(Reason::kClaimDeadlinePassed));

  const auto protect = [](PriceChange change, std::string_view day = "07-31") {
    return Submit(Protection("c", "1", "1"), change, On(day));
  };
  EXPECT_OK(protect(To110()));
  EXPECT_THAT(
      Submit(New("c", ClaimKind::kPriceProtection, {Line("", "1", "1"), Line("", "1", "1")}), To110(), On("07-31")),
      Blames("claim.lines"));
  PriceChange change = To110();
  change.reverse = true;
  EXPECT_THAT(protect(change), Blames("claim.price_change"));
  change = To110();
  change.state = PriceChangeState::kDraft;
  EXPECT_THAT(protect(change), HasReason(Reason::kStateConflict));
  EXPECT_THAT(protect(To110(), "08-01"), HasReason(Reason::kClaimDeadlinePassed));

  World world;
  const Claim claim = *debit({Line("S1", "250", "15")});
  const Due due = DueOf(claim, ForEc1(), world.book, {}, {}, On("07-31"));
  EXPECT_THAT(Decide(claim, due, {}, "", "clerk", kJuly), HasReason(Reason::kSecondPersonRequired));
  ASSERT_OK_AND_ASSIGN(const Claim decided, Decide(claim, due, {}, "", "manager", kJuly));
  EXPECT_THAT(Decide(decided, due, {}, "", "manager", kJuly), HasReason(Reason::kStateConflict));
}

}  // namespace
}  // namespace tributary::incentive
