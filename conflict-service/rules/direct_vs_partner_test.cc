#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Date On(const char* text) { return *Date::Parse(text); }

const RegionTree& China() {
  static const auto* const tree = new RegionTree(RegionTree::FromParents(
      {{"regions/cn", ""}, {"regions/cn-50", "regions/cn"}, {"regions/cn-51", "regions/cn"}, {"regions/us", ""}}));
  return *tree;
}

Sale Sold() {
  return {.name = "directSales/W-1.1",
          .date = On("2026-08-25"),
          .region = "regions/cn-50",
          .product_line = "productLines/pl-b",
          .customer = "臺灣水泥股份有限公司"};
}

Grant Exclusive() {
  return {.name = "partners/p-1/territoryGrants/g",
          .partner = "partners/p-1",
          .exclusivity = Grant::Exclusivity::kExclusive,
          .scope = {.regions = {"regions/cn"}, .time = {On("2026-01-01"), OpenEnd()}}};
}

Deal Granted() {
  Deal deal;
  deal.name = "partners/p-2/deals/d";
  deal.partner = "partners/p-2";
  deal.state = Deal::State::kPartApproved;
  deal.customer_name = "台泥";
  deal.granted = {{NameSet::Of({"productLines/pl-c"}),
                   NameSet::Of({"regions/cn-53"}),
                   NameSet::Of({"RESELL"}),
                   {On("2026-08-01"), On("2026-10-30")}},
                  {NameSet::Of({"productLines/pl-b"}),
                   NameSet::Of({"regions/cn-50"}),
                   NameSet::Of({"RESELL"}),
                   {On("2026-08-01"), On("2026-10-30")}}};
  return deal;
}

TEST(DirectVsPartnerTest, Grants) {
  struct Row {
    std::string what;
    std::function<void(Sale&, Grant&)> change;
    bool found;
  };
  const std::vector<Row> rows = {
      {"in the territory", [](Sale&, Grant&) {}, true},
      {"elsewhere", [](Sale& s, Grant&) { s.region = "regions/us"; }, false},
      {"in a territory that is the region itself", [](Sale&, Grant& g) { g.scope.regions = {"regions/cn-50"}; }, true},
      {"told of the whole country alone",
       [](Sale& s, Grant& g) {
         s.region = "regions/cn";
         g.scope.regions = {"regions/cn-50"};
       },
       false},
      {"in a region that nobody told", [](Sale& s, Grant&) { s.region = ""; }, false},
      {"on the first day", [](Sale&, Grant& g) { g.scope.time.start = On("2026-08-25"); }, true},
      {"before it", [](Sale&, Grant& g) { g.scope.time.start = On("2026-08-26"); }, false},
      {"on the first day after", [](Sale&, Grant& g) { g.scope.time.end = On("2026-08-25"); }, false},
      {"of the line", [](Sale&, Grant& g) { g.scope.product_lines = {"productLines/pl-b"}; }, true},
      {"of another line", [](Sale&, Grant& g) { g.scope.product_lines = {"productLines/pl-a"}; }, false},
      {"no line, all granted", [](Sale& s, Grant&) { s.product_line = ""; }, true},
      {"no line, one granted",
       [](Sale& s, Grant& g) {
         s.product_line = "";
         g.scope.product_lines = {"productLines/pl-b"};
       },
       false},
      {"revoked", [](Sale&, Grant& g) { g.active = false; }, false},
      {"not exclusive", [](Sale&, Grant& g) { g.exclusivity = Grant::Exclusivity::kNonExclusive; }, false},
      {"a segment alone", [](Sale&, Grant& g) { g.scope.segments = {"RETAIL"}; }, false},
      {"a route alone", [](Sale&, Grant& g) { g.scope.routes = {"ONLINE"}; }, false},
      {"a return", [](Sale& s, Grant&) { s.is_return = true; }, false},
      {"a reversal", [](Sale& s, Grant&) { s.reverses = "directSales/W-1.1"; }, false},
      {"taken back", [](Sale& s, Grant&) { s.reversed = true; }, false},
      {"nobody told to whom", [](Sale& s, Grant&) { s.customer = ""; }, true},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    Sale sale = Sold();
    Grant grant = Exclusive();
    row.change(sale, grant);
    EXPECT_EQ(DirectVsPartner(sale, grant, China()).has_value(), row.found);
  }
  const auto found = DirectVsPartner(Sold(), Exclusive(), China());
  EXPECT_THAT(found->subjects, ElementsAre("directSales/W-1.1", "partners/p-1/territoryGrants/g"));
  EXPECT_EQ(*found->intersection, (ScopeBox{.regions = {"regions/cn-50"},
                                            .product_lines = {"productLines/pl-b"},
                                            .time = {On("2026-08-25"), On("2026-08-26")}}));
  EXPECT_THAT(PartiesOf(*found), ElementsAre("partners/p-1"));
  EXPECT_EQ(found->occurred_on, On("2026-08-25"));
  EXPECT_THAT(found->explanation, AllOf(HasSubstr("2026-08-25 in regions/cn-50, productLines/pl-b"),
                                        HasSubstr("is active and exclusive: regions/cn; every product line")));
}

TEST(DirectVsPartnerTest, Registrations) {
  struct Row {
    std::string what;
    std::function<void(Sale&, Deal&)> change;
    bool found;
  };
  const std::vector<Row> rows = {
      {"a granted part, of a short name", [](Sale&, Deal&) {}, true},
      {"another customer", [](Sale& s, Deal&) { s.customer = "Fabrikam Labs Ltd."; }, false},
      {"nobody told to whom", [](Sale& s, Deal&) { s.customer = ""; }, false},
      {"a code that is no name", [](Sale& s, Deal&) { s.customer = "c123"; }, false},
      {"another part's line", [](Sale& s, Deal&) { s.product_line = "productLines/pl-c"; }, false},
      {"another part's region", [](Sale& s, Deal&) { s.region = "regions/cn-53"; }, false},
      {"the other part",
       [](Sale& s, Deal&) {
         s.region = "regions/cn-53";
         s.product_line = "productLines/pl-c";
       },
       true},
      {"on the last day", [](Sale& s, Deal&) { s.date = On("2026-10-29"); }, true},
      {"when it is over", [](Sale& s, Deal&) { s.date = On("2026-10-30"); }, false},
      {"of a deal that is over since", [](Sale&, Deal& d) { d.state = Deal::State::kExpired; }, true},
      {"of a deal that was won", [](Sale&, Deal& d) { d.state = Deal::State::kWon; }, true},
      {"of a deal that was given up", [](Sale&, Deal& d) { d.state = Deal::State::kWithdrawn; }, false},
      {"of one that waits",
       [](Sale&, Deal& d) {
         d.state = Deal::State::kSubmitted;
         d.granted.clear();
       },
       false},
      {"waitlisted", [](Sale&, Deal& d) { d.waitlisted.swap(d.granted); }, false},
      {"every line but one",
       [](Sale&, Deal& d) {
         d.granted[1].product_lines = {true, {"productLines/pl-a"}};
       },
       true},
      {"every line but this",
       [](Sale&, Deal& d) {
         d.granted[1].product_lines = {true, {"productLines/pl-b"}};
       },
       false},
      {"no line, every one granted",
       [](Sale& s, Deal& d) {
         s.product_line = "";
         d.granted[1].product_lines = NameSet::All();
       },
       true},
      {"no line, some granted", [](Sale& s, Deal&) { s.product_line = ""; }, false},
      {"taken back", [](Sale& s, Deal&) { s.reversed = true; }, false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    Sale sale = Sold();
    Deal deal = Granted();
    row.change(sale, deal);
    EXPECT_EQ(DirectVsPartner(sale, deal, China()).has_value(), row.found);
  }
  const auto found = DirectVsPartner(Sold(), Granted(), China());
  EXPECT_THAT(found->subjects, ElementsAre("directSales/W-1.1", "partners/p-2/deals/d"));
  EXPECT_THAT(found->intersection->routes, ElementsAre("RESELL"));
  EXPECT_THAT(found->explanation, AllOf(HasSubstr("'台泥'"), HasSubstr("short"), HasSubstr("until before 2026-10-30")));
}

}  // namespace
}  // namespace tributary::conflict
