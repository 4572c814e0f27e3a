#include "incentive-service/programs/program.h"

#include <algorithm>
#include <utility>

#include "absl/time/civil_time.h"
#include "common/money/money.h"
#include "common/money/rational.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

// The first day of the period that `day` lies in, where that is not the day itself.
void CheckBeginsPeriod(PeriodKind kind, Date day, std::string field, std::vector<FieldViolation>* violations) {
  const Period period = PeriodOf(kind, day);
  if (period.range.start == day) return;
  violations->push_back({std::move(field), day.ToString(),
                         StrCat("the first day of a period, such as ", period.range.start.ToString(), " or ",
                                period.range.end.ToString())});
}

absl::TimeZone ZoneOf(const Program& program) {
  absl::TimeZone zone = absl::UTCTimeZone();
  if (!program.time_zone.empty()) absl::LoadTimeZone(program.time_zone, &zone);  // CheckTerms has seen that it is there
  return zone;
}

void CheckGuarantee(const Program& program, const std::string& field, std::vector<FieldViolation>* violations) {
  const Decimal amount = program.guarantee->amount;
  const absl::StatusOr<int64_t> minor = ToMinorUnits(Rational(amount), program.terms.currency, Rounding::kHalfEven);
  const absl::StatusOr<Decimal> whole = minor.ok() ? FromMinorUnits(*minor, program.terms.currency) : minor.status();
  if (amount <= Decimal() || !whole.ok() || *whole != amount) {
    violations->push_back({StrCat(field, ".amount"), amount.ToString(),
                           StrCat("more than 0, in whole smallest units of ", program.terms.currency)});
  }
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
  want(program.rate_type.empty(), "growth with rate_type", "one of the two: a rate would move a frozen baseline");
  want(!program.guarantee.has_value(), "growth with a guarantee", "one of the two");
  want(program.growth->reference != GrowthReference::kFixed || program.growth->fallback == GrowthFallback::kNotEligible,
       "a fallback", "none: reference is FIXED");
  CheckGrowthPartners(*program.growth, StrCat(path, ".partners"), violations);
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
  want(program.rate_type.empty(), "a mix with rate_type", "one of the two: lines without a rate would shift the share");
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

// What partners are is read on the days of lines: of who has none it says nothing, and a baseline was not frozen with
// it.
void CheckStanding(const Program& program, const std::string& field, std::vector<FieldViolation>* violations) {
  if (!program.reads_standing()) return;
  const auto want = [&](bool holds, std::string_view got) {
    if (!holds) violations->push_back({field, std::string(got), "partners and except_partners alone"});
  };
  const bool charges = program.terms.max_penalty.has_value() && program.terms.scale.shape == Shape::kTarget;
  want(!program.growth.has_value(), "what partners are, with growth");
  want(!program.guarantee.has_value(), "what partners are, with a guarantee");
  want(!charges || program.eligibility.partners.empty(), "what partners are, with a TARGET that charges them by name");
}

Program Changed(Program program, absl::Time now) {
  ++program.version;
  program.update_time = now;
  return program;
}

}  // namespace

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
    violations.push_back({StrCat(field, ".payout_period"), std::string(NameOf(*program.payout_period)),
                          StrCat("a shorter period than ", NameOf(program.period), ", or none")});
  }
  absl::TimeZone zone;
  if (!program.time_zone.empty() && !absl::LoadTimeZone(program.time_zone, &zone)) {
    violations.push_back({StrCat(field, ".time_zone"), program.time_zone, "an IANA time zone, such as Asia/Shanghai"});
  }
  if (program.guarantee.has_value()) CheckGuarantee(program, StrCat(field, ".guarantee"), &violations);
  CheckGrowth(program, field, &violations);
  CheckCount(program, StrCat(field, ".count"), &violations);
  CheckMix(program, StrCat(field, ".mix"), &violations);
  CheckPaid(program, field, &violations);
  CheckWonDeals(program, field, &violations);
  CheckGoods(program, StrCat(field, ".free_goods"), &violations);
  CheckComposite(program, StrCat(field, ".composite"), &violations);
  CheckStanding(program, StrCat(field, ".eligibility"), &violations);
  if (to == OpenEnd()) return violations;
  CheckBeginsPeriod(program.period, to, StrCat(field, ".effective_to"), &violations);
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
  const Date last =
      today < program.effective.start ? program.effective.start : PeriodOf(program.period, today).range.end;
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
