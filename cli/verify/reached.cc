#include "cli/verify/reached.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "cli/verify/arithmetic.h"
#include "cli/verify/composite.h"
#include "cli/verify/counted.h"
#include "cli/verify/goods.h"
#include "cli/verify/mixed.h"

namespace tributary::cli {
namespace {

using incentive::v1::Program;
using incentive::v1::StatementEntry;
using incentive::v1::StatementLine;

void WantSame(const std::string& what, const std::string& stated, const std::string& found, ReachedWork* work) {
  if (stated != found) work->differences.push_back(what + ": stated " + stated + ", worked out " + found);
}

// Lines have one number where their facts name one order, customer or site; a return names what it returns. Which line
// of an invoice a credit note returns is not looked at.
void CompareWithFacts(const Program& terms, absl::Span<const StatementLine> lines, const FactLookup& facts,
                      Program::Count::Of of, ReachedWork* work) {
  std::map<std::string, int64_t> numbers;
  std::map<int64_t, std::string> names;
  for (const StatementLine& line : lines) {
    std::optional<Fact> fact = facts(line.fact());
    if (!fact.has_value()) continue;  // which is told elsewhere
    if (!fact->original.empty()) {
      if (terms.basis() == Program::INVOICED) continue;
      std::optional<Fact> original = facts(fact->original);
      if (original.has_value() && original->original.empty()) fact = std::move(original);
    }
    const std::string name = fact->CountedAs(of);
    const int64_t number = line.counted_as();
    const bool same = name.empty() ? number == 0
                                   : number != 0 && numbers.emplace(name, number).first->second == number &&
                                         names.emplace(number, name).first->second == name;
    if (!same) work->differences.push_back(line.fact() + ": counted_as: not as its fact names it");
  }
}

}  // namespace

ReachedWork VerifyCounted(const StatementEntry& entry, absl::Span<const StatementLine> lines, const FactLookup& facts) {
  ReachedWork reached;
  const Program& terms = entry.terms();
  if (!terms.has_count()) reached.differences.push_back("terms.count: stated nothing, worked out what is counted");
  const bool by_product = terms.count().of() == Program::Count::PRODUCT;
  std::vector<verify::CountedLine> counted;
  for (const StatementLine& line : lines) {
    counted.push_back(
        {line.fact(), line.product(), verify::Billionths(line.quantity()).value_or(0), line.counted_as()});
  }
  verify::CountWork work = verify::WorkOutCount(by_product, counted);
  for (std::string& what : work.differences) reached.differences.push_back(std::move(what));
  WantSame("evaluation.count", std::to_string(entry.evaluation().count()), verify::Text(work.count), &reached);
  if (facts && !by_product) CompareWithFacts(terms, lines, facts, terms.count().of(), &reached);
  reached.reached = work.count;
  return reached;
}

ReachedWork VerifyMixed(const StatementEntry& entry, absl::Span<const StatementLine> lines,
                        const verify::Fraction& all) {
  ReachedWork reached;
  if (!entry.terms().has_mix()) reached.differences.push_back("terms.mix: stated nothing, worked out a set");
  const Program::LineFilter& filter = entry.terms().mix().set();
  const bool by_products = filter.product_lines().empty() && filter.except_product_lines().empty();
  const auto has = [](const auto& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  verify::Integer set = 0;
  for (const StatementLine& line : lines) {
    if (by_products) {
      const bool of_set = (filter.products().empty() || has(filter.products(), line.product())) &&
                          !has(filter.except_products(), line.product());
      WantSame(line.fact() + ": counted_as", std::to_string(line.counted_as()), of_set ? "1" : "0", &reached);
    }
    if (line.counted_as() == 1) set += verify::Billionths(line.amount()).value_or(0);
  }
  reached.reached = verify::Whole(set);
  const incentive::v1::MixSteps& stated = entry.evaluation().mix();
  WantSame("evaluation.mix.set_amount", verify::Text(verify::Billionths(stated.set_amount()).value_or(0)),
           verify::Text(set), &reached);
  WantSame("evaluation.mix.exact_share", stated.exact_share(),
           verify::HasShare(all) ? verify::Text(Over(reached.reached, all)) : "", &reached);
  return reached;
}

ReachedWork VerifyComposite(const StatementEntry& entry, const verify::Fraction& amount) {
  ReachedWork reached;
  const Program::Composite& terms = entry.terms().composite();
  const incentive::v1::CompositeSteps& stated = entry.evaluation().composite();
  if (terms.components_size() == 0 || terms.components_size() != stated.components_size()) {
    WantSame("evaluation.composite.components", std::to_string(stated.components_size()),
             std::to_string(terms.components_size()), &reached);
    if (terms.components_size() == 0) reached.differences.push_back("terms.composite: no components");
    return reached;
  }
  std::vector<verify::ScorePart> parts;
  int weights = 0;
  for (int i = 0; i < terms.components_size(); ++i) {
    const Program::Composite::Component& one = terms.components(i);
    const incentive::v1::CompositeSteps::Component& said = stated.components(i);
    verify::ScorePart part{
        verify::Billionths(one.low()).value_or(0), verify::Billionths(one.high()).value_or(0), one.weight(), {}};
    part.figure =
        one.source() == Program::Composite::AMOUNT ? std::optional(amount) : verify::ParseFraction(said.exact_figure());
    WantSame("evaluation.composite of " + one.component() + ": component", said.component(), one.component(), &reached);
    WantSame("evaluation.composite of " + one.component() + ": figure", said.exact_figure(),
             part.figure.has_value() ? verify::Text(*part.figure) : "", &reached);
    weights += one.weight();
    parts.push_back(std::move(part));
  }
  if (weights != 100) reached.differences.push_back("terms.composite: the weights do not sum to 100");
  const verify::ScoreWork work = verify::WorkOutScore(parts);
  for (size_t i = 0; i < work.parts.size(); ++i) {
    const incentive::v1::CompositeSteps::Component& said = stated.components(static_cast<int>(i));
    WantSame("evaluation.composite of " + said.component() + ": exact_low", said.exact_low(),
             verify::Text(work.parts[i].low), &reached);
    WantSame("evaluation.composite of " + said.component() + ": exact_high", said.exact_high(),
             verify::Text(work.parts[i].high), &reached);
  }
  WantSame("evaluation.composite.exact_low", stated.exact_low(), verify::Text(work.total.low), &reached);
  WantSame("evaluation.composite.exact_high", stated.exact_high(), verify::Text(work.total.high), &reached);
  reached.reached = work.total.low;
  return reached;
}

ReachedWork VerifyGoods(const StatementEntry& entry, absl::Span<const StatementLine> lines, const FactLookup& facts) {
  ReachedWork reached;
  const Program& terms = entry.terms();
  const Program::FreeGoods& free_goods = terms.free_goods();
  if (!terms.has_free_goods()) reached.differences.push_back("terms.free_goods: stated nothing, worked out free goods");
  const auto units = [](const google::type::Decimal& stated) { return verify::Billionths(stated).value_or(0); };
  const bool by_order = free_goods.scope() == Program::FreeGoods::ORDER;
  std::vector<verify::GoodsLine> goods;
  for (const StatementLine& line : lines) {
    goods.push_back(
        {line.fact(), units(line.quantity()), verify::Billionths(line.amount()).value_or(0), line.counted_as()});
  }
  verify::GoodsWork work = verify::WorkOutGoods({units(free_goods.paid_units()), units(free_goods.free_units()),
                                                 by_order, free_goods.kind() == Program::FreeGoods::INCLUSIVE},
                                                goods);
  for (std::string& what : work.differences) reached.differences.push_back(std::move(what));
  const incentive::v1::GoodsSteps& stated = entry.evaluation().goods();
  const auto want = [&](const std::string& what, const verify::Integer& said, const verify::Integer& found) {
    WantSame(what, verify::Text(said), verify::Text(found), &reached);
  };
  want("evaluation.goods.paid", units(stated.paid()), work.paid);
  want("evaluation.goods.due", units(stated.due()), work.due);
  want("evaluation.goods.given", units(stated.given()), work.given);
  want("goods", units(entry.goods()), work.due - units(entry.goods_stated_before()));
  if (facts && by_order) CompareWithFacts(terms, lines, facts, Program::Count::ORDER, &reached);
  reached.reached = verify::Whole(work.due);
  return reached;
}

EarnedMargin VerifyMargin(const verify::ScaleTerms& scale, const StatementEntry& entry,
                          absl::Span<const StatementLine> lines) {
  EarnedMargin earned;
  const Program::Margin& terms = entry.terms().margin();
  const auto want = [&](const std::string& what, const std::string& stated, const std::string& found) {
    if (stated != found) earned.differences.push_back(what + ": stated " + stated + ", worked out " + found);
  };
  if (!entry.terms().has_margin()) earned.differences.push_back("terms.margin: stated nothing, worked out a margin");
  std::vector<verify::MarginLine> costed;
  for (const StatementLine& line : lines) {
    verify::MarginLine one{
        verify::Billionths(line.amount()).value_or(0), verify::Billionths(line.quantity()).value_or(0), {}};
    if (line.has_unit_cost()) {
      one.unit_cost = verify::Billionths(line.unit_cost());
      if (!one.unit_cost.has_value()) earned.differences.push_back(line.fact() + ": unit_cost cannot be read");
    }
    costed.push_back(std::move(one));
  }
  earned.work = verify::WorkOutMargin(
      scale, {terms.reaches_by() == Program::Margin::SHARE, terms.pays() == Program::Margin::NET}, costed);
  const incentive::v1::MarginSteps& stated = entry.evaluation().margin();
  want("evaluation.margin.net_amount", verify::Text(verify::Whole(verify::Billionths(stated.net_amount()).value_or(0))),
       verify::Text(earned.work.net));
  want("evaluation.margin.exact_cost", stated.exact_cost(), verify::Text(earned.work.cost));
  want("evaluation.margin.exact_margin", stated.exact_margin(), verify::Text(earned.work.margin));
  want("evaluation.margin.exact_share", stated.exact_share(), earned.work.share);
  want("evaluation.margin.uncosted_lines", std::to_string(stated.uncosted_lines()),
       std::to_string(earned.work.uncosted));
  return earned;
}

}  // namespace tributary::cli
