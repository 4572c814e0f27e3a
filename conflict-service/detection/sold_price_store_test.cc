// BELOW_PRICE of reported sales on a real database: open findings are a function of sales, price rules and regions, in
// whatever order these come.

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "conflict-service/detection/price_detector.h"
#include "conflict-service/detection/testing_moment.h"
#include "conflict-service/facts/sold_store.h"
#include "conflict-service/findings/finding_store.h"
#include "conflict-service/prices/price_rule_store.h"
#include "conflict_schema.h"
#include "events_schema.h"
#include "tests/support/database_server.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Decimal Amount(const char* text) { return *Decimal::Parse(text); }

class SoldPriceTest : public ::testing::Test {
 protected:
  SoldPriceTest() {
    rule_.name = "priceRules/bike";
    rule_.uid = Uuid::New(kNow);
    rule_.create_time = rule_.update_time = kNow;
    rule_.product = "products/bike";
    rule_.regions = {"regions/cn"};
    rule_.currency = "CNY";
    rule_.floor = Amount("80");
    rule_.days = {Day("2026-01-01"), Day("2027-01-01")};
    rule_.exceptions = {{"618", {Day("2026-06-18"), Day("2026-06-21")}, Amount("70")}};
  }

  void Do(absl::FunctionRef<absl::Status(mysql::Transaction&, events::Outbox&)> step) {
    ASSERT_OK(database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      events::Outbox outbox;
      RETURN_IF_ERROR(step(sql, outbox));
      return outbox.Write(sql);
    }));
  }
  void Tell(const FactBatch& facts) {
    Do([&](mysql::Transaction& sql, events::Outbox& outbox) -> absl::Status {
      RETURN_IF_ERROR(detector_.Apply(sql, facts, kNow, outbox));
      return ApplyToPrices(sql, facts, kNow, outbox);
    });
  }
  void Tell(const char* region, const char* parent) {
    Tell(FactBatch{.regions = {{StrCat("regions/", region), StrCat("regions/", parent)}}});
  }
  // Nothing paid: it is not told.
  static FactBatch Sold(const std::string& id, const char* units, const char* paid, const char* date = "2026-06-05",
                        const char* region = "regions/cn-44", const char* currency = "CNY") {
    FactBatch facts;
    Sale sale;
    sale.name = StrCat("partners/acme/sales/", id);
    sale.partner = "partners/acme";
    sale.date = Day(date);
    sale.region = region;
    SoldGoods goods;
    goods.sale = sale.name;
    goods.partner = sale.partner;
    goods.product = "products/bike";
    goods.date = sale.date;
    goods.quantity = Amount(units);
    if (paid != nullptr) goods.paid = Money{currency, Amount(paid)};
    sale.is_return = goods.quantity.negative();
    facts.sales.push_back(std::move(sale));
    facts.sold.push_back(std::move(goods));
    return facts;
  }
  static FactBatch Reversal(FactBatch facts) {
    facts.sales[0].reverses = facts.sales[0].name;
    facts.sales[0].name += ".r1";
    facts.sales[0].is_return = true;
    facts.sold[0].sale = facts.sales[0].name;
    facts.sold[0].quantity = -facts.sold[0].quantity;
    facts.sold[0].paid->amount = -facts.sold[0].paid->amount;
    return facts;
  }
  void MakeRule() {
    Do([&](mysql::Transaction& sql, events::Outbox& outbox) -> absl::Status {
      RETURN_IF_ERROR(LockPrices(sql));
      RETURN_IF_ERROR(PriceRuleStore().Create(sql, rule_));
      return JudgePricesOf(sql, rule_.product, kNow, outbox);
    });
  }
  void ChangeRule(const std::function<void(PriceRule&)>& change) {
    change(rule_);
    ++rule_.version;
    Do([&](mysql::Transaction& sql, events::Outbox& outbox) -> absl::Status {
      RETURN_IF_ERROR(LockPrices(sql));
      RETURN_IF_ERROR(PriceRuleStore().Add(sql, rule_));
      return JudgePricesOf(sql, rule_.product, kNow, outbox);
    });
  }
  std::vector<Finding> Findings() {
    std::vector<Finding> findings;
    Do([&](mysql::Transaction& sql, events::Outbox&) -> absl::Status {
      ASSIGN_OR_RETURN(const SqlPredicate of_kind, ParseFilter("kind = BELOW_PRICE", FindingStore::Fields()));
      ASSIGN_OR_RETURN(findings, FindingStore().List(sql, of_kind, false, "", 1000));
      return absl::OkStatus();
    });
    return findings;
  }
  // "I1 140 below" of each open finding: by id of the sale and basis points.
  std::vector<std::string> Open() {
    std::vector<std::string> open;
    for (const Finding& finding : Findings()) {
      open.push_back(StrCat(finding.conclusion.subjects[0].substr(20), " ",
                            finding.conclusion.price_depth->basis_points(), " below"));
    }
    std::sort(open.begin(), open.end());
    return open;
  }
  void Forget() {
    Do([&](mysql::Transaction& sql, events::Outbox&) -> absl::Status {
      for (const char* table :
           {"region", "region_ancestor", "sale", "sold_goods", "sold_price", "sold_return", "price_rule", "finding",
            "finding_subject", "finding_price", "conflict_case", "case_party", "case_party_words"}) {
        RETURN_IF_ERROR(sql.Execute(StrCat("DELETE FROM ", table)).status());
      }
      return absl::OkStatus();
    });
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::events(), &schema::conflict()});
  PriceRule rule_;
  DealStore deals_;
  GrantStore grants_;
  RegionStore regions_;
  SaleStore sales_;
  FindingStore findings_;
  CustomerIndex customers_;
  const Detector detector_{deals_, grants_, regions_, sales_, findings_, customers_};
};

TEST_F(SoldPriceTest, AFindingLivesAsLongAsTheFactsShowIt) {
  Tell("cn-44", "cn");
  MakeRule();
  Tell(Sold("at-floor", "3", "240"));
  Tell(Sold("below", "3", "100"));
  Tell(Sold("not-told", "3", nullptr));
  Tell(Sold("dollars", "3", "10", "2026-06-05", "regions/cn-44", "USD"));
  Tell(Sold("elsewhere", "3", "100", "2026-06-05", "regions/us"));
  Tell(Sold("nowhere", "3", "100", "2026-06-05", ""));
  Tell(Sold("before", "3", "100", "2025-12-31"));
  Tell(Sold("promoted", "3", "210", "2026-06-18"));
  Tell(Sold("returned", "-3", "-100"));
  Tell(Sold("credited", "3", "-100"));
  EXPECT_THAT(Open(), ElementsAre("below 5833 below"));
  const Finding found = Findings().at(0);
  EXPECT_THAT(found.conclusion.subjects, ElementsAre("partners/acme/sales/below", "priceRules/bike"));
  EXPECT_EQ(found.conclusion.price_depth->paid, Amount("100"));
  EXPECT_EQ(found.conclusion.price_depth->units, Amount("3"));
  EXPECT_EQ(found.conclusion.price_depth->least, Amount("80"));

  // The same line stated again at 81 CNY each is another sale.
  Tell(Reversal(Sold("below", "3", "100")));
  Tell(Sold("below.1", "3", "243"));
  EXPECT_THAT(Open(), IsEmpty());
  ChangeRule([](PriceRule& rule) { rule.floor = Amount("82"); });
  EXPECT_THAT(Open(), ElementsAre("at-floor 243 below", "below.1 121 below"));
  ChangeRule([](PriceRule& rule) { rule.exceptions.clear(); });
  EXPECT_THAT(Open(), ElementsAre("at-floor 243 below", "below.1 121 below", "promoted 1463 below"));
  ChangeRule([](PriceRule& rule) { rule.tax_included = true; });
  EXPECT_THAT(Open(), IsEmpty()) << "reports are without tax";
  ChangeRule([](PriceRule& rule) {
    rule.tax_included = false;
    rule.regions = {"regions/us"};
  });
  EXPECT_THAT(Open(), ElementsAre("elsewhere 5934 below"));
}

TEST_F(SoldPriceTest, EveryOrderGivesTheSameFindings) {
  using Step = std::function<void()>;
  const FactBatch taken_back = Sold("taken-back", "2", "20");
  std::vector<Step> steps = {[&] { Tell("cn-44", "cn"); },
                             [&] { MakeRule(); },
                             [&] { Tell(Sold("low", "2", "152")); },
                             [&] { Tell(Sold("low", "2", "152")); },
                             [&] { Tell(Sold("high", "2", "161")); },
                             [&] { Tell(Sold("promoted", "2", "138", "2026-06-20")); },
                             [&] { Tell(taken_back); },
                             [&] { Tell(Reversal(taken_back)); }};
  std::mt19937 random(20260605);
  for (int round = 0; round < 40; ++round) {
    SCOPED_TRACE(round);
    Forget();
    for (const Step& step : steps) step();
    ASSERT_THAT(Open(), ElementsAre("low 500 below", "promoted 142 below"));
    std::shuffle(steps.begin(), steps.end(), random);
  }
}

// The prices of a product are visited in pages.
TEST_F(SoldPriceTest, ARuleFindsAllThatWasSoldBefore) {
  constexpr int kSales = 2003;
  FactBatch facts;
  for (int i = 0; i < kSales; ++i) {
    const FactBatch one = Sold(StrCat("I", i), "1", i % 1000 == 1 ? "79" : "80");
    facts.sales.push_back(one.sales[0]);
    facts.sold.push_back(one.sold[0]);
  }
  Tell("cn-44", "cn");
  Tell(facts);
  MakeRule();
  EXPECT_THAT(Open(), ElementsAre("I1 125 below", "I1001 125 below", "I2001 125 below"));
}

}  // namespace
}  // namespace tributary::conflict
