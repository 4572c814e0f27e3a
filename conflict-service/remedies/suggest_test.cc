#include "conflict-service/remedies/suggest.h"

#include "common/status/status_matchers.h"
#include "common/text/text.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Case CaseOf(FindingKind kind, std::vector<std::string> subjects) {
  return {.id = "c", .kind = kind, .cause = CauseOf(kind), .subjects = std::move(subjects)};
}

// "CLAWBACK partners/a <= 35 units" and so on.
std::vector<std::string> Words(const std::vector<SuggestedRemedy>& suggestions) {
  std::vector<std::string> words;
  for (const SuggestedRemedy& one : suggestions) {
    EXPECT_NE(one.explanation, "");
    words.push_back(StrCat(NameOf(one.kind), " ", StrJoin(one.partners, "+")));
    if (one.most_units) StrAppend(&words.back(), " <= ", one.most_units->ToString(), " units");
    if (one.most_amount) {
      StrAppend(&words.back(), " <= ", one.most_amount->amount.ToString(), " ", one.most_amount->currency);
    }
    if (!one.territory_grant.empty()) StrAppend(&words.back(), " ", one.territory_grant);
    if (!one.price_rule.empty()) StrAppend(&words.back(), " ", one.price_rule);
  }
  return words;
}

std::vector<std::string> SuggestedFor(const Case& one, const std::vector<EvidenceInput>& inputs = {},
                                      std::optional<Decimal> most_units = {}, std::optional<PriceDepth> depth = {}) {
  const Conclusion conclusion{
      .kind = one.kind, .subjects = one.subjects, .price_depth = std::move(depth), .inputs = inputs};
  const CaseEvidence evidence = NewEvidence(one.id, 0, "", conclusion, absl::FromUnixSeconds(1780000000));
  return Words(Suggest(one, KnownFrom(one, evidence, most_units)));
}

TEST(SuggestTest, EveryCauseHasWhatFitsIt) {
  EXPECT_THAT(SuggestedFor(CaseOf(FindingKind::kDuplicateDeal, {"partners/a/deals/d", "partners/b/deals/d"})),
              ElementsAre("SPLIT_CREDIT partners/a+partners/b"));
  EXPECT_THAT(SuggestedFor(
                  CaseOf(FindingKind::kDuplicateSale, {"partners/a/sales/s", "partners/b/sales/s"}),
                  {{"partners/a/sales/s", "date", "2026-06-12", ""}, {"partners/b/sales/s", "date", "2026-06-10", ""}}),
              ElementsAre("SPLIT_CREDIT partners/a+partners/b", "CLAWBACK partners/a"));
  EXPECT_THAT(
      SuggestedFor(
          CaseOf(FindingKind::kExclusiveOverlap, {"partners/a/territoryGrants/g", "partners/b/territoryGrants/h"})),
      ElementsAre("CLARIFY_ROLES partners/a+partners/b", "REASSIGN_TERRITORY partners/a partners/a/territoryGrants/g",
                  "REASSIGN_TERRITORY partners/b partners/b/territoryGrants/h"));
  EXPECT_THAT(SuggestedFor(CaseOf(FindingKind::kOutOfTerritory, {"partners/a/sales/s"})),
              ElementsAre("CLARIFY_ROLES partners/a", "WARNING partners/a"));
  EXPECT_THAT(
      SuggestedFor(CaseOf(FindingKind::kProtectedDeal, {"partners/a/sales/s", "partners/b/deals/d"})),
      ElementsAre("CLARIFY_ROLES partners/a+partners/b", "SPLIT_CREDIT partners/a+partners/b", "WARNING partners/a"));
  EXPECT_THAT(SuggestedFor(CaseOf(FindingKind::kDirectVsPartner, {"directSales/s", "partners/b/territoryGrants/g"})),
              ElementsAre("CLARIFY_ROLES partners/b", "SPLIT_CREDIT partners/b"));
}

TEST(SuggestTest, AmountsAreBoundWhereTheRuleKnowsThem) {
  EXPECT_THAT(SuggestedFor(CaseOf(FindingKind::kDuplicateSale, {"partners/a", "partners/b", "products/x/lots/L9"}),
                           {{"products/x/lots/L9", "excess", "20", ""}}),
              ElementsAre("SPLIT_CREDIT partners/a+partners/b", "CLAWBACK partners/a <= 20 units",
                          "CLAWBACK partners/b <= 20 units"));
  EXPECT_THAT(SuggestedFor(CaseOf(FindingKind::kDiversion, {"massBalances/m", "partners/a", "partners/b"}),
                           {{"massBalances/m", "flow", "partners/b to partners/a", ""}}, Decimal::FromInt(35)),
              ElementsAre("CLAWBACK partners/b <= 35 units", "WARNING partners/b"));
  const Case below = CaseOf(FindingKind::kBelowPrice, {"partners/a/sales/s", "priceRules/r"});
  EXPECT_THAT(
      SuggestedFor(below, {}, {},
                   PriceDepth{"CNY", Decimal::FromInt(900), Decimal::FromInt(100), Decimal::FromInt(10)}),
      ElementsAre("PRICE_ACTION partners/a priceRules/r", "PENALTY partners/a <= 100 CNY", "WARNING partners/a"));
  EXPECT_THAT(SuggestedFor(below, {}, {}, PriceDepth{"CNY", Decimal::FromInt(90), Decimal::FromInt(100), {}}),
              ElementsAre("PRICE_ACTION partners/a priceRules/r", "WARNING partners/a"))
      << "of how many units is not known";
  EXPECT_THAT(SuggestedFor(CaseOf(FindingKind::kPriceWar, {"partners/a", "partners/b", "priceRules/r"}),
                           {{"partners/b", "loss.units", "30", ""},
                            {"partners/b", "loss.amount", "150", ""},
                            {"priceRules/r", "currency", "CNY", ""}}),
              ElementsAre("PRICE_ACTION partners/a priceRules/r", "PRICE_ACTION partners/b priceRules/r",
                          "SPLIT_CREDIT partners/b <= 150 CNY"));
}

TEST(SuggestTest, TriageMaySeeAnotherCause) {
  Case one = CaseOf(FindingKind::kDiversion, {"massBalances/m", "partners/a", "partners/b"});
  one.cause = Cause::kRole;
  EXPECT_THAT(SuggestedFor(one), ElementsAre("CLARIFY_ROLES partners/a+partners/b"));
  one = CaseOf(FindingKind::kDuplicateDeal, {"partners/a/deals/d", "partners/b/deals/d"});
  one.cause = Cause::kRole;
  EXPECT_THAT(SuggestedFor(one), IsEmpty()) << "no party is shown it";
}

}  // namespace
}  // namespace tributary::conflict
