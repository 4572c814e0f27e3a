// SPIFFs and claims of them through a real server and database.

#include "incentive-service/testing_stock_facts.h"
#include "tributary/incentive/v1/spiff.pb.h"

namespace tributary::incentive {
namespace {

constexpr char kSpiffs[] = "tributary.incentive.v1.SpiffService/";

v1::CreateSpiffRequest June() {
  v1::CreateSpiffRequest request;
  request.set_spiff_id("june");
  v1::Spiff& spiff = *request.mutable_spiff();
  spiff.set_product("products/x");
  *spiff.mutable_sale_from() = DateOf("2026-06-01");
  *spiff.mutable_sale_to() = DateOf("2026-07-01");
  *spiff.mutable_reward() = Cny("8.5");
  *spiff.mutable_claim_deadline() = DateOf("2999-07-31");
  return request;
}

class SpiffsTest : public WorldTest {
 protected:
  absl::StatusOr<v1::Spiff> Make(rpc::Client& client, const v1::CreateSpiffRequest& request) {
    return client.Call<v1::Spiff>(StrCat(kSpiffs, "CreateSpiff"), request);
  }
  absl::StatusOr<v1::Spiff> Announce(rpc::Client& client) {
    v1::AnnounceSpiffRequest request;
    request.set_name("spiffs/june");
    return client.Call<v1::Spiff>(StrCat(kSpiffs, "AnnounceSpiff"), request);
  }
  absl::StatusOr<v1::Spiff> Get(rpc::Client& client) {
    v1::GetSpiffRequest request;
    request.set_name("spiffs/june");
    return client.Call<v1::Spiff>(StrCat(kSpiffs, "GetSpiff"), request);
  }
  int Listed(rpc::Client& client) {
    const auto page = client.Call<v1::ListSpiffsResponse>(StrCat(kSpiffs, "ListSpiffs"), v1::ListSpiffsRequest());
    EXPECT_OK(page);
    return page.ok() ? page->spiffs_size() : -1;
  }
  static v1::CreateClaimRequest Reward(const std::string& id, const std::vector<ClaimedUnits>& lines) {
    return NewClaim(id, v1::Claim::SPIFF, lines);
  }
  // Sales of two units each by their serials: u2 is named by two of p3's and one of p4's.
  void TellSales() {
    inventory::v1::SellThroughSale first = SaleOf("p3", "U1", "2026-06-02", 2, "EC1");
    inventory::v1::SellThroughSale second = SaleOf("p3", "U2", "2026-06-03", 2, "EC2");
    inventory::v1::SellThroughSale elsewhere = SaleOf("p4", "U3", "2026-06-04", 2, "EC3");
    for (const char* serial : {"u1", "u2"}) first.add_serials(serial);
    for (const char* serial : {"u2", "u3"}) second.add_serials(serial);
    for (const char* serial : {"u2", "u4"}) elsewhere.add_serials(serial);
    feed_.TellEvents({Shipped("p3", "B", "2026-04-01", 100, 115), Recorded("p3", second), Recorded("p3", first),
                      Recorded("p4", elsewhere)});
    world_.CatchUp();
  }

  StockDesk desk_{keys_, world_.port()};
};

TEST_F(SpiffsTest, PartnersSeeWhatIsAnnounced) {
  v1::CreateSpiffRequest wrong = June();
  *wrong.mutable_spiff()->mutable_reward() = Cny("0");
  EXPECT_THAT(Make(desk_.manager(), wrong), Blames("spiff.reward"));
  wrong = June();
  *wrong.mutable_spiff()->mutable_claim_deadline() = DateOf("2026-06-29");
  EXPECT_THAT(Make(desk_.manager(), wrong), Blames("spiff.claim_deadline"));
  EXPECT_THAT(Make(desk_.partner(), June()), HasReason(Reason::kPermissionDenied));
  ASSERT_OK(Make(desk_.manager(), June()));
  EXPECT_THAT(Make(desk_.manager(), June()), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Get(desk_.partner()), HasReason(Reason::kNotFound));
  EXPECT_OK(Get(desk_.manager()));
  EXPECT_EQ(Listed(desk_.partner()), 0);
  EXPECT_EQ(Listed(desk_.manager()), 1);
  EXPECT_THAT(desk_.Claim(Reward("a", {{"U1", "1", "8.5"}})), HasReason(Reason::kNotFound));
  EXPECT_THAT(Announce(desk_.manager()), HasReason(Reason::kSecondPersonRequired));
  ASSERT_OK(Announce(desk_.finance()));
  EXPECT_THAT(Announce(desk_.finance()), HasReason(Reason::kStateConflict));
  EXPECT_OK(Get(desk_.partner()));
  EXPECT_EQ(Listed(desk_.partner()), 1);
}

TEST_F(SpiffsTest, AUnitIsRewardedOnceAndPaidThroughThePartner) {
  TellSales();
  ASSERT_OK(Make(desk_.manager(), June()));
  ASSERT_OK(Announce(desk_.finance()));
  v1::CreateClaimRequest claim = Reward("a", {{"U1", "2", "8.5"}, {"U2", "2", "9"}});
  claim.mutable_claim()->set_contact("partners/p4/contacts/ann");
  EXPECT_THAT(desk_.Claim(claim), Blames("claim.contact"));
  claim.mutable_claim()->clear_contact();
  EXPECT_THAT(desk_.Claim(claim), Blames("claim.contact"));
  claim.mutable_claim()->set_contact("partners/p3/contacts/ann");
  claim.mutable_claim()->set_product("products/y");
  EXPECT_THAT(desk_.Claim(claim), Blames("claim.product"));
  claim.mutable_claim()->clear_product();
  claim.mutable_claim()->set_special_price("partners/p3/specialPrices/ec1");
  EXPECT_THAT(desk_.Claim(claim), Blames("claim.special_price"));
  claim.mutable_claim()->clear_special_price();
  ASSERT_OK_AND_ASSIGN(const v1::Claim submitted, desk_.Claim(claim));
  EXPECT_EQ(submitted.contact(), "partners/p3/contacts/ann");
  EXPECT_EQ(submitted.spiff(), "spiffs/june");
  EXPECT_EQ(submitted.product(), "products/x");
  EXPECT_THAT(desk_.Approve(desk_.partner(), "a"), HasReason(Reason::kPermissionDenied));
  // The earlier sale has u2.
  ASSERT_OK_AND_ASSIGN(const v1::Claim approved, desk_.Approve(desk_.manager(), "a"));
  EXPECT_EQ(TextOf(approved),
            "25.50 of 35.00 APPROVED: U1.1 2 17.00; U2.1 1 8.50, UNITS_UNKNOWN 1 9.00, ABOVE_REWARD 1 0.50; ");
  ASSERT_OK(desk_.Claim(Reward("again", {{"U1", "1", "8.5"}})));
  ASSERT_OK_AND_ASSIGN(const v1::Claim again, desk_.Approve(desk_.manager(), "again"));
  EXPECT_EQ(TextOf(again), "0.00 of 8.50 REJECTED: U1.1 0 0.00, UNIT_ALREADY_FUNDED 1 8.50; ");
  // Nor is it rewarded at another partner.
  const auto p4 = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p4");
  v1::CreateClaimRequest other = Reward("b", {{"U3", "2", "8.5"}});
  other.set_parent("partners/p4");
  other.mutable_claim()->set_contact("partners/p4/contacts/bob");
  other.mutable_claim()->mutable_lines(0)->set_sale("partners/p4/sales/U3.1");
  ASSERT_OK(p4->Call<v1::Claim>(StrCat(kClaims, "CreateClaim"), other));
  v1::ApproveClaimRequest approve;
  approve.set_name("partners/p4/claims/b");
  ASSERT_OK_AND_ASSIGN(const v1::Claim elsewhere, Insist(desk_.manager(), approve));
  EXPECT_EQ(TextOf(elsewhere), "8.50 of 17.00 APPROVED: U3.1 1 8.50, UNIT_ALREADY_FUNDED 1 8.50; ");

  EXPECT_THAT(desk_.Pay(desk_.manager(), "a"), HasReason(Reason::kPermissionDenied));
  ASSERT_OK(desk_.Pay(desk_.finance(), "a"));
  EXPECT_EQ(desk_.Balance(), "25.50");
  // What the customer brings back is taken back.
  feed_.TellEvents({Sold("p3", "R", "2026-06-20", -2, "EC1", "U1")});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::Claim trued_up, desk_.TrueUp(desk_.finance(), "a"));
  ASSERT_EQ(trued_up.true_ups_size(), 1);
  EXPECT_EQ(wire::FromProto(trued_up.true_ups(0).amount())->amount.ToFixed(2), "-17.00");
  EXPECT_EQ(desk_.Balance(), "8.50");

  v1::ListClaimsRequest list;
  list.set_parent("partners/p3");
  list.set_filter("kind = SPIFF AND contact = 'partners/p3/contacts/ann' AND state = PAID");
  ASSERT_OK_AND_ASSIGN(const auto listed,
                       desk_.partner().Call<v1::ListClaimsResponse>(StrCat(kClaims, "ListClaims"), list));
  ASSERT_EQ(listed.claims_size(), 1);
  EXPECT_EQ(listed.claims(0).contact(), "partners/p3/contacts/ann");
}

}  // namespace
}  // namespace tributary::incentive
