// Points through a real server and database: earned by a program and by a SPIFF, in wallets by lots, and redeemed for
// money by the rate of the day.

#include "common/time/today.h"
#include "incentive-service/testing_statements.h"
#include "incentive-service/testing_stock_facts.h"
#include "incentive-service/testing_wallets.h"
#include "tributary/incentive/v1/ledger_entry.pb.h"
#include "tributary/incentive/v1/payout.pb.h"
#include "tributary/incentive/v1/spiff.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

google::type::Money Points(int64_t units) { return UnitsOf("PTS", units); }

class PointsTest : public WalletsTest {
 protected:
  std::string Balance(const std::string& partner) { return WalletText(partner, "PTS"); }
  // A point for 10 dollars, of each quarter's orders.
  static v1::Program PointForTenDollars() {
    v1::Program program;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                                display_name: "Points"
                                                                basis: ORDER
                                                                shape: FLAT
                                                                tiers {
                                                                  from_amount { value: "0" }
                                                                  rate { value: "1" }
                                                                }
                                                                period: QUARTER
                                                                currency: "PTS"
                                                                rate_type: "points"
                                                                effective_from { year: 2025 month: 1 day: 1 }
                                                              )pb",
                                                              &program));
    return program;
  }
  // p1 has 123 points by its statement.
  void EarnByAProgram() {
    TellRate("points", "USD", "PTS", *Date::Parse("2025-02-01"), "0.1");
    world_.CreateActive("points", PointForTenDollars());
    feed_.Tell({LineOf("p1", "SO1", 1, "2025-02-01", "2025-02-02", 1234)});
    world_.CatchUp();
    ASSERT_OK(world_.CloseAndIssue("points", "2025Q1"));
    v1::SettleStatementRequest settle;
    settle.set_name("partners/p1/statements/1");
    *settle.mutable_expires_on() = DateOf("2999-12-31");
    settle.set_request_id(NewRequestId());
    ASSERT_OK(treasurer_->Call<v1::Statement>(StrCat(kStatements, "SettleStatement"), settle));
  }
};

TEST_F(PointsTest, AProgramPaysWholePointsThatStatementsSay) {
  v1::Program bare = PointForTenDollars();
  bare.clear_rate_type();
  EXPECT_THAT(world_.Create("bare", bare), Blames("program.rate_type"));
  EarnByAProgram();
  const std::vector<v1::Statement> statements = world_.Statements(world_.finance(), "partners/p1");
  ASSERT_THAT(statements, SizeIs(1));
  EXPECT_EQ(Amount(statements[0].total()), "PTS 123.000000000");
  ExpectVerified(world_, "partners/p1");
  EXPECT_EQ(Balance("p1"), "123/0/123");
  EXPECT_EQ(Mismatches(), 0);
  // They buy nothing by themselves.
  v1::CreateWalletHoldRequest hold;
  hold.set_parent("partners/p1/wallets/PTS");
  *hold.mutable_wallet_hold()->mutable_amount() = Points(1);
  hold.mutable_wallet_hold()->set_use(v1::WalletHold::PRICE);
  hold.mutable_wallet_hold()->set_order("partners/p1/orders/o1");
  EXPECT_THAT(world_.finance().Call<v1::WalletHold>("tributary.incentive.v1.WalletService/CreateWalletHold", hold),
              Blames("wallet_hold.amount.currency_code"));
}

// 100 points at 0.01255 are 1.255 dollars: half to even, 1.26.
TEST_F(PointsTest, AreRedeemedByTheRateOfTheDay) {
  EarnByAProgram();
  TellAccount("p1", "USD", true);
  for (const int day : {0, 1}) {  // the test may run at midnight
    TellRate("redeem", "PTS", "USD", UtcToday(absl::Now()).AddDays(day), "0.01255");
  }
  world_.CatchUp();
  v1::CreatePayoutRequest request;
  request.set_parent("partners/p1");
  request.set_payout_id("x1");
  *request.mutable_payout()->mutable_amount() = Points(100);
  request.mutable_payout()->set_bank_account("partners/p1/bankAccounts/main");
  const auto ask = [&] {
    request.set_request_id(NewRequestId());
    return world_.finance().Call<v1::Payout>("tributary.incentive.v1.PayoutService/CreatePayout", request);
  };
  EXPECT_THAT(ask(), Blames("payout.paid_in"));
  request.mutable_payout()->set_paid_in("USD");
  request.mutable_payout()->set_rate_type("none");
  EXPECT_THAT(ask(), HasReason(Reason::kRateNotFound));
  request.mutable_payout()->set_rate_type("redeem");
  request.mutable_payout()->mutable_amount()->set_nanos(500000000);
  EXPECT_THAT(ask(), Blames("payout.amount"));
  request.mutable_payout()->mutable_amount()->set_nanos(0);
  ASSERT_OK_AND_ASSIGN(const v1::Payout asked, ask());
  EXPECT_EQ(Amount(asked.paid_amount()), "USD 1.260000000");
  EXPECT_EQ(Balance("p1"), "123/100/23");
  v1::ApprovePayoutRequest approve;
  approve.set_name(asked.name());
  ASSERT_OK(treasurer_->Call<v1::Payout>("tributary.incentive.v1.PayoutService/ApprovePayout", approve));
  v1::PayPayoutRequest pay;
  pay.set_name(asked.name());
  pay.set_bank_reference("SEPA-1");
  ASSERT_OK(cashier_->Call<v1::Payout>("tributary.incentive.v1.PayoutService/PayPayout", pay));
  EXPECT_EQ(Balance("p1"), "23/0/23");
  v1::ListLedgerEntriesRequest list;
  list.set_parent("partners/p1");
  list.set_filter("kind = PAYOUT");
  ASSERT_OK_AND_ASSIGN(const auto page, world_.finance().Call<v1::ListLedgerEntriesResponse>(
                                            "tributary.incentive.v1.LedgerService/ListLedgerEntries", list));
  std::vector<std::string> legs;
  for (const v1::LedgerEntry& entry : page.ledger_entries()) {
    for (const v1::LedgerEntry::Leg& leg : entry.legs()) {
      legs.push_back(StrCat(v1::LedgerEntry::Account_Name(leg.account()), " ", Amount(leg.amount())));
    }
  }
  EXPECT_THAT(legs, ElementsAre("PAID PTS -100.000000000", "EXCHANGED PTS 100.000000000", "PAID_OUT USD 1.260000000",
                                "EXCHANGED USD -1.260000000"));
  EXPECT_EQ(Mismatches(), 0);
}

// 5 points for each of two units, in a wallet of points until its lot expires.
TEST_F(PointsTest, ASpiffRewardsWithPoints) {
  StockDesk desk(keys_, world_.port());
  feed_.TellEvents({Shipped("p3", "B", "2026-04-01", 100, 115), Sold("p3", "U1", "2026-06-02", 2, "EC1")});
  world_.CatchUp();
  v1::CreateSpiffRequest spiff;
  spiff.set_spiff_id("june");
  spiff.mutable_spiff()->set_product("products/x");
  *spiff.mutable_spiff()->mutable_sale_from() = DateOf("2026-06-01");
  *spiff.mutable_spiff()->mutable_sale_to() = DateOf("2026-07-01");
  *spiff.mutable_spiff()->mutable_reward() = Points(5);
  *spiff.mutable_spiff()->mutable_claim_deadline() = DateOf("2999-07-31");
  ASSERT_OK(desk.manager().Call<v1::Spiff>("tributary.incentive.v1.SpiffService/CreateSpiff", spiff));
  v1::AnnounceSpiffRequest announce;
  announce.set_name("spiffs/june");
  ASSERT_OK(desk.finance().Call<v1::Spiff>("tributary.incentive.v1.SpiffService/AnnounceSpiff", announce));
  v1::CreateClaimRequest claim = NewClaim("a", v1::Claim::SPIFF, {{"U1", "2", "5"}});
  for (v1::ClaimLine& line : *claim.mutable_claim()->mutable_lines()) {
    line.mutable_unit_amount()->set_currency_code("PTS");
  }
  ASSERT_OK(desk.Claim(claim));
  ASSERT_OK_AND_ASSIGN(const v1::Claim approved, desk.Approve(desk.manager(), "a"));
  EXPECT_EQ(Amount(approved.approved()), "PTS 10.000000000");
  ASSERT_OK(desk.Pay(desk.finance(), "a"));
  EXPECT_EQ(Balance("p3"), "10/0/10");
  EXPECT_EQ(Mismatches(), 0);
  EXPECT_OK(world_.database().Transact({}, [](mysql::Transaction& sql) {
    return sql.Execute("UPDATE wallet_lot SET expires_on = '2026-07-01' WHERE partner = 'p3' AND currency = 'PTS'")
        .status();
  }));
  EXPECT_EQ(Balance("p3"), "0/0/0");
}

}  // namespace
}  // namespace tributary::incentive
