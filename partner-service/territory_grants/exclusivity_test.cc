#include "partner-service/territory_grants/exclusivity.h"

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::HasSubstr;

const RegionTree& World() {
  static const auto* const tree = new RegionTree(
      RegionTree::FromParents({{"regions/cn", ""}, {"regions/cn-50", "regions/cn"}, {"regions/cn-51", "regions/cn"}}));
  return *tree;
}

TerritoryGrant Of(const char* partner, std::vector<std::string> regions) {
  return {.partner_id = partner,
          .id = "g",
          .regions = std::move(regions),
          .product_lines = {"productLines/drives"},
          .segments = {"edu"},
          .routes = {"online"},
          .exclusivity = Exclusivity::kExclusive,
          .effective = {Day("2026-01-01"), Day("2027-01-01")}};
}

TEST(ExclusivityTest, TwoExclusiveGrantsOverlapWhereEveryDimensionDoes) {
  const TerritoryGrant held = Of("p-1", {"regions/cn-50"});
  struct Case {
    const char* what;
    bool refused;
    void (*change)(TerritoryGrant&);
  };
  const Case cases[] = {
      {"the same", true, [](TerritoryGrant&) {}},
      {"a region above", true, [](TerritoryGrant& g) { g.regions = {"regions/cn"}; }},
      {"a region beside", false, [](TerritoryGrant& g) { g.regions = {"regions/cn-51"}; }},
      {"a region that is not known", false, [](TerritoryGrant& g) { g.regions = {"regions/x"}; }},
      {"every line", true, [](TerritoryGrant& g) { g.product_lines.clear(); }},
      {"another line", false, [](TerritoryGrant& g) { g.product_lines = {"productLines/pumps"}; }},
      {"every segment", true, [](TerritoryGrant& g) { g.segments.clear(); }},
      {"another segment", false, [](TerritoryGrant& g) { g.segments = {"gov"}; }},
      {"every route", true, [](TerritoryGrant& g) { g.routes.clear(); }},
      {"another route", false, [](TerritoryGrant& g) { g.routes = {"offline"}; }},
      {"the last day", true,
       [](TerritoryGrant& g) {
         g.effective = {Day("2026-12-31"), OpenEnd()};
       }},
      {"the day after", false,
       [](TerritoryGrant& g) {
         g.effective = {Day("2027-01-01"), OpenEnd()};
       }},
      {"the days before", false,
       [](TerritoryGrant& g) {
         g.effective = {Day("2025-01-01"), Day("2026-01-01")};
       }},
      {"not exclusive", false, [](TerritoryGrant& g) { g.exclusivity = Exclusivity::kNonExclusive; }},
      {"a helper", false, [](TerritoryGrant& g) { g.exclusivity = Exclusivity::kHelper; }},
      {"of the same partner", false, [](TerritoryGrant& g) { g.partner_id = "p-1"; }},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    TerritoryGrant grant = Of("p-2", {"regions/cn-50"});
    c.change(grant);
    const auto judge = [](const TerritoryGrant& one, const TerritoryGrant& other) {
      return ReasonOf(CheckExclusivity(one, Rivals(one, {other}), World()));
    };
    const Reason want = c.refused ? Reason::kValidityOverlap : Reason::kUnspecified;
    EXPECT_EQ(judge(grant, held), want);
    EXPECT_EQ(judge(held, grant), want);
  }
  TerritoryGrant revoked = held;
  revoked.state = GrantState::kRevoked;
  EXPECT_TRUE(Rivals(Of("p-2", {"regions/cn-50"}), {revoked}).empty());
}

TEST(ExclusivityTest, TheRefusalSaysWhatIsShared) {
  TerritoryGrant grant = Of("p-2", {"regions/cn"});
  grant.effective.start = Day("2026-07-01");
  const absl::Status refused = CheckExclusivity(grant, Rivals(grant, {Of("p-1", {"regions/cn-50"})}), World());
  EXPECT_THAT(std::string(refused.message()),
              HasSubstr("partners/p-1/territoryGrants/g, which is EXCLUSIVE too: regions/cn-50; productLines/drives; "
                        "edu; online; from 2026-07-01 until before 2027-01-01"));
}

}  // namespace
}  // namespace tributary::partner
