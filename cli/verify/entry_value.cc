#include "cli/verify/budgeted.h"
#include "cli/verify/clawed.h"
#include "cli/verify/entry_verifier.h"
#include "cli/verify/grown.h"
#include "cli/verify/growth.h"
#include "cli/verify/members.h"
#include "cli/verify/mixed.h"
#include "cli/verify/opened.h"

namespace tributary::cli {

using incentive::v1::ConvertedAmount;
using incentive::v1::Evaluation;
using incentive::v1::Program;
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

void EntryVerifier::Sum() {
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

Fraction EntryVerifier::ConvertedBy(const RateKey& key, const Integer& amount) const {
  const auto rate = rates_.find(key);
  if (rate == rates_.end() || !rate->second.has_value()) return {0, 1};
  return {amount * rate->second->num, rate->second->den};
}

void EntryVerifier::Parts() {
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
    Want(amount.has_value() && Equal(*amount, verify::AsPrinted(found.amount)), path + "amount", part.amount().value(),
         Text(found.amount));
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

verify::CarriedSums EntryVerifier::Carried() {
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

Fraction EntryVerifier::Reached(ReachedWork work) {
  for (std::string& what : work.differences) Differ(std::move(what));
  return work.reached;
}

ScaleValue EntryVerifier::Mixed(const Fraction& units) {
  const Fraction set = Reached(VerifyMixed(entry_, lines_, sum_));
  return verify::WorkOutMix(scale_, set, sum_, terms_.mix().pays() == Program::Mix::ALL, units);
}

ScaleValue EntryVerifier::Margin() {
  EarnedMargin earned = VerifyMargin(scale_, entry_, lines_);
  for (std::string& what : earned.differences) Differ(std::move(what));
  weights_ = std::move(earned.work.weights);
  return std::move(earned.work.value);
}

ScaleValue EntryVerifier::Scored(const Fraction& units) {
  return verify::WorkOutRatio(scale_, {Reached(VerifyComposite(entry_, sum_)), sum_, units});
}

ScaleValue EntryVerifier::Grown(const Fraction& units) {
  GrownWork work = VerifyGrown(entry_, partner_);
  for (std::string& what : work.differences) Differ("evaluation." + std::move(what));
  const bool increment = terms_.growth().pays() == Program::Growth::INCREMENT;
  return verify::WorkOutGrowth(scale_, work.baseline, increment, sum_, units);
}

Evaluation::Limit EntryVerifier::LimitOf(const ScaleValue& worked) const {
  if (Equal(worked.value, worked.before)) return Evaluation::LIMIT_UNSPECIFIED;
  if (scale_.max_penalty.has_value()) return Evaluation::MAX_PENALTY;
  return Less(worked.before, worked.value) ? Evaluation::FLOOR : Evaluation::CAP;
}

std::string EntryVerifier::IntervalOf(size_t tier) const {
  const bool last = tier + 1 == scale_.tiers.size();
  const std::string from = Text(scale_.tiers[tier].from), to = last ? "∞" : Text(scale_.tiers[tier + 1].from);
  return (scale_.upto ? "(" : "[") + from + ", " + to + (scale_.upto && !last ? "]" : ")");
}

void EntryVerifier::Value() {
  WantFraction(entry_.evaluation().exact_value(), value_, "evaluation.exact_value");
  minor_ = verify::SmallestUnits(currency_);
  rounded_ = stack_ != nullptr ? stack_->minor : verify::Round({value_.num * minor_, value_.den}, terms_.rounding());
  const Integer value = rounded_ * Unit() / minor_;
  WantMoney(entry_.evaluation().value(), value, "evaluation.value");
  const Integer before = Billionths(entry_.stated_before()).value_or(0);
  WantMoney(entry_.stated_before(), before, "stated_before");
  granted_ = Budgeted(before * minor_ / Unit());
  amount_ = (granted_ + Waived()) * Unit() / minor_ - before;
  WantMoney(entry_.amount(), *amount_, "amount");
}

Integer EntryVerifier::Waived() {
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

Integer EntryVerifier::Budgeted(const Integer& before) {
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

void EntryVerifier::LineShares() {
  std::vector<Fraction> weights = weights_;
  weights.insert(weights.end(), opened_.begin(), opened_.end());
  const std::vector<Integer> shares = stack_ != nullptr ? stack_->shares : verify::Shares(granted_, weights);
  for (size_t i = 0; i < lines_.size() && i < shares.size(); ++i) {
    const Integer share = shares[i] * Unit() / minor_;
    Want(shares_[i] == share, lines_[i].fact() + ": share", Text(shares_[i]), Text(share));
  }
}

void EntryVerifier::Members() {
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

}  // namespace tributary::cli
