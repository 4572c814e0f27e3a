#include "incentive-service/wallets/hold_follower.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/wallets/wallet_proto.h"
#include "tributary/inventory/v1/order.pb.h"

namespace tributary::incentive {
namespace {

using tributary::inventory::v1::DistributorOrder;

OrderPhase PhaseOf(const DistributorOrder& order) {
  if (order.state() == DistributorOrder::DRAFT) return OrderPhase::kDraft;
  return order.state() == DistributorOrder::CANCELED ? OrderPhase::kCanceled : OrderPhase::kPlaced;
}

}  // namespace

absl::Status HoldFollower::Apply(mysql::Transaction& sql, absl::Span<const events::Event> batch, absl::Time now,
                                 events::Outbox& outbox) const {
  DistributorOrder order;
  for (const events::Event& event : batch) {
    if (event.type != kOrderType) continue;
    if (!order.ParseFromString(event.payload)) {
      return Error(Reason::kMalformedRequest, StrCat(event.name, ": got bytes that are no ", kOrderType));
    }
    ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                     ParseResourceName(order.name(), "partners/{partner}/orders/{order}"));
    OrderOfHold told{.partner = ids[0], .order = ids[1], .phase = PhaseOf(order)};
    if (order.wallet_hold().empty()) {
      if (told.phase == OrderPhase::kDraft) RETURN_IF_ERROR(wallets_.ForgetOrder(sql, told));
      continue;
    }
    ASSIGN_OR_RETURN(const WalletHoldKey key, ParseWalletHoldName(order.wallet_hold()));
    const WalletKey& of = key.wallet;
    told.hold = order.wallet_hold().substr(StrCat("partners/", told.partner, "/").size());
    RETURN_IF_ERROR(wallets_.PutOrder(sql, told));
    absl::StatusOr<Wallet> wallet = wallets_.GetForUpdate(sql, of);
    if (absl::IsNotFound(wallet.status())) continue;
    RETURN_IF_ERROR(wallet.status());
    absl::StatusOr<WalletHold> hold = wallets_.GetHold(sql, key);
    if (absl::IsNotFound(hold.status())) continue;
    RETURN_IF_ERROR(hold.status());
    if (hold->order != told.order) continue;
    // An order of another currency uses nothing of it.
    if (order.wallet_used_amount().currency_code() == of.currency) {
      ASSIGN_OR_RETURN(told.used, MinorFromProto(order.wallet_used_amount(), of.currency, "wallet_used_amount"));
    }
    RETURN_IF_ERROR(wallets_.AddLotsOf(sql, *hold, &*wallet));
    const std::optional<WalletChange> change = FollowOrder(*std::move(wallet), *hold, told, now);
    if (!change.has_value()) continue;
    RETURN_IF_ERROR(wallets_.Save(sql, *change));
    const WalletHold& after = *change->hold;
    const std::string_view verb = after.released() > hold->released()   ? "released"
                                  : after.captured() > hold->captured() ? "captured"
                                                                        : "restored";
    outbox.Add(events::Draft(told.partner, verb, after.name(), ToProto(after)));
  }
  return absl::OkStatus();
}

}  // namespace tributary::incentive
