#include "incentive-service/statements/statement.h"

#include <algorithm>
#include <random>

#include "common/money/testing_decimal.h"
#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "incentive-service/closes/period_close.h"
#include "incentive-service/statements/entry.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

absl::Time At(std::string_view day) { return absl::UnixEpoch() + absl::Hours(24) * Day(day).days() + absl::Hours(12); }

// Retroactive 2 %, from 50,000 3 %, from 100,000 4 %, by ship date, on CNY.
Program Quarterly(ProgramState state = ProgramState::kActive) {
  Program program;
  program.id = "r1";
  program.version = 2;
  program.state = state;
  program.basis = Basis::kSellIn;
  program.terms = {
      {Shape::kRetroactive, Bound::kFrom, {{Decimal(), D("0.02")}, {D("50000"), D("0.03")}, {D("100000"), D("0.04")}}},
      "CNY"};
  program.effective = {Day("2026-01-01"), OpenEnd()};
  return program;
}

FactLine Line(std::string partner, std::string document, int64_t line, std::string_view day, std::string_view net,
              std::string currency = "CNY") {
  FactLine fact;
  fact.partner = std::move(partner);
  fact.document = std::move(document);
  fact.line = line;
  fact.fact = "shipments/" + fact.document + "/lines/" + std::to_string(line);
  fact.order_date = fact.order_basis = Day("2025-12-31");
  fact.ship_date = fact.ship_basis = Day(day);
  fact.product = "products/x";
  fact.quantity = D("1");
  fact.net = D(net);
  fact.currency = std::move(currency);
  return fact;
}

const Period kFirstQuarter{"2026Q1", {*Date::FromYmd(2026, 1, 1), *Date::FromYmd(2026, 4, 1)}};

TEST(StatementTest, StatesEachPartnerOnce) {
  std::vector<FactLine> lines = {
      Line("p2", "D9", 1, "2026-01-10", "1000.005"),    Line("p1", "D1", 1, "2026-01-15", "40000"),
      Line("p1", "D2", 1, "2026-02-20", "35617"),       Line("p1", "D3", 1, "2026-03-30", "20000.0050"),
      Line("p3", "D4", 1, "2026-03-30", "5000", "USD"), Line("p1", "D5", 1, "2026-03-30", "7", "USD"),
      Line("p4", "D6", 1, "2026-01-02", "100"),         Line("p4", "D6", 2, "2026-01-02", "-100"),
  };
  std::mt19937 random(1);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(lines.begin(), lines.end(), random);
    ASSERT_OK_AND_ASSIGN(const StatedPeriod stated, StatePeriod(Quarterly(), kFirstQuarter, lines, {}, {}));
    ASSERT_THAT(stated.entries, SizeIs(3));
    EXPECT_EQ(stated.lines, 6);
    EXPECT_EQ(stated.other_currency_lines, 2);
    EXPECT_EQ(stated.total, 286851 + 2000);

    const auto& [partner, first] = stated.entries[0];
    EXPECT_EQ(partner, "p1");
    EXPECT_EQ(first.kind, StatementEntryKind::kEarned);
    EXPECT_EQ(first.program, "r1");
    EXPECT_EQ(first.program_version, 2);
    EXPECT_EQ(first.scale, kFirstQuarter);
    EXPECT_EQ(first.counted_until, Day("2026-04-01"));
    EXPECT_EQ(first.pricing.lines, 3);
    EXPECT_EQ(first.pricing.amount, Rational(D("95617.0050")));
    EXPECT_EQ(first.amount(), 286851);
    EXPECT_THAT(first.lines, ElementsAre(StatementLine{1, "shipments/D1/lines/1", Day("2026-01-15"), "products/x",
                                                       D("1"), D("40000"), "CNY", 120000},
                                         StatementLine{2, "shipments/D2/lines/1", Day("2026-02-20"), "products/x",
                                                       D("1"), D("35617"), "CNY", 106851},
                                         StatementLine{3, "shipments/D3/lines/1", Day("2026-03-30"), "products/x",
                                                       D("1"), D("20000.005"), "CNY", 60000}));
    EXPECT_EQ(stated.entries[1].partner, "p2");
    EXPECT_EQ(stated.entries[1].entry.amount(), 2000);
    // Lines that cancel out are still stated, as 0.
    EXPECT_EQ(stated.entries[2].partner, "p4");
    EXPECT_EQ(stated.entries[2].entry.amount(), 0);
    EXPECT_THAT(stated.entries[2].entry.lines, SizeIs(2));
  }
}

TEST(StatementTest, NothingIsSaidOfAnEmptyPeriod) {
  ASSERT_OK_AND_ASSIGN(const StatedPeriod stated, StatePeriod(Quarterly(), kFirstQuarter, {}, {}, {}));
  EXPECT_THAT(stated.entries, IsEmpty());
  EXPECT_EQ(stated.total, 0);
}

TEST(StatementTest, MovesByVerbs) {
  enum Verb { kIssue, kIssueAfterDraft, kAccept, kSettle, kSettleByIssuer };
  constexpr Reason kNone = Reason::kUnspecified, kState = Reason::kStateConflict;
  const struct {
    StatementState state;
    Verb verb;
    StatementState after;
    Reason reason;
  } kCases[] = {
      {StatementState::kDraft, kIssue, StatementState::kIssued, kNone},
      {StatementState::kDraft, kIssueAfterDraft, {}, kState},
      {StatementState::kDraft, kAccept, {}, kState},
      {StatementState::kDraft, kSettle, {}, kState},
      {StatementState::kIssued, kIssue, {}, kState},
      {StatementState::kIssued, kAccept, StatementState::kAccepted, kNone},
      {StatementState::kIssued, kSettle, StatementState::kSettled, kNone},
      {StatementState::kIssued, kSettleByIssuer, {}, Reason::kSecondPersonRequired},
      {StatementState::kAccepted, kIssue, {}, kState},
      {StatementState::kAccepted, kAccept, {}, kState},
      {StatementState::kAccepted, kSettle, StatementState::kSettled, kNone},
      {StatementState::kAccepted, kSettleByIssuer, {}, Reason::kSecondPersonRequired},
      {StatementState::kPartDisputed, kIssue, {}, kState},
      {StatementState::kPartDisputed, kAccept, {}, kState},
      {StatementState::kPartDisputed, kSettle, StatementState::kPartDisputed, kNone},
      {StatementState::kPartDisputed, kSettleByIssuer, {}, Reason::kSecondPersonRequired},
      {StatementState::kSettled, kIssue, {}, kState},
      {StatementState::kSettled, kAccept, {}, kState},
      {StatementState::kSettled, kSettleByIssuer, {}, kState},
  };
  const absl::Time now = At("2026-04-05");
  for (const auto& c : kCases) {
    Statement statement{.partner = "p1", .number = 1, .state = c.state, .issued_by = "finance-1"};
    const absl::StatusOr<Statement> moved = c.verb == kAccept ? Accept(statement, now)
                                            : c.verb >= kSettle
                                                ? Settle(statement, c.verb == kSettle ? "finance-2" : "finance-1", now)
                                                : Issue(statement, "finance-1", c.verb == kIssueAfterDraft, now);
    EXPECT_EQ(moved.ok(), c.reason == kNone) << static_cast<int>(c.state) << " " << c.verb;
    if (!moved.ok()) {
      EXPECT_THAT(moved, HasReason(c.reason)) << static_cast<int>(c.state) << " " << c.verb;
      continue;
    }
    EXPECT_EQ(moved->state, c.after);
    EXPECT_EQ(moved->version, 2);
    EXPECT_EQ(moved->issue_time.has_value(), c.verb == kIssue);
  }
}

TEST(StatementTest, NamesReadBack) {
  ASSERT_OK_AND_ASSIGN(const StatementKey key, ParseStatementName("partners/p1/statements/12"));
  EXPECT_EQ(key.partner, "p1");
  EXPECT_EQ(key.number, 12);
  for (const char* name :
       {"partners/p1/statements/x", "partners/p1/statements/1x", "partners/p1/statements/0",
        "partners/p1/statements/-1", "partners/p1/statements/01", "partners/p1/statements/99999999999999999999"}) {
    EXPECT_THAT(ParseStatementName(name), HasReason(Reason::kNotFound)) << name;
  }
  EXPECT_THAT(ParseStatementName("partners/p1", "parent"), Blames("parent"));
}

TEST(PeriodCloseTest, IsRefusedInThisOrder) {
  Program ended = Quarterly(ProgramState::kEnded);
  ended.effective.end = Day("2026-07-01");
  const Program active = Quarterly(), draft = Quarterly(ProgramState::kDraft);
  Program yearly = Quarterly();
  yearly.period = PeriodKind::kYear;
  yearly.payout_period = PeriodKind::kQuarter;
  const struct {
    const char* what;
    const Program* program;
    const char* period;
    const char* today;
    bool closed;
    bool open_before;
    Reason reason;
  } kCases[] = {
      {"a draft, whatever else", &draft, "2026X", "2026-03-01", true, true, Reason::kStateConflict},
      {"no period", &active, "2026X", "2026-03-01", true, true, Reason::kInvalidField},
      {"before the program", &active, "2025Q4", "2026-03-01", true, true, Reason::kInvalidField},
      {"after the program", &ended, "2026Q3", "2027-03-01", true, true, Reason::kInvalidField},
      {"its last day", &active, "2026Q1", "2026-03-31", true, true, Reason::kPeriodNotEnded},
      {"long before", &active, "2030Q1", "2026-03-31", false, true, Reason::kPeriodNotEnded},
      {"the second time", &active, "2026Q1", "2026-04-01", true, true, Reason::kPeriodClosed},
      {"before the one before it", &yearly, "2026Q2", "2026-07-01", false, true, Reason::kStateConflict},
      {"the day after", &active, "2026Q1", "2026-04-01", false, false, Reason::kUnspecified},
      {"of a program that has ended", &ended, "2026Q2", "2027-04-01", false, false, Reason::kUnspecified},
  };
  for (const auto& c : kCases) {
    const absl::StatusOr<Period> period = DecideClose(*c.program, c.period, At(c.today), c.closed, c.open_before);
    EXPECT_EQ(period.ok(), c.reason == Reason::kUnspecified) << c.what;
    if (period.ok()) {
      EXPECT_EQ(period->id, c.period);
    } else {
      EXPECT_THAT(period, HasReason(c.reason)) << c.what;
    }
  }
}

TEST(PeriodCloseTest, NamesReadBack) {
  ASSERT_OK_AND_ASSIGN(const CloseKey key, ParseCloseName("programs/growth/closes/2013Q4"));
  EXPECT_EQ(key.program, "growth");
  EXPECT_EQ(key.period, "2013Q4");
  EXPECT_THAT(ParseCloseName("programs/growth"), Blames("name"));
}

}  // namespace
}  // namespace tributary::incentive
