#include "cli/verify/guarantee.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "cli/verify/arithmetic.h"

namespace tributary::cli {
namespace {

using incentive::v1::StatementEntry;
using verify::Billionths;
using verify::Integer;
using verify::Text;

// The steps of one period, in billionths.
struct Steps {
  Integer top_up = 0, recouped = 0, carry = 0;
};

// `advanced`: top-ups that nothing has paid back yet; moves on.
Steps StepsOf(const incentive::v1::Program::Guarantee& terms, const Integer& earned, const Integer& carry_before,
              Integer* advanced) {
  const Integer amount = Billionths(terms.amount()).value_or(0);
  const Integer reached = carry_before + earned;
  Steps steps;
  if (reached < amount) {
    steps.top_up = amount - reached;
  } else {
    Integer beyond = reached - amount;
    if (terms.recoupable()) {
      steps.recouped = std::min(beyond, *advanced);
      beyond -= steps.recouped;
    }
    if (terms.cumulative()) steps.carry = beyond;
  }
  *advanced += steps.top_up - steps.recouped;
  return steps;
}

class Findings {
 public:
  void Want(const google::type::Money& stated, const Integer& found, const std::string& what) {
    const std::optional<Integer> amount = Billionths(stated);
    if (amount == found) return;
    words_.push_back(what + ": stated " + (amount.has_value() ? Text(*amount) : "no amount") + ", worked out " +
                     Text(found));
  }
  void Want(bool holds, const std::string& words) {
    if (!holds) words_.push_back(words);
  }
  std::vector<std::string> Take() && { return std::move(words_); }

 private:
  std::vector<std::string> words_;
};

Integer In(const google::type::Money& money) { return Billionths(money).value_or(0); }

}  // namespace

std::vector<std::string> VerifyGuarantee(const StatementEntry& entry) {
  Findings findings;
  findings.Want(entry.terms().has_guarantee(), "terms.guarantee: none, for an entry of a guarantee");
  findings.Want(entry.line_count() == 0 && !entry.has_evaluation(), "a guarantee has neither lines nor an evaluation");
  const incentive::v1::GuaranteeSteps& stated = entry.guarantee();
  // What was advanced before is told by the chain: here it is at least what is recouped.
  Integer advanced = In(stated.recouped());
  const Steps steps = StepsOf(entry.terms().guarantee(), In(stated.earned()), In(stated.carry_before()), &advanced);
  findings.Want(stated.top_up(), steps.top_up, "guarantee.top_up");
  findings.Want(stated.recouped(), steps.recouped, "guarantee.recouped");
  findings.Want(stated.carry(), steps.carry, "guarantee.carry");
  Integer value = steps.top_up - steps.recouped;
  const Integer before = In(entry.stated_before());
  if (!entry.terms().guarantee().recoupable()) value = std::max(value, before);
  findings.Want(stated.value(), value, "guarantee.value");
  findings.Want(entry.amount(), value - before, "amount");
  const std::string& currency = entry.terms().currency();
  for (const google::type::Money* money : {&stated.earned(), &stated.carry_before(), &stated.top_up(),
                                           &stated.recouped(), &stated.carry(), &stated.value(), &entry.amount()}) {
    findings.Want(money->currency_code() == currency,
                  "guarantee: an amount in " + money->currency_code() + ", not in " + currency);
  }
  return std::move(findings).Take();
}

std::vector<std::string> GuaranteeChain::Take(const StatementEntry& entry) {
  std::map<std::string, Integer>& periods = earned_[entry.program()];
  const std::string start = Text(entry.period_start());
  Integer& own = periods[start];
  if (entry.kind() != StatementEntry::GUARANTEE) {
    own += In(entry.amount());
    return {};
  }
  Findings findings;
  Integer carry = 0, advanced = 0;
  for (const auto& [day, earned] : periods) {
    const Integer carry_before = carry;
    const Steps steps = StepsOf(entry.terms().guarantee(), earned, carry_before, &advanced);
    carry = steps.carry;
    if (day != start) continue;
    const incentive::v1::GuaranteeSteps& stated = entry.guarantee();
    findings.Want(stated.earned(), earned, "guarantee.earned");
    findings.Want(stated.carry_before(), carry_before, "guarantee.carry_before");
    findings.Want(stated.recouped(), steps.recouped, "guarantee.recouped");
    break;
  }
  return std::move(findings).Take();
}

}  // namespace tributary::cli
