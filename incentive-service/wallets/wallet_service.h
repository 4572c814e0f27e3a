#pragma once

// The RPCs of wallets and their holds.

#include "common/paging/page_token.h"
#include "common/rpc/server.h"
#include "incentive-service/wallets/wallet_store.h"
#include "tributary/incentive/v1/wallet.pb.h"

namespace tributary::incentive {

class WalletService {
 public:
  explicit WalletService(const PageTokens& tokens) : tokens_(tokens) {}

  void Register(rpc::Server& server);

  absl::Status Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetWalletRequest& request, v1::Wallet* reply);
  absl::Status List(const rpc::Call& call, rpc::Unit& unit, const v1::ListWalletsRequest& request,
                    v1::ListWalletsResponse* reply);
  absl::Status Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateWalletRequest& request,
                      v1::Wallet* reply);
  absl::Status ListEntries(const rpc::Call& call, rpc::Unit& unit, const v1::ListWalletEntriesRequest& request,
                           v1::ListWalletEntriesResponse* reply);
  absl::Status GetHold(const rpc::Call& call, rpc::Unit& unit, const v1::GetWalletHoldRequest& request,
                       v1::WalletHold* reply);
  absl::Status ListHolds(const rpc::Call& call, rpc::Unit& unit, const v1::ListWalletHoldsRequest& request,
                         v1::ListWalletHoldsResponse* reply);
  absl::Status CreateHold(const rpc::Call& call, rpc::Unit& unit, const v1::CreateWalletHoldRequest& request,
                          v1::WalletHold* reply);
  absl::Status CaptureHold(const rpc::Call& call, rpc::Unit& unit, const v1::CaptureWalletHoldRequest& request,
                           v1::WalletHold* reply);
  absl::Status ReleaseHold(const rpc::Call& call, rpc::Unit& unit, const v1::ReleaseWalletHoldRequest& request,
                           v1::WalletHold* reply);

 private:
  // What Capture and Release share but for the decision.
  template <typename Request, typename Decide>
  absl::Status End(const rpc::Call& call, rpc::Unit& unit, const Request& request, std::string_view verb, Decide decide,
                   v1::WalletHold* reply);

  const PageTokens& tokens_;
  WalletStore wallets_;
};

}  // namespace tributary::incentive
