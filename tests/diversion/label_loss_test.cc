#include "tests/diversion/label_loss.h"

#include <vector>

#include "conflict-service/rules/diversion.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::diversion_quality {
namespace {

std::vector<Channel> Channels(int count) {
  std::vector<Channel> channels;
  for (int n = 0; n < count; ++n) channels.push_back(MakeChannel(7000 + static_cast<uint32_t>(n)));
  return channels;
}

TEST(LabelLossTest, ASeedIsAChannel) {
  const Channel one = MakeChannel(20), again = MakeChannel(20), other = MakeChannel(22);
  EXPECT_EQ(one.reconciled, again.reconciled);
  EXPECT_EQ(one.diverted, again.diverted);
  EXPECT_EQ(one.sightings.size(), again.sightings.size());
  EXPECT_NE(one.reconciled, other.reconciled);
  EXPECT_TRUE(one.diverted.has_value());
  EXPECT_FALSE(MakeChannel(21).diverted.has_value());
}

// The bounds are wide; docs/reference/diversion.md says how the figures themselves are printed.
TEST(LabelLossTest, TheEvidenceSeparatesAndConvictsTheLessTheMoreLabelsAreLost) {
  const std::vector<Channel> channels = Channels(400);
  const int threshold = conflict::DiversionPolicy().threshold_decibans;
  double found_before = 1;
  for (int lost = 0; lost <= 90; lost += 10) {
    const Rates rates = RatesOf(channels, lost, {threshold});
    EXPECT_GT(rates.separation, 0.95) << lost;
    EXPECT_LE(rates.points[0].found, found_before) << lost;
    EXPECT_LT(rates.points[0].blamed, 0.001) << lost;
    found_before = rates.points[0].found;
    if (lost == 0) {
      EXPECT_GT(rates.points[0].found, 0.7);
    }
    if (lost == 50) {
      EXPECT_GT(rates.points[0].found, 0.4);
    }
    // A balance without units that are seen convicts nobody.
    if (lost == 90) {
      EXPECT_LT(rates.points[0].found, 0.25);
    }
  }
}

// Without the balance the same scans would blame more: neither evidence is enough alone.
TEST(LabelLossTest, TheBalanceAddsToTheScans) {
  const std::vector<Channel> channels = Channels(400);
  conflict::DiversionPolicy by_scans;
  by_scans.balance_decibans = 0;
  const Rates both = RatesOf(channels, 50, {10}), scans = RatesOf(channels, 50, {10}, by_scans);
  EXPECT_GT(both.points[0].found, scans.points[0].found);
  EXPECT_GT(both.separation, scans.separation);
}

// Where a report is missing, units that are seen convict alone, fewer of them and nobody else.
TEST(LabelLossTest, UnitsAloneFindLessAndBlameNobody) {
  const std::vector<Channel> channels = Channels(400);
  for (const int lost : {0, 50, 90}) {
    const Rates all = RatesOf(channels, lost, {10});
    const Rates units = RatesOf(channels, lost, {10}, {}, Evidence::kUnits);
    EXPECT_LT(units.points[0].found, all.points[0].found) << lost;
    EXPECT_LT(units.points[0].blamed, 0.001) << lost;
    EXPECT_GT(units.separation, 0.6) << lost;
    if (lost == 0) {
      EXPECT_GT(units.points[0].found, 0.6);
    }
    if (lost == 90) {
      EXPECT_LT(units.points[0].found, 0.1);
    }
  }
}

TEST(LabelLossTest, PrintsATable) {
  EXPECT_EQ(Table({{.lost_percent = 30, .separation = 0.98768, .points = {{10, 0.5, 0.00012}, {13, 0.25, 0}}}}),
            "| labels lost | separation | from 10 | from 13 |\n|---|---|---|---|\n"
            "| 30 % | 0.9877 | 0.500, 0.00012 | 0.250, 0.00000 |\n");
}

}  // namespace
}  // namespace tributary::diversion_quality
