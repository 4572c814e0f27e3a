#include "incentive-service/engine/resident/resident_lines.h"

#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <tuple>

#include "common/status/status_matchers.h"
#include "incentive-service/engine/testing_terms.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();

StraightTerms Straight(Shape shape, const char* tiers) { return *StraightTerms::Of(TermsOf(shape, tiers)); }

// "p1 g0 q2: 1500 -> 4500" a cell.
std::string Text(const std::vector<RatedCell>& cells) {
  std::string text;
  for (const RatedCell& cell : cells) {
    StrAppend(&text, "p", cell.partner, " g", cell.group, " q", cell.quarter, ": ",
              Decimal::FromMicros(cell.micros).ToString(), " -> ", cell.minor, "\n");
  }
  return text;
}

TEST(ResidentLinesTest, NamesHaveCodes) {
  Dictionary dictionary;
  EXPECT_EQ(dictionary.CodeOf("a"), 0u);
  EXPECT_EQ(dictionary.CodeOf("b"), 1u);
  EXPECT_EQ(dictionary.CodeOf("a"), 0u);
  EXPECT_EQ(dictionary.NameOf(1), "b");
  EXPECT_EQ(dictionary.size(), 2u);
}

TEST(ResidentLinesTest, RatesCells) {
  ResidentLines lines;
  ASSERT_OK(lines.Load({{1, 0, 2, 1'000'000'000},
                        {1, 1, 2, 500'000'000},
                        {1, 1, 0, 100'000'000},
                        {0, 1, 2, 700'000'000},
                        {1, 0, 2, -200'000'000},
                        {3, 0, 1, -5'000'000}}));
  const StraightTerms terms = Straight(Shape::kRetroactive, "0:0.01 1000:0.03");
  const struct {
    const char* what;
    Grouping grouping;
    const char* cells;
  } kCases[] = {
      {"each category", Grouping::ByCategory(2),
       "p0 g1 q2: 700 -> 700\np1 g0 q2: 800 -> 800\np1 g1 q0: 100 -> 100\np1 g1 q2: 500 -> 500\np3 g0 q1: -5 -> 0\n"},
      {"together they reach the tier", Grouping::Together(2),
       "p0 g0 q2: 700 -> 700\np1 g0 q0: 100 -> 100\np1 g0 q2: 1300 -> 3900\np3 g0 q1: -5 -> 0\n"},
      {"one left out", {{Grouping::kLeftOut, 0}}, "p0 g0 q2: 700 -> 700\np1 g0 q0: 100 -> 100\np1 g0 q2: 500 -> 500\n"},
      {"beyond its end left out", {{0}}, "p1 g0 q2: 800 -> 800\np3 g0 q1: -5 -> 0\n"},
      {"nothing taken", {}, ""},
  };
  for (const auto& c : kCases) {
    for (int threads = 1; threads <= 5; ++threads) {
      ASSERT_OK_AND_ASSIGN(const std::vector<RatedCell> cells, lines.Rate(terms, c.grouping, threads));
      EXPECT_EQ(Text(cells), c.cells) << c.what;
    }
    std::string by_sums;
    for (uint32_t partner = 0; partner < 5; ++partner) {
      ASSERT_OK_AND_ASSIGN(const std::vector<RatedCell> cells, lines.RatePartner(partner, terms, c.grouping));
      by_sums += Text(cells);
    }
    EXPECT_EQ(by_sums, c.cells) << c.what;
  }
}

TEST(ResidentLinesTest, SumsGoOnBeyond64Bits) {
  ResidentLines lines;
  ASSERT_OK(lines.Load({{0, 0, 0, kMost}, {0, 0, 0, kMost}, {0, 0, 0, kMost}, {0, 0, 1, kMost}, {0, 0, 1, 1}}));
  ASSERT_OK(lines.Load({{0, 0, 2, -kMost}, {0, 0, 2, -kMost}, {0, 0, 2, kMost}, {0, 0, 2, kMost}, {0, 0, 2, 7}}));
  const StraightTerms terms = Straight(Shape::kFlat, "0:0.01");
  ASSERT_OK_AND_ASSIGN(const std::vector<RatedCell> cells, lines.Rate(terms, Grouping::Together(1), 1));
  ASSERT_EQ(cells.size(), 3u);
  EXPECT_EQ(cells[0].micros, absl::int128(kMost) * 3);
  EXPECT_EQ(cells[1].micros, absl::int128(kMost) + 1);
  EXPECT_EQ(cells[2].micros, 7);
  ASSERT_OK_AND_ASSIGN(const std::vector<RatedCell> by_sums, lines.RatePartner(0, terms, Grouping::Together(1)));
  EXPECT_EQ(by_sums, cells);
}

TEST(ResidentLinesTest, RefusesWhatIsNone) {
  ResidentLines lines;
  EXPECT_THAT(lines.Add({100'000'000, 0, 0, 1}), HasReason(Reason::kInvalidField));
  EXPECT_EQ(lines.size(), 0u);
  const StraightTerms terms = Straight(Shape::kFlat, "0:1");
  ASSERT_OK_AND_ASSIGN(const std::vector<RatedCell> none, lines.Rate(terms, Grouping::Together(1), 2));
  EXPECT_THAT(none, IsEmpty());
  std::vector<ResidentLine> many(2'000'000, {0, 0, 0, kMost});
  ASSERT_OK(lines.Load(many));
  EXPECT_THAT(lines.Rate(terms, Grouping::Together(1), 1), HasReason(Reason::kOverflow));
  EXPECT_THAT(lines.RatePartner(0, terms, Grouping::Together(1)), HasReason(Reason::kOverflow));
}

TEST(ResidentLinesTest, ALineCostsTwelveBytesAndItsSums) {
  ResidentLines lines;
  std::vector<ResidentLine> many;
  for (int i = 0; i < 100'000; ++i) many.push_back({static_cast<uint32_t>(i % 10), 0, 0, i});
  ASSERT_OK(lines.Load(many));
  EXPECT_LT(lines.Bytes(), 100'000 * 12 + 10'000);
}

// Any lines in any order, loaded at once or one by one: the sums of a plain map, the values of Evaluate.
TEST(ResidentLinesTest, IsAPlainSum) {
  for (uint64_t seed = 1; seed <= 500 && !HasFailure(); ++seed) {
    SCOPED_TRACE(StrCat("seed ", seed));
    std::mt19937_64 random(seed);
    const auto pick = [&](int64_t low, int64_t high) {
      return std::uniform_int_distribution<int64_t>(low, high)(random);
    };
    // Few cells for many lines, or many for few.
    const int64_t partners = pick(1, 9), categories = pick(1, 40), quarters = pick(1, 20);
    std::vector<ResidentLine> all;
    for (int64_t i = pick(0, 400); i > 0; --i) {
      const int64_t micros = pick(0, 30) == 0 ? pick(-kMost, kMost) : pick(-100, 900) * 1'000'000;
      all.push_back({static_cast<uint32_t>(pick(0, partners - 1)), static_cast<uint16_t>(pick(0, categories - 1)),
                     static_cast<uint16_t>(pick(0, quarters - 1)), micros});
    }
    Grouping grouping;
    for (int64_t i = 0; i < categories; ++i) grouping.group_of.push_back(static_cast<int32_t>(pick(-1, 3)));
    const Terms terms = TermsOf(Shape::kMarginal, "0:0.01 2000:0.02 6000:0.035");
    ASSERT_OK_AND_ASSIGN(const StraightTerms straight, StraightTerms::Of(terms));

    std::map<std::tuple<uint32_t, int32_t, uint16_t>, absl::int128> sums;
    for (const ResidentLine& line : all) {
      const int32_t group = grouping.group_of[line.category];
      if (group >= 0) sums[{line.partner, group, line.quarter}] += line.micros;
    }
    std::vector<RatedCell> want;
    for (const auto& [key, micros] : sums) {
      ASSERT_OK_AND_ASSIGN(const Evaluation evaluation, Evaluate(terms, Decimal::FromMicros(micros)));
      want.push_back(
          {std::get<0>(key), static_cast<uint16_t>(std::get<1>(key)), std::get<2>(key), micros, evaluation.minor});
    }
    ResidentLines lines;
    const size_t at_once = static_cast<size_t>(pick(0, static_cast<int64_t>(all.size())));
    ASSERT_OK(lines.Load(absl::MakeSpan(all).subspan(0, at_once)));
    for (size_t i = at_once; i < all.size(); ++i) ASSERT_OK(lines.Add(all[i]));
    ASSERT_OK_AND_ASSIGN(const std::vector<RatedCell> got,
                         lines.Rate(straight, grouping, static_cast<int>(pick(1, 3))));
    EXPECT_EQ(got, want);
    std::vector<RatedCell> by_sums;
    for (uint32_t partner = 0; partner < partners; ++partner) {
      ASSERT_OK_AND_ASSIGN(const std::vector<RatedCell> cells, lines.RatePartner(partner, straight, grouping));
      by_sums.insert(by_sums.end(), cells.begin(), cells.end());
    }
    EXPECT_EQ(by_sums, want);
  }
}

}  // namespace
}  // namespace tributary::incentive
