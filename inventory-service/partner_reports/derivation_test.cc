// Which rows stand: cases, and that neither order nor repetition matters.

#include "inventory-service/partner_reports/derivation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "common/text/text.h"
#include "inventory-service/partner_reports/testing_reports.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A file: what it covers, and "date quantity" or "date quantity document/line" of its rows.
struct File {
  const char* from;
  const char* to;
  int64_t revision = 1;
  std::vector<std::tuple<const char*, const char*, const char*, int>> rows;
  ReportMode mode = ReportMode::kSnapshot;
  std::string content = "f";
};

// Reports that arrived, in their order; ids count the arrivals.
class Reports {
 public:
  void Add(const File& file) {
    const Uuid id = Id(++arrivals_);
    RankedReport report{.id = id, .mode = file.mode};
    report.coverage = {
        .from = Day(file.from), .to = Day(file.to), .activities = Activities::Of(Activity::kSellThrough)};
    report.rank = {.revision = file.revision, .instant = absl::InfinitePast(), .content = file.content};
    reports_.push_back(report);
    std::vector<ReportRow> rows;
    for (const auto& [date, quantity, document, line] : file.rows) {
      ReportRow row{.report = id, .number = static_cast<int64_t>(rows.size()) + 2, .state = RowState::kAccepted};
      row.content = RowContent{.cell = {.site = "main", .date = Day(date)},
                               .document = document,
                               .line = line,
                               .product = "x",
                               .quantity = Dec(quantity)};
      rows.push_back(std::move(row));
    }
    std::vector<ReportRow*> all;
    for (ReportRow& row : rows) all.push_back(&row);
    AssignKeys(all, {});
    for (const ReportRow& row : rows) {
      if (row.state == RowState::kRejected) continue;
      quantities_[row.digest] = row.content->quantity;
      rows_.push_back({.report = id,
                       .number = row.number,
                       .cell = row.content->cell,
                       .key = row.key,
                       .digest = row.digest,
                       .read_time = absl::FromUnixSeconds(arrivals_)});
    }
  }
  Derivation derivation() const { return Derivation(reports_); }
  std::map<RowKey, Standing> standing() const { return derivation().StandingOf(rows_); }
  Decimal sold() const {
    Decimal sum;
    for (const auto& [key, standing] : standing()) sum += quantities_.at(standing.digest);
    return sum;
  }
  const std::vector<RankedRow>& rows() const { return rows_; }

 private:
  int arrivals_ = 0;
  std::vector<RankedReport> reports_;
  std::vector<RankedRow> rows_;
  std::map<std::string, Decimal> quantities_;
};

Decimal SoldBy(const std::vector<File>& files) {
  Reports reports;
  for (const File& file : files) reports.Add(file);
  return reports.sold();
}

// The files of a dealer in June: the first one sent twice, then corrected; the second one overlaps both.
const File kF1{"2026-06-01",          "2026-06-15", 1, {{"2026-06-05", "25", "", 0}, {"2026-06-12", "15", "", 0}},
               ReportMode::kSnapshot, "f1"};
const File kF2{"2026-06-10",
               "2026-06-30",
               1,
               {{"2026-06-12", "15", "", 0}, {"2026-06-20", "10", "", 0}, {"2026-06-20", "10", "", 0}},
               ReportMode::kSnapshot,
               "f2"};
const File kF1Corrected{
    "2026-06-01",          "2026-06-15", 2, {{"2026-06-05", "25", "", 0}, {"2026-06-12", "14", "", 0}},
    ReportMode::kSnapshot, "f1'"};

TEST(DerivationTest, FiftyNineWereSoldInAnyOrder) {
  std::vector<File> files = {kF1, kF1, kF2, kF1Corrected};
  std::vector<int> order = {0, 1, 2, 3};
  do {
    std::vector<File> arriving;
    for (const int i : order) arriving.push_back(files[i]);
    EXPECT_EQ(SoldBy(arriving), Dec("59"));
  } while (std::next_permutation(order.begin(), order.end()));
  EXPECT_EQ(SoldBy({kF1, kF2}), Dec("60"));
}

TEST(DerivationTest, Cases) {
  using R = std::vector<std::tuple<const char*, const char*, const char*, int>>;
  const auto snapshot = [](int64_t revision, R rows, std::string content = "c") {
    return File{"2026-06-01", "2026-06-30", revision, std::move(rows), ReportMode::kSnapshot, std::move(content)};
  };
  const auto append = [](int64_t revision, R rows, std::string content = "a") {
    return File{"2026-06-01", "2026-06-30", revision, std::move(rows), ReportMode::kAppend, std::move(content)};
  };
  struct Case {
    const char* what;
    std::vector<File> files;
    const char* sold;
  };
  const Case cases[] = {
      {"nothing", {}, "0"},
      {"equal rows are two sales", {snapshot(1, {{"2026-06-05", "5", "", 0}, {"2026-06-05", "5", "", 0}})}, "10"},
      {"a later revision replaces what it covers",
       {snapshot(1, {{"2026-06-05", "5", "", 0}, {"2026-06-06", "7", "", 0}}),
        snapshot(2, {{"2026-06-05", "6", "", 0}})},
       "6"},
      {"an empty one, too", {snapshot(1, {{"2026-06-05", "5", "", 0}}), snapshot(2, {})}, "0"},
      {"of equal revisions the content decides",
       {snapshot(1, {{"2026-06-05", "5", "", 0}}, "b"), snapshot(1, {{"2026-06-05", "6", "", 0}}, "a")},
       "5"},
      {"additions of one row are one",
       {append(1, {{"2026-06-05", "5", "", 0}}), append(2, {{"2026-06-05", "5", "", 0}}, "b")},
       "5"},
      {"of different rows, both",
       {append(1, {{"2026-06-05", "5", "", 0}}), append(2, {{"2026-06-05", "6", "", 0}}, "b")},
       "11"},
      {"a later snapshot replaces additions",
       {append(1, {{"2026-06-05", "5", "", 0}}), snapshot(2, {{"2026-06-05", "6", "", 0}})},
       "6"},
      {"a later addition is added to it",
       {append(3, {{"2026-06-05", "5", "", 0}}), snapshot(2, {{"2026-06-05", "6", "", 0}})},
       "11"},
      {"a document's line is one, the later revision of it",
       {append(1, {{"2026-06-05", "5", "INV-1", 1}}), append(2, {{"2026-06-05", "6", "INV-1", 1}}, "b")},
       "6"},
      {"and on whichever day",
       {append(2, {{"2026-06-09", "6", "INV-1", 1}}), append(1, {{"2026-06-05", "5", "INV-1", 1}}, "b")},
       "6"},
      {"unless its own day says otherwise",
       {append(1, {{"2026-06-05", "5", "INV-1", 1}}), append(2, {{"2026-06-09", "6", "INV-1", 1}}, "b"),
        File{"2026-06-09", "2026-06-09", 3, {}, ReportMode::kSnapshot, "s"}},
       "5"},
  };
  for (const Case& c : cases) EXPECT_EQ(SoldBy(c.files), Dec(c.sold)) << c.what;
}

TEST(DerivationTest, DisagreementsAreOfOneRevisionAlone) {
  Reports reports;
  reports.Add(kF1);
  reports.Add(kF2);
  const Cell june12{Activity::kSellThrough, "main", Day("2026-06-12")};
  const Cell june20{Activity::kSellThrough, "main", Day("2026-06-20")};
  const Derivation derivation = reports.derivation();
  EXPECT_THAT(derivation.DisagreementsIn(june12, {{Id(1), "15"}, {Id(2), "15"}}), IsEmpty());
  // The second has the say, by its content; the first tells something else, or nothing.
  EXPECT_THAT(derivation.DisagreementsIn(june12, {{Id(1), "14"}, {Id(2), "15"}}),
              ElementsAre(Disagreement{june12, Id(2), Id(1)}));
  EXPECT_THAT(derivation.DisagreementsIn(june12, {{Id(2), "15"}}), ElementsAre(Disagreement{june12, Id(2), Id(1)}));
  EXPECT_THAT(derivation.DisagreementsIn(june20, {{Id(2), "15"}}), IsEmpty());  // the first does not cover it
  reports.Add(kF1Corrected);
  EXPECT_THAT(reports.derivation().DisagreementsIn(june12, {{Id(1), "15"}, {Id(2), "15"}, {Id(3), "14"}}), IsEmpty());
}

TEST(DerivationTest, ARepairBeatsWhatWasReadOfTheSameFile) {
  // One file, sent twice; row 3 could not be read, and was repaired in one of them, or in both.
  Reports reports;
  reports.Add(kF1);
  reports.Add(kF1);
  const Derivation derivation = reports.derivation();
  RankedRow first = reports.rows()[0];
  RankedRow repaired = reports.rows()[2];
  repaired.repaired = true;
  repaired.digest = "other";
  repaired.key.document = "other";
  auto standing = derivation.StandingOf({first, repaired});
  EXPECT_EQ(standing.size(), 1u);
  EXPECT_EQ(standing.begin()->second.digest, "other");
  RankedRow later = first;
  later.repaired = true;
  later.digest = later.key.document = "later";
  later.read_time = repaired.read_time + absl::Seconds(1);
  standing = derivation.StandingOf({later, repaired});
  ASSERT_EQ(standing.size(), 1u);
  EXPECT_EQ(standing.begin()->second.digest, "later");
}

TEST(StatesOfTest, OneBearsWhatStandsAndTheOthersRepeatIt) {
  const Cell cell{Activity::kSellThrough, "main", Day("2026-06-05")};
  const auto row = [&](int report, const char* digest, RowState state, int seconds, bool repaired = false) {
    return RankedRow{.report = Id(report),
                     .number = 2,
                     .cell = cell,
                     .digest = digest,
                     .repaired = repaired,
                     .read_time = absl::FromUnixSeconds(seconds),
                     .state = state};
  };
  using enum RowState;
  EXPECT_THAT(StatesOf({row(1, "a", kAccepted, 1), row(2, "a", kSuperseded, 2), row(3, "b", kSuperseded, 3)},
                       Standing{cell, "a"}),
              ElementsAre(kAccepted, kDuplicate, kSuperseded));
  // Nothing stood of it: the first that was read.
  EXPECT_THAT(StatesOf({row(1, "a", kSuperseded, 5), row(2, "a", kSuperseded, 2), row(3, "b", kAccepted, 3)},
                       Standing{cell, "a"}),
              ElementsAre(kDuplicate, kAccepted, kSuperseded));
  EXPECT_THAT(StatesOf({row(1, "a", kSuperseded, 5, true)}, Standing{cell, "a"}), ElementsAre(kRepaired));
  EXPECT_THAT(StatesOf({row(1, "a", kAccepted, 1)}, std::nullopt), ElementsAre(kSuperseded));
}

// Random files in random orders, each of them once or more often, their rows shuffled.
TEST(DerivationPropertyTest, NeitherOrderNorRepetitionMatters) {
  std::mt19937 random(20260601);
  const auto pick = [&](int n) { return static_cast<int>(random() % n); };
  static const char* const kDays[] = {"2026-06-01", "2026-06-02", "2026-06-03", "2026-06-04", "2026-06-05"};
  static const char* const kQuantities[] = {"1", "2", "-1"};
  static const char* const kDocuments[] = {"", "", "INV-1", "INV-2"};
  for (int round = 0; round < 2000; ++round) {
    std::vector<File> files;
    for (int f = 0, n = 1 + pick(5); f < n; ++f) {
      const int from = pick(5);
      const int to = from + pick(5 - from);
      File file{
          kDays[from],      kDays[to], 1 + pick(3), {}, pick(3) == 0 ? ReportMode::kAppend : ReportMode::kSnapshot,
          StrCat("file", f)};
      std::set<std::pair<std::string, int>> lines;
      for (int r = 0, rows = pick(6); r < rows; ++r) {
        const char* const document = kDocuments[pick(4)];
        const int line = *document == '\0' ? 0 : 1 + pick(2);
        if (line > 0 && !lines.insert({document, line}).second) continue;
        file.rows.emplace_back(kDays[from + pick(to - from + 1)], kQuantities[pick(3)], document, line);
      }
      files.push_back(std::move(file));
    }
    Reports in_order;
    for (const File& file : files) in_order.Add(file);
    std::vector<File> again = files;
    for (int extra = pick(3); extra > 0; --extra) again.push_back(files[pick(static_cast<int>(files.size()))]);
    std::shuffle(again.begin(), again.end(), random);
    Reports shuffled;
    for (File& file : again) {
      std::shuffle(file.rows.begin(), file.rows.end(), random);
      shuffled.Add(file);
    }
    const auto a = in_order.standing();
    const auto b = shuffled.standing();
    ASSERT_EQ(a.size(), b.size()) << "round " << round;
    EXPECT_EQ(a, b) << "round " << round;
  }
}

}  // namespace
}  // namespace tributary::inventory
