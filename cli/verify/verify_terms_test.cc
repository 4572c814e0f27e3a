// What programs of a kind of their own state.

#include <functional>

#include "cli/verify/testing_statement.h"
#include "cli/verify/verify.h"
#include "gmock/gmock.h"

namespace tributary::cli {
namespace {

using incentive::v1::Program;
using incentive::v1::Statement;
using incentive::v1::StatementEntry;
using incentive::v1::StatementLine;
using inventory::v1::ShipmentLine;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// One of the lines is p2's: 30,000 and 35,617.0050 share 1,196.60 as 547.0838 and 649.5162.
SampleStatement GoodGroup() {
  SampleStatement good = Good();
  StatementEntry& entry = *good.statement.mutable_entries(0);
  entry.mutable_terms()->set_group(Program::ROLL_UP);
  *entry.mutable_evaluation()->mutable_group() = Parse<incentive::v1::GroupSteps>(R"pb(
    members {
      partner: "partners/p1"
      lines: 3
      volume { value: "30000" }
      share { currency_code: "USD" units: 547 nanos: 80000000 }
    }
    members {
      partner: "partners/p2"
      lines: 1
      volume { value: "35617.005" }
      share { currency_code: "USD" units: 649 nanos: 520000000 }
    }
  )pb");
  StatementLine& line = good.lines[1];
  ShipmentLine fact = good.facts.at(line.fact());
  line.set_fact("partners/p2/shipments/SO1/lines/10");
  fact.set_name(line.fact());
  fact.set_partner("partners/p2");
  good.facts[line.fact()] = fact;
  return good;
}

TEST(VerifyTermsTest, AGroupIsSharedByVolume) {
  const SampleStatement good = GoodGroup();
  EXPECT_THAT(VerifyStatement(good.statement, good.lines), IsEmpty());
  EXPECT_THAT(VerifyStatement(good.statement, good.lines, good.lookup()), IsEmpty());
  const struct {
    std::function<void(StatementEntry*)> spoil;
    const char* difference;
  } kCases[] = {
      {[](StatementEntry* entry) {
         auto* members = entry->mutable_evaluation()->mutable_group()->mutable_members();
         (*members)[0].mutable_share()->set_nanos(90000000);
         (*members)[1].mutable_share()->set_nanos(510000000);
       },
       "evaluation.group: partners/p2: share: stated 649.51, worked out 649.52"},
      {[](StatementEntry* entry) {
         entry->mutable_evaluation()->mutable_group()->mutable_members(1)->mutable_volume()->set_value("35617");
       },
       "partners/p2: volume: stated 35617, worked out 35617.005"},
      {[](StatementEntry* entry) { entry->mutable_evaluation()->mutable_group()->mutable_members(0)->set_lines(4); },
       "partners/p1: lines: stated 4, worked out 3"},
      {[](StatementEntry* entry) { entry->mutable_evaluation()->mutable_group()->mutable_members()->RemoveLast(); },
       "partners/p2/shipments/SO1/lines/10: a line of another partner"},
      {[](StatementEntry* entry) { entry->mutable_evaluation()->clear_group(); }, "a line of another partner"},
      {[](StatementEntry* entry) { entry->mutable_terms()->set_group(Program::EACH); },
       "evaluation.group: stated members, worked out none"},
  };
  for (const auto& c : kCases) {
    SampleStatement bad = good;
    c.spoil(bad.statement.mutable_entries(0));
    EXPECT_THAT(VerifyStatement(bad.statement, bad.lines), Contains(HasSubstr(c.difference)));
  }
}

// Gross amounts are the net amounts of shipments with their discounts, or with what the wallet gave.
TEST(VerifyTermsTest, TheAmountThatCountsIsThatOfTheTerms) {
  const auto differences = [](Program::AmountOf of, int64_t discount, int64_t wallet) {
    SampleStatement made = Good();
    made.statement.mutable_entries(0)->mutable_terms()->set_amount_of(of);
    ShipmentLine& fact = made.facts.at(made.lines[0].fact());  // of 40,000
    fact.mutable_net_amount()->set_units(35000);
    fact.mutable_discount()->set_currency_code("USD");
    fact.mutable_discount()->set_units(discount);
    fact.mutable_wallet_amount()->set_currency_code("USD");
    fact.mutable_wallet_amount()->set_units(wallet);
    return VerifyStatement(made.statement, made.lines, made.lookup());
  };
  EXPECT_THAT(differences(Program::GROSS, 5000, 0), IsEmpty());
  EXPECT_THAT(differences(Program::GROSS, 5000, 2000), IsEmpty());
  EXPECT_THAT(differences(Program::GROSS_OF_WALLET, 8000, 5000), IsEmpty());
  EXPECT_THAT(differences(Program::GROSS, 4000, 4000), Contains(HasSubstr("amount: stated 40000, worked out 39000")));
  EXPECT_THAT(differences(Program::GROSS_OF_WALLET, 5000, 0),
              Contains(HasSubstr("amount: stated 40000, worked out 35000")));
  EXPECT_THAT(differences(Program::NET, 5000, 5000), Contains(HasSubstr("amount: stated 40000, worked out 35000")));
}

// Of a fiscal calendar the days are as stated, and the same throughout.
TEST(VerifyTermsTest, DaysOfAFiscalCalendarAreThoseOfTheStatement) {
  const auto fiscal = [](const std::function<void(SampleStatement*)>& spoil) {
    SampleStatement made = Good();
    StatementEntry& entry = *made.statement.mutable_entries(0);
    made.statement.set_period("FY11-1");
    made.statement.mutable_period_start()->set_day(3);
    made.statement.mutable_period_end()->set_day(2);
    entry.set_period("FY11-1");
    entry.set_close("programs/growth/closes/FY11-1");
    *entry.mutable_period_start() = made.statement.period_start();
    *entry.mutable_counted_until() = made.statement.period_end();
    entry.mutable_terms()->set_fiscal_calendar("fiscalCalendars/weeks");
    spoil(&made);
    return VerifyStatement(made.statement, made.lines);
  };
  EXPECT_THAT(fiscal([](SampleStatement*) {}), IsEmpty());
  const auto entry = [](SampleStatement* made) { return made->statement.mutable_entries(0); };
  EXPECT_THAT(fiscal([&](SampleStatement* c) { entry(c)->mutable_period_start()->set_day(2); }),
              Contains(HasSubstr("period_start: stated 2010-10-02, worked out 2010-10-03")));
  EXPECT_THAT(fiscal([&](SampleStatement* c) { entry(c)->mutable_counted_until()->set_day(9); }),
              Contains(HasSubstr("counted_until: stated 2011-01-09, worked out 2011-01-02")));
  EXPECT_THAT(fiscal([&](SampleStatement* c) { entry(c)->set_period("FY11-2"); }),
              Contains(HasSubstr("period: stated FY11-2, worked out FY11-1")));
  EXPECT_THAT(fiscal([](SampleStatement* c) { c->lines[0].mutable_basis_date()->set_day(2); }),
              Contains(HasSubstr("its date 2010-10-02 lies outside the period")));
  EXPECT_THAT(fiscal([](SampleStatement* c) { c->statement.mutable_period_end()->set_year(2010); }),
              Contains(HasSubstr("period: stated FY11-1, want a period")));
  // Within a payout period what counts begins with the scale's period, at the latest with the statement's.
  const auto nested = [&](SampleStatement* c) { entry(c)->mutable_terms()->set_payout_period(Program::MONTH); };
  EXPECT_THAT(fiscal([&](SampleStatement* c) {
                nested(c);
                c->statement.set_period("FY11-3");
                entry(c)->set_close("programs/growth/closes/FY11-3");
                c->statement.mutable_period_start()->set_month(12);
              }),
              IsEmpty());
  EXPECT_THAT(fiscal([&](SampleStatement* c) {
                nested(c);
                c->statement.mutable_period_start()->set_day(2);
              }),
              Contains(HasSubstr("period_start: stated 2010-10-03, worked out a day not after 2010-10-02")));
}

// Lines of another currency: added up by day, then converted by the rate that the entry states. 60,000.0050 and
// USD 5,000 at 7.1234 are 95,617.0050; at retroactive 3 % that is 2,868.51015.
TEST(VerifyTermsTest, ConvertsByTheStatedRate) {
  SampleStatement good = Good();
  StatementEntry& entry = *good.statement.mutable_entries(0);
  const auto cny = [](google::type::Money* money, int64_t units, int32_t nanos) {
    money->set_currency_code("CNY");
    money->set_units(units);
    money->set_nanos(nanos);
  };
  Program& terms = *entry.mutable_terms();
  terms.set_currency("CNY");
  terms.set_shape(Program::RETROACTIVE);
  terms.mutable_tiers(0)->mutable_rate()->set_value("0.02");
  terms.mutable_tiers(1)->mutable_from_amount()->set_value("50000");
  terms.mutable_tiers(1)->mutable_rate()->set_value("0.03");
  terms.mutable_tiers(2)->mutable_from_amount()->set_value("100000");
  good.lines.resize(3);
  good.statement.set_line_count(3);
  entry.set_line_count(3);
  const struct {
    const char* currency;
    int64_t units;
    int32_t nanos;
    int64_t share_units;
    int32_t share_nanos;
  } kLines[] = {{"CNY", 40000, 0, 1200, 0}, {"USD", 5000, 0, 1068, 510000000}, {"CNY", 20000, 5000000, 600, 0}};
  for (int i = 0; i < 3; ++i) {
    cny(good.lines[i].mutable_amount(), kLines[i].units, kLines[i].nanos);
    good.lines[i].mutable_amount()->set_currency_code(kLines[i].currency);
    cny(good.lines[i].mutable_share(), kLines[i].share_units, kLines[i].share_nanos);
  }
  entry.mutable_quantity()->set_value("650");
  cny(entry.mutable_qualifying_amount(), 95617, 5000000);
  entry.set_exact_qualifying_amount("19123401/200");
  incentive::v1::ConvertedAmount& converted = *entry.add_converted_amounts();
  *converted.mutable_date() = good.lines[1].basis_date();
  *converted.mutable_amount() = good.lines[1].amount();
  converted.mutable_rate()->set_value("7.1234");
  converted.set_exact_converted("35617");
  converted.set_lines(1);
  entry.mutable_evaluation()->set_shape(Program::RETROACTIVE);
  entry.mutable_evaluation()->clear_parts();
  auto& part = *entry.mutable_evaluation()->add_parts();
  part.mutable_from_amount()->set_value("50000");
  part.mutable_to_amount()->set_value("100000");
  part.mutable_rate()->set_value("0.03");
  part.mutable_amount()->set_value("95617.005");
  part.set_value("57370203/20000");
  part.set_interval("[50000, 100000)");
  entry.mutable_evaluation()->set_before_limits("57370203/20000");
  entry.mutable_evaluation()->set_exact_value("57370203/20000");
  cny(entry.mutable_evaluation()->mutable_value(), 2868, 510000000);
  cny(entry.mutable_stated_before(), 0, 0);
  cny(entry.mutable_amount(), 2868, 510000000);
  cny(good.statement.mutable_total(), 2868, 510000000);
  EXPECT_THAT(VerifyStatement(good.statement, good.lines), IsEmpty());

  converted.mutable_rate()->set_value("7.1235");
  EXPECT_THAT(VerifyStatement(good.statement, good.lines), Contains(HasSubstr("converted_amounts of USD")));
  converted.clear_rate();
  EXPECT_THAT(VerifyStatement(good.statement, good.lines), Contains(HasSubstr("exact_qualifying_amount")));
}

// Half of 1,196.60 by a budget: 598.30, of which the lines have 364.72, 324.76 and -91.18.
TEST(VerifyTermsTest, ABudgetLeavesAShareOfTheValue) {
  SampleStatement good = Good();
  const auto usd = [](google::type::Money* money, int64_t units, int32_t nanos) {
    money->set_currency_code("USD");
    money->set_units(units);
    money->set_nanos(nanos);
  };
  StatementEntry& entry = *good.statement.mutable_entries(0);
  entry.mutable_terms()->mutable_budget()->set_policy(Program::PeriodBudget::PRO_RATA);
  entry.mutable_budget()->mutable_factor()->set_value("0.5");
  for (google::type::Money* money : {entry.mutable_budget()->mutable_share(), entry.mutable_budget()->mutable_value(),
                                     entry.mutable_amount(), good.statement.mutable_total()}) {
    usd(money, 598, 300000000);
  }
  usd(good.lines[0].mutable_share(), 364, 720000000);
  usd(good.lines[1].mutable_share(), 324, 760000000);
  usd(good.lines[2].mutable_share(), -91, -180000000);
  EXPECT_THAT(VerifyStatement(good.statement, good.lines), IsEmpty());

  const struct {
    std::function<void(StatementEntry*)> spoil;
    const char* difference;
  } kCases[] = {
      {[](StatementEntry* e) { e->mutable_budget()->mutable_factor()->set_value("0.4999"); }, "budget.share: stated"},
      {[](StatementEntry* e) { e->mutable_budget()->clear_factor(); }, "budget.factor"},
      {[](StatementEntry* e) { e->mutable_budget()->mutable_used_up_on()->set_day(1); }, "budget.a day"},
      {[](StatementEntry* e) { e->mutable_budget()->mutable_share()->set_units(599); }, "budget.share: stated"},
      {[](StatementEntry* e) { e->mutable_budget()->mutable_value()->set_units(599); }, "budget.value: stated 599.3"},
      {[](StatementEntry* e) { e->mutable_budget()->mutable_value()->set_currency_code("CNY"); }, "budget.value"},
      {[](StatementEntry* e) { e->clear_budget(); }, "budget: stated none, worked out one"},
      {[](StatementEntry* e) { e->mutable_terms()->clear_budget(); }, "budget: stated one, worked out none"},
  };
  for (const auto& c : kCases) {
    Statement bad = good.statement;
    c.spoil(bad.mutable_entries(0));
    EXPECT_THAT(VerifyStatement(bad, good.lines), Contains(HasSubstr(c.difference)));
  }
}

// Of 2,000.00 that were stated 100.00 are taken back at most, though the period is worth 1,196.60 by now.
TEST(VerifyTermsTest, ACapOfClawbacksLeavesWhatStays) {
  SampleStatement good = Good();
  const auto usd = [](google::type::Money* money, int64_t units, int32_t nanos = 0) {
    money->set_currency_code("USD");
    money->set_units(units);
    money->set_nanos(nanos);
  };
  good.statement.set_period("2011Q1");
  good.statement.mutable_period_start()->set_year(2011);
  good.statement.mutable_period_start()->set_month(1);
  good.statement.mutable_period_end()->set_month(4);
  StatementEntry& entry = *good.statement.mutable_entries(0);
  entry.set_kind(StatementEntry::TRUE_UP);
  entry.set_close("programs/growth/closes/2011Q1");
  entry.mutable_terms()->mutable_clawback_cap()->mutable_amount()->set_value("100");
  usd(entry.mutable_stated_before(), 2000);
  usd(entry.mutable_clawback()->mutable_most_stated(), 2000);
  usd(entry.mutable_clawback()->mutable_stays(), 1900);
  usd(entry.mutable_clawback()->mutable_waived(), 703, 400000000);
  usd(entry.mutable_clawback()->mutable_waived_before(), 0);
  usd(entry.mutable_clawback()->mutable_value(), 1900);
  usd(entry.mutable_amount(), -100);
  usd(good.statement.mutable_total(), -100);
  EXPECT_THAT(VerifyStatement(good.statement, good.lines), IsEmpty());

  const struct {
    std::function<void(StatementEntry*)> spoil;
    const char* difference;
  } kCases[] = {
      {[](StatementEntry* e) { e->mutable_clawback()->mutable_most_stated()->set_units(2001); },
       "clawback.stays: stated 1900, worked out 1901"},
      {[](StatementEntry* e) { e->mutable_clawback()->mutable_stays()->set_units(1899); }, "clawback.stays"},
      {[](StatementEntry* e) { e->mutable_clawback()->mutable_waived()->set_units(702); }, "clawback.waived: stated"},
      {[](StatementEntry* e) { e->mutable_clawback()->mutable_value()->set_units(1899); }, "clawback.value"},
      {[](StatementEntry* e) { e->mutable_clawback()->mutable_waived_before()->set_currency_code("CNY"); },
       "clawback.waived_before: currency"},
      {[](StatementEntry* e) { e->mutable_terms()->mutable_clawback_cap()->mutable_share()->set_value("0.01"); },
       "clawback.stays: stated 1900, worked out 1980"},
      {[](StatementEntry* e) { e->clear_clawback(); }, "clawback: stated none, worked out one"},
      {[](StatementEntry* e) { e->mutable_terms()->clear_clawback_cap(); }, "clawback: stated one, worked out none"},
  };
  for (const auto& c : kCases) {
    Statement bad = good.statement;
    c.spoil(bad.mutable_entries(0));
    EXPECT_THAT(VerifyStatement(bad, good.lines), Contains(HasSubstr(c.difference)));
  }
}

}  // namespace
}  // namespace tributary::cli
