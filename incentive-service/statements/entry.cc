#include "incentive-service/statements/entry.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/types/span.h"
#include "common/status/status.h"
#include "incentive-service/accruals/earners.h"
#include "incentive-service/engine/shares.h"

namespace tributary::incentive {
namespace {

// Numbers what the lines of an entry count as, or their orders that bring free goods, in their order; marks those of a
// mix's set; tells the days to pay.
void NumberCounted(const Program& program, absl::Span<const FactLine> lines, std::vector<StatementLine>* stated) {
  std::map<std::string_view, int64_t> numbers;
  for (size_t i = 0; i < lines.size(); ++i) {
    if (IsOfSet(program, lines[i])) (*stated)[i].counted_as = 1;
    if (program.basis == Basis::kPaid) (*stated)[i].counted_as = lines[i].days_to_pay();
    const std::string_view of = program.gives_by_order() ? OrderOf(lines[i]) : CountedAs(program, lines[i]);
    if (of.empty()) continue;
    const auto next = static_cast<int64_t>(numbers.size()) + 1;
    (*stated)[i].counted_as = numbers.emplace(of, next).first->second;
  }
}

// Of lines that count, sorted by their keys.
absl::StatusOr<StatementEntry> MakeEntry(const Program& program, absl::Span<const FactLine> lines,
                                         const ClosedPeriod* close, const Rates& rates, int64_t stated,
                                         std::optional<Baseline> baseline, Decimal stated_goods, ScoreFigures figures,
                                         Carried carried) {
  StatementEntry entry{
      .program = program.id, .program_version = program.version, .stated_before = stated + carried.paid_before()};
  entry.pricing = PriceOf(SumsOf(program, lines, close), rates);
  entry.pricing.baseline = std::move(baseline);
  entry.pricing.figures = std::move(figures);
  entry.pricing.carried = std::move(carried);
  if (program.rolls_up) entry.pricing.members = VolumesOf(program, lines);
  if (const auto& terms = program.terms.free_goods; terms.has_value()) {
    entry.goods = StatedUnits{WorkOutGoods(*terms, entry.pricing.goods), stated_goods};
  }
  ASSIGN_OR_RETURN(const Valuation valuation, ValueOf(program.terms, entry.pricing));
  entry.value = valuation.minor;
  entry.lines.reserve(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) entry.lines.push_back(LineOf(program, lines[i], i + 1, 0));
  NumberCounted(program, lines, &entry.lines);
  ShareValue(program, rates, &entry);
  return entry;
}

// Partners that a close speaks of though they have no line: those of whom something was stated, those that brought
// something along, and those that a target names which charges who misses it.
std::set<std::string> NamedWithoutLines(const Program& program, const StatedAmounts& stated,
                                        const CarriedInto& carried) {
  std::set<std::string> partners;
  for (const auto& [partner, amount] : stated) partners.insert(partner);
  for (const auto& [partner, own] : carried) {
    if (own.opening.has_value()) partners.insert(partner);
  }
  if (!program.charges_by_name()) return partners;
  for (const std::string& partner : program.eligibility.partners) {
    if (program.eligibility.Includes(partner)) partners.insert(partner);
  }
  return partners;
}

// In the order in which statements have them.
bool ComesBefore(const Program& program, const FactLine& a, const FactLine& b) {
  if (a.partner == b.partner) {
    const auto order = a.Key(program.basis) <=> b.Key(program.basis);
    return order != 0 ? order < 0 : a.matched < b.matched;
  }
  const Date a_date = a.BasisDate(program.basis), b_date = b.BasisDate(program.basis);
  const auto a_key = std::tie(a_date, a.document, a.line);
  const auto b_key = std::tie(b_date, b.document, b.line);
  return a_key != b_key ? a_key < b_key : a.name() < b.name();
}

void SortByKey(const Program& program, std::vector<FactLine>* lines) {
  std::sort(lines->begin(), lines->end(),
            [&](const FactLine& a, const FactLine& b) { return ComesBefore(program, a, b); });
}

// The same of each earner, one after the other.
void SortByEarner(const Program& program, std::vector<FactLine>* lines) {
  std::sort(lines->begin(), lines->end(), [&](const FactLine& a, const FactLine& b) {
    const int order = a.earned_by().compare(b.earned_by());
    return order != 0 ? order < 0 : ComesBefore(program, a, b);
  });
}

// What is known of a period beside its lines.
struct PeriodKnown {
  const Rates& rates;
  const StatedAmounts& stated;
  const Baselines& baselines;
  const StatedGoods& goods;
  const ScoreFacts& scores;
  const CarriedInto& carried;
};

// An entry for each partner with a line that counts and for each that is named without one, by partner. `lines`: those
// that count, in any order.
absl::StatusOr<std::vector<PartnerEntry>> EntriesOf(const Program& program, const Period& scale,
                                                    const ClosedPeriod* close, std::vector<FactLine> lines,
                                                    const PeriodKnown& known) {
  SortByEarner(program, &lines);
  std::vector<PartnerEntry> entries;
  const auto add = [&](const std::string& partner, absl::Span<const FactLine> own) -> absl::Status {
    const auto before = known.stated.find(partner);
    const int64_t stated_before = before == known.stated.end() ? 0 : before->second;
    const auto goods = known.goods.find(partner);
    const auto carried = known.carried.find(partner);
    ASSIGN_OR_RETURN(StatementEntry entry,
                     MakeEntry(program, own, close, known.rates, stated_before, known.baselines.Of(partner),
                               goods == known.goods.end() ? Decimal() : goods->second,
                               known.scores.Of(program.terms, scale.range, partner),
                               carried == known.carried.end() ? Carried() : carried->second));
    entry.scale = scale;
    entries.push_back({partner, std::move(entry)});
    return absl::OkStatus();
  };
  const std::set<std::string> without_lines = NamedWithoutLines(program, known.stated, known.carried);
  auto named = without_lines.begin();
  for (auto first = lines.begin(); first != lines.end() || named != without_lines.end();) {
    if (first == lines.end() || (named != without_lines.end() && *named < first->earned_by())) {
      RETURN_IF_ERROR(add(*named, {}));
      ++named;
      continue;
    }
    const auto last =
        std::find_if(first, lines.end(), [&](const FactLine& line) { return line.earned_by() != first->earned_by(); });
    if (named != without_lines.end() && *named == first->earned_by()) ++named;
    RETURN_IF_ERROR(add(first->earned_by(), absl::MakeConstSpan(&*first, last - first)));
    first = last;
  }
  return entries;
}

bool IsTakenOver(const std::optional<Baseline>& baseline) {
  return baseline.has_value() && baseline->outcome == GrowthOutcome::kTakenOver;
}

}  // namespace

StatementLine LineOf(const Program& program, const FactLine& line, size_t ordinal, int64_t share) {
  return {.ordinal = static_cast<int64_t>(ordinal),
          .fact = line.fact,
          .basis_date = line.BasisDate(program.basis),
          .product = line.product,
          .quantity = line.quantity,
          .amount = line.Amount(program.amount_of),
          .currency = line.currency.empty() ? program.terms.currency : line.currency,
          .share = share,
          .of_partner = line.earner.empty() ? std::string() : line.partner,
          .unit_cost = line.unit_cost,
          .matched = line.matched};
}

Rational WeightOf(const Program& program, const StatementLine& line, const Rates& rates) {
  if (const auto& terms = program.terms.margin; terms.has_value()) {
    const MarginSums margin = MarginOfLine(line.amount, line.quantity, line.unit_cost);
    return terms->pays == MarginPays::kNet ? Rational(margin.net) : margin.margin();
  }
  if (program.terms.scale.shape == Shape::kPerUnit) return Rational(line.quantity);
  if (program.basis == Basis::kPaid) {
    return Rational(line.amount) * Rational(RateOfDays(program.terms, static_cast<int>(line.counted_as)));
  }
  if (line.currency == program.terms.currency) return Rational(line.amount);
  const auto rate = rates.find({line.currency, line.basis_date});
  return rate == rates.end() ? Rational() : Rational(line.amount) * rate->second;
}

void ShareValue(const Program& program, const Rates& rates, StatementEntry* entry) {
  std::vector<StatementLine>& lines = entry->lines;
  // Most statements have lines of one currency alone, whose amounts need no fractions.
  const bool plain = program.terms.scale.shape != Shape::kPerUnit && program.basis != Basis::kPaid &&
                     !program.terms.margin.has_value() &&
                     std::all_of(lines.begin(), lines.end(),
                                 [&](const StatementLine& line) { return line.currency == program.terms.currency; });
  std::vector<int64_t> shares;
  // What was brought along has its part, behind the lines.
  const std::optional<OpeningVolume>& opening = entry->pricing.carried.opening;
  if (plain) {
    std::vector<Decimal> amounts;
    amounts.reserve(lines.size() + 1);
    for (const StatementLine& line : lines) amounts.push_back(line.amount);
    if (opening.has_value()) amounts.push_back(opening->amount);
    shares = ShareOut(entry->value, amounts);
  } else {
    std::vector<Rational> weights;
    weights.reserve(lines.size() + 1);
    for (const StatementLine& line : lines) weights.push_back(WeightOf(program, line, rates));
    const bool by_units = program.terms.scale.shape == Shape::kPerUnit;
    if (opening.has_value()) weights.emplace_back(by_units ? opening->quantity : opening->amount);
    shares = ShareOut(entry->value, weights);
  }
  for (size_t i = 0; i < lines.size(); ++i) lines[i].share = shares[i];
}

void StatedPeriod::Add(PartnerEntry entry) {
  total += entry.entry.amount();
  lines += entry.entry.pricing.lines;
  unpriced_lines += entry.entry.pricing.unpriced_lines;
  entries.push_back(std::move(entry));
}

absl::StatusOr<StatedPeriod> StatePeriod(const Program& program, const Period& payout, std::vector<FactLine> lines,
                                         const Rates& rates, const StatedAmounts& stated, const Baselines& baselines,
                                         const StatedGoods& stated_goods, const ScoreFacts& scores,
                                         const CarriedInto& carried) {
  StatedPeriod result;
  std::erase_if(lines, [&](const FactLine& line) {
    const std::optional<AbsenceReason> absent = WhyAbsent(program, line, nullptr);
    const bool within = payout.range.Contains(line.BasisDate(program.basis));
    if (absent == AbsenceReason::kOtherCurrency && within) ++result.other_currency_lines;
    return absent.has_value();
  });
  ASSIGN_OR_RETURN(std::vector<PartnerEntry> entries,
                   EntriesOf(program, PeriodOf(program.period, payout.range.start), nullptr, std::move(lines),
                             {rates, stated, baselines, stated_goods, scores, carried}));
  for (PartnerEntry& one : entries) {
    StatementEntry& entry = one.entry;
    const bool active = std::any_of(entry.lines.begin(), entry.lines.end(),
                                    [&](const StatementLine& line) { return payout.range.Contains(line.basis_date); });
    if (!active && entry.says_nothing()) continue;
    entry.counted_until = payout.range.end;
    entry.close_period = payout.id;
    result.Add(std::move(one));
  }
  return result;
}

absl::StatusOr<StatementEntry> StateTrueUp(const Program& program, const Period& scale, const ClosedPeriod& close,
                                           const std::string& close_period, std::vector<FactLine> lines,
                                           const Rates& rates, int64_t stated, const std::optional<Baseline>& baseline,
                                           Decimal stated_goods, const ScoreFigures& figures, const Carried& carried) {
  std::erase_if(lines, [&](const FactLine& line) { return WhyAbsent(program, line, &close).has_value(); });
  SortByKey(program, &lines);
  ASSIGN_OR_RETURN(StatementEntry entry,
                   MakeEntry(program, lines, &close, rates, stated, baseline, stated_goods, figures, carried));
  entry.kind = StatementEntryKind::kTrueUp;
  entry.scale = scale;
  entry.counted_until = scale.range.end;
  entry.close_period = close_period;
  return entry;
}

absl::StatusOr<StatedPeriod> StateClosed(const Program& program, const Period& scale, const ClosedPeriod& close,
                                         const std::string& close_period, std::vector<FactLine> lines,
                                         const Rates& rates, const StatedAmounts& stated, const Baselines& baselines,
                                         const ScoreFacts& scores) {
  std::erase_if(lines, [&](const FactLine& line) { return WhyAbsent(program, line, &close).has_value(); });
  const StatedGoods no_goods;  // who gives goods, or carries, is trued up partner by partner
  const CarriedInto nothing;
  ASSIGN_OR_RETURN(std::vector<PartnerEntry> entries, EntriesOf(program, scale, &close, std::move(lines),
                                                                {rates, stated, baselines, no_goods, scores, nothing}));
  StatedPeriod result;
  for (PartnerEntry& one : entries) {
    one.entry.kind = StatementEntryKind::kTrueUp;
    one.entry.counted_until = scale.range.end;
    one.entry.close_period = close_period;
    result.Add(std::move(one));
  }
  return result;
}

absl::StatusOr<std::vector<JudgedLine>> JudgeLines(const Program& program, const ClosedPeriod* close,
                                                   std::vector<FactLine> lines, const Rates& rates,
                                                   const std::optional<Baseline>& baseline, const ScoreFigures& figures,
                                                   std::string_view partner, const Carried& carried) {
  SortByKey(program, &lines);
  std::vector<FactLine> counted;
  std::vector<JudgedLine> judged;
  judged.reserve(lines.size());
  for (const FactLine& line : lines) {
    std::optional<AbsenceReason> absent = WhyAbsent(program, line, close);
    if (!absent.has_value() && IsTakenOver(baseline)) absent = AbsenceReason::kCountsWithSuccessor;
    if (!absent.has_value() && program.rolls_up && !partner.empty() && line.earned_by() != partner) {
      absent = AbsenceReason::kCountsWithGroup;
    }
    if (!absent.has_value()) counted.push_back(line);
    const bool waits = !absent.has_value() && !line.currency.empty() && line.currency != program.terms.currency &&
                       !rates.contains({line.currency, line.BasisDate(program.basis)});
    if (waits) absent = AbsenceReason::kUnpriced;
    const bool costless = program.terms.margin.has_value() && !line.unit_cost.has_value();
    if (!absent.has_value() && costless) absent = AbsenceReason::kNoCost;
    judged.push_back({LineOf(program, line, judged.size() + 1, 0), absent});
  }
  ASSIGN_OR_RETURN(const StatementEntry entry,
                   MakeEntry(program, counted, close, rates, 0, baseline, {}, figures, carried));
  size_t next = 0;
  for (JudgedLine& line : judged) {
    if (next >= entry.lines.size() || entry.lines[next].fact != line.line.fact ||
        entry.lines[next].of_partner != line.line.of_partner || entry.lines[next].matched != line.line.matched) {
      continue;
    }
    line.line.share = entry.lines[next].share;
    line.line.counted_as = entry.lines[next++].counted_as;
  }
  return judged;
}

absl::StatusOr<std::vector<TrueUp>> TrueUpsOf(const Program& program, const ClosedPeriod& close,
                                              std::vector<FactLine> lines, const Rates& rates,
                                              const std::optional<Baseline>& baseline, const ScoreFigures& figures,
                                              const Carried& carried) {
  // Each line enters, and perhaps leaves again by its reversal. What lies behind the watermark makes the value of the
  // close; the rest moves it in the order in which it was told.
  struct Step {
    Told told;
    const FactLine* line;
    AccrualSums sums;
    int sign;
  };
  if (IsTakenOver(baseline)) return std::vector<TrueUp>();
  AccrualSums sums;
  std::vector<Step> late;
  const auto is_late = [&](const FactLine& line, const Told& told) { return IsLate(told, line.shard, close); };
  // A return came into the period with the later of itself and its sale.
  const auto entered_at = [](const FactLine& line) {
    return line.original.has_value() && line.original->seq > line.seq ? *line.original : line.told();
  };
  for (const FactLine& line : lines) {
    FactLine entered = line;
    entered.reversed.reset();
    const AccrualSums own = SumsOf(program, entered, &close);
    if (is_late(line, entered_at(line))) {
      late.push_back({entered_at(line), &line, own, 1});
    } else {
      sums.Add(own);
    }
    if (!line.reversed.has_value()) continue;
    const bool counts_still = SumsOf(program, line, &close) == own;
    if (is_late(line, *line.reversed)) {
      late.push_back({*line.reversed, &line, counts_still ? AccrualSums() : own, -1});
    } else {
      sums.Add(own, -1);
    }
  }
  // Lines of one partner are told in the order of its shard; those of several have no other order than the time. One
  // event may tell several steps; a line enters before it leaves.
  const bool one_shard =
      std::all_of(late.begin(), late.end(), [&](const Step& step) { return step.line->shard == late[0].line->shard; });
  const auto place = [&](const Step& step) {
    return std::tuple(one_shard ? absl::Time() : step.told.recorded_at, step.line->shard, step.told.seq,
                      std::string_view(step.line->fact), -step.sign);
  };
  std::sort(late.begin(), late.end(), [&](const Step& a, const Step& b) { return place(a) < place(b); });
  const auto value = [&] {
    Pricing pricing = PriceOf(sums, rates);
    pricing.baseline = baseline;
    pricing.figures = figures;
    pricing.carried = carried;
    return ValueOf(program.terms, pricing);
  };
  ASSIGN_OR_RETURN(Valuation valuation, value());
  std::vector<TrueUp> true_ups;
  for (const Step& step : late) {
    sums.Add(step.sums, step.sign);
    const int64_t before = valuation.minor;
    ASSIGN_OR_RETURN(valuation, value());
    true_ups.push_back({step.line->name(), step.told.recorded_at, valuation.minor - before, valuation.minor});
  }
  return true_ups;
}

}  // namespace tributary::incentive
