// Stock rotations and claims of them through a real server and database.

#include "incentive-service/testing_stock_facts.h"
#include "tributary/incentive/v1/stock_rotation.pb.h"

namespace tributary::incentive {
namespace {

constexpr char kRotations[] = "tributary.incentive.v1.StockRotationService/";
constexpr char kSite[] = "partners/p3/sites/main/on_hand";

// A twentieth of what came in May; a tenth is kept.
v1::CreateStockRotationRequest June() {
  v1::CreateStockRotationRequest request;
  request.set_parent("partners/p3");
  request.set_stock_rotation_id("june");
  v1::StockRotation& rotation = *request.mutable_stock_rotation();
  rotation.set_way(v1::StockRotation::RETURN);
  *rotation.mutable_move_from() = DateOf("2026-06-01");
  *rotation.mutable_move_to() = DateOf("2026-07-01");
  *rotation.mutable_purchases_from() = DateOf("2026-05-01");
  *rotation.mutable_purchases_to() = DateOf("2026-06-01");
  rotation.mutable_limit_rate()->set_value("0.05");
  rotation.mutable_restocking_fee_rate()->set_value("0.1");
  rotation.set_currency("CNY");
  *rotation.mutable_claim_deadline() = DateOf("2999-07-31");
  return request;
}

v1::CreateClaimRequest Rotated(const std::string& id, const std::string& movement, const std::string& units,
                               const std::string& each) {
  v1::CreateClaimRequest request;
  request.set_parent("partners/p3");
  request.set_claim_id(id);
  v1::Claim& claim = *request.mutable_claim();
  claim.set_kind(v1::Claim::STOCK_ROTATION);
  claim.set_stock_rotation("partners/p3/stockRotations/june");
  claim.set_product("products/x");
  v1::ClaimLine& line = *claim.add_lines();
  line.set_movement("partners/p3/movements/" + movement);
  line.mutable_quantity()->set_value(units);
  *line.mutable_unit_amount() = Cny(each);
  return request;
}

class StockRotationsTest : public WorldTest {
 protected:
  // 100 units at 100 came in May; 10 went back and 2 were destroyed in June.
  void SetUp() override {
    feed_.TellEvents({Shipped("p3", "A", "2026-05-02", 100, 100), Moved("p3", "m.1", "2026-06-05", 10, kSite, "vendor"),
                      Moved("p3", "m.2", "2026-06-06", 2, kSite, "scrap")});
    world_.CatchUp();
  }
  absl::StatusOr<v1::StockRotation> Make(rpc::Client& client, const v1::CreateStockRotationRequest& request) {
    return client.Call<v1::StockRotation>(StrCat(kRotations, "CreateStockRotation"), request);
  }
  absl::StatusOr<v1::StockRotation> Grant(rpc::Client& client) {
    v1::ApproveStockRotationRequest request;
    request.set_name("partners/p3/stockRotations/june");
    return client.Call<v1::StockRotation>(StrCat(kRotations, "ApproveStockRotation"), request);
  }

  StockDesk desk_{keys_, world_.port()};
};

TEST_F(StockRotationsTest, AreRefusedWithReasons) {
  using Rotation = v1::StockRotation;
  const auto with = [&](const std::function<void(Rotation*)>& change) {
    v1::CreateStockRotationRequest request = June();
    change(request.mutable_stock_rotation());
    return Make(desk_.manager(), request);
  };
  EXPECT_THAT(with([](Rotation* r) { r->clear_way(); }), Blames("stock_rotation.way"));
  EXPECT_THAT(with([](Rotation* r) { *r->mutable_move_to() = r->move_from(); }), Blames("stock_rotation.move_to"));
  EXPECT_THAT(with([](Rotation* r) { r->clear_purchases_from(); }), Blames("stock_rotation.purchases_from"));
  EXPECT_THAT(with([](Rotation* r) { r->mutable_limit_rate()->set_value("1.1"); }),
              Blames("stock_rotation.limit_rate"));
  EXPECT_THAT(with([](Rotation* r) { r->mutable_restocking_fee_rate()->set_value("1"); }),
              Blames("stock_rotation.restocking_fee_rate"));
  EXPECT_THAT(with([](Rotation* r) { r->set_currency("XXQ"); }), Blames("stock_rotation.currency"));
  EXPECT_THAT(Make(desk_.partner(), June()), HasReason(Reason::kPermissionDenied));
  ASSERT_OK(Make(desk_.manager(), June()));
  EXPECT_THAT(Make(desk_.manager(), June()), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(desk_.Claim(Rotated("a", "m.1", "1", "90")), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Grant(desk_.manager()), HasReason(Reason::kSecondPersonRequired));
  ASSERT_OK(Grant(desk_.finance()));
  EXPECT_THAT(Grant(desk_.finance()), HasReason(Reason::kStateConflict));

  v1::GetStockRotationRequest get;
  get.set_name("partners/p3/stockRotations/june");
  ASSERT_OK_AND_ASSIGN(const Rotation own, desk_.partner().Call<Rotation>(StrCat(kRotations, "GetStockRotation"), get));
  EXPECT_EQ(own.approver(), "finance");
  const auto other = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p4");
  EXPECT_THAT(other->Call<Rotation>(StrCat(kRotations, "GetStockRotation"), get), HasReason(Reason::kPermissionDenied));
  v1::ListStockRotationsRequest list;
  list.set_parent("partners/-");
  ASSERT_OK_AND_ASSIGN(const auto none,
                       other->Call<v1::ListStockRotationsResponse>(StrCat(kRotations, "ListStockRotations"), list));
  EXPECT_EQ(none.stock_rotations_size(), 0);

  v1::CreateClaimRequest claim = Rotated("a", "m.1", "1", "90");
  claim.mutable_claim()->clear_product();
  EXPECT_THAT(desk_.Claim(claim), Blames("claim.product"));
  claim = Rotated("a", "m.1", "1", "90");
  claim.mutable_claim()->mutable_lines(0)->clear_movement();
  EXPECT_THAT(desk_.Claim(claim), Blames("claim.lines[0].movement"));
  claim.mutable_claim()->mutable_lines(0)->set_sale("partners/p3/sales/S.1");
  EXPECT_THAT(desk_.Claim(claim), Blames("claim.lines[0].sale"));
  claim = Rotated("a", "m.1", "1", "90");
  claim.mutable_claim()->mutable_lines(0)->set_movement("partners/p4/movements/m.1");
  EXPECT_THAT(desk_.Claim(claim), Blames("claim.lines[0].movement"));
  claim = Rotated("a", "m.1", "1", "90");
  claim.mutable_claim()->set_price_change("priceChanges/cut");
  EXPECT_THAT(desk_.Claim(claim), Blames("claim.price_change"));
}

// 10,000 were bought: the limit is 500, 5 units at 90.
TEST_F(StockRotationsTest, WhatWentBackIsCreditedWithinTheLimit) {
  ASSERT_OK(Make(desk_.manager(), June()));
  ASSERT_OK(Grant(desk_.finance()));
  ASSERT_OK(desk_.Claim(Rotated("a", "m.1", "10", "100")));
  ASSERT_OK_AND_ASSIGN(const v1::Claim first, desk_.Approve(desk_.manager(), "a"));
  EXPECT_EQ(TextOf(first), "450.00 of 1000.00 APPROVED: 5 450.00, LAYER_PRICE 5 50.00, OVER_LIMIT 5 500.00; ");
  EXPECT_EQ(first.lines(0).movement(), "partners/p3/movements/m.1");
  EXPECT_EQ(first.lines(0).layers(0).shipment_line(), "partners/p3/shipments/A/lines/1");
  ASSERT_OK(desk_.Claim(Rotated("scrap", "m.2", "2", "90")));
  ASSERT_OK_AND_ASSIGN(const v1::Claim scrap, desk_.Approve(desk_.manager(), "scrap"));
  EXPECT_EQ(TextOf(scrap), "0.00 of 180.00 REJECTED: 0 0.00, WRONG_WAY 2 180.00; ");
  ASSERT_OK(desk_.Pay(desk_.finance(), "a"));
  EXPECT_EQ(desk_.Balance(), "450.00");

  // More of May becomes known, and of another product: the rest fits.
  inventory::v1::ShipmentLine more = LineOf("p3", "M", 1, "2026-05-20", "2026-05-20", 10000, 0, "CNY");
  more.set_product("products/y");
  feed_.TellEvents({Recorded("p3", more)});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::Claim same, desk_.TrueUp(desk_.finance(), "a"));
  EXPECT_EQ(same.true_ups_size(), 0) << "no more units than were approved";
  ASSERT_OK(desk_.Claim(Rotated("b", "m.1", "10", "90")));
  ASSERT_OK_AND_ASSIGN(const v1::Claim rest, desk_.Approve(desk_.manager(), "b"));
  EXPECT_EQ(TextOf(rest), "450.00 of 900.00 APPROVED: 5 450.00, UNIT_ALREADY_FUNDED 5 450.00; ");

  // The movement is taken back.
  feed_.TellEvents({Reversed("p3", MovementOf("p3", "m.1", "2026-06-05", 10, kSite, "vendor"))});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::Claim trued_up, desk_.TrueUp(desk_.finance(), "a"));
  ASSERT_EQ(trued_up.true_ups_size(), 1);
  EXPECT_EQ(trued_up.true_ups(0).amount().units(), -450);
  EXPECT_EQ(desk_.Balance(), "0.00");

  v1::ListClaimsRequest list;
  list.set_parent("partners/p3");
  list.set_filter("kind = STOCK_ROTATION AND state = APPROVED");
  ASSERT_OK_AND_ASSIGN(const auto listed,
                       desk_.partner().Call<v1::ListClaimsResponse>(StrCat(kClaims, "ListClaims"), list));
  ASSERT_EQ(listed.claims_size(), 1);
  EXPECT_EQ(TextOf(listed.claims(0)), TextOf(rest));
  EXPECT_EQ(listed.claims(0).stock_rotation(), "partners/p3/stockRotations/june");
  EXPECT_EQ(listed.claims(0).lines(0).movement(), "partners/p3/movements/m.1");
}

}  // namespace
}  // namespace tributary::incentive
