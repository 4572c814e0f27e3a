// The main job on Microsoft's AdventureWorks DW sample, as a user runs it, and the same lines in other orders.

#include <algorithm>
#include <cstdio>
#include <random>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "tests/real_data/real_data.h"
#include "tests/support/channel.h"
#include "tests/support/imports.h"

namespace tributary::testing {
namespace {

using nlohmann::json;

std::string Data() { return testing_support::RealDataFolder() + "/adventureworks_dw"; }

constexpr int64_t kLines = 60855;
constexpr int64_t kStatements = 3742;
constexpr char kNet[] = "80450596.9823";
constexpr char kMarginal[] = "1328342.98";
constexpr char kRetroactive[] = "1935042.98";
const ChannelFigures kFigures = {
    .lines = kLines, .units = "214378", .net = kNet, .accruals = kStatements, .accrued = kMarginal, .balanced = true};

// The vendor itself sold nothing in what has become exclusive.
json Findings(int each) {
  return {{"EXCLUSIVE_OVERLAP", each}, {"DUPLICATE_DEAL", each}, {"OUT_OF_TERRITORY", each}, {"DIRECT_VS_PARTNER", 0}};
}

TEST(MainJobTest, ReachesTheKnownTotals) {
  TestSuite suite;
  const Outcome demo = suite.Dev({"demo", "--data", Data()}, absl::Minutes(15));
  ASSERT_EQ(demo.code, 0) << demo.ToString();
  const json s = json::parse(ReadTestFile(suite.var() + "/demo/summary.json"));
  std::printf("seconds: %s\n", s["seconds"].dump().c_str());
  EXPECT_EQ(s["partners_active"], 701);
  EXPECT_EQ(s["sell_in_lines"], kLines);
  EXPECT_EQ(s["sell_in_units"], 214378);
  EXPECT_EQ(s["sell_in_net_amount"], kNet);
  EXPECT_EQ(s["direct_lines"], 60398);
  EXPECT_EQ(s["statements"], kStatements);
  EXPECT_EQ(s["verified_statements"], kStatements);
  EXPECT_EQ(s["rebate_total_marginal"], kMarginal);
  EXPECT_EQ(s["rebate_total_retroactive"], kRetroactive);
  EXPECT_EQ(s["conflicts_found_before"], Findings(0));
  EXPECT_EQ(s["conflicts_found"], Findings(1));
  EXPECT_EQ(s["ledger_balanced"], true);
  EXPECT_EQ(ReadFigures(suite), kFigures);
  // The rebates once more, from the file alone.
  const SellInTotals totals = ComputeSellIn(
      LinesOf(Data() + "/reseller_order_lines.csv"),
      {.partner = "ResellerKey", .order_date = "OrderDate", .quantity = "OrderQuantity", .net = "SalesAmount"});
  EXPECT_EQ(FiguresOf(totals), kFigures);
  EXPECT_EQ(totals.rebate_retroactive, kRetroactive);
  // Two resellers of one name are two partners.
  const json partners = suite.CtlJson({"list", "partners", "--limit", "0"});
  std::map<std::string, int> names;
  for (const json& partner : partners) ++names[partner["legalName"].get<std::string>()];
  EXPECT_EQ(partners.size(), 701u);
  EXPECT_EQ(std::count_if(names.begin(), names.end(), [](const auto& one) { return one.second == 2; }), 2);

  // Exchange rates: 14,264 rows, less those of DEM, FRF, VEB and of the dollar itself.
  for (const char* rates : {"average", "end_of_day"}) {
    const ImportOutcome loaded =
        Import(suite, std::string("adventureworks_dw/exchange_rates_") + rates, Data() + "/currency_rate.csv");
    EXPECT_EQ(loaded.accepted, 11580) << loaded.command.ToString();
    EXPECT_EQ(loaded.rejected, 0);
  }
  const json rate = suite.CtlJson({"get", "exchangeRates/end-of-day.GBP.USD.2013-09-23"});
  EXPECT_EQ(rate["sourceText"], "1.52625152625153");
  EXPECT_EQ(rate["rate"]["value"], "1.526251526252");
}

// What the reseller 85 reached in 2013, by order date: 145 lines of its own in the file.
constexpr char kTarget[] = "partners/aw-85/targets/y2013";
constexpr char kReached[] = "436921.6551";

void SetTarget(TestSuite& suite) {
  suite.CtlJson({"call", "tributary.partner.v1.FiscalCalendarService/CreateFiscalCalendar",
                 R"({"fiscalCalendarId": "years", "fiscalCalendar": {"displayName": "Years", "timeZone": "UTC"},
                     "layout": {"pattern": "CALENDAR_MONTHS", "firstDay": {"year": 2010, "month": 1, "day": 1},
                                "firstYear": 2010, "years": 4}})"});
  suite.CtlJson({"call", "tributary.partner.v1.SalesTargetService/CreateSalesTarget",
                 R"({"parent": "partners/aw-85", "targetId": "y2013",
                     "target": {"basis": "ORDER", "fiscalCalendar": "fiscalCalendars/years", "period": "2013",
                                "amount": {"currencyCode": "USD", "units": "400000"}}})"});
}

std::string Reached(TestSuite& suite) {
  WaitForFeed(suite, "partner", "inventory");
  const json attained = suite.CtlJson({"call", "tributary.partner.v1.SalesTargetService/GetAttainment",
                                       std::string(R"({"name": ")") + kTarget + R"("})"});
  const json amount = attained.value("amount", json::object());
  char text[64];
  std::snprintf(text, sizeof text, "%s.%04d", amount.value("units", "0").c_str(), amount.value("nanos", 0) / 100000);
  return text;
}

TEST(MainJobTest, ShuffledTwiceAndInAHundredPiecesGiveTheSameTotals) {
  constexpr char kMapping[] = "adventureworks_dw/reseller_order_lines";
  TestSuite suite;
  suite.Up();
  LoadChannelWithoutFacts(suite, "adventureworks_dw", Data());
  SetTarget(suite);
  std::vector<std::string> lines = LinesOf(Data() + "/reseller_order_lines.csv");
  ASSERT_EQ(static_cast<int64_t>(lines.size()) - 1, kLines);
  const std::string file = suite.var() + "/lines.csv";

  std::shuffle(lines.begin() + 1, lines.end(), std::mt19937(1));
  WriteLines(file, lines);
  const ImportOutcome shuffled = Import(suite, kMapping, file);
  EXPECT_EQ(shuffled.accepted, kLines) << shuffled.command.ToString();
  EXPECT_EQ(ReadFigures(suite), kFigures);
  EXPECT_EQ(Reached(suite), kReached);

  const ImportOutcome twice = Import(suite, kMapping, Data() + "/reseller_order_lines.csv");
  EXPECT_EQ(twice.duplicate, kLines) << twice.command.ToString();
  EXPECT_EQ(ReadFigures(suite), kFigures);
  EXPECT_EQ(Reached(suite), kReached);

  UndoImport(suite, "inventory", shuffled.name);
  EXPECT_EQ(ReadFigures(suite), ChannelFigures());
  EXPECT_EQ(Reached(suite), "0.0000");

  constexpr size_t kPieces = 100;
  std::shuffle(lines.begin() + 1, lines.end(), std::mt19937(2));
  int64_t accepted = 0;
  for (size_t piece = 0; piece < kPieces; ++piece) {
    std::vector<std::string> part = {lines[0]};
    for (size_t i = 1 + piece; i < lines.size(); i += kPieces) part.push_back(lines[i]);
    WriteLines(file, part);
    const ImportOutcome result = Import(suite, kMapping, file);
    ASSERT_EQ(result.command.code, 0) << result.command.ToString();
    accepted += result.accepted;
  }
  EXPECT_EQ(accepted, kLines);
  EXPECT_EQ(ReadFigures(suite), kFigures);
  EXPECT_EQ(Reached(suite), kReached);

  // Closed and stated: the same to the cent.
  const Outcome rest = suite.Ctl({"demo", "--dataset", "adventureworks_dw", "--data", Data(), "--stop-after", "verify"},
                                 absl::Minutes(10));
  ASSERT_EQ(rest.code, 0) << rest.ToString();
  int64_t cents = 0;
  const json statements = suite.CtlJson({"list", "partners/-/statements", "--limit", "0"});
  for (const json& statement : statements) {
    cents +=
        std::stoll(statement["total"].value("units", "0")) * 100 + statement["total"].value("nanos", 0) / 10'000'000;
  }
  EXPECT_EQ(static_cast<int64_t>(statements.size()), kStatements);
  EXPECT_EQ(cents, 132834298);
}

}  // namespace
}  // namespace tributary::testing
