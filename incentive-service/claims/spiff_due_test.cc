#include "incentive-service/claims/stock_claim.h"
#include "incentive-service/engine/testing_stock.h"

namespace tributary::incentive {
namespace {

const absl::Time kInJuly = absl::FromUnixSeconds(int64_t{On("07-06").days()} * 86400);

Spiff JuneSpiff() {
  return {.id = "june",
          .state = SpiffState::kAnnounced,
          .product = "products/x",
          .window = {On("06-01"), On("07-01")},
          .reward = D("8.5"),
          .currency = "CNY",
          .claim_deadline = On("07-31")};
}

// 100 units at 115, of which 10 were sold in June and 5 in July.
StockBook Sold() {
  StockBook book;
  book.history.arrivals = {Came("B", "04-01", "100", "115")};
  book.history.departures = {{On("06-05"), D("10"), "S1"}, {On("07-05"), D("5"), "S2"}};
  book.sales = {{.fact = "S1", .date = On("06-05"), .customer = "EC1", .quantity = D("10")},
                {.fact = "S2", .date = On("07-05"), .customer = "EC1", .quantity = D("5")}};
  return book;
}

struct Rewarded {
  std::string sale;
  std::string_view units;
  std::string_view each;
};
Claim Reward(std::string id, const std::vector<Rewarded>& sales) {
  Claim claim{.partner = "p3",
              .id = std::move(id),
              .create_time = kInJuly,
              .kind = ClaimKind::kSpiff,
              .spiff = "june",
              .contact = "ann",
              .product = "products/x",
              .currency = "CNY",
              .claimant = "clerk"};
  for (const Rewarded& one : sales) {
    claim.lines.push_back({.sale = one.sale, .quantity = D(one.units), .unit_amount = D(one.each)});
  }
  return claim;
}

Claim Decided(const Claim& claim, const StockBook& book, const std::vector<OtherLine>& others = {},
              const std::vector<ExclusiveClass>& classes = {}) {
  const absl::StatusOr<Claim> submitted = Submit(claim, JuneSpiff(), On("07-06"));
  EXPECT_OK(submitted);
  const absl::StatusOr<Claim> decided =
      Decide(*submitted, DueOf(*submitted, JuneSpiff(), book, others, classes), others, "", "manager", kInJuly);
  EXPECT_OK(decided);
  return *decided;
}

// "S1 10 8500; : 8500 of 8500 APPROVED": reasons by their numbers.
std::string Told(const Claim& claim) {
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

OtherLine Before(ClaimKind kind, std::string_view units) {
  return {.kind = kind,
          .claim = "before",
          .ordinal = 1,
          .sale = "S1",
          .claimed_on = On("07-05"),
          .turn = 1,
          .approved_quantity = D(units),
          .layers = {{"B", false, D(units), 0}}};
}

TEST(SpiffDueTest, EachUnitOfASaleOfItsDaysIsRewarded) {
  const Claim claim = Decided(Reward("a", {{"S1", "10", "8.5"}}), Sold());
  EXPECT_EQ(Told(claim), "S1 10 8500; : 8500 of 8500 APPROVED");
  ASSERT_EQ(claim.lines[0].layers.size(), 1u);
  EXPECT_EQ(claim.lines[0].layers[0], (ApprovedLayer{"B", false, D("10"), 8500}));
  // Less may be claimed, and no more is paid than is.
  EXPECT_EQ(Told(Decided(Reward("a", {{"S1", "10", "8"}}), Sold())), "S1 10 8000; : 8000 of 8000 APPROVED");
  EXPECT_EQ(Told(Decided(Reward("a", {{"S1", "12", "9"}, {"S2", "5", "8.5"}, {"none", "1", "8.5"}}), Sold())),
            "S1 10 8500, 14 2 1800, 16 10 500; S2 0 0, 2 5 4250; none 0 0, 14 1 850; : 8500 of 15900 APPROVED");
}

TEST(SpiffDueTest, AUnitIsRewardedOnce) {
  const std::vector<OtherLine> others = {Before(ClaimKind::kSpiff, "4")};
  EXPECT_EQ(Told(Decided(Reward("a", {{"S1", "10", "8.5"}}), Sold(), others)),
            "S1 6 5100, 15 4 3400; : 5100 of 8500 APPROVED");
  // What the customer brings back is taken from who was rewarded last.
  StockBook book = Sold();
  book.returns = {{"R", "S1", D("7")}};
  EXPECT_EQ(Told(Decided(Reward("a", {{"S1", "6", "8.5"}}), book, others)),
            "S1 0 0, 14 3 2550, 15 3 2550; : 0 of 5100 REJECTED");
}

TEST(SpiffDueTest, OtherKindsExcludeItByAClassAlone) {
  const std::vector<OtherLine> others = {Before(ClaimKind::kShipAndDebit, "4")};
  const Claim claim = Reward("a", {{"S1", "10", "8.5"}});
  EXPECT_EQ(Told(Decided(claim, Sold(), others)), "S1 10 8500; : 8500 of 8500 APPROVED");
  std::vector<ExclusiveClass> classes;
  classes.push_back({"SPIFF", "PRICE_PROTECTION"});
  EXPECT_EQ(Told(Decided(claim, Sold(), others, classes)), "S1 10 8500; : 8500 of 8500 APPROVED");
  classes.push_back({"SPIFF", "SHIP_AND_DEBIT"});
  EXPECT_EQ(Told(Decided(claim, Sold(), others, classes)), "S1 6 5100, 15 4 3400; : 5100 of 8500 APPROVED");
  // And it excludes a debit of the same units likewise.
  const SpecialPriceAuthorization ec1{.partner = "p3",
                                      .id = "ec1",
                                      .state = SpecialPriceState::kApproved,
                                      .product = "products/x",
                                      .end_customer = "EC1",
                                      .window = {On("06-01"), On("07-01")},
                                      .approved_cost = D("100"),
                                      .currency = "CNY",
                                      .quantity = D("40"),
                                      .claim_deadline = On("07-31")};
  Claim debit = claim;
  debit.kind = ClaimKind::kShipAndDebit;
  debit.special_price = "ec1";
  debit.lines[0].unit_amount = D("15");
  ASSERT_OK_AND_ASSIGN(debit, Submit(debit, ec1, On("07-06")));
  const std::vector<OtherLine> rewarded = {Before(ClaimKind::kSpiff, "7")};
  const Due due = DueOf(debit, ec1, Sold(), rewarded, classes, On("07-06"));
  EXPECT_EQ(due.lines[0].quantity, D("3"));
  EXPECT_EQ(due.amount, Q("45"));
  EXPECT_EQ(DueOf(debit, ec1, Sold(), rewarded, {}, On("07-06")).amount, Q("150"));
}

TEST(SpiffDueTest, EachRefusalHasItsReason) {
  Spiff draft = JuneSpiff();
  draft.state = SpiffState::kDraft;
  const Claim claim = Reward("a", {{"S1", "1", "8.5"}});
  EXPECT_THAT(Submit(claim, draft, On("07-06")), HasReason(Reason::kStateConflict));
  EXPECT_OK(Submit(claim, JuneSpiff(), On("07-31")));
  EXPECT_THAT(Submit(claim, JuneSpiff(), On("08-01")), HasReason(Reason::kClaimDeadlinePassed));
  EXPECT_THAT(Submit(Reward("a", {}), JuneSpiff(), On("07-06")), Blames("claim.lines"));
  EXPECT_THAT(Submit(Reward("a", {{"S1", "1", "8.5"}, {"S1", "1", "8.5"}}), JuneSpiff(), On("07-06")),
              Blames("claim.lines[1].sale"));
  EXPECT_THAT(Submit(Reward("a", {{"S1", "1.5", "0.01"}}), JuneSpiff(), On("07-06")),
              Blames("claim.lines[0].unit_amount"));
}

}  // namespace
}  // namespace tributary::incentive
