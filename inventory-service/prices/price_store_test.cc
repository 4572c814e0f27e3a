// Price lists and entries on a real database.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "inventory-service/prices/price_entry_store.h"
#include "inventory-service/prices/price_list_store.h"
#include "inventory_schema.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const Uuid kImport = Uuid::Parse("018bcfe5-6800-7000-8000-000000000001").value();

Decimal N(const char* text) { return Decimal::Parse(text).value(); }

PriceEntry Entry(const std::string& list, const std::string& id, const std::string& product) {
  PriceEntry entry;
  entry.price_list = list;
  entry.id = id;
  entry.product = product;
  entry.price = {"CNY", N("800.123456")};
  entry.effective = {Day("2026-01-01"), OpenEnd()};
  return Admit<PriceEntry>(nullptr, entry, kNow);
}

class PriceStoreTest : public ::testing::Test {
 protected:
  PriceStoreTest() : database_(testing::FreshDatabase({&schema::inventory()})) {
    for (const char* id : {"retail", "trade"}) {
      const PriceList list{
          .id = id, .uid = Uuid::New(kNow), .create_time = kNow, .update_time = kNow, .display_name = id};
      EXPECT_OK(Do([&](mysql::Transaction& sql) { return lists_.Insert(sql, list); }));
    }
  }

  absl::Status Do(const std::function<absl::Status(mysql::Transaction&)>& body) {
    return database_->Transact({}, [&](mysql::Transaction& sql) { return body(sql); });
  }
  bool Insert(const std::vector<PriceEntry>& entries) {
    bool inserted = false;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(inserted, entries_.Insert(sql, entries));
      return absl::OkStatus();
    }));
    return inserted;
  }

  std::unique_ptr<mysql::Database> database_;
  PriceListStore lists_;
  PriceEntryStore entries_;
};

TEST_F(PriceStoreTest, KeepsAnEntry) {
  PriceEntry entry = Entry("trade", "1", "bike");
  entry.channel = "online";
  entry.tier = "gold";
  entry.segment = "schools";
  entry.edition = "pro";
  entry.min_quantity = N("10.5");
  entry.tax_inclusive = true;
  entry.basis = PricingBasis::kNet;
  entry.effective.end = Day("2027-01-01");
  entry.import_id = kImport;
  ASSERT_TRUE(Insert({entry}));
  EXPECT_FALSE(Insert({Entry("trade", "2", "bike"), entry})) << "none where one is there";
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(PriceEntry read, entries_.Get(sql, "trade", "1"));
    EXPECT_FALSE(FirstDifference(entry, read).has_value());
    EXPECT_EQ(read.uid, entry.uid);
    EXPECT_EQ(read.import_id, entry.import_id);
    EXPECT_THAT(entries_.Get(sql, "trade", "2"), HasReason(Reason::kNotFound));
    read = Deactivate(read, kNow + absl::Seconds(1));
    RETURN_IF_ERROR(entries_.Replace(sql, {&read, 1}));
    ASSIGN_OR_RETURN(const auto standing, entries_.OfImportForUpdate(sql, kImport, 10));
    EXPECT_THAT(standing, SizeIs(0));
    ASSIGN_OR_RETURN(const auto found, entries_.FindForUpdate(sql, {{"trade", "1"}, {"trade", "9"}, {"retail", "1"}}));
    EXPECT_THAT(found, SizeIs(1));
    EXPECT_EQ(found.begin()->second.state, LifeState::kInactive);
    EXPECT_EQ(found.begin()->second.version, 2);
    return absl::OkStatus();
  }));
}

TEST_F(PriceStoreTest, ReadsTheCandidatesOfAProduct) {
  ASSERT_TRUE(Insert({Entry("retail", "1", "bike"), Entry("retail", "2", "bell"), Entry("trade", "1", "bike"),
                      Entry("trade", "2", "bike")}));
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const PriceList trade, lists_.GetForUpdate(sql, "trade"));
    RETURN_IF_ERROR(lists_.Update(sql, Deactivate(trade, kNow)));
    ASSIGN_OR_RETURN(const auto in_use, lists_.InUse(sql, {"retail", "trade", "nothing"}));
    EXPECT_THAT(in_use, ElementsAre("retail"));
    const auto told = [](const std::vector<PriceCandidate>& candidates) {
      std::vector<std::string> names;
      for (const PriceCandidate& one : candidates) {
        names.push_back(StrCat(one.entry.price_list, "/", one.entry.id, one.list_in_use ? "" : " out"));
      }
      return names;
    };
    ASSIGN_OR_RETURN(const auto all, entries_.Candidates(sql, "bike", ""));
    EXPECT_THAT(told(all), UnorderedElementsAre("retail/1", "trade/1 out", "trade/2 out"));
    ASSIGN_OR_RETURN(const auto of_one, entries_.Candidates(sql, "bike", "retail"));
    EXPECT_THAT(told(of_one), ElementsAre("retail/1"));
    EXPECT_EQ(of_one[0].entry.price.amount, N("800.123456"));
    return absl::OkStatus();
  }));
}

TEST_F(PriceStoreTest, ListsByName) {
  ASSERT_TRUE(Insert({Entry("retail", "1", "bike"), Entry("trade", "1", "bike"), Entry("trade", "2", "bike")}));
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    const SqlPredicate all;
    ASSIGN_OR_RETURN(const auto first, entries_.List(sql, "", "", "", false, all, 2));
    EXPECT_THAT(first, SizeIs(2));
    ASSIGN_OR_RETURN(const auto rest, entries_.List(sql, "", "trade", "1", false, all, 2));
    EXPECT_THAT(rest, SizeIs(1));
    ASSIGN_OR_RETURN(const auto of_list, entries_.List(sql, "trade", "", "", false, all, 10));
    EXPECT_THAT(of_list, SizeIs(2));
    ASSIGN_OR_RETURN(const auto lists, lists_.List(sql, "retail", false, all, 10));
    EXPECT_THAT(lists, SizeIs(1));
    return absl::OkStatus();
  }));
}

}  // namespace
}  // namespace tributary::inventory
