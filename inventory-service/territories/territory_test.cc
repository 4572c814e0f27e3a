#include "inventory-service/territories/territory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/time/testing_time.h"

namespace tributary::inventory {
namespace {

using ::testing::HasSubstr;

TerritoryGrant Grant(const char* id, std::vector<std::string> regions, const char* from = "2026-01-01",
                     const char* to = nullptr) {
  return {.partner = "p2",
          .id = id,
          .regions = std::move(regions),
          .effective = {Day(from), to == nullptr ? OpenEnd() : Day(to)}};
}

// In CN-51, which lies in CN.
const ShipTo kSite{.site = "main", .region = "cn-51", .lies_in = {"cn-51", "cn"}};

TEST(TerritoryTest, WhatAGrantAllows) {
  TerritoryGrant of_line = Grant("g", {"cn"});
  of_line.product_lines = {"pl-a", "pl-b"};
  TerritoryGrant of_route = Grant("g", {"cn"});
  of_route.routes = {"RESELL"};
  TerritoryGrant taken_back = Grant("g", {"cn"});
  taken_back.active = false;
  const struct {
    const char* what;
    TerritoryGrant grant;
    const char* product_line;
    const char* route;
    const char* date;
    bool allowed;
    const char* says;
  } kCases[] = {
      {"the region itself", Grant("g", {"cn-50", "cn-51"}), "pl-a", "", "2026-04-01", true,
       "covers regions/cn-51 then"},
      {"a region above it", Grant("g", {"cn"}), "pl-a", "", "2026-04-01", true, "covers regions/cn then"},
      {"another region", Grant("g", {"cn-50"}), "pl-a", "", "2026-04-01", false, "g covers regions/cn-50"},
      {"a region below it", Grant("g", {"cn-51-01"}), "pl-a", "", "2026-04-01", false, "covers regions/cn-51-01"},
      {"its first day", Grant("g", {"cn"}, "2026-04-01"), "", "", "2026-04-01", true, "no product line, on 2026-04-01"},
      {"the day before", Grant("g", {"cn"}, "2026-04-02"), "", "", "2026-04-01", false, "holds from 2026-04-02 on"},
      {"its last day", Grant("g", {"cn"}, "2026-01-01", "2026-04-02"), "", "", "2026-04-01", true, "covers"},
      {"the day after", Grant("g", {"cn"}, "2026-01-01", "2026-04-01"), "", "", "2026-04-01", false,
       "held until 2026-04-01"},
      {"its product line", of_line, "pl-b", "", "2026-04-01", true, "productLines/pl-b"},
      {"another product line", of_line, "pl-c", "", "2026-04-01", false, "is for productLines/pl-a, productLines/pl-b"},
      {"a product without a line", of_line, "", "", "2026-04-01", false, "is for productLines/pl-a"},
      {"its route", of_route, "pl-a", "RESELL", "2026-04-01", true, "route RESELL"},
      {"another route", of_route, "pl-a", "MARKETPLACE", "2026-04-01", false, "is for route RESELL"},
      {"no route told", of_route, "pl-a", "", "2026-04-01", true, "covers"},
      {"taken back", taken_back, "pl-a", "", "2026-04-01", false, "was taken back"},
  };
  for (const auto& c : kCases) {
    const std::vector<TerritoryGrant> grants = {c.grant};
    const TerritoryVerdict verdict = JudgeTerritory(grants, kSite, c.product_line, c.route, Day(c.date));
    EXPECT_EQ(verdict.allowed, c.allowed) << c.what;
    EXPECT_EQ(verdict.grant, c.allowed ? &grants[0] : nullptr) << c.what;
    EXPECT_THAT(verdict.why, HasSubstr(c.says)) << c.what;
    EXPECT_THAT(verdict.why, HasSubstr("regions/cn-51")) << c.what;
  }
}

TEST(TerritoryTest, TheFirstByIdThatAllowsItIsTold) {
  const std::vector<TerritoryGrant> grants = {Grant("c", {"cn"}), Grant("a", {"cn-50"}), Grant("b", {"cn-51"})};
  const TerritoryVerdict verdict = JudgeTerritory(grants, kSite, "pl-a", "", Day("2026-04-01"));
  ASSERT_TRUE(verdict.allowed);
  EXPECT_EQ(verdict.grant->name(), "partners/p2/territoryGrants/b");
}

TEST(TerritoryTest, EveryRefusalNamesWhatWasLookedAt) {
  EXPECT_EQ(JudgeTerritory({}, kSite, "pl-a", "", Day("2026-04-01")).why,
            "regions/cn-51, productLines/pl-a, on 2026-04-01: the partner has no grant");
  std::vector<TerritoryGrant> grants;
  for (const char* id : {"d", "a", "c", "b"}) grants.push_back(Grant(id, {"r1", "r2", "r3", "r4", "r5"}));
  EXPECT_EQ(JudgeTerritory(grants, kSite, "", "", Day("2026-04-01")).why,
            "regions/cn-51, no product line, on 2026-04-01: no grant covers it: "
            "partners/p2/territoryGrants/a covers regions/r1, regions/r2, regions/r3, 2 more; "
            "partners/p2/territoryGrants/b covers regions/r1, regions/r2, regions/r3, 2 more; "
            "partners/p2/territoryGrants/c covers regions/r1, regions/r2, regions/r3, 2 more; and 1 more");
}

}  // namespace
}  // namespace tributary::inventory
