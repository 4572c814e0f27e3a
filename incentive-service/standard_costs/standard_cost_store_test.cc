#include "incentive-service/standard_costs/standard_cost_store.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "incentive-service/standard_costs/testing_costs.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

class StandardCostStoreTest : public ::testing::Test {
 protected:
  absl::Status Apply(const std::vector<events::Event>& batch) {
    return database_->Transact({}, [&](mysql::Transaction& sql) { return store_.Apply(sql, batch); });
  }
  // "60 USD", or "none".
  std::string CostOn(const std::string& product, std::string_view day) {
    std::string text = "none";
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const StandardCosts costs, store_.Read(sql, {"products/" + product, "products/other"}));
      const Money* cost = costs.On("products/" + product, DayFrom(day));
      if (cost != nullptr) text = cost->amount.ToString() + " " + cost->currency;
      return absl::OkStatus();
    });
    return text;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
  StandardCostStore store_;
};

TEST_F(StandardCostStoreTest, ACostHoldsUntilTheNext) {
  EXPECT_OK(Apply({}));
  EXPECT_OK(Apply({ToldOf(ProductCosting("x", {{"2026-03-01", "65"}, {"2026-01-01", "60.5"}})),
                   ToldOf(ProductCosting("y", {})), ToldOf(ProductCosting("z", {{"2026-01-01", "7"}}, "CNY"))}));
  EXPECT_EQ(CostOn("x", "2025-12-31"), "none");
  EXPECT_EQ(CostOn("x", "2026-01-01"), "60.5 USD");
  EXPECT_EQ(CostOn("x", "2026-02-28"), "60.5 USD");
  EXPECT_EQ(CostOn("x", "2026-03-01"), "65 USD");
  EXPECT_EQ(CostOn("y", "2026-03-01"), "none");
  EXPECT_EQ(CostOn("z", "2027-03-01"), "7 CNY");
}

TEST_F(StandardCostStoreTest, AProductIsAsItWasToldLast) {
  EXPECT_OK(Apply({ToldOf(ProductCosting("x", {{"2026-01-01", "60"}, {"2026-03-01", "65"}})),
                   ToldOf(ProductCosting("y", {{"2026-01-01", "1"}}))}));
  EXPECT_OK(Apply(
      {ToldOf(ProductCosting("x", {{"2026-01-01", "61"}})), ToldOf(ProductCosting("x", {{"2026-02-01", "62"}}))}));
  EXPECT_EQ(CostOn("x", "2026-01-15"), "none");
  EXPECT_EQ(CostOn("x", "2026-03-01"), "62 USD");
  EXPECT_EQ(CostOn("y", "2026-03-01"), "1 USD");
  EXPECT_OK(Apply({ToldOf(ProductCosting("x", {}))}));
  EXPECT_EQ(CostOn("x", "2026-03-01"), "none");
}

TEST_F(StandardCostStoreTest, ManyProductsAreTakenAtOnce) {
  std::vector<events::Event> batch;
  std::set<std::string> names;
  for (int i = 0; i < 450; ++i) {
    batch.push_back(ToldOf(ProductCosting(std::to_string(i), {{"2026-01-01", std::to_string(i)}})));
    names.insert(batch.back().name);
  }
  for (int told = 0; told < 2; ++told) EXPECT_OK(Apply(batch));
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const StandardCosts costs, store_.Read(sql, names));
    for (int i = 0; i < 450; ++i) {
      const Money* cost = costs.On("products/" + std::to_string(i), DayFrom("2026-05-05"));
      EXPECT_TRUE(cost != nullptr && cost->amount == Decimal::FromInt(i)) << i;
    }
    return store_.Read(sql, {}).status();
  });
}

TEST_F(StandardCostStoreTest, OtherEventsArePassedOverAndBadOnesRefused) {
  events::Event other = ToldOf(ProductCosting("x", {{"2026-01-01", "60"}}));
  other.type = "tributary.inventory.v1.ProductLine";
  EXPECT_OK(Apply({other}));
  EXPECT_EQ(CostOn("x", "2026-03-01"), "none");
  events::Event torn = ToldOf(ProductCosting("x", {{"2026-01-01", "60"}}));
  torn.payload = "\xff\xff";
  EXPECT_THAT(Apply({torn}), HasReason(Reason::kMalformedRequest));
  inventory::v1::Product dateless = ProductCosting("x", {{"2026-01-01", "60"}});
  dateless.mutable_standard_costs(0)->mutable_effective_from()->set_month(13);
  EXPECT_THAT(Apply({ToldOf(dateless)}), HasReason(Reason::kInvalidField));
}

}  // namespace
}  // namespace tributary::incentive
