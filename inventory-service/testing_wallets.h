#pragma once

// For tests: incentive-service as it runs, on a database of its own, beside inventory-service; each follows the other's
// feed.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "events_schema.h"
#include "incentive-service/service.h"
#include "incentive-service/wallets/wallet_store.h"
#include "incentive_schema.h"
#include "inventory-service/orders/testing_orders.h"
#include "rpc_schema.h"
#include "tributary/incentive/v1/opening_balance.pb.h"
#include "tributary/incentive/v1/wallet.pb.h"

namespace tributary::inventory {

class TestWallets {
 public:
  TestWallets(const TestKeys& keys, std::string inventory_address)
      : inventory_(
            {.address = std::move(inventory_address), .token = [&keys] { return keys.Token(api::v1::SERVICE); }}),
        database_(testing::FreshDatabase({&schema::events(), &schema::rpc(), &schema::incentive()})) {
    server_ =
        std::make_unique<rpc::Server>(rpc::Frame{.clock = &clock_,
                                                 .database = database_.get(),
                                                 .verifier = &keys.verifier(),
                                                 .registry = &registry_,
                                                 .committed = [this] { service_->Committed(); }},
                                      rpc::ServerOptions{.address = "127.0.0.1:0", .grace_period = absl::Seconds(1)});
    // No exchange rates and no remedies are told here, so the feed of inventory-service will do for all.
    service_ =
        std::make_unique<tributary::incentive::Service>(tributary::incentive::Parts{.database = *database_,
                                                                                    .clock = clock_,
                                                                                    .page_tokens = page_tokens_,
                                                                                    .inventory_service = inventory_,
                                                                                    .partner_service = inventory_,
                                                                                    .conflict_service = inventory_,
                                                                                    .server = *server_,
                                                                                    .registry = &registry_,
                                                                                    .owner = "test"});
    EXPECT_OK(server_->Start());
    client_ = std::make_unique<rpc::Client>(
        rpc::ClientOptions{.address = address(), .token = [&keys] { return keys.Token(api::v1::ADMINISTRATOR); }});
  }
  ~TestWallets() {
    service_->Stop();
    server_->Drain();
  }
  // Begins to follow inventory-service's feed, and to tell its own.
  void Start() { EXPECT_OK(service_->Start()); }
  std::string address() const { return StrCat("127.0.0.1:", server_->port()); }

  // `method` without the package.
  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Call(std::string_view method, const Request& request) {
    return client_->Call<Reply>("tributary.incentive.v1." + std::string(method), Inventory::WithRequestId(request),
                                {.timeout = absl::Seconds(60)});
  }

  // W1 3,000 and W2 5,000 of acme.
  void GoLive() {
    tributary::incentive::v1::CreateOpeningBalanceRequest request;
    request.set_parent("partners/acme");
    request.set_opening_balance_id("go-live");
    auto& balance = *request.mutable_opening_balance();
    *balance.mutable_date() = On("03-31");
    balance.set_currency("CNY");
    for (const auto& [lot, amount, month] : {std::tuple("w1", 3000, 6), std::tuple("w2", 5000, 12)}) {
      auto& next = *balance.add_wallet_lots();
      next.set_lot(lot);
      *next.mutable_amount() = Yuan(amount);
      *next.mutable_expires_on() = wire::ToProto(Date::FromYmd(2099, month, 30).value());
    }
    EXPECT_OK(Call<tributary::incentive::v1::OpeningBalance>("OpeningBalanceService/CreateOpeningBalance", request));
  }
  using Hold = tributary::incentive::v1::WalletHold;
  absl::StatusOr<Hold> Make(const std::string& id, const std::string& order, int amount, Hold::Use use = Hold::PRICE) {
    tributary::incentive::v1::CreateWalletHoldRequest request;
    request.set_parent("partners/acme/wallets/CNY");
    request.set_wallet_hold_id(id);
    *request.mutable_wallet_hold()->mutable_amount() = Yuan(amount);
    request.mutable_wallet_hold()->set_use(use);
    request.mutable_wallet_hold()->set_order("partners/acme/orders/" + order);
    return Call<Hold>("WalletService/CreateWalletHold", request);
  }
  absl::StatusOr<Hold> Release(const std::string& id) {
    tributary::incentive::v1::ReleaseWalletHoldRequest request;
    request.set_name(NameOf(id));
    return Call<Hold>("WalletService/ReleaseWalletHold", request);
  }
  absl::StatusOr<Hold> Capture(const std::string& id) {
    tributary::incentive::v1::CaptureWalletHoldRequest request;
    request.set_name(NameOf(id));
    return Call<Hold>("WalletService/CaptureWalletHold", request);
  }
  static std::string NameOf(const std::string& hold) { return "partners/acme/wallets/CNY/holds/" + hold; }
  // "w1 3000-3000-0, w2 5000-4200-0": amount, captured, released of each part.
  std::string TextOf(const std::string& id) {
    tributary::incentive::v1::GetWalletHoldRequest request;
    request.set_name(NameOf(id));
    const auto hold = Call<Hold>("WalletService/GetWalletHold", request);
    if (!hold.ok()) return std::string(hold.status().message());
    std::string text;
    for (const auto& part : hold->lots()) {
      text += StrCat(text.empty() ? "" : ", ", part.lot(), " ", Text(part.amount()), "-", Text(part.captured()), "-",
                     Text(part.released()));
    }
    return text;
  }
  // "800/800/0: w2 0+800": balance, held and available, and remaining + held of each lot.
  std::string Wallet() {
    tributary::incentive::v1::GetWalletRequest request;
    request.set_name("partners/acme/wallets/CNY");
    const auto wallet = Call<tributary::incentive::v1::Wallet>("WalletService/GetWallet", request);
    if (!wallet.ok()) return std::string(wallet.status().message());
    std::string text = StrCat(Text(wallet->balance()), "/", Text(wallet->held()), "/", Text(wallet->available()), ":");
    for (const auto& lot : wallet->lots()) {
      text += StrCat(" ", lot.lot(), " ", Text(lot.remaining()), "+", Text(lot.held()));
    }
    return text;
  }
  int64_t Mismatches() {
    int64_t mismatches = -1;
    EXPECT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(mismatches, tributary::incentive::WalletStore().Mismatches(sql));
      return absl::OkStatus();
    }));
    return mismatches;
  }
  mysql::Database& database() { return *database_; }

 private:
  SystemClock clock_;
  prometheus::Registry registry_;
  const PageTokens page_tokens_{std::string(32, 'k')};
  rpc::Client inventory_;
  std::unique_ptr<mysql::Database> database_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<tributary::incentive::Service> service_;
  std::unique_ptr<rpc::Client> client_;
};

// Orders of acme, which has the wallet of S2. Both services follow each other.
class WalletOrdersTest : public OrdersTest {
 protected:
  WalletOrdersTest() {
    wallets_.Start();
    wallets_.GoLive();
    service_.FollowWallets(wallets_.address());
  }
  // Waits for what is to come.
  static void Await(const std::function<std::string()>& read, const std::string& want) {
    std::string got;
    EXPECT_TRUE(Eventually([&] { return (got = read()) == want; })) << "got " << got << ", want " << want;
  }
  void AwaitWallet(const std::string& want) {
    Await([&] { return wallets_.Wallet(); }, want);
  }
  void AwaitState(const std::string& id, Order::State want) {
    Await([&] { return Order::State_Name(Get(id)->state()); }, Order::State_Name(want));
  }
  // All that orders have told by now has had its effect on holds.
  void CatchUp() {
    Progress();
    EXPECT_OK(service_.feed().Refresh());
    const std::vector<int64_t> heads = service_.feed().Heads();
    EXPECT_TRUE(Eventually([&] {
      std::vector<int64_t> applied(heads.size());
      EXPECT_OK(wallets_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
        ASSIGN_OR_RETURN(const auto cursors, events::AppliedCursors(sql, "inventory"));
        for (const events::Cursor& cursor : cursors) applied[cursor.shard] = cursor.seq;
        return absl::OkStatus();
      }));
      for (size_t shard = 0; shard < heads.size(); ++shard) {
        if (applied[shard] < heads[shard]) return false;
      }
      return true;
    }));
  }
  // Of acme, at the list price.
  absl::StatusOr<Order> DraftWith(const std::string& hold, const std::string& id,
                                  const std::vector<v1::OrderLine>& lines) {
    v1::CreateDistributorOrderRequest request;
    request.set_parent("partners/acme");
    request.set_order_id(id);
    *request.mutable_order()->mutable_order_date() = On("04-01");
    *request.mutable_order()->mutable_requested_date() = On("04-01");
    request.mutable_order()->set_wallet_hold(TestWallets::NameOf(hold));
    for (const v1::OrderLine& line : lines) *request.mutable_order()->add_lines() = line;
    for (v1::OrderLine& line : *request.mutable_order()->mutable_lines()) line.clear_discount();
    return inventory_.Call<Order>("DistributorOrderService/CreateDistributorOrder", request);
  }

  TestWallets wallets_{keys_, service_.address()};
};

}  // namespace tributary::inventory
