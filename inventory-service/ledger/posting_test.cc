#include "inventory-service/ledger/posting.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/money/testing_decimal.h"

namespace tributary::inventory {
namespace {

using ::testing::Optional;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST(PlaceTest, EveryBucketHasAPlaceAndAName) {
  for (const Bucket bucket : kBuckets) {
    const std::string place = PlaceOf("main", bucket);
    EXPECT_TRUE(IsSite(place)) << place;
    EXPECT_EQ(SiteOf(place), "main");
    EXPECT_EQ(BucketOf(place), bucket);
    EXPECT_THAT(PlaceFromName("acme", LocationName("acme", place)), Optional(place));
  }
  EXPECT_EQ(PlaceOf("main", Bucket::kOnHand), "main");
  EXPECT_EQ(LocationName("acme", "main"), "partners/acme/sites/main/on_hand");
  EXPECT_EQ(LocationName("acme", "north/in_transit"), "partners/acme/sites/north/in_transit");
}

TEST(PlaceTest, BoundariesHaveNames) {
  for (const std::string_view boundary : {kVendor, kCustomer, kAdjustment, kScrap, kTransfer}) {
    EXPECT_FALSE(IsSite(boundary));
    EXPECT_THAT(PlaceFromName("acme", LocationName("acme", boundary)), Optional(std::string(boundary)));
  }
}

TEST(PlaceTest, OtherNamesMeanNothing) {
  for (const char* name : {"", "shelf", "@vendor", "partners/acme/sites/main", "partners/acme/sites/main/",
                           "partners/acme/sites//on_hand", "partners/acme/sites/main/shelf",
                           "partners/acme/sites/main/on_hand/on_hand", "partners/bolt/sites/main/on_hand"}) {
    EXPECT_EQ(PlaceFromName("acme", name), std::nullopt) << name;
  }
}

TEST(PostingTest, ChangesAreSummedByPositionAndBucket) {
  const auto move = [](std::string_view from, std::string_view to, const char* units, const char* lot = "") {
    return Posting{.partner = "acme",
                   .product = "bike",
                   .lot = lot,
                   .from = std::string(from),
                   .to = std::string(to),
                   .quantity = D(units)};
  };
  const PositionKey main{"acme", "main", "bike", ""};
  EXPECT_THAT(
      PositionChanges({move(kVendor, "main", "5"), move("main", "main/reserved", "2"), move("main", kCustomer, "3"),
                       move(kVendor, "main/quarantine", "1", "L1"), move(kVendor, kCustomer, "9")}),
      UnorderedElementsAre(Pair(BucketKey{main, Bucket::kOnHand}, D("0")),
                           Pair(BucketKey{main, Bucket::kReserved}, D("2")),
                           Pair(BucketKey{{"acme", "main", "bike", "L1"}, Bucket::kQuarantine}, D("1"))));
}

TEST(PositionSegmentTest, ReadsWhatItWrites) {
  for (const PositionKey& key : {PositionKey{"acme", "main", "bike", ""}, PositionKey{"acme", "main", "bike", "L.9"}}) {
    EXPECT_THAT(ParsePositionSegment("acme", PositionSegment(key)), Optional(key));
  }
  for (const char* segment : {"", "main", "main.", ".bike", "main.bike."}) {
    EXPECT_EQ(ParsePositionSegment("acme", segment), std::nullopt) << segment;
  }
}

}  // namespace
}  // namespace tributary::inventory
