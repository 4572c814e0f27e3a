// Many clients that want the same few things at once: nothing is sold twice, and nothing that was answered is lost.

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "inventory-service/reservations/testing_reservations.h"

namespace tributary::inventory {
namespace {

constexpr int kClients = 64;
constexpr int kItems = 10;

// TRIBUTARY_RESERVATIONS: how many each client makes.
int ReservationsOfAClient() {
  const char* told = std::getenv("TRIBUTARY_RESERVATIONS");
  return told == nullptr ? 40 : std::max(1, std::atoi(told));
}

std::string ItemName(int item) { return StrCat("item-", item); }

// What clients were told, by item or in all.
struct Tally {
  std::vector<int64_t> held = std::vector<int64_t>(kItems);    // still
  std::vector<int64_t> posted = std::vector<int64_t>(kItems);  // to customers
  std::vector<std::string> holding;                            // ids of reservations that are held still
  int64_t created = 0, refused = 0, reservations_posted = 0, voided = 0;

  void Add(const Tally& other) {
    for (int i = 0; i < kItems; ++i) {
      held[i] += other.held[i];
      posted[i] += other.posted[i];
    }
    holding.insert(holding.end(), other.holding.begin(), other.holding.end());
    created += other.created;
    refused += other.refused;
    reservations_posted += other.reservations_posted;
    voided += other.voided;
  }
};

class ReservationLoadTest : public FactsTest {
 protected:
  // A client of its own connection. Reserves one to three lines, items twice among them; of what it holds it posts a
  // third, whole or the first line alone, voids a third and keeps the rest.
  Tally Run(int number, const std::string& address) {
    rpc::Client client({.address = address, .token = [this] { return keys_.Token(api::v1::ADMINISTRATOR); }});
    const std::string token = keys_.Token(api::v1::ADMINISTRATOR);
    const rpc::CallOptions options{.timeout = absl::Minutes(1), .token = token};
    Inventory inventory(client);
    ReservationCalls calls(inventory);
    std::mt19937 random(number);
    const auto upto = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
    Tally tally;
    for (int i = 0; i < reservations_; ++i) {
      v1::CreateReservationRequest request;
      request.set_parent("partners/acme");
      request.set_reservation_id(StrCat("r-", number, "-", i));
      std::vector<std::pair<int, int>> lines;
      for (int left = 1 + upto(2); left > 0; --left) {
        lines.emplace_back(upto(kItems - 1), 1 + upto(2));
        AddLine(&request, ItemName(lines.back().first), lines.back().second);
      }
      const auto made = calls.Create(request, options);
      if (!made.ok()) {
        EXPECT_THAT(made, HasReason(Reason::kInsufficientStock));
        ++tally.refused;
        continue;
      }
      ++tally.created;
      const int then = upto(2);
      if (then == 0) {
        v1::PostReservationRequest post;
        post.set_name(made->name());
        const bool whole = upto(1) == 0;
        if (!whole) {
          post.add_lines()->set_line(1);
          *post.mutable_lines(0)->mutable_quantity() = made->lines(0).quantity();
        }
        const auto posted = calls.Post(post, options);
        EXPECT_OK(posted);
        if (!posted.ok()) continue;
        ++tally.reservations_posted;
        for (size_t line = 0; line < (whole ? lines.size() : 1); ++line) {
          tally.posted[lines[line].first] += lines[line].second;
        }
      } else if (then == 1) {
        const auto voided = calls.Void(made->name(), options);
        EXPECT_OK(voided);
        tally.voided += voided.ok();
      } else {
        for (const auto& [item, quantity] : lines) tally.held[item] += quantity;
        tally.holding.push_back(request.reservation_id());
      }
    }
    return tally;
  }

  int reservations_ = ReservationsOfAClient();
};

// Two processes, since nothing may depend on one.
TEST_F(ReservationLoadTest, NothingIsSoldTwiceAndNothingIsLost) {
  TestInventory other(keys_, *database_, partners_.address());
  std::vector<std::string> items;
  for (int item = 0; item < kItems; ++item) items.push_back(ItemName(item));
  ASSERT_OK(inventory_.MakeProducts(items));
  // Enough for about half of what will be asked for and not be given back.
  const int stock = std::max(1, kClients * reservations_ * 4 / kItems / 4);
  std::vector<v1::ShipmentLine> shipped;
  for (int item = 0; item < kItems; ++item) shipped.push_back(NewLine("acme", "SO1", item + 1, items[item], stock));
  ASSERT_OK(inventory_.Ship(inventory_.NewImport("shipments").value(), shipped));

  const absl::Time start = absl::Now();
  std::vector<Tally> tallies(kClients);
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] { tallies[i] = Run(i, i % 2 == 0 ? service_.address() : other.address()); });
  }
  for (std::thread& client : clients) client.join();
  const double seconds = absl::ToDoubleSeconds(absl::Now() - start);
  Tally all;
  for (const Tally& tally : tallies) all.Add(tally);

  int64_t oversold = 0, lost = 0;
  for (int item = 0; item < kItems; ++item) {
    v1::GetPositionRequest get;
    get.set_name(StrCat("partners/acme/positions/main.", items[item]));
    const auto position = inventory_.Call<v1::Position>("LedgerService/GetPosition", get);
    ASSERT_OK(position);
    const auto number = [](const google::type::Decimal& value) { return std::atoll(value.value().c_str()); };
    const int64_t given = all.held[item] + all.posted[item];
    oversold += std::max<int64_t>(given - stock, 0) + std::max<int64_t>(-number(position->on_hand()), 0);
    lost += std::abs(all.held[item] - number(position->reserved()));
    EXPECT_EQ(number(position->on_hand()), stock - given) << items[item];
  }
  ReservationCalls calls(inventory_);
  std::vector<std::string> holding = calls.List("state = HELD");
  std::sort(holding.begin(), holding.end());
  std::sort(all.holding.begin(), all.holding.end());
  EXPECT_EQ(holding, all.holding);
  EXPECT_EQ(static_cast<int64_t>(calls.List("state = POSTED").size()), all.reservations_posted);
  EXPECT_EQ(static_cast<int64_t>(calls.List("state = VOIDED").size()), all.voided);
  EXPECT_EQ(oversold, 0);
  EXPECT_EQ(lost, 0);
  const auto balance = inventory_.Check();
  ASSERT_OK(balance);
  EXPECT_TRUE(balance->balanced()) << balance->ShortDebugString();
  int64_t posted = 0;
  for (const int64_t units : all.posted) posted += units;
  EXPECT_EQ(balance->partner_units().value(), StrCat(int64_t{kItems} * stock - posted));
  EXPECT_GT(all.created, 0);
  EXPECT_GT(all.refused, 0);
  std::printf(
      "%d clients x %d reservations of %d items: %lld held, %lld refused, %lld posted, %lld voided in %.1f s (%.0f "
      "calls/s);"
      " %lld oversold, %lld lost, %s postings balanced\n",
      kClients, reservations_, kItems, static_cast<long long>(all.created), static_cast<long long>(all.refused),
      static_cast<long long>(all.reservations_posted), static_cast<long long>(all.voided), seconds,
      static_cast<double>(all.created + all.refused + all.reservations_posted + all.voided) / seconds,
      static_cast<long long>(oversold), static_cast<long long>(lost), StrCat(balance->postings()).c_str());
}

}  // namespace
}  // namespace tributary::inventory
