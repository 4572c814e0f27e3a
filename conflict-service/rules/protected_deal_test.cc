#include <functional>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "conflict-service/rules/rules.h"

namespace tributary::conflict {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Date DayOf(const char* text) { return *Date::Parse(text); }

const RegionTree& Provinces() {
  static const auto* const tree = new RegionTree(
      RegionTree::FromParents({{"regions/cn", ""}, {"regions/cn-50", "regions/cn"}, {"regions/cn-51", "regions/cn"}}));
  return *tree;
}

// Of the first partner, in what is the second's.
Sale Breach() {
  return {.name = "partners/p-1/sales/INV-9.1",
          .partner = "partners/p-1",
          .date = DayOf("2026-09-01"),
          .region = "regions/cn-50",
          .product_line = "productLines/pl-b",
          .customer = "臺灣水泥股份有限公司"};
}

Deal Protected() {
  Deal deal;
  deal.name = "partners/p-2/deals/d";
  deal.partner = "partners/p-2";
  deal.state = Deal::State::kWon;
  deal.customer_name = "台泥";
  deal.granted = {{NameSet::Of({"productLines/pl-b", "productLines/pl-c"}),
                   NameSet::Of({"regions/cn-50"}),
                   NameSet::Of({"RESELL"}),
                   {DayOf("2026-08-01"), DayOf("2026-10-30")}}};
  return deal;
}

TEST(ProtectedDealTest, Table) {
  struct Row {
    std::string what;
    std::function<void(Sale&, Deal&)> change;
    bool found;
  };
  const std::vector<Row> rows = {
      {"another partner's", [](Sale&, Deal&) {}, true},
      {"the holder's own",
       [](Sale& s, Deal&) {
         s.name = "partners/p-2/sales/INV-9.1";
         s.partner = "partners/p-2";
       },
       false},
      {"another customer", [](Sale& s, Deal&) { s.customer = "Fabrikam Labs Ltd."; }, false},
      {"nobody told to whom", [](Sale& s, Deal&) { s.customer = ""; }, false},
      {"nobody told where", [](Sale& s, Deal&) { s.region = ""; }, false},
      {"another region", [](Sale& s, Deal&) { s.region = "regions/cn-51"; }, false},
      {"told of the whole country alone", [](Sale& s, Deal&) { s.region = "regions/cn"; }, false},
      {"another line", [](Sale& s, Deal&) { s.product_line = "productLines/pl-a"; }, false},
      {"on the first day", [](Sale& s, Deal&) { s.date = DayOf("2026-08-01"); }, true},
      {"before it", [](Sale& s, Deal&) { s.date = DayOf("2026-07-31"); }, false},
      {"on the last day", [](Sale& s, Deal&) { s.date = DayOf("2026-10-29"); }, true},
      {"when it is over", [](Sale& s, Deal&) { s.date = DayOf("2026-10-30"); }, false},
      {"granted in part", [](Sale&, Deal& d) { d.state = Deal::State::kPartApproved; }, true},
      {"over since", [](Sale&, Deal& d) { d.state = Deal::State::kExpired; }, true},
      {"given up", [](Sale&, Deal& d) { d.state = Deal::State::kWithdrawn; }, false},
      {"lost", [](Sale&, Deal& d) { d.state = Deal::State::kLost; }, false},
      {"waitlisted", [](Sale&, Deal& d) { d.waitlisted.swap(d.granted); }, false},
      {"a return", [](Sale& s, Deal&) { s.is_return = true; }, false},
      {"a reversal", [](Sale& s, Deal&) { s.reverses = "partners/p-1/sales/INV-8.1"; }, false},
      {"taken back", [](Sale& s, Deal&) { s.reversed = true; }, false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    Sale sale = Breach();
    Deal deal = Protected();
    row.change(sale, deal);
    EXPECT_EQ(ProtectedDeal(sale, deal, Provinces()).has_value(), row.found);
  }
}

TEST(ProtectedDealTest, SaysWhatItSaw) {
  const auto found = ProtectedDeal(Breach(), Protected(), Provinces());
  ASSERT_TRUE(found);
  EXPECT_EQ(found->kind, FindingKind::kProtectedDeal);
  EXPECT_THAT(found->subjects, ElementsAre("partners/p-1/sales/INV-9.1", "partners/p-2/deals/d"));
  EXPECT_THAT(PartiesOf(*found), ElementsAre("partners/p-1", "partners/p-2"));
  EXPECT_EQ(*found->intersection, (ScopeBox{.regions = {"regions/cn-50"},
                                            .product_lines = {"productLines/pl-b"},
                                            .routes = {"RESELL"},
                                            .time = {DayOf("2026-09-01"), DayOf("2026-09-02")}}));
  EXPECT_EQ(found->occurred_on, DayOf("2026-09-01"));
  EXPECT_THAT(found->explanation, AllOf(HasSubstr("partners/p-1 sold on 2026-09-01 in regions/cn-50"),
                                        HasSubstr("'台泥'"), HasSubstr("until before 2026-10-30")));
}

}  // namespace
}  // namespace tributary::conflict
