// inventory-service: goods, documents and the channel's stock.

#include "common/approvals/approval_asker.h"
#include "common/events/consumer.h"
#include "common/events/feed.h"
#include "common/process/process.h"
#include "events_schema.h"
#include "imports_schema.h"
#include "inventory-service/census.h"
#include "inventory-service/ledger/position_watch.h"
#include "inventory-service/orders/order_watch.h"
#include "inventory-service/reservations/reservation_expiry.h"
#include "inventory-service/service.h"
#include "inventory-service/stock_findings/partner_feed.h"
#include "inventory-service/stock_findings/stock_watch.h"
#include "inventory-service/wallet_holds/wallet_feed.h"
#include "inventory_schema.h"
#include "rpc_schema.h"

int main(int argc, char** argv) {
  using namespace tributary;  // NOLINT(google-build-using-namespace): this file is a list of what there is
  process::Process process({.name = "inventory-service",
                            .peers = {"partner", "incentive"},
                            .schemas = {&schema::events(), &schema::rpc(), &schema::imports(), &schema::inventory()}},
                           argc, argv);
  if (absl::Status status = process.Open(); !status.ok()) return process.Fail(status);

  rpc::Client& partner_service = process.peer("partner");
  inventory::InventoryService service(process.database(), partner_service, process.page_tokens());
  service.Register(process.server());

  events::Feed feed(process.database(), service.Sources(), &process.registry());
  process.OnCommitted([&feed] { feed.Poke(); });
  const auto feed_service = events::ServeFeed(process.server(), process.database(), &feed);
  inventory::PositionWatch position_watch(process.database(), feed, process.page_tokens());
  position_watch.Register(process.server());

  events::Consumer partners(
      process.database(), partner_service, process.clock(),
      {.feed = "partner",
       .payload_types = inventory::PartnerFeedPayloads(),
       .owner = process.instance(),
       .committed = [&feed] { feed.Poke(); }},
      [&process, &service](mysql::Transaction& sql, absl::Span<const events::Event> events, events::Outbox& outbox) {
        return inventory::ApplyPartnerFeed(sql, events, process.clock().Now(), service.counts(), outbox);
      },
      &process.registry());

  approvals::ApprovalAsker approval_asker(process.database(), partner_service, process.clock());

  events::Consumer wallets(
      process.database(), process.peer("incentive"), process.clock(),
      {.feed = "incentive",
       .payload_types = inventory::WalletPayloads(),
       .owner = process.instance(),
       .committed = [&feed] { feed.Poke(); }},
      [&process](mysql::Transaction& sql, absl::Span<const events::Event> events, events::Outbox& outbox) {
        return inventory::ApplyWalletFeed(sql, events, process.clock().Now(), outbox);
      },
      &process.registry());

  inventory::StockWatch stock_watch(process.database(), feed, process.clock(), [&feed] { feed.Poke(); });
  inventory::ReservationExpiry reservation_expiry(process.database(), process.clock(), [&feed] { feed.Poke(); });
  inventory::OrderWatch order_watch(process.database(), feed, process.clock(), [&feed] { feed.Poke(); });

  process::Census census(process.database(), process.registry());
  inventory::AddCensus(census, process.registry());

  return process.Serve({.started = [&]() -> absl::Status {
                          if (absl::Status status = feed.Start(); !status.ok()) return status;
                          partners.Start();
                          wallets.Start();
                          approval_asker.Start();
                          census.Start();
                          stock_watch.Start();
                          reservation_expiry.Start();
                          order_watch.Start();
                          return absl::OkStatus();
                        },
                        .stopping =
                            [&] {
                              census.Stop();
                              reservation_expiry.Stop();
                              order_watch.Stop();
                              stock_watch.Stop();
                              approval_asker.Stop();
                              wallets.Stop();
                              partners.Stop();
                              feed.Stop();
                            }});
}
