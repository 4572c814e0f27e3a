#include "incentive-service/facts/fact_store.h"

#include <algorithm>
#include <map>
#include <memory>
#include <random>

#include "events_schema.h"
#include "incentive-service/accruals/accrual_store.h"
#include "incentive-service/facts/testing_changes.h"
#include "incentive-service/testing_facts.h"
#include "incentive_schema.h"
#include "tests/support/database_server.h"

namespace tributary::incentive {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const DateRange kAllTime{*Date::FromYmd(1990, 1, 1), OpenEnd()};

class FactStoreTest : public ::testing::Test {
 protected:
  absl::StatusOr<LiveChanges> Add(std::vector<FactLine> lines) {
    LiveChanges changes;
    const absl::Status status = database_->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(const std::vector<LineChange> all, store_.Add(sql, lines));
      changes = LiveOf(all);
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    return changes;
  }
  std::vector<FactLine> Lines(Basis basis = Basis::kOrder, const DateRange& range = kAllTime) {
    std::vector<FactLine> lines;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      ASSIGN_OR_RETURN(lines, store_.Lines(sql, basis, range));
      std::erase_if(lines, [](const FactLine& line) { return !line.live(); });
      return absl::OkStatus();
    });
    std::sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.name() < b.name(); });
    return lines;
  }
  // "partner date currency net lines" each.
  std::vector<std::string> Totals(Basis basis, const DateRange& range, const Watermark* watermark = nullptr) {
    std::vector<std::string> texts;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      texts.clear();
      Program program = GrowthProgram("growth", basis);
      program.effective = range;
      ASSIGN_OR_RETURN(const std::vector<FactTotal> totals, watermark == nullptr
                                                                ? store_.Totals(sql, program)
                                                                : store_.TotalsAsOf(sql, program, *watermark));
      for (const FactTotal& total : totals) {
        texts.push_back(total.partner + " " + total.basis_date.ToString() + " " + total.currency + " " +
                        total.amount.ToString() + " " + std::to_string(total.lines));
      }
      return absl::OkStatus();
    });
    return texts;
  }

  const std::unique_ptr<mysql::Database> database_ = testing::FreshDatabase({&schema::events(), &schema::incentive()});
  FactStore store_;
};

TEST_F(FactStoreTest, KeepsLinesAsTheyWereTold) {
  std::vector<FactLine> lines;
  for (int i = 1; i <= 450; ++i) {
    lines.push_back(ShipmentOf("p" + std::to_string(i % 7), "SO" + std::to_string(i / 5), i, i, "2026-03-31",
                               "2026-04-02", "0.0001"));
  }
  ASSERT_OK_AND_ASSIGN(const LiveChanges changes, Add(lines));
  EXPECT_THAT(changes.entered, SizeIs(450));
  EXPECT_THAT(changes.left, IsEmpty());
  std::sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.name() < b.name(); });
  EXPECT_EQ(Lines(), lines);
  EXPECT_THAT(Lines(Basis::kOrder, {DayFrom("2026-04-01"), OpenEnd()}), IsEmpty());
  EXPECT_THAT(Lines(Basis::kSellIn, {DayFrom("2026-04-02"), DayFrom("2026-04-03")}), SizeIs(450));
}

TEST_F(FactStoreTest, TheSameLineAgainChangesNothing) {
  const FactLine a = ShipmentOf("p1", "A", 1, 1, "2026-01-05", "2026-01-07", "100");
  const FactLine b = ShipmentOf("p1", "B", 1, 2, "2026-01-05", "2026-01-07", "200");
  EXPECT_OK(Add({a}));
  FactLine again = a;
  again.seq = 9;
  ASSERT_OK_AND_ASSIGN(const LiveChanges changes, Add({again, b, b}));
  ASSERT_THAT(changes.entered, SizeIs(1));
  EXPECT_EQ(changes.entered[0], b);
  EXPECT_THAT(Lines(), ElementsAre(a, b));
  ASSERT_OK_AND_ASSIGN(const LiveChanges nothing, Add({a, b}));
  EXPECT_THAT(nothing.entered, IsEmpty());

  FactLine other = a;
  other.net = DecimalFrom("100.0001");
  EXPECT_THAT(Add({other}), HasReason(Reason::kRowConflict));
  EXPECT_THAT(Add({ShipmentOf("p1", "C", 1, 3, "2026-01-05", "2026-01-07", "1"),
                   ShipmentOf("p1", "C", 1, 3, "2026-01-05", "2026-01-07", "2")}),
              HasReason(Reason::kRowConflict));
  EXPECT_THAT(Lines(), ElementsAre(a, b));
}

// Shipments state what their amount is net of; a program counts the amount that it says.
TEST_F(FactStoreTest, AddsUpTheAmountThatAProgramCounts) {
  FactLine sold = ShipmentOf("p1", "A", 1, 1, "2026-01-05", "2026-01-07", "64800");
  sold.discount = DecimalFrom("43200");
  sold.wallet = DecimalFrom("7200");
  const FactLine plain = ShipmentOf("p1", "B", 1, 2, "2026-01-05", "2026-01-07", "10000.000001");
  ASSERT_OK(Add({sold, plain}));
  EXPECT_THAT(Lines(), ElementsAre(sold, plain));
  const auto sum = [&](CountedAmount of) {
    std::string text;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      Program program = GrowthProgram("gross");
      program.amount_of = of;
      ASSIGN_OR_RETURN(const std::vector<FactTotal> totals, store_.Totals(sql, program));
      text = totals.size() == 1 ? totals[0].amount.ToString() : "not one total";
      return absl::OkStatus();
    });
    return text;
  };
  EXPECT_EQ(sum(CountedAmount::kNet), "74800.000001");
  EXPECT_EQ(sum(CountedAmount::kGross), "118000.000001");
  EXPECT_EQ(sum(CountedAmount::kGrossOfWallet), "82000.000001");
  FactLine other = sold;
  other.wallet = Decimal();
  EXPECT_THAT(Add({other}), HasReason(Reason::kRowConflict));
}

// Orders, customers and sites are read for programs that count by them; a return names what its line does, whichever
// came first.
TEST_F(FactStoreTest, KeepsWhomLinesName) {
  FactLine named = ShipmentOf("p1", "A", 1, 2, "2026-01-05", "2026-01-07", "100");
  named.parties = {"partners/p1/orders/o1", "", "north"};
  const FactLine unnamed = ShipmentOf("p1", "B", 1, 3, "2026-01-05", "2026-01-07", "200");
  FactLine early = ReturnOf(named, "R1", 1, "2026-02-01", "-10");
  early.parties.site = "south";
  const FactLine late = ReturnOf(unnamed, "R2", 4, "2026-02-01", "-20");
  const FactLine elsewhere = ShipmentOf("p2", "A", 1, 5, "2026-01-05", "2026-01-07", "9");
  EXPECT_OK(Add({early}));
  EXPECT_OK(Add({named, unnamed, elsewhere}));
  EXPECT_OK(Add({late, named}));
  // "fact order customer site" each.
  const auto texts = [&](CountOf of, const std::optional<std::string>& partner) {
    std::vector<std::string> all;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      all.clear();
      Program program = GrowthProgram("breadth");
      program.count_of = of;
      ASSIGN_OR_RETURN(const std::vector<FactLine> lines, store_.LinesFor(sql, program, kAllTime, partner));
      for (const FactLine& line : lines) {
        const Parties& parties = line.parties;
        all.push_back(line.fact + " " + parties.order + " " + parties.customer + " " + parties.site);
      }
      return absl::OkStatus();
    });
    return all;
  };
  EXPECT_THAT(texts(CountOf::kSite, "p1"),
              UnorderedElementsAre("shipments/A/lines/1 partners/p1/orders/o1  north", "shipments/B/lines/1   ",
                                   "shipments/R1/lines/1 partners/p1/orders/o1  north", "shipments/R2/lines/1 B  "));
  EXPECT_THAT(texts(CountOf::kOrder, std::nullopt), SizeIs(5));
  EXPECT_THAT(texts(CountOf::kProduct, "p2"), ElementsAre("shipments/A/lines/1   "));
}

TEST_F(FactStoreTest, ReversalsTakeLinesBack) {
  std::vector<FactLine> lines, reversals;
  for (int i = 1; i <= 300; ++i) {
    lines.push_back(ShipmentOf(i % 2 == 0 ? "p1" : "p2", "A", i, i, "2026-01-05", "2026-01-07", "100"));
    reversals.push_back(ReversalOf(lines.back(), 1000 + i));
  }
  EXPECT_OK(Add(lines));
  ASSERT_OK_AND_ASSIGN(const LiveChanges changes, Add(reversals));
  EXPECT_THAT(changes.entered, IsEmpty());
  EXPECT_THAT(changes.left, SizeIs(300));
  EXPECT_THAT(Lines(), IsEmpty());
  EXPECT_THAT(Totals(Basis::kOrder, kAllTime), IsEmpty());
  ASSERT_OK_AND_ASSIGN(const LiveChanges again, Add(reversals));
  EXPECT_THAT(again.left, IsEmpty());
}

// What comes before the line that it refers to waits for it, and no longer than that; names of two partners may be
// alike.
TEST_F(FactStoreTest, ReferencesWaitForTheirLines) {
  const auto waiting = [&] {
    std::vector<std::string> owners;
    InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
      owners.clear();
      ASSIGN_OR_RETURN(const mysql::Rows rows,
                       sql.Query("SELECT owner, target FROM fact_reference WHERE waits = 1 ORDER BY owner, target"));
      for (const mysql::Row& row : rows) owners.push_back(row.Text(0) + " " + row.Text(1));
      return absl::OkStatus();
    });
    return owners;
  };
  const FactLine ours = ShipmentOf("p1", "A", 1, 5, "2026-01-05", "2026-01-07", "100");
  const FactLine theirs = ShipmentOf("p2", "A", 1, 6, "2026-01-05", "2026-01-07", "200");
  const FactLine back = ReturnOf(ours, "R", 2, "2026-05-05", "-10");
  EXPECT_OK(Add({ReversalOf(ours, 1), back}));
  EXPECT_OK(Add({theirs}));
  EXPECT_THAT(waiting(), ElementsAre("p1 shipments/A/lines/1", "p1 shipments/A/lines/1"));
  EXPECT_THAT(Totals(Basis::kOrder, kAllTime),
              UnorderedElementsAre("p1 2026-05-05 USD -10 1", "p2 2026-01-05 USD 200 1"));

  ASSERT_OK_AND_ASSIGN(const LiveChanges changes, Add({ours, theirs}));
  EXPECT_THAT(changes.changed, SizeIs(1));  // the return
  EXPECT_THAT(waiting(), IsEmpty());
  EXPECT_THAT(Totals(Basis::kOrder, kAllTime),
              UnorderedElementsAre("p1 2026-01-05 USD -10 1", "p2 2026-01-05 USD 200 1"));
  EXPECT_OK(Add({ReversalOf(back, 7), ReversalOf(theirs, 8)}));
  EXPECT_THAT(waiting(), IsEmpty());
  EXPECT_THAT(Totals(Basis::kOrder, kAllTime), IsEmpty());
}

TEST_F(FactStoreTest, TotalsCanBeReadAsOfAWatermark) {
  const FactLine first = ShipmentOf("p1", "A", 1, 1, "2026-01-05", "2026-04-01", "100.5");
  const FactLine second = ShipmentOf("p1", "A", 2, 2, "2026-01-05", "2026-04-01", "0.0001");
  const FactLine foreign = ShipmentOf("p1", "A", 3, 3, "2026-01-05", "2026-04-01", "7", "CNY");
  const FactLine elsewhere = ShipmentOf("p2", "B", 1, 5, "2026-02-05", "2026-02-06", "9");
  EXPECT_OK(Add({first, second, foreign, elsewhere}));
  EXPECT_OK(Add({ReversalOf(second, 4)}));
  EXPECT_THAT(Totals(Basis::kOrder, kAllTime),
              UnorderedElementsAre("p1 2026-01-05 USD 100.5 1", "p1 2026-01-05 CNY 7 1", "p2 2026-02-05 USD 9 1"));
  EXPECT_THAT(Totals(Basis::kSellIn, {DayFrom("2026-04-01"), DayFrom("2026-07-01")}),
              UnorderedElementsAre("p1 2026-04-01 USD 100.5 1", "p1 2026-04-01 CNY 7 1"));

  ASSERT_NE(first.shard, elsewhere.shard);
  Watermark watermark(events::kShards);
  EXPECT_THAT(Totals(Basis::kOrder, kAllTime, &watermark), IsEmpty());
  watermark[first.shard] = 2;
  EXPECT_THAT(Totals(Basis::kOrder, kAllTime, &watermark), ElementsAre("p1 2026-01-05 USD 100.5001 2"));
  watermark[first.shard] = 3;
  watermark[elsewhere.shard] = 4;
  EXPECT_THAT(Totals(Basis::kOrder, kAllTime, &watermark),
              UnorderedElementsAre("p1 2026-01-05 USD 100.5001 2", "p1 2026-01-05 CNY 7 1"));
  watermark[first.shard] = 4;
  watermark[elsewhere.shard] = 5;
  EXPECT_EQ(Totals(Basis::kOrder, kAllTime, &watermark).size(), 3u);
  EXPECT_THAT(Totals(Basis::kOrder, kAllTime, &watermark), ::testing::Contains("p1 2026-01-05 USD 100.5 1"));
}

// Lines, returns and reversals in any order and any batches, some twice: the same live lines on the same dates, and
// accruals that are their sums, moved step by step.
TEST_F(FactStoreTest, TheOrderOfArrivalLeavesNoTrace) {
  std::vector<FactLine> all;
  int64_t seq = 0;
  for (int i = 0; i < 60; ++i) {
    const FactLine line = ShipmentOf("p" + std::to_string(i % 3), "SO" + std::to_string(i), 1, ++seq, "2026-03-28",
                                     i % 2 == 0 ? "2026-03-31" : "2026-04-01", std::to_string(1000 + i));
    all.push_back(line);
    if (i % 4 == 0) all.push_back(ReturnOf(line, "RT" + std::to_string(i), ++seq, "2026-05-05", "-10.25"));
    if (i % 5 == 0) all.push_back(ReversalOf(line, ++seq));
    if (i % 8 == 0) all.push_back(ReversalOf(all[all.size() - (i % 5 == 0 ? 2 : 1)], ++seq));
  }
  std::vector<Program> programs = {GrowthProgram("order"), GrowthProgram("ship", Basis::kSellIn)};
  for (Program& program : programs) program.state = ProgramState::kActive;
  AccrualStore accruals;
  std::mt19937 random(20260105);
  std::vector<std::string> first;
  for (int round = 0; round < 4; ++round) {
    const std::unique_ptr<mysql::Database> database = testing::FreshDatabase({&schema::events(), &schema::incentive()});
    std::vector<FactLine> told = all;
    for (int i = 0; i < 20; ++i) told.push_back(all[random() % all.size()]);
    if (round > 0) std::shuffle(told.begin(), told.end(), random);
    for (size_t at = 0; at < told.size();) {
      const size_t count = std::min<size_t>(1 + random() % 30, told.size() - at);
      const std::vector<FactLine> batch(told.begin() + at, told.begin() + at + count);
      at += count;
      InTransaction(*database, [&](mysql::Transaction& sql) -> absl::Status {
        ASSIGN_OR_RETURN(const std::vector<LineChange> changes, store_.Add(sql, batch));
        return accruals.Apply(sql, MovesOf(programs, {}, changes));
      });
    }
    std::vector<std::string> state;
    InTransaction(*database, [&](mysql::Transaction& sql) -> absl::Status {
      state.clear();
      ASSIGN_OR_RETURN(const std::vector<Accrual> moved, accruals.List(sql, std::nullopt, {}, {}, 1000));
      for (const Accrual& accrual : moved) {
        state.push_back(accrual.key.name() + " " + accrual.sums.amount.ToString() + " " +
                        std::to_string(accrual.sums.lines));
      }
      // What moved step by step is what the lines add up to now.
      std::vector<std::string> summed;
      for (const Program& program : programs) {
        ASSIGN_OR_RETURN(const std::vector<FactTotal> totals, store_.Totals(sql, program));
        for (const AccrualMove& move : MovesOf(program, totals)) {
          summed.push_back(move.key.name() + " " + move.sums.amount.ToString() + " " + std::to_string(move.sums.lines));
        }
      }
      EXPECT_THAT(summed, ::testing::UnorderedElementsAreArray(state));
      return absl::OkStatus();
    });
    if (round == 0) first = state;
    EXPECT_EQ(state, first);
  }
  // Nobody counts in the quarter in which the returns came in.
  EXPECT_THAT(first, SizeIs(9));
  for (const std::string& accrual : first) {
    EXPECT_TRUE(accrual.find("2026Q1") != std::string::npos || accrual.find("ship.2026Q2") != std::string::npos)
        << accrual;
  }
}

FactLine Billed(const FactLine& shipment, std::string fact) {
  FactLine line = shipment;
  line.source = FactSource::kInvoice;
  line.fact = std::move(fact);
  return line;
}

// Invoices line by line, credit notes of them, reversals, in any order and batches: credit notes count on the dates of
// their invoices, and each basis counts its own lines alone.
TEST_F(FactStoreTest, CreditNotesFollowTheirInvoicesInAnyOrder) {
  std::vector<FactLine> all;
  int64_t seq = 0;
  const auto line = [&](std::string_view date, std::string_view net) {
    return ShipmentOf("p1", "D", 1, ++seq, date, date, net);
  };
  for (int i = 0; i < 12; ++i) {
    const std::string invoice = "invoices/I" + std::to_string(i);
    for (int of = 1; of <= 2; ++of) {
      all.push_back(Billed(line("2026-02-10", "100"), invoice + "/lines/" + std::to_string(of)));
    }
    if (i % 3 == 0) all.push_back(ReversalOf(all.back(), ++seq));
    FactLine credit = Billed(line("2026-05-05", "-10"), "creditNotes/C" + std::to_string(i) + "/lines/1");
    if (i % 2 == 0) {
      credit.kind = FactKind::kReturn;
      credit.refers = invoice;
    }
    all.push_back(credit);
    if (i == 4) all.push_back(ReversalOf(credit, ++seq));
  }
  all.push_back(line("2026-02-10", "7777"));  // a shipment
  std::mt19937 random(20260210);
  for (int round = 0; round < 4; ++round) {
    const std::unique_ptr<mysql::Database> database = testing::FreshDatabase({&schema::events(), &schema::incentive()});
    std::vector<FactLine> told = all;
    told.insert(told.end(), all.begin(), all.begin() + 9);
    if (round > 0) std::shuffle(told.begin(), told.end(), random);
    for (size_t at = 0; at < told.size();) {
      const size_t count = std::min<size_t>(1 + random() % 5, told.size() - at);
      InTransaction(*database, [&](mysql::Transaction& sql) {
        return store_.Add(sql, {told.begin() + at, told.begin() + at + count}).status();
      });
      at += count;
    }
    InTransaction(*database, [&](mysql::Transaction& sql) -> absl::Status {
      std::vector<std::string> texts;
      for (const Basis basis : {Basis::kInvoiced, Basis::kSellIn, Basis::kSellThrough}) {
        ASSIGN_OR_RETURN(const auto totals, store_.Totals(sql, GrowthProgram("g", basis)));
        for (const FactTotal& total : totals) {
          texts.push_back(total.basis_date.ToString() + " " + total.amount.ToString() + " " +
                          std::to_string(total.lines));
        }
      }
      // 24 lines less 4 taken back, and 6 linked credits less one; 6 credits of no invoice; the shipment.
      EXPECT_THAT(texts, UnorderedElementsAre("2026-02-10 1950 25", "2026-05-05 -60 6", "2026-02-10 7777 1"));
      return absl::OkStatus();
    });
  }
}

TEST_F(FactStoreTest, AdjustmentsAndSalesWithoutAnAmountAreKept) {
  FactLine sale = ShipmentOf("p1", "S", 1, 1, "2026-01-05", "2026-01-05", "0", "");
  sale.source = FactSource::kSellThrough;
  sale.fact = "sales/S.1";
  FactLine adjustment = sale;
  adjustment.kind = FactKind::kAdjustment;
  adjustment.fact = "sales/S.2";
  adjustment.seq = 2;
  EXPECT_OK(Add({sale, adjustment}));
  EXPECT_THAT(Lines(Basis::kSellThrough), ElementsAre(sale));
  EXPECT_THAT(Lines(Basis::kSellIn), IsEmpty());
  InTransaction(*database_, [&](mysql::Transaction& sql) -> absl::Status {
    EXPECT_THAT(store_.Find(sql, "p1", "sales/S.2"), IsOkAndHolds(std::optional(adjustment)));
    // Where money is paid it adds nothing; where units alone are, it counts.
    Program program = GrowthProgram("g", Basis::kSellThrough);
    ASSIGN_OR_RETURN(const auto totals, store_.Totals(sql, program));
    EXPECT_THAT(totals, SizeIs(1));
    EXPECT_THAT(MovesOf(program, totals), IsEmpty());
    program.terms.scale.shape = Shape::kPerUnit;
    program.terms.scale.measure = Measure::kQuantity;
    const std::vector<AccrualMove> moves = MovesOf(program, totals);
    EXPECT_THAT(moves, SizeIs(1));
    program.state = ProgramState::kActive;
    EXPECT_EQ(moves[0].sums, SumsOf(program, sale, nullptr));
    return absl::OkStatus();
  });
}

}  // namespace
}  // namespace tributary::incentive
