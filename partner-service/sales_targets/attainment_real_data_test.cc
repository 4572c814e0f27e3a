// AdventureWorks' reseller lines by the feed, and a target for each of the 701 resellers and each quarter: what they
// reached equals the file's own totals, added up here by other means.

#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <string_view>
#include <utility>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "events_schema.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "partner-service/sales_facts/sales_consumer.h"
#include "partner-service/sales_targets/attainment.h"
#include "partner-service/sales_targets/sales_target_store.h"
#include "partner_schema.h"
#include "tests/real_data/real_data.h"
#include "tests/support/database_server.h"
#include "tributary/inventory/v1/shipment.pb.h"

namespace tributary::partner {
namespace {

using inventory::v1::ShipmentLine;

constexpr int kResellers = 701;

// One line of the file; it quotes nothing, so a comma always ends a field.
std::array<std::string_view, 21> FieldsOf(std::string_view row) {
  std::array<std::string_view, 21> field;
  for (std::string_view& one : field) {
    one = row.substr(0, row.find(','));
    row.remove_prefix(std::min(row.size(), one.size() + 1));
  }
  return field;
}

TEST(AttainmentRealDataTest, OfEachResellerAndQuarterIsTheFilesTotal) {
  testing::DatabaseServer server;
  const std::unique_ptr<mysql::Database> database = *mysql::Database::Open(server.options());
  ASSERT_OK(database->ApplySchema(schema::events()));
  ASSERT_OK(database->ApplySchema(schema::partner()));
  const auto transact = [&](auto body) { ASSERT_OK(database->Transact({}, body)); };

  std::ifstream file(testing_support::RealDataFolder() + "/adventureworks_dw/reseller_order_lines.csv");
  std::string row;
  ASSERT_TRUE(std::getline(file, row));
  // Ten-thousandths of a dollar and units, by reseller and quarter, without our decimals.
  std::map<std::pair<std::string, std::string>, std::pair<int64_t, int64_t>> want;
  std::vector<events::Event> batch;
  int64_t lines = 0;
  const auto apply = [&] {
    transact([&](mysql::Transaction& sql) {
      events::Outbox outbox;
      return ApplySales(sql, batch, outbox);
    });
    batch.clear();
  };
  while (std::getline(file, row)) {
    const auto field = FieldsOf(row);
    ShipmentLine line;
    line.set_name(StrCat("partners/aw-", field[5], "/shipments/", field[0], "/lines/", field[1]));
    *line.mutable_order_date() = wire::ToProto(*Date::Parse(field[2]));
    *line.mutable_ship_date() = wire::ToProto(*Date::Parse(field[4]));
    line.set_product(StrCat("products/aw-", field[6]));
    line.mutable_quantity()->set_value(std::string(field[11]));
    *line.mutable_net_amount() = wire::ToProto(Money{"USD", *Decimal::Parse(field[16])});
    batch.push_back({.verb = "recorded",
                     .name = line.name(),
                     .type = std::string(ShipmentLine::descriptor()->full_name()),
                     .payload = line.SerializeAsString()});
    const size_t point = std::min(field[16].find('.'), field[16].size());
    std::string decimals(field[16].substr(std::min(point + 1, field[16].size())));
    decimals.resize(4, '0');
    auto& [amount, units] =
        want[{StrCat("aw-", field[5]),
              StrCat(field[2].substr(0, 4), "Q", (std::stoi(std::string(field[2].substr(5, 2))) + 2) / 3)}];
    amount += std::stoll(StrCat(field[16].substr(0, point), decimals));
    units += std::stoll(std::string(field[11]));
    ++lines;
    if (batch.size() == 1000) apply();
  }
  apply();
  ASSERT_EQ(lines, 60855);

  const SalesFactStore facts;
  int64_t attained = 0, reached = 0, counted = 0;
  absl::int128 total = 0;
  const absl::Time start = absl::Now();
  for (int reseller = 1; reseller <= kResellers; ++reseller) {
    for (Date day = *Date::Parse("2010-10-01"); day < *Date::Parse("2014-01-01"); day = QuarterOf(day).end) {
      SalesTarget target{.partner_id = StrCat("aw-", reseller),
                         .id = "t",
                         .basis = TargetBasis::kOrder,
                         .period = QuarterId(day),
                         .days = QuarterOf(day),
                         .currency = "USD",
                         .figure = Decimal::FromInt(20000)};
      const auto it = want.find({target.partner_id, target.period});
      const int64_t amount = it == want.end() ? 0 : it->second.first;
      const int64_t units = it == want.end() ? 0 : it->second.second;
      transact([&](mysql::Transaction& sql) -> absl::Status {
        ASSIGN_OR_RETURN(const std::vector<SalesTotal> totals, facts.Totals(sql, QueryOf(target)));
        const Attainment money = Evaluate(target, totals, *Date::Parse("2014-01-01"));
        EXPECT_EQ(money.reached.micros(), absl::int128(amount) * 100) << target.partner_id << " " << target.period;
        EXPECT_EQ(money.outcome, amount >= 200000000 ? TargetOutcome::kMet : TargetOutcome::kMissed);
        total += money.reached.micros();
        counted += money.facts;
        reached += money.outcome == TargetOutcome::kMet;
        target.currency.clear();
        EXPECT_EQ(Evaluate(target, totals, day).reached, Decimal::FromInt(units));
        return absl::OkStatus();
      });
      ++attained;
    }
  }
  std::printf("%lld attainments, %lld of them met, %.2f ms each\n", static_cast<long long>(attained),
              static_cast<long long>(reached), absl::ToDoubleMilliseconds(absl::Now() - start) / attained);
  EXPECT_EQ(attained, kResellers * 13);
  EXPECT_EQ(counted, 60855);
  EXPECT_EQ(Decimal::FromMicros(total).ToString(), "80450596.9823");
  EXPECT_EQ(want.size(), 3742u);
}

}  // namespace
}  // namespace tributary::partner
