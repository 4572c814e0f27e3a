#pragma once

// The RPCs of payouts.

#include <optional>
#include <string_view>

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/exchange_rates/exchange_rate_store.h"
#include "incentive-service/payouts/bank_account_store.h"
#include "incentive-service/payouts/payout_store.h"
#include "incentive-service/relationships/relationship_store.h"
#include "incentive-service/wallets/wallet_store.h"
#include "tributary/incentive/v1/payout.pb.h"

namespace tributary::incentive {

class PayoutService {
 public:
  explicit PayoutService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetPayoutRequest& request, v1::Payout* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPayoutsRequest& request,
                    v1::ListPayoutsResponse* reply);
  absl::Status Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreatePayoutRequest& request,
                      v1::Payout* reply);
  absl::Status WithdrawPayout(const rpc::Call& call, rpc::Unit& unit, const v1::WithdrawPayoutRequest& request,
                              v1::Payout* reply);
  absl::Status ApprovePayout(const rpc::Call& call, rpc::Unit& unit, const v1::ApprovePayoutRequest& request,
                             v1::Payout* reply);
  absl::Status RejectPayout(const rpc::Call& call, rpc::Unit& unit, const v1::RejectPayoutRequest& request,
                            v1::Payout* reply);
  absl::Status PayPayout(const rpc::Call& call, rpc::Unit& unit, const v1::PayPayoutRequest& request,
                         v1::Payout* reply);
  absl::Status FailPayout(const rpc::Call& call, rpc::Unit& unit, const v1::FailPayoutRequest& request,
                          v1::Payout* reply);

 private:
  // A payout for update, with the wallet that it is of and the hold that has its money.
  struct Loaded {
    Payout payout;
    Wallet wallet;  // with all lots of the hold
    WalletHold hold;
  };
  // Checks the etag.
  template <typename Request>
  absl::StatusOr<Loaded> Load(rpc::Unit& unit, const Request& request) const;
  // Whether the money may go where it is to go, today.
  absl::Status CheckDestination(const rpc::Call& call, rpc::Unit& unit, const Payout& payout) const;
  // Stores what was decided, and the change of the wallet where it makes one; tells both.
  absl::Status Save(rpc::Unit& unit, std::string_view verb, const Payout& before, const Payout& after,
                    const std::optional<WalletChange>& change, v1::Payout* reply) const;

  const PageTokens& tokens_;
  PayoutStore payouts_;
  BankAccountStore accounts_;
  ExchangeRateStore rates_;
  RelationshipStore relationships_;
  WalletStore wallets_;
};

}  // namespace tributary::incentive
