#include "inventory-service/reconciliation/reconciliation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"

namespace tributary::inventory {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1780000000);

ReconciliationKey Key(std::optional<std::string> lot = std::nullopt) {
  return {
      .partner = "acme", .product = "bike", .lot = std::move(lot), .from = Day("2026-06-01"), .to = Day("2026-06-09")};
}
ReconciliationFigures Figures(std::optional<Decimal> reported, int64_t book) {
  ReconciliationFigures figures{.reported = reported, .book = D(book)};
  if (figures.gap().has_value()) figures.explanation = Explain(*figures.gap(), {});
  return figures;
}

TEST(ReconciliationTest, NamesAreReadAsTheyAreWritten) {
  for (const std::optional<std::string>& lot : {std::optional<std::string>(), std::optional<std::string>(""),
                                                std::optional<std::string>("L9"), std::optional<std::string>("L.9.")}) {
    const ReconciliationKey key = Key(lot);
    EXPECT_EQ(ParseReconciliationSegment("acme", SegmentOf(key)), key) << SegmentOf(key);
  }
  EXPECT_EQ(NameOf(Key()), "partners/acme/reconciliations/2026-06-01.2026-06-09.bike");
  EXPECT_EQ(SegmentOf(Key("")), "2026-06-01.2026-06-09.bike.");
  EXPECT_EQ(SegmentOf(Key("L9")), "2026-06-01.2026-06-09.bike.L9");
  for (const char* none : {"", "no-such-thing", "987654", "2026-06-01.2026-06-09", "2026-06-01.2026-06-09.",
                           "2026-06-01.2026-06-09..L9", "2026-06-31.2026-06-09.bike", "2026-06-01-2026-06-09.bike"}) {
    EXPECT_EQ(ParseReconciliationSegment("acme", none), std::nullopt) << none;
  }
}

TEST(ReconciliationTest, Periods) {
  const Date today = Day("2026-06-30");
  struct Case {
    const char* from;
    const char* to;
    const char* want;  // "" where it is one
  };
  for (const Case& test :
       {Case{"2026-06-01", "2026-06-30", ""}, Case{"2026-06-30", "2026-06-30", ""},
        Case{"2026-06-30", "2026-06-29", "want 2026-06-30 or later"}, Case{"2025-05-27", "2026-06-30", ""},
        Case{"2025-05-26", "2026-06-30", "want at most 400 days"},
        Case{"2026-06-30", "2026-07-01", "want no day after 2026-06-30"}}) {
    const absl::Status status = CheckPeriod(Day(test.from), Day(test.to), today);
    EXPECT_EQ(status.ok(), std::string_view(test.want).empty()) << status;
    EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr(test.want));
  }
}

TEST(ReconciliationTest, NoReportIsNotZero) {
  struct Case {
    std::optional<Decimal> reported;
    int64_t book;
    ReconciliationState want;
  };
  for (const Case& test :
       {Case{std::nullopt, 0, ReconciliationState::kUnknown}, Case{std::nullopt, 5, ReconciliationState::kUnknown},
        Case{D(5), 5, ReconciliationState::kMatched}, Case{D(0), 0, ReconciliationState::kMatched},
        Case{D(0), 5, ReconciliationState::kUnexplained}, Case{D(5), 0, ReconciliationState::kUnexplained}}) {
    EXPECT_EQ(Figures(test.reported, test.book).state(), test.want);
  }
  ReconciliationFigures explained = Figures(D(7), 5);
  explained.explanation = Explain(D(2), {{.fact = "a", .units = D(2)}});
  EXPECT_EQ(explained.state(), ReconciliationState::kExplained);
}

TEST(ReconciliationTest, ARunThatFindsTheSameChangesNothing) {
  const auto first = Rerun(nullptr, Key(), Figures(D(7000), 6500), kNow);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(first->revision, 1);
  EXPECT_EQ(first->version, 1);
  EXPECT_EQ(Rerun(&*first, Key(), Figures(D(7000), 6500), kNow + absl::Hours(1)), std::nullopt);

  const auto accepted = Accept(*first, first->figures, "ann", "recounted", kNow);
  ASSERT_OK(accepted);
  EXPECT_EQ(accepted->version, 2);
  EXPECT_EQ(accepted->revision, 1);
  EXPECT_EQ(Rerun(&*accepted, Key(), Figures(D(7000), 6500), kNow), std::nullopt);
  const auto second = Rerun(&*accepted, Key(), Figures(D(7000), 6200), kNow + absl::Hours(1));
  ASSERT_TRUE(second.has_value());
  EXPECT_EQ(second->revision, 2);
  EXPECT_EQ(second->version, 3);
  EXPECT_EQ(second->uid, first->uid);
  EXPECT_EQ(second->create_time, kNow);
  EXPECT_EQ(second->run_time, kNow + absl::Hours(1));
  EXPECT_EQ(second->acceptance, std::nullopt) << "nobody has accepted these";
}

TEST(ReconciliationTest, RefusalsOfAccept) {
  struct Case {
    const char* name;
    ReconciliationFigures figures;
    bool accepted;
    ReconciliationFigures current;
    Reason want;
  };
  const ReconciliationFigures gap = Figures(D(7000), 6500);
  const ReconciliationFigures later = Figures(D(7000), 6200);
  const ReconciliationFigures unknown = Figures(std::nullopt, 6500);
  for (const Case& test : {Case{"unknown", unknown, true, later, Reason::kStateConflict},
                           Case{"accepted", gap, true, later, Reason::kStateConflict},
                           Case{"changed", gap, false, later, Reason::kEtagMismatch},
                           Case{"report taken back", gap, false, unknown, Reason::kEtagMismatch}}) {
    SCOPED_TRACE(test.name);
    Reconciliation reconciliation = *Rerun(nullptr, Key(), test.figures, kNow);
    if (test.accepted) reconciliation.acceptance = Acceptance{"ann", kNow, ""};
    EXPECT_THAT(Accept(reconciliation, test.current, "bob", "", kNow), HasReason(test.want));
  }
}

}  // namespace
}  // namespace tributary::inventory
