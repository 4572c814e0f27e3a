#include "cli/verify/opened.h"

#include "cli/verify/arithmetic.h"

namespace tributary::cli {

using incentive::v1::Program;

OpenedWork VerifyOpening(const incentive::v1::StatementEntry& entry, const Program& terms, std::string_view partner) {
  OpenedWork work;
  if (!entry.evaluation().has_opening()) return work;
  const incentive::v1::OpeningSteps& steps = entry.evaluation().opening();
  const auto differ = [&](const std::string& what) { work.differences.push_back("evaluation.opening" + what); };
  const std::string balances = std::string(partner) + "/openingBalances/";
  if (!steps.opening_balance().starts_with(balances)) {
    differ(".opening_balance: stated " + steps.opening_balance() + ", want one of " + std::string(partner));
  }
  if (steps.document().empty()) differ(".document: nothing, want what it rests on");
  const bool plain = terms.measure() == Program::MEASURE_UNSPECIFIED || terms.measure() == Program::AMOUNT ||
                     terms.measure() == Program::QUANTITY;
  if (!plain || terms.carry_negative() || terms.group() == Program::ROLL_UP || terms.has_budget() ||
      entry.has_stacked()) {
    differ(": stated of a program that is worth more than what a partner's lines of the period come to");
  }
  work.sums = {verify::Billionths(steps.amount()).value_or(0), verify::Billionths(steps.quantity()).value_or(0)};
  const verify::Integer paid = verify::Billionths(steps.paid()).value_or(-1);
  if (work.sums.amount < 0 || work.sums.quantity < 0 || paid < 0) differ(": stated less than 0");
  if (steps.paid().currency_code() != terms.currency()) {
    differ(".paid: stated " + steps.paid().currency_code() + ", want " + terms.currency());
  }
  work.weights.push_back({terms.shape() == Program::PER_UNIT ? work.sums.quantity : work.sums.amount, 1});
  return work;
}

std::vector<std::string> CompareOpening(const incentive::v1::StatementEntry& entry,
                                        const incentive::v1::OpeningBalance& balance) {
  std::vector<std::string> differences;
  const incentive::v1::OpeningSteps& steps = entry.evaluation().opening();
  const auto want = [&](bool holds, const std::string& what) {
    if (!holds) differences.push_back("evaluation.opening: " + what + " is not that of " + steps.opening_balance());
  };
  want(balance.state() == incentive::v1::OpeningBalance::RECORDED, "a recorded state");
  want(balance.document() == steps.document(), "document");
  for (const incentive::v1::OpeningBalance::Volume& volume : balance.volumes()) {
    if (volume.program() != entry.program() || volume.period() != entry.period()) continue;
    want(verify::Billionths(volume.amount()) == verify::Billionths(steps.amount()), "amount");
    want(verify::Billionths(volume.quantity()) == verify::Billionths(steps.quantity()), "quantity");
    want(verify::Billionths(volume.paid()) == verify::Billionths(steps.paid()), "paid");
    return differences;
  }
  want(false, "a volume of the period");
  return differences;
}

}  // namespace tributary::cli
