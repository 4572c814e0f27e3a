#include "partner-service/exchange_rates/exchange_rate_store.h"

#include <gmock/gmock.h>

#include "partner-service/testing_store.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ExchangeRateStoreTest : public StoreTest {
 protected:
  static ExchangeRate Of(const char* date, const char* rate = "7.123456789012345", const char* to = "CNY") {
    ExchangeRate out = *Stated({"average", "USD", to}, *Date::Parse(date), rate);
    out.revision = Revision::First(kNow);
    return out;
  }
  absl::Status Insert(const std::vector<ExchangeRate>& rates, std::string_view import_id = "i-1") {
    return Do([&](mysql::Transaction& sql) { return store_.Insert(sql, rates, import_id); });
  }
  absl::Status SetWithdrawn(const ExchangeRate& rate) {
    return Do([&](mysql::Transaction& sql) { return store_.SetState(sql, {*Withdraw(rate, kNow)}); });
  }
  std::string Latest(const char* day, const char* to = "CNY") {
    const auto found = Ask<std::optional<ExchangeRate>>([&](mysql::Transaction& sql) {
      return store_.LatestUntil(sql, {"average", "USD", to}, *Date::Parse(day));
    });
    EXPECT_OK(found);
    return found.ok() && found->has_value() ? (*found)->date.ToString() : "";
  }
  std::vector<std::string> Ids(const std::string& filter, bool show_withdrawn = false) {
    std::vector<std::string> ids;
    for (const ExchangeRate& rate : All<ExchangeRate>(
             ExchangeRateStore::Fields(), 2, filter,
             [&](mysql::Transaction&sql, const Page&page) { return store_.List(sql, page, show_withdrawn); },
             [](const ExchangeRate&last) { return std::vector{last.id()}; })) {
      ids.push_back(rate.id());
    }
    return ids;
  }
  ExchangeRateStore store_;
};

TEST_F(ExchangeRateStoreTest, IsReadAsItWasWritten) {
  const ExchangeRate rate = Of("2026-01-15");
  ASSERT_OK(Insert({rate}));
  ASSERT_OK_AND_ASSIGN(const ExchangeRate read,
                       Ask<ExchangeRate>([&](mysql::Transaction& sql) { return store_.Get(sql, rate.id()); }));
  EXPECT_EQ(read.revision, rate.revision);
  EXPECT_EQ(read.state, rate.state);
  EXPECT_EQ(read.pair, rate.pair);
  EXPECT_EQ(read.date, rate.date);
  EXPECT_EQ(read.rate, "7.123456789012");
  EXPECT_EQ(read.source_text, "7.123456789012345");
  EXPECT_THAT(Ask<ExchangeRate>([&](mysql::Transaction& sql) { return store_.Get(sql, "average.USD.CNY.2026-01-16"); }),
              HasReason(Reason::kNotFound));
}

TEST_F(ExchangeRateStoreTest, TheLatestUntilADayIsOfThePairAndHolds) {
  ASSERT_OK(Insert({Of("2026-01-10"), Of("2026-01-15"), Of("2026-01-20"), Of("2026-01-14", "150", "JPY")}));
  EXPECT_EQ(Latest("2026-01-09"), "");
  EXPECT_EQ(Latest("2026-01-10"), "2026-01-10");
  EXPECT_EQ(Latest("2026-01-14"), "2026-01-10");
  EXPECT_EQ(Latest("2026-12-31"), "2026-01-20");
  EXPECT_EQ(Latest("2026-12-31", "JPY"), "2026-01-14");
  ASSERT_OK(SetWithdrawn(Of("2026-01-20")));
  EXPECT_EQ(Latest("2026-12-31"), "2026-01-15");
}

TEST_F(ExchangeRateStoreTest, ListsInPagesAndByFilter) {
  ASSERT_OK(Insert({Of("2026-01-10"), Of("2026-01-15"), Of("2026-01-20"), Of("2026-01-14", "150", "JPY")}));
  ASSERT_OK(SetWithdrawn(Of("2026-01-15")));
  EXPECT_THAT(Ids(""),
              ElementsAre("average.USD.CNY.2026-01-10", "average.USD.CNY.2026-01-20", "average.USD.JPY.2026-01-14"));
  EXPECT_THAT(Ids("to_currency = JPY"), ElementsAre("average.USD.JPY.2026-01-14"));
  EXPECT_THAT(Ids("date >= 2026-01-15", true), ElementsAre("average.USD.CNY.2026-01-15", "average.USD.CNY.2026-01-20"));
  EXPECT_THAT(Ids("state = WITHDRAWN"), IsEmpty());
  EXPECT_THAT(Ids("state = WITHDRAWN", true), ElementsAre("average.USD.CNY.2026-01-15"));
}

TEST_F(ExchangeRateStoreTest, WhatAnImportBroughtIsFoundAndItsPlaceTakenAgain) {
  ASSERT_OK(Insert({Of("2026-01-10"), Of("2026-01-11"), Of("2026-01-12")}, "i-1"));
  ASSERT_OK(Insert({Of("2026-01-13")}, "i-2"));
  const auto brought = [&](std::string_view import_id, int limit) {
    return Ask<std::vector<ExchangeRate>>(
               [&](mysql::Transaction& sql) { return store_.BroughtBy(sql, import_id, limit); })
        ->size();
  };
  EXPECT_EQ(brought("i-1", 10), 3u);
  EXPECT_EQ(brought("i-1", 2), 2u);
  ASSERT_OK(SetWithdrawn(Of("2026-01-10")));
  EXPECT_EQ(brought("i-1", 10), 2u);
  ExchangeRate again = Of("2026-01-10", "6.5");
  again.revision.version = 3;
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Replace(sql, again, "i-2"); }));
  EXPECT_EQ(brought("i-2", 10), 2u);
  const auto known = Ask<absl::flat_hash_map<std::string, ExchangeRate>>([&](mysql::Transaction& sql) {
    return store_.GetForUpdate(sql, {again.id(), "average.USD.CNY.1999-01-01"});
  });
  ASSERT_OK(known);
  ASSERT_EQ(known->size(), 1u);
  EXPECT_EQ(known->at(again.id()).rate, "6.5");
  EXPECT_EQ(known->at(again.id()).state, ExchangeRateState::kActive);
}

}  // namespace
}  // namespace tributary::partner
