// Kits in the books of claims, through a real server and database: stock is of the parts, what is sold of the kit.

#include "incentive-service/testing_stock_facts.h"
#include "tributary/incentive/v1/funding_class.pb.h"
#include "tributary/incentive/v1/spiff.pb.h"

namespace tributary::incentive {
namespace {

// The message of kits of two products/x each, as inventory tells it.
template <typename Message>
Message OfSets(Message message, int sets) {
  message.set_product("products/set");
  message.mutable_quantity()->set_value(StrCat(sets));
  inventory::v1::KitPart& part = *message.add_kit_parts();
  part.set_product("products/x");
  part.mutable_quantity()->set_value(StrCat(2 * sets));
  return message;
}
inventory::v1::SellThroughSale SetsSold(const std::string& document, std::string_view date, int sets,
                                        const std::string& original = "") {
  return OfSets(SaleOf("p3", document, date, sets, "EC1", original), sets);
}
// What takes the sale, or the report, back, as it was told.
template <typename Message>
Message SetsReversed(const Message& fact, int sets) {
  Message reversal = fact;
  reversal.clear_kit_parts();
  reversal = OfSets(reversal, -sets);
  reversal.set_reverses(fact.name());
  reversal.set_name(fact.name() + ".r1");
  return reversal;
}
inventory::v1::ShipmentLine SetsShipped(const std::string& document, std::string_view date, int sets,
                                        bool awaits_receipt) {
  inventory::v1::ShipmentLine line = OfSets(LineOf("p3", document, 1, date, date, int64_t{sets} * 300, 0, "CNY"), sets);
  line.set_awaits_receipt(awaits_receipt);
  return line;
}

class KitClaimsTest : public WorldTest {
 protected:
  // 1,000 x at 120. Before the price falls to 110 on 06-10, 100 sets are sold, of which 10 come back, and 50 more,
  // which are taken back and stated again as 40. Of sets that were shipped 30 came on one line; on another 20, and 5
  // were lost.
  void SetUp() override {
    const inventory::v1::SellThroughSale wrong = SetsSold("W", "2026-06-04", 50);
    inventory::v1::SellThroughSale right = SetsSold("W", "2026-06-05", 40);
    right.set_name(wrong.name() + ".1");
    inventory::v1::ReceiptLine came;
    came.set_name("partners/p3/receipts/R/lines/1");
    came.set_document("R");
    came.set_line(1);
    came.set_shipment_line("partners/p3/shipments/L/lines/1");
    *came.mutable_receive_date() = DateOf("2026-06-05");
    inventory::v1::ReceiptLine lost = came;
    lost.set_name("partners/p3/receipts/R/lines/2");
    lost.set_line(2);
    lost.set_lost(true);
    feed_.TellEvents(
        {Recorded("p3", SetsReversed(wrong, 50)), Recorded("p3", OfSets(came, 20)), Recorded("p3", OfSets(lost, 5)),
         Shipped("p3", "A", "2026-04-01", 1000, 120), Recorded("p3", SetsShipped("K", "2026-05-01", 30, false)),
         Recorded("p3", SetsShipped("L", "2026-06-01", 25, true)), Recorded("p3", SetsSold("S", "2026-06-03", 100)),
         Recorded("p3", SetsSold("T", "2026-06-04", -10, "S")), Recorded("p3", wrong), Recorded("p3", right)});
    // Told once more.
    feed_.TellEvents({Recorded("p3", SetsSold("S", "2026-06-03", 100))});
    world_.CatchUp();
    ASSERT_OK(desk_.Draft(CutTo110()));
    ASSERT_OK(desk_.Announce(desk_.finance()));
  }
  void Announced(const std::string& id, const std::string& product) {
    v1::CreateSpiffRequest request;
    request.set_spiff_id(id);
    v1::Spiff& spiff = *request.mutable_spiff();
    spiff.set_product(product);
    *spiff.mutable_sale_from() = DateOf("2026-06-01");
    *spiff.mutable_sale_to() = DateOf("2026-07-01");
    *spiff.mutable_reward() = Cny("8");
    *spiff.mutable_claim_deadline() = DateOf("2999-07-31");
    ASSERT_OK(desk_.manager().Call<v1::Spiff>("tributary.incentive.v1.SpiffService/CreateSpiff", request));
    v1::AnnounceSpiffRequest announce;
    announce.set_name("spiffs/" + id);
    ASSERT_OK(desk_.finance().Call<v1::Spiff>("tributary.incentive.v1.SpiffService/AnnounceSpiff", announce));
  }
  std::string Rewarded(const std::string& id, const std::string& spiff, const std::vector<ClaimedUnits>& lines) {
    v1::CreateClaimRequest request = NewClaim(id, v1::Claim::SPIFF, lines);
    request.mutable_claim()->set_spiff("spiffs/" + spiff);
    EXPECT_OK(desk_.Claim(request));
    const auto approved = desk_.Approve(desk_.manager(), id);
    return approved.ok() ? TextOf(*approved) : approved.status().ToString();
  }

  StockDesk desk_{keys_, world_.port()};
};

TEST_F(KitClaimsTest, APartSoldInAKitIsNoLongerProtected) {
  ASSERT_OK_AND_ASSIGN(const auto preview, desk_.Preview("partners/p3"));
  ASSERT_EQ(preview.exposures_size(), 1);
  const v1::PriceExposure& exposure = preview.exposures(0);
  // 1,000 + 60 + 40 less 200 - 20 + 80.
  EXPECT_EQ(exposure.book_units().value(), "840");
  ASSERT_EQ(exposure.layers_size(), 3);
  EXPECT_EQ(exposure.layers(0).quantity().value(), "740") << "of A, the oldest";
  EXPECT_EQ(exposure.layers(1).quantity().value(), "60") << "of K";
  EXPECT_EQ(exposure.layers(1).outcome(), v1::ExposedLayer::NO_PRICE) << "nobody says what of a set's price is an x's";
  EXPECT_EQ(exposure.layers(2).quantity().value(), "40") << "of L";
  EXPECT_EQ(wire::FromProto(exposure.credit())->amount.ToFixed(2), "7400.00");

  ASSERT_OK(desk_.Claim(NewClaim("cut", v1::Claim::PRICE_PROTECTION, {{"", "1000", "10"}})));
  ASSERT_OK_AND_ASSIGN(const v1::Claim cut, desk_.Approve(desk_.manager(), "cut"));
  EXPECT_EQ(wire::FromProto(cut.approved())->amount.ToFixed(2), "7400.00");
  ASSERT_OK(desk_.Pay(desk_.finance(), "cut"));
  // Five sets of before the cut become known late, and one that came back.
  feed_.TellEvents(
      {Recorded("p3", SetsSold("U", "2026-06-09", 5)), Recorded("p3", SetsSold("V", "2026-06-09", -1, "U"))});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::Claim trued_up, desk_.TrueUp(desk_.finance(), "cut"));
  ASSERT_EQ(trued_up.true_ups_size(), 1);
  EXPECT_EQ(trued_up.true_ups(0).amount().units(), -80);
  EXPECT_EQ(desk_.Balance(), "7320.00");
  ASSERT_OK_AND_ASSIGN(const v1::Claim again, desk_.TrueUp(desk_.finance(), "cut"));
  EXPECT_EQ(again.true_ups_size(), 1);

  // A kit has no stock to protect.
  v1::CreatePriceChangeRequest of_sets = CutTo110("sets");
  of_sets.mutable_price_change()->set_product("products/set");
  ASSERT_OK(desk_.Draft(of_sets));
  ASSERT_OK_AND_ASSIGN(const auto nothing, desk_.Preview("", "sets"));
  EXPECT_EQ(nothing.exposures_size(), 0);
  EXPECT_EQ(world_.Parked(), 0);
}

// The partner reports 800 x, and 20 sets, which are of the 840 x that the books have; then the sets are taken back, and
// stated again as 10.
TEST_F(KitClaimsTest, KitsThatAreReportedAreTheirParts) {
  feed_.TellEvents({OnHand("p3", "O1", "2026-06-09", 800)});
  world_.CatchUp();
  const auto exposure = [&] {
    const auto preview = desk_.Preview("partners/p3");
    EXPECT_OK(preview);
    return StrCat(preview->exposures(0).reported_units().value(), " reported, ",
                  wire::FromProto(preview->credit())->amount.ToFixed(2));
  };
  EXPECT_EQ(exposure(), "800 reported, 7000.00");
  inventory::v1::OnHandReport report;
  report.set_name("partners/p3/onHandReports/O1.2");
  report.set_document("O1");
  report.set_line(2);
  *report.mutable_date() = DateOf("2026-06-09");
  report.set_boundary(inventory::v1::OnHandReport::AFTER_CLOSING);
  const inventory::v1::OnHandReport sets = OfSets(report, 20);
  feed_.TellEvents({Recorded("p3", sets)});
  world_.CatchUp();
  EXPECT_EQ(exposure(), "840 reported, 7400.00");
  feed_.TellEvents({Recorded("p3", SetsReversed(sets, 20))});
  world_.CatchUp();
  EXPECT_EQ(exposure(), "800 reported, 7000.00");
  report.set_name(report.name() + ".1");
  feed_.TellEvents({Recorded("p3", OfSets(report, 10))});
  world_.CatchUp();
  EXPECT_EQ(exposure(), "820 reported, 7200.00");
  EXPECT_EQ(world_.Parked(), 0);
}

TEST_F(KitClaimsTest, ASaleOfKitsIsRewardedAsTheKit) {
  Announced("sets", "products/set");
  Announced("x", "products/x");
  EXPECT_EQ(Rewarded("a", "sets", {{"S", "100", "8"}}),
            "720.00 of 800.00 APPROVED: S.1 90 720.00, UNITS_UNKNOWN 10 80.00; ");
  EXPECT_EQ(Rewarded("b", "sets", {{"W", "40", "8"}}),
            "0.00 of 320.00 REJECTED: W.1 0 0.00, UNITS_UNKNOWN 40 320.00; ");
  EXPECT_EQ(Rewarded("c", "sets", {{"W.1", "40", "8"}}), "320.00 of 320.00 APPROVED: W.1.1 40 320.00; ");
  EXPECT_EQ(Rewarded("d", "x", {{"S", "10", "8"}}), "0.00 of 80.00 REJECTED: S.1 0 0.00, UNITS_UNKNOWN 10 80.00; ");
}

// 300 sets more are sold after the price fell, of x that were protected.
TEST_F(KitClaimsTest, AClassPaysForAUnitOnceInAKitOrOutOfIt) {
  Announced("sets", "products/set");
  v1::CreateFundingClassRequest once;
  once.set_funding_class_id("once");
  once.mutable_funding_class()->add_kinds(v1::Claim::PRICE_PROTECTION);
  once.mutable_funding_class()->add_kinds(v1::Claim::SPIFF);
  ASSERT_OK(
      desk_.finance().Call<v1::FundingClass>("tributary.incentive.v1.FundingClassService/CreateFundingClass", once));
  feed_.TellEvents({Recorded("p3", SetsSold("N", "2026-06-15", 300))});
  world_.CatchUp();
  EXPECT_EQ(Rewarded("a", "sets", {{"N", "300", "8"}}), "2400.00 of 2400.00 APPROVED: N.1 300 2400.00; ");
  // They took 600 of the 1,000.
  ASSERT_OK(desk_.Claim(NewClaim("cut", v1::Claim::PRICE_PROTECTION, {{"", "740", "10"}})));
  ASSERT_OK_AND_ASSIGN(const v1::Claim cut, desk_.Approve(desk_.manager(), "cut"));
  EXPECT_EQ(wire::FromProto(cut.approved())->amount.ToFixed(2), "4000.00");
  EXPECT_EQ(cut.lines(0).approved_quantity().value(), "400");
  // Nothing is left of the line for the sets that were sold before.
  EXPECT_EQ(Rewarded("b", "sets", {{"S", "90", "8"}}),
            "0.00 of 720.00 REJECTED: S.1 0 0.00, UNIT_ALREADY_FUNDED 90 720.00; ");
}

}  // namespace
}  // namespace tributary::incentive
