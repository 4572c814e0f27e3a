#include "cli/verify/document.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "cli/verify/budgeted.h"
#include "cli/verify/carried.h"
#include "cli/verify/clawed.h"
#include "cli/verify/composite.h"
#include "cli/verify/counted.h"
#include "cli/verify/document_records.h"
#include "cli/verify/document_stack.h"
#include "cli/verify/goods.h"
#include "cli/verify/growth.h"
#include "cli/verify/margin.h"
#include "cli/verify/matched.h"
#include "cli/verify/members.h"
#include "cli/verify/mixed.h"
#include "cli/verify/paid.h"
#include "cli/verify/place.h"
#include "common/digest/sha256.h"

namespace tributary::cli {
namespace {

using verify::Fraction;
using verify::Integer;
using verify::Text;
using verify::Unit;

class Checker {
 public:
  explicit Checker(std::string_view csv) { said_.hash = Sha256Hex(csv); }

  DocumentSaid Run(std::string_view csv) && {
    std::string fault;
    if (!ReadDocument(csv, &document_, &fault)) {
      Differ(std::move(fault));
      return std::move(said_);
    }
    said_.name = document_.statement[1];
    said_.previous_hash = document_.statement[8];
    minor_ = verify::SmallestUnits(document_.currency());
    Integer total = 0;
    const std::vector<EntryRecords>& entries = document_.entries;
    size_t stacked_until = 0;
    for (size_t i = 0; i < entries.size(); ++i) {
      if (i >= stacked_until) {
        const size_t stacked = StackFrom(entries, i);
        stacked_until = i + stacked;
        stack_ = stacked == 0 ? decltype(stack_)()
                              : WorkOutStacked(document_.currency(), absl::MakeSpan(entries).subspan(i, stacked),
                                               &said_.differences);
      }
      prefix_ = "entry " + entries[i].entry[1] + ": ";
      Want(entries[i].entry[1] == std::to_string(i + 1), "ordinal", entries[i].entry[1], std::to_string(i + 1));
      total += Entry(entries[i]);
    }
    prefix_.clear();
    for (const Record& adjustment : document_.adjustments) total += Number(adjustment[6], adjustment[2]);
    WantNumber(document_.total, total, "total");
    return std::move(said_);
  }

 private:
  void Differ(std::string what) { said_.differences.push_back(prefix_ + std::move(what)); }
  void Want(bool holds, const std::string& what, const std::string& stated, const std::string& found) {
    if (!holds) Differ(what + ": stated " + stated + ", worked out " + found);
  }
  void WantNumber(const std::string& stated, const Integer& found, const std::string& what) {
    Want(verify::ParseBillionths(stated) == found, what, stated, Text(found));
  }
  Integer Number(const std::string& text, const std::string& what) {
    const std::optional<Integer> number = verify::ParseBillionths(text);
    if (!number.has_value()) Differ(what + ": stated " + text + ", want a number");
    return number.value_or(0);
  }

  // What the entry adds to the total, in billionths.
  Integer Entry(const EntryRecords& records) {
    const Record& entry = records.entry;
    const Integer before = Number(entry[22], "stated_before");
    const bool guaranteed = entry[2] == "GUARANTEE";
    Fiscal(records);
    const Integer worth = guaranteed ? Guaranteed(records, before) : Value(records);
    const Integer value = guaranteed ? worth : Integer(worth + Waived(records, worth));
    WantNumber(entry[21], value, "value");
    WantNumber(entry[23], value - before, "amount");
    const std::pair<std::string, std::string> key{entry[3], guaranteed ? entry[5] + " guarantee" : entry[5]};
    const auto [first, fresh] = said_.stated_before.try_emplace(key, before);
    if (!fresh) Want(said_.stated[key] == before, "stated_before", Text(before), Text(said_.stated[key]));
    said_.stated[key] = value;
    if (!guaranteed) {
      Lines(records);
      Members(records, worth);
    }
    if (!guaranteed && entry[12] == "FREE_GOODS") Goods(records);
    if (entry[2] == "EARNED" && records.All("predecessor").empty()) {
      said_.qualified[{entry[3], entry[5]}] = verify::ParseFraction(entry[19]).value_or(Fraction{0, 1});
    }
    return value - before;
  }

  // The days of a period of a fiscal calendar are taken as stated; they agree with those of the statement.
  void Fiscal(const EntryRecords& records) {
    const std::vector<Record>& fiscal = records.All("fiscal");
    if (fiscal.empty()) return;
    if (fiscal.size() != 1) return Differ("a fiscal calendar has one record");
    const Record& entry = records.entry;
    const std::string &start = entry[6], &until = entry[7];
    const std::string &begins = document_.statement[4], &ends = document_.statement[5];
    Want(start < until, "counted_until", until, "a day after " + start);
    if (entry[2] != "EARNED") {
      const std::string& latest = entry[2] == "GUARANTEE" ? ends : begins;
      return Want(until <= latest, "counted_until", until, "a day not after " + latest);
    }
    const bool within = !fiscal.front()[4].empty();
    Want(until == ends, "counted_until", until, ends);
    Want(within ? start <= begins : start == begins, "period_start", start, begins);
    if (!within) Want(entry[5] == document_.statement[3], "period", entry[5], document_.statement[3]);
  }

  // What is added to what was earned, or taken back of it, in billionths. What was advanced before is taken as stated.
  Integer Guaranteed(const EntryRecords& records, const Integer& before) {
    if (records.All("guarantee").size() != 1 || !records.All("line").empty()) {
      Differ("a guarantee has one record, and no lines");
      return 0;
    }
    const Record& guarantee = records.All("guarantee").front();
    const Integer amount = Number(guarantee[2], "guarantee");
    const bool cumulative = guarantee[3] == "CUMULATIVE", recoupable = guarantee[4] == "RECOUPABLE";
    const Integer reached = Number(guarantee[5], "earned") + Number(guarantee[6], "carry_before");
    const Integer top_up = reached < amount ? Integer(amount - reached) : Integer(0);
    Integer beyond = reached - amount + top_up;
    const Integer recouped = recoupable ? std::min(beyond, Number(guarantee[8], "recouped")) : Integer(0);
    beyond -= recouped;
    WantNumber(guarantee[7], top_up, "top_up");
    WantNumber(guarantee[8], recouped, "recouped");
    WantNumber(guarantee[9], cumulative ? beyond : Integer(0), "carry");
    const Integer value = top_up - recouped;
    return recoupable ? value : std::max(value, before);
  }

  // What the lines are worth, in billionths. Leaves the shares that are to be.
  Integer Value(const EntryRecords& records) {
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

  // What a cap of clawbacks adds to what the period is worth, both in billionths.
  Integer Waived(const EntryRecords& records, const Integer& worth) {
    const Record& entry = records.entry;
    verify::ClawedEntry said{.program = entry[3], .period = entry[5], .earned = entry[2] == "EARNED", .value = worth};
    if (const std::vector<Record>& all = records.All("clawback"); !all.empty()) {
      const Record& clawback = all.front();
      if (all.size() != 1 || said.earned) Differ("a true-up has one clawback, and what is earned none");
      verify::ClawbackLimit limit;
      if (!clawback[2].empty()) limit.amount = Number(clawback[2], "most that is taken back");
      if (!clawback[3].empty()) limit.share = Number(clawback[3], "share that is taken back");
      if (clawback[2].empty() && clawback[3].empty()) Differ("a clawback without a limit");
      said.most = Number(clawback[4], "most that was stated");
      said.waived_before = Number(clawback[7], "waived before");
      const verify::ClawbackWork work = verify::WorkOutClawback(
          limit, Integer(*said.most * minor_ / Unit()), Integer(worth * minor_ / Unit()), RoundingOf(records), minor_);
      said.waived = work.waived * Unit() / minor_;
      WantNumber(clawback[5], work.stays * Unit() / minor_, "what stays stated");
      WantNumber(clawback[6], said.waived, "what is waived");
      said.value += said.waived;
    }
    said_.clawed.emplace_back(prefix_, said);
    return said.waived;
  }

  // What a budget leaves of the value, in smallest units. What others come to is taken as stated.
  Integer Budgeted(const EntryRecords& records, const Integer& asked, const std::vector<Fraction>& weights) {
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

  verify::ScaleValue WorkOutFrom(const EntryRecords& records, const verify::ScaleTerms& scale, const Fraction& units) {
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

  // What an opening balance says of the period. It is taken as stated, once of each period.
  verify::CarriedSums Opening(const EntryRecords& records) {
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

  // What periods before left below 0. What they came to is taken as stated.
  verify::CarriedSums CarriedInto(const EntryRecords& records) {
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

  // With which lines parts of returns are matched, by the ordinals of the parts.
  std::map<std::string, std::string> Matches(const EntryRecords& records) {
    std::map<std::string, std::string> matches;
    const std::vector<Record>& returns = records.All("returns");
    const bool matching = !returns.empty() && returns.front()[2] == "MATCH_LATEST";
    for (const Record& one : records.All("matched")) {
      if (!matching) Differ("line " + one[2] + " is matched by a program that matches nothing");
      if (!matches.emplace(one[2], one[3]).second) Differ("line " + one[2] + " matched twice");
    }
    return matches;
  }

  // As which lines count, by their ordinals.
  std::map<std::string, int64_t> Numbers(const EntryRecords& records) {
    std::map<std::string, int64_t> numbers;
    for (const Record& one : records.All("counted")) {
      const Integer number = Number(one[3], "counted_as") / Unit();
      if (!numbers.emplace(one[2], number.convert_to<int64_t>()).second) Differ("line " + one[2] + " counted twice");
    }
    return numbers;
  }

  // What was paid, in the order of the lines. The days are taken as stated.
  std::vector<verify::PaidLine> PaidLines(const EntryRecords& records) {
    const std::map<std::string, int64_t> days = Numbers(records);
    std::vector<verify::PaidLine> paid;
    for (const Record& line : records.All("line")) {
      const auto took = days.find(line[2]);
      paid.push_back({NumberIn(line[8]), took == days.end() ? 0 : took->second});
    }
    return paid;
  }

  // The least that the score may be. Figures of evaluations are taken as stated.
  Fraction Scored(const EntryRecords& records) {
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

  // What a margin is worth. What units cost is taken as stated. Leaves what shares go by.
  verify::ScaleValue Margin(const EntryRecords& records, const verify::ScaleTerms& scale) {
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

  // The units that are due. Which order is behind a number is taken as stated.
  void Goods(const EntryRecords& records) {
    if (records.All("goods").size() != 1) return Differ("free goods have one record");
    const Record& stated = records.All("goods").front();
    const verify::GoodsTerms terms{Number(stated[4], "paid units"), Number(stated[5], "free units"),
                                   stated[2] == "ORDER", stated[3] == "INCLUSIVE"};
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

  // What a mix is worth. Which lines are of the set is taken as stated.
  verify::ScaleValue Mixed(const EntryRecords& records, const verify::ScaleTerms& scale, const Fraction& units) {
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

  // How many are counted. What is behind a number is taken as stated, but for products.
  Fraction Counted(const EntryRecords& records) {
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

  // What growth over the stated reference is worth. When the partner was active is taken as stated.
  verify::ScaleValue Grown(const EntryRecords& records, const verify::ScaleTerms& scale, const Fraction& units) {
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

  // What each line brings, converted; checks the sums that the entry states.
  std::vector<Fraction> Sum(const EntryRecords& records) {
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

  // The statement's partner, with a slash.
  std::string Partner() const { return said_.name.substr(0, said_.name.find("/statements/") + 1); }

  // Whose lines the entry counts: those of this partner, of those whom it took over and of members of its group; each
  // with a slash.
  std::vector<std::string> PartnersOf(const EntryRecords& records) {
    std::vector<std::string> partners = {Partner()};
    for (const Record& one : records.All("member")) {
      if (records.entry[12] != "AMOUNT" && records.entry[12] != "QUANTITY") Differ(one[2] + ": a member of no group");
      partners.push_back(one[2] + "/");
    }
    const bool grown = records.entry[12] == "GROWTH";
    for (const Record& one : records.All("predecessor")) {
      if (!grown) Differ(one[2] + ": a predecessor without growth");
      if (grown) partners.push_back(one[2] + "/");
    }
    return partners;
  }

  // Each line once, of these partners, in the period, in the order that settles ties, with its share.
  void Lines(const EntryRecords& records) {
    const std::vector<std::string> partners = PartnersOf(records);
    const std::string &start = records.entry[6], &until = records.entry[7];
    const std::vector<Record>& lines = records.All("line");
    const std::map<std::string, std::string> matches = Matches(records);
    std::vector<verify::MatchedLine> matched;
    std::set<std::string> seen;
    for (size_t i = 0; i < lines.size(); ++i) {
      const Record& line = lines[i];
      Want(line[2] == std::to_string(i + 1), line[3] + ": ordinal", line[2], std::to_string(i + 1));
      const auto match = matches.find(line[2]);
      matched.push_back({line[3],
                         line[4],
                         line[5],
                         line[7],
                         {NumberIn(line[6]), NumberIn(line[8])},
                         match == matches.end() ? "" : match->second});
      if (!seen.insert(line[3] + " " + matched.back().matched).second) Differ(line[3] + ": counted twice");
      if (std::none_of(partners.begin(), partners.end(),
                       [&](const std::string& partner) { return line[3].rfind(partner, 0) == 0; })) {
        Differ(line[3] + ": a line of another partner");
      }
      if (line[4] < start || line[4] >= until) Differ(line[3] + ": its date " + line[4] + " lies outside the period");
      if (i > 0 && PositionOf(line) < PositionOf(lines[i - 1])) Differ(line[3] + ": out of order");
      if (i < shares_.size()) WantNumber(line[9], shares_[i] * Unit() / minor_, line[3] + ": share");
    }
    for (const std::string& what : verify::VerifyMatches(matched, records.All("amount").empty())) Differ(what);
  }

  // What the lines of each come to that count together, and its share. Whether they earned together is taken as stated.
  void Members(const EntryRecords& records, const Integer& value) {
    if (records.All("member").empty()) return;
    const bool by_units = records.entry[10] == "PER_UNIT";
    std::vector<verify::MemberLine> lines;
    for (const Record& line : records.All("line")) {
      lines.push_back(
          {line[3].substr(0, line[3].find('/', std::string("partners/").size())), NumberIn(line[by_units ? 6 : 8])});
    }
    std::vector<verify::StatedMember> stated;
    for (const Record& one : records.All("member")) {
      const Integer count = Number(one[3], one[2] + ": lines") / Unit();
      stated.push_back({one[2], count.convert_to<int64_t>(), Number(one[4], one[2] + ": volume"),
                        Number(one[5], one[2] + ": share")});
    }
    const std::string earner = Partner().substr(0, Partner().size() - 1);
    for (const std::string& what :
         verify::VerifyMembers(stated, lines, earner, Integer(value * minor_ / Unit()), minor_)) {
      Differ(what);
    }
  }

  static std::tuple<std::string, std::string, int64_t> PositionOf(const Record& line) {
    Place place = PlaceOf(line[3]);
    return {line[4], std::move(place.document), place.line};
  }

  DocumentSaid said_;
  std::string prefix_;
  DocumentRecords document_;
  std::map<std::string, StackedPart> stack_;  // of the entries that stand together, by program
  Integer minor_ = 1;                         // smallest units in one
  // Of the entry that is looked at.
  Integer units_ = 0;  // billionths
  Fraction sum_{0, 1};
  std::vector<Integer> shares_;  // smallest units, by line
  verify::CarriedSums opened_;   // beside the sums of the lines
  std::vector<Fraction> margin_weights_;
};

}  // namespace

DocumentSaid VerifyDocument(std::string_view csv) { return Checker(csv).Run(csv); }

std::vector<std::string> VerifyDocuments(const std::vector<std::string>& documents) {
  std::vector<std::string> differences;
  std::map<std::pair<std::string, std::string>, Integer> stated, paid;
  std::string before;  // hash of the document before
  bool whole = false;  // from the partner's first on
  std::vector<DocumentSaid> all;
  verify::ClawedChain clawed;
  std::map<std::pair<std::string, std::string>, Fraction> qualified;
  for (const std::string& document : documents) {
    all.push_back(VerifyDocument(document));
    for (const auto& [key, amount] : all.back().qualified) qualified[key] = amount;
  }
  for (size_t i = 0; i < documents.size(); ++i) {
    const DocumentSaid& said = all[i];
    const auto differ = [&](const std::string& what) { differences.push_back(said.name + ": " + what); };
    for (const std::string& difference : said.differences) differ(difference);
    if (i == 0) whole = said.previous_hash.empty();
    if (i > 0 && said.previous_hash != before) differ("previous_hash: not that of the document before");
    before = said.hash;
    for (const auto& [key, amount] : said.paid_before) {
      const auto [first, fresh] = paid.try_emplace(key, amount);
      if (fresh) stated[key] += amount;
      if (first->second != amount) {
        differ(key.first + " " + key.second + ": paid before: stated " + Text(amount) + ", and " + Text(first->second) +
               " in a document before");
      }
    }
    for (const auto& [key, amount] : said.stated_before) {
      Integer& known = stated[key];
      if (whole && known != amount) {
        differ(key.first + " " + key.second + ": stated_before: stated " + Text(amount) + ", worked out " +
               Text(known));
      }
      known = said.stated.at(key);
    }
    for (const auto& [entry, of_period] : said.clawed) {
      for (const std::string& what : clawed.Take(of_period)) {
        if (whole) differ(entry + what);
      }
    }
    for (const SaidReference& reference : said.references) {
      const auto closed = qualified.find({reference.program, reference.period});
      if (closed == qualified.end() || Equal(verify::Whole(reference.amount), closed->second)) continue;
      differ(reference.entry + "reference amount: stated " + Text(reference.amount) + ", worked out " +
             Text(closed->second));
    }
  }
  return differences;
}

}  // namespace tributary::cli
