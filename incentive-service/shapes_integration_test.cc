// Shapes and limits through the wire: lines come in, the period is closed, the statement is issued and says the figure.

#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/text_format.h"
#include "incentive-service/engine/testing_terms.h"
#include "incentive-service/testing_statements.h"
#include "incentive-service/testing_world.h"

namespace tributary::incentive {
namespace {

using inventory::v1::ShipmentLine;
using ::testing::ElementsAre;
using ::testing::SizeIs;

// On the orders of each quarter of 2025; "0:0.1 1000:0.25" are tiers, "+" before what follows the bound makes it an
// amount. `more` is text format.
v1::Program Shaped(v1::Program::Shape shape, std::string_view tiers, const std::string& more = "") {
  v1::Program program;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"pb(
                                                              display_name: "Shaped"
                                                              basis: ORDER
                                                              period: QUARTER
                                                              currency: "USD"
                                                              effective_from { year: 2025 month: 1 day: 1 }
                                                            )pb",
                                                            &program));
  program.set_shape(shape);
  for (const Tier& tier : TiersOf(tiers)) {
    v1::Program::Tier& stated = *program.add_tiers();
    stated.mutable_from_amount()->set_value(tier.from.ToString());
    if (tier.amount.zero()) {
      stated.mutable_rate()->set_value(tier.rate.ToString());
    } else {
      stated.mutable_amount()->set_value(tier.amount.ToString());
    }
  }
  v1::Program changes;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(more, &changes)) << more;
  program.MergeFrom(changes);
  return program;
}

ShipmentLine Sold(const std::string& partner, const std::string& document, std::string_view date,
                  std::string_view amount, const std::string& currency = "USD") {
  ShipmentLine line = LineOf(partner, document, 1, date, date, 0);
  *line.mutable_net_amount() = wire::ToProto(Money{currency, D(amount)});
  return line;
}

partner::v1::ExchangeRate EurosOn(const std::string& date, const char* rate) {
  partner::v1::ExchangeRate message;
  message.set_name("exchangeRates/spot.EUR.USD." + date);
  message.set_state(partner::v1::ExchangeRate::ACTIVE);
  message.set_rate_type("spot");
  message.set_from_currency("EUR");
  message.set_to_currency("USD");
  *message.mutable_date() = DateOf(date);
  message.mutable_rate()->set_value(rate);
  return message;
}

class ShapesTest : public WorldTest {
 protected:
  // "USD 350.000000000" each.
  std::vector<std::string> Totals(const std::string& partner) {
    std::vector<std::string> totals;
    for (const v1::Statement& statement : world_.Statements(world_.finance(), "partners/" + partner)) {
      totals.push_back(Amount(statement.total()));
    }
    return totals;
  }
};

// Each program is for a partner of its own, and all are stated at once.
TEST_F(ShapesTest, EveryShapeAndLimitHasItsFigure) {
  using P = v1::Program;
  constexpr char kFirst[] = "0:0.1 1000:0.25 2500:0";
  constexpr char kFourth[] = "0:0.05 1000:0.1 5000:0.2 20000:0";
  constexpr char kFifth[] = "0:0.1 100:0.2 300:0.3 6000:0";
  constexpr char kUpto[] = "bound: UPTO";
  constexpr char kPenalty[] = "max_penalty { value: '3000' }";
  const struct {
    const char* what;
    P::Shape shape;
    const char* tiers;
    const char* more;
    std::vector<const char*> amounts;
    const char* total;
    v1::Evaluation::Limit limit = v1::Evaluation::LIMIT_UNSPECIFIED;
  } kCases[] = {
      // 10 % up to 1,000 and 25 % up to 2,500 on 2,000, by the four methods.
      {"stepped", P::MARGINAL, kFirst, "", {"1200", "800"}, "USD 350.000000000"},
      {"cumulative", P::RETROACTIVE, "0:0.1 1000:0.25", "", {"1200", "800"}, "USD 500.000000000"},
      {"rolling", P::ROLLING, kFirst, "", {"1200", "800"}, "USD 600.000000000"},
      {"total", P::TOTAL, kFirst, "", {"1200", "800"}, "USD 700.000000000"},
      // Widths are paid, never bounds.
      {"the first width", P::MARGINAL, kFourth, "", {"1000"}, "USD 50.000000000"},
      {"three widths", P::MARGINAL, kFourth, "", {"15000", "5000"}, "USD 3450.000000000"},
      {"no gap behind a bound", P::MARGINAL, kFourth, "", {"1000.50"}, "USD 50.050000000"},
      {"widths of the fifth", P::MARGINAL, kFifth, "", {"400", "600"}, "USD 260.000000000"},
      {"wider", P::MARGINAL, kFifth, "", {"3800"}, "USD 1100.000000000"},
      // All or nothing, once or at a rate.
      {"met", P::TARGET, "50000:+1000", "", {"30000", "20000"}, "USD 1000.000000000"},
      {"missed by a cent", P::TARGET, "50000:+1000", "", {"30000", "19999.99"}, "USD 0.000000000"},
      {"met at a rate", P::TARGET, "50000:0.02", "", {"60000"}, "USD 1200.000000000"},
      {"the second step", P::TARGET, "50000:+1000 60000:+5000", "", {"60000"}, "USD 5000.000000000"},
      // To which tier a bound belongs.
      {"from a bound", P::RETROACTIVE, "0:0.02 5000:0.04", "", {"5000"}, "USD 200.000000000"},
      {"up to a bound", P::RETROACTIVE, "0:0.02 5000:0.04", kUpto, {"5000"}, "USD 100.000000000"},
      {"a cent above it", P::RETROACTIVE, "0:0.02 5000:0.04", kUpto, {"5000.01"}, "USD 200.000000000"},
      {"rolling from a bound", P::ROLLING, kFirst, "", {"1000"}, "USD 350.000000000"},
      {"rolling up to it", P::ROLLING, kFirst, kUpto, {"1000"}, "USD 100.000000000"},
      {"a target is above it", P::TARGET, "50000:+1000", kUpto, {"50000"}, "USD 0.000000000"},
      // 2 % of 3,000 are 60, of 150,000 they are 3,000.
      {"lifted", P::FLAT, "0:0.02", "floor { value: '100' }", {"3000"}, "USD 100.000000000", v1::Evaluation::FLOOR},
      {"above the floor", P::FLAT, "0:0.02", "floor { value: '100' }", {"6000"}, "USD 120.000000000"},
      {"capped", P::FLAT, "0:0.02", "cap { value: '2000' }", {"150000"}, "USD 2000.000000000", v1::Evaluation::CAP},
      {"just the cap", P::FLAT, "0:0.02", "cap { value: '2000' }", {"100000"}, "USD 2000.000000000"},
      // What is missing to 50,000, or once; never more than 3,000.
      {"not charged", P::TARGET, "50000:0.1", kPenalty, {"50000"}, "USD 0.000000000"},
      {"charged", P::TARGET, "50000:0.1", kPenalty, {"40000"}, "USD -1000.000000000"},
      {"charged at most",
       P::TARGET,
       "50000:0.1",
       kPenalty,
       {"10000"},
       "USD -3000.000000000",
       v1::Evaluation::MAX_PENALTY},
      {"charged without a line",
       P::TARGET,
       "50000:0.1",
       kPenalty,
       {},
       "USD -3000.000000000",
       v1::Evaluation::MAX_PENALTY},
      {"charged once", P::TARGET, "50000:+1000", kPenalty, {"49999.99"}, "USD -1000.000000000"},
      {"charged by what was bought",
       P::FLAT,
       "0:0.05",
       kPenalty,
       {"90000"},
       "USD -3000.000000000",
       v1::Evaluation::MAX_PENALTY},
  };
  std::vector<ShipmentLine> lines;
  int number = 0;
  for (const auto& c : kCases) {
    const std::string id = "c" + std::to_string(++number);
    v1::Program terms = Shaped(c.shape, c.tiers, c.more);
    terms.mutable_eligibility()->add_partners("partners/" + id);
    ASSERT_OK(world_.Create(id, terms)) << c.what;
    ASSERT_OK(world_.Activate(id)) << c.what;
    for (size_t i = 0; i < c.amounts.size(); ++i) {
      lines.push_back(Sold(id, "SO" + std::to_string(i + 1), "2025-02-01", c.amounts[i]));
    }
  }
  feed_.Tell(lines);
  world_.CatchUp();
  for (int i = 1; i <= number; ++i) ASSERT_OK(world_.Close("c" + std::to_string(i), "2025Q1"));
  ASSERT_OK(world_.Issue("2025Q1"));
  number = 0;
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const std::string partner = "partners/c" + std::to_string(++number);
    const std::vector<v1::Statement> statements = world_.Statements(world_.finance(), partner);
    ASSERT_THAT(statements, SizeIs(1));
    EXPECT_EQ(statements[0].state(), v1::Statement::ISSUED);
    EXPECT_EQ(Amount(statements[0].total()), c.total);
    ASSERT_EQ(statements[0].entries_size(), 1);
    EXPECT_EQ(statements[0].entries(0).line_count(), static_cast<int64_t>(c.amounts.size()));
    EXPECT_EQ(statements[0].entries(0).evaluation().limit(), c.limit);
    ExpectVerified(world_, partner);
  }
}

// 25 % up to 2,500 of the whole and nothing from there on pays less for more.
TEST_F(ShapesTest, AWholeThatFallsIsNotLaunched) {
  ASSERT_OK(world_.Create("falls", Shaped(v1::Program::RETROACTIVE, "0:0.1 1000:0.25 2500:0")));
  EXPECT_THAT(world_.Activate("falls"), HasReason(Reason::kLintFailed));
}

// As a penalty it charges less the more is bought, which is what it is for: lint tells the bounds.
TEST_F(ShapesTest, AChargeThatFallsIsLaunched) {
  v1::Program terms = Shaped(v1::Program::RETROACTIVE, "0:0.1 1000:0.02 2500:0", "max_penalty { value: '3000' }");
  ASSERT_OK(world_.Create("falls", terms));
  v1::LintProgramRequest lint;
  lint.set_name("programs/falls");
  ASSERT_OK_AND_ASSIGN(const auto found,
                       world_.finance().Call<v1::LintProgramResponse>(std::string(kPrograms) + "LintProgram", lint));
  ASSERT_EQ(found.findings_size(), 2);
  for (const v1::LintFinding& finding : found.findings()) {
    EXPECT_EQ(finding.rule(), "tier-cliff");
    EXPECT_EQ(finding.severity(), v1::LintFinding::WARNING);
  }
  ASSERT_OK(world_.Activate("falls"));
  feed_.Tell({Sold("p1", "SO1", "2025-02-01", "500"), Sold("p2", "SO2", "2025-02-01", "1200"),
              Sold("p3", "SO3", "2025-02-01", "2500")});
  world_.CatchUp();
  std::vector<std::string> values;
  for (const v1::Accrual& accrual : world_.Accruals()) values.push_back(Amount(accrual.evaluation().value()));
  ASSERT_EQ(values.size(), 3u);
  EXPECT_EQ(values[0].substr(4, 3), "-50");
  EXPECT_EQ(values[1].substr(4, 3), "-24");
  EXPECT_EQ(values[2].substr(4, 2), "0.");
}

TEST_F(ShapesTest, LimitsThatContradictAreRefusedByField) {
  const auto create = [&](v1::Program::Shape shape, const char* tiers, const char* more) {
    return world_.Create("x", Shaped(shape, tiers, more));
  };
  EXPECT_THAT(create(v1::Program::FLAT, "0:0.02", "floor { value: '100' } cap { value: '99' }"), Blames("program.cap"));
  EXPECT_THAT(create(v1::Program::FLAT, "0:0.02", "cap { value: '99' } max_penalty { value: '5' }"),
              Blames("program.cap"));
  EXPECT_THAT(create(v1::Program::FLAT, "0:0.02", "payout_period: YEAR"), Blames("program.payout_period"));
}

// A minimum of 5,000 over a quarter, stated by the month: 3,000, then 7,000 in all, then 27,000 in all.
TEST_F(ShapesTest, AMinimumIsReachedWithinThePeriod) {
  world_.CreateActive("minimum", Shaped(v1::Program::RETROACTIVE, "0:0 5000:0.02 20000:0.04",
                                        "payout_period: MONTH effective_from { year: 2024 month: 10 day: 1 }"));
  feed_.Tell({Sold("p1", "SO1", "2024-10-15", "3000"), Sold("p1", "SO2", "2024-11-15", "4000"),
              Sold("p1", "SO3", "2024-12-15", "20000")});
  world_.CatchUp();
  for (const char* month : {"2024-10", "2024-11", "2024-12"}) ASSERT_OK(world_.CloseAndIssue("minimum", month));
  EXPECT_THAT(Totals("p1"), ElementsAre("USD 0.000000000", "USD 140.000000000", "USD 940.000000000"));
  const v1::Statement last = world_.Statements(world_.finance(), "partners/p1").back();
  EXPECT_EQ(Amount(last.entries(0).evaluation().value()), "USD 1080.000000000");
  EXPECT_EQ(Amount(last.entries(0).stated_before()), "USD 140.000000000");
  ExpectVerified(world_, "partners/p1");
}

// 50 are paid for 1,000; then 11,500 have come to 1,750. A return of the first month lowers what is left to pay.
TEST_F(ShapesTest, WhatWasPaidWithinThePeriodIsDeducted) {
  world_.CreateActive("nested",
                      Shaped(v1::Program::MARGINAL, "0:0.05 1000:0.1 5000:0.2 20000:0", "payout_period: MONTH"));
  feed_.Tell({Sold("p1", "SO1", "2025-01-15", "1000"), Sold("p1", "SO2", "2025-02-15", "10500"),
              Sold("p1", "SO3", "2025-03-15", "100")});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("nested", "2025-01"));
  ASSERT_OK(world_.CloseAndIssue("nested", "2025-02"));
  EXPECT_THAT(Totals("p1"), ElementsAre("USD 50.000000000", "USD 1700.000000000"));
  const v1::Statement second = world_.Statements(world_.finance(), "partners/p1").back();
  EXPECT_EQ(Amount(second.entries(0).evaluation().value()), "USD 1750.000000000");
  EXPECT_EQ(Amount(second.entries(0).stated_before()), "USD 50.000000000");
  // 11,500 + 100 - 1,000 = 10,600 come to 50 + 400 + 1,120 = 1,570.
  ShipmentLine back = Sold("p1", "RT1", "2025-03-20", "-1000");
  back.mutable_quantity()->set_value("-1");
  back.set_original_line("partners/p1/shipments/SO1/lines/1");
  feed_.Tell({back});
  world_.CatchUp();
  ASSERT_OK(world_.CloseAndIssue("nested", "2025-03"));
  EXPECT_THAT(Totals("p1"), ElementsAre("USD 50.000000000", "USD 1700.000000000", "USD -180.000000000"));
  ExpectVerified(world_, "partners/p1");
}

// Each line by the rate of its own day, a return by that of its sale; a day without a rate waits for it.
TEST_F(ShapesTest, RatesAreThoseOfTheDay) {
  world_.CreateActive("rated", Shaped(v1::Program::FLAT, "0:0.1", "rate_type: 'spot'"));
  feed_.Tell(EurosOn("2025-02-10", "1.1"));
  feed_.Tell(EurosOn("2025-02-11", "1.2"));
  feed_.Tell(EurosOn("2025-03-01", "9"));
  ShipmentLine back = Sold("p1", "RT1", "2025-03-01", "-500", "EUR");
  back.mutable_quantity()->set_value("-1");
  back.set_original_line("partners/p1/shipments/SO1/lines/1");
  feed_.Tell({Sold("p1", "SO1", "2025-02-10", "1000", "EUR"), Sold("p1", "SO2", "2025-02-11", "1000", "EUR"),
              Sold("p1", "SO3", "2025-02-12", "1000", "EUR"), Sold("p1", "SO4", "2025-02-13", "500"), back});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose first, world_.CloseAndIssue("rated", "2025Q1"));
  EXPECT_EQ(first.unpriced_lines(), 1);
  EXPECT_THAT(Totals("p1"), ElementsAre("USD 225.000000000"));  // a tenth of 1,100 - 550 + 1,200 + 500
  feed_.Tell(EurosOn("2025-02-12", "1.3"));
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::PeriodClose second, world_.CloseAndIssue("rated", "2025Q2"));
  EXPECT_EQ(second.true_ups(), 1);
  EXPECT_THAT(Totals("p1"), ElementsAre("USD 225.000000000", "USD 130.000000000"));
  ExpectVerified(world_, "partners/p1");
}

}  // namespace
}  // namespace tributary::incentive
