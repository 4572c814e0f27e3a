// A price cut with late rows, and sales at a special price, as a whole: exposure, claims, denials, payment, true-up;
// the facts in order, reversed, shuffled and doubled, and the same figures.

#include <algorithm>
#include <random>

#include "incentive-service/testing_stock_facts.h"

namespace tributary::incentive {
namespace {

std::string ExposureText(const absl::StatusOr<v1::PreviewExposureResponse>& preview) {
  if (!preview.ok()) return preview.status().ToString();
  const auto amount = [](const google::type::Money& money) { return wire::FromProto(money)->amount.ToFixed(2); };
  std::string text = StrCat(amount(preview->credit()), ":");
  for (const v1::PriceExposure& one : preview->exposures()) {
    StrAppend(&text, " ", one.partner().substr(9), " book ", one.book_units().value(), ", reported ",
              one.reported_units().value(), ", unexplained ", one.unexplained_units().value(), ", ",
              amount(one.credit()), " =");
    for (const v1::ExposedLayer& layer : one.layers()) {
      StrAppend(&text, " ", layer.shipment_line().substr(StrCat(one.partner(), "/shipments/").size(), 1), " ",
                layer.quantity().value(), " at ", layer.unit_price(), layer.in_transit() ? " in transit " : " ",
                amount(layer.credit()), ";");
    }
  }
  return text;
}

class ScenarioS3 : public ::testing::Test {
 protected:
  void Run(const std::vector<std::vector<events::EventDraft>>& batches) {
    const std::unique_ptr<mysql::Database> inventory = testing::FreshDatabase({&schema::events(), &schema::rpc()});
    ShipmentFeed feed(keys_, *inventory);
    World world(keys_, feed);
    StockDesk desk(keys_, world.port());
    for (const auto& batch : batches) feed.TellEvents(batch);
    world.CatchUp();

    ASSERT_OK(desk.Draft(CutTo110()));
    EXPECT_EQ(ExposureText(desk.Preview()),
              "58300.00: p3 book 6500, reported 7000, unexplained 500, 58300.00 = B 3500 at 115 17500.00; "
              "C 3000 at 122 36000.00; D 400 at 122 in transit 4800.00;");
    ASSERT_OK(desk.Announce(desk.finance()));
    ASSERT_OK(desk.Claim(NewClaim("cut", v1::Claim::PRICE_PROTECTION, {{"", "7400", "12"}})));
    ASSERT_OK_AND_ASSIGN(v1::Claim cut, desk.Approve(desk.manager(), "cut"));
    EXPECT_EQ(TextOf(cut),
              "58300.00 of 88800.00 APPROVED: 6900 58300.00, LAYER_PRICE 3500 24500.00, UNEXPLAINED 500 6000.00; ");
    EXPECT_EQ(cut.denied().units(), 30500);

    ASSERT_OK(desk.Ask(ForEc1()));
    ASSERT_OK(desk.Grant(desk.manager()));
    ASSERT_OK(desk.Claim(
        NewClaim("ec1", v1::Claim::SHIP_AND_DEBIT, {{"S1", "250", "15"}, {"S2", "200", "10"}, {"S3", "50", "10"}})));
    ASSERT_OK_AND_ASSIGN(v1::Claim debit, desk.Approve(desk.manager(), "ec1"));
    EXPECT_EQ(TextOf(debit),
              "5250.00 of 6250.00 APPROVED: S1.1 250 3750.00; S2.1 150 1500.00, OVER_AUTHORIZED_QUANTITY 50 500.00; "
              "S3.1 0 0.00, WRONG_CUSTOMER 50 500.00; ");

    ASSERT_OK(desk.Pay(desk.finance(), "cut"));
    ASSERT_OK(desk.Pay(desk.finance(), "ec1"));
    EXPECT_EQ(desk.Balance(), "63550.00");

    // S5 becomes known late. What is paid for S2 stays.
    feed.TellEvents({Sold("p3", "S5", "2026-06-05", 300, "EC3")});
    world.CatchUp();
    EXPECT_EQ(ExposureText(desk.Preview()),
              "56800.00: p3 book 6200, reported 7000, unexplained 800, 56800.00 = B 3200 at 115 16000.00; "
              "C 3000 at 122 36000.00; D 400 at 122 in transit 4800.00;");
    ASSERT_OK_AND_ASSIGN(cut, desk.TrueUp(desk.finance(), "cut", /*validate_only=*/true));
    EXPECT_EQ(desk.Balance(), "63550.00");
    ASSERT_OK_AND_ASSIGN(cut, desk.TrueUp(desk.finance(), "cut"));
    ASSERT_EQ(cut.true_ups_size(), 1);
    EXPECT_EQ(cut.true_ups(0).amount().units(), -1500);
    EXPECT_EQ(cut.true_ups(0).due().units(), 56800);
    ASSERT_OK_AND_ASSIGN(debit, desk.TrueUp(desk.finance(), "ec1"));
    EXPECT_EQ(debit.true_ups_size(), 0);
    EXPECT_EQ(desk.Balance(), "62050.00");

    // A count of 06-30 found 6,300 of 6,650. That S5 had taken 300 of what was missing is told before the count's own
    // adjustment here, and twice. The next cut finds what was counted.
    const std::string stock = "partners/p3/sites/main/on_hand";
    const events::EventDraft because_of_s5 =
        Posted("p3", "2.2", "2026-06-30", 300, "adjustment", stock, "partners/p3/counts/june");
    feed.TellEvents({because_of_s5,
                     Posted("p3", "2.1", "2026-06-30", 350, stock, "adjustment", "partners/p3/counts/june"),
                     because_of_s5});
    world.CatchUp();
    v1::CreatePriceChangeRequest july = CutTo110("july");
    *july.mutable_price_change()->mutable_effective_date() = DateOf("2026-07-01");
    *july.mutable_price_change()->mutable_new_price() = Cny("100");
    july.mutable_price_change()->set_lookback_days(120);
    ASSERT_OK(desk.Draft(july));
    EXPECT_EQ(ExposureText(desk.Preview("", "july")),
              "63000.00: p3 book 6300, reported , unexplained 0, 63000.00 = B 2900 at 110 29000.00; "
              "C 3000 at 110 30000.00; D 400 at 110 4000.00;");
    ASSERT_OK(desk.Announce(desk.finance(), "july"));
    // Without lines: what the book has is proposed.
    v1::CreateClaimRequest proposed = NewClaim("july", v1::Claim::PRICE_PROTECTION, {});
    proposed.mutable_claim()->set_price_change("priceChanges/july");
    ASSERT_OK_AND_ASSIGN(cut, desk.Claim(proposed));
    ASSERT_EQ(cut.lines_size(), 1);
    EXPECT_EQ(cut.lines(0).quantity().value(), "6300");
    ASSERT_OK_AND_ASSIGN(cut, desk.Approve(desk.manager(), "july"));
    EXPECT_EQ(TextOf(cut), "63000.00 of 63000.00 APPROVED: 6300 63000.00; ");
    EXPECT_EQ(world.Parked(), 0);
  }

  const TestKeys keys_;
};

TEST_F(ScenarioS3, InOrder) { Run({AroundTheCut()}); }

TEST_F(ScenarioS3, Reversed) {
  std::vector<std::vector<events::EventDraft>> batches;
  for (events::EventDraft& fact : AroundTheCut()) batches.insert(batches.begin(), {std::move(fact)});
  Run(batches);
}

TEST_F(ScenarioS3, ShuffledAndDoubledWithSalesThatAreTakenBack) {
  for (const unsigned seed : {1u, 2u}) {
    SCOPED_TRACE(seed);
    std::vector<events::EventDraft> facts = AroundTheCut();
    const inventory::v1::SellThroughSale wrong = SaleOf("p3", "W", "2026-06-02", 777, "EC1");
    facts.push_back(Recorded("p3", wrong));
    facts.push_back(Reversed("p3", wrong));
    // Found and lost again before the cut, and what moves within the partner or is told as a sale.
    facts.push_back(
        Posted("p3", "1.1", "2026-06-01", 40, "adjustment", "partners/p3/sites/main/on_hand", "partners/p3/counts/c"));
    facts.push_back(Moved("p3", "m.1", "2026-06-02", 40, "partners/p3/sites/main/on_hand", "scrap"));
    facts.push_back(
        Moved("p3", "m.2", "2026-06-02", 40, "partners/p3/sites/main/on_hand", "partners/p3/sites/main/demo"));
    facts.push_back(
        Posted("p3", "1.2", "2026-06-03", 250, "partners/p3/sites/main/on_hand", "customer", "partners/p3/sales/S1.1"));
    const std::vector<events::EventDraft> once = facts;
    facts.insert(facts.end(), once.begin(), once.end());
    std::shuffle(facts.begin(), facts.end(), std::mt19937(seed));
    std::vector<std::vector<events::EventDraft>> batches;
    for (size_t i = 0; i < facts.size(); i += 4) {
      batches.emplace_back(facts.begin() + i, facts.begin() + std::min(i + 4, facts.size()));
    }
    Run(batches);
  }
}

}  // namespace
}  // namespace tributary::incentive
