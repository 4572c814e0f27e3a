#pragma once

// For tests: a world with wallets that are paid out, and people who pay.

#include <cstdint>
#include <memory>
#include <string>

#include "common/text/text.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/testing_world.h"
#include "incentive-service/wallets/wallet_store.h"
#include "tributary/incentive/v1/wallet.pb.h"
#include "tributary/partner/v1/bank_account.pb.h"
#include "tributary/partner/v1/exchange_rate.pb.h"

namespace tributary::incentive {

inline google::type::Money UnitsOf(const char* currency, int64_t units) {
  google::type::Money money;
  money.set_currency_code(currency);
  money.set_units(units);
  return money;
}

class WalletsTest : public WorldTest {
 protected:
  void TellAccount(const std::string& partner, const std::string& currency, bool payable) {
    tributary::partner::v1::BankAccount account;
    account.set_name(StrCat("partners/", partner, "/bankAccounts/main"));
    account.set_currency(currency);
    account.set_payable(payable);
    feed_.TellFact(account);
  }
  void TellRate(const std::string& type, const std::string& from, const std::string& to, Date date, const char* rate) {
    tributary::partner::v1::ExchangeRate message;
    message.set_name(StrCat("exchangeRates/", type, ".", from, ".", to, ".", date.ToString()));
    message.set_state(tributary::partner::v1::ExchangeRate::ACTIVE);
    message.set_rate_type(type);
    message.set_from_currency(from);
    message.set_to_currency(to);
    *message.mutable_date() = wire::ToProto(date);
    message.mutable_rate()->set_value(rate);
    feed_.TellFact(message);
  }
  // "balance/held/available" in whole units.
  std::string WalletText(const std::string& partner, const std::string& currency) {
    v1::GetWalletRequest request;
    request.set_name(StrCat("partners/", partner, "/wallets/", currency));
    const auto wallet = world_.finance().Call<v1::Wallet>("tributary.incentive.v1.WalletService/GetWallet", request);
    if (!wallet.ok()) return std::string(wallet.status().message());
    EXPECT_EQ(wallet->balance().currency_code(), currency);
    return StrCat(wallet->balance().units(), "/", wallet->held().units(), "/", wallet->available().units());
  }
  // Of the ledger and of wallets.
  int64_t Mismatches() {
    int64_t mismatches = -1;
    EXPECT_OK(world_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const int64_t ledger, LedgerStore().Mismatches(sql));
      ASSIGN_OR_RETURN(const int64_t wallets, WalletStore().Mismatches(sql));
      mismatches = ledger + wallets;
      return absl::OkStatus();
    }));
    return mismatches;
  }

  const std::unique_ptr<rpc::Client> treasurer_ = keys_.NewClient(world_.port(), api::v1::FINANCE, "", "treasurer");
  const std::unique_ptr<rpc::Client> cashier_ = keys_.NewClient(world_.port(), api::v1::FINANCE, "", "cashier");
};

}  // namespace tributary::incentive
