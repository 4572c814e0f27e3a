// Rules back-tested through the wire: what they would have found, and how right it would have been, with nothing
// stored.

#include "conflict-service/testing_wandering_goods.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class BackTestServiceTest : public WanderingGoodsTest {
 protected:
  static v1::BackTestConflictRuleRequest Of(const std::string& rule, const char* from = "2026-06-01",
                                            const char* to = "2026-07-01") {
    v1::BackTestConflictRuleRequest request;
    request.set_name(StrCat("conflictRules/", rule));
    *request.mutable_from_date() = Day(from);
    *request.mutable_to_date() = Day(to);
    return request;
  }
  static v1::BackTestConflictRuleRequest WithThreshold(int32_t decibans) {
    v1::BackTestConflictRuleRequest request = Of("diversion");
    request.set_threshold_decibans(decibans);
    return request;
  }
  static absl::StatusOr<v1::BackTestConflictRuleResponse> Run(TwoServices& both,
                                                              const v1::BackTestConflictRuleRequest& request) {
    return both.Call<v1::BackTestConflictRuleResponse>("ConflictRuleService/BackTestConflictRule", request,
                                                       api::v1::AUDITOR);
  }
  static void Close(TwoServices& both, const std::string& name, v1::Case::Outcome outcome) {
    v1::TriageCaseRequest triage;
    triage.set_name(name);
    EXPECT_OK(both.Call<v1::Case>("CaseService/TriageCase", triage));
    v1::ResolveCaseRequest resolve;
    resolve.set_name(name);
    resolve.set_outcome(outcome);
    resolve.set_resolution("Heard and decided.");
    EXPECT_OK(both.Call<v1::Case>("CaseService/ResolveCase", resolve));
    v1::CloseCaseRequest close;
    close.set_name(name);
    EXPECT_OK(both.Call<v1::Case>("CaseService/CloseCase", close));
  }
  // "1 found, 0 new, 0 gone; 0 + 0 closed, 0 + 0 missed": flagged, added, dropped; confirmed, unfounded; missed,
  // spared.
  static std::string Figures(TwoServices& both, const v1::BackTestConflictRuleRequest& request) {
    const auto reply = Run(both, request);
    EXPECT_OK(reply);
    return StrCat(reply->flagged_count(), " found, ", reply->added_count(), " new, ", reply->dropped_count(), " gone; ",
                  reply->confirmed_count(), " + ", reply->unfounded_count(), " closed, ", reply->missed_count(), " + ",
                  reply->spared_count(), " missed");
  }
};

TEST_F(BackTestServiceTest, DiversionByOtherOddsAgainstClosedCases) {
  const auto both = BeginWithACase();
  EXPECT_EQ(Figures(*both, Of("diversion")), "1 found, 0 new, 0 gone; 0 + 0 closed, 0 + 0 missed");
  EXPECT_EQ(Figures(*both, WithThreshold(14)), "0 found, 0 new, 1 gone; 0 + 0 closed, 0 + 0 missed");
  EXPECT_EQ(Figures(*both, WithThreshold(-20)), "2 found, 1 new, 0 gone; 0 + 0 closed, 0 + 0 missed");
  EXPECT_EQ(Figures(*both, Of("diversion", "2026-07-01", "2026-08-01")),
            "0 found, 0 new, 0 gone; 0 + 0 closed, 0 + 0 missed");
  auto reply = Run(*both, Of("diversion"));
  EXPECT_FALSE(reply->has_precision());
  ASSERT_THAT(reply->flagged(), SizeIs(1));
  EXPECT_EQ(reply->flagged(0).finding(), Findings(*both)[0].name());
  EXPECT_EQ(reply->flagged(0).explanation(), Findings(*both)[0].explanation());
  EXPECT_EQ(reply->flagged(0).occur_date().day(), 30);
  EXPECT_TRUE(reply->flagged(0).open());

  ASSERT_OK(Move(*both, "Triage", v1::TriageCaseRequest()));
  v1::ResolveCaseRequest resolve;
  resolve.set_outcome(v1::Case::UNFOUNDED);
  resolve.set_resolution("Acme was robbed.");
  ASSERT_OK(Move(*both, "Resolve", resolve));
  EXPECT_EQ(Figures(*both, Of("diversion")), "1 found, 0 new, 0 gone; 0 + 0 closed, 0 + 0 missed") << "not closed yet";
  ASSERT_OK(Move(*both, "Close", v1::CloseCaseRequest()));
  EXPECT_EQ(Figures(*both, Of("diversion")), "1 found, 0 new, 0 gone; 0 + 1 closed, 0 + 0 missed");
  EXPECT_EQ(Figures(*both, WithThreshold(14)), "0 found, 0 new, 1 gone; 0 + 0 closed, 0 + 1 missed");
  reply = Run(*both, Of("diversion"));
  EXPECT_EQ(reply->precision().value(), "0");
  EXPECT_EQ(reply->flagged(0).outcome(), v1::Case::UNFOUNDED);
  reply = Run(*both, WithThreshold(14));
  EXPECT_FALSE(reply->has_precision());
  EXPECT_EQ(reply->precision_so_far().value(), "0");

  // Nothing of all that was stored.
  EXPECT_THAT(Findings(*both), SizeIs(1));
  v1::GetConflictRuleRequest get;
  get.set_name("conflictRules/diversion");
  const auto rule = both->Call<v1::ConflictRule>("ConflictRuleService/GetConflictRule", get);
  ASSERT_OK(rule);
  EXPECT_EQ(rule->version(), 0);
  EXPECT_EQ(rule->threshold_decibans(), 10);
}

TEST_F(BackTestServiceTest, SalesOutOfTerritoryAgainstClosedCases) {
  const auto both = Begin();
  Tell(*both, {Sell("acme", "I1", "2026-06-12", 14, "cn-44"), Sell("acme", "I2", "2026-06-30", 2, "cn-50"),
               Sell("bolt", "I1", "2026-07-01", 3, "cn-44")});
  ASSERT_TRUE(inventory::Eventually([&] { return Cases(*both, "kind = OUT_OF_TERRITORY").size() == 3; }));
  const v1::BackTestConflictRuleRequest june = Of("out-of-territory"),
                                        july = Of("out-of-territory", "2026-07-01", "2026-08-01");
  EXPECT_EQ(Figures(*both, june), "2 found, 0 new, 0 gone; 0 + 0 closed, 0 + 0 missed");
  EXPECT_EQ(Figures(*both, july), "1 found, 0 new, 0 gone; 0 + 0 closed, 0 + 0 missed");
  for (const v1::Case& one : Cases(*both, "kind = OUT_OF_TERRITORY")) {
    if (one.occur_date().day() == 12) Close(*both, one.name(), v1::Case::CONFIRMED);
    if (one.occur_date().day() == 30) Close(*both, one.name(), v1::Case::UNFOUNDED);
  }
  EXPECT_EQ(Figures(*both, june), "2 found, 0 new, 0 gone; 1 + 1 closed, 0 + 0 missed");
  EXPECT_EQ(Run(*both, june)->precision().value(), "0.5");

  // A grant that comes later covers what was unfounded: the rule as it stands would have been right.
  partners_.TellGrant("acme", "more", {"cn-50"}, *Date::Parse("2026-06-01"));
  ASSERT_TRUE(inventory::Eventually([&] { return Run(*both, june)->flagged_count() == 1; }));
  EXPECT_EQ(Figures(*both, june), "1 found, 0 new, 0 gone; 1 + 0 closed, 0 + 1 missed");
  EXPECT_EQ(Run(*both, june)->precision().value(), "1");
  EXPECT_EQ(Run(*both, june)->precision_so_far().value(), "0.5");
}

TEST_F(BackTestServiceTest, DuplicateSalesHaveNoParameters) {
  const auto both = Begin();
  for (const char* partner : {"acme", "bolt"}) {
    inventory::v1::CreateSellThroughSaleRequest request;
    request.set_parent(StrCat("partners/", partner));
    inventory::v1::SellThroughSale& sale = *request.mutable_sell_through_sale();
    sale.set_document("I-7");
    sale.set_line(1);
    *sale.mutable_sale_date() = Day("2026-06-12");
    sale.set_product("products/bike");
    sale.set_lot("L9");
    sale.mutable_quantity()->set_value("3");
    sale.set_region("regions/cn-51");
    sale.set_end_customer("Contoso Ltd.");
    ASSERT_OK(
        both->Stock().Call<inventory::v1::SellThroughSale>("SellThroughSaleService/CreateSellThroughSale", request));
  }
  ASSERT_TRUE(inventory::Eventually([&] { return Cases(*both, "kind = DUPLICATE_SALE").size() == 1; }));
  EXPECT_EQ(Figures(*both, Of("duplicate-sale")), "1 found, 0 new, 0 gone; 0 + 0 closed, 0 + 0 missed");
  const auto reply = Run(*both, Of("duplicate-sale", "2026-06-12", "2026-06-13"));
  ASSERT_OK(reply);
  ASSERT_THAT(reply->flagged(), SizeIs(1));
  EXPECT_THAT(reply->flagged(0).subjects(), ElementsAre(HasSubstr("partners/acme"), HasSubstr("partners/bolt")));
  EXPECT_THAT(Run(*both, Of("duplicate-sale", "2026-06-13", "2026-07-01"))->flagged(), IsEmpty());

  v1::BackTestConflictRuleRequest request = Of("duplicate-sale");
  request.set_prior_decibans(0);
  EXPECT_THAT(Run(*both, request), Blames("prior_decibans"));
  EXPECT_THAT(Run(*both, Of("diversion", "2026-06-01", "2026-06-01")), Blames("to_date"));
  request = Of("duplicate-sale");
  request.set_price_rule("priceRules/bike");
  EXPECT_THAT(Run(*both, request), Blames("price_rule"));
  EXPECT_THAT(Run(*both, Of("no-such-rule")), HasReason(Reason::kNotFound));
  request = Of("diversion");
  request.set_outside_serial_decibans(0);
  EXPECT_THAT(Run(*both, request), Blames("outside_serial_decibans"));
  EXPECT_THAT(both->Call<v1::BackTestConflictRuleResponse>("ConflictRuleService/BackTestConflictRule", Of("diversion"),
                                                           api::v1::PARTNER_USER, "acme"),
              HasReason(Reason::kPermissionDenied));
}

}  // namespace
}  // namespace tributary::conflict
