#include "cli/verify/entry_verifier.h"
#include "cli/verify/matched.h"

namespace tributary::cli {

using incentive::v1::Program;
using incentive::v1::StatementLine;
using verify::Billionths;
using verify::Integer;
using verify::Text;

void EntryVerifier::CheckFact(const StatementLine& line) {
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

bool EntryVerifier::IsMatched(const Fact& fact) const {
  return terms_.return_policy() == Program::MATCH_LATEST && fact.original.empty() && fact.quantity.value_or(0) < 0;
}

std::optional<Fact> EntryVerifier::MatchOf(const StatementLine& line, const Fact& back) {
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

void EntryVerifier::Sale(const StatementLine& line, const Fact& fact) {
  if (entry_.stacked().scope() != incentive::v1::StackingPlan::LINE) return;
  std::string stated;
  for (const auto& one : entry_.stacked().linked_returns()) {
    if (one.fact() == line.fact()) stated = one.sale();
  }
  Want(stated == fact.original, line.fact() + ": sale", stated, fact.original);
}

}  // namespace tributary::cli
