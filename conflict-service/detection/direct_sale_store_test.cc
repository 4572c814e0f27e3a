// DIRECT_VS_PARTNER on a real database: open findings are a function of direct sales, grants, registrations and
// regions, in whatever order and company they come.

#include "conflict-service/detection/testing_promises.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class DirectSaleStoreTest : public PromisesTest {
 protected:
  static Sale Sold(const std::string& id, const std::string& region, const std::string& customer = "") {
    return {.name = "directSales/" + id,
            .date = Day("2026-08-25"),
            .region = "regions/" + region,
            .product_line = "productLines/pl-b",
            .customer = customer};
  }
  using PromisesTest::Tell;
  void Tell(Sale sale) { Tell(FactBatch{.direct_sales = {std::move(sale)}}); }
  // "W-1 against p-1" for each open finding.
  std::vector<std::string> Open() {
    return PromisesTest::Open(FindingKind::kDirectVsPartner, [](const Conclusion& conclusion) {
      return StrCat(conclusion.subjects[0].substr(12), " against ", PartiesOf(conclusion)[0].substr(9));
    });
  }
};

TEST_F(DirectSaleStoreTest, AFindingLivesAsLongAsTheFactsShowIt) {
  Tell(Sold("W-1", "cn-50"));
  Tell(Exclusive("p-1", "cn"));
  EXPECT_THAT(Open(), IsEmpty()) << "nobody has said yet where cn-50 lies";
  Tell(RegionFact{"regions/cn-50", "regions/cn"});
  EXPECT_THAT(Open(), ElementsAre("W-1 against p-1"));
  Tell(Exclusive("p-1", "cn", /*active=*/false));
  EXPECT_THAT(Open(), IsEmpty());
  Tell(Exclusive("p-1", "cn"));
  EXPECT_THAT(Open(), ElementsAre("W-1 against p-1"));
  Tell(Reversal(Sold("W-1", "cn-50")));
  EXPECT_THAT(Open(), IsEmpty());

  const Deal deal = Granted("p-2", "Contoso Ltd.", "cn-50");
  Draft(deal);
  Tell(FactBatch{.direct_sales = {Sold("W-2", "us", "Contoso"), Sold("W-3", "cn-50", "CONTOSO Limited"),
                                  Sold("W-4", "cn-50", "Fabrikam")}});
  EXPECT_THAT(Open(), ElementsAre("W-3 against p-1", "W-4 against p-1"));
  Move(deal);
  EXPECT_THAT(Open(), ElementsAre("W-3 against p-1", "W-3 against p-2", "W-4 against p-1"));
  Move(In(Deal::State::kWithdrawn, deal));
  EXPECT_THAT(Open(), ElementsAre("W-3 against p-1", "W-4 against p-1"));
}

TEST_F(DirectSaleStoreTest, EveryOrderGivesTheSameFindings) {
  const Deal contoso = Granted("p-3", "Contoso Ltd.", "cn-50"), taken_back = Granted("p-4", "CONTOSO", "cn-50");
  const std::vector<std::vector<Step>> lanes = {
      {[&] {
        Tell(RegionFact{"regions/cn-50", "regions/cn"});
      }},
      {[&] {
         Tell(RegionFact{"regions/x", "regions/cn"});
       },
       [&] {
         Tell(RegionFact{"regions/x", "regions/us"});
       }},
      {[&] { Tell(Exclusive("p-1", "cn")); }},
      {[&] { Tell(Exclusive("p-2", "us")); }, [&] { Tell(Exclusive("p-2", "us", false)); }},
      {[&] { Tell(Sold("W-1", "cn-50", "contoso")); }},
      {[&] { Tell(Sold("W-2", "x")); }},
      {[&] { Tell(Sold("W-3", "cn-50")); }},
      {[&] { Tell(Reversal(Sold("W-3", "cn-50"))); }},
      {[&] { Draft(contoso), Move(contoso); }},
      {[&] { Draft(taken_back), Move(taken_back); }, [&] { Move(In(Deal::State::kWithdrawn, taken_back)); }},
  };
  InRandomOrders(lanes, 60, [&] { ASSERT_THAT(Open(), UnorderedElementsAre("W-1 against p-1", "W-1 against p-3")); });
}

}  // namespace
}  // namespace tributary::conflict
