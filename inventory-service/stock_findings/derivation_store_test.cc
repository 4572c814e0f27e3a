// Findings on a real database: whatever order facts come in, in pieces, twice or by several processes at a time, the
// same facts show the same findings.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "events_schema.h"
#include "inventory-service/sites/site_store.h"
#include "inventory-service/stock_findings/derivation.h"
#include "inventory_schema.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1780000000);
const Date kDay = Date::FromYmd(2026, 6, 1).value();

// A ledger of its own, whose postings are looked at range by range.
class Books {
 public:
  Books() : database_(testing::FreshDatabase({&schema::events(), &schema::inventory()})) {
    EXPECT_OK(Do([](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(LotStore().Insert(sql, {.product = "bike", .id = "L1", .expires_on = kDay.AddDays(15)}));
      return SiteStore().Insert(sql, {.partner = "acme", .id = "north", .closed_on = kDay.AddDays(12)});
    }));
  }

  absl::Status Do(const std::function<absl::Status(mysql::Transaction&)>& body) {
    return database_->Transact({}, [&](mysql::Transaction& sql) { return body(sql); });
  }
  // Records the postings, each at its place in the feed of its partner.
  void Record(const std::vector<Posting>& postings) {
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      std::vector<events::Stamp> stamps;
      for (const Posting& posting : postings) {
        stamps.push_back({{ShardOf(posting), ++heads_[ShardOf(posting)]}, kNow});
      }
      RETURN_IF_ERROR(LedgerStore().AddToPositions(sql, PositionChanges(postings), kNow));
      return LedgerStore().InsertPostings(sql, postings, stamps);
    }));
  }
  absl::Status Derive(const events::ShardRange& range, const ReferenceChanges& changes = {}) {
    return Do([&](mysql::Transaction& sql) {
      events::Outbox outbox;
      return FindingDerivation().Apply(sql, range, changes, kNow, outbox);
    });
  }
  // From where the last one ended.
  void DeriveNew() {
    for (int shard = 0; shard < events::kShards; ++shard) {
      if (heads_[shard] == derived_[shard]) continue;
      EXPECT_OK(Derive({shard, derived_[shard], heads_[shard]}));
      derived_[shard] = heads_[shard];
    }
  }
  int64_t head(int shard) const { return heads_[shard]; }
  static int ShardOf(const Posting& posting) { return events::ShardOf(posting.partner); }

  // The open findings, a line each.
  std::vector<std::string> Open() {
    std::vector<std::string> lines;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const SqlPredicate all, ParseFilter("", StockFindingStore::Fields()));
      ASSIGN_OR_RETURN(const auto findings, StockFindingStore().List(sql, "", false, "", "", all, 1000));
      for (const StockFinding& finding : findings) {
        std::string line = StrCat(finding.id, " ", NameOf(finding.conclusion.subject.rule), " ",
                                  Explain(finding.conclusion), " by ", finding.conclusion.facts);
        for (const std::string& name : finding.conclusion.evidence) StrAppend(&line, " ", name);
        lines.push_back(line);
      }
      return absl::OkStatus();
    }));
    return lines;
  }

 private:
  std::unique_ptr<mysql::Database> database_;
  std::vector<int64_t> heads_ = std::vector<int64_t>(events::kShards, 0);
  std::vector<int64_t> derived_ = std::vector<int64_t>(events::kShards, 0);
};

Posting Random(std::mt19937& random, int i) {
  static const std::pair<const char*, const char*> kWays[] = {
      {"@vendor", "main"}, {"@vendor", "main"},    {"main", "@customer"}, {"main", "@customer"},
      {"main", "north"},   {"north", "@customer"}, {"main", "main/demo"}, {"main/in_transit", "main"}};
  const auto& [from, to] = kWays[random() % std::size(kWays)];
  Posting posting{.partner = random() % 2 == 0 ? "acme" : "bolt",
                  .product = random() % 3 == 0 ? "pump" : "bike",
                  .lot = random() % 3 == 0 ? "L1" : "",
                  .from = from,
                  .to = to,
                  .quantity = Decimal::FromInt(static_cast<int64_t>(random() % 4) + 1),
                  .effective_date = kDay.AddDays(static_cast<int>(random() % 20))};
  posting.cause = StrCat("partners/", posting.partner, "/movements/M.", i + 1);
  if (random() % 3 == 0) {
    posting.quantity = Decimal::FromInt(1);
    posting.serials = {StrCat("S", random() % 4)};
  }
  return posting;
}

// What takes it back.
Posting ReversalOf(Posting posting) {
  posting.quantity = -posting.quantity;
  posting.cause += ".r1";
  return posting;
}

TEST(FindingDerivationStoreTest, TheOrderOfFactsLeavesNoTrace) {
  std::mt19937 random(20260601);
  for (int round = 0; round < 3; ++round) {
    std::vector<Posting> postings;
    for (int i = 0; i < 60; ++i) postings.push_back(Random(random, i));
    for (int i = 0; i < 10; ++i) postings.push_back(ReversalOf(postings[i * 5]));
    std::vector<std::string> expected;
    for (int order = 0; order < 4; ++order) {
      Books books;
      if (order == 1) std::reverse(postings.begin(), postings.end());
      if (order > 1) std::shuffle(postings.begin(), postings.end(), random);
      for (size_t at = 0; at < postings.size();) {
        const size_t size = order == 0 ? postings.size() : std::min<size_t>(random() % 9 + 1, postings.size() - at);
        books.Record({postings.begin() + at, postings.begin() + at + size});
        at += size;
        if (random() % 2 == 0) books.DeriveNew();
      }
      books.DeriveNew();
      if (order == 0) {
        expected = books.Open();
        EXPECT_GT(expected.size(), 3u) << "the facts should contradict each other";
      }
      EXPECT_EQ(books.Open(), expected) << "round " << round << ", order " << order;
    }
  }
}

TEST(FindingDerivationStoreTest, ProcessesAtTheSameTimeDeriveTheSame) {
  std::mt19937 random(20260602);
  std::vector<Posting> postings;
  for (int i = 0; i < 80; ++i) postings.push_back(Random(random, i));
  Books one;
  one.Record(postings);
  one.DeriveNew();

  Books many;
  many.Record(postings);
  // A range an event, as several processes may take them; ranges of one shard in their order.
  std::vector<std::thread> processes;
  for (const int shard : {events::ShardOf("acme"), events::ShardOf("bolt")}) {
    processes.emplace_back([&many, shard] {
      for (int64_t seq = 0; seq < many.head(shard); ++seq) EXPECT_OK(many.Derive({shard, seq, seq + 1}));
    });
  }
  for (std::thread& process : processes) process.join();
  EXPECT_EQ(many.Open(), one.Open());
  EXPECT_GT(one.Open().size(), 3u);
}

TEST(FindingDerivationStoreTest, AFactThatComesLaterExplainsIt) {
  Books books;
  const auto posting = [](const char* from, const char* to, int64_t quantity, int day, const char* cause) {
    return Posting{.partner = "acme",
                   .product = "bike",
                   .from = from,
                   .to = to,
                   .quantity = Decimal::FromInt(quantity),
                   .effective_date = kDay.AddDays(day),
                   .cause = cause};
  };
  books.Record({posting("main", "@customer", 5, 3, "partners/acme/sales/S.1")});
  books.DeriveNew();
  ASSERT_EQ(books.Open().size(), 1u);
  EXPECT_THAT(books.Open()[0], ::testing::HasSubstr("below zero in partners/acme/sites/main/on_hand on 2026-06-04 and "
                                                    "was at its lowest 5 units below by 1 partners/acme/sales/S.1"));
  // It came the day before.
  books.Record({posting("@vendor", "main", 5, 2, "partners/acme/shipments/A/lines/1")});
  books.DeriveNew();
  EXPECT_THAT(books.Open(), ::testing::IsEmpty());
}

TEST(FindingDerivationStoreTest, ALotsNewLastDayAndASitesClosingAreLookedAtAgain) {
  Books books;
  Posting sold{.partner = "acme",
               .product = "bike",
               .lot = "L1",
               .from = "north",
               .to = "@customer",
               .quantity = Decimal::FromInt(1),
               .effective_date = kDay.AddDays(10),
               .cause = "partners/acme/sales/S.1"};
  Posting came = sold;
  came.from = "@vendor";
  came.to = "north";
  came.cause = "partners/acme/shipments/A/lines/1";
  books.Record({came, sold});
  books.DeriveNew();
  EXPECT_THAT(books.Open(), ::testing::IsEmpty());
  EXPECT_OK(books.Do([](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(LotStore().Update(sql, {.product = "bike", .id = "L1", .expires_on = kDay.AddDays(9)}));
    return sql.Execute("UPDATE site SET closed_on = ? WHERE partner = 'acme'", {kDay.AddDays(8)}).status();
  }));
  EXPECT_OK(books.Derive({0, 0, 0}, {.lots = {{"bike", "L1"}}}));
  ASSERT_EQ(books.Open().size(), 2u);
  EXPECT_OK(books.Do([](mysql::Transaction& sql) {
    return LotStore().Update(sql, {.product = "bike", .id = "L1", .expires_on = std::nullopt});
  }));
  EXPECT_OK(books.Derive({0, 0, 0}, {.sites = {{"acme", "north"}}}));
  ASSERT_EQ(books.Open().size(), 1u);
  EXPECT_THAT(books.Open()[0], ::testing::HasSubstr("CLOSED_SITE"));
}

}  // namespace
}  // namespace tributary::inventory
