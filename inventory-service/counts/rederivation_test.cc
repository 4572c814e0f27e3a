#include "inventory-service/counts/rederivation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include "common/money/testing_decimal.h"

namespace tributary::inventory {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

const PositionKey kMain{"acme", "main", "bike", ""};

Date Day(int day) { return Date::FromDays(20000 + day); }

Posting Move(std::string_view from, std::string_view to, int64_t units, int day, const char* cause = "fact") {
  return {.partner = "acme",
          .product = "bike",
          .from = std::string(from),
          .to = std::string(to),
          .quantity = D(units),
          .effective_date = Day(day),
          .cause = cause};
}
StandingCount Count(const char* name, int day, std::optional<Bucket> bucket = std::nullopt) {
  return {.count = name, .closing = Day(day), .bucket = bucket};
}

// Units at the end of a day in the buckets that a count finds.
Decimal At(const std::vector<Posting>& postings, int day) {
  Decimal units;
  for (const Posting& posting : postings) {
    if (Day(day) < posting.effective_date) continue;
    for (const auto& [key, change] : PositionChanges({&posting, 1})) {
      if (key.position == kMain && Counts(std::nullopt, key.bucket)) units += change;
    }
  }
  return units;
}

// R15: book 100, count 95: -5; late receipt of 20 dated before: -25, still 95; late sale of 7 dated after: 88.
TEST(RederivationTest, TheExampleOfTheRule) {
  std::vector<Posting> books = {Move(kVendor, "main", 100, 1)};
  const StandingCount count = Count("count", 5);
  books.push_back(Adjustment(kMain, count, D(95), At(books, 5)).value());
  EXPECT_EQ(At(books, 5), D(95));
  const Posting late = Move(kVendor, "main", 20, 3);
  const std::vector<Posting> corrections = Corrections(late, kMain, {count});
  ASSERT_THAT(corrections, SizeIs(1));
  EXPECT_EQ(corrections[0].from, "main");
  EXPECT_EQ(corrections[0].to, kAdjustment);
  EXPECT_EQ(corrections[0].quantity, D(20));
  EXPECT_EQ(corrections[0].effective_date, Day(5));
  EXPECT_EQ(corrections[0].cause, "count");
  EXPECT_EQ(corrections[0].because, "fact");
  books.push_back(late);
  books.push_back(corrections[0]);
  EXPECT_EQ(At(books, 5), D(95));
  books.push_back(Move("main", kCustomer, 7, 6));  // after the count: nothing asks for a correction
  EXPECT_EQ(At(books, 6), D(88));
}

TEST(RederivationTest, WhatACountDoesNotSeeNeedsNoCorrection) {
  EXPECT_THAT(Corrections(Move("main", "main/reserved", 5, 1), kMain, {Count("all", 2)}), IsEmpty());
  EXPECT_THAT(Corrections(Move(kVendor, "main/in_transit", 5, 1), kMain, {Count("all", 2)}), IsEmpty());
  EXPECT_THAT(Corrections(Move(kVendor, kCustomer, 5, 1), kMain, {Count("all", 2)}), IsEmpty());
  EXPECT_THAT(Corrections(Move(kVendor, "north", 5, 1), kMain, {Count("all", 2)}), IsEmpty());
  EXPECT_THAT(Corrections(Move(kAdjustment, "main", 5, 2, "all"), kMain, {Count("all", 2)}), IsEmpty());
}

TEST(RederivationTest, ACountOfABucketIsKeptInThatBucket) {
  const auto corrections =
      Corrections(Move("main", "main/quarantine", 5, 1), kMain, {Count("quarantine", 2, Bucket::kQuarantine)});
  ASSERT_THAT(corrections, SizeIs(1));
  EXPECT_EQ(corrections[0].from, "main/quarantine");
  EXPECT_EQ(corrections[0].to, kAdjustment);
  // A later count of everything then sees the five units that are missing from what is on hand.
  const auto both = Corrections(Move("main", "main/quarantine", 5, 1), kMain,
                                {Count("quarantine", 2, Bucket::kQuarantine), Count("all", 3)});
  ASSERT_THAT(both, SizeIs(2));
  EXPECT_EQ(both[1].from, kAdjustment);
  EXPECT_EQ(both[1].to, "main");
  EXPECT_EQ(both[1].quantity, D(5));
}

TEST(RederivationTest, OnlyTheFirstCountIsCorrected) {
  const auto corrections = Corrections(Move(kVendor, "main", 5, 1), kMain, {Count("first", 2), Count("second", 9)});
  ASSERT_THAT(corrections, SizeIs(1));
  EXPECT_EQ(corrections[0].cause, "first");
}

// Facts and counts arrive in any order; what a count says holds at its day, whatever comes, and the books end the same.
TEST(RederivationTest, AnyOrderGivesTheSameBooks) {
  const uint32_t seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 2000; ++round) {
    struct Step {
      std::optional<Posting> fact;
      std::optional<std::pair<int, int64_t>> count;  // day, units
    };
    std::vector<Step> steps;
    std::map<int, int64_t> counted;
    for (int i = 0, n = 1 + static_cast<int>(random() % 8); i < n; ++i) {
      const bool in = random() % 2 == 0;
      const int64_t units = 1 + static_cast<int64_t>(random() % 50);
      const int day = static_cast<int>(random() % 20);
      steps.push_back({.fact = in ? Move(kVendor, "main", units, day) : Move("main", kCustomer, units, day)});
    }
    for (int i = 0, n = static_cast<int>(random() % 3); i < n; ++i) {
      const int day = static_cast<int>(random() % 20);
      const int64_t units = static_cast<int64_t>(random() % 60);
      if (counted.emplace(day, units).second) steps.push_back({.count = std::pair(day, units)});
    }
    std::optional<std::vector<Decimal>> want;
    for (int order = 0; order < 3; ++order) {
      std::shuffle(steps.begin(), steps.end(), random);
      std::vector<Posting> books;
      std::map<int, StandingCount> standing;
      const auto post = [&](const Posting& posting) {
        std::vector<StandingCount> counts;
        for (const auto& [day, count] : standing) {
          if (posting.effective_date <= Day(day)) counts.push_back(count);
        }
        books.push_back(posting);
        for (Posting& correction : Corrections(posting, kMain, counts)) books.push_back(std::move(correction));
      };
      for (const Step& step : steps) {
        if (step.fact.has_value()) {
          post(*step.fact);
        } else {
          const auto& [day, units] = *step.count;
          const std::string name = "count of day " + std::to_string(day);
          const StandingCount count = Count(name.c_str(), day);
          standing.emplace(day, count);
          const auto adjustment = Adjustment(kMain, count, D(units), At(books, day));
          if (adjustment.has_value()) post(*adjustment);
        }
        for (const auto& [day, count] : standing) ASSERT_EQ(At(books, day), D(counted.at(day)));
      }
      std::vector<Decimal> days;
      for (int day = 0; day <= 20; ++day) days.push_back(At(books, day));
      if (!want.has_value()) want = days;
      ASSERT_EQ(days, *want);
    }
  }
}

}  // namespace
}  // namespace tributary::inventory
