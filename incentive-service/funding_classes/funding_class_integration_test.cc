// Kinds of claims that exclude one another, through a real server and database.

#include <atomic>
#include <thread>

#include "incentive-service/testing_stock_facts.h"
#include "tributary/incentive/v1/funding_class.pb.h"

namespace tributary::incentive {
namespace {

constexpr char kFundingClasses[] = "tributary.incentive.v1.FundingClassService/";

v1::CreateFundingClassRequest Class(const std::string& id, const std::vector<v1::Claim::Kind>& kinds) {
  v1::CreateFundingClassRequest request;
  request.set_funding_class_id(id);
  for (const v1::Claim::Kind kind : kinds) request.mutable_funding_class()->add_kinds(kind);
  return request;
}

class FundingClassesTest : public WorldTest {
 protected:
  // 500 units at 115, of which 250 were sold before the price fell to 110, and 250 afterwards.
  void SetUp() override {
    feed_.TellEvents({Shipped("p3", "B", "2026-04-01", 500, 115), Sold("p3", "S1", "2026-06-03", 250, "EC1"),
                      Sold("p3", "S2", "2026-06-15", 150, "EC1"), Sold("p3", "S3", "2026-06-16", 100, "EC2")});
    world_.CatchUp();
    ASSERT_OK(desk_.Draft(CutTo110()));
    ASSERT_OK(desk_.Announce(desk_.finance()));
    ASSERT_OK(desk_.Ask(ForEc1()));
    ASSERT_OK(desk_.Grant(desk_.manager()));
  }
  absl::StatusOr<v1::FundingClass> Declare(rpc::Client& client, const v1::CreateFundingClassRequest& request) {
    return client.Call<v1::FundingClass>(StrCat(kFundingClasses, "CreateFundingClass"), request);
  }
  absl::StatusOr<v1::FundingClass> End(rpc::Client& client, const std::string& id) {
    v1::EndFundingClassRequest request;
    request.set_name("fundingClasses/" + id);
    return client.Call<v1::FundingClass>(StrCat(kFundingClasses, "EndFundingClass"), request);
  }
  std::string Debited(const std::string& id, const std::vector<ClaimedUnits>& lines) {
    EXPECT_OK(desk_.Claim(NewClaim(id, v1::Claim::SHIP_AND_DEBIT, lines)));
    const auto approved = desk_.Approve(desk_.manager(), id);
    return approved.ok() ? TextOf(*approved) : approved.status().ToString();
  }

  StockDesk desk_{keys_, world_.port()};
};

TEST_F(FundingClassesTest, AreRefusedWithReasons) {
  using Claim = v1::Claim;
  const auto declare = [&](const std::vector<Claim::Kind>& kinds) {
    return Declare(desk_.finance(), Class("once", kinds));
  };
  EXPECT_THAT(declare({Claim::SHIP_AND_DEBIT}), Blames("funding_class.kinds"));
  EXPECT_THAT(declare({Claim::SHIP_AND_DEBIT, Claim::SHIP_AND_DEBIT}), Blames("funding_class.kinds[1]"));
  EXPECT_THAT(declare({Claim::MDF, Claim::SHIP_AND_DEBIT}), Blames("funding_class.kinds[0]"));
  EXPECT_THAT(declare({Claim::KIND_UNSPECIFIED, Claim::SHIP_AND_DEBIT}), Blames("funding_class.kinds[0]"));
  EXPECT_THAT(Declare(desk_.partner(), Class("once", {Claim::SHIP_AND_DEBIT, Claim::PRICE_PROTECTION})),
              HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(End(desk_.finance(), "once"), HasReason(Reason::kNotFound));
  ASSERT_OK(declare({Claim::SHIP_AND_DEBIT, Claim::PRICE_PROTECTION}));
  EXPECT_THAT(declare({Claim::SHIP_AND_DEBIT, Claim::PRICE_PROTECTION}), HasReason(Reason::kAlreadyExists));
  ASSERT_OK_AND_ASSIGN(const v1::FundingClass ended, End(desk_.finance(), "once"));
  EXPECT_EQ(ended.ender(), "finance");
  EXPECT_TRUE(ended.has_end_time());
  EXPECT_THAT(End(desk_.finance(), "once"), HasReason(Reason::kStateConflict));
  v1::ListFundingClassesRequest list;
  list.set_filter("NOT end_time:*");
  const std::string method = StrCat(kFundingClasses, "ListFundingClasses");
  ASSERT_OK_AND_ASSIGN(const auto open, desk_.manager().Call<v1::ListFundingClassesResponse>(method, list));
  EXPECT_EQ(open.funding_classes_size(), 0);
  v1::GetFundingClassRequest get;
  get.set_name("fundingClasses/once");
  ASSERT_OK_AND_ASSIGN(const auto read,
                       desk_.manager().Call<v1::FundingClass>(StrCat(kFundingClasses, "GetFundingClass"), get));
  EXPECT_EQ(read.kinds_size(), 2);
}

TEST_F(FundingClassesTest, OneUnitFundsOneKindOfAClass) {
  // Made before the class, and free of it whenever it is decided.
  ASSERT_OK(desk_.Claim(NewClaim("early", v1::Claim::SHIP_AND_DEBIT, {{"S2", "50", "10"}})));
  ASSERT_OK(Declare(desk_.finance(), Class("once", {v1::Claim::PRICE_PROTECTION, v1::Claim::SHIP_AND_DEBIT})));
  ASSERT_OK(desk_.Claim(NewClaim("cut", v1::Claim::PRICE_PROTECTION, {{"", "250", "5"}})));
  ASSERT_OK_AND_ASSIGN(const v1::Claim cut, desk_.Approve(desk_.manager(), "cut"));
  EXPECT_EQ(TextOf(cut), "1250.00 of 1250.00 APPROVED: 250 1250.00; ");
  // The other 250 of the line.
  EXPECT_EQ(Debited("a", {{"S1", "250", "15"}}), "3750.00 of 3750.00 APPROVED: S1.1 250 3750.00; ");
  EXPECT_EQ(Debited("b", {{"S2", "10", "10"}}),
            "0.00 of 100.00 REJECTED: S2.1 0 0.00, UNIT_ALREADY_FUNDED 10 100.00; ");
  ASSERT_OK_AND_ASSIGN(const v1::Claim early, desk_.Approve(desk_.manager(), "early"));
  EXPECT_EQ(TextOf(early), "500.00 of 500.00 APPROVED: S2.1 50 500.00; ");
  ASSERT_EQ(early.lines(0).layers_size(), 1);
  EXPECT_EQ(early.lines(0).layers(0).shipment_line(), "partners/p3/shipments/B/lines/1");
  EXPECT_EQ(early.product(), "products/x");
  // Once it is ended, claims that are made afterwards are free of it, too.
  ASSERT_OK(End(desk_.finance(), "once"));
  EXPECT_EQ(Debited("c", {{"S2", "10", "10"}}), "100.00 of 100.00 APPROVED: S2.1 10 100.00; ");
}

// Both kinds claim the same units at once: no more is paid for than there are.
TEST_F(FundingClassesTest, ACrowdOfBothKindsSharesTheLine) {
  ASSERT_OK(Declare(desk_.finance(), Class("once", {v1::Claim::PRICE_PROTECTION, v1::Claim::SHIP_AND_DEBIT})));
  constexpr int kEach = 8;
  for (int i = 0; i < kEach; ++i) {
    ASSERT_OK(
        desk_.Claim(NewClaim(StrCat("d-", i), v1::Claim::SHIP_AND_DEBIT, {{"S1", "50", "15"}, {"S2", "20", "10"}})));
    ASSERT_OK(desk_.Claim(NewClaim(StrCat("p-", i), v1::Claim::PRICE_PROTECTION, {{"", "40", "5"}})));
  }
  std::atomic<int64_t> debited = 0, protected_units = 0;
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 2 * kEach; ++i) {
      clients.emplace_back([&, i] {
        const auto manager = keys_.NewClient(world_.port(), api::v1::CHANNEL_MANAGER, "", StrCat("manager-", i));
        v1::ApproveClaimRequest approve;
        approve.set_name(StrCat("partners/p3/claims/", i % 2 == 0 ? "d-" : "p-", i / 2));
        const auto approved = Insist(*manager, approve);
        ASSERT_OK(approved);
        for (const v1::ClaimLine& line : approved->lines()) {
          (i % 2 == 0 ? debited : protected_units) += std::stoll(line.approved_quantity().value());
        }
      });
    }
  }
  // S1 and S2 are 400 units, 250 lay there when the price fell, and the line is of 500.
  EXPECT_LE(debited, 400);
  EXPECT_LE(protected_units, 250);
  EXPECT_EQ(debited + protected_units, 500);
}

}  // namespace
}  // namespace tributary::incentive
