#include "conflict-service/conflict_rules/back_test.h"

#include "common/status/status_matchers.h"

namespace tributary::conflict {
namespace {

TEST(BackTestTest, Table) {
  struct Row {
    std::string what;
    std::set<std::string> flagged;
    std::vector<PastFinding> past;
    BackTest want;
    std::string precision, so_far;  // empty: unset
  };
  const Outcome none = Outcome::kNone, yes = Outcome::kConfirmed, no = Outcome::kUnfounded;
  const std::vector<Row> rows = {
      {"nothing at all", {}, {}, {}, "", ""},
      {"all new", {"a", "b"}, {}, {.flagged = 2, .added = 2}, "", ""},
      {"as it is", {"a"}, {{"a", true, none}}, {.flagged = 1}, "", ""},
      {"withdrawn, and found again", {"a"}, {{"a", false, none}}, {.flagged = 1, .added = 1}, "", ""},
      {"open, and not found", {}, {{"a", true, none}, {"b", false, none}}, {.dropped = 1}, "", ""},
      {"explained before triage tells nothing",
       {"a"},
       {{"a", false, Outcome::kExplained}},
       {.flagged = 1, .added = 1},
       "",
       ""},
      {"stricter",
       {"a", "b", "e"},
       {{"a", true, yes}, {"b", true, yes}, {"c", true, no}, {"d", true, yes}, {"e", true, no}, {"f", true, no}},
       {.flagged = 3, .dropped = 3, .confirmed = 2, .unfounded = 1, .missed = 1, .spared = 2},
       "0.6667",
       "0.5"},
      {"never right", {"a"}, {{"a", true, no}}, {.flagged = 1, .unfounded = 1}, "0", "0"},
      {"always right, where it speaks",
       {"a"},
       {{"a", false, yes}, {"b", false, no}},
       {.flagged = 1, .added = 1, .confirmed = 1, .spared = 1},
       "1",
       "0.5"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    const BackTest got = Compare(row.flagged, row.past);
    EXPECT_EQ(got, row.want);
    EXPECT_EQ(got.precision() ? got.precision()->ToString() : "", row.precision);
    EXPECT_EQ(got.precision_so_far() ? got.precision_so_far()->ToString() : "", row.so_far);
  }
}

TEST(BackTestTest, PrecisionIsRoundedHalfToEven) {
  const auto of = [](int64_t confirmed, int64_t unfounded) {
    return BackTest{.confirmed = confirmed, .unfounded = unfounded}.precision()->ToString();
  };
  EXPECT_EQ(of(1, 2), "0.3333");
  EXPECT_EQ(of(1, 31), "0.0312");  // 0.03125
  EXPECT_EQ(of(3, 29), "0.0938");  // 0.09375
  EXPECT_EQ(of(2, 1), "0.6667");
}

}  // namespace
}  // namespace tributary::conflict
