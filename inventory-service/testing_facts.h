#pragma once

// For tests of facts: a service with products and partners in it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/testing_service.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {

class FactsTest : public ::testing::Test {
 protected:
  FactsTest()
      : partners_(keys_, testing::FreshDatabase(PartnerSchemas())),
        database_(testing::FreshDatabase(InventorySchemas())),
        service_(keys_, *database_, partners_.address()),
        inventory_(service_.client()) {
    for (const char* id : {"acme", "bolt", "cogs"}) partners_.Know(id);
    EXPECT_OK(inventory_.MakeProducts({"bike", "helmet", "pump"}));
  }

  // Every event of the feed so far, in order within each shard.
  std::vector<events::Event> Events() {
    EXPECT_OK(service_.feed().Refresh());
    std::vector<events::Event> events;
    std::vector<events::ShardRange> ranges;
    const std::vector<int64_t> heads = service_.feed().Heads();
    for (int shard = 0; shard < events::kShards; ++shard) {
      if (heads[shard] > 0) ranges.push_back({shard, 0, heads[shard]});
    }
    std::vector<events::Cursor> read_to;
    EXPECT_OK(service_.feed().Read(ranges, 1000000, &events, &read_to));
    return events;
  }

  TestKeys keys_;
  TestPartners partners_;
  std::unique_ptr<mysql::Database> database_;
  TestInventory service_;
  Inventory inventory_;
};

// "185.184 USD;"
inline std::string Net(const v1::SellInTotals& totals) {
  std::string text;
  for (const auto& amount : totals.net_amounts()) {
    const Money money = wire::FromProto(amount).value();
    StrAppend(&text, money.amount.ToString(), " ", money.currency, ";");
  }
  return text;
}

}  // namespace tributary::inventory
