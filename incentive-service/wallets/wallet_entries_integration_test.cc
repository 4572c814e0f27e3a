// What moved in wallets, read through a real server and database, and worked out again by the verifier.

#include "cli/verify/wallet_book.h"
#include "common/time/today.h"
#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/opening_balance.pb.h"
#include "tributary/incentive/v1/wallet.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kWalletMethods[] = "tributary.incentive.v1.WalletService/";
constexpr char kBookedWallet[] = "partners/p2/wallets/USD";

class WalletEntriesTest : public WorldTest {
 protected:
  static google::type::Money Dollars(int64_t units) {
    google::type::Money money;
    money.set_currency_code("USD");
    money.set_units(units);
    return money;
  }
  void Open(const std::string& id, int64_t units, const std::string& expires_on) {
    v1::CreateOpeningBalanceRequest request;
    request.set_parent("partners/p2");
    request.set_opening_balance_id(id);
    request.set_request_id(NewRequestId());
    *request.mutable_opening_balance()->mutable_date() = DateOf("2026-03-31");
    request.mutable_opening_balance()->set_currency("USD");
    v1::OpeningBalance::Lot& lot = *request.mutable_opening_balance()->add_wallet_lots();
    lot.set_lot(id);
    *lot.mutable_amount() = Dollars(units);
    *lot.mutable_expires_on() = DateOf(expires_on);
    EXPECT_OK(world_.finance().Call<v1::OpeningBalance>(
        "tributary.incentive.v1.OpeningBalanceService/CreateOpeningBalance", request));
  }
  void Hold(const std::string& id, int64_t units) {
    v1::CreateWalletHoldRequest request;
    request.set_parent(kBookedWallet);
    request.set_wallet_hold_id(id);
    request.set_request_id(NewRequestId());
    *request.mutable_wallet_hold()->mutable_amount() = Dollars(units);
    request.mutable_wallet_hold()->set_use(v1::WalletHold::PAYMENT);
    request.mutable_wallet_hold()->set_order("partners/p2/orders/o1");
    EXPECT_OK(world_.finance().Call<v1::WalletHold>(std::string(kWalletMethods) + "CreateWalletHold", request));
  }
  template <typename Request>
  void End(const std::string& method, const std::string& id, int64_t units) {
    Request request;
    request.set_name(std::string(kBookedWallet) + "/holds/" + id);
    request.set_request_id(NewRequestId());
    *request.mutable_amount() = Dollars(units);
    EXPECT_OK(world_.finance().Call<v1::WalletHold>(kWalletMethods + method, request));
  }
  absl::StatusOr<v1::ListWalletEntriesResponse> List(rpc::Client& client, int page_size, const std::string& token = "",
                                                     const std::string& parent = kBookedWallet) {
    v1::ListWalletEntriesRequest request;
    request.set_parent(parent);
    request.set_page_size(page_size);
    request.set_page_token(token);
    return client.Call<v1::ListWalletEntriesResponse>(std::string(kWalletMethods) + "ListWalletEntries", request);
  }
};

TEST_F(WalletEntriesTest, AWalletFollowsFromItsEntries) {
  Open("late", 500, "2099-12-31");
  Open("early", 300, "2099-06-30");
  Open("gone", 70, "2025-06-30");  // it had expired when it came
  Hold("h1", 400);
  End<v1::CaptureWalletHoldRequest>("CaptureWalletHold", "h1", 350);
  End<v1::ReleaseWalletHoldRequest>("ReleaseWalletHold", "h1", 20);
  Hold("h2", 100);

  std::vector<v1::WalletEntry> entries;
  std::string token;
  do {
    const auto page = List(world_.finance(), 3, token);
    ASSERT_OK(page);
    EXPECT_LE(page->wallet_entries_size(), 3);
    entries.insert(entries.end(), page->wallet_entries().begin(), page->wallet_entries().end());
    token = page->next_page_token();
  } while (!token.empty());
  v1::GetWalletRequest get;
  get.set_name(kBookedWallet);
  ASSERT_OK_AND_ASSIGN(v1::Wallet wallet,
                       world_.finance().Call<v1::Wallet>(std::string(kWalletMethods) + "GetWallet", get));
  v1::ListWalletHoldsRequest list;
  list.set_parent(kBookedWallet);
  ASSERT_OK_AND_ASSIGN(const auto holds, world_.finance().Call<v1::ListWalletHoldsResponse>(
                                             std::string(kWalletMethods) + "ListWalletHolds", list));
  const std::vector<v1::WalletHold> of_wallet(holds.wallet_holds().begin(), holds.wallet_holds().end());
  const std::string today = UtcToday(absl::Now()).ToString();
  EXPECT_THAT(cli::VerifyWallet(wallet, entries, of_wallet, today), IsEmpty());
  // What is taken of the document is missed.
  wallet.mutable_lots(0)->mutable_remaining()->set_units(1);
  EXPECT_THAT(cli::VerifyWallet(wallet, entries, of_wallet, today), Not(IsEmpty()));
}

TEST_F(WalletEntriesTest, IsReadByWhoMay) {
  EXPECT_THAT(List(world_.finance(), 5), HasReason(Reason::kNotFound));
  Open("late", 500, "2099-12-31");
  const std::unique_ptr<rpc::Client> own = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p2");
  const std::unique_ptr<rpc::Client> other = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p1");
  ASSERT_OK_AND_ASSIGN(const auto page, List(*own, 5));
  ASSERT_EQ(page.wallet_entries_size(), 1);
  const v1::WalletEntry& entry = page.wallet_entries(0);
  EXPECT_EQ(entry.number(), 1);
  EXPECT_EQ(entry.kind(), v1::WalletEntry::CREDIT);
  EXPECT_EQ(entry.cause(), "partners/p2/openingBalances/late");
  EXPECT_EQ(entry.legs(1).lot(), "late");
  EXPECT_EQ(entry.legs(1).expires_on().year(), 2099);
  EXPECT_THAT(List(*other, 5), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(List(*own, 5, "", "partners/p2"), HasReason(Reason::kInvalidField));
}

}  // namespace
}  // namespace tributary::incentive
