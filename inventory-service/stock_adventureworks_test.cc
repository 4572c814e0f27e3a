// AdventureWorks' stock movements through the ledger, and forecasts of what its resellers were shipped.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "inventory-service/forecasting/estimate.h"
#include "inventory-service/forecasting/forecast.h"
#include "inventory-service/ledger/ledger_store.h"
#include "inventory-service/movements/movement_store.h"
#include "inventory-service/testing_adventureworks.h"
#include "inventory_schema.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {
namespace {

Decimal Units(const Record& record, const char* column) { return Decimal::Parse(record.at(column)).value(); }
Date Day(const std::string& text) { return Date::Parse(text).value(); }

// Golden vector: opening + movements = closing for 606 of 606 products, and 3,319 of the 30,433 movement rows go below
// zero. The rows are posted by the store of the ledger, as facts are: nothing is refused.
class StockOfAdventureWorksTest : public ::testing::Test {
 protected:
  StockOfAdventureWorksTest() : database_(mysql::Database::Open(server_.options()).value()) {
    EXPECT_OK(database_->ApplySchema(schema::inventory()));
  }
  absl::Status Do(const std::function<absl::Status(mysql::Transaction&)>& body) {
    return database_->Transact({}, [&](mysql::Transaction& sql) { return body(sql); });
  }
  void Post(absl::Span<const Posting> postings) {
    ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      RETURN_IF_ERROR(ledger_.AddToPositions(sql, PositionChanges(postings), kRecorded));
      std::vector<events::Stamp> stamps;
      for (size_t i = 0; i < postings.size(); ++i) {
        stamps.push_back({{.shard = 0, .seq = seq_ + static_cast<int64_t>(i) + 1}, kRecorded});
      }
      return ledger_.InsertPostings(sql, postings, stamps);
    }));
    seq_ += static_cast<int64_t>(postings.size());
  }
  // Units by product.
  std::map<std::string, Decimal> PositionsOn(std::optional<Date> date) {
    std::map<std::string, Decimal> units;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const auto positions, ledger_.ListPositions(sql, "aw", {}, {}, 1000, AsOf{.date = date}));
      for (const Position& position : positions) units[position.key.product] = position.In(Bucket::kOnHand);
      return absl::OkStatus();
    }));
    return units;
  }

  const absl::Time kRecorded = absl::FromUnixSeconds(1700000000);
  testing::DatabaseServer server_;
  std::unique_ptr<mysql::Database> database_;
  LedgerStore ledger_;
  MovementStore movements_;
  int64_t seq_ = 0;
};

TEST_F(StockOfAdventureWorksTest, OpeningAndMovementsAreClosing) {
  std::vector<Posting> postings;
  const auto move = [&](const Record& record, const char* date, std::string_view from, std::string_view to,
                        Decimal units) {
    if (units.zero() && from != kAdjustment) return;
    postings.push_back({.partner = "aw",
                        .product = record.at("ProductKey"),
                        .from = std::string(from),
                        .to = std::string(to),
                        .quantity = units,
                        .effective_date = Day(record.at(date)),
                        .cause = "tests/adventureworks"});
  };
  std::map<std::string, Decimal> opening;
  for (const Record& record : ReadAdventureWorks("inventory_opening.csv")) {
    opening[record.at("ProductKey")] = Units(record, "OpeningBalance");
    move(record, "OpeningDate", kAdjustment, kMainSite, Units(record, "OpeningBalance"));
  }
  const std::vector<Record> rows = ReadAdventureWorks("inventory_movements.csv");
  for (const Record& record : rows) {
    move(record, "MovementDate", kVendor, kMainSite, Units(record, "UnitsIn"));
    move(record, "MovementDate", kMainSite, kCustomer, Units(record, "UnitsOut"));
  }
  ASSERT_EQ(opening.size(), 606u);
  ASSERT_EQ(rows.size(), 30433u);
  for (size_t at = 0; at < postings.size(); at += 1000) {
    Post(absl::MakeConstSpan(postings).subspan(at, 1000));
  }

  // Closing, and every month's end as the ledger reads it as of that day.
  std::map<Date, std::map<std::string, Decimal>> month_ends;
  for (const Record& record : ReadAdventureWorks("inventory_month_end.csv")) {
    month_ends[Day(record.at("MovementDate"))][record.at("ProductKey")] = Units(record, "UnitsBalance");
  }
  ASSERT_EQ(month_ends.size(), 43u);
  EXPECT_EQ(PositionsOn(std::nullopt), month_ends.rbegin()->second);
  for (const auto& [date, units] : month_ends) {
    ASSERT_EQ(units.size(), 606u);
    EXPECT_EQ(PositionsOn(date), units) << date.ToString();
  }
  EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Balance balance, ledger_.ReadBalance(sql));
    EXPECT_TRUE(balance.balanced());
    EXPECT_EQ(balance.partner_units, Decimal::FromInt(258981));
    EXPECT_EQ(balance.vendor_units, Decimal::FromInt(270969));
    EXPECT_EQ(balance.customer_units, Decimal::FromInt(274776));
    EXPECT_EQ(balance.written_off, Decimal::FromInt(-262788));
    return absl::OkStatus();
  }));

  // Day by day, as the reports read them.
  std::map<SiteProduct, SiteBook> books;
  EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    std::vector<std::string_view> products;
    for (const auto& [product, units] : opening) products.push_back(product);
    ASSIGN_OR_RETURN(books, movements_.Books(sql, "aw", products, {}));
    return absl::OkStatus();
  }));
  ASSERT_EQ(books.size(), 606u);
  std::map<std::pair<std::string, Date>, Decimal> balances;
  Decimal layers;
  Decimal uncovered;
  for (const auto& [key, book] : books) {
    Decimal balance;
    for (const DayMovement& day : book.movements) {
      balance += day.in - day.out;
      balances[{key.product, day.date}] = balance;
    }
    const AgeLayers fifo = FifoLayers(book.movements);
    for (const AgeLayer& layer : fifo.layers) layers += layer.quantity;
    uncovered += fifo.uncovered;
  }
  int below_zero = 0;
  int differing = 0;
  for (const Record& record : rows) {
    const Decimal balance = balances[{record.at("ProductKey"), Day(record.at("MovementDate"))}];
    differing += balance != Units(record, "UnitsBalance");
    below_zero += balance.negative();
  }
  EXPECT_EQ(differing, 0);
  EXPECT_EQ(below_zero, 3319);
  EXPECT_EQ(layers - uncovered, Decimal::FromInt(258981));
}

// Units a month of one product.
using Months = std::vector<std::optional<Decimal>>;

// What a forecaster would have said who chose the method anew each month, from what came before it: no hindsight.
struct Errors {
  int forecasts = 0;
  Decimal naive;
  Decimal chosen;
  std::map<ForecastMethod, int> choices;

  void Add(const Months& months) {
    for (size_t i = kFewestPeriods; i < months.size(); ++i) {
      const auto past = absl::MakeConstSpan(months).subspan(0, i);
      const auto forecast = ForecastDemand(past);
      ASSERT_TRUE(forecast.has_value());
      naive += Abs(*months[i] - *ForecastBy(ForecastMethod::kNaive, past));
      chosen += Abs(*months[i] - forecast->mean);
      ++choices[forecast->method];
      ++forecasts;
    }
  }
  // "0.843"
  std::string Ratio() const { return Rounded(ToDouble(chosen) / ToDouble(naive), 3).ToString(); }
};

TEST(ForecastsOfAdventureWorksTest, TheChosenMethodAgainstTheNaiveOne) {
  std::map<std::string, std::map<int, Decimal>> shipped;
  for (const Record& record : ReadAdventureWorks("reseller_order_lines.csv")) {
    const Date day = Day(record.at("ShipDate"));
    shipped[record.at("ProductKey")][day.year() * 12 + day.month() - 1] += Units(record, "OrderQuantity");
  }
  ASSERT_EQ(shipped.size(), 334u);
  constexpr int kLastMonth = 2013 * 12 + 11;

  // With hindsight: one method for all of a product's months.
  Decimal naive;
  Decimal chosen;
  std::map<ForecastMethod, int> choices;
  Errors to_the_end;  // also the months after a product's last shipment, when nothing was asked for any more
  Errors while_sold;  // up to its last shipment
  for (const auto& [product, by_month] : shipped) {
    Months months;
    for (int month = by_month.begin()->first; month <= kLastMonth; ++month) {
      const auto found = by_month.find(month);
      months.push_back(found == by_month.end() ? Decimal() : found->second);
    }
    const auto forecast = ForecastDemand(months);
    ASSERT_TRUE(forecast.has_value()) << product;
    const BackTest& best = forecast->back_tests[static_cast<size_t>(forecast->method) - 1];
    EXPECT_LE(best.mean_absolute_error, forecast->back_tests[0].mean_absolute_error) << product;
    naive += forecast->back_tests[0].mean_absolute_error;
    chosen += best.mean_absolute_error;
    ++choices[forecast->method];
    to_the_end.Add(months);
    months.resize(by_month.rbegin()->first - by_month.begin()->first + 1);
    while_sold.Add(months);
  }
  EXPECT_EQ(choices[ForecastMethod::kNaive], 237);
  EXPECT_EQ(choices[ForecastMethod::kExponentialSmoothing], 34);
  EXPECT_EQ(choices[ForecastMethod::kSyntetosBoylan], 63);
  EXPECT_EQ(Rounded(ToDouble(chosen) / ToDouble(naive), 3).ToString(), "0.886");

  EXPECT_EQ(to_the_end.forecasts, 4014);
  EXPECT_EQ(to_the_end.naive, Decimal::FromInt(29344));
  EXPECT_EQ(to_the_end.Ratio(), "1.183");
  EXPECT_EQ(while_sold.forecasts, 1188);
  EXPECT_EQ(while_sold.naive, Decimal::FromInt(21016));
  EXPECT_EQ(while_sold.Ratio(), "0.843");
  for (const auto& [what, errors] :
       {std::pair("to the end of the data", &to_the_end), std::pair("while the product is sold", &while_sold)}) {
    std::printf("%s: %d forecasts, naive %d, smoothing %d, Syntetos-Boylan %d times; error %s of naive\n", what,
                errors->forecasts, errors->choices[ForecastMethod::kNaive],
                errors->choices[ForecastMethod::kExponentialSmoothing],
                errors->choices[ForecastMethod::kSyntetosBoylan], errors->Ratio().c_str());
  }
}

}  // namespace
}  // namespace tributary::inventory
