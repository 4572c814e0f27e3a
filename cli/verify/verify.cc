#include "cli/verify/verify.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "cli/verify/arithmetic.h"
#include "cli/verify/budgeted.h"
#include "cli/verify/carried.h"
#include "cli/verify/clawed.h"
#include "cli/verify/grown.h"
#include "cli/verify/growth.h"
#include "cli/verify/guarantee.h"
#include "cli/verify/matched.h"
#include "cli/verify/members.h"
#include "cli/verify/mixed.h"
#include "cli/verify/opened.h"
#include "cli/verify/paid.h"
#include "cli/verify/place.h"
#include "cli/verify/reached.h"
#include "cli/verify/scale.h"
#include "cli/verify/stacked.h"

namespace tributary::cli {
namespace {

using incentive::v1::ConvertedAmount;
using incentive::v1::Evaluation;
using incentive::v1::Program;
using incentive::v1::Statement;
using incentive::v1::StatementEntry;
using incentive::v1::StatementLine;
using verify::Billionths;
using verify::Fraction;
using verify::Integer;
using verify::Less;
using verify::Plus;
using verify::ScalePart;
using verify::ScaleTier;
using verify::ScaleValue;
using verify::Text;
using verify::Unit;
using verify::Whole;

// What differs, in words, as the checks below find it.
class Differences {
 public:
  void Differ(std::string what) { differences_.push_back(prefix_ + std::move(what)); }
  void Want(bool holds, const std::string& what, const std::string& stated, const std::string& found) {
    if (!holds) Differ(what + ": stated " + stated + ", worked out " + found);
  }
  void SetPrefix(std::string prefix) { prefix_ = std::move(prefix); }
  std::vector<std::string> Take() && { return std::move(differences_); }

 private:
  std::string prefix_;
  std::vector<std::string> differences_;
};

// The day as a message; month 13 is the next year's January.
google::type::Date FirstOf(int year, int month) {
  google::type::Date day;
  day.set_year(month > 12 ? year + 1 : year);
  day.set_month(month > 12 ? month - 12 : month);
  day.set_day(1);
  return day;
}

// "2013Q4", "2013-11" or "2013": from its first day to the first after it.
struct Span {
  std::string start, end;
};
std::optional<Span> SpanOf(const std::string& id, Program::Period kind) {
  int year = 0, month = 1;
  const auto number = [&](size_t from, size_t count, int* into) {
    const char* end = id.data() + from + count;
    return std::from_chars(id.data() + from, end, *into).ptr == end;
  };
  const size_t length = kind == Program::YEAR ? 4 : kind == Program::QUARTER ? 6 : 7;
  if (id.size() != length || !number(0, 4, &year)) return std::nullopt;
  if (kind == Program::QUARTER) {
    if (id[4] != 'Q' || id[5] < '1' || id[5] > '4') return std::nullopt;
    month = (id[5] - '0') * 3 - 2;
  } else if (kind == Program::MONTH) {
    if (id[4] != '-' || !number(5, 2, &month) || month < 1 || month > 12) return std::nullopt;
  }
  const int months = kind == Program::YEAR ? 12 : kind == Program::QUARTER ? 3 : 1;
  return Span{Text(FirstOf(year, month)), Text(FirstOf(year, month + months))};
}

// What one entry says, from its terms and its lines.
class EntryVerifier {
 public:
  EntryVerifier(const std::string& partner, const Statement& statement, const StatementEntry& entry,
                absl::Span<const StatementLine> lines, const FactLookup& facts, const verify::StackedWork* stack,
                Differences* differences)
      : partner_(partner),
        statement_(statement),
        currency_(statement.total().currency_code()),
        entry_(entry),
        terms_(entry.terms()),
        lines_(lines),
        facts_(facts),
        stack_(stack),
        differences_(*differences) {}

  // The entry's amount, in whole units of the currency, where it could be worked out.
  std::optional<Integer> Run() && {
    Agreement();
    Period();
    if (entry_.kind() == StatementEntry::GUARANTEE) return Guaranteed();
    EvaluationAgreement();
    if (!ReadTiers() || !ReadLines()) return std::nullopt;
    Order();
    Sum();
    Parts();
    Value();
    LineShares();
    Members();
    // Parts of payments follow from all that is known of an account; they are taken as stated.
    if (facts_ && terms_.basis() != Program::PAID) {
      for (const StatementLine& line : lines_) CheckFact(line);
    }
    return amount_;
  }

 private:
  using RateKey = std::pair<std::string, std::string>;  // currency, day
  void Differ(std::string what) { differences_.Differ(std::move(what)); }
  void Want(bool holds, const std::string& what, const std::string& stated, const std::string& found) {
    differences_.Want(holds, what, stated, found);
  }
  // An amount of the entry against what was worked out, in billionths.
  void WantMoney(const google::type::Money& stated, const Integer& found, const std::string& what) {
    const std::optional<Integer> amount = Billionths(stated);
    Want(stated.currency_code() == currency_, what + ": currency", stated.currency_code(), currency_);
    Want(amount == found, what, amount.has_value() ? Text(*amount) : "no amount", Text(found));
  }
  void WantDecimal(const google::type::Decimal& stated, const Integer& found, const std::string& what) {
    Want(Billionths(stated) == found, what, stated.value(), Text(found));
  }
  void WantFraction(const std::string& stated, const Fraction& found, const std::string& what) {
    const std::optional<Fraction> fraction = verify::ParseFraction(stated);
    Want(fraction.has_value() && Equal(*fraction, found), what, stated, Text(found));
  }

  std::optional<Integer> Guaranteed() {
    if (!lines_.empty()) Differ(lines_[0].fact() + ": a line of a guarantee");
    for (std::string& what : VerifyGuarantee(entry_)) Differ(std::move(what));
    return Billionths(entry_.amount());
  }

  // What the entry says twice.
  void Agreement() {
    Want(entry_.program() == terms_.name(), "program", entry_.program(), terms_.name());
    Want(terms_.currency() == currency_, "terms.currency", terms_.currency(), currency_);
    Want(entry_.close() == entry_.program() + "/closes/" + statement_.period(), "close", entry_.close(),
         entry_.program() + "/closes/" + statement_.period());
    Want(terms_.state() == Program::ACTIVE || terms_.state() == Program::ENDED, "terms.state",
         Program::State_Name(terms_.state()), "ACTIVE or ENDED");
  }

  // What the evaluation and the terms say.
  void EvaluationAgreement() {
    const Evaluation& evaluation = entry_.evaluation();
    Want(evaluation.shape() == terms_.shape(), "evaluation.shape", Program::Shape_Name(evaluation.shape()),
         Program::Shape_Name(terms_.shape()));
    Want(evaluation.bound() == terms_.bound(), "evaluation.bound", Program::Bound_Name(evaluation.bound()),
         Program::Bound_Name(terms_.bound()));
    Want(evaluation.rounding() == terms_.rounding(), "evaluation.rounding",
         Program::Rounding_Name(evaluation.rounding()), Program::Rounding_Name(terms_.rounding()));
    Want(evaluation.program_etag() == terms_.etag(), "evaluation.program_etag", evaluation.program_etag(),
         terms_.etag());
    Want(Program::Shape_IsValid(terms_.shape()) && terms_.shape() != Program::SHAPE_UNSPECIFIED, "terms.shape",
         Program::Shape_Name(terms_.shape()), "a shape");
    Want(Program::Basis_IsValid(terms_.basis()) && terms_.basis() != Program::BASIS_UNSPECIFIED, "terms.basis",
         Program::Basis_Name(terms_.basis()), "a basis");
  }

  // From the first day of the period to the first after it. A fiscal calendar's are taken as stated: where the period
  // is paid within, up to what counts so far.
  std::optional<Span> StatedSpan() {
    if (terms_.fiscal_calendar().empty()) return SpanOf(entry_.period(), terms_.period());
    Span span{Text(entry_.period_start()), Text(entry_.counted_until())};
    if (entry_.period().empty() || span.end <= span.start) return std::nullopt;
    if (entry_.kind() != StatementEntry::EARNED) return span;
    const std::string begins = Text(statement_.period_start());
    if (terms_.payout_period() != Program::PERIOD_UNSPECIFIED) {
      Want(span.start <= begins, "period_start", span.start, "a day not after " + begins);
    } else {
      Want(entry_.period() == statement_.period(), "period", entry_.period(), statement_.period());
      Want(span.start == begins, "period_start", span.start, begins);
    }
    return span;
  }

  void Period() {
    const std::optional<Span> span = StatedSpan();
    if (!span.has_value()) {
      return Differ("period: stated " + entry_.period() + ", want a " + Program::Period_Name(terms_.period()));
    }
    start_ = span->start;
    until_ = Text(entry_.counted_until());
    Want(Text(entry_.period_start()) == start_, "period_start", Text(entry_.period_start()), start_);
    // The whole period, or up to the end of a payout period within it.
    const bool paid_within = terms_.payout_period() != Program::PERIOD_UNSPECIFIED;
    Want(paid_within ? until_ > start_ && until_ <= span->end : until_ == span->end, "counted_until", until_,
         span->end);
    // What is earned is of the statement's period, what is trued up of one before it.
    const std::string begins = Text(statement_.period_start()), ends = Text(statement_.period_end());
    if (entry_.kind() == StatementEntry::EARNED) {
      Want(until_ == ends, "counted_until", until_, ends);
    } else if (entry_.kind() == StatementEntry::GUARANTEE) {
      Want(until_ <= ends, "counted_until", until_, "a day not after " + ends);
    } else {
      Want(until_ <= begins, "counted_until", until_, "a day not after " + begins);
    }
    Want(Text(terms_.effective_from()) <= start_, "terms.effective_from", Text(terms_.effective_from()),
         "a day not after " + start_);
    Want(!terms_.has_effective_to() || Text(terms_.effective_to()) >= span->end, "terms.effective_to",
         Text(terms_.effective_to()), "a day not before " + span->end);
  }

  bool ReadTiers() {
    scale_.shape = static_cast<verify::ScaleShape>(terms_.shape());
    scale_.upto = terms_.bound() == Program::UPTO;
    for (int i = 0; i < terms_.tiers_size(); ++i) {
      const Program::Tier& tier = terms_.tiers(i);
      const std::optional<Integer> from = Billionths(tier.from_amount());
      const std::optional<Integer> rate = tier.has_rate() ? Billionths(tier.rate()) : Integer(0);
      const std::optional<Integer> amount = tier.has_amount() ? Billionths(tier.amount()) : Integer(0);
      const std::string path = "terms.tiers[" + std::to_string(i) + "]";
      if (!from.has_value() || !rate.has_value() || !amount.has_value()) {
        Differ(path + " cannot be read");
        return false;
      }
      const bool begins = scale_.shape == verify::ScaleShape::kTarget ? *from >= 0 : *from == 0;
      const bool rises = scale_.tiers.empty() ? begins : *from > scale_.tiers.back().from;
      if (!rises) {
        Differ(path + ": tiers do not rise from 0");
        return false;
      }
      scale_.tiers.push_back({*from, *rate, *amount});
    }
    if (scale_.tiers.empty()) {
      Differ("terms have no tiers");
      return false;
    }
    scale_.by_units = terms_.measure() == Program::QUANTITY;
    if (terms_.has_floor()) scale_.floor = Billionths(terms_.floor());
    if (terms_.has_cap()) scale_.cap = Billionths(terms_.cap());
    if (terms_.has_max_penalty()) scale_.max_penalty = Billionths(terms_.max_penalty());
    return true;
  }

  bool ReadLines() {
    if (!ReadRates()) return false;
    for (const StatementLine& line : lines_) {
      const std::optional<Integer> amount = Billionths(line.amount());
      const std::optional<Integer> share = Billionths(line.share());
      if (!amount.has_value() || !share.has_value()) {
        Differ(line.fact() + ": amount or share cannot be read");
        return false;
      }
      amounts_.push_back(*amount);
      shares_.push_back(*share);
    }
    return true;
  }

  // By currency and day, as the entry states them.
  bool ReadRates() {
    for (const ConvertedAmount& one : entry_.converted_amounts()) {
      const RateKey key{one.amount().currency_code(), Text(one.date())};
      const std::string what = "converted_amounts of " + key.first + " on " + key.second;
      std::optional<Fraction> rate;
      if (one.has_rate()) {
        rate = verify::ParseDecimal(one.rate().value());
        if (!rate.has_value() || rate->num <= 0) {
          Differ(what + ": the rate cannot be read");
          return false;
        }
      }
      if (!rates_.emplace(key, rate).second) Differ(what + ": stated twice");
    }
    return true;
  }

 public:
  // (basis date, document, line, the name itself)
  using Position = std::tuple<std::string, std::string, int64_t, std::string>;
  static Position PositionOf(const StatementLine& line) {
    Place place = PlaceOf(line.fact());
    return {Text(line.basis_date()), std::move(place.document), place.line, line.fact()};
  }

 private:
  // Whose line it is: the partner's, that of one whom it took over, where growth is measured, or of a member of its
  // group. Empty: nobody's of these.
  std::string OwnerOf(const StatementLine& line) const {
    const auto is_of = [&](const std::string& partner) { return line.fact().rfind(partner + "/", 0) == 0; };
    if (is_of(partner_)) return partner_;
    if (terms_.group() == Program::ROLL_UP) {
      for (const auto& member : entry_.evaluation().group().members()) {
        if (is_of(member.partner())) return member.partner();
      }
    }
    if (terms_.measure() != Program::GROWTH) return {};
    for (const std::string& predecessor : entry_.evaluation().growth().predecessors()) {
      if (is_of(predecessor)) return predecessor;
    }
    return {};
  }

  void Order() {
    Want(entry_.line_count() == static_cast<int64_t>(lines_.size()), "line_count", std::to_string(entry_.line_count()),
         std::to_string(lines_.size()));
    std::set<std::string> seen;
    std::vector<verify::MatchedLine> matched;
    for (size_t i = 0; i < lines_.size(); ++i) {
      const StatementLine& line = lines_[i];
      Want(line.ordinal() == static_cast<int64_t>(i) + 1, line.fact() + ": ordinal", std::to_string(line.ordinal()),
           std::to_string(i + 1));
      const std::string date = Text(line.basis_date());
      if (date < start_ || date >= until_) Differ(line.fact() + ": its date " + date + " lies outside the period");
      if (!seen.insert(line.fact() + " " + line.matched()).second) Differ(line.fact() + ": counted twice");
      matched.push_back({line.fact(),
                         date,
                         line.product(),
                         line.amount().currency_code(),
                         {Billionths(line.quantity()).value_or(0), amounts_[i]},
                         line.matched()});
      if (!line.matched().empty() && terms_.return_policy() != Program::MATCH_LATEST) {
        Differ(line.fact() + ": matched, though terms.return_policy is not MATCH_LATEST");
      }
      if (OwnerOf(line).empty()) Differ(line.fact() + ": a line of another partner");
      if (i > 0 && PositionOf(lines_[i]) < PositionOf(lines_[i - 1])) {
        Differ(line.fact() + ": out of order; lines go by date, document and line");
      }
    }
    const bool net = terms_.amount_of() != Program::GROSS && terms_.amount_of() != Program::GROSS_OF_WALLET;
    for (std::string& what : verify::VerifyMatches(matched, net)) Differ(std::move(what));
  }

  // Lines of one currency and day are added up and then converted.
  void Sum() {
    std::map<RateKey, std::pair<Integer, int64_t>> sums;
    Integer own = 0;
    for (size_t i = 0; i < lines_.size(); ++i) {
      const StatementLine& line = lines_[i];
      Want(line.share().currency_code() == currency_, line.fact() + ": currency of the share",
           line.share().currency_code(), currency_);
      const RateKey key{line.amount().currency_code(), Text(line.basis_date())};
      const bool converts = key.first != currency_;
      const auto rate = rates_.find(key);
      if (converts && rate == rates_.end()) {
        Differ(line.fact() + ": currency: stated " + key.first + ", worked out " + currency_);
      }
      const Integer units = Billionths(line.quantity()).value_or(0);
      quantity_ += units;
      const Fraction converted = !converts ? Fraction{amounts_[i], 1} : ConvertedBy(key, amounts_[i]);
      if (terms_.measure() == Program::DAYS_TO_PAY) {
        paid_.push_back({amounts_[i], line.counted_as()});
        weights_.push_back(Times(Whole(amounts_[i]), verify::RateOfDays(scale_, line.counted_as())));
      } else {
        weights_.push_back(scale_.shape == verify::ScaleShape::kPerUnit ? Fraction{units, 1} : converted);
      }
      if (!converts) {
        own += amounts_[i];
      } else {
        auto& [amount, count] = sums[key];
        amount += amounts_[i];
        ++count;
      }
    }
    sum_ = {own, Unit()};
    for (const ConvertedAmount& one : entry_.converted_amounts()) {
      const RateKey key{one.amount().currency_code(), Text(one.date())};
      const auto& [amount, count] = sums[key];
      const std::string what = "converted_amounts of " + key.first + " on " + key.second;
      Want(Billionths(one.amount()) == amount, what + ": amount", Text(Billionths(one.amount()).value_or(0)),
           Text(amount));
      Want(one.lines() == count, what + ": lines", std::to_string(one.lines()), std::to_string(count));
      const Fraction converted = ConvertedBy(key, amount);
      if (one.has_rate()) WantFraction(one.exact_converted(), {converted.num, converted.den * Unit()}, what);
      sum_ = Plus(sum_, {converted.num, converted.den * Unit()});
    }
    WantFraction(entry_.exact_qualifying_amount(), sum_, "exact_qualifying_amount");
    WantDecimal(entry_.quantity(), quantity_, "quantity");
    WantMoney(entry_.qualifying_amount(), verify::Round({sum_.num * Unit(), sum_.den}, Program::HALF_EVEN),
              "qualifying_amount");
  }

  // In billionths of the program's currency; 0 where there is no rate.
  Fraction ConvertedBy(const RateKey& key, const Integer& amount) const {
    const auto rate = rates_.find(key);
    if (rate == rates_.end() || !rate->second.has_value()) return {0, 1};
    return {amount * rate->second->num, rate->second->den};
  }

  void Parts() {
    const auto& stated = entry_.evaluation().parts();
    const Fraction units = Whole(quantity_);
    verify::CarriedSums carried = Carried();
    OpenedWork opened = VerifyOpening(entry_, terms_, partner_);
    for (std::string& what : opened.differences) Differ(std::move(what));
    carried.amount += opened.sums.amount;
    carried.quantity += opened.sums.quantity;
    opened_ = std::move(opened.weights);
    const Fraction amount = Plus(sum_, Whole(carried.amount)), paid_units = Plus(units, Whole(carried.quantity));
    verify::ScaleSums sums{scale_.by_units ? paid_units : amount, amount, paid_units};
    if (stack_ != nullptr) sums = {stack_->reach, stack_->base, units};
    if (terms_.measure() == Program::COUNT) {
      sums.reach = sums.units = Reached(VerifyCounted(entry_, lines_, facts_));
    }
    if (terms_.measure() == Program::FREE_GOODS) Reached(VerifyGoods(entry_, lines_, facts_));
    const ScaleValue worked = terms_.measure() == Program::GROWTH        ? Grown(units)
                              : terms_.measure() == Program::MIX         ? Mixed(units)
                              : terms_.measure() == Program::COMPOSITE   ? Scored(units)
                              : terms_.measure() == Program::MARGIN      ? Margin()
                              : terms_.measure() == Program::DAYS_TO_PAY ? verify::WorkOutPaid(scale_, paid_)
                                                                         : verify::WorkOut(scale_, sums);
    value_ = stack_ != nullptr ? stack_->exact : worked.value;
    WantFraction(entry_.evaluation().before_limits(), worked.before, "evaluation.before_limits");
    const Evaluation::Limit limit = LimitOf(worked);
    Want(entry_.evaluation().limit() == limit, "evaluation.limit", Evaluation::Limit_Name(entry_.evaluation().limit()),
         Evaluation::Limit_Name(limit));
    if (static_cast<size_t>(stated.size()) != worked.parts.size()) {
      return Want(false, "evaluation.parts", std::to_string(stated.size()), std::to_string(worked.parts.size()));
    }
    for (size_t i = 0; i < worked.parts.size(); ++i) {
      const Evaluation::TierPart& part = stated[static_cast<int>(i)];
      const ScalePart& found = worked.parts[i];
      const ScaleTier& tier = scale_.tiers[found.tier];
      const bool last = found.tier + 1 == scale_.tiers.size();
      const std::string path = "evaluation.parts[" + std::to_string(i) + "].";
      WantDecimal(part.from_amount(), tier.from, path + "from_amount");
      WantDecimal(part.rate(), scale_.shape == verify::ScaleShape::kPerUnit ? tier.amount : tier.rate, path + "rate");
      const std::optional<Fraction> amount = verify::ParseDecimal(part.amount().value());
      Want(amount.has_value() && Equal(*amount, verify::AsPrinted(found.amount)), path + "amount",
           part.amount().value(), Text(found.amount));
      if (last) {
        Want(!part.has_to_amount(), path + "to_amount", part.to_amount().value(), "none");
      } else {
        WantDecimal(part.to_amount(), scale_.tiers[found.tier + 1].from, path + "to_amount");
      }
      const std::string interval = IntervalOf(found.tier);
      Want(part.interval() == interval, path + "interval", part.interval(), interval);
      const Integer once = scale_.shape == verify::ScaleShape::kTarget ? tier.amount : Integer(0);
      Want(Billionths(part.once()).value_or(0) == once, path + "once", part.once().value(), Text(once));
      WantFraction(part.value(), found.value, path + "value");
    }
  }

  // What periods before left below 0. What they came to is taken as stated.
  verify::CarriedSums Carried() {
    const incentive::v1::CarriedSteps& steps = entry_.evaluation().carried();
    if (!entry_.evaluation().has_carried()) return {};
    Want(terms_.carry_negative(), "evaluation.carried", "something", "nothing: terms.carry_negative is false");
    std::vector<verify::CarriedSums> periods;
    for (const auto& one : steps.periods()) {
      Want(one.period() != entry_.period(), "evaluation.carried.period", one.period(), "a period before");
      periods.push_back({Billionths(one.amount()).value_or(0), Billionths(one.quantity()).value_or(0)});
    }
    const verify::CarriedSums carried = verify::WorkOutCarried(periods);
    WantDecimal(steps.amount(), carried.amount, "evaluation.carried.amount");
    WantDecimal(steps.quantity(), carried.quantity, "evaluation.carried.quantity");
    return carried;
  }

  Fraction Reached(ReachedWork work) {
    for (std::string& what : work.differences) Differ(std::move(what));
    return work.reached;
  }

  ScaleValue Mixed(const Fraction& units) {
    const Fraction set = Reached(VerifyMixed(entry_, lines_, sum_));
    return verify::WorkOutMix(scale_, set, sum_, terms_.mix().pays() == Program::Mix::ALL, units);
  }

  // Leaves what shares go by.
  ScaleValue Margin() {
    EarnedMargin earned = VerifyMargin(scale_, entry_, lines_);
    for (std::string& what : earned.differences) Differ(std::move(what));
    weights_ = std::move(earned.work.weights);
    return std::move(earned.work.value);
  }

  ScaleValue Scored(const Fraction& units) {
    return verify::WorkOutRatio(scale_, {Reached(VerifyComposite(entry_, sum_)), sum_, units});
  }

  ScaleValue Grown(const Fraction& units) {
    GrownWork work = VerifyGrown(entry_, partner_);
    for (std::string& what : work.differences) Differ("evaluation." + std::move(what));
    const bool increment = terms_.growth().pays() == Program::Growth::INCREMENT;
    return verify::WorkOutGrowth(scale_, work.baseline, increment, sum_, units);
  }

  // What decided, where the value is not what it was before.
  Evaluation::Limit LimitOf(const ScaleValue& worked) const {
    if (Equal(worked.value, worked.before)) return Evaluation::LIMIT_UNSPECIFIED;
    if (scale_.max_penalty.has_value()) return Evaluation::MAX_PENALTY;
    return Less(worked.before, worked.value) ? Evaluation::FLOOR : Evaluation::CAP;
  }

  // "[5000, 20000)", "(5000, 20000]", "[20000, ∞)".
  std::string IntervalOf(size_t tier) const {
    const bool last = tier + 1 == scale_.tiers.size();
    const std::string from = Text(scale_.tiers[tier].from), to = last ? "∞" : Text(scale_.tiers[tier + 1].from);
    return (scale_.upto ? "(" : "[") + from + ", " + to + (scale_.upto && !last ? "]" : ")");
  }

  void Value() {
    WantFraction(entry_.evaluation().exact_value(), value_, "evaluation.exact_value");
    minor_ = 1;
    for (int i = verify::Decimals(currency_); i > 0; --i) minor_ *= 10;
    rounded_ = stack_ != nullptr ? stack_->minor : verify::Round({value_.num * minor_, value_.den}, terms_.rounding());
    const Integer value = rounded_ * Unit() / minor_;
    WantMoney(entry_.evaluation().value(), value, "evaluation.value");
    const Integer before = Billionths(entry_.stated_before()).value_or(0);
    WantMoney(entry_.stated_before(), before, "stated_before");
    granted_ = Budgeted(before * minor_ / Unit());
    amount_ = (granted_ + Waived()) * Unit() / minor_ - before;
    WantMoney(entry_.amount(), *amount_, "amount");
  }

  // What a cap of clawbacks adds to what the period is worth, in smallest units. What was stated before it is taken as
  // stated.
  Integer Waived() {
    const bool capped = entry_.kind() == StatementEntry::TRUE_UP && terms_.has_clawback_cap();
    Want(entry_.has_clawback() == capped, "clawback", entry_.has_clawback() ? "one" : "none", capped ? "one" : "none");
    if (!entry_.has_clawback() || !capped) return 0;
    const incentive::v1::ClawbackSteps& steps = entry_.clawback();
    const Program::ClawbackCap& cap = terms_.clawback_cap();
    verify::ClawbackLimit limit;
    if (cap.has_amount()) limit.amount = Billionths(cap.amount());
    if (cap.has_share()) limit.share = Billionths(cap.share());
    const Integer most = Billionths(steps.most_stated()).value_or(0);
    const verify::ClawbackWork work = verify::WorkOutClawback(limit, Integer(most * minor_ / Unit()), granted_,
                                                              verify::RuleOf(terms_.rounding()), minor_);
    WantMoney(steps.most_stated(), most, "clawback.most_stated");
    WantMoney(steps.stays(), work.stays * Unit() / minor_, "clawback.stays");
    WantMoney(steps.waived(), work.waived * Unit() / minor_, "clawback.waived");
    WantMoney(steps.waived_before(), Billionths(steps.waived_before()).value_or(0), "clawback.waived_before");
    WantMoney(steps.value(), (granted_ + work.waived) * Unit() / minor_, "clawback.value");
    return work.waived;
  }

  // What the program's budget leaves of the value, in smallest units; `before`: what was stated before, likewise.
  Integer Budgeted(const Integer& before) {
    Want(entry_.has_budget() == terms_.has_budget(), "budget", entry_.has_budget() ? "one" : "none",
         terms_.has_budget() ? "one" : "none");
    if (!entry_.has_budget()) return rounded_;
    const incentive::v1::BudgetSteps& steps = entry_.budget();
    verify::StatedBudget stated;
    stated.by_event = terms_.budget().policy() == Program::PeriodBudget::BY_EVENT;
    if (steps.has_factor()) stated.factor = verify::ParseDecimal(steps.factor().value());
    if (steps.has_used_up_on()) stated.used_up_on = Text(steps.used_up_on());
    stated.share = Billionths(steps.share()).value_or(0) * minor_ / Unit();
    std::vector<verify::BudgetedLine> lines;
    for (size_t i = 0; i < lines_.size(); ++i) lines.push_back({Text(lines_[i].basis_date()), weights_[i]});
    verify::BudgetedWork work = verify::WorkOutBudget(stated, rounded_, before, lines);
    for (std::string& what : work.differences) Differ("budget." + std::move(what));
    WantMoney(steps.share(), stated.share * Unit() / minor_, "budget.share");
    WantMoney(steps.value(), work.value * Unit() / minor_, "budget.value");
    return work.value;
  }

  void LineShares() {
    std::vector<Fraction> weights = weights_;
    weights.insert(weights.end(), opened_.begin(), opened_.end());
    const std::vector<Integer> shares = stack_ != nullptr ? stack_->shares : verify::Shares(granted_, weights);
    for (size_t i = 0; i < lines_.size() && i < shares.size(); ++i) {
      const Integer share = shares[i] * Unit() / minor_;
      Want(shares_[i] == share, lines_[i].fact() + ": share", Text(shares_[i]), Text(share));
    }
  }

  // What the lines of each come to that count together, and its share. Whether they earned together is taken as stated.
  void Members() {
    const auto& members = entry_.evaluation().group().members();
    if (members.empty() && terms_.group() != Program::ROLL_UP) return;
    Want(terms_.group() == Program::ROLL_UP, "evaluation.group", "members", "none: terms.group is not ROLL_UP");
    const bool by_units = scale_.shape == verify::ScaleShape::kPerUnit;
    std::vector<verify::MemberLine> lines;
    for (size_t i = 0; i < lines_.size(); ++i) {
      lines.push_back({OwnerOf(lines_[i]), by_units ? Billionths(lines_[i].quantity()).value_or(0) : amounts_[i]});
    }
    std::vector<verify::StatedMember> stated;
    for (const auto& one : members) {
      Want(one.share().currency_code() == currency_, one.partner() + ": currency of the share",
           one.share().currency_code(), currency_);
      stated.push_back(
          {one.partner(), one.lines(), Billionths(one.volume()).value_or(0), Billionths(one.share()).value_or(0)});
    }
    for (std::string& what : verify::VerifyMembers(stated, lines, partner_, rounded_, minor_)) {
      Differ("evaluation.group: " + std::move(what));
    }
  }

  void CheckFact(const StatementLine& line) {
    const std::optional<Fact> fact = facts_(line.fact());
    if (!fact.has_value()) return Differ(line.fact() + ": there is no such fact");
    if (!fact->reverses.empty()) Differ(line.fact() + ": a reversal counts for nothing itself");
    if (!fact->CountsOn(terms_.basis())) {
      Differ(line.fact() + ": no fact that counts on " + Program::Basis_Name(terms_.basis()));
    }
    Want(fact->name == line.fact(), line.fact() + ": name", line.fact(), fact->name);
    Want(fact->partner == OwnerOf(line), line.fact() + ": partner", OwnerOf(line), fact->partner);
    Want(fact->product == line.product(), line.fact() + ": product", line.product(), fact->product);
    // What states no amount counts by its units.
    const std::string& currency = fact->currency.empty() ? currency_ : fact->currency;
    const std::optional<Integer> amount = fact->Amount(terms_.amount_of());
    if (IsMatched(*fact)) {
      const verify::UnitsSold part{Billionths(line.quantity()).value_or(0), Billionths(line.amount()).value_or(0)};
      const verify::UnitsSold whole{fact->quantity.value_or(0), amount.value_or(0)};
      Want(currency == line.amount().currency_code() && verify::IsPartOf(part, whole), line.fact() + ": a part",
           Text(part.quantity) + " for " + Text(part.amount), Text(whole.quantity) + " for " + Text(whole.amount));
    } else {
      Want(fact->quantity == Billionths(line.quantity()), line.fact() + ": quantity", line.quantity().value(),
           Text(fact->quantity.value_or(0)));
      Want(currency == line.amount().currency_code() && amount == Billionths(line.amount()), line.fact() + ": amount",
           Text(Billionths(line.amount()).value_or(0)), Text(amount.value_or(0)));
    }
    Sale(line, *fact);
    // A linked return counts on the dates of the line that it returns, one that is matched on those of the sale.
    std::optional<Fact> dated = fact;
    if (!fact->original.empty()) {
      const std::optional<Fact> original = facts_(fact->original);
      if (original.has_value() && original->original.empty()) dated = original;
    } else if (!line.matched().empty()) {
      dated = MatchOf(line, *fact).value_or(*fact);
    }
    const std::string& date = dated->DateOn(terms_.basis());
    Want(date == Text(line.basis_date()), line.fact() + ": basis_date", Text(line.basis_date()), date);
  }

  // Whether it is a return that the program matches with sales, in parts.
  bool IsMatched(const Fact& fact) const {
    return terms_.return_policy() == Program::MATCH_LATEST && fact.original.empty() && fact.quantity.value_or(0) < 0;
  }

  // What was sold that the line takes back: as good as what is returned, at its price, and not later.
  std::optional<Fact> MatchOf(const StatementLine& line, const Fact& back) {
    std::optional<Fact> sale = facts_(line.matched());
    const auto units = [](const Fact& fact) {
      return verify::UnitsSold{fact.quantity.value_or(0), fact.amount.value_or(0)};
    };
    const bool fits = sale.has_value() && sale->partner == back.partner && sale->product == back.product &&
                      sale->currency == back.currency && sale->original.empty() && sale->reverses.empty() &&
                      sale->quantity.value_or(0) > 0 && verify::SamePrice(units(*sale), units(back)) &&
                      sale->DateOn(terms_.basis()) <= back.DateOn(terms_.basis());
    if (!fits) Differ(line.fact() + ": matched with " + line.matched() + ", which is not what it returns");
    return sale;
  }

  // Where lines compete, a linked return goes with its sale.
  void Sale(const StatementLine& line, const Fact& fact) {
    if (entry_.stacked().scope() != incentive::v1::StackingPlan::LINE) return;
    std::string stated;
    for (const auto& one : entry_.stacked().linked_returns()) {
      if (one.fact() == line.fact()) stated = one.sale();
    }
    Want(stated == fact.original, line.fact() + ": sale", stated, fact.original);
  }

  const std::string& partner_;  // partners/{partner}
  const Statement& statement_;
  const std::string& currency_;
  const StatementEntry& entry_;
  const Program& terms_;
  const absl::Span<const StatementLine> lines_;
  const FactLookup& facts_;
  const verify::StackedWork* const stack_;  // what a stacking plan leaves it; nullptr: it stands by itself
  Differences& differences_;
  std::string start_, until_;
  verify::ScaleTerms scale_;
  Integer quantity_ = 0;  // billionths
  std::map<RateKey, std::optional<Fraction>> rates_;
  std::vector<Integer> amounts_, shares_;  // billionths, by line
  std::vector<Fraction> weights_;          // what shares go by, by line
  std::vector<Fraction> opened_;           // the same of what was brought along, behind the lines
  std::vector<verify::PaidLine> paid_;     // under DAYS_TO_PAY, by line
  Fraction sum_{0, 1};                     // in whole units of the currency, as are the next two
  Fraction value_{0, 1};
  std::optional<Integer> amount_;  // billionths
  Integer minor_ = 1;              // smallest units in one
  Integer rounded_ = 0;            // smallest units, as is the next
  Integer granted_ = 0;            // what the program's budget leaves of it; the same where there is none
};

class Verifier {
 public:
  Verifier(const Statement& statement, absl::Span<const StatementLine> lines, const FactLookup& facts)
      : statement_(statement), lines_(lines), facts_(facts) {}

  std::vector<std::string> Run() && {
    const std::string prefix = "partners/";
    const std::string& name = statement_.name();
    const size_t slash = name.find('/', prefix.size());
    differences_.Want(name.rfind(prefix, 0) == 0 && slash != std::string::npos, "name", name,
                      "partners/{partner}/statements/{statement}");
    differences_.Want(statement_.state() != Statement::STATE_UNSPECIFIED && statement_.state() != Statement::DRAFT,
                      "state", Statement::State_Name(statement_.state()), "ISSUED or later");
    const std::string partner = name.substr(0, std::min(slash, name.size()));
    Period();
    const auto before = [](const StatementLine& a, const StatementLine& b) {
      return EntryVerifier::PositionOf(a) < EntryVerifier::PositionOf(b);
    };
    const std::map<int, verify::StackedWork> stacks =
        verify::WorkOutStacks(statement_, lines_, before, [this](int entry, const std::string& what) {
          differences_.Differ("entry " + std::to_string(entry + 1) + ": " + what);
        });
    Integer total = 0;
    size_t next = 0;
    for (int i = 0; i < statement_.entries_size(); ++i) {
      const StatementEntry& entry = statement_.entries(i);
      differences_.SetPrefix("");
      differences_.Want(entry.ordinal() == i + 1, "entries[" + std::to_string(i) + "].ordinal",
                        std::to_string(entry.ordinal()), std::to_string(i + 1));
      const size_t first = next;
      while (next < lines_.size() && lines_[next].entry() == entry.ordinal()) ++next;
      if (statement_.entries_size() > 1) differences_.SetPrefix("entry " + std::to_string(i + 1) + ": ");
      const auto stack = stacks.find(i);
      const std::optional<Integer> amount =
          EntryVerifier(partner, statement_, entry, lines_.subspan(first, next - first), facts_,
                        stack == stacks.end() ? nullptr : &stack->second, &differences_)
              .Run();
      total += amount.value_or(Billionths(entry.amount()).value_or(0));
    }
    differences_.SetPrefix("");
    for (int i = 0; i < statement_.adjustments_size(); ++i) {
      total += Adjustment(partner, statement_.entries_size() + i + 1, statement_.adjustments(i));
    }
    if (next < lines_.size()) differences_.Differ(lines_[next].fact() + ": a line of no entry");
    differences_.Want(statement_.line_count() == static_cast<int64_t>(lines_.size()), "line_count",
                      std::to_string(statement_.line_count()), std::to_string(lines_.size()));
    const std::optional<Integer> stated = Billionths(statement_.total());
    differences_.Want(stated == total, "total", stated.has_value() ? Text(*stated) : "no amount", Text(total));
    return std::move(differences_).Take();
  }

 private:
  // Which days its period has: by its id, or, where an entry is of a fiscal calendar, as stated.
  std::optional<Span> StatedSpan() const {
    const bool fiscal = std::any_of(statement_.entries().begin(), statement_.entries().end(),
                                    [](const auto& entry) { return !entry.terms().fiscal_calendar().empty(); });
    if (fiscal) {
      Span span{Text(statement_.period_start()), Text(statement_.period_end())};
      return statement_.period().empty() || span.end <= span.start ? std::nullopt : std::optional<Span>(span);
    }
    const size_t length = statement_.period().size();
    return SpanOf(statement_.period(), length == 4 ? Program::YEAR : length == 6 ? Program::QUARTER : Program::MONTH);
  }

  void Period() {
    const std::optional<Span> span = StatedSpan();
    const std::string start = Text(statement_.period_start()), end = Text(statement_.period_end());
    if (!span.has_value()) return differences_.Differ("period: stated " + statement_.period() + ", want a period");
    differences_.Want(start == span->start, "period_start", start, span->start);
    differences_.Want(end == span->end, "period_end", end, span->end);
    const bool earned = std::any_of(statement_.entries().begin(), statement_.entries().end(),
                                    [](const StatementEntry& entry) { return entry.kind() == StatementEntry::EARNED; });
    differences_.Want(statement_.kind() == Statement::REGULAR || !earned, "kind",
                      Statement::Kind_Name(statement_.kind()), "REGULAR");
  }

  // What people added by hand rests on what they wrote: its place and currency can be looked at. Its amount, in
  // billionths.
  Integer Adjustment(const std::string& partner, int ordinal, const incentive::v1::StatementAdjustment& adjustment) {
    const std::string what = "adjustment " + std::to_string(ordinal) + ": ";
    const std::string& currency = statement_.total().currency_code();
    differences_.Want(adjustment.ordinal() == ordinal, what + "ordinal", std::to_string(adjustment.ordinal()),
                      std::to_string(ordinal));
    differences_.Want(adjustment.adjustment().rfind(partner + "/adjustments/", 0) == 0, what + "adjustment",
                      adjustment.adjustment(), "one of " + partner);
    differences_.Want(adjustment.amount().currency_code() == currency, what + "currency",
                      adjustment.amount().currency_code(), currency);
    const Integer amount = Billionths(adjustment.amount()).value_or(0);
    differences_.Want(amount != 0, what + "amount", Text(amount), "more or less than 0");
    return amount;
  }

  const Statement& statement_;
  const absl::Span<const StatementLine> lines_;
  const FactLookup& facts_;
  Differences differences_;
};

}  // namespace

std::vector<std::string> VerifyStatement(const Statement& statement, absl::Span<const StatementLine> lines,
                                         const FactLookup& facts) {
  return Verifier(statement, lines, facts).Run();
}

}  // namespace tributary::cli
