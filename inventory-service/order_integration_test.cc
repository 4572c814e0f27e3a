// Lines in any order, repeated, cut into pieces, by clients at the same time: the same books.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "inventory-service/testing_facts.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The same lines in any order, twice, in pieces, by several clients at a time: the same books.
TEST_F(FactsTest, NeitherOrderNorRepetitionNorConcurrencyMatters) {
  std::mt19937 random(20240302);
  std::vector<v1::ShipmentLine> lines;
  const std::vector<std::string> partners = {"acme", "bolt", "cogs"};
  const std::vector<std::string> products = {"bike", "helmet", "pump"};
  for (int i = 0; i < 900; ++i) {
    lines.push_back(NewLine(partners[i / 5 % 3], StrCat("SO", i / 5), i % 5 + 1, products[random() % 3],
                            static_cast<int>(random() % 9) + 1));
  }
  std::map<std::string, int64_t> expected;
  for (const v1::ShipmentLine& line : lines) {
    expected[StrCat(line.partner(), "/positions/main.", line.product().substr(9))] +=
        std::stoll(line.quantity().value());
  }
  std::vector<std::string> positions;
  for (const auto& [name, units] : expected) positions.push_back(StrCat(name, "=", units));

  std::string net;
  for (int round = 0; round < 3; ++round) {
    std::unique_ptr<mysql::Database> database = testing::FreshDatabase(InventorySchemas());
    TestInventory service(keys_, *database, partners_.address());
    Inventory inventory(service.client());
    ASSERT_OK(inventory.MakeProducts(products));
    const std::string import_name = inventory.NewImport("shipments").value();
    // Each line once for certain, some more often; in pieces that four clients send at the same time.
    std::vector<v1::ShipmentLine> stated = lines;
    for (const v1::ShipmentLine& line : lines) {
      if (round > 0 && random() % 2 == 0) stated.push_back(line);
    }
    if (round > 0) std::shuffle(stated.begin(), stated.end(), random);
    std::vector<std::vector<v1::ShipmentLine>> pieces(1);
    for (const v1::ShipmentLine& line : stated) {
      if (pieces.back().size() >= random() % 120 + 1) pieces.emplace_back();
      pieces.back().push_back(line);
    }
    std::atomic<size_t> next = 0;
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) {
      clients.emplace_back([&] {
        for (size_t at = next++; at < pieces.size(); at = next++) {
          const auto reply = inventory.Ship(import_name, pieces[at]);
          EXPECT_OK(reply);
          if (reply.ok()) {
            EXPECT_THAT(reply->errors(), IsEmpty());
          }
        }
      });
    }
    for (std::thread& client : clients) client.join();

    EXPECT_EQ(inventory.Positions(), positions);
    const auto totals = inventory.Totals();
    ASSERT_OK(totals);
    EXPECT_EQ(totals->lines(), 900);
    EXPECT_EQ(totals->documents(), 180);
    EXPECT_EQ(totals->partners(), 3);
    if (round == 0) net = Net(*totals);
    EXPECT_EQ(Net(*totals), net);
    const auto balance = inventory.Check();
    EXPECT_TRUE(balance->balanced());
    EXPECT_EQ(balance->postings(), 900);
    const api::v1::ImportCounts counts = inventory.GetImport(import_name)->counts();
    EXPECT_EQ(counts.accepted(), 900);
    EXPECT_EQ(counts.duplicate(), static_cast<int64_t>(stated.size()) - 900);
  }
}

// Clients that state the same new lines at the same moment: one of them records each line.
TEST_F(FactsTest, ClientsRaceForTheSameLines) {
  const std::string import_name = inventory_.NewImport("shipments").value();
  std::atomic<int> accepted = 0;
  std::atomic<int> duplicate = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 6; ++i) {
    clients.emplace_back([&, i] {
      for (int batch = 0; batch < 10; ++batch) {
        std::vector<v1::ShipmentLine> lines;
        for (int line = 1; line <= 20; ++line) lines.push_back(NewLine("acme", StrCat("R", batch), line, "bike", 1));
        if (i % 2 == 1) std::reverse(lines.begin(), lines.end());
        const auto reply = inventory_.Ship(import_name, lines);
        EXPECT_OK(reply);
        if (!reply.ok()) continue;
        accepted += reply->accepted();
        duplicate += reply->duplicate();
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(accepted, 200);
  EXPECT_EQ(duplicate, 1000);
  EXPECT_THAT(inventory_.Positions(), ElementsAre("partners/acme/positions/main.bike=200"));
  EXPECT_TRUE(inventory_.Check()->balanced());
}

}  // namespace
}  // namespace tributary::inventory
