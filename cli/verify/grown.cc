#include "cli/verify/grown.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "cli/verify/arithmetic.h"
#include "cli/verify/growth.h"

namespace tributary::cli {

namespace {
using incentive::v1::GrowthSteps;
using incentive::v1::Program;

// The partner and those whose lines count with its own.
std::set<std::string> CountedTogether(const incentive::v1::StatementEntry& entry, const std::string& partner) {
  const auto& predecessors = entry.evaluation().growth().predecessors();
  std::set<std::string> partners(predecessors.begin(), predecessors.end());
  partners.insert(partner);
  return partners;
}
}  // namespace

GrownWork VerifyGrown(const incentive::v1::StatementEntry& entry, const std::string& partner) {
  const Program::Growth& terms = entry.terms().growth();
  const GrowthSteps& stated = entry.evaluation().growth();
  GrownWork work;
  const auto want = [&](bool holds, const std::string& what, const std::string& said, const std::string& found) {
    if (!holds) work.differences.push_back("growth." + what + ": stated " + said + ", worked out " + found);
  };
  want(entry.terms().has_growth() && entry.evaluation().has_growth(), "reference", "nothing", "terms and steps");
  const size_t named = static_cast<size_t>(stated.predecessors_size()) + 1;
  const size_t different = CountedTogether(entry, partner).size();
  want(different == named, "predecessors", std::to_string(named - 1), std::to_string(different - 1));
  verify::BaselineInput input{.fixed = terms.reference() == Program::Growth::FIXED,
                              .fallback = Program::Growth::Fallback_Name(terms.fallback())};
  std::string active_from;
  for (const Program::Growth::Partner& one : terms.partners()) {
    if (one.partner() != partner) continue;
    if (one.has_baseline()) input.agreed = verify::Billionths(one.baseline());
    if (one.has_active_from()) active_from = verify::Text(one.active_from());
  }
  if (!input.fixed) {
    // Of a fiscal calendar as stated.
    const bool fiscal = !entry.terms().fiscal_calendar().empty();
    const auto reference = verify::PeriodBefore(entry.period(), terms.reference() == Program::Growth::YEAR_BEFORE);
    if (fiscal) {
      input.reference_days = stated.reference_days();
      input.active_days = active_from.empty() ? input.reference_days : stated.active_days();
    } else if (reference.has_value()) {
      input.reference_days = reference->days();
      input.active_days = verify::DaysFrom(*reference, active_from);
    }
    const std::string id = fiscal ? stated.reference_period() : reference.has_value() ? reference->id : "none";
    want(stated.reference_period() == id, "reference_period", stated.reference_period(), id);
    want(stated.reference_days() == input.reference_days, "reference_days", std::to_string(stated.reference_days()),
         std::to_string(input.reference_days));
    want(stated.active_days() == input.active_days, "active_days", std::to_string(stated.active_days()),
         std::to_string(input.active_days));
    input.reference = verify::Billionths(stated.reference_amount()).value_or(0);
  } else {
    want(stated.reference_period().empty(), "reference_period", stated.reference_period(), "none");
  }
  verify::BaselineWork worked = verify::WorkOutBaseline(input);
  const std::string outcome = GrowthSteps::Outcome_Name(stated.outcome());
  want(outcome == worked.outcome, "outcome", outcome, worked.outcome);
  const std::optional<verify::Fraction> baseline = verify::ParseFraction(stated.exact_baseline());
  if (worked.baseline.has_value()) {
    want(baseline.has_value() && Equal(*baseline, *worked.baseline), "exact_baseline", stated.exact_baseline(),
         verify::Text(*worked.baseline));
  } else {
    want(stated.exact_baseline().empty(), "exact_baseline", stated.exact_baseline(), "none");
  }
  work.baseline = std::move(worked.baseline);
  return work;
}

void GrowthReferences::Add(const incentive::v1::StatementEntry& entry, const std::string& partner) {
  if (entry.kind() != incentive::v1::StatementEntry::EARNED || !entry.terms().has_growth()) return;
  const auto amount = verify::ParseFraction(entry.exact_qualifying_amount());
  closed_[{entry.program(), entry.period()}].push_back(
      {CountedTogether(entry, partner), amount.value_or(verify::Fraction())});
}

std::vector<std::string> GrowthReferences::Verify(const incentive::v1::StatementEntry& entry,
                                                  const std::string& partner) const {
  const GrowthSteps& stated = entry.evaluation().growth();
  if (!entry.terms().fiscal_calendar().empty()) {
    // Whether a fiscal period is one of the program's time its own entries alone tell.
    if (!closed_.contains({entry.program(), stated.reference_period()})) return {};
  } else {
    const auto reference = verify::PeriodBefore(stated.reference_period(), false);
    if (!reference.has_value()) return {};
    // Where the one before it ends, it begins.
    const google::type::Date& from = entry.terms().effective_from();
    const std::chrono::sys_days begins(std::chrono::year(from.year()) / from.month() / from.day());
    if (reference->end < begins) return {};
  }
  const std::set<std::string> partners = CountedTogether(entry, partner);
  verify::Fraction found{0, 1};
  if (const auto closed = closed_.find({entry.program(), stated.reference_period()}); closed != closed_.end()) {
    for (const Found& one : closed->second) {
      const auto among = std::count_if(one.partners.begin(), one.partners.end(),
                                       [&](const std::string& name) { return partners.contains(name); });
      if (among == 0) continue;
      if (static_cast<size_t>(among) < one.partners.size()) return {};
      found = verify::Plus(found, one.amount);
    }
  }
  if (Equal(verify::Whole(verify::Billionths(stated.reference_amount()).value_or(0)), found)) return {};
  return {"growth.reference_amount: stated " + stated.reference_amount().value() + ", worked out " +
          verify::Text(found)};
}

}  // namespace tributary::cli
