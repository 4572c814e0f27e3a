#pragma once

// For tests: a feed as inventory-service has it, and this service following it.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/events/testing_services.h"
#include "common/ids/resource_name.h"
#include "common/wire/wire.h"
#include "partner-service/sales_facts/sales_consumer.h"
#include "partner-service/testing_process.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"

namespace tributary::partner {

inline inventory::v1::ShipmentLine Shipped(std::string_view partner, std::string_view document, std::string_view date,
                                           std::string_view net, std::string_view quantity = "1",
                                           std::string_view currency = "CNY") {
  inventory::v1::ShipmentLine line;
  line.set_partner(StrCat("partners/", partner));
  line.set_name(StrCat(line.partner(), "/shipments/", document, "/lines/1"));
  line.set_document(std::string(document));
  line.set_line(1);
  *line.mutable_order_date() = wire::ToProto(*Date::Parse(date));
  *line.mutable_ship_date() = line.order_date();
  line.set_product("products/x");
  line.set_product_line("productLines/a");
  line.mutable_quantity()->set_value(std::string(quantity));
  *line.mutable_net_amount() = wire::ToProto(Money{std::string(currency), *Decimal::Parse(net)});
  return line;
}

class FollowedInventory {
 public:
  explicit FollowedInventory(RunningService& service)
      : service_(service),
        client_(source_.NewClient()),
        consumer_(service.database(), *client_, clock_,
                  {.feed = "inventory", .payload_types = SalesPayloads(), .owner = "test"}, ApplySales, nullptr) {
    consumer_.Start();
  }
  ~FollowedInventory() { consumer_.Stop(); }

  // In one transaction; returns when it is applied.
  template <typename Fact>
  void Tell(const std::vector<Fact>& facts) {
    EXPECT_OK(source_.database().Transact({}, [&](mysql::Transaction& sql) {
      events::Outbox outbox;
      for (const Fact& fact : facts) outbox.Add(events::Draft(PartnerOf(fact.name()), "recorded", fact.name(), fact));
      return outbox.Write(sql);
    }));
    source_.feed().Poke();
    const int64_t head = source_.Head();
    EXPECT_TRUE(events::Eventually([&] { return Applied() == head; }));
  }

 private:
  int64_t Applied() {
    int64_t applied = 0;
    EXPECT_OK(service_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      applied = 0;
      ASSIGN_OR_RETURN(const std::vector<events::Cursor> cursors, events::AppliedCursors(sql, "inventory"));
      for (const events::Cursor& cursor : cursors) applied += cursor.seq;
      return absl::OkStatus();
    }));
    return applied;
  }

  RunningService& service_;
  SystemClock clock_;
  events::Source source_;
  std::unique_ptr<rpc::Client> client_;
  events::Consumer consumer_;
};

}  // namespace tributary::partner
