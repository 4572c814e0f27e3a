#include "incentive-service/statements/statement_store.h"

#include <memory>

#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/closes/period_close_store.h"
#include "incentive-service/operations/operation_store.h"
#include "incentive-service/simulations/simulation_store.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"
#include "tributary/incentive/v1/period_close.pb.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class StatementStoreTest : public ::testing::Test {
 protected:
  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::incentive()});
};

const Period kFirstQuarter{"2026Q1", {*Date::FromYmd(2026, 1, 1), *Date::FromYmd(2026, 4, 1)}};

TEST_F(StatementStoreTest, NumbersEachPartnersStatementsWithoutGaps) {
  StatementStore store;
  const Period second = PeriodOf(PeriodKind::kQuarter, DayFrom("2026-04-01"));
  const auto close = [&](const Period& period, std::vector<std::string> partners, std::string program = "growth") {
    std::vector<FactLine> lines;
    for (const std::string& partner : partners) {
      for (int i = 1; i <= 3; ++i) {
        lines.push_back(ShipmentOf(partner, "SO", i, i, period.range.start.ToString(), "2026-04-05", "1000.0001"));
      }
    }
    Program growth = GrowthProgram(program);
    growth.state = ProgramState::kActive;
    int64_t touched = 0;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const StatedPeriod stated, StatePeriod(growth, period, lines, {}, {}));
      ASSIGN_OR_RETURN(touched, store.AddToDrafts(sql, StatementKind::kRegular, period, "USD", stated.entries,
                                                  InstantFrom("2026-08-01")));
      return absl::OkStatus();
    });
    return touched;
  };
  EXPECT_EQ(close(kFirstQuarter, {"p1", "p2"}), 2);
  EXPECT_EQ(close(second, {"p2", "p3"}), 2);
  EXPECT_EQ(close(PeriodOf(PeriodKind::kQuarter, DayFrom("2026-07-01")), {}), 0);
  // Another program's close of a period adds to the drafts that are there.
  EXPECT_EQ(close(second, {"p3", "p4"}, "more"), 2);

  const auto list = [&](std::optional<std::string> partner, StatementKey after, const std::string& filter, int limit,
                        bool drafts_too = true) {
    std::vector<std::string> names;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      names.clear();
      ASSIGN_OR_RETURN(const SqlPredicate where, ParseFilter(filter, StatementStore::FilterFields()));
      ASSIGN_OR_RETURN(const std::vector<Statement> statements,
                       store.List(sql, partner, after, where, drafts_too, limit));
      for (const Statement& statement : statements) {
        names.push_back(statement.name() + " " + statement.period.id + " " + std::to_string(statement.entries.size()));
      }
      return absl::OkStatus();
    });
    return names;
  };
  EXPECT_THAT(list(std::nullopt, {}, "", 10),
              ElementsAre("partners/p1/statements/1 2026Q1 1", "partners/p2/statements/1 2026Q1 1",
                          "partners/p2/statements/2 2026Q2 1", "partners/p3/statements/1 2026Q2 2",
                          "partners/p4/statements/1 2026Q2 1"));
  EXPECT_THAT(list(std::nullopt, {"p2", 1}, "", 1), ElementsAre("partners/p2/statements/2 2026Q2 1"));
  EXPECT_THAT(list("p2", {}, "", 10), SizeIs(2));
  EXPECT_THAT(list(std::nullopt, {}, "period = \"2026Q2\" AND kind = REGULAR", 10), SizeIs(3));
  EXPECT_THAT(list(std::nullopt, {}, "kind = TRUE_UP", 10), IsEmpty());
  EXPECT_THAT(list(std::nullopt, {}, "state = DRAFT", 10), SizeIs(5));
  EXPECT_THAT(list(std::nullopt, {}, "", 10, false), IsEmpty());

  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Statement statement, store.Get(sql, {"p3", 1}));
    EXPECT_EQ(statement.total, 6000);
    EXPECT_EQ(statement.line_count, 6);
    EXPECT_EQ(statement.version, 2);
    EXPECT_EQ(statement.create_time, InstantFrom("2026-08-01"));
    EXPECT_EQ(statement.entries[1].program, "more");
    EXPECT_EQ(statement.entries[1].pricing.amount, Rational(DecimalFrom("3000.0003")));
    EXPECT_EQ(statement.entries[1].amount(), 3000);
    EXPECT_THAT(store.Get(sql, {"p2", 3}), HasReason(Reason::kNotFound));
    ASSIGN_OR_RETURN(const std::vector<StatementLine> lines, store.ListLines(sql, {"p3", 1}, 1, 2, 10));
    EXPECT_THAT(lines, SizeIs(4));
    EXPECT_EQ(lines[0].ordinal, 3);
    EXPECT_EQ(lines[0].fact, "shipments/SO/lines/3");
    EXPECT_EQ(lines[1].entry, 2);
    EXPECT_EQ(lines[1].share, 1000);
    ASSIGN_OR_RETURN(const StatedAmounts stated, store.Stated(sql, "growth", "2026Q2"));
    EXPECT_THAT(stated, ElementsAre(std::pair("p2", 3000), std::pair("p3", 3000)));
    EXPECT_THAT(store.EarlierIsDraft(sql, {"p2", 2}), IsOkAndHolds(true));
    EXPECT_THAT(store.EarlierIsDraft(sql, {"p2", 1}), IsOkAndHolds(false));
    EXPECT_THAT(store.CountDrafts(sql, "2026Q2", std::nullopt), IsOkAndHolds(3));
    ASSIGN_OR_RETURN(std::vector<Statement> drafts, store.DraftsForUpdate(sql, "2026Q1", "p2", 10));
    EXPECT_THAT(drafts, SizeIs(1));
    Statement issued = *Issue(drafts[0], "finance-1", false, InstantFrom("2026-08-02"));
    issued.hash = "abc";
    RETURN_IF_ERROR(store.Update(sql, issued));
    EXPECT_THAT(store.Update(sql, issued), HasReason(Reason::kConflictRetry));
    EXPECT_THAT(store.HashBefore(sql, {"p2", 2}), IsOkAndHolds("abc"));
    ASSIGN_OR_RETURN(const Statement again, store.Get(sql, {"p2", 1}));
    EXPECT_EQ(again.state, StatementState::kIssued);
    EXPECT_EQ(again.issued_by, "finance-1");
    EXPECT_EQ(again.issue_time, InstantFrom("2026-08-02"));
    Statement paid = again;
    paid.payments.push_back({"p9", 7, DayFrom("2026-08-03")});
    RETURN_IF_ERROR(store.SaveLastPayment(sql, paid));
    paid.payments.push_back({"p2", -5, DayFrom("2026-08-04")});
    RETURN_IF_ERROR(store.SaveLastPayment(sql, paid));
    ASSIGN_OR_RETURN(const Statement settled, store.Get(sql, {"p2", 1}));
    EXPECT_EQ(settled.payments, paid.payments);
    return absl::OkStatus();
  });
}

TEST_F(StatementStoreTest, WhatWasConvertedIsKept) {
  StatementStore store;
  StatementEntry entry{
      .program = "fx", .scale = kFirstQuarter, .counted_until = kFirstQuarter.range.end, .close_period = "2026Q1"};
  entry.pricing.converted = {
      {"EUR", DayFrom("2026-01-05"), DecimalFrom("-10.000001"), 2, std::nullopt},
      {"USD", DayFrom("2026-02-20"), DecimalFrom("5000"), 1, *Rational::ParseDecimal("7.123456789012")}};
  entry.pricing.lines = 3;
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(
        store.AddToDrafts(sql, StatementKind::kTrueUp, kFirstQuarter, "CNY", {{"p1", entry}}, InstantFrom("2026-08-01"))
            .status());
    ASSIGN_OR_RETURN(const Statement read, store.Get(sql, {"p1", 1}));
    const std::vector<ConvertedAmount>& converted = read.entries[0].pricing.converted;
    EXPECT_EQ(converted.size(), 2);
    EXPECT_EQ(converted[0].rate, std::nullopt);
    EXPECT_EQ(converted[0].amount, DecimalFrom("-10.000001"));
    EXPECT_EQ(converted[1].rate, entry.pricing.converted[1].rate);
    EXPECT_EQ(read.entries[0].pricing.unpriced_lines, 2);
    return absl::OkStatus();
  });
}

TEST_F(StatementStoreTest, WhatABudgetLeftIsKept) {
  StatementStore store;
  StatementEntry entry{
      .program = "g", .scale = kFirstQuarter, .counted_until = kFirstQuarter.range.end, .close_period = "2026Q1"};
  entry.value = 343949;
  entry.budget = BudgetSteps{360000, 343949, {.factor = *Rational::ParseDecimal("0.955414013")}};
  StatementEntry by_event = entry;
  by_event.program = "h";
  by_event.budget = BudgetSteps{360000, 343949, {.used_up_on = DayFrom("2026-03-30")}};
  StatementEntry enough = entry;
  enough.program = "i";
  enough.budget = BudgetSteps{343949, 343949, {}};
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(store
                        .AddToDrafts(sql, StatementKind::kRegular, kFirstQuarter, "CNY",
                                     {{"p1", entry}, {"p1", by_event}, {"p1", enough}}, InstantFrom("2026-08-01"))
                        .status());
    ASSIGN_OR_RETURN(const Statement read, store.Get(sql, {"p1", 1}));
    EXPECT_EQ(read.entries.size(), 3u);
    EXPECT_TRUE(read.entries[0].budget == entry.budget);
    EXPECT_TRUE(read.entries[1].budget == by_event.budget);
    EXPECT_TRUE(read.entries[2].budget == enough.budget);
    return absl::OkStatus();
  });
}

TEST_F(StatementStoreTest, WhatACapOfClawbacksLeavesIsKept) {
  StatementStore store;
  // Paid by months: of the open quarter 120.00 and then 100.00 were stated, of the closed one 150.00 and then 140.00.
  StatementEntry entry{
      .program = "g", .scale = kFirstQuarter, .counted_until = DayFrom("2026-03-01"), .close_period = "2026-02"};
  std::vector<PartnerEntry> entries;
  const auto add = [&](StatementEntryKind kind, int64_t value, int64_t before,
                       const std::optional<ClawbackSteps>& steps = {}) {
    entry.kind = kind;
    entry.value = value;
    entry.stated_before = before;
    entry.clawback = steps;
    entries.push_back({"p1", entry});
  };
  add(StatementEntryKind::kEarned, 12000, 0);
  entry.counted_until = kFirstQuarter.range.end;
  add(StatementEntryKind::kEarned, 10000, 12000);
  add(StatementEntryKind::kTrueUp, 15000, 10000, ClawbackSteps{10000, 9000, 0, 0});
  add(StatementEntryKind::kTrueUp, 14000, 15000, ClawbackSteps{15000, 14000, 3000, 0});
  add(StatementEntryKind::kTrueUp, 14000, 14000, ClawbackSteps{15000, 14000, 2999, 3000});
  entry.guarantee = GuaranteeSteps{};
  add(StatementEntryKind::kGuarantee, 99999, 0);
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    EXPECT_THAT(
        store.AddToDrafts(sql, StatementKind::kRegular, kFirstQuarter, "CNY", entries, InstantFrom("2026-08-01")),
        IsOkAndHolds(1));
    ASSIGN_OR_RETURN(const Statement read, store.Get(sql, {"p1", 1}));
    EXPECT_EQ(read.entries.size(), 6u);
    for (size_t i = 0; i < read.entries.size(); ++i) {
      EXPECT_TRUE(read.entries[i].clawback == entries[i].entry.clawback) << i;
    }
    EXPECT_EQ(read.entries[3].worth(), 11000);
    ASSIGN_OR_RETURN(const auto clawed, store.Clawed(sql, "g", "2026Q1"));
    EXPECT_THAT(clawed, ElementsAre(std::pair("p1", ClawedPeriod{15000, 2999})));
    ASSIGN_OR_RETURN(const auto own, store.Clawed(sql, "g", "2026Q1", "p1"));
    EXPECT_EQ(own, clawed);
    ASSIGN_OR_RETURN(const auto others, store.Clawed(sql, "g", "2026Q1", "p2"));
    EXPECT_THAT(others, IsEmpty());
    ASSIGN_OR_RETURN(const auto other_period, store.Clawed(sql, "g", "2026Q2"));
    EXPECT_THAT(other_period, IsEmpty());
    return absl::OkStatus();
  });
  // What only waives is of the statement too.
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    EXPECT_THAT(
        store.AddToDrafts(sql, StatementKind::kRegular, kFirstQuarter, "CNY", {entries[4]}, InstantFrom("2026-08-02")),
        IsOkAndHolds(1));
    return absl::OkStatus();
  });
}

TEST_F(StatementStoreTest, WhatIsCarriedAndMatchedIsKept) {
  StatementStore store;
  StatementEntry entry{
      .program = "g", .scale = kFirstQuarter, .counted_until = kFirstQuarter.range.end, .close_period = "2026Q1"};
  entry.pricing.carried.Add({"2025Q3", DecimalFrom("-10.000001"), DecimalFrom("-5")});
  entry.pricing.carried.Add({"2025Q4", DecimalFrom("3"), DecimalFrom("7.5")});
  entry.pricing.lines = 3;
  StatementLine line{.ordinal = 1, .fact = "shipments/D/lines/1", .basis_date = DayFrom("2026-01-05")};
  line.currency = "USD";
  entry.lines.push_back(line);
  for (const char* sale : {"", "shipments/D/lines/1"}) {
    ++line.ordinal;
    line.fact = "shipments/R/lines/1";
    line.matched = sale;
    entry.lines.push_back(line);
  }
  StatementEntry plain = entry;
  plain.program = "h";
  plain.pricing.carried = {};
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(store
                        .AddToDrafts(sql, StatementKind::kRegular, kFirstQuarter, "USD", {{"p1", entry}, {"p1", plain}},
                                     InstantFrom("2026-08-01"))
                        .status());
    ASSIGN_OR_RETURN(const Statement read, store.Get(sql, {"p1", 1}));
    EXPECT_EQ(read.entries[0].pricing.carried, entry.pricing.carried);
    EXPECT_EQ(read.entries[0].pricing.carried.amount, DecimalFrom("-7.000001"));
    EXPECT_EQ(read.entries[1].pricing.carried, Carried());
    ASSIGN_OR_RETURN(const std::vector<StatementLine> lines, store.Lines(sql, {"p1", 1}));
    EXPECT_THAT(lines, SizeIs(6));
    for (size_t i = 0; i < lines.size(); ++i) EXPECT_EQ(lines[i].matched, entry.lines[i % 3].matched) << i;
    ASSIGN_OR_RETURN(const std::vector<StatementLine> last, store.ListLines(sql, {"p1", 1}, 2, 2, 10));
    EXPECT_THAT(last, SizeIs(1));
    EXPECT_EQ(last[0].matched, "shipments/D/lines/1");
    return absl::OkStatus();
  });
}

TEST_F(StatementStoreTest, WhatWasBroughtAlongIsKept) {
  StatementStore store;
  StatementEntry entry{
      .program = "g", .scale = kFirstQuarter, .counted_until = kFirstQuarter.range.end, .close_period = "2026Q1"};
  StatementEntry plain = entry;
  plain.program = "h";
  entry.pricing.carried.opening =
      OpeningVolume{"openingBalances/live", "GL-1", DecimalFrom("15000.000001"), DecimalFrom("7.5"), 15000};
  entry.value = 20000;
  entry.stated_before = 15000;
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(store
                        .AddToDrafts(sql, StatementKind::kRegular, kFirstQuarter, "USD", {{"p1", entry}, {"p1", plain}},
                                     InstantFrom("2026-08-01"))
                        .status());
    ASSIGN_OR_RETURN(const Statement read, store.Get(sql, {"p1", 1}));
    EXPECT_EQ(read.entries[0].pricing.carried, entry.pricing.carried);
    EXPECT_EQ(read.entries[1].pricing.carried, Carried());
    return absl::OkStatus();
  });
}

TEST_F(StatementStoreTest, WhatUnitsCostIsKept) {
  StatementStore store;
  StatementEntry entry{
      .program = "margin", .scale = kFirstQuarter, .counted_until = kFirstQuarter.range.end, .close_period = "2026Q1"};
  entry.pricing.margin = {DecimalFrom("100.5"), Rational(100000000001, 1000000000), 1};
  entry.pricing.lines = 3;
  StatementLine line{.ordinal = 1, .fact = "shipments/D/lines/1", .basis_date = DayFrom("2026-01-05")};
  line.currency = "USD";
  for (const std::optional<Rational>& cost :
       {std::optional(Rational(33333333333, 1000000000)), std::optional<Rational>(), std::optional(Rational())}) {
    line.unit_cost = cost;
    entry.lines.push_back(line);
    ++line.ordinal;
  }
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(
        store
            .AddToDrafts(sql, StatementKind::kRegular, kFirstQuarter, "USD", {{"p1", entry}}, InstantFrom("2026-08-01"))
            .status());
    ASSIGN_OR_RETURN(const Statement read, store.Get(sql, {"p1", 1}));
    EXPECT_EQ(read.entries[0].pricing.margin, entry.pricing.margin);
    EXPECT_TRUE(read.entries[0].pricing.waits());
    ASSIGN_OR_RETURN(const std::vector<StatementLine> lines, store.Lines(sql, {"p1", 1}));
    EXPECT_THAT(lines, SizeIs(3));
    for (size_t i = 0; i < lines.size(); ++i) EXPECT_EQ(lines[i].unit_cost, entry.lines[i].unit_cost) << i;
    ASSIGN_OR_RETURN(const std::vector<StatementLine> last, store.ListLines(sql, {"p1", 1}, 1, 2, 10));
    EXPECT_THAT(last, SizeIs(1));
    EXPECT_EQ(last[0].unit_cost, Rational());
    return absl::OkStatus();
  });
}

TEST_F(StatementStoreTest, WhoseLinesCountIsKept) {
  StatementStore store;
  StatementEntry entry{
      .program = "g", .scale = kFirstQuarter, .counted_until = kFirstQuarter.range.end, .close_period = "2026Q1"};
  Baseline baseline;
  baseline.facts.reference = DecimalFrom("80");
  baseline.facts.predecessors = {"p2", "p3"};
  baseline.amount = Rational(DecimalFrom("80"));
  entry.pricing.baseline = baseline;
  entry.pricing.members = {{"p1", DecimalFrom("-3"), 1}, {"p2", DecimalFrom("40.5"), 2}};
  entry.pricing.lines = 2;
  StatementLine line{.ordinal = 1, .fact = "shipments/D/lines/1", .basis_date = DayFrom("2026-01-05")};
  line.currency = "USD";
  entry.lines.push_back(line);
  line.ordinal = 2;
  line.of_partner = "p2";
  entry.lines.push_back(line);
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(
        store
            .AddToDrafts(sql, StatementKind::kRegular, kFirstQuarter, "USD", {{"p1", entry}}, InstantFrom("2026-08-01"))
            .status());
    ASSIGN_OR_RETURN(const Statement read, store.Get(sql, {"p1", 1}));
    EXPECT_THAT(read.entries[0].pricing.baseline->facts.predecessors, ElementsAre("p2", "p3"));
    EXPECT_EQ(read.entries[0].pricing.members, entry.pricing.members);
    ASSIGN_OR_RETURN(const std::vector<StatementLine> lines, store.Lines(sql, {"p1", 1}));
    EXPECT_THAT(lines, SizeIs(2));
    EXPECT_EQ(lines[0].name("p1"), "partners/p1/shipments/D/lines/1");
    EXPECT_EQ(lines[1].name("p1"), "partners/p2/shipments/D/lines/1");
    return absl::OkStatus();
  });
}

TEST_F(StatementStoreTest, ClosesAreKept) {
  PeriodCloseStore store;
  PeriodClose close{.program = "growth",
                    .period = "2026Q1",
                    .program_version = 2,
                    .close_time = InstantFrom("2026-04-05"),
                    .watermark = {0, 5, 9223372036854775807},
                    .statements = 290,
                    .total = 123456789,
                    .currency = "USD",
                    .lines = 4700,
                    .other_currency_lines = 3,
                    .partner_watermark = {0, 9}};
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    EXPECT_THAT(store.IsClosed(sql, {"growth", "2026Q1"}), IsOkAndHolds(false));
    RETURN_IF_ERROR(store.Insert(sql, close));
    close.period = "2026Q2";
    return store.Insert(sql, close);
  });
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    EXPECT_THAT(store.IsClosed(sql, {"growth", "2026Q1"}), IsOkAndHolds(true));
    ASSIGN_OR_RETURN(const PeriodClose read, store.Get(sql, {"growth", "2026Q2"}));
    EXPECT_EQ(read.watermark, close.watermark);
    EXPECT_EQ(read.partner_watermark, close.partner_watermark);
    EXPECT_EQ(read.total, close.total);
    EXPECT_EQ(read.close_time, close.close_time);
    EXPECT_THAT(store.Get(sql, {"growth", "2026Q3"}), HasReason(Reason::kNotFound));
    ASSIGN_OR_RETURN(const SqlPredicate where,
                     ParseFilter("close_time > 2026-04-01T00:00:00Z", PeriodCloseStore::FilterFields()));
    ASSIGN_OR_RETURN(const std::vector<PeriodClose> closes, store.List(sql, "growth", "2026Q1", where, 10));
    EXPECT_THAT(closes, SizeIs(1));
    return absl::OkStatus();
  });
}

AccrualMove MoveOf(AccrualKey key, std::string_view amount, int64_t lines, int64_t other, absl::Time at) {
  const Date start = ParsePeriod(PeriodKind::kQuarter, key.period)->range.start;
  return {.key = std::move(key),
          .period_start = start,
          .sums = {.amount = DecimalFrom(amount), .lines = lines, .other_currency_lines = other},
          .at = at};
}

TEST_F(StatementStoreTest, AccrualsAddUpWhatIsForeign) {
  AccrualStore store;
  const absl::Time at = InstantFrom("2026-02-01");
  AccrualMove first = MoveOf({"p1", "growth", "2026Q1"}, "10", 3, 0, at);
  first.sums.foreign = {{{"USD", DayFrom("2026-01-05")}, {DecimalFrom("7"), 2}}};
  AccrualMove second = MoveOf({"p1", "growth", "2026Q2"}, "1", 2, 0, at);
  second.sums.foreign = {{{"USD", DayFrom("2026-01-05")}, {DecimalFrom("-7"), -2}},
                         {{"EUR", DayFrom("2026-04-05")}, {DecimalFrom("1"), 1}}};
  second.true_up_due = true;
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(store.Apply(sql, {first, second, MoveOf({"p2", "growth", "2026Q1"}, "5", 1, 0, at)}));
    ASSIGN_OR_RETURN(auto sums,
                     store.Sums(sql, "growth", {DayFrom("2026-01-01"), DayFrom("2026-04-01")}, std::nullopt));
    EXPECT_EQ(sums.size(), 2);
    EXPECT_EQ(sums["p1"].foreign, first.sums.foreign);
    ASSIGN_OR_RETURN(auto year, store.Sums(sql, "growth", {DayFrom("2026-01-01"), DayFrom("2027-01-01")}, "p1"));
    EXPECT_EQ(year["p1"].amount, DecimalFrom("11"));
    EXPECT_EQ(year["p1"].foreign.size(), 1) << "what cancels out is not there";
    for (int reading = 0; reading < 2; ++reading) {
      ASSIGN_OR_RETURN(const auto due, store.TrueUpsDue(sql, "growth"));
      EXPECT_THAT(due, ElementsAre(std::pair("p1", DayFrom("2026-04-01")))) << "reading forgets nothing";
    }
    RETURN_IF_ERROR(store.ForgetTrueUpsDue(sql, "growth"));
    EXPECT_THAT(store.TrueUpsDue(sql, "growth"), IsOkAndHolds(IsEmpty()));
    RETURN_IF_ERROR(store.LookAgain(sql, "growth", "p2", {DayFrom("2026-01-01"), DayFrom("2026-04-01")}));
    ASSIGN_OR_RETURN(const auto again, store.TrueUpsDue(sql, "growth"));
    EXPECT_THAT(again, ElementsAre(std::pair("p2", DayFrom("2026-01-01"))));
    return absl::OkStatus();
  });
}

TEST_F(StatementStoreTest, AccrualsWithoutLinesAreNotThere) {
  AccrualStore store;
  const auto apply = [&](std::vector<AccrualMove> moves) {
    InTransaction(*database_, [&](mysql::Transaction& sql) { return store.Apply(sql, moves); });
  };
  const AccrualKey key{"p1", "growth", "2026Q1"};
  const absl::Time at = InstantFrom("2026-02-01");
  apply({MoveOf(key, "10.000001", 2, 0, at)});
  apply({MoveOf(key, "-3", -1, 0, at - absl::Hours(1)), MoveOf({"p1", "growth", "2026Q2"}, "0", 0, 1, at),
         MoveOf({"p1", "other", "2026Q1"}, "5", 1, 0, at), MoveOf({"p2", "growth", "2026Q1"}, "5", 1, 0, at)});
  const auto list = [&](std::optional<std::string> partner, const AccrualKey& after, const std::string& filter) {
    std::vector<std::string> names;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      names.clear();
      ASSIGN_OR_RETURN(const SqlPredicate where, ParseFilter(filter, AccrualStore::FilterFields()));
      ASSIGN_OR_RETURN(const std::vector<Accrual> accruals, store.List(sql, partner, after, where, 10));
      for (const Accrual& accrual : accruals) names.push_back(accrual.key.name().substr(9));
      return absl::OkStatus();
    });
    return names;
  };
  EXPECT_THAT(list(std::nullopt, {}, ""), ElementsAre("p1/accruals/growth.2026Q1", "p1/accruals/growth.2026Q2",
                                                      "p1/accruals/other.2026Q1", "p2/accruals/growth.2026Q1"));
  EXPECT_THAT(list(std::nullopt, {"p1", "growth", "2026Q1"}, "period = \"2026Q1\""),
              ElementsAre("p1/accruals/other.2026Q1", "p2/accruals/growth.2026Q1"));
  EXPECT_THAT(list("p2", {}, "program = \"programs/growth\""), ElementsAre("p2/accruals/growth.2026Q1"));
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Accrual accrual, store.Get(sql, key));
    EXPECT_EQ(accrual.sums.amount, DecimalFrom("7.000001"));
    EXPECT_EQ(accrual.sums.lines, 1);
    EXPECT_EQ(accrual.update_time, at);
    EXPECT_FALSE(accrual.stated);
    return store.MarkStated(sql, "growth", kFirstQuarter);
  });
  EXPECT_THAT(list(std::nullopt, {}, "stated = true"),
              ElementsAre("p1/accruals/growth.2026Q1", "p2/accruals/growth.2026Q1"));

  apply({MoveOf(key, "-7.000001", -1, 0, at)});
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    EXPECT_THAT(store.Get(sql, key), HasReason(Reason::kNotFound));
    return store.DropFrom(sql, "growth", DayFrom("2026-04-01")).status();
  });
  EXPECT_THAT(list(std::nullopt, {}, ""), ElementsAre("p1/accruals/other.2026Q1", "p2/accruals/growth.2026Q1"));
}

// The row of who earns by lines of others is there without lines of its own, and keeps being there.
TEST_F(StatementStoreTest, AccrualsOfEarnersAreThere) {
  AccrualStore store;
  const AccrualKey key{"head", "growth", "2026Q1"};
  const absl::Time at = InstantFrom("2026-02-01");
  AccrualMove earner = MoveOf(key, "0", 0, 0, at);
  earner.rolled_up = true;
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(store.Apply(sql, {earner, MoveOf({"m1", "growth", "2026Q1"}, "5", 1, 0, at)}));
    RETURN_IF_ERROR(store.Apply(sql, {MoveOf(key, "0", 0, 0, at)}));
    ASSIGN_OR_RETURN(const Accrual accrual, store.Get(sql, key));
    EXPECT_TRUE(accrual.rolled_up);
    EXPECT_EQ(accrual.sums.lines, 0);
    ASSIGN_OR_RETURN(const Accrual member, store.Get(sql, {"m1", "growth", "2026Q1"}));
    EXPECT_FALSE(member.rolled_up);
    EXPECT_THAT(store.RolledUpKeys(sql, "growth"), IsOkAndHolds(ElementsAre(key)));
    RETURN_IF_ERROR(store.MarkStated(sql, "growth", kFirstQuarter));
    ASSIGN_OR_RETURN(const Accrual stated, store.Get(sql, key));
    EXPECT_TRUE(stated.stated);
    return absl::OkStatus();
  });
}

TEST_F(StatementStoreTest, SimulationsAndOperationsAreKept) {
  SimulationStore store;
  Simulation simulation{.id = "what-if",
                        .uid = Uuid::New(InstantFrom("2026-04-05")),
                        .create_time = InstantFrom("2026-04-05"),
                        .program = GrowthProgram(""),
                        .watermark = {3},
                        .result = {.periods = {{"2026Q1", 2, 350}, {"2026Q2", 1, 0}},
                                   .statements = 3,
                                   .total = 350,
                                   .lines = 9,
                                   .other_currency_lines = 1}};
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    RETURN_IF_ERROR(store.Insert(sql, simulation));
    EXPECT_THAT(store.Insert(sql, simulation), HasReason(Reason::kAlreadyExists));
    Simulation empty = simulation;
    empty.id = "zero";
    empty.result = {};
    return store.Insert(sql, empty);
  });
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const Simulation read, store.Get(sql, "what-if"));
    EXPECT_EQ(read.result.periods, simulation.result.periods);
    EXPECT_EQ(read.result.total, 350);
    EXPECT_EQ(read.program.terms, simulation.program.terms);
    EXPECT_EQ(read.program.effective, simulation.program.effective);
    EXPECT_EQ(read.watermark, simulation.watermark);
    EXPECT_THAT(store.Get(sql, "other"), HasReason(Reason::kNotFound));
    ASSIGN_OR_RETURN(const std::vector<Simulation> all, store.List(sql, "", {}, 10));
    EXPECT_THAT(all, SizeIs(2));
    EXPECT_EQ(all[0].result.periods, simulation.result.periods);
    EXPECT_THAT(all[1].result.periods, IsEmpty());
    return absl::OkStatus();
  });

  OperationStore operations;
  v1::PeriodClose close;
  close.set_name("programs/growth/closes/2026Q1");
  std::string name;
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const google::longrunning::Operation operation,
                     operations.Finish(sql, close, InstantFrom("2026-04-05")));
    name = operation.name();
    return absl::OkStatus();
  });
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const google::longrunning::Operation operation, operations.Get(sql, name));
    EXPECT_TRUE(operation.done());
    v1::PeriodClose read;
    EXPECT_TRUE(operation.response().UnpackTo(&read));
    EXPECT_EQ(read.name(), close.name());
    EXPECT_THAT(operations.Get(sql, "operations/none"), HasReason(Reason::kNotFound));
    EXPECT_THAT(operations.Get(sql, "none"), Blames("name"));
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace tributary::incentive
