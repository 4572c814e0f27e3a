// Regions and grants on a real database.

#include "inventory-service/territories/territory_store.h"

#include <string>
#include <vector>

#include "common/time/testing_time.h"
#include "common/wire/wire.h"
#include "inventory-service/partners/partner_directory.h"
#include "inventory-service/sites/site_store.h"
#include "inventory-service/testing_store.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/territory_grant.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class TerritoryStoreTest : public StoreTest {
 protected:
  void Region(const char* id, const char* parent, bool active = true) {
    EXPECT_OK(Do([&](mysql::Transaction& sql) { return store_.PutRegion(sql, id, parent, active); }));
  }
  ShipTo Where(const char* partner, const char* site) {
    return Read<ShipTo>([&](mysql::Transaction& sql) { return store_.ShipToOf(sql, partner, site); });
  }
  void AtHome(const char* partner, const char* region) {
    partner::v1::Partner told;
    told.set_name(StrCat("partners/", partner));
    if (*region != '\0') told.set_home_region(StrCat("regions/", region));
    const events::Event event{.recorded_at = kStart,
                              .name = told.name(),
                              .type = told.descriptor()->full_name(),
                              .payload = told.SerializeAsString()};
    EXPECT_OK(Do([&](mysql::Transaction& sql) { return ApplyPartnerEvents(sql, {&event, 1}); }));
  }

  TerritoryStore store_;
};

TEST_F(TerritoryStoreTest, AGrantIsReadAsItWasToldLast) {
  TerritoryGrant grant{.partner = "acme",
                       .id = "west",
                       .regions = {"cn-51", "cn-50"},
                       .product_lines = {"bikes"},
                       .routes = {"RESELL", "WEB"},
                       .effective = {Day("2026-01-01"), Day("2027-01-01")}};
  const auto put = [&] { EXPECT_OK(Do([&](mysql::Transaction& sql) { return store_.PutGrant(sql, grant); })); };
  const auto of = [&](const char* partner) {
    return Read<std::vector<TerritoryGrant>>([&](mysql::Transaction& sql) { return store_.GrantsOf(sql, partner); });
  };
  put();
  EXPECT_THAT(of("bolt"), IsEmpty());
  ASSERT_THAT(of("acme"), SizeIs(1));
  const TerritoryGrant read = of("acme")[0];
  EXPECT_EQ(read.name(), "partners/acme/territoryGrants/west");
  EXPECT_TRUE(read.active);
  EXPECT_THAT(read.regions, ElementsAre("cn-51", "cn-50"));
  EXPECT_THAT(read.product_lines, ElementsAre("bikes"));
  EXPECT_THAT(read.routes, ElementsAre("RESELL", "WEB"));
  EXPECT_EQ(read.effective, grant.effective);
  grant.active = false;
  grant.product_lines.clear();
  grant.routes.clear();
  grant.effective.end = OpenEnd();
  put();
  ASSERT_THAT(of("acme"), SizeIs(1));
  EXPECT_FALSE(of("acme")[0].active);
  EXPECT_THAT(of("acme")[0].product_lines, IsEmpty());
  EXPECT_THAT(of("acme")[0].routes, IsEmpty());
  EXPECT_EQ(of("acme")[0].effective.end, OpenEnd());
}

TEST_F(TerritoryStoreTest, ASiteLiesWhereItSaysElseWhereItsPartnerIsAtHome) {
  Region("cn", "");
  Region("cn-51", "cn");
  Region("chengdu", "cn-51");
  EXPECT_EQ(Where("acme", "main").region, "");  // nobody has told of the partner yet
  AtHome("acme", "");
  EXPECT_EQ(Where("acme", "main").region, "");
  EXPECT_THAT(Where("acme", "main").lies_in, IsEmpty());
  AtHome("acme", "chengdu");
  EXPECT_THAT(Where("acme", "main").lies_in, ElementsAre("chengdu", "cn-51", "cn"));
  EXPECT_EQ(Where("acme", "elsewhere").region, "chengdu");
  EXPECT_OK(Do([&](mysql::Transaction& sql) {
    return SiteStore().Insert(sql, {.partner = "acme", .id = "north", .region = "cn-11"});
  }));
  EXPECT_THAT(Where("acme", "north").lies_in, ElementsAre("cn-11"));  // which nobody has told of
  Region("cn-11", "cn");
  EXPECT_THAT(Where("acme", "north").lies_in, ElementsAre("cn-11", "cn"));
  // A region that was taken back lies nowhere.
  Region("cn-51", "cn", /*active=*/false);
  EXPECT_THAT(Where("acme", "main").lies_in, ElementsAre("chengdu", "cn-51"));
  // Bad data ends where it closes.
  Region("cn-51", "chengdu");
  EXPECT_THAT(Where("acme", "main").lies_in, ElementsAre("chengdu", "cn-51"));
}

TEST_F(TerritoryStoreTest, WhatTheFeedTellsIsRead) {
  partner::v1::TerritoryGrant told;
  told.set_name("partners/acme/territoryGrants/west");
  told.set_state(partner::v1::TerritoryGrant::ACTIVE);
  told.add_regions("regions/cn-51");
  told.add_product_lines("productLines/bikes");
  told.add_routes("RESELL");
  *told.mutable_effective_from() = wire::ToProto(Day("2026-01-01"));
  events::Event event{.recorded_at = kStart,
                      .name = told.name(),
                      .type = told.descriptor()->full_name(),
                      .payload = told.SerializeAsString()};
  EXPECT_OK(Do([&](mysql::Transaction& sql) { return ApplyPartnerEvents(sql, {&event, 1}); }));
  const auto grants =
      Read<std::vector<TerritoryGrant>>([&](mysql::Transaction& sql) { return store_.GrantsOf(sql, "acme"); });
  ASSERT_THAT(grants, SizeIs(1));
  EXPECT_THAT(grants[0].regions, ElementsAre("cn-51"));
  EXPECT_THAT(grants[0].product_lines, ElementsAre("bikes"));
  EXPECT_EQ(grants[0].effective, (DateRange{Day("2026-01-01"), OpenEnd()}));
  event.payload = "\xff";
  EXPECT_THAT(Do([&](mysql::Transaction& sql) {
                return ApplyPartnerEvents(sql, {&event, 1});
              }),
              HasReason(Reason::kMalformedRequest));
}

}  // namespace
}  // namespace tributary::inventory
