#include "inventory-service/sites/site_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "inventory_schema.h"
#include "tests/support/database_server.h"

namespace tributary::inventory {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(SiteStoreTest, SitesAreMadeOnceKeptAndChanged) {
  const auto database = testing::FreshDatabase({&schema::inventory()});
  const SiteStore store;
  const Site main{.partner = "acme", .id = "main", .uid = Uuid::New(kNow), .create_time = kNow, .update_time = kNow};
  Site again = main;
  again.uid = Uuid::New(kNow);
  again.display_name = "other";
  const auto run = [&](const std::function<absl::Status(mysql::Transaction&)>& body) {
    return database->Transact({}, [&](mysql::Transaction& sql) { return body(sql); });
  };
  ASSERT_OK(run([&](mysql::Transaction& sql) { return store.Ensure(sql, {main, main}); }));
  ASSERT_OK(run([&](mysql::Transaction& sql) { return store.Ensure(sql, {again}); }));
  EXPECT_THAT(run([&](mysql::Transaction& sql) { return store.Insert(sql, again); }),
              HasReason(Reason::kAlreadyExists));
  EXPECT_OK(run([&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Site site, store.GetForUpdate(sql, "acme", "main"));
    EXPECT_EQ(site.uid, main.uid);
    EXPECT_EQ(site.display_name, "");
    EXPECT_EQ(site.negative_stock, NegativeStock::kRefuse);
    EXPECT_FALSE(site.closed_on.has_value());
    Site wanted = site;
    wanted.negative_stock = NegativeStock::kBackOrder;
    wanted.closed_on = Date::FromDays(20000);
    RETURN_IF_ERROR(store.Update(sql, Change(site, wanted, kNow + absl::Seconds(1))));
    ASSIGN_OR_RETURN(const Site changed, store.Get(sql, "acme", "main"));
    EXPECT_EQ(changed.version, 2);
    EXPECT_EQ(changed.uid, main.uid);
    EXPECT_EQ(changed.negative_stock, NegativeStock::kBackOrder);
    EXPECT_TRUE(IsOpen(changed, Date::FromDays(19999)));
    EXPECT_FALSE(IsOpen(changed, Date::FromDays(20000)));
    EXPECT_THAT(store.Get(sql, "acme", "north"), HasReason(Reason::kNotFound));
    EXPECT_THAT(store.List(sql, "", "", "", {}, 10).value(), SizeIs(1));
    EXPECT_THAT(store.List(sql, "", "acme", "main", {}, 10).value(), IsEmpty());
    return absl::OkStatus();
  }));
}

}  // namespace
}  // namespace tributary::inventory
