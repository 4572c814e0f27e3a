#include "incentive-service/programs/program.h"

#include <algorithm>
#include <utility>

#include "absl/time/civil_time.h"
#include "common/money/money.h"
#include "common/money/rational.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

void CheckBeginsPeriod(const Periods& periods, Date day, std::string field, std::vector<FieldViolation>* violations) {
  std::string want = WantedInsteadOf(periods, day);
  if (!want.empty()) violations->push_back({std::move(field), day.ToString(), std::move(want)});
}

absl::TimeZone ZoneOf(const Program& program) {
  absl::TimeZone zone = absl::UTCTimeZone();
  if (!program.time_zone.empty()) absl::LoadTimeZone(program.time_zone, &zone);  // CheckTerms has seen that it is there
  return zone;
}

bool IsInWholeUnits(Decimal amount, const std::string& currency) {
  const absl::StatusOr<int64_t> minor = ToMinorUnits(Rational(amount), currency, Rounding::kHalfEven);
  const absl::StatusOr<Decimal> whole = minor.ok() ? FromMinorUnits(*minor, currency) : minor.status();
  return whole.ok() && *whole == amount;
}

// Of a guarantee or a budget.
void CheckWholeUnits(Decimal amount, const std::string& currency, const std::string& field,
                     std::vector<FieldViolation>* violations) {
  if (amount <= Decimal() || !IsInWholeUnits(amount, currency)) {
    violations->push_back(
        {StrCat(field, ".amount"), amount.ToString(), StrCat("more than 0, in whole smallest units of ", currency)});
  }
}

// Values are rounded behind their limits: a cap of 10.005 would be passed by 10.01.
void CheckLimits(const Program& program, std::string_view field, std::vector<FieldViolation>* violations) {
  const std::string& currency = program.terms.currency;
  const auto check = [&](std::string_view name, const std::optional<Decimal>& limit) {
    if (!limit.has_value() || IsInWholeUnits(*limit, currency)) return;
    violations->push_back(
        {StrCat(field, ".", name), limit->ToString(), StrCat("an amount in whole smallest units of ", currency)});
  };
  check("floor", program.terms.floor);
  check("cap", program.terms.cap);
  check("max_penalty", program.terms.max_penalty);
}

void CheckBudget(const Program& program, const std::string& field, std::vector<FieldViolation>* violations) {
  const auto refuse = [&](bool given, std::string_view with, std::string_view why) {
    if (given) violations->push_back({field, StrCat("a budget with ", with), StrCat("one of the two", why)});
  };
  CheckWholeUnits(program.budget->amount, program.terms.currency, field, violations);
  refuse(program.payout_period.has_value(), "payout_period", ": it is of whole periods");
  refuse(program.guarantee.has_value(), "a guarantee", ": what is guaranteed is paid, whatever there is");
  refuse(program.terms.max_penalty.has_value(), "max_penalty", ": a penalty pays nothing");
  refuse(program.terms.free_goods.has_value(), "free goods", ": they are no money");
  refuse(program.rolls_up, "group ROLL_UP", ": a group's share would tell its members of others");
}

void CheckClawbackCap(const Program& program, const std::string& field, std::vector<FieldViolation>* violations) {
  const ClawbackCap& cap = *program.clawback_cap;
  const auto want = [&](bool holds, std::string_view name, std::string got, std::string_view wanted) {
    if (!holds) violations->push_back({StrCat(field, name), std::move(got), std::string(wanted)});
  };
  want(cap.amount.has_value() || cap.share.has_value(), "", "nothing", "an amount, a share, or both");
  const Decimal amount = cap.amount.value_or(Decimal()), share = cap.share.value_or(Decimal());
  want(!amount.negative(), ".amount", amount.ToString(), "0 or more");
  want(!share.negative() && share <= Decimal::FromInt(1), ".share", share.ToString(), "0 to 1: 0.1 is a tenth");
  const auto refuse = [&](bool given, std::string_view with, std::string_view why) {
    want(!given, "", StrCat("a cap of clawbacks with ", with), StrCat("one of the two", why));
  };
  refuse(program.budget.has_value(), "a budget", ": what one partner keeps is not there for the others");
  refuse(program.terms.max_penalty.has_value(), "max_penalty", ": a penalty pays nothing");
  refuse(program.terms.free_goods.has_value(), "free goods", ": they are no money");
}

void CheckGuarantee(const Program& program, const std::string& field, std::vector<FieldViolation>* violations) {
  CheckWholeUnits(program.guarantee->amount, program.terms.currency, field, violations);
  if (program.eligibility.partners.empty()) {
    violations->push_back({field, "a guarantee for everybody", "eligibility.partners, to whom it is given"});
  }
  if (program.payout_period.has_value()) {
    violations->push_back({field, "a guarantee with payout_period", "one of the two: it is of whole periods"});
  }
  if (program.terms.max_penalty.has_value()) {
    violations->push_back({field, "a guarantee with max_penalty", "one of the two"});
  }
}

// What is agreed with partners is there where it is asked for, and nowhere else.
void CheckGrowthPartners(const GrowthTerms& growth, const std::string& field, std::vector<FieldViolation>* violations) {
  const bool fixed = growth.reference == GrowthReference::kFixed;
  const bool agreed = fixed || growth.fallback == GrowthFallback::kFixedBaseline;
  for (size_t i = 0; i < growth.partners.size(); ++i) {
    const GrowthPartner& one = growth.partners[i];
    const auto want = [&](bool holds, std::string_view name, std::string got, std::string_view wanted) {
      if (!holds) violations->push_back({StrCat(field, "[", i, "]", name), std::move(got), std::string(wanted)});
    };
    const auto own = growth.partners.begin() + static_cast<std::ptrdiff_t>(i);
    want(std::none_of(growth.partners.begin(), own, [&](const auto& other) { return other.partner == one.partner; }),
         ".partner", one.partner, "each partner once");
    want(!fixed || one.baseline.has_value(), ".baseline", "nothing", "its baseline: reference is FIXED");
    want(agreed || !one.baseline.has_value(), ".baseline", one.baseline.value_or(Decimal()).ToString(),
         "none: neither the reference nor the fallback asks for one");
    want(!one.baseline.has_value() || *one.baseline > Decimal(), ".baseline",
         one.baseline.value_or(Decimal()).ToString(), "more than 0");
    want(!fixed || !one.active_from.has_value(), ".active_from", one.active_from.value_or(Date()).ToString(),
         "none: reference is FIXED");
  }
  if (agreed && growth.partners.empty()) {
    violations->push_back({field, "nobody", "the baselines of partners, which are asked for"});
  }
}

void CheckGrowth(const Program& program, std::string_view field, std::vector<FieldViolation>* violations) {
  const bool measured = program.terms.scale.measure == Measure::kGrowth;
  const std::string path = StrCat(field, ".growth");
  const auto want = [&](bool holds, std::string_view got, std::string_view wanted) {
    if (!holds) violations->push_back({path, std::string(got), std::string(wanted)});
  };
  want(measured == program.growth.has_value(), measured ? "nothing" : "growth with another measure",
       measured ? "what growth is measured against" : "measure GROWTH");
  if (!measured || !program.growth.has_value()) return;
  want(!program.payout_period.has_value(), "growth with payout_period", "one of the two: a part has no reference");
  want(program.rate_type.empty(), "growth with rate_type",
       "one of the two: 100 in both periods, where the rate of the first comes once the baseline is frozen, grow from "
       "0");
  want(!program.guarantee.has_value(), "growth with a guarantee", "one of the two");
  want(program.growth->reference != GrowthReference::kFixed || program.growth->fallback == GrowthFallback::kNotEligible,
       "a fallback", "none: reference is FIXED");
  CheckGrowthPartners(*program.growth, StrCat(path, ".partners"), violations);
}

// A year of 53 weeks has a period that is a week longer than that of any other year, and what lies behind it lies a
// week later: no period of a fiscal calendar is surely the same a year before.
void CheckFiscal(const Program& program, std::string_view field, std::vector<FieldViolation>* violations) {
  if (program.fiscal_calendar.empty() || !program.growth.has_value()) return;
  const Date first = program.effective.start;
  switch (program.growth->reference) {
    case GrowthReference::kYearBefore:
      violations->push_back({StrCat(field, ".growth.reference"), "YEAR_BEFORE with fiscal_calendar",
                             "PREVIOUS_PERIOD or FIXED: a year of 53 weeks leaves no period the same a year before"});
      return;
    case GrowthReference::kPreviousPeriod:
      if (!PeriodOf(program.period, first.AddDays(-1)).id.empty()) return;
      violations->push_back({StrCat(field, ".effective_from"), first.ToString(),
                             "a day that another period of the fiscal calendar comes before, to measure growth by"});
      return;
    case GrowthReference::kFixed:
      return;
  }
}

// What else states amounts states no discounts.
void CheckCountedAmount(const Program& program, const std::string& field, std::vector<FieldViolation>* violations) {
  if (program.amount_of == CountedAmount::kNet) return;
  const std::string got = program.amount_of == CountedAmount::kGross ? "GROSS" : "GROSS_OF_WALLET";
  const auto want = [&](bool holds, std::string_view with, std::string_view wanted) {
    if (!holds) violations->push_back({field, StrCat(got, " ", with), std::string(wanted)});
  };
  want(program.basis == Basis::kOrder || program.basis == Basis::kSellIn, "on another basis",
       "NET, or basis ORDER or SELL_IN: lines of shipments alone state discounts");
  want(!program.terms.free_goods.has_value(), "with free goods", "NET: what brings no money has no amount");
  want(!program.terms.margin.has_value(), "with a margin", "NET: what is left of that is the margin");
}

void CheckCount(const Program& program, const std::string& field, std::vector<FieldViolation>* violations) {
  const bool counts = program.terms.scale.measure == Measure::kCount;
  const auto want = [&](bool holds, std::string_view got, std::string_view wanted) {
    if (!holds) violations->push_back({field, std::string(got), std::string(wanted)});
  };
  want(counts == program.count_of.has_value(), counts ? "nothing" : "a count with another measure",
       counts ? "what is counted" : "measure COUNT");
  want(program.count_of != CountOf::kCustomer || program.basis == Basis::kSellThrough, "CUSTOMER",
       "basis SELL_THROUGH: other lines name no customer of the partner");
  want(program.count_of != CountOf::kSite || program.basis != Basis::kInvoiced, "SITE",
       "another basis than INVOICED: invoices name no site");
}

void CheckMix(const Program& program, const std::string& field, std::vector<FieldViolation>* violations) {
  const bool mixed = program.terms.scale.measure == Measure::kMix;
  const auto want = [&](bool holds, std::string_view got, std::string_view wanted) {
    if (!holds) violations->push_back({field, std::string(got), std::string(wanted)});
  };
  want(mixed == program.mix_set.has_value(), mixed ? "nothing" : "a mix with another measure",
       mixed ? "the set whose share is measured" : "measure MIX");
  if (!mixed || !program.mix_set.has_value()) return;
  want(program.rate_type.empty(), "a mix with rate_type",
       "one of the two: 60 of the set beside 40 whose rate is still to come are a share of 1, not 0.6");
  if (program.mix_set->empty()) violations->push_back({field + ".set", "every line", "products or product lines"});
}

void CheckPaid(const Program& program, std::string_view field, std::vector<FieldViolation>* violations) {
  const bool paid = program.basis == Basis::kPaid;
  const auto want = [&](bool holds, std::string_view name, std::string_view got, std::string_view wanted) {
    if (!holds) violations->push_back({StrCat(field, name), std::string(got), std::string(wanted)});
  };
  want(paid == (program.terms.scale.measure == Measure::kDaysToPay), ".measure",
       paid ? "another measure" : "DAYS_TO_PAY on another basis", paid ? "DAYS_TO_PAY" : "basis PAID");
  if (!paid) return;
  want(program.lines.empty(), ".lines", "lines by products", "none: what is paid is of no product");
  want(program.rate_type.empty(), ".rate_type", program.rate_type, "none: days to pay are of one currency");
}

void CheckWonDeals(const Program& program, std::string_view field, std::vector<FieldViolation>* violations) {
  if (program.basis != Basis::kWonDeal) return;
  const auto want = [&](bool holds, std::string_view name, std::string_view got, std::string_view wanted) {
    if (!holds) violations->push_back({StrCat(field, name), std::string(got), std::string(wanted)});
  };
  want(program.lines.empty(), ".lines", "lines by products", "none: a deal is of no product");
  want(!program.count_of.has_value(), ".count", "a count on basis WON_DEAL", "measure QUANTITY: each deal is one unit");
  want(!program.mix_set.has_value(), ".mix", "a mix on basis WON_DEAL", "none: a deal is of no product");
}

void CheckGoods(const Program& program, const std::string& field, std::vector<FieldViolation>* violations) {
  const bool gives = program.terms.scale.measure == Measure::kFreeGoods;
  const auto want = [&](bool holds, std::string_view got, std::string_view wanted) {
    if (!holds) violations->push_back({field, std::string(got), std::string(wanted)});
  };
  want(gives == program.terms.free_goods.has_value(), gives ? "nothing" : "free goods with another measure",
       gives ? "how many units are free for how many paid" : "measure FREE_GOODS");
  if (!gives || !program.terms.free_goods.has_value()) return;
  want(program.basis == Basis::kOrder || program.basis == Basis::kSellIn, "free goods on another basis",
       "basis ORDER or SELL_IN: shipments tell what was paid and what was given");
  want(!program.guarantee.has_value(), "free goods with a guarantee", "one of the two");
  for (FieldViolation& violation : CheckFreeGoods(*program.terms.free_goods, field)) {
    violations->push_back(std::move(violation));
  }
}

// Both are of sums of lines.
void CheckReturns(const Program& program, std::string_view field, std::vector<FieldViolation>* violations) {
  const Measure measure = program.terms.scale.measure;
  const bool sums = measure == Measure::kAmount || measure == Measure::kQuantity;
  if (program.matches_returns()) {
    const auto want = [&](bool holds, std::string_view with, std::string_view wanted) {
      if (holds) return;
      violations->push_back({StrCat(field, ".return_policy"), StrCat("MATCH_LATEST ", with), std::string(wanted)});
    };
    want(program.basis != Basis::kPaid && program.basis != Basis::kWonDeal, "on another basis",
         "RETURN_PERIOD, or basis ORDER, SELL_IN, INVOICED or SELL_THROUGH: units that were sold come back");
    want(sums, "with another measure", "RETURN_PERIOD, or measure AMOUNT or QUANTITY");
    want(!program.rolls_up, "with group ROLL_UP", "one of the two: who earned by the sale may be another one");
  }
  if (!program.terms.carry_negative) return;
  const auto refuse = [&](bool given, std::string_view with, std::string_view wanted) {
    if (given)
      violations->push_back({StrCat(field, ".carry_negative"), StrCat("true with ", with), std::string(wanted)});
  };
  refuse(!sums, "another measure", "measure AMOUNT or QUANTITY: what is below 0 is of these");
  refuse(program.payout_period.has_value(), "payout_period", "one of the two: what is paid too early is taken back");
  refuse(!program.rate_type.empty(), "rate_type", "one of the two: what is carried is of one currency");
  refuse(program.terms.max_penalty.has_value(), "max_penalty", "one of the two: a penalty charges what is missing");
  refuse(program.budget.has_value(), "a budget", "one of the two: a period's budget is of that period's lines");
  refuse(program.rolls_up, "group ROLL_UP", "one of the two: a group may be another one in the next period");
}

void CheckGroup(const Program& program, const std::string& field, std::vector<FieldViolation>* violations) {
  if (!program.rolls_up) return;
  const auto want = [&](bool holds, std::string_view got, std::string_view wanted) {
    if (!holds) violations->push_back({field, StrCat("ROLL_UP with ", got), std::string(wanted)});
  };
  const Measure measure = program.terms.scale.measure;
  want(measure == Measure::kAmount || measure == Measure::kQuantity, "another measure",
       "AMOUNT or QUANTITY: these add up over partners");
  want(!program.payout_period.has_value(), "payout_period", "one of the two: a group is stated once a period");
  want(program.rate_type.empty(), "rate_type", "one of the two: a group is of one currency");
  want(!program.terms.max_penalty.has_value(), "max_penalty", "one of the two: a group is paid");
  want(!program.guarantee.has_value(), "a guarantee", "one of the two: a guarantee is of each partner");
}

void CheckComposite(const Program& program, const std::string& field, std::vector<FieldViolation>* violations) {
  const bool scored = program.terms.scale.measure == Measure::kComposite;
  const std::optional<CompositeTerms>& composite = program.terms.composite;
  const auto want = [&](bool holds, std::string_view name, std::string_view got, std::string_view wanted) {
    if (!holds) violations->push_back({StrCat(field, name), std::string(got), std::string(wanted)});
  };
  want(scored == composite.has_value(), "", scored ? "nothing" : "a score with another measure",
       scored ? "of what the score is made" : "measure COMPOSITE");
  if (!scored || !composite.has_value()) return;
  want(!program.payout_period.has_value(), "", "a score with payout_period", "one of the two: a part has no score");
  const bool evaluated = std::any_of(composite->components.begin(), composite->components.end(),
                                     [](const auto& one) { return one.source == ScoreSource::kEvaluation; });
  want(evaluated || composite->scorecard.empty(), ".scorecard_template", composite->scorecard,
       "none: no component is of an evaluation");
  want(!evaluated || !composite->scorecard.empty(), ".scorecard_template", "nothing",
       "scorecardTemplates/{scorecard_template}, by which partners are evaluated");
  for (FieldViolation& violation : CheckComponents(composite->components, StrCat(field, ".components"))) {
    violations->push_back(std::move(violation));
  }
}

void CheckMargin(const Program& program, const std::string& field, std::vector<FieldViolation>* violations) {
  const bool measured = program.terms.scale.measure == Measure::kMargin;
  const std::optional<MarginTerms>& margin = program.terms.margin;
  const auto want = [&](bool holds, std::string_view name, std::string_view got, std::string_view wanted) {
    if (!holds) violations->push_back({StrCat(field, name), std::string(got), std::string(wanted)});
  };
  want(measured == margin.has_value(), "", measured ? "nothing" : "a margin with another measure",
       measured ? "whose margin is measured" : "measure MARGIN");
  if (!measured || !margin.has_value()) return;
  want(program.rate_type.empty(), "", "a margin with rate_type", "one of the two: costs are not converted");
  if (margin->of == MarginOf::kPartner) {
    want(program.basis == Basis::kSellThrough, ".of", "PARTNER on another basis",
         "basis SELL_THROUGH: a partner's margin is of what it sold on");
    want(!margin->discloses_costs, ".discloses_costs", "true", "false: no costs of the vendor's are read");
    return;
  }
  const bool sells =
      program.basis == Basis::kOrder || program.basis == Basis::kSellIn || program.basis == Basis::kInvoiced;
  want(sells, ".of", "VENDOR on another basis",
       "basis ORDER, SELL_IN or INVOICED: the vendor's margin is of what it sold itself");
  want(margin->discloses_costs, ".discloses_costs", "false",
       "true: a statement shows its partner all that decides it, and so the vendor's standard costs");
}

// What partners and their customers are is read on the days of lines: of who has none it says nothing, and a baseline
// was not frozen with it.
void CheckStanding(const Program& program, const std::string& field, std::vector<FieldViolation>* violations) {
  if (!program.reads_standing()) return;
  const auto want = [&](bool holds, std::string_view got) {
    if (!holds) violations->push_back({field, std::string(got), "partners and except_partners alone"});
  };
  if (program.eligibility.asks_segment() && program.basis != Basis::kSellThrough) {
    violations->push_back({field, "segments of customers on another basis",
                           "basis SELL_THROUGH: other lines name no customer of the partner"});
  }
  want(!program.growth.has_value(), "what partners are, with growth");
  want(!program.guarantee.has_value(), "what partners are, with a guarantee");
  want(!program.rolls_up, "what partners are, with group ROLL_UP");
  want(!program.charges_by_name(), "what partners are, with a TARGET that charges them by name");
}

Program Changed(Program program, absl::Time now) {
  ++program.version;
  program.update_time = now;
  return program;
}

}  // namespace

int64_t Program::budget_minor() const {
  // CheckTerms has seen that the amount is in whole smallest units.
  return ToMinorUnits(Rational(budget->amount), terms.currency, Rounding::kHalfEven).value_or(0);
}

bool LineFilter::Includes(std::string_view product, std::string_view product_line) const {
  const auto has = [](const std::vector<std::string>& sorted, std::string_view name) {
    return std::binary_search(sorted.begin(), sorted.end(), name);
  };
  if (has(except_products, product) || has(except_product_lines, product_line)) return false;
  return (products.empty() && product_lines.empty()) || has(products, product) || has(product_lines, product_line);
}

std::string_view NameOf(ProgramState state) {
  switch (state) {
    case ProgramState::kDraft:
      return "DRAFT";
    case ProgramState::kActive:
      return "ACTIVE";
    case ProgramState::kEnded:
      return "ENDED";
  }
  return "";
}

std::vector<FieldViolation> CheckTerms(const Program& program, std::string_view field) {
  std::vector<FieldViolation> violations = CheckTermsValue(program.terms, field);
  // The wire has no scale of its own.
  for (FieldViolation& violation : violations) {
    const std::string within = StrCat(field, ".scale");
    if (violation.field.rfind(within, 0) == 0) violation.field.replace(0, within.size(), field);
  }
  const auto& [from, to] = program.effective;
  CheckBeginsPeriod(program.period, from, StrCat(field, ".effective_from"), &violations);
  if (program.payout_period.has_value() && !Divides(*program.payout_period, program.period)) {
    violations.push_back({StrCat(field, ".payout_period"), std::string(NameOf(program.payout_period->kind())),
                          StrCat("a shorter period than ", NameOf(program.period.kind()),
                                 program.period.is_fiscal() ? ", of which each is made up, or none" : ", or none")});
  }
  absl::TimeZone zone;
  if (!program.time_zone.empty() && !absl::LoadTimeZone(program.time_zone, &zone)) {
    violations.push_back({StrCat(field, ".time_zone"), program.time_zone, "an IANA time zone, such as Asia/Shanghai"});
  }
  CheckLimits(program, field, &violations);
  if (program.guarantee.has_value()) CheckGuarantee(program, StrCat(field, ".guarantee"), &violations);
  if (program.budget.has_value()) CheckBudget(program, StrCat(field, ".budget"), &violations);
  if (program.clawback_cap.has_value()) CheckClawbackCap(program, StrCat(field, ".clawback_cap"), &violations);
  CheckGrowth(program, field, &violations);
  CheckFiscal(program, field, &violations);
  CheckCountedAmount(program, StrCat(field, ".amount_of"), &violations);
  CheckCount(program, StrCat(field, ".count"), &violations);
  CheckMix(program, StrCat(field, ".mix"), &violations);
  CheckPaid(program, field, &violations);
  CheckWonDeals(program, field, &violations);
  CheckGoods(program, StrCat(field, ".free_goods"), &violations);
  CheckComposite(program, StrCat(field, ".composite"), &violations);
  CheckGroup(program, StrCat(field, ".group"), &violations);
  CheckMargin(program, StrCat(field, ".margin"), &violations);
  CheckStanding(program, StrCat(field, ".eligibility"), &violations);
  CheckReturns(program, field, &violations);
  if (program.terms.currency == kPoints && program.rate_type.empty()) {
    violations.push_back({StrCat(field, ".rate_type"), "", "the type of the rates by which money makes points"});
  }
  if (to == OpenEnd()) return violations;
  // The last period of a fiscal calendar ends where none begins yet.
  if (!program.period.is_fiscal() || to != program.period.days().end) {
    CheckBeginsPeriod(program.period, to, StrCat(field, ".effective_to"), &violations);
  }
  if (to <= from) {
    violations.push_back({StrCat(field, ".effective_to"), to.ToString(),
                          StrCat("a day after effective_from, ", from.ToString(), ", or none")});
  }
  return violations;
}

absl::StatusOr<Program> Activate(const Program& program, absl::Time now) {
  if (program.state != ProgramState::kDraft) {
    return WrongState(program.name(), "activate", NameOf(program.state), "DRAFT");
  }
  Program active = Changed(program, now);
  active.state = ProgramState::kActive;
  return active;
}

absl::StatusOr<Program> End(const Program& program, absl::Time now) {
  if (program.state != ProgramState::kActive) {
    return WrongState(program.name(), "end", NameOf(program.state), "ACTIVE");
  }
  Program ended = Changed(program, now);
  ended.state = ProgramState::kEnded;
  const Date today = DayOf(program, now);
  const Date last = today < program.effective.start ? program.effective.start : EndOfRunning(program.period, today);
  ended.effective.end = std::min(program.effective.end, last);
  return ended;
}

absl::StatusOr<Program> Revise(const Program& program, Program revised, absl::Time now) {
  if (program.state != ProgramState::kDraft) {
    return WrongState(program.name(), "update", NameOf(program.state), "DRAFT");
  }
  revised.id = program.id;
  revised.uid = program.uid;
  revised.version = program.version;
  revised.create_time = program.create_time;
  revised.state = program.state;
  return Changed(std::move(revised), now);
}

Date DayOf(const Program& program, absl::Time now) {
  const absl::CivilDay day = absl::ToCivilDay(now, ZoneOf(program));
  return Date::FromDays(static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1)));
}

absl::Time StartOf(const Program& program, Date day) {
  return absl::FromCivil(absl::CivilDay(day.year(), day.month(), day.day()), ZoneOf(program));
}

}  // namespace tributary::incentive
