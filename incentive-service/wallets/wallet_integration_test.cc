// Wallets and their holds, through a real server and database.

#include <atomic>
#include <thread>

#include "incentive-service/testing_world.h"
#include "incentive-service/wallets/wallet_store.h"
#include "tributary/incentive/v1/opening_balance.pb.h"
#include "tributary/incentive/v1/wallet.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kWallets[] = "tributary.incentive.v1.WalletService/";
constexpr char kOpeningBalances[] = "tributary.incentive.v1.OpeningBalanceService/";
constexpr char kWallet[] = "partners/p2/wallets/CNY";

google::type::Money Cny(int64_t units, int32_t nanos = 0) {
  google::type::Money money;
  money.set_currency_code("CNY");
  money.set_units(units);
  money.set_nanos(nanos);
  return money;
}

class WalletServiceTest : public WorldTest {
 protected:
  // The wallet of P2 in S2: W1 3,000 and W2 5,000.
  v1::CreateOpeningBalanceRequest GoLive() {
    v1::CreateOpeningBalanceRequest request;
    request.set_parent("partners/p2");
    request.set_opening_balance_id("go-live");
    request.set_request_id(NewRequestId());
    v1::OpeningBalance& balance = *request.mutable_opening_balance();
    *balance.mutable_date() = DateOf("2026-03-31");
    balance.set_currency("CNY");
    balance.set_document("GL-7");
    for (const auto& [lot, amount, expires_on] :
         {std::tuple("w2", 5000, "2099-12-31"), std::tuple("w1", 3000, "2099-06-30")}) {
      v1::OpeningBalance::Lot& next = *balance.add_wallet_lots();
      next.set_lot(lot);
      *next.mutable_amount() = Cny(amount);
      *next.mutable_expires_on() = DateOf(expires_on);
    }
    return request;
  }
  absl::StatusOr<v1::OpeningBalance> Record(const v1::CreateOpeningBalanceRequest& request) {
    return world_.finance().Call<v1::OpeningBalance>(std::string(kOpeningBalances) + "CreateOpeningBalance", request);
  }
  v1::CreateWalletHoldRequest NewHold(const std::string& id, int64_t units) {
    v1::CreateWalletHoldRequest request;
    request.set_parent(kWallet);
    request.set_wallet_hold_id(id);
    request.set_request_id(NewRequestId());
    *request.mutable_wallet_hold()->mutable_amount() = Cny(units);
    request.mutable_wallet_hold()->set_use(v1::WalletHold::PRICE);
    request.mutable_wallet_hold()->set_order("partners/p2/orders/o1");
    return request;
  }
  absl::StatusOr<v1::WalletHold> Place(const v1::CreateWalletHoldRequest& request) {
    return partner_->Call<v1::WalletHold>(std::string(kWallets) + "CreateWalletHold", request);
  }
  template <typename Request>
  absl::StatusOr<v1::WalletHold> End(const std::string& id, std::optional<google::type::Money> amount,
                                     rpc::Client& client) {
    Request request;
    request.set_name(StrCat(kWallet, "/holds/", id));
    request.set_request_id(NewRequestId());
    if (amount.has_value()) *request.mutable_amount() = *amount;
    const bool capture = std::is_same_v<Request, v1::CaptureWalletHoldRequest>;
    return client.Call<v1::WalletHold>(StrCat(kWallets, capture ? "CaptureWalletHold" : "ReleaseWalletHold"), request);
  }
  absl::StatusOr<v1::WalletHold> Use(const std::string& id, std::optional<google::type::Money> amount = {}) {
    return End<v1::CaptureWalletHoldRequest>(id, amount, world_.finance());
  }
  absl::StatusOr<v1::WalletHold> GiveBack(const std::string& id, std::optional<google::type::Money> amount = {}) {
    return End<v1::ReleaseWalletHoldRequest>(id, amount, world_.finance());
  }
  absl::StatusOr<v1::Wallet> GetWallet(const std::string& name = kWallet) {
    v1::GetWalletRequest request;
    request.set_name(name);
    return partner_->Call<v1::Wallet>(std::string(kWallets) + "GetWallet", request);
  }
  // "balance/held/available: w1 0+3000, w2 ...": remaining + held of each lot, in whole CNY.
  std::string Text() {
    const auto wallet = GetWallet();
    if (!wallet.ok()) return std::string(wallet.status().message());
    std::string text =
        StrCat(wallet->balance().units(), "/", wallet->held().units(), "/", wallet->available().units(), ":");
    for (const v1::WalletLot& lot : wallet->lots()) {
      text += StrCat(" ", lot.lot(), " ", lot.remaining().units(), "+", lot.held().units());
    }
    return text;
  }
  int64_t Mismatches() {
    int64_t mismatches = -1;
    EXPECT_OK(world_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(mismatches, WalletStore().Mismatches(sql));
      return absl::OkStatus();
    }));
    return mismatches;
  }

  const std::unique_ptr<rpc::Client> partner_ = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p2");
};

// S2: 8,000 held, 7,200 captured when 90 of 100 are shipped, 800 back to W2 when the rest is canceled.
TEST_F(WalletServiceTest, TheFiguresOfScenarioS2) {
  EXPECT_THAT(GetWallet(), HasReason(Reason::kNotFound));
  ASSERT_OK_AND_ASSIGN(const v1::OpeningBalance told, Record(GoLive()));
  EXPECT_EQ(told.name(), "partners/p2/openingBalances/go-live");
  EXPECT_EQ(told.wallet_lots(0).credit_date().ShortDebugString(), DateOf("2026-03-31").ShortDebugString());
  EXPECT_EQ(Text(), "8000/0/8000: w1 3000+0 w2 5000+0");
  ASSERT_OK_AND_ASSIGN(v1::WalletHold hold, Place(NewHold("h1", 8000)));
  EXPECT_EQ(hold.state(), v1::WalletHold::HELD);
  EXPECT_EQ(hold.order(), "partners/p2/orders/o1");
  EXPECT_EQ(Text(), "8000/8000/0: w1 0+3000 w2 0+5000");
  ASSERT_OK_AND_ASSIGN(hold, Use("h1", Cny(7200)));
  ASSERT_THAT(hold.lots(), SizeIs(2));
  EXPECT_EQ(hold.lots(0).captured().units(), 3000);
  EXPECT_EQ(hold.lots(1).captured().units(), 4200);
  EXPECT_EQ(hold.state(), v1::WalletHold::HELD);
  EXPECT_EQ(Text(), "800/800/0: w2 0+800");
  ASSERT_OK_AND_ASSIGN(hold, GiveBack("h1"));
  EXPECT_EQ(hold.state(), v1::WalletHold::CAPTURED);
  EXPECT_EQ(hold.released().units(), 800);
  EXPECT_EQ(Text(), "800/0/800: w2 800+0");
  ASSERT_OK_AND_ASSIGN(const v1::Wallet wallet, GetWallet());
  EXPECT_EQ(wallet.lots(0).expires_on().ShortDebugString(), DateOf("2099-12-31").ShortDebugString());
  EXPECT_EQ(wallet.lots(0).source(), told.name());
  EXPECT_EQ(Mismatches(), 0);
}

// S2: 64 clients at once against a wallet of 8,000.
TEST_F(WalletServiceTest, HoldsNeverExceedTheWallet) {
  ASSERT_OK(Record(GoLive()));
  constexpr int kClients = 64;
  std::atomic<int> held = 0, refused = 0;
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < kClients; ++i) {
      clients.emplace_back([&, i] {
        const auto client = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p2");
        for (int round = 0; round < 4; ++round) {
          v1::CreateWalletHoldRequest request = NewHold(StrCat("h-", i, "-", round), 130);
          absl::StatusOr<v1::WalletHold> placed;
          do {
            placed = client->Call<v1::WalletHold>(std::string(kWallets) + "CreateWalletHold", request,
                                                  {.timeout = absl::Seconds(60)});
          } while (ReasonOf(placed.status()) == Reason::kConflictRetry ||
                   ReasonOf(placed.status()) == Reason::kOverloaded);
          placed.ok() ? ++held : ++refused;
          if (!placed.ok()) {
            EXPECT_THAT(placed, HasReason(Reason::kAllocationExceeds));
          }
        }
      });
    }
  }
  EXPECT_EQ(held, 8000 / 130);  // 61, and 70 is left
  EXPECT_EQ(held + refused, kClients * 4);
  ASSERT_OK_AND_ASSIGN(const v1::Wallet wallet, GetWallet());
  EXPECT_EQ(wallet.held().units(), 7930);
  EXPECT_EQ(wallet.available().units(), 70);
  EXPECT_EQ(Mismatches(), 0);
}

TEST_F(WalletServiceTest, ARepeatedRequestHoldsOnceAndACheckHoldsNothing) {
  ASSERT_OK(Record(GoLive()));
  v1::CreateWalletHoldRequest request = NewHold("h1", 500);
  request.set_validate_only(true);
  ASSERT_OK(Place(request));
  EXPECT_EQ(Text(), "8000/0/8000: w1 3000+0 w2 5000+0");
  request = NewHold("h1", 500);
  ASSERT_OK_AND_ASSIGN(const v1::WalletHold first, Place(request));
  ASSERT_OK_AND_ASSIGN(const v1::WalletHold again, Place(request));
  EXPECT_EQ(first.ShortDebugString(), again.ShortDebugString());
  EXPECT_EQ(Text(), "8000/500/7500: w1 2500+500 w2 5000+0");
  EXPECT_THAT(Place(NewHold("h1", 500)), HasReason(Reason::kAlreadyExists));
}

TEST_F(WalletServiceTest, Refusals) {
  EXPECT_THAT(Place(NewHold("h1", 1)), HasReason(Reason::kNotFound));
  v1::CreateOpeningBalanceRequest bad = GoLive();
  bad.mutable_opening_balance()->mutable_wallet_lots(0)->mutable_amount()->set_currency_code("USD");
  *bad.mutable_opening_balance()->mutable_wallet_lots(1)->mutable_amount() = Cny(1, 5000000);
  absl::Status status = Record(bad).status();
  EXPECT_THAT(status, Blames("opening_balance.wallet_lots[0].amount.currency_code"));
  EXPECT_THAT(status, Blames("opening_balance.wallet_lots[1].amount"));
  bad = GoLive();
  *bad.mutable_opening_balance()->mutable_date() = DateOf("2999-01-01");
  bad.mutable_opening_balance()->mutable_wallet_lots(1)->set_lot("w2");
  status = Record(bad).status();
  EXPECT_THAT(status, Blames("opening_balance.date"));
  EXPECT_THAT(status, Blames("opening_balance.wallet_lots[1].lot"));
  bad = GoLive();
  bad.set_parent("partners/-");
  EXPECT_THAT(Record(bad), Blames("parent"));

  ASSERT_OK(Record(GoLive()));
  EXPECT_THAT(Record(GoLive()), HasReason(Reason::kAlreadyExists));
  bad = GoLive();
  bad.set_opening_balance_id("again");
  EXPECT_THAT(Record(bad), HasReason(Reason::kAlreadyExists));  // the lots
  EXPECT_EQ(Text(), "8000/0/8000: w1 3000+0 w2 5000+0");

  EXPECT_THAT(Place(NewHold("h1", 8001)),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("got 8001.00 CNY, want at most 8000.00 CNY")));
  v1::CreateWalletHoldRequest request = NewHold("h1", 1);
  *request.mutable_wallet_hold()->mutable_amount() = Cny(0, 1000000);
  EXPECT_THAT(Place(request), Blames("wallet_hold.amount"));
  request = NewHold("h1", 1);
  request.mutable_wallet_hold()->mutable_amount()->set_currency_code("USD");
  request.mutable_wallet_hold()->set_order("partners/p1/orders/o1");
  status = Place(request).status();
  EXPECT_THAT(status, Blames("wallet_hold.amount.currency_code"));
  EXPECT_THAT(status, Blames("wallet_hold.order"));
  request = NewHold("h1", 1);
  request.mutable_wallet_hold()->clear_order();
  EXPECT_THAT(Place(request), Blames("wallet_hold.order"));
  request.mutable_wallet_hold()->clear_use();
  EXPECT_THAT(Place(request), Blames("wallet_hold.use"));

  ASSERT_OK(Place(NewHold("h1", 10)));
  EXPECT_THAT(Use("h1", Cny(11)), HasReason(Reason::kAllocationExceeds));
  EXPECT_THAT(Use("h2"), HasReason(Reason::kNotFound));
  // The partner decides neither; another partner sees nothing.
  EXPECT_THAT(End<v1::CaptureWalletHoldRequest>("h1", {}, *partner_), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(End<v1::ReleaseWalletHoldRequest>("h1", {}, *partner_), HasReason(Reason::kPermissionDenied));
  v1::GetWalletRequest get;
  get.set_name(kWallet);
  EXPECT_FALSE(keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p1")
                   ->Call<v1::Wallet>(std::string(kWallets) + "GetWallet", get)
                   .ok());
  EXPECT_EQ(Text(), "8000/10/7990: w1 2990+10 w2 5000+0");
  ASSERT_OK(GiveBack("h1"));
  EXPECT_THAT(GiveBack("h1"), HasReason(Reason::kStateConflict));
}

TEST_F(WalletServiceTest, ListsAndPages) {
  ASSERT_OK(Record(GoLive()));
  for (const char* id : {"c", "a", "b"}) ASSERT_OK(Place(NewHold(id, 10)));
  ASSERT_OK(Use("b"));
  std::vector<std::string> names;
  v1::ListWalletHoldsRequest request;
  request.set_parent("partners/-/wallets/-");
  request.set_page_size(2);
  do {
    ASSERT_OK_AND_ASSIGN(const auto page, partner_->Call<v1::ListWalletHoldsResponse>(
                                              std::string(kWallets) + "ListWalletHolds", request));
    for (const v1::WalletHold& hold : page.wallet_holds()) names.push_back(hold.name());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(names,
              ElementsAre(StrCat(kWallet, "/holds/a"), StrCat(kWallet, "/holds/b"), StrCat(kWallet, "/holds/c")));
  request.set_parent(kWallet);
  request.set_filter("state = CAPTURED AND order = 'partners/p2/orders/o1'");
  ASSERT_OK_AND_ASSIGN(const auto captured,
                       partner_->Call<v1::ListWalletHoldsResponse>(std::string(kWallets) + "ListWalletHolds", request));
  EXPECT_THAT(captured.wallet_holds(), SizeIs(1));
  v1::ListWalletsRequest wallets;
  wallets.set_parent("partners/-");
  ASSERT_OK_AND_ASSIGN(const auto page,
                       world_.finance().Call<v1::ListWalletsResponse>(std::string(kWallets) + "ListWallets", wallets));
  ASSERT_THAT(page.wallets(), SizeIs(1));
  EXPECT_EQ(page.wallets(0).name(), kWallet);
  v1::ListOpeningBalancesRequest balances;
  balances.set_parent("partners/p2");
  balances.set_filter("document = GL-7");
  ASSERT_OK_AND_ASSIGN(const auto listed, world_.finance().Call<v1::ListOpeningBalancesResponse>(
                                              std::string(kOpeningBalances) + "ListOpeningBalances", balances));
  ASSERT_THAT(listed.opening_balances(), SizeIs(1));
  EXPECT_THAT(listed.opening_balances(0).wallet_lots(), SizeIs(2));
}

}  // namespace
}  // namespace tributary::incentive
