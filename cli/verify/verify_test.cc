#include "cli/verify/verify.h"

#include <functional>
#include <map>
#include <set>

#include "cli/verify/arithmetic.h"
#include "cli/verify/grown.h"
#include "cli/verify/place.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace tributary::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using incentive::v1::Program;
using incentive::v1::Statement;
using incentive::v1::StatementEntry;
using incentive::v1::StatementLine;
using inventory::v1::ShipmentLine;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

template <typename T>
T Parse(const std::string& text) {
  T message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

// Worked out by hand. Marginal 1 %, from 20,000 2 %, from 60,000 3.5 % on 65,617.0050: 200 + 800 + 196.595175 =
// 1,196.595175, so 1,196.60. Shares are 729.446..., 649.520... - 182.365... and the rest goes by remainder.
struct Case {
  Statement statement;
  std::vector<StatementLine> lines;
  std::map<std::string, ShipmentLine> facts;

  FactLookup lookup() const {
    return [this](const std::string& name) -> std::optional<ShipmentLine> {
      const auto fact = facts.find(name);
      if (fact == facts.end()) return std::nullopt;
      return fact->second;
    };
  }
};

Case Good() {
  Case good;
  good.statement = Parse<Statement>(R"pb(
    name: "partners/p1/statements/1"
    uid: "018f0000-0000-7000-8000-000000000001"
    etag: "\"v1\""
    create_time { seconds: 1293926400 }
    update_time { seconds: 1293926400 }
    state: ISSUED
    kind: REGULAR
    period: "2010Q4"
    period_start { year: 2010 month: 10 day: 1 }
    period_end { year: 2011 month: 1 day: 1 }
    entries {
      ordinal: 1
      kind: EARNED
      program: "programs/growth"
      period: "2010Q4"
      period_start { year: 2010 month: 10 day: 1 }
      counted_until { year: 2011 month: 1 day: 1 }
      close: "programs/growth/closes/2010Q4"
      line_count: 4
      qualifying_amount { currency_code: "USD" units: 65617 nanos: 5000000 }
      exact_qualifying_amount: "13123401/200"
      quantity { value: "651.5" }
      evaluation {
        shape: MARGINAL
        bound: FROM
        parts {
          from_amount { value: "0" }
          to_amount { value: "20000" }
          rate { value: "0.01" }
          amount { value: "20000" }
          value: "200"
          interval: "[0, 20000)"
        }
        parts {
          from_amount { value: "20000" }
          to_amount { value: "60000" }
          rate { value: "0.02" }
          amount { value: "40000" }
          value: "800"
          interval: "[20000, 60000)"
        }
        parts {
          from_amount { value: "60000" }
          rate { value: "0.035" }
          amount { value: "5617.005" }
          value: "7863807/40000"
          interval: "[60000, ∞)"
        }
        exact_value: "47863807/40000"
        rounding: HALF_EVEN
        value { currency_code: "USD" units: 1196 nanos: 600000000 }
        program_etag: "\"v2\""
        before_limits: "47863807/40000"
      }
      stated_before { currency_code: "USD" }
      amount { currency_code: "USD" units: 1196 nanos: 600000000 }
      terms {
        name: "programs/growth"
        uid: "018f0000-0000-7000-8000-000000000002"
        etag: "\"v2\""
        create_time { seconds: 1285891200 }
        update_time { seconds: 1285891200 }
        state: ACTIVE
        display_name: "Quarterly growth"
        basis: ORDER
        shape: MARGINAL
        bound: FROM
        tiers {
          from_amount { value: "0" }
          rate { value: "0.01" }
        }
        tiers {
          from_amount { value: "20000" }
          rate { value: "0.02" }
        }
        tiers {
          from_amount { value: "60000" }
          rate { value: "0.035" }
        }
        period: QUARTER
        currency: "USD"
        rounding: HALF_EVEN
        effective_from { year: 2010 month: 10 day: 1 }
      }
    }
    line_count: 4
    total { currency_code: "USD" units: 1196 nanos: 600000000 }
  )pb");
  const struct {
    const char* document;
    int line;
    int day;  // of October 2010
    const char* quantity;
    int64_t units;
    int32_t nanos;
    int64_t share_units;
    int32_t share_nanos;
  } kLines[] = {
      {"SO1", 2, 5, "400", 40000, 0, 729, 440000000},
      {"SO1", 10, 5, "350", 35617, 5000000, 649, 520000000},
      {"SO2", 1, 5, "-100", -10000, 0, -182, -360000000},
      {"SO1", 3, 9, "1.5", 0, 0, 0, 0},
  };
  for (const auto& l : kLines) {
    StatementLine& line = good.lines.emplace_back();
    line.set_entry(1);
    line.set_fact("partners/p1/shipments/" + std::string(l.document) + "/lines/" + std::to_string(l.line));
    line.mutable_basis_date()->set_year(2010);
    line.mutable_basis_date()->set_month(10);
    line.mutable_basis_date()->set_day(l.day);
    line.set_product("products/351");
    line.mutable_quantity()->set_value(l.quantity);
    line.mutable_amount()->set_currency_code("USD");
    line.mutable_amount()->set_units(l.units);
    line.mutable_amount()->set_nanos(l.nanos);
    line.mutable_share()->set_currency_code("USD");
    line.mutable_share()->set_units(l.share_units);
    line.mutable_share()->set_nanos(l.share_nanos);
    line.set_ordinal(static_cast<int64_t>(good.lines.size()));

    ShipmentLine& fact = good.facts[line.fact()];
    fact.set_name(line.fact());
    fact.set_partner("partners/p1");
    fact.set_document(l.document);
    fact.set_line(l.line);
    *fact.mutable_order_date() = line.basis_date();
    fact.mutable_ship_date()->set_year(2011);
    fact.mutable_ship_date()->set_month(1);
    fact.mutable_ship_date()->set_day(7);
    fact.set_product(line.product());
    *fact.mutable_quantity() = line.quantity();
    *fact.mutable_net_amount() = line.amount();
  }
  return good;
}

TEST(VerifyTest, AGoodStatementHasNoDifferences) {
  const Case good = Good();
  EXPECT_THAT(VerifyStatement(good.statement, good.lines), IsEmpty());
  EXPECT_THAT(VerifyStatement(good.statement, good.lines, good.lookup()), IsEmpty());
}

// Visits every value of a message with a function that changes it by a digit; the name is the path of fields.
void ForEachValue(Message* message, const std::string& path,
                  const std::function<void(const std::string& path, const std::function<void()>& change)>& visit) {
  std::vector<const FieldDescriptor*> fields;
  message->GetReflection()->ListFields(*message, &fields);
  const auto* reflection = message->GetReflection();
  const auto digit = [](std::string text) {
    const size_t at = text.find_last_of("0123456789");
    if (at == std::string::npos) return text + "x";
    text[at] = text[at] == '9' ? '8' : static_cast<char>(text[at] + 1);
    return text;
  };
  for (const FieldDescriptor* field : fields) {
    const std::string name = path + "." + field->name();
    if (field->is_repeated()) {  // messages, here
      for (int i = 0; i < reflection->FieldSize(*message, field); ++i) {
        ForEachValue(reflection->MutableRepeatedMessage(message, field, i), name, visit);
      }
      continue;
    }
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        ForEachValue(reflection->MutableMessage(message, field), name, visit);
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        visit(name, [=] { reflection->SetString(message, field, digit(reflection->GetString(*message, field))); });
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        visit(name, [=] { reflection->SetInt32(message, field, reflection->GetInt32(*message, field) + 1); });
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        visit(name, [=] { reflection->SetInt64(message, field, reflection->GetInt64(*message, field) + 1); });
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        visit(name, [=] {
          reflection->SetEnumValue(message, field, reflection->GetEnumValue(*message, field) == 1 ? 2 : 1);
        });
        break;
      default:
        FAIL() << name;
    }
  }
}

// What a statement cannot be checked for by itself: its number, identities, times, words. (Units are no part of the
// money; the facts know them, and the product.)
const std::set<std::string>& Uncheckable() {
  static const auto& names = *new std::set<std::string>{
      ".name",
      ".uid",
      ".etag",
      ".create_time.seconds",
      ".update_time.seconds",
      ".entries.terms.uid",
      ".entries.terms.create_time.seconds",
      ".entries.terms.update_time.seconds",
      ".entries.terms.display_name",
  };
  return names;
}
// Of these a change may leave a statement that is right in itself; the facts tell.
const std::set<std::string>& KnownByFacts() {
  static const auto& names = *new std::set<std::string>{
      ".entries.terms.basis", ".line.fact",    ".line.basis_date.year", ".line.basis_date.month",
      ".line.basis_date.day", ".line.product", ".line.quantity.value",
  };
  return names;
}

TEST(VerifyTest, OneDigitChangedAnywhereIsFound) {
  int changed = 0;
  std::set<std::string> visited;
  // Counts values first, then changes them one by one in a fresh copy.
  for (int index = 0;; ++index) {
    Case bad = Good();
    int at = 0;
    std::string path;
    const auto visit = [&](const std::string& name, const std::function<void()>& change) {
      if (at++ != index) return;
      path = name;
      change();
    };
    ForEachValue(&bad.statement, "", visit);
    for (StatementLine& line : bad.lines) ForEachValue(&line, ".line", visit);
    if (path.empty()) break;
    visited.insert(path);
    const bool by_itself = !VerifyStatement(bad.statement, bad.lines).empty();
    const bool by_facts = !VerifyStatement(bad.statement, bad.lines, bad.lookup()).empty();
    if (Uncheckable().contains(path)) {
      EXPECT_FALSE(by_itself) << path;
    } else if (KnownByFacts().contains(path)) {
      EXPECT_TRUE(by_facts) << path;
      ++changed;
    } else {
      EXPECT_TRUE(by_itself) << path;
      EXPECT_TRUE(by_facts) << path;
      ++changed;
    }
  }
  EXPECT_GT(changed, 80);
  for (const auto* names : {&Uncheckable(), &KnownByFacts()}) {
    for (const std::string& name : *names) EXPECT_TRUE(visited.contains(name)) << name;
  }
}

// One of the lines is p2's: 30,000 and 35,617.0050 share 1,196.60 as 547.0838 and 649.5162.
Case GoodGroup() {
  Case good = Good();
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

TEST(VerifyTest, AGroupIsSharedByVolume) {
  const Case good = GoodGroup();
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
    Case bad = good;
    c.spoil(bad.statement.mutable_entries(0));
    EXPECT_THAT(VerifyStatement(bad.statement, bad.lines), Contains(HasSubstr(c.difference)));
  }
}

// Gross amounts are the net amounts of shipments with their discounts, or with what the wallet gave.
TEST(VerifyTest, TheAmountThatCountsIsThatOfTheTerms) {
  const auto differences = [](Program::AmountOf of, int64_t discount, int64_t wallet) {
    Case made = Good();
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
TEST(VerifyTest, DaysOfAFiscalCalendarAreThoseOfTheStatement) {
  const auto fiscal = [](const std::function<void(Case*)>& spoil) {
    Case made = Good();
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
  EXPECT_THAT(fiscal([](Case*) {}), IsEmpty());
  const auto entry = [](Case* made) { return made->statement.mutable_entries(0); };
  EXPECT_THAT(fiscal([&](Case* c) { entry(c)->mutable_period_start()->set_day(2); }),
              Contains(HasSubstr("period_start: stated 2010-10-02, worked out 2010-10-03")));
  EXPECT_THAT(fiscal([&](Case* c) { entry(c)->mutable_counted_until()->set_day(9); }),
              Contains(HasSubstr("counted_until: stated 2011-01-09, worked out 2011-01-02")));
  EXPECT_THAT(fiscal([&](Case* c) { entry(c)->set_period("FY11-2"); }),
              Contains(HasSubstr("period: stated FY11-2, worked out FY11-1")));
  EXPECT_THAT(fiscal([](Case* c) { c->lines[0].mutable_basis_date()->set_day(2); }),
              Contains(HasSubstr("its date 2010-10-02 lies outside the period")));
  EXPECT_THAT(fiscal([](Case* c) { c->statement.mutable_period_end()->set_year(2010); }),
              Contains(HasSubstr("period: stated FY11-1, want a period")));
  // Within a payout period what counts begins with the scale's period, at the latest with the statement's.
  const auto nested = [&](Case* c) { entry(c)->mutable_terms()->set_payout_period(Program::MONTH); };
  EXPECT_THAT(fiscal([&](Case* c) {
                nested(c);
                c->statement.set_period("FY11-3");
                entry(c)->set_close("programs/growth/closes/FY11-3");
                c->statement.mutable_period_start()->set_month(12);
              }),
              IsEmpty());
  EXPECT_THAT(fiscal([&](Case* c) {
                nested(c);
                c->statement.mutable_period_start()->set_day(2);
              }),
              Contains(HasSubstr("period_start: stated 2010-10-03, worked out a day not after 2010-10-02")));
}

TEST(VerifyTest, SaysWhatIsWrong) {
  const struct {
    const char* what;
    std::function<void(Case*)> spoil;
    const char* difference;
  } kCases[] = {
      {"a line is left out", [](Case* c) { c->lines.pop_back(); }, "line_count: stated 4, worked out 3"},
      {"a line twice",
       [](Case* c) {
         c->lines.push_back(c->lines.back());
         c->lines.back().set_ordinal(5);
         c->statement.set_line_count(5);
         c->statement.mutable_entries(0)->set_line_count(5);
       },
       "counted twice"},
      {"lines exchanged",
       [](Case* c) {
         std::swap(c->lines[0], c->lines[1]);
         c->lines[0].set_ordinal(1);
         c->lines[1].set_ordinal(2);
       },
       "out of order"},
      {"a line of another partner", [](Case* c) { c->lines[1].set_fact("partners/p2/shipments/SO1/lines/10"); },
       "a line of another partner"},
      {"a line of another period", [](Case* c) { c->lines[3].mutable_basis_date()->set_year(2011); },
       "lies outside the period"},
      {"the last cent to another line",
       [](Case* c) {
         c->lines[0].mutable_share()->set_nanos(430000000);
         c->lines[1].mutable_share()->set_nanos(530000000);
       },
       "share: stated 729.43, worked out 729.44"},
      {"a bound paid instead of a width",
       [](Case* c) {
         c->statement.mutable_entries(0)->mutable_evaluation()->mutable_parts(1)->mutable_amount()->set_value("60000");
       },
       "evaluation.parts[1].amount: stated 60000, worked out 40000"},
      {"no such fact", [](Case* c) { c->facts.erase(c->lines[0].fact()); }, "there is no such fact"},
      {"a fact that says otherwise",
       [](Case* c) { c->facts[c->lines[0].fact()].mutable_net_amount()->set_units(40001); },
       "amount: stated 40000, worked out 40001"},
      {"a reversal", [](Case* c) { c->facts[c->lines[0].fact()].set_reverses("partners/p1/shipments/SO0/lines/1"); },
       "a reversal counts for nothing"},
      {"no terms", [](Case* c) { c->statement.mutable_entries(0)->clear_terms(); }, "terms have no tiers"},
      {"nothing at all", [](Case* c) { c->statement.Clear(); }, "a line of no entry"},
      {"an entry that a true-up is not",
       [](Case* c) { c->statement.mutable_entries(0)->set_kind(StatementEntry::TRUE_UP); }, "counted_until"},
  };
  for (const auto& c : kCases) {
    Case bad = Good();
    c.spoil(&bad);
    EXPECT_THAT(VerifyStatement(bad.statement, bad.lines, bad.lookup()), Contains(HasSubstr(c.difference))) << c.what;
  }
}

// Lines of another currency: added up by day, then converted by the rate that the entry states. 60,000.0050 and
// USD 5,000 at 7.1234 are 95,617.0050; at retroactive 3 % that is 2,868.51015.
TEST(VerifyTest, ConvertsByTheStatedRate) {
  Case good = Good();
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
TEST(VerifyTest, ABudgetLeavesAShareOfTheValue) {
  Case good = Good();
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
TEST(VerifyTest, ACapOfClawbacksLeavesWhatStays) {
  Case good = Good();
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

TEST(VerifyTest, ALinkedReturnCountsOnTheDatesOfItsOriginal) {
  Case good = Good();
  ShipmentLine original = good.facts.at(good.lines[2].fact());
  original.set_name("partners/p1/shipments/SO0/lines/1");
  good.facts[original.name()] = original;
  ShipmentLine& fact = good.facts[good.lines[2].fact()];
  fact.mutable_order_date()->set_year(2012);
  EXPECT_THAT(VerifyStatement(good.statement, good.lines, good.lookup()), Contains(HasSubstr("basis_date")));
  fact.set_original_line(original.name());
  EXPECT_THAT(VerifyStatement(good.statement, good.lines, good.lookup()), IsEmpty());
}

TEST(VerifyArithmeticTest, ReadsAndPrints) {
  const struct {
    const char* text;
    const char* printed;  // nullptr: refused
  } kCases[] = {
      {"0", "0"},
      {"-0.5", "-0.5"},
      {"2024.9940", "2024.994"},
      {"0.000000001", "0.000000001"},
      {"1e3", nullptr},
      {"", nullptr},
      {"-", nullptr},
      {"1.0000000001", nullptr},
      {"1,5", nullptr},
      {"00.10", "0.1"},
      {"12345678901234567890123", "12345678901234567890123"},
  };
  for (const auto& c : kCases) {
    google::type::Decimal decimal;
    decimal.set_value(c.text);
    const std::optional<verify::Integer> value = verify::Billionths(decimal);
    ASSERT_EQ(value.has_value(), c.printed != nullptr) << c.text;
    if (value.has_value()) {
      EXPECT_EQ(verify::Text(*value), c.printed);
    }
  }
}

TEST(VerifyArithmeticTest, Rounds) {
  using incentive::v1::Program;
  const struct {
    const char* fraction;
    int half_even, half_up, down;
  } kCases[] = {
      {"1/2", 0, 1, 0}, {"3/2", 2, 2, 1},   {"5/2", 2, 3, 2},     {"7/3", 2, 2, 2},
      {"8/3", 3, 3, 2}, {"-1/2", 0, -1, 0}, {"-3/2", -2, -2, -1}, {"4", 4, 4, 4},
  };
  for (const auto& c : kCases) {
    const std::optional<verify::Fraction> fraction = verify::ParseFraction(c.fraction);
    ASSERT_TRUE(fraction.has_value());
    EXPECT_EQ(verify::Round(*fraction, Program::HALF_EVEN), c.half_even) << c.fraction;
    EXPECT_EQ(verify::Round(*fraction, Program::HALF_UP), c.half_up) << c.fraction;
    EXPECT_EQ(verify::Round(*fraction, Program::DOWN), c.down) << c.fraction;
  }
  for (const char* text : {"", "1/0", "1/", "/2", "1/2/3", "1.5", "--1"}) {
    EXPECT_FALSE(verify::ParseFraction(text).has_value()) << text;
  }
}

TEST(VerifyTest, FactsStandByDocumentAndLine) {
  const struct {
    const char* fact;
    const char* document;
    int64_t line;
  } kCases[] = {
      {"partners/p1/shipments/SO1/lines/2", "SO1", 2},
      {"partners/p1/shipments/SO1/lines/2.1", "SO1", 2},
      {"partners/p1/creditNotes/C.1/lines/30", "C.1", 30},
      {"partners/p1/sales/R1.2", "R1", 2},
      {"partners/p1/sales/R1.2.1", "R1", 2},
      {"partners/p1/sales/R.1.2.0", "R.1", 2},
      {"partners/p1/sales/R", "R", 0},
      {"partners/p1/deals/d.1", "d.1", 1},
      {"partners/p1", "", 0},
  };
  for (const auto& c : kCases) {
    const Place place = PlaceOf(c.fact);
    EXPECT_EQ(place.document, c.document) << c.fact;
    EXPECT_EQ(place.line, c.line) << c.fact;
  }
}

TEST(VerifyTest, EachBasisRestsOnFactsOfItsOwn) {
  const inventory::v1::CreditNoteLine credit = Parse<inventory::v1::CreditNoteLine>(R"pb(
    name: "partners/p1/creditNotes/C1/lines/1"
    partner: "partners/p1"
    credit_date { year: 2011 month: 1 day: 5 }
    product: "products/x"
    quantity { value: "2" }
    net_amount { currency_code: "USD" units: 30 nanos: 500000000 }
    original_invoice: "partners/p1/invoices/I1"
  )pb");
  const Fact back(credit);
  EXPECT_EQ(verify::Text(*back.quantity), "-2");
  EXPECT_EQ(verify::Text(*back.amount), "-30.5");
  EXPECT_EQ(back.original, "partners/p1/invoices/I1");
  EXPECT_EQ(back.DateOn(Program::INVOICED), "2011-01-05");
  EXPECT_TRUE(back.CountsOn(Program::INVOICED));
  EXPECT_FALSE(back.CountsOn(Program::ORDER));
  inventory::v1::SellThroughSale sale;
  sale.set_name("partners/p1/sales/R1.1");
  EXPECT_TRUE(Fact(sale).CountsOn(Program::SELL_THROUGH));
  EXPECT_EQ(Fact(sale).partner, "partners/p1");
  sale.set_activity(inventory::v1::SellThroughSale::ADJUSTMENT);
  EXPECT_FALSE(Fact(sale).CountsOn(Program::SELL_THROUGH));
  EXPECT_FALSE(Fact(credit).CountsOn(Program::SELL_THROUGH));

  conflict::v1::DealRegistration deal;
  deal.set_name("partners/p1/deals/d1");
  EXPECT_TRUE(Fact(deal).CountsOn(Program::WON_DEAL));
  EXPECT_EQ(verify::Text(*Fact(deal).quantity), "1");
  EXPECT_EQ(Fact(deal).partner, "partners/p1");
  EXPECT_FALSE(Fact(sale).CountsOn(Program::WON_DEAL));

  // The same figures on another basis rest on facts that do not count on it.
  Case good = Good();
  good.statement.mutable_entries(0)->mutable_terms()->set_basis(Program::INVOICED);
  EXPECT_THAT(VerifyStatement(good.statement, good.lines, good.lookup()),
              Contains(HasSubstr("no fact that counts on INVOICED")));
}

StatementEntry Grew(const std::string& period, const std::string& amount, const std::string& steps) {
  return Parse<StatementEntry>(
      "kind: EARNED program: 'programs/g' period: '" + period + "' exact_qualifying_amount: '" + amount +
      "' terms { growth { reference: PREVIOUS_PERIOD } effective_from { year: 2025 month: 1 day: 1 } }"
      " evaluation { growth { " +
      steps + " } }");
}

TEST(VerifyTest, AReferenceIsThatOfThePredecessorsToo) {
  const auto measured = [](const std::string& reference) {
    return Grew(
        "2025Q2", "200",
        "predecessors: 'partners/p2' reference_period: '2025Q1' reference_amount { value: '" + reference + "' }");
  };
  GrowthReferences apart;
  apart.Add(Grew("2025Q1", "100", ""), "partners/p1");
  apart.Add(Grew("2025Q1", "20", ""), "partners/p2");
  apart.Add(Grew("2025Q1", "7", ""), "partners/p3");
  EXPECT_THAT(apart.Verify(measured("120"), "partners/p1"), IsEmpty());
  EXPECT_THAT(apart.Verify(measured("100"), "partners/p1"), Contains(HasSubstr("stated 100, worked out 120")));
  GrowthReferences together;
  together.Add(Grew("2025Q1", "120", "predecessors: 'partners/p2'"), "partners/p1");
  EXPECT_THAT(together.Verify(measured("120"), "partners/p1"), IsEmpty());
  EXPECT_THAT(together.Verify(measured("140"), "partners/p1"), Contains(HasSubstr("stated 140, worked out 120")));
  // Whose lines were somebody else's then cannot be told apart.
  GrowthReferences elsewhere;
  elsewhere.Add(Grew("2025Q1", "100", ""), "partners/p1");
  elsewhere.Add(Grew("2025Q1", "500", "predecessors: 'partners/p2'"), "partners/p3");
  EXPECT_THAT(elsewhere.Verify(measured("120"), "partners/p1"), IsEmpty());
}

}  // namespace
}  // namespace tributary::cli
