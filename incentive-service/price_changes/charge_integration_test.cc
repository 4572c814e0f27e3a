// A rise of price that partners pay, through a real server and database.

#include "incentive-service/testing_stock_facts.h"
#include "tributary/incentive/v1/adjustment.pb.h"

namespace tributary::incentive {
namespace {

constexpr char kAdjustments[] = "tributary.incentive.v1.AdjustmentService/";

class ChargeRiseTest : public WorldTest {
 protected:
  // To 120 from 06-10: 3,500 of the units that lie there then cost 115, the others 122.
  void SetUp() override {
    feed_.TellEvents(AroundTheCut());
    world_.CatchUp();
    v1::CreatePriceChangeRequest rise = CutTo110("rise");
    *rise.mutable_price_change()->mutable_new_price() = Cny("120");
    rise.mutable_price_change()->set_reverse(true);
    ASSERT_OK(desk_.Draft(rise));
  }
  absl::StatusOr<v1::Adjustment> Charge(rpc::Client& client, const std::string& adjustment,
                                        const std::string& change = "rise") {
    v1::ChargeRiseRequest request;
    request.set_name("priceChanges/" + change);
    request.set_partner("partners/p3");
    request.set_document("documents/agreement-3");
    request.set_adjustment_id(adjustment);
    return client.Call<v1::Adjustment>(StrCat(kPriceChanges, "ChargeRise"), request);
  }
  absl::StatusOr<v1::Adjustment> Approve(rpc::Client& client, const std::string& adjustment) {
    v1::ApproveAdjustmentRequest request;
    request.set_name("partners/p3/adjustments/" + adjustment);
    return client.Call<v1::Adjustment>(StrCat(kAdjustments, "ApproveAdjustment"), request);
  }

  StockDesk desk_{keys_, world_.port()};
  std::unique_ptr<rpc::Client> administrator_ =
      keys_.NewClient(world_.port(), api::v1::ADMINISTRATOR, "", "administrator");
};

TEST_F(ChargeRiseTest, WhatUnitsGainedIsAskedForAndApprovedBySomebodyElse) {
  EXPECT_THAT(Charge(desk_.manager(), "c"), HasReason(Reason::kStateConflict)) << "a draft";
  ASSERT_OK(desk_.Announce(desk_.finance(), "rise"));
  EXPECT_THAT(Charge(desk_.partner(), "c"), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Charge(desk_.manager(), "c", "none"), HasReason(Reason::kNotFound));
  v1::ChargeRiseRequest bare;
  bare.set_name("priceChanges/rise");
  bare.set_partner("partners/p3");
  const std::string method = StrCat(kPriceChanges, "ChargeRise");
  EXPECT_THAT(desk_.manager().Call<v1::Adjustment>(method, bare), Blames("document"));
  bare.set_document("documents/agreement-3");
  bare.set_partner("partners/-");
  EXPECT_THAT(desk_.manager().Call<v1::Adjustment>(method, bare), Blames("partner"));
  bare.set_partner("partners/p4");
  EXPECT_THAT(desk_.manager().Call<v1::Adjustment>(method, bare), HasReason(Reason::kStateConflict)) << "holds nothing";

  ASSERT_OK_AND_ASSIGN(const v1::Adjustment charge, Charge(*administrator_, "c"));
  EXPECT_EQ(charge.amount().units(), -17500);
  EXPECT_EQ(charge.amount().nanos(), 0);
  EXPECT_EQ(charge.state(), v1::Adjustment::REQUESTED);
  EXPECT_EQ(charge.price_change(), "priceChanges/rise");
  EXPECT_EQ(charge.document(), "documents/agreement-3");
  EXPECT_THAT(Charge(desk_.manager(), "again"), HasReason(Reason::kStateConflict)) << "it is asked for already";
  EXPECT_THAT(Approve(*administrator_, "c"), HasReason(Reason::kSecondPersonRequired));
  const auto second = keys_.NewClient(world_.port(), api::v1::ADMINISTRATOR, "", "second");
  ASSERT_OK(Approve(*second, "c"));

  // 300 of them were sold before, and that becomes known late: 1,500.00 was too much.
  feed_.TellEvents({Sold("p3", "S5", "2026-06-05", 300, "EC3")});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::Adjustment back, Charge(desk_.manager(), "late"));
  EXPECT_EQ(back.amount().units(), 1500);
  // Once it is rejected it may be asked for again.
  v1::RejectAdjustmentRequest reject;
  reject.set_name("partners/p3/adjustments/late");
  reject.set_note("no");
  ASSERT_OK(second->Call<v1::Adjustment>(StrCat(kAdjustments, "RejectAdjustment"), reject));
  ASSERT_OK_AND_ASSIGN(const v1::Adjustment once_more, Charge(desk_.manager(), "late-2"));
  EXPECT_EQ(once_more.amount().units(), 1500);

  v1::ListAdjustmentsRequest list;
  list.set_parent("partners/-");
  list.set_filter("price_change = 'priceChanges/rise' AND state != REJECTED");
  ASSERT_OK_AND_ASSIGN(const auto listed, desk_.finance().Call<v1::ListAdjustmentsResponse>(
                                              StrCat(kAdjustments, "ListAdjustments"), list));
  EXPECT_EQ(listed.adjustments_size(), 2);
}

TEST_F(ChargeRiseTest, ACutChargesNobody) {
  ASSERT_OK(desk_.Draft(CutTo110()));
  ASSERT_OK(desk_.Announce(desk_.finance()));
  EXPECT_THAT(Charge(desk_.manager(), "c", "cut"), HasReason(Reason::kStateConflict));
}

}  // namespace
}  // namespace tributary::incentive
