// What the lines of an entry come to, and what that is worth by its measure.

#include <algorithm>
#include <optional>

#include "cli/verify/budgeted.h"
#include "cli/verify/composite.h"
#include "cli/verify/counted.h"
#include "cli/verify/document_checker.h"
#include "cli/verify/goods.h"
#include "cli/verify/growth.h"
#include "cli/verify/margin.h"
#include "cli/verify/mixed.h"

namespace tributary::cli {
namespace {

using verify::Fraction;
using verify::Integer;
using verify::Text;
using verify::Unit;

}  // namespace

Integer DocumentChecker::Value(const EntryRecords& records) {
  const verify::ScaleTerms scale = ScaleOf(records);
  shares_.clear();
  if (scale.tiers.empty()) {
    Differ("no shape or no tiers");
    return 0;
  }
  const bool amounts = scale.shape == verify::ScaleShape::kPerUnit || scale.shape == verify::ScaleShape::kTarget;
  for (const verify::ScaleTier& tier : scale.tiers) {
    if (tier.amount != 0 && !amounts) Differ("tiers: an amount under " + records.entry[10]);
  }
  const std::vector<Fraction> converted = Sum(records);
  Integer rounded;
  if (const auto stacked = stack_.find(records.program()); stacked != stack_.end()) {
    rounded = stacked->second.minor;
    for (const Record& line : records.All("line")) shares_.push_back(stacked->second.shares.at(line[3]));
  } else {
    const Fraction units = verify::Whole(units_);
    opened_ = Opening(records);
    const verify::ScaleValue worked = WorkOutFrom(records, scale, units);
    rounded = verify::Round({worked.value.num * minor_, worked.value.den}, RoundingOf(records));
    std::vector<Fraction> weights = converted;
    if (scale.shape == verify::ScaleShape::kPerUnit) {
      weights.clear();
      for (const Record& line : records.All("line")) weights.push_back(verify::Whole(NumberIn(line[6])));
    }
    if (records.entry[12] == "DAYS_TO_PAY") {
      weights.clear();
      for (const verify::PaidLine& one : PaidLines(records)) {
        weights.push_back(verify::Times(verify::Whole(one.amount), verify::RateOfDays(scale, one.days)));
      }
    }
    if (records.entry[12] == "MARGIN") weights = std::move(margin_weights_);
    if (!records.All("opening").empty()) {
      const bool by_units = scale.shape == verify::ScaleShape::kPerUnit;
      weights.push_back(verify::Whole(by_units ? opened_.quantity : opened_.amount));
    }
    if (!records.All("budget").empty()) rounded = Budgeted(records, rounded, weights);
    shares_ = verify::Shares(rounded, weights);
  }
  return rounded * Unit() / minor_;
}

Integer DocumentChecker::Budgeted(const EntryRecords& records, const Integer& asked,
                                  const std::vector<Fraction>& weights) {
  const Record& budget = records.All("budget").front();
  if (records.All("budget").size() != 1) Differ("a budget has one record");
  WantNumber(budget[3], asked * Unit() / minor_, "value before the budget");
  verify::StatedBudget stated;
  stated.by_event = budget[2] == "BY_EVENT";
  if (!budget[4].empty()) stated.factor = verify::ParseDecimal(budget[4]);
  stated.used_up_on = budget[5];
  stated.share = Number(budget[6], "share of the budget") * minor_ / Unit();
  const std::vector<Record>& lines = records.All("line");
  std::vector<verify::BudgetedLine> brought;
  for (size_t i = 0; i < lines.size(); ++i) brought.push_back({lines[i][4], weights[i]});
  const Integer before = Number(records.entry[22], "stated_before") * minor_ / Unit();
  const verify::BudgetedWork work = verify::WorkOutBudget(stated, asked, before, brought);
  for (const std::string& what : work.differences) Differ("budget: " + what);
  return work.value;
}

verify::ScaleValue DocumentChecker::WorkOutFrom(const EntryRecords& records, const verify::ScaleTerms& scale,
                                                const Fraction& units) {
  const std::string& measure = records.entry[12];
  if (measure == "GROWTH") return Grown(records, scale, units);
  if (measure == "DAYS_TO_PAY") return verify::WorkOutPaid(scale, PaidLines(records));
  if (measure == "MIX") return Mixed(records, scale, units);
  if (measure == "MARGIN") return Margin(records, scale);
  if (measure == "COMPOSITE") return verify::WorkOutRatio(scale, {Scored(records), sum_, units});
  if (measure != "COUNT") {
    const verify::CarriedSums carried = CarriedInto(records);
    const Fraction amount = verify::Plus(sum_, verify::Whole(carried.amount + opened_.amount));
    const Fraction quantity = verify::Plus(units, verify::Whole(carried.quantity + opened_.quantity));
    return verify::WorkOut(scale, {scale.by_units ? quantity : amount, amount, quantity});
  }
  const Fraction count = Counted(records);
  return verify::WorkOut(scale, {count, sum_, count});
}

verify::CarriedSums DocumentChecker::Opening(const EntryRecords& records) {
  const std::vector<Record>& openings = records.All("opening");
  if (openings.empty()) return {};
  const Record& opening = openings.front();
  if (openings.size() != 1) Differ("an opening has one record");
  const std::string& measure = records.entry[12];
  if (measure != "AMOUNT" && measure != "QUANTITY") Differ("an opening under " + measure);
  if (opening[2].rfind(Partner() + "openingBalances/", 0) != 0) Differ(opening[2] + ": of another partner");
  if (opening[3].empty()) Differ("an opening without a document");
  const verify::CarriedSums sums{Number(opening[4], "opening amount"), Number(opening[5], "opening quantity")};
  const Integer paid = Number(opening[6], "paid before");
  if (sums.amount < 0 || sums.quantity < 0 || paid < 0) Differ("an opening below 0");
  said_.paid_before[{records.entry[3], records.entry[5]}] = paid;
  return sums;
}

verify::CarriedSums DocumentChecker::CarriedInto(const EntryRecords& records) {
  const std::vector<Record>& returns = records.All("returns");
  if (returns.size() > 1) Differ("how returns count has one record");
  const bool carries = !returns.empty() && returns.front()[3] == "CARRY_NEGATIVE";
  std::vector<verify::CarriedSums> periods;
  for (const Record& one : records.All("carried")) {
    if (!carries) Differ(one[2] + ": carried into a period of a program that carries nothing");
    if (one[2] == records.entry[5]) Differ(one[2] + ": carried into itself");
    periods.push_back({Number(one[3], "carried amount"), Number(one[4], "carried quantity")});
  }
  return verify::WorkOutCarried(periods);
}

std::map<std::string, int64_t> DocumentChecker::Numbers(const EntryRecords& records) {
  std::map<std::string, int64_t> numbers;
  for (const Record& one : records.All("counted")) {
    const Integer number = Number(one[3], "counted_as") / Unit();
    if (!numbers.emplace(one[2], number.convert_to<int64_t>()).second) Differ("line " + one[2] + " counted twice");
  }
  return numbers;
}

std::vector<verify::PaidLine> DocumentChecker::PaidLines(const EntryRecords& records) {
  const std::map<std::string, int64_t> days = Numbers(records);
  std::vector<verify::PaidLine> paid;
  for (const Record& line : records.All("line")) {
    const auto took = days.find(line[2]);
    paid.push_back({NumberIn(line[8]), took == days.end() ? 0 : took->second});
  }
  return paid;
}

Fraction DocumentChecker::Scored(const EntryRecords& records) {
  if (records.All("composite").size() != 1) {
    Differ("a score has one record");
    return {};
  }
  std::vector<verify::ScorePart> parts;
  Integer weights = 0;
  for (const Record& one : records.All("component")) {
    verify::ScorePart part{
        Number(one[5], "low"), Number(one[6], "high"), Integer(Number(one[4], "weight") / Unit()), {}};
    part.figure = one[3] == "AMOUNT" ? std::optional(sum_) : verify::ParseFraction(one[7]);
    const std::string figure = part.figure.has_value() ? Text(*part.figure) : "";
    Want(one[7] == figure, "figure of " + one[2], one[7], figure);
    weights += part.weight;
    parts.push_back(std::move(part));
  }
  if (weights != 100) Differ("the weights of a score do not sum to 100");
  const verify::ScoreWork worked = verify::WorkOutScore(parts);
  for (size_t i = 0; i < worked.parts.size(); ++i) {
    const Record& one = records.All("component")[i];
    Want(one[8] == Text(worked.parts[i].low), "low end of " + one[2], one[8], Text(worked.parts[i].low));
    Want(one[9] == Text(worked.parts[i].high), "high end of " + one[2], one[9], Text(worked.parts[i].high));
  }
  const Record& stated = records.All("composite").front();
  Want(stated[3] == Text(worked.total.low), "low end of the score", stated[3], Text(worked.total.low));
  Want(stated[4] == Text(worked.total.high), "high end of the score", stated[4], Text(worked.total.high));
  return worked.total.low;
}

verify::ScaleValue DocumentChecker::Margin(const EntryRecords& records, const verify::ScaleTerms& scale) {
  margin_weights_.assign(records.All("line").size(), Fraction());
  if (records.All("margin").size() != 1) {
    Differ("a margin has one record");
    return {};
  }
  std::map<std::string, Integer> costs;  // by the line's ordinal
  for (const Record& one : records.All("cost")) {
    if (!costs.emplace(one[2], Number(one[3], "cost")).second) Differ("line " + one[2] + " has two costs");
  }
  std::vector<verify::MarginLine> lines;
  for (const Record& line : records.All("line")) {
    verify::MarginLine one{NumberIn(line[8]), NumberIn(line[6]), {}};
    if (const auto cost = costs.find(line[2]); cost != costs.end()) one.unit_cost = cost->second;
    lines.push_back(std::move(one));
  }
  const Record& stated = records.All("margin").front();
  verify::MarginWork worked = verify::WorkOutMargin(scale, {stated[3] == "SHARE", stated[4] == "NET"}, lines);
  Want(Text(verify::Whole(NumberIn(stated[5]))) == Text(worked.net), "net amount", stated[5], Text(worked.net));
  Want(stated[6] == Text(worked.cost), "cost", stated[6], Text(worked.cost));
  Want(stated[7] == Text(worked.margin), "margin", stated[7], Text(worked.margin));
  Want(stated[8] == worked.share, "share", stated[8], worked.share);
  Want(stated[9] == std::to_string(worked.uncosted), "lines without a cost", stated[9],
       std::to_string(worked.uncosted));
  margin_weights_ = std::move(worked.weights);
  return std::move(worked.value);
}

void DocumentChecker::Goods(const EntryRecords& records) {
  if (records.All("goods").size() != 1) return Differ("free goods have one record");
  const Record& stated = records.All("goods").front();
  const verify::GoodsTerms terms{Number(stated[4], "paid units"), Number(stated[5], "free units"), stated[2] == "ORDER",
                                 stated[3] == "INCLUSIVE"};
  const std::map<std::string, int64_t> numbers = Numbers(records);
  std::vector<verify::GoodsLine> lines;
  for (const Record& line : records.All("line")) {
    const auto number = numbers.find(line[2]);
    lines.push_back({line[3], NumberIn(line[6]), NumberIn(line[8]), number == numbers.end() ? 0 : number->second});
  }
  const verify::GoodsWork worked = verify::WorkOutGoods(terms, lines);
  for (const std::string& what : worked.differences) Differ(what);
  WantNumber(stated[6], worked.paid, "units paid");
  WantNumber(stated[7], worked.due, "units due");
  WantNumber(stated[8], worked.given, "units given");
  const Integer before = Number(stated[9], "units stated before");
  const std::pair<std::string, std::string> key{records.program(), records.entry[5] + " goods"};
  const auto [first, fresh] = said_.stated_before.try_emplace(key, before);
  if (!fresh) Want(said_.stated[key] == before, "units stated before", Text(before), Text(said_.stated[key]));
  said_.stated[key] = worked.due;
}

verify::ScaleValue DocumentChecker::Mixed(const EntryRecords& records, const verify::ScaleTerms& scale,
                                          const Fraction& units) {
  if (records.All("mix").size() != 1) {
    Differ("a mix has one record");
    return {};
  }
  const Record& stated = records.All("mix").front();
  const std::map<std::string, int64_t> numbers = Numbers(records);
  Integer set = 0;
  for (const Record& line : records.All("line")) {
    if (numbers.contains(line[2])) set += NumberIn(line[8]);
  }
  WantNumber(stated[3], set, "amount of the set");
  const Fraction amount = verify::Whole(set);
  const std::string share = verify::HasShare(sum_) ? Text(Over(amount, sum_)) : "";
  Want(stated[4] == share, "share", stated[4], share);
  return verify::WorkOutMix(scale, amount, sum_, stated[2] == "ALL", units);
}

Fraction DocumentChecker::Counted(const EntryRecords& records) {
  if (records.All("count").size() != 1) {
    Differ("a count has one record");
    return {};
  }
  const Record& stated = records.All("count").front();
  const std::map<std::string, int64_t> numbers = Numbers(records);
  std::vector<verify::CountedLine> lines;
  for (const Record& line : records.All("line")) {
    const auto number = numbers.find(line[2]);
    lines.push_back({line[3], line[5], NumberIn(line[6]), number == numbers.end() ? 0 : number->second});
  }
  const verify::CountWork worked = verify::WorkOutCount(stated[2] == "PRODUCT", lines);
  for (const std::string& what : worked.differences) Differ(what);
  Want(stated[3] == Text(worked.count), "count", stated[3], Text(worked.count));
  return worked.count;
}

verify::ScaleValue DocumentChecker::Grown(const EntryRecords& records, const verify::ScaleTerms& scale,
                                          const Fraction& units) {
  if (records.All("growth").size() != 1) {
    Differ("growth has one record");
    return {};
  }
  const Record& growth = records.All("growth").front();
  verify::BaselineInput input{
      .fixed = growth[2] == "FIXED", .fallback = growth[4], .agreed = verify::ParseBillionths(growth[10])};
  if (!input.fixed) {
    // Of a fiscal calendar as stated.
    const bool fiscal = !records.All("fiscal").empty();
    const auto reference = verify::PeriodBefore(records.entry[5], growth[2] == "YEAR_BEFORE");
    const std::string id = fiscal ? growth[6] : reference.has_value() ? reference->id : "none";
    Want(growth[6] == id, "reference period", growth[6], id);
    input.reference = Number(growth[7], "reference amount");
    // What others than the partner came to there is in their documents.
    if (records.All("predecessor").empty()) {
      said_.references.push_back({prefix_, records.program(), growth[6], input.reference});
    }
    input.reference_days = fiscal ? static_cast<int>(Integer(Number(growth[8], "reference days") / Unit()))
                           : reference.has_value() ? reference->days()
                                                   : 0;
    const std::string days = std::to_string(input.reference_days);
    Want(growth[8] == days, "reference days", growth[8], days);
    input.active_days = static_cast<int>(Integer(Number(growth[9], "active days") / Unit()));
  }
  const verify::BaselineWork worked = verify::WorkOutBaseline(input);
  Want(growth[5] == worked.outcome, "outcome", growth[5], worked.outcome);
  const std::optional<Fraction> baseline = verify::ParseFraction(growth[11]);
  const bool same =
      worked.baseline.has_value() ? baseline.has_value() && Equal(*baseline, *worked.baseline) : growth[11].empty();
  Want(same, "baseline", growth[11], worked.baseline.has_value() ? Text(*worked.baseline) : "none");
  return verify::WorkOutGrowth(scale, worked.baseline, growth[3] == "INCREMENT", sum_, units);
}

std::vector<Fraction> DocumentChecker::Sum(const EntryRecords& records) {
  using Day = std::pair<std::string, std::string>;  // currency, day
  std::map<Day, std::optional<Fraction>> rates;
  for (const Record& one : records.All("converted")) {
    const std::optional<Fraction> rate = one[5].empty() ? std::nullopt : verify::ParseDecimal(one[5]);
    if (!one[5].empty() && !rate.has_value()) Differ("rate: stated " + one[5] + ", want a number");
    if (!rates.try_emplace({one[2], one[3]}, rate).second) Differ("rate of " + one[2] + " on " + one[3] + " twice");
  }
  std::map<Day, std::pair<Integer, int64_t>> foreign;
  std::vector<Fraction> brought;
  units_ = 0;
  sum_ = {0, 1};
  const std::vector<Record>& lines = records.All("line");
  for (const Record& line : lines) {
    const Integer amount = Number(line[8], line[3]);
    units_ += Number(line[6], line[3]);
    Fraction converted = verify::Whole(amount);
    if (line[7] != document_.currency()) {
      const auto rate = rates.find({line[7], line[4]});
      if (rate == rates.end()) Differ(line[3] + ": no rate of " + line[7] + " on " + line[4]);
      const bool priced = rate != rates.end() && rate->second.has_value();
      converted = priced ? verify::Times(converted, *rate->second) : Fraction{0, 1};
      auto& [of_day, count] = foreign[{line[7], line[4]}];
      of_day += amount;
      ++count;
    }
    sum_ = verify::Plus(sum_, converted);
    brought.push_back(converted);
  }
  for (const Record& one : records.All("converted")) {
    const auto& [amount, count] = foreign[{one[2], one[3]}];
    WantNumber(one[4], amount, "converted " + one[2] + " on " + one[3]);
    Want(one[6] == std::to_string(count), "lines in " + one[2] + " on " + one[3], one[6], std::to_string(count));
  }
  const Record& entry = records.entry;
  Want(entry[18] == std::to_string(lines.size()), "lines", entry[18], std::to_string(lines.size()));
  const std::optional<Fraction> stated = verify::ParseFraction(entry[19]);
  Want(stated.has_value() && Equal(*stated, sum_), "qualifying amount", entry[19], Text(sum_));
  WantNumber(entry[20], units_, "quantity");
  return brought;
}

}  // namespace tributary::cli
