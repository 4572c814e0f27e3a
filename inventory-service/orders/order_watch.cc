#include "inventory-service/orders/order_watch.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/orders/order_proto.h"
#include "inventory-service/orders/order_store.h"
#include "inventory-service/payments/account.h"
#include "tributary/inventory/v1/payment.pb.h"

namespace tributary::inventory {
namespace {

absl::Status TellOne(mysql::Transaction& sql, const std::string& partner, const std::string& id,
                     events::Outbox& outbox) {
  const OrderStore orders;
  absl::StatusOr<Order> order = orders.Get(sql, partner, id);
  // Facts may name an order that is not there, or not yet.
  if (absl::IsNotFound(order.status())) return absl::OkStatus();
  RETURN_IF_ERROR(order.status());
  ASSIGN_OR_RETURN(const OrderProgress progress, orders.ProgressOf(sql, partner, id));
  std::string told = ToldOf(*order, progress);
  if (told == order->told) return absl::OkStatus();
  const Fulfillment before = std::exchange(order->fulfillment, FulfillmentOf(*order, progress));
  order->told = std::move(told);
  RETURN_IF_ERROR(orders.SetTold(sql, *order));
  const std::string verb = before == order->fulfillment ? std::string("progressed")
                                                        : absl::AsciiStrToLower(Abseil(NameOf(order->fulfillment)));
  outbox.Add(events::Draft(partner, verb, order->name(), ToProto(*order, progress)));
  return absl::OkStatus();
}

}  // namespace

absl::Status TellProgress(mysql::Transaction& sql, const events::ShardRange& range, std::set<std::string> paid,
                          absl::Time now, events::Outbox& outbox) {
  ASSIGN_OR_RETURN(const auto touched, OrderStore().Touched(sql, range, std::move(paid)));
  for (const auto& [partner, orders] : touched) {
    RETURN_IF_ERROR(LockAccounts(sql, {partner}, now));
    for (const std::string& order : orders) RETURN_IF_ERROR(TellOne(sql, partner, order, outbox));
  }
  return absl::OkStatus();
}

OrderWatch::OrderWatch(mysql::Database& database, events::Feed& feed, const Clock& clock,
                       std::function<void()> committed)
    : FeedWatch(
          database, feed,
          {.name = "order progress", .cursor_table = "order_cursor", .types = {v1::Payment::descriptor()->full_name()}},
          [&clock](mysql::Transaction& sql, const events::ShardRange& range, absl::Span<const events::Event> events,
                   events::Outbox& outbox) {
            std::set<std::string> paid;
            for (const events::Event& event : events) paid.emplace(PartnerOf(event.name));
            return TellProgress(sql, range, std::move(paid), clock.Now(), outbox);
          },
          std::move(committed)) {}

}  // namespace tributary::inventory
