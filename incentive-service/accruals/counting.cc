#include "incentive-service/accruals/counting.h"

#include "incentive-service/programs/revision.h"

namespace tributary::incentive {
namespace {

// Whether what was told may still move a closed period.
bool InTime(const Told& told, int shard, bool adds, const ClosedPeriod& close) {
  return !IsLate(told, shard, close) || told.recorded_at < (adds ? close.grace_until : close.clawback_until);
}

// Whether a reversal takes the line back. Taking back a return adds to the amount.
bool IsTakenBack(const Program& program, const FactLine& line, const ClosedPeriod* close) {
  return line.reversed.has_value() &&
         (close == nullptr || InTime(*line.reversed, line.shard, line.Amount(program.amount_of).negative(), *close));
}

std::optional<AbsenceReason> WhyTooLate(const Program& program, const FactLine& line, const ClosedPeriod& close) {
  const bool adds = !line.Amount(program.amount_of).negative();
  if (!InTime(line.told(), line.shard, adds, close)) {
    return adds ? AbsenceReason::kLateBeyondGrace : AbsenceReason::kLateBeyondClawback;
  }
  // The line that is returned added to the amount.
  if (line.original.has_value() && !InTime(*line.original, line.shard, true, close)) {
    return AbsenceReason::kReturnsUncountedLine;
  }
  return std::nullopt;
}

}  // namespace

bool IsLate(const Told& told, int shard, const ClosedPeriod& close) {
  return !Covers(close.watermark, shard, told.seq);
}

bool WasLive(const FactLine& line, const Watermark& then) {
  const auto told = [&](const Told& one) {
    return static_cast<size_t>(line.shard) < then.size() && one.seq <= then[line.shard];
  };
  return line.counts() && told(line.told()) && !(line.reversed.has_value() && told(*line.reversed));
}

void LeaveOutToldAfter(const Watermark& then, std::vector<FactLine>* lines) {
  std::erase_if(*lines, [&](const FactLine& line) { return !Covers(then, line.shard, line.seq); });
  for (FactLine& line : *lines) {
    if (line.reversed.has_value() && !Covers(then, line.shard, line.reversed->seq)) line.reversed.reset();
  }
}

ClosedPeriod ClosedPeriodOf(const Program& program, const Period& scale, Watermark watermark,
                            Watermark partner_watermark) {
  const auto until = [&](const std::optional<int>& days) {
    return days.has_value() ? StartOf(program, scale.range.end.AddDays(*days)) : absl::InfiniteFuture();
  };
  return {std::move(watermark), until(GraceDaysOn(program, scale.range.start)),
          until(ClawbackDaysOn(program, scale.range.start)), std::move(partner_watermark)};
}

const ClosedPeriod* Find(const ClosedPeriods& closes, const Program& program, const Period& scale) {
  const auto found = closes.find({program.id, scale.id});
  return found == closes.end() ? nullptr : &found->second;
}

std::optional<AbsenceReason> WhyAbsent(const Program& program, const FactLine& line, const ClosedPeriod* close) {
  if (program.state == ProgramState::kDraft) return AbsenceReason::kProgramNotActive;
  if (line.source != SourceOf(program.basis)) return AbsenceReason::kOtherBasis;
  if (line.kind == FactKind::kReversal) return AbsenceReason::kIsReversal;
  if (line.kind == FactKind::kAdjustment) return AbsenceReason::kIsAdjustment;
  if (IsTakenBack(program, line, close)) return AbsenceReason::kReversed;
  if (const std::optional<AbsenceReason> unfit = WhyNotEligible(program, line); unfit.has_value()) return unfit;
  if (!LinesOn(program, line.BasisDate(program.basis)).Includes(line.product, line.product_line)) {
    return AbsenceReason::kProductNotIncluded;
  }
  if (!program.HasDay(line.BasisDate(program.basis))) return AbsenceReason::kOutsideEffectiveDates;
  if (close != nullptr) {
    if (const std::optional<AbsenceReason> late = WhyTooLate(program, line, *close); late.has_value()) return late;
  }
  if (line.currency.empty()) {
    return program.needs_amounts() ? std::optional(AbsenceReason::kNoAmount) : std::nullopt;
  }
  if (line.currency != program.terms.currency && program.rate_type.empty()) return AbsenceReason::kOtherCurrency;
  return std::nullopt;
}

std::optional<AbsenceReason> WhyNotEligible(const Program& program, const FactLine& line) {
  if (!EligibilityOn(program, line.BasisDate(program.basis)).Includes(line.partner)) {
    return AbsenceReason::kPartnerNotEligible;
  }
  if (!program.reads_standing()) return std::nullopt;
  if (line.standing == nullptr || program.eligibility.WhyUnfit(*line.standing).has_value()) {
    return AbsenceReason::kPartnerNotEligible;
  }
  if (program.eligibility.WhyCustomerUnfit(*line.standing).has_value()) return AbsenceReason::kCustomerNotEligible;
  return std::nullopt;
}

std::string_view CountedAs(const Program& program, const FactLine& line) {
  if (!program.count_of.has_value()) return {};
  switch (*program.count_of) {
    case CountOf::kOrder:
      return OrderOf(line);
    case CountOf::kCustomer:
      return line.parties.customer;
    case CountOf::kProduct:
      return line.product;
    case CountOf::kSite:
      return line.parties.site.empty() ? std::string_view("main") : std::string_view(line.parties.site);
  }
  return {};
}

std::string_view OrderOf(const FactLine& line) {
  return line.parties.order.empty() ? line.document : line.parties.order;
}

GoodsUnits GoodsOf(const Program& program, const FactLine& line) {
  GoodsUnits goods;
  if (!program.terms.free_goods.has_value()) return goods;
  const FreeGoodsTerms& terms = *program.terms.free_goods;
  const bool free = line.net.zero();
  if (free) goods.given = line.quantity;
  if (free && terms.kind == FreeGoodsKind::kExclusive) return goods;
  goods.paid.emplace(terms.scope == FreeGoodsScope::kOrder ? OrderOf(line) : std::string_view(), line.quantity);
  return goods;
}

bool IsOfSet(const Program& program, const FactLine& line) {
  return program.mix_set.has_value() && program.mix_set->Includes(line.product, line.product_line);
}

}  // namespace tributary::incentive
