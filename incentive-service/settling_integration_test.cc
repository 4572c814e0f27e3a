// Periods are closed, statements issued and settled while lines, returns and reversals still come in. In sum that comes
// to what the same facts come to that are told one after the other, before anything is closed.

#include <atomic>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/text/text.h"
#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/testing_statements.h"
#include "incentive-service/testing_world.h"
#include "tributary/incentive/v1/ledger_entry.pb.h"

namespace tributary::incentive {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::Each;

// Sales of four partners in six months, and what is taken back or returned of them.
struct Facts {
  std::vector<ShipmentLine> sales;
  std::vector<ShipmentLine> undone;
};
Facts HalfAYear() {
  std::mt19937 random(20250101);
  const auto below = [&](int bound) { return static_cast<int>(random() % static_cast<unsigned>(bound)); };
  Facts facts;
  for (int i = 0; i < 240; ++i) {
    const std::string partner = StrCat("p", 1 + below(4)), number = std::to_string(i);
    const ShipmentLine sale = LineOf(partner, "SO" + number, 1, StrCat("2025-0", 1 + below(6), "-10"), "2025-06-20",
                                     1 + below(9000), 100000 * below(10000));
    facts.sales.push_back(sale);
    const int fate = below(5);
    if (fate == 0) facts.undone.push_back(ReversalOf(sale));
    if (fate == 1) {
      ShipmentLine back = LineOf(partner, "RT" + number, 1, StrCat("2025-0", 1 + below(6), "-20"), "2025-06-25",
                                 -(1 + sale.net_amount().units() / 2));
      back.set_original_line(sale.name());
      facts.undone.push_back(back);
    }
  }
  return facts;
}

int64_t Cents(const google::type::Money& money) { return money.units() * 100 + money.nanos() / 10000000; }

// Cents by what they are of; what comes to nothing is left out.
using Sums = std::map<std::string, int64_t>;
Sums WithoutNothing(Sums sums) {
  std::erase_if(sums, [](const auto& sum) { return sum.second == 0; });
  return sums;
}

class Channel {
 public:
  explicit Channel(const TestKeys& keys)
      : inventory_(testing::FreshDatabase({&schema::events(), &schema::rpc()})),
        feed_(keys, *inventory_),
        world_(keys, feed_),
        treasurer_(keys.NewClient(world_.port(), api::v1::FINANCE, "", "treasurer")) {
    world_.CreateActive("months", Terms("shape: RETROACTIVE period: MONTH"));
    world_.CreateActive("nested", Terms("payout_period: MONTH"));
  }

  World& world() { return world_; }
  void Tell(const ShipmentLine& line) { feed_.Tell({line}); }
  void CloseAndIssue(int month) {
    const std::string period = StrCat("2025-0", month);
    EXPECT_OK(world_.Close("months", period));
    EXPECT_OK(world_.Close("nested", period));
    EXPECT_OK(world_.Issue(period));
  }
  // Somebody else than who issued them.
  void SettleIssued() {
    for (const v1::Statement& statement : world_.Statements(*treasurer_, "partners/-", "state = ISSUED")) {
      v1::SettleStatementRequest request;
      request.set_name(statement.name());
      *request.mutable_expires_on() = DateOf("2999-12-31");
      request.set_request_id(NewRequestId());
      EXPECT_OK(treasurer_->Call<v1::Statement>(StrCat(kStatements, "SettleStatement"), request)) << statement.name();
    }
  }

  // By "p1 programs/months 2025-03": the period of the scale.
  Sums Stated() {
    Sums sums;
    for (const v1::Statement& statement : world_.Statements(world_.finance())) {
      for (const v1::StatementEntry& entry : statement.entries()) {
        sums[StrCat(PartnerOf(statement.name()), " ", entry.program(), " ", entry.period())] += Cents(entry.amount());
      }
    }
    return WithoutNothing(std::move(sums));
  }
  // By "p1 COST"; what went into a wallet and what was taken back from it are one.
  Sums Ledger() {
    Sums sums;
    v1::ListLedgerEntriesRequest request;
    request.set_parent("partners/-");
    request.set_page_size(500);
    do {
      const auto page = world_.finance().Call<v1::ListLedgerEntriesResponse>(
          "tributary.incentive.v1.LedgerService/ListLedgerEntries", request);
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const v1::LedgerEntry& entry : page->ledger_entries()) {
        for (const v1::LedgerEntry::Leg& leg : entry.legs()) {
          const bool wallet = leg.account() == v1::LedgerEntry::PAID || leg.account() == v1::LedgerEntry::CLAWED_BACK;
          sums[StrCat(PartnerOf(entry.name()), " ",
                      wallet ? "WALLET" : v1::LedgerEntry::Account_Name(leg.account()))] += Cents(leg.amount());
        }
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    return WithoutNothing(std::move(sums));
  }
  int64_t Mismatches() {
    int64_t mismatches = -1;
    EXPECT_OK(world_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(mismatches, LedgerStore().Mismatches(sql));
      return absl::OkStatus();
    }));
    return mismatches;
  }

 private:
  const std::unique_ptr<mysql::Database> inventory_;
  ShipmentFeed feed_;
  World world_;
  const std::unique_ptr<rpc::Client> treasurer_;
};

TEST(SettlingTest, WhatComesInMeanwhileIsInSumWhatItIsInTurn) {
  const TestKeys keys;
  const Facts facts = HalfAYear();

  Channel in_turn(keys);
  for (const ShipmentLine& line : facts.sales) in_turn.Tell(line);
  for (const ShipmentLine& line : facts.undone) in_turn.Tell(line);
  in_turn.world().CatchUp();
  for (int month = 1; month <= 7; ++month) {
    in_turn.CloseAndIssue(month);
    in_turn.SettleIssued();
  }

  Channel meanwhile(keys);
  const size_t all = facts.sales.size() + facts.undone.size();
  std::atomic<size_t> told = 0;
  std::atomic<bool> closed = false;
  const auto tell = [&](const std::vector<ShipmentLine>& lines) {
    for (const ShipmentLine& line : lines) {
      meanwhile.Tell(line);
      ++told;
    }
  };
  std::thread sales([&] { tell(facts.sales); });
  std::thread undone([&] { tell(facts.undone); });
  std::thread settler([&] {
    while (!closed) {
      meanwhile.SettleIssued();
      absl::SleepFor(absl::Milliseconds(2));
    }
  });
  for (int month = 1; month <= 6; ++month) {
    EXPECT_TRUE(Eventually([&] { return told * 7 >= all * static_cast<size_t>(month); }));
    meanwhile.CloseAndIssue(month);
  }
  sales.join();
  undone.join();
  closed = true;
  settler.join();
  meanwhile.world().CatchUp();
  meanwhile.CloseAndIssue(7);  // states what has come since
  meanwhile.SettleIssued();
  EXPECT_EQ(meanwhile.world().Parked(), 0);

  const Sums stated = in_turn.Stated();
  EXPECT_GT(stated.size(), 20u);
  EXPECT_EQ(meanwhile.Stated(), stated);
  const Sums ledger = in_turn.Ledger();
  EXPECT_EQ(meanwhile.Ledger(), ledger);
  // All that was stated was settled: it cost that much, and is in the wallets.
  Sums want;
  for (const auto& [what, cents] : stated) {
    const std::string partner = what.substr(0, what.find(' '));
    want[partner + " COST"] -= cents;
    want[partner + " WALLET"] += cents;
  }
  EXPECT_EQ(ledger, want);
  EXPECT_EQ(in_turn.Mismatches(), 0);
  EXPECT_EQ(meanwhile.Mismatches(), 0);

  int true_ups = 0;
  std::vector<v1::Statement::State> states;
  for (const v1::Statement& statement : meanwhile.world().Statements(meanwhile.world().finance())) {
    states.push_back(statement.state());
    for (const v1::StatementEntry& entry : statement.entries()) {
      true_ups += entry.kind() == v1::StatementEntry::TRUE_UP ? 1 : 0;
    }
  }
  EXPECT_THAT(states, Each(v1::Statement::SETTLED));
  EXPECT_GT(true_ups, 0) << "nothing came in behind a close";
  for (const char* partner : {"partners/p1", "partners/p2", "partners/p3", "partners/p4"}) {
    ExpectVerified(meanwhile.world(), partner);
  }
}

}  // namespace
}  // namespace tributary::incentive
