#include "incentive-service/statements/statement_export.h"

#include <algorithm>
#include <array>

#include "absl/time/time.h"
#include "common/csv/csv_writer.h"
#include "common/money/money.h"
#include "common/paging/etag.h"
#include "common/text/text.h"
#include "incentive-service/accruals/baseline.h"

namespace tributary::incentive {
namespace {

// By their numbers; the names of the wire.
template <size_t N, typename Enum>
std::string Named(const std::array<const char*, N>& names, Enum value) {
  return names.at(static_cast<size_t>(value));
}
constexpr std::array kBases = {"", "ORDER", "SELL_IN", "INVOICED", "SELL_THROUGH", "PAID", "WON_DEAL"};
constexpr std::array kAmounts = {"", "NET", "GROSS", "GROSS_OF_WALLET"};
constexpr std::array kShapes = {"", "MARGINAL", "RETROACTIVE", "ROLLING", "TOTAL", "FLAT", "PER_UNIT", "TARGET"};
constexpr std::array kBounds = {"", "FROM", "UPTO"};
constexpr std::array kMeasures = {"",    "AMOUNT",      "QUANTITY",   "GROWTH",    "COUNT",
                                  "MIX", "DAYS_TO_PAY", "FREE_GOODS", "COMPOSITE", "MARGIN"};
constexpr std::array kCounted = {"", "ORDER", "CUSTOMER", "PRODUCT", "SITE"};
constexpr std::array kMixPays = {"", "SET", "ALL"};
constexpr std::array kMarginsOf = {"", "PARTNER", "VENDOR"};
constexpr std::array kMarginReaches = {"", "AMOUNT", "SHARE"};
constexpr std::array kMarginPays = {"", "MARGIN", "NET"};
constexpr std::array kGoodsScopes = {"", "ORDER", "PERIOD"};
constexpr std::array kGoodsKinds = {"", "EXCLUSIVE", "INCLUSIVE"};
constexpr std::array kSources = {"", "AMOUNT", "EVALUATION"};
constexpr std::array kReferences = {"", "PREVIOUS_PERIOD", "YEAR_BEFORE", "FIXED"};
constexpr std::array kPays = {"", "TOTAL", "INCREMENT"};
constexpr std::array kBudgetPolicies = {"", "PRO_RATA", "BY_EVENT"};
constexpr std::array kFallbacks = {"", "NOT_ELIGIBLE", "FIXED_BASELINE", "PRORATE_BY_ACTIVE_DAYS"};
constexpr std::array kLowers = {"", "BASE", "BOTH"};
constexpr std::array kScopes = {"", "LINE", "PARTNER_PERIOD"};

std::string NameOf(Rounding rounding) {
  return rounding == Rounding::kHalfUp ? "HALF_UP" : rounding == Rounding::kDown ? "DOWN" : "HALF_EVEN";
}
std::string TextOf(const std::optional<Decimal>& amount) { return amount.has_value() ? amount->ToString() : ""; }

class Writer {
 public:
  Writer(const Statement& statement, const ProgramVersions& programs, absl::Span<const StatementLine> lines)
      : statement_(statement), programs_(programs), lines_(lines) {}

  std::string Write() && {
    const bool stacked = std::any_of(statement_.entries.begin(), statement_.entries.end(),
                                     [](const StatementEntry& entry) { return entry.stacking.has_value(); });
    Add({"tributary-statement", stacked ? "2" : "1"});
    Add({"statement", statement_.name(), std::string(NameOf(statement_.kind)), statement_.period.id,
         statement_.period.range.start.ToString(), statement_.period.range.end.ToString(), statement_.currency,
         absl::FormatTime("%Y-%m-%d%ET%H:%M:%E*SZ", statement_.issue_time.value_or(absl::UnixEpoch()),
                          absl::UTCTimeZone()),
         statement_.previous_hash});
    for (const StatementEntry& entry : statement_.entries) Entry(entry);
    for (const StatementAdjustment& one : statement_.adjustments) {
      Add({"adjustment", std::to_string(one.ordinal),
           StrCat("partners/", statement_.partner, "/adjustments/", one.adjustment),
           one.program.empty() ? "" : StrCat("programs/", one.program), one.reason, one.document, Minor(one.amount)});
    }
    Add({"total", Minor(statement_.total)});
    return std::move(out_);
  }

 private:
  void Add(const std::vector<std::string>& fields) { AppendCsvRow(&out_, fields); }
  std::string Minor(int64_t minor) const { return FormatMinorUnits(minor, statement_.currency); }

  void Entry(const StatementEntry& entry) {
    const Program& program = programs_.at({entry.program, entry.program_version});
    const Terms& terms = program.terms;
    const std::string ordinal = std::to_string(entry.ordinal);
    Add({"entry",
         ordinal,
         std::string(NameOf(entry.kind)),
         program.name(),
         EtagOf(program.version),
         entry.scale.id,
         entry.scale.range.start.ToString(),
         entry.counted_until.ToString(),
         StrCat(program.name(), "/closes/", entry.close_period),
         Named(kBases, program.basis),
         Named(kShapes, terms.scale.shape),
         Named(kBounds, terms.scale.bound),
         Named(kMeasures, terms.scale.measure),
         NameOf(terms.rounding),
         program.rate_type,
         TextOf(terms.floor),
         TextOf(terms.cap),
         TextOf(terms.max_penalty),
         std::to_string(entry.pricing.lines),
         entry.pricing.amount.ToString(),
         entry.pricing.quantity.ToString(),
         Minor(entry.value),
         Minor(entry.stated_before),
         Minor(entry.amount())});
    if (program.amount_of != CountedAmount::kNet) Add({"amount", ordinal, Named(kAmounts, program.amount_of)});
    if (program.matches_returns() || terms.carry_negative) {
      Add({"returns", ordinal, program.matches_returns() ? "MATCH_LATEST" : "RETURN_PERIOD",
           terms.carry_negative ? "CARRY_NEGATIVE" : ""});
    }
    if (!program.fiscal_calendar.empty()) {
      Add({"fiscal", ordinal, StrCat("fiscalCalendars/", program.fiscal_calendar),
           std::string(NameOf(program.period.kind())),
           program.payout_period.has_value() ? std::string(NameOf(program.payout_period->kind())) : ""});
    }
    if (entry.guarantee.has_value()) return Guaranteed(ordinal, *program.guarantee, *entry.guarantee);
    for (const Tier& tier : terms.scale.tiers) {
      Add({"tier", ordinal, tier.from.ToString(), tier.rate.ToString(), tier.amount.ToString()});
    }
    for (const PeriodSum& sum : entry.pricing.carried.periods) {
      Add({"carried", ordinal, sum.period, sum.amount.ToString(), sum.quantity.ToString()});
    }
    if (const auto& opening = entry.pricing.carried.opening; opening.has_value()) {
      Add({"opening", ordinal, StrCat("partners/", statement_.partner, "/", opening->balance), opening->document,
           opening->amount.ToString(), opening->quantity.ToString(), Minor(opening->paid)});
    }
    if (entry.pricing.baseline.has_value()) Grown(ordinal, program, entry);
    if (program.count_of.has_value()) {
      Add({"count", ordinal, Named(kCounted, *program.count_of), std::to_string(entry.pricing.count)});
    }
    if (program.mix_set.has_value()) {
      Add({"mix", ordinal, Named(kMixPays, terms.mix_pays), entry.pricing.set.ToString(), ShareText(entry.pricing)});
    }
    if (terms.composite.has_value()) Scored(ordinal, *terms.composite, entry.pricing);
    Members(ordinal, entry);
    if (terms.margin.has_value()) Earned(ordinal, *terms.margin, entry.pricing.margin);
    if (entry.goods.has_value()) Given(ordinal, *terms.free_goods, *entry.goods);
    if (entry.budget.has_value()) Budgeted(ordinal, program.budget->policy, *entry.budget);
    if (entry.clawback.has_value()) ClawedBack(ordinal, *program.clawback_cap, *entry.clawback);
    for (const ConvertedAmount& one : entry.pricing.converted) {
      Add({"converted", ordinal, one.currency, one.date.ToString(), one.amount.ToString(),
           one.rate.has_value() ? one.rate->ToDecimalString() : "", std::to_string(one.lines)});
    }
    if (entry.stacking.has_value()) Stacked(ordinal, *entry.stacking);
    for (; next_ < lines_.size() && lines_[next_].entry == entry.ordinal; ++next_) {
      const StatementLine& line = lines_[next_];
      Add({"line", ordinal, std::to_string(line.ordinal), line.name(statement_.partner), line.basis_date.ToString(),
           line.product, line.quantity.ToString(), line.currency, line.amount.ToString(), Minor(line.share)});
      if (line.counted_as > 0) {
        Add({"counted", ordinal, std::to_string(line.ordinal), std::to_string(line.counted_as)});
      }
      if (line.unit_cost.has_value()) {
        Add({"cost", ordinal, std::to_string(line.ordinal), line.unit_cost->ToDecimalString()});
      }
      if (!line.matched.empty()) Add({"matched", ordinal, std::to_string(line.ordinal), Fact(line.matched)});
    }
  }

  void Grown(const std::string& ordinal, const Program& program, const StatementEntry& entry) {
    const Baseline& baseline = *entry.pricing.baseline;
    const std::optional<Period> reference = ReferenceOf(program, entry.scale);
    const auto of_reference = [&](std::string text) { return reference.has_value() ? std::move(text) : ""; };
    Add({"growth", ordinal, Named(kReferences, program.growth->reference), Named(kPays, program.terms.growth_pays),
         Named(kFallbacks, program.growth->fallback), std::string(NameOf(baseline.outcome)),
         reference.has_value() ? reference->id : "", of_reference(baseline.facts.reference.ToString()),
         of_reference(std::to_string(baseline.facts.reference_days)),
         of_reference(std::to_string(baseline.facts.active_days)), TextOf(AgreedWith(program, statement_.partner)),
         baseline.outcome == GrowthOutcome::kMeasured ? baseline.amount.ToString() : ""});
    for (const std::string& partner : baseline.facts.predecessors) {
      Add({"predecessor", ordinal, StrCat("partners/", partner)});
    }
  }

  void Members(const std::string& ordinal, const StatementEntry& entry) {
    const std::vector<MemberVolume>& members = entry.pricing.members;
    const std::vector<MemberShare> shares = ShareGroupRebate(entry.worth(), members);
    for (size_t i = 0; i < members.size(); ++i) {  // both are by name
      Add({"member", ordinal, StrCat("partners/", members[i].partner), std::to_string(members[i].lines),
           members[i].volume.ToString(), Minor(shares[i].share)});
    }
  }

  void Given(const std::string& ordinal, const FreeGoodsTerms& terms, const StatedUnits& goods) {
    Add({"goods", ordinal, Named(kGoodsScopes, terms.scope), Named(kGoodsKinds, terms.kind),
         terms.paid_units.ToString(), terms.free_units.ToString(), goods.work.paid.ToString(),
         goods.work.due.ToString(), goods.work.given.ToString(), goods.before.ToString()});
  }

  void Budgeted(const std::string& ordinal, BudgetPolicy policy, const BudgetSteps& steps) {
    const std::optional<Date>& used_up_on = steps.term.used_up_on;
    Add({"budget", ordinal, Named(kBudgetPolicies, policy), Minor(steps.asked), FactorText(steps.term.factor),
         used_up_on.has_value() ? used_up_on->ToString() : "", Minor(steps.share)});
  }

  void ClawedBack(const std::string& ordinal, const ClawbackCap& cap, const ClawbackSteps& steps) {
    Add({"clawback", ordinal, TextOf(cap.amount), TextOf(cap.share), Minor(steps.most), Minor(steps.stays),
         Minor(steps.waived), Minor(steps.waived_before)});
  }

  void Scored(const std::string& ordinal, const CompositeTerms& terms, const Pricing& pricing) {
    const CompositeScore score = ScoreOf(terms, pricing.figures, pricing.amount);
    Add({"composite", ordinal, terms.scorecard.empty() ? "" : StrCat("scorecardTemplates/", terms.scorecard),
         score.total.low.ToString(), score.total.high.ToString()});
    for (size_t i = 0; i < terms.components.size(); ++i) {
      const ScoreComponent& one = terms.components[i];
      const std::optional<Rational> figure = FigureOf(one, pricing.figures, pricing.amount);
      Add({"component", ordinal, one.id, Named(kSources, one.source), std::to_string(one.weight), one.low.ToString(),
           one.high.ToString(), figure.has_value() ? figure->ToString() : "", score.components[i].low.ToString(),
           score.components[i].high.ToString()});
    }
  }

  void Earned(const std::string& ordinal, const MarginTerms& terms, const MarginSums& margin) {
    Add({"margin", ordinal, Named(kMarginsOf, terms.of), Named(kMarginReaches, terms.reaches_by),
         Named(kMarginPays, terms.pays), margin.net.ToString(), margin.cost.ToString(), margin.margin().ToString(),
         ShareText(margin), std::to_string(margin.uncosted)});
  }

  void Guaranteed(const std::string& ordinal, const Guarantee& terms, const GuaranteeSteps& steps) {
    Add({"guarantee", ordinal, terms.amount.ToString(), terms.cumulative ? "CUMULATIVE" : "",
         terms.recoupable ? "RECOUPABLE" : "", Minor(steps.earned), Minor(steps.carry_before), Minor(steps.top_up),
         Minor(steps.recouped), Minor(steps.carry)});
  }

  std::string Fact(const std::string& fact) const {
    return fact.empty() ? "" : StrCat("partners/", statement_.partner, "/", fact);
  }

  void Stacked(const std::string& ordinal, const Stacking& stacking) {
    const bool grouped = !stacking.group.empty();
    Add({"stacked", ordinal, StrCat("stackingPlans/", stacking.plan), stacking.bases.reach.ToString(),
         stacking.bases.base.ToString(), stacking.own.ToString(), stacking.group,
         grouped ? Named(kScopes, stacking.scope) : "", grouped ? std::to_string(stacking.priority) : "",
         stacking.after_group.ToString(), stacking.binding_cap, stacking.factor.ToString(), stacking.exact.ToString()});
    for (const NetOfDeduction& one : stacking.net_of) {
      Add({"net_of", ordinal, StrCat("programs/", one.upstream), Named(kLowers, one.lowers),
           one.amount.ToDecimalString()});
    }
    for (const Loss& one : stacking.losses) {
      Add({"loss", ordinal, Fact(one.unit), StrCat("programs/", one.winner), one.amount.ToString()});
    }
    for (const StackedCap& one : stacking.caps) {
      Add({"shared_cap", ordinal, one.cap.name, TextOf(one.cap.amount), TextOf(one.cap.rate), one.use.limit.ToString(),
           one.use.sum.ToString(), one.use.factor.ToString()});
    }
    for (const LinkedReturn& one : stacking.linked_returns) {
      Add({"linked_return", ordinal, Fact(one.fact), Fact(one.sale)});
    }
  }

  const Statement& statement_;
  const ProgramVersions& programs_;
  const absl::Span<const StatementLine> lines_;
  size_t next_ = 0;
  std::string out_;
};

}  // namespace

std::string ExportCsv(const Statement& statement, const ProgramVersions& programs,
                      absl::Span<const StatementLine> lines) {
  return Writer(statement, programs, lines).Write();
}

}  // namespace tributary::incentive
