// Products with their costs and components, and units, on a real database.

#include "inventory-service/products/product_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "inventory-service/ledger/ledger_store.h"
#include "inventory-service/products/kit_store.h"
#include "inventory-service/supply/supply_store.h"
#include "inventory-service/units/unit_conversion_store.h"
#include "inventory_schema.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

Decimal N(const char* text) { return Decimal::Parse(text).value(); }
const DateRange kAlways = {Date::FromDays(0), OpenEnd()};

Product Named(const std::string& id, std::vector<Component> components = {}) {
  Product product;
  product.id = id;
  product.sku = "SKU-" + id;
  product.display_name = id;
  product.base_unit = "each";
  product.components = std::move(components);
  return Admit<Product>(nullptr, std::move(product), kNow);
}

class ProductStoreTest : public ::testing::Test {
 protected:
  ProductStoreTest() : database_(testing::FreshDatabase({&schema::inventory()})) {}

  absl::Status Do(const std::function<absl::Status(mysql::Transaction&)>& body) {
    return database_->Transact({}, [&](mysql::Transaction& sql) { return body(sql); });
  }
  void Insert(const std::vector<Product>& products) {
    ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const bool inserted, store_.Insert(sql, products));
      EXPECT_TRUE(inserted);
      return absl::OkStatus();
    }));
  }
  Product Get(const char* id) {
    Product product;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(product, store_.Get(sql, id));
      return absl::OkStatus();
    }));
    return product;
  }

  std::unique_ptr<mysql::Database> database_;
  ProductStore store_;
  KitStore kits_;
};

TEST_F(ProductStoreTest, KeepsAllThatAProductSays) {
  Product bike = Named("bike", {{"wheel", N("2.5"), {Day("2026-01-01"), Day("2026-02-01")}},
                                {"wheel", N("2"), {Day("2026-02-01"), OpenEnd()}}});
  bike.base_unit_step = N("0.5");
  bike.gtin = "4006381333931";
  bike.tracking = Tracking::kLot;
  bike.edition = "pro";
  bike.shelf_life_days = 90;
  bike.standard_costs = {{Day("2026-01-01"), {"CNY", N("500.123456")}}, {Day("2026-07-01"), {"USD", N("70")}}};
  Insert({bike, Named("wheel")});
  Product read = Get("bike");
  EXPECT_EQ(read.unit().step, N("0.5"));
  EXPECT_EQ(read.gtin, "4006381333931");
  EXPECT_EQ(read.tracking, Tracking::kLot);
  EXPECT_EQ(read.edition, "pro");
  EXPECT_EQ(read.shelf_life_days, 90);
  EXPECT_EQ(read.standard_costs, bike.standard_costs);
  EXPECT_EQ(read.components, bike.components);
  EXPECT_THAT(Get("wheel").standard_costs, IsEmpty());

  // What is replaced goes whole.
  read.standard_costs.pop_back();
  read.components = {{"bell", N("1"), kAlways}};
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Replace(sql, {&read, 1}); }));
  EXPECT_THAT(Get("bike").standard_costs, SizeIs(1));
  EXPECT_EQ(Get("bike").components, read.components);
  read.standard_costs.clear();
  read.components.clear();
  ASSERT_OK(Do([&](mysql::Transaction& sql) { return store_.Replace(sql, {&read, 1}); }));
  EXPECT_THAT(Get("bike").standard_costs, IsEmpty());
  EXPECT_THAT(Get("bike").components, IsEmpty());

  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const auto found, FindProducts(sql, {"bike", "nothing"}));
    EXPECT_THAT(found, SizeIs(1));
    EXPECT_EQ(found.at("bike").unit.name, "each");
    EXPECT_EQ(found.at("bike").unit.step, N("0.5"));
    EXPECT_EQ(found.at("bike").tracking, Tracking::kLot);
    return absl::OkStatus();
  }));
}

TEST_F(ProductStoreTest, ReadsKitsBelowAndAround) {
  Insert({Named("set", {{"bike", N("2"), kAlways}, {"bell", N("1"), kAlways}}),
          Named("bike", {{"wheel", N("2"), kAlways}, {"bell", N("1"), kAlways}}),
          Named("wheel", {{"spoke", N("36"), kAlways}}), Named("crate", {{"set", N("4"), kAlways}}), Named("bell"),
          Named("spoke"), Named("lamp")});
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Kits below, kits_.Below(sql, {"set"}));
    EXPECT_THAT(below, ElementsAre(Pair("bike", SizeIs(2)), Pair("set", SizeIs(2)), Pair("wheel", SizeIs(1))));
    ASSIGN_OR_RETURN(const Kits leaf, kits_.Below(sql, {"bell"}));
    EXPECT_THAT(leaf, IsEmpty());
    // Each once, though one lies in the other; none of what is above.
    ASSIGN_OR_RETURN(const Kits several, kits_.Below(sql, {"bell", "bike", "lamp", "set"}));
    EXPECT_THAT(several, ElementsAre(Pair("bike", SizeIs(2)), Pair("set", SizeIs(2)), Pair("wheel", SizeIs(1))));
    ASSIGN_OR_RETURN(const auto parts, kits_.PartsOn(sql, {"bell", "bike", "set"}, Date::FromDays(20000)));
    EXPECT_THAT(parts, ElementsAre(Pair("bike", ElementsAre(KitPart{"bell", N("1")}, KitPart{"spoke", N("72")})),
                                   Pair("set", ElementsAre(KitPart{"bell", N("3")}, KitPart{"spoke", N("144")}))));
    // As if bikes had a lamp alone: the ways up from them, and nothing of what they have now.
    ASSIGN_OR_RETURN(const Kits around, kits_.Around(sql, "bike", {{"lamp", N("1"), kAlways}}));
    EXPECT_THAT(around, ElementsAre(Pair("bike", SizeIs(1)), Pair("crate", SizeIs(1)), Pair("set", SizeIs(1))));
    EXPECT_OK(CheckLevels(around));
    // A crate in a spoke would hold itself.
    ASSIGN_OR_RETURN(const Kits circle, kits_.Around(sql, "spoke", {{"crate", N("1"), kAlways}}));
    EXPECT_THAT(CheckLevels(circle), HasReason(Reason::kInvalidField));
    return absl::OkStatus();
  }));
}

// Whoever changes a kit and whoever orders it lock it and its parts in one order: nobody ever has to begin again.
TEST_F(ProductStoreTest, KitsAreLockedByIdLikeWhatIsOrdered) {
  Insert({Named("set", {{"wheel", N("2"), kAlways}, {"bell", N("1"), kAlways}}), Named("bell"),
          Named("wheel", {{"axle", N("1"), kAlways}}), Named("axle")});
  constexpr int kRounds = 200;
  std::atomic<int> runs = 0;
  const auto repeat = [&](const std::function<absl::Status(mysql::Transaction&)>& lock) {
    for (int round = 0; round < kRounds; ++round) {
      EXPECT_OK(Do([&](mysql::Transaction& sql) {
        ++runs;
        return lock(sql);
      }));
    }
  };
  std::thread changes([&] { repeat([&](mysql::Transaction& sql) { return kits_.LockWithBelow(sql, {"set"}); }); });
  std::thread orders([&] {
    repeat([&](mysql::Transaction& sql) { return SupplyStore().Lock(sql, {"axle", "bell", "set", "wheel"}); });
  });
  changes.join();
  orders.join();
  EXPECT_EQ(runs, 2 * kRounds);
}

TEST_F(ProductStoreTest, KnowsWhetherStockWasPosted) {
  LedgerStore ledger;
  const auto posted = [&](const char* product) {
    bool has = false;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(has, ledger.HasPostings(sql, product));
      return absl::OkStatus();
    }));
    return has;
  };
  EXPECT_FALSE(posted("bike"));
  int64_t seq = 0;
  for (const char* partner : {"acme", "bolt", ""}) {
    const std::string product = *partner == '\0' ? "direct" : std::string("of-") + partner;
    Posting posting{.partner = partner,
                    .product = product,
                    .from = "vendor",
                    .to = "customer",
                    .quantity = N("1"),
                    .effective_date = Day("2026-01-01"),
                    .cause = "test"};
    const events::Stamp stamp{{3, ++seq}, kNow};
    ASSERT_OK(Do([&](mysql::Transaction& sql) { return ledger.InsertPostings(sql, {&posting, 1}, {&stamp, 1}); }));
    EXPECT_TRUE(posted(product.c_str()));
  }
  EXPECT_FALSE(posted("bike"));
}

TEST_F(ProductStoreTest, KnowsWhichKitsMoved) {
  const auto moved = [&](const char* product) {
    bool has = false;
    EXPECT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(has, kits_.EverMoved(sql, product));
      return absl::OkStatus();
    }));
    return has;
  };
  EXPECT_FALSE(moved("set"));
  const std::vector<std::set<std::string>> told = {{"set"}, {"crate", "set"}, {}};
  for (const std::set<std::string>& kits : told) {
    EXPECT_OK(Do([&](mysql::Transaction& sql) { return kits_.MarkMoved(sql, kits); }));
  }
  EXPECT_TRUE(moved("set"));
  EXPECT_TRUE(moved("crate"));
  EXPECT_FALSE(moved("bike"));
}

TEST_F(ProductStoreTest, KeepsUnits) {
  UnitConversionStore units;
  UnitConversion box{.product = "bike",
                     .id = "box",
                     .uid = Uuid::New(kNow),
                     .create_time = kNow,
                     .update_time = kNow,
                     .display_name = "箱",
                     .factor_num = 1000000000000,
                     .factor_den = 3,
                     .pack = true,
                     .gtin = "10614141000415"};
  UnitConversion other = box;
  other.product = "bell";
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(units.Insert(sql, box));
    return units.Insert(sql, other);
  }));
  EXPECT_THAT(Do([&](mysql::Transaction& sql) { return units.Insert(sql, box); }), HasReason(Reason::kAlreadyExists));
  box.factor_num = 12;
  box.factor_den = 1;
  box.version = 2;
  ASSERT_OK(Do([&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(units.Update(sql, box));
    ASSIGN_OR_RETURN(const UnitConversion read, units.GetForUpdate(sql, "bike", "box"));
    EXPECT_EQ(read.factor_num, 12);
    EXPECT_EQ(read.display_name, "箱");
    EXPECT_TRUE(read.pack);
    EXPECT_EQ(read.gtin, box.gtin);
    ASSIGN_OR_RETURN(const auto of, units.Of(sql, {"bell", "bike", "nothing"}));
    EXPECT_THAT(of, ElementsAre(Pair("bell", SizeIs(1)), Pair("bike", SizeIs(1))));
    EXPECT_EQ(of.at("bell")[0].factor_den, 3);
    return units.Delete(sql, read);
  }));
  EXPECT_THAT(Do([&](mysql::Transaction& sql) { return units.Get(sql, "bike", "box").status(); }),
              HasReason(Reason::kNotFound));
}

}  // namespace
}  // namespace tributary::inventory
