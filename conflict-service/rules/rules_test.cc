#include "conflict-service/rules/rules.h"

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"

namespace tributary::conflict {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const RegionTree& World() {
  static const auto* const tree = new RegionTree(RegionTree::FromParents(
      {{"regions/cn", ""}, {"regions/cn-50", "regions/cn"}, {"regions/cn-53", "regions/cn"}, {"regions/us", ""}}));
  return *tree;
}

Grant GrantOf(const std::string& partner, const std::string& id, std::vector<std::string> regions) {
  return {.name = "partners/" + partner + "/territoryGrants/" + id,
          .partner = "partners/" + partner,
          .exclusivity = Grant::Exclusivity::kExclusive,
          .scope = {.regions = std::move(regions), .time = {Day("2026-01-01"), OpenEnd()}}};
}

TEST(ExclusiveOverlapTest, Table) {
  const Grant a = GrantOf("p-1", "g-1", {"regions/cn"});
  struct Case {
    std::string what;
    std::function<void(Grant&)> change;
    bool found;
  };
  const std::vector<Case> cases = {
      {"the same region", [](Grant&) {}, true},
      {"a region in it", [](Grant& g) { g.scope.regions = {"regions/cn-50"}; }, true},
      {"another region", [](Grant& g) { g.scope.regions = {"regions/us"}; }, false},
      {"one of several",
       [](Grant& g) {
         g.scope.regions = {"regions/cn-53", "regions/us"};
       },
       true},
      {"revoked", [](Grant& g) { g.active = false; }, false},
      {"not exclusive", [](Grant& g) { g.exclusivity = Grant::Exclusivity::kNonExclusive; }, false},
      {"a helper", [](Grant& g) { g.exclusivity = Grant::Exclusivity::kHelper; }, false},
      {"the same partner", [](Grant& g) { g.partner = "partners/p-1"; }, false},
      {"one line of all", [](Grant& g) { g.scope.product_lines = {"productLines/bikes"}; }, true},
      {"one route of all", [](Grant& g) { g.scope.routes = {"OEM"}; }, true},
      {"another time",
       [](Grant& g) {
         g.scope.time = {Day("2025-01-01"), Day("2026-01-01")};
       },
       false},
      {"one day",
       [](Grant& g) {
         g.scope.time = {Day("2025-01-01"), Day("2026-01-02")};
       },
       true},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    Grant b = GrantOf("p-2", "g-2", {"regions/cn"});
    c.change(b);
    const auto found = ExclusiveOverlap(a, b, World());
    EXPECT_EQ(found.has_value(), c.found);
    EXPECT_EQ(found, ExclusiveOverlap(b, a, World()));
  }
  const auto found = ExclusiveOverlap(GrantOf("p-2", "g-2", {"regions/cn-50"}), a, World());
  EXPECT_THAT(found->subjects, ElementsAre(a.name, "partners/p-2/territoryGrants/g-2"));
  EXPECT_THAT(found->intersection->regions, ElementsAre("regions/cn-50"));
  EXPECT_THAT(found->explanation, AllOf(HasSubstr("share: regions/cn-50; every product line"), HasSubstr(a.name)));
}

TEST(AllowedOverlapTest, Table) {
  const Grant global = GrantOf("p-1", "global", {"regions/cn", "regions/us"});
  struct Case {
    std::string what;
    std::function<void(Grant&)> change;
    bool seen;
  };
  const std::vector<Case> cases = {
      {"helps in a region of it", [](Grant&) {}, true},
      {"helps everywhere",
       [](Grant& g) {
         g.scope.regions = {"regions/us", "regions/cn"};
       },
       true},
      {"exclusive itself", [](Grant& g) { g.exclusivity = Grant::Exclusivity::kExclusive; }, false},
      {"one of many", [](Grant& g) { g.exclusivity = Grant::Exclusivity::kNonExclusive; }, false},
      {"revoked", [](Grant& g) { g.active = false; }, false},
      {"of the same partner", [](Grant& g) { g.partner = "partners/p-1"; }, false},
      {"at another time",
       [](Grant& g) {
         g.scope.time = {Day("2025-01-01"), Day("2026-01-01")};
       },
       false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    Grant helper = GrantOf("p-2", "helper", {"regions/cn-50"});
    helper.exclusivity = Grant::Exclusivity::kHelper;
    c.change(helper);
    EXPECT_EQ(OverlapOfHelper(helper, global, World()).has_value(), c.seen);
    EXPECT_FALSE(OverlapOfHelper(global, helper, World()).has_value());
  }
  Grant helper = GrantOf("p-2", "helper", {"regions/cn-50"});
  helper.exclusivity = Grant::Exclusivity::kHelper;
  const auto seen = OverlapOfHelper(helper, global, World());
  ASSERT_TRUE(seen.has_value());
  EXPECT_EQ(seen->helper, helper.name);
  EXPECT_EQ(seen->exclusive, global.name);
  EXPECT_THAT(seen->shared.regions, ElementsAre("regions/cn-50"));
  EXPECT_THAT(seen->explanation,
              HasSubstr("partners/p-2 helps by partners/p-2/territoryGrants/helper (regions/cn-50; "));
  EXPECT_EQ(ExclusiveOverlap(helper, global, World()), std::nullopt);
}

Deal DealOf(const std::string& partner, const std::string& customer) {
  Deal deal;
  deal.name = "partners/" + partner + "/deals/d-1";
  deal.partner = "partners/" + partner;
  deal.state = Deal::State::kSubmitted;
  deal.customer_name = customer;
  deal.scope = {.regions = {"regions/cn-50"},
                .product_lines = {"productLines/a", "productLines/b"},
                .routes = {"RESELL"},
                .time = {Day("2026-07-08"), Day("2026-10-06")}};
  return deal;
}

TEST(DuplicateDealTest, Table) {
  const Deal a = DealOf("p-1", "Contoso Ltd.");
  struct Case {
    std::string what;
    std::function<void(Deal&)> change;
    bool found;
  };
  const std::vector<Case> cases = {
      {"another spelling", [](Deal&) {}, true},
      {"another company", [](Deal& d) { d.customer_name = "Fabrikam Labs Ltd."; }, false},
      {"a name that is alike", [](Deal& d) { d.customer_name = "Contoso Labs Ltd."; }, true},
      {"rejected", [](Deal& d) { d.state = Deal::State::kRejected; }, false},
      {"nothing granted", [](Deal& d) { d.state = Deal::State::kApproved; }, false},
      {"the same granted",
       [](Deal& d) {
         d.state = Deal::State::kApproved;
         d.granted = {{NameSet::All(),
                       NameSet::Of({"regions/cn-50"}),
                       NameSet::Of({"RESELL"}),
                       {Day("2026-08-01"), Day("2026-09-01")}}};
       },
       true},
      {"a draft", [](Deal& d) { d.state = Deal::State::kDraft; }, false},
      {"withdrawn", [](Deal& d) { d.state = Deal::State::kWithdrawn; }, false},
      {"the same partner", [](Deal& d) { d.partner = "partners/p-1"; }, false},
      {"the whole country", [](Deal& d) { d.scope.regions = {"regions/cn"}; }, true},
      {"another province", [](Deal& d) { d.scope.regions = {"regions/cn-53"}; }, false},
      {"one line shared",
       [](Deal& d) {
         d.scope.product_lines = {"productLines/b", "productLines/c"};
       },
       true},
      {"no line shared", [](Deal& d) { d.scope.product_lines = {"productLines/c"}; }, false},
      {"every line", [](Deal& d) { d.scope.product_lines = {}; }, true},
      {"another route", [](Deal& d) { d.scope.routes = {"OEM"}; }, false},
      {"every route", [](Deal& d) { d.scope.routes = {}; }, true},
      {"afterwards",
       [](Deal& d) {
         d.scope.time = {Day("2026-10-06"), Day("2026-12-01")};
       },
       false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    Deal b = DealOf("p-2", "CONTOSO, Limited");
    c.change(b);
    const auto found = DuplicateDeal(a, b, World());
    EXPECT_EQ(found.has_value(), c.found);
    EXPECT_EQ(found, DuplicateDeal(b, a, World()));
  }
  EXPECT_THAT(DuplicateDeal(a, DealOf("p-2", "CONTOSO, Limited"), World())->explanation,
              AllOf(HasSubstr("'Contoso Ltd.'"), HasSubstr("'CONTOSO, Limited'"), HasSubstr("compare as 'contoso'"),
                    HasSubstr("left out the legal form 'limited'"), HasSubstr("2026-07-08 until before 2026-10-06")));
  // What is decided on both shares nothing.
  Deal decided = a, both = DealOf("p-2", "CONTOSO");
  decided.state = both.state = Deal::State::kPartApproved;
  EXPECT_EQ(DuplicateDeal(decided, both, World()), std::nullopt);
  // But where both came to be known as one customer later.
  Deal held = DealOf("p-1", "Harbor Works"), other = DealOf("p-2", "Zenith Labs");
  held.state = other.state = Deal::State::kApproved;
  held.granted = other.granted = {{NameSet::All(),
                                   NameSet::Of({"regions/cn-50"}),
                                   NameSet::Of({"RESELL"}),
                                   {Day("2026-08-01"), Day("2026-09-01")}}};
  EXPECT_EQ(DuplicateDeal(held, other, World()), std::nullopt);
  held.customers = {"customers/a"};
  other.customers = {"customers/b"};
  EXPECT_EQ(DuplicateDeal(held, other, World()), std::nullopt);
  other.customers = {"customers/a", "customers/b"};
  const auto merged = DuplicateDeal(held, other, World());
  ASSERT_TRUE(merged.has_value());
  EXPECT_EQ(merged, DuplicateDeal(other, held, World()));
  EXPECT_THAT(merged->explanation, AllOf(HasSubstr("both are known as customers/a"), HasSubstr("both are decided")));
  Deal nameless = DealOf("p-2", "");
  nameless.customer_name = "";
  EXPECT_EQ(DuplicateDeal(DealOf("p-1", ""), nameless, World()), std::nullopt);
}

TEST(OutOfTerritoryTest, Table) {
  Grant grant = GrantOf("p-1", "g-1", {"regions/cn"});
  grant.exclusivity = Grant::Exclusivity::kNonExclusive;
  const Sale sale{.name = "partners/p-1/sales/S.1",
                  .partner = "partners/p-1",
                  .date = Day("2026-02-28"),
                  .region = "regions/cn-50",
                  .product_line = "productLines/a"};
  struct Case {
    std::string what;
    std::function<void(Sale&, Grant&)> change;
    bool found;
  };
  const std::vector<Case> cases = {
      {"covered", [](Sale&, Grant&) {}, false},
      {"elsewhere", [](Sale& s, Grant&) { s.region = "regions/us"; }, true},
      {"in a region that nobody told", [](Sale& s, Grant&) { s.region = ""; }, false},
      {"in a region never heard of", [](Sale& s, Grant&) { s.region = "regions/x"; }, true},
      {"before the grant", [](Sale& s, Grant&) { s.date = Day("2025-12-31"); }, true},
      {"on its first day", [](Sale& s, Grant&) { s.date = Day("2026-01-01"); }, false},
      {"on the first day after", [](Sale&, Grant& g) { g.scope.time.end = Day("2026-02-28"); }, true},
      {"the line granted", [](Sale&, Grant& g) { g.scope.product_lines = {"productLines/a"}; }, false},
      {"another line granted", [](Sale&, Grant& g) { g.scope.product_lines = {"productLines/b"}; }, true},
      {"no line, one granted",
       [](Sale& s, Grant& g) {
         s.product_line = "";
         g.scope.product_lines = {"productLines/b"};
       },
       true},
      {"no line, all granted", [](Sale& s, Grant&) { s.product_line = ""; }, false},
      {"revoked", [](Sale&, Grant& g) { g.active = false; }, true},
      {"another's grant", [](Sale&, Grant& g) { g.partner = "partners/p-2"; }, true},
      {"segments and routes do not matter",
       [](Sale&, Grant& g) {
         g.scope.segments = {"RETAIL"};
         g.scope.routes = {"OEM"};
       },
       false},
      {"a sale taken back",
       [](Sale& s, Grant& g) {
         g.active = false;
         s.reversed = true;
       },
       false},
      {"a reversal",
       [](Sale& s, Grant& g) {
         g.active = false;
         s.reverses = "partners/p-1/sales/S.2";
       },
       false},
      {"a return",
       [](Sale& s, Grant& g) {
         g.active = false;
         s.is_return = true;
       },
       false},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    Sale changed = sale;
    Grant against = grant;
    c.change(changed, against);
    EXPECT_EQ(OutOfTerritory(changed, {against}, World()).has_value(), c.found);
  }
}

TEST(OutOfTerritoryTest, AnyGrantWillDoAndTheOrderDoesNotMatter) {
  const Sale sale{.name = "s", .partner = "partners/p-1", .date = Day("2026-02-28"), .region = "regions/cn-50"};
  const Grant us = GrantOf("p-1", "g-us", {"regions/us"});
  const Grant late = [] {
    Grant grant = GrantOf("p-1", "g-late", {"regions/cn"});
    grant.scope.time.start = Day("2026-03-01");
    return grant;
  }();
  EXPECT_EQ(OutOfTerritory(sale, {us, GrantOf("p-1", "g", {"regions/cn"})}, World()), std::nullopt);
  const auto found = OutOfTerritory(sale, {us, late}, World());
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found, OutOfTerritory(sale, {late, us}, World()));
  EXPECT_THAT(found->explanation, HasSubstr("partners/p-1/territoryGrants/g-late holds from 2026-03-01 on; "
                                            "partners/p-1/territoryGrants/g-us covers regions/us."));
  EXPECT_EQ(found->occurred_on, sale.date);
  EXPECT_THAT(OutOfTerritory(sale, {}, World())->explanation, HasSubstr("partners/p-1 has no active grant."));
  std::vector<Grant> many;
  for (int i = 0; i < 9; ++i) many.push_back(GrantOf("p-1", StrCat("g-", i), {"regions/us"}));
  EXPECT_THAT(OutOfTerritory(sale, many, World())->explanation, HasSubstr("and 4 more."));
}

}  // namespace
}  // namespace tributary::conflict
