#include "inventory-service/wallet_holds/wallet_feed.h"

#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/orders/order_inputs.h"
#include "inventory-service/orders/order_proto.h"
#include "inventory-service/orders/order_store.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/wallet_holds/wallet_hold_store.h"
#include "tributary/incentive/v1/wallet.pb.h"

namespace tributary::inventory {
namespace {

absl::StatusOr<WalletHold> Read(const events::Event& event) {
  incentive::v1::WalletHold told;
  if (!told.ParseFromString(event.payload)) {
    return Error(Reason::kMalformedRequest, StrCat("the payload of ", event.name, " is no WalletHold"));
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(told.name(), kWalletHoldPattern));
  WalletHold hold{.partner = ids[0], .currency = ids[1], .id = ids[2], .use = static_cast<WalletUse>(told.use())};
  if (!told.order().empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> order,
                     ParseResourceName(told.order(), "partners/{partner}/orders/{order}"));
    hold.order = order[1];
  }
  ASSIGN_OR_RETURN(const Money amount, wire::FromProto(told.amount()));
  ASSIGN_OR_RETURN(const Money released, wire::FromProto(told.released()));
  hold.amount = amount.amount;
  hold.released = released.amount;
  return hold;
}

// What is allowed of a wallet; decisions to come read it.
absl::Status KeepLimit(mysql::Transaction& sql, const events::Event& event) {
  incentive::v1::Wallet told;
  if (!told.ParseFromString(event.payload)) {
    return Error(Reason::kMalformedRequest, StrCat("the payload of ", event.name, " is no Wallet"));
  }
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(told.name(), "partners/{partner}/wallets/{wallet}"));
  std::optional<Decimal> price_share;
  if (told.has_price_share_limit()) {
    ASSIGN_OR_RETURN(price_share, wire::FromProto(told.price_share_limit()));
  }
  return WalletHoldStore().PutLimit(sql, ids[0], ids[1], price_share);
}

absl::Status Move(mysql::Transaction& sql, std::string_view partner, std::string_view id, absl::Time now,
                  events::Outbox& outbox) {
  const OrderStore orders;
  ASSIGN_OR_RETURN(const Order before, orders.Get(sql, partner, id));
  ASSIGN_OR_RETURN(const OrderInputs inputs, ReadInputs(sql, before));
  std::optional<Order> order = FollowHold(before, inputs, now);
  if (!order.has_value()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const OrderProgress progress, orders.ProgressOf(sql, partner, id));
  order->fulfillment = FulfillmentOf(*order, progress);
  order->told = ToldOf(*order, progress);
  RETURN_IF_ERROR(orders.Update(sql, *order));
  const std::string_view verb = order->state == before.state ? "updated" : PlacedVerb(order->state);
  outbox.Add(events::Draft(order->partner, verb, order->name(), ToProto(*order, progress)));
  return absl::OkStatus();
}

}  // namespace

std::vector<std::string> WalletPayloads() {
  return {incentive::v1::Wallet::descriptor()->full_name(), incentive::v1::WalletHold::descriptor()->full_name()};
}

absl::Status ApplyWalletFeed(mysql::Transaction& sql, absl::Span<const events::Event> events, absl::Time now,
                             events::Outbox& outbox) {
  std::vector<WalletHold> holds;
  std::set<std::string> partners;
  for (const events::Event& event : events) {
    if (event.type == incentive::v1::Wallet::descriptor()->full_name()) {
      RETURN_IF_ERROR(KeepLimit(sql, event));
      continue;
    }
    ASSIGN_OR_RETURN(WalletHold hold, Read(event));
    partners.insert(hold.partner);
    holds.push_back(std::move(hold));
  }
  // An order that is placed at this moment reads the hold afterwards, or is found here.
  RETURN_IF_ERROR(LockKnown(sql, partners));
  const WalletHoldStore store;
  std::set<std::pair<std::string, std::string>> told;  // by partner and name
  for (const WalletHold& hold : holds) {
    RETURN_IF_ERROR(store.Put(sql, hold));
    told.emplace(hold.partner, hold.name());
  }
  for (const auto& [partner, hold] : told) {
    ASSIGN_OR_RETURN(const std::vector<std::string> named_by, OrderStore().NamedBy(sql, partner, hold));
    for (const std::string& order : named_by) RETURN_IF_ERROR(Move(sql, partner, order, now, outbox));
  }
  return absl::OkStatus();
}

}  // namespace tributary::inventory
