#include "inventory-service/traces/recall.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "common/text/text.h"
#include "inventory-service/facts/fact.h"

namespace tributary::inventory {
namespace {

Posting Of(const char* partner, const char* from, const char* to, int64_t quantity, const std::string& cause) {
  return {.partner = partner,
          .product = "bike",
          .lot = "L1",
          .from = from,
          .to = to,
          .quantity = Decimal::FromInt(quantity),
          .cause = cause};
}

std::map<BucketKey, Decimal> PositionsOf(const std::vector<Posting>& postings) { return PositionChanges(postings); }

TEST(Recall, EveryUnitIsAccountedFor) {
  const std::vector<Posting> postings = {
      Of("acme", "@vendor", "main/in_transit", 100, "partners/acme/shipments/A/lines/1"),
      Of("acme", "main/in_transit", "main", 98, "partners/acme/receipts/R/lines/1"),
      Of("acme", "main", "@customer", 30, "partners/acme/sales/S.1"),
      Of("acme", "main", "@customer", -2, "partners/acme/sales/S.2"),
      Of("acme", "main", "@customer", 9, "partners/acme/sales/S.3"),
      Of("acme", "main", "@customer", -9, "partners/acme/sales/S.3.r1"),
      Of("acme", "main", "@scrap", 4, "partners/acme/movements/M.1"),
      Of("acme", "main", "@adjustment", 1, "partners/acme/movements/M.2"),
      Of("acme", "@vendor", "main", -5, "partners/acme/shipments/A/lines/2"),
      Of("acme", "main", "@transfer", 20, "partners/acme/movements/T.1"),
      Of("bolt", "@transfer", "east", 20, "partners/acme/movements/T.1"),
      Of("bolt", "east", "@customer", 6, "partners/bolt/sales/S.1"),
      Of("", "@vendor", "@customer", 7, "directSales/D.1"),
  };
  const Recall recall = Sum(postings, PositionsOf(postings));
  ASSERT_EQ(recall.holdings.size(), 3u);
  const LotHolding& acme = recall.holdings[1];
  EXPECT_EQ(acme.partner, "acme");
  EXPECT_EQ(acme.shipped.ToString(), "100");
  EXPECT_EQ(acme.FoundInAll().ToString(), "42");
  EXPECT_EQ(acme.found.at(Bucket::kInTransit).ToString(), "2");
  EXPECT_EQ(acme.sold.ToString(), "28");
  EXPECT_EQ(acme.scrapped.ToString(), "4");
  EXPECT_EQ(acme.adjusted.ToString(), "1");
  EXPECT_EQ(acme.returned.ToString(), "5");
  EXPECT_EQ(acme.handed_over.ToString(), "20");
  EXPECT_TRUE(acme.balanced());
  EXPECT_EQ(recall.holdings[2].received.ToString(), "20");
  EXPECT_EQ(recall.holdings[2].FoundInAll().ToString(), "14");
  EXPECT_EQ(recall.holdings[0].sold.ToString(), "7");
  // shipped 107 = found 56 + sold 41 + scrapped 4 + adjusted 1 + returned 5.
  EXPECT_EQ(recall.total.shipped.ToString(), "107");
  EXPECT_EQ(recall.total.sold.ToString(), "41");
  EXPECT_EQ(recall.total.received, recall.total.handed_over);
  EXPECT_TRUE(recall.total.balanced());
  EXPECT_EQ(recall.sale_names, (std::vector<std::string>{"directSales/D.1", "partners/acme/sales/S.1",
                                                         "partners/acme/sales/S.2", "partners/bolt/sales/S.1"}));
}

TEST(Recall, APositionThatItsPostingsDoNotExplainShows) {
  const std::vector<Posting> postings = {Of("acme", "@vendor", "main", 100, "partners/acme/shipments/A/lines/1")};
  std::map<BucketKey, Decimal> positions = PositionsOf(postings);
  positions.begin()->second = Decimal::FromInt(99);
  EXPECT_FALSE(Sum(postings, positions).total.balanced());
}

TEST(Recall, AReversalLeavesNoTrace) {
  for (const int64_t quantity : {5, -5}) {
    const std::vector<Posting> postings = {
        Of("acme", "@vendor", "main", quantity, "partners/acme/shipments/A/lines/1"),
        Of("acme", "@vendor", "main", -quantity, "partners/acme/shipments/A/lines/1.r1")};
    const Recall recall = Sum(postings, PositionsOf(postings));
    EXPECT_TRUE(recall.total.shipped.zero()) << quantity;
    EXPECT_TRUE(recall.total.returned.zero()) << quantity;
    EXPECT_TRUE(recall.total.balanced());
  }
}

}  // namespace
}  // namespace tributary::inventory
