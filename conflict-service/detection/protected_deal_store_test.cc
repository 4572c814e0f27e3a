// PROTECTED_DEAL on a real database: open findings are a function of partners' sales, registrations and regions, in
// whatever order and company they come.

#include "conflict-service/detection/testing_promises.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ProtectedDealStoreTest : public PromisesTest {
 protected:
  static Sale Sold(const std::string& partner, const std::string& id, const std::string& region,
                   const std::string& customer) {
    return {.name = StrCat("partners/", partner, "/sales/", id),
            .partner = "partners/" + partner,
            .date = Day("2026-09-01"),
            .region = "regions/" + region,
            .product_line = "productLines/pl-b",
            .customer = customer};
  }
  using PromisesTest::Tell;
  void Tell(Sale sale) { Tell(FactBatch{.sales = {std::move(sale)}}); }
  // "partners/p-1/sales/S-1.1 partners/p-2/deals/d" for each open finding.
  std::vector<std::string> Open() {
    return PromisesTest::Open(FindingKind::kProtectedDeal,
                              [](const Conclusion& conclusion) { return StrJoin(conclusion.subjects, " "); });
  }
};

TEST_F(ProtectedDealStoreTest, AFindingLivesAsLongAsTheFactsShowIt) {
  const std::string found = "partners/p-1/sales/S-1.1 partners/p-2/deals/d";
  const Deal deal = Granted("p-2", "台泥", "cn-50");
  Tell(Sold("p-1", "S-1.1", "cn-50", "臺灣水泥股份有限公司"));
  Tell(Sold("p-1", "S-2.1", "cn-51", "臺灣水泥股份有限公司"));
  Tell(Sold("p-2", "S-3.1", "cn-50", "臺灣水泥股份有限公司"));
  Tell(Sold("p-3", "S-4.1", "cn-50", "Fabrikam"));
  Tell(Sold("p-3", "S-5.1", "cn-50", ""));
  Draft(deal);
  EXPECT_THAT(Open(), IsEmpty());
  Move(deal);
  EXPECT_THAT(Open(), ElementsAre(found));
  Move(In(Deal::State::kWithdrawn, deal));
  EXPECT_THAT(Open(), IsEmpty());
  for (const Deal::State state : {Deal::State::kWon, Deal::State::kExpired}) {
    Move(In(state, deal));
    EXPECT_THAT(Open(), ElementsAre(found)) << NameOf(state);
  }
  // Corrected: taken back, and stated again in the same place.
  Tell(Reversal(Sold("p-1", "S-1.1", "cn-50", "臺灣水泥股份有限公司")));
  EXPECT_THAT(Open(), IsEmpty());
  Tell(Sold("p-1", "S-1.1.1", "cn-50", "臺灣水泥"));
  EXPECT_THAT(Open(), ElementsAre("partners/p-1/sales/S-1.1.1 partners/p-2/deals/d"));
}

TEST_F(ProtectedDealStoreTest, ARegionThatMovesTakesItsSalesAlong) {
  const Deal deal = Granted("p-2", "Contoso Ltd.", "cn-50");
  Draft(deal);
  Move(deal);
  Tell(Sold("p-1", "S-1.1", "town", "CONTOSO"));
  EXPECT_THAT(Open(), IsEmpty());
  Tell(RegionFact{"regions/town", "regions/cn-50"});
  EXPECT_THAT(Open(), ElementsAre("partners/p-1/sales/S-1.1 partners/p-2/deals/d"));
  Tell(RegionFact{"regions/town", "regions/cn-51"});
  EXPECT_THAT(Open(), IsEmpty());
}

TEST_F(ProtectedDealStoreTest, EveryOrderGivesTheSameFindings) {
  const Deal of_short_name = Granted("p-2", "台泥", "cn-50"), elsewhere = Granted("p-3", "臺灣水泥", "us"),
             taken_back = Granted("p-4", "臺灣水泥", "cn-50");
  const auto sold = [](const char* partner, const char* id, const char* region = "cn-50") {
    return Sold(partner, id, region, "臺灣水泥股份有限公司");
  };
  const std::vector<std::vector<Step>> lanes = {
      {[&] {
         Tell(RegionFact{"regions/x", "regions/cn-50"});
       },
       [&] {
         Tell(RegionFact{"regions/x", "regions/cn-51"});
       }},
      {[&] { Tell(sold("p-1", "S-1.1")); }},
      {[&] { Tell(sold("p-1", "S-2.1", "x")); }},
      {[&] { Tell(sold("p-1", "S-3.1")); }},
      {[&] { Tell(Reversal(sold("p-1", "S-3.1"))); }},
      {[&] { Tell(sold("p-2", "S-1.1")); }},
      {[&] { Draft(of_short_name), Move(of_short_name); }, [&] { Move(In(Deal::State::kWon, of_short_name)); }},
      {[&] { Draft(elsewhere), Move(elsewhere); }},
      {[&] { Draft(taken_back), Move(taken_back); }, [&] { Move(In(Deal::State::kLost, taken_back)); }},
  };
  InRandomOrders(lanes, 60, [&] { ASSERT_THAT(Open(), ElementsAre("partners/p-1/sales/S-1.1 partners/p-2/deals/d")); });
}

}  // namespace
}  // namespace tributary::conflict
