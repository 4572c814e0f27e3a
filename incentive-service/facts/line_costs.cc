#include "incentive-service/facts/line_costs.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/engine/margin.h"

namespace tributary::incentive {
namespace {

// By partner and fact.
using StatedCosts = std::map<std::pair<std::string, std::string>, Rational>;

bool MayHaveMargin(const Program& program, const FactLine& line) {
  return line.counts() && line.currency == program.terms.currency && program.eligibility.Includes(line.partner) &&
         program.lines.Includes(line.product, line.product_line);
}

// The sale that a linked return takes back, else the line itself.
std::string_view SaleOf(const FactLine& line) {
  return line.kind == FactKind::kReturn ? std::string_view(line.refers) : std::string_view(line.fact);
}

// What statements of the program have said of lines of these days; of one partner where all lines are his.
absl::StatusOr<StatedCosts> ReadStated(mysql::Transaction& sql, const Program& program,
                                       const std::vector<FactLine*>& lines) {
  StatedCosts stated;
  if (program.id.empty()) return stated;  // it is tried, not stored
  DateRange days{lines[0]->BasisDate(program.basis), lines[0]->BasisDate(program.basis)};
  bool of_one = true;
  for (const FactLine* line : lines) {
    days.start = std::min(days.start, line->BasisDate(program.basis));
    days.end = std::max(days.end, line->BasisDate(program.basis));
    of_one = of_one && line->partner == lines[0]->partner;
  }
  mysql::Values values = {program.id, days.end, days.start};
  if (of_one) values.push_back(lines[0]->partner);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT l.partner, l.fact, c.unit_cost FROM statement_entry e JOIN statement_line_cost c ON "
                       "c.partner = e.partner AND c.number = e.number AND c.entry = e.ordinal JOIN statement_line l ON "
                       "l.partner = c.partner AND l.number = c.number AND l.entry = c.entry AND l.ordinal = c.ordinal "
                       "WHERE e.program = ? AND e.period_start <= ? AND e.counted_until > ?",
                       of_one ? " AND e.partner = ?" : ""),
                values));
  for (const mysql::Row& row : rows) {
    ASSIGN_OR_RETURN(Rational cost, Rational::ParseDecimal(row.Text(2)));
    stated.emplace(std::pair(row.Text(0), row.Text(1)), std::move(cost));
  }
  return stated;
}

// Whether a statement said what the line costs, or the sale that it takes back.
bool TakeStated(const StatedCosts& stated, FactLine* line) {
  for (const std::string_view fact : {std::string_view(line->fact), SaleOf(*line)}) {
    const auto found = stated.find({line->partner, std::string(fact)});
    if (found == stated.end()) continue;
    line->unit_cost = found->second;
    return true;
  }
  return false;
}

}  // namespace

absl::Status LineCosts::Add(mysql::Transaction& sql, const Program& program, std::vector<FactLine>* lines) const {
  if (!program.terms.margin.has_value()) return absl::OkStatus();
  std::vector<FactLine*> open;
  for (FactLine& line : *lines) {
    if (MayHaveMargin(program, line)) open.push_back(&line);
  }
  if (open.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const StatedCosts stated, ReadStated(sql, program, open));
  std::erase_if(open, [&](FactLine* line) { return TakeStated(stated, line); });
  return program.terms.margin->of == MarginOf::kVendor ? AddStandard(sql, program, open) : AddOfLayers(sql, open);
}

absl::Status LineCosts::AddStandard(mysql::Transaction& sql, const Program& program,
                                    const std::vector<FactLine*>& lines) const {
  std::set<std::string> products;
  for (const FactLine* line : lines) products.insert(line->product);
  ASSIGN_OR_RETURN(const StandardCosts costs, standard_costs_.Read(sql, products));
  for (FactLine* line : lines) {
    const Money* cost = costs.On(line->product, line->BasisDate(program.basis));
    if (cost != nullptr && cost->currency == line->currency) line->unit_cost = Rational(cost->amount);
  }
  return absl::OkStatus();
}

absl::Status LineCosts::AddOfLayers(mysql::Transaction& sql, const std::vector<FactLine*>& lines) const {
  std::map<std::pair<std::string, std::string>, std::vector<FactLine*>> of_stock;  // by partner and product
  for (FactLine* line : lines) of_stock[{line->partner, line->product}].push_back(line);
  Books of_parts;
  for (const auto& [stock, own] : of_stock) {
    ASSIGN_OR_RETURN(const StockBook book, stock_.Read(sql, stock.first, stock.second));
    std::vector<FactLine*> of_kits;
    std::set<std::string> sales;
    for (FactLine* line : own) {
      const std::vector<ConsumedUnits> consumed = ConsumedBy(book.history, SaleOf(*line));
      line->unit_cost = LayerUnitCost(line->currency, consumed);
      if (!consumed.empty()) continue;
      of_kits.push_back(line);
      sales.insert(std::string(SaleOf(*line)));
    }
    ASSIGN_OR_RETURN(const ChannelFactStore::SoldParts sold, channel_facts_.PartsOf(sql, stock.first, sales));
    for (FactLine* line : of_kits) {
      ASSIGN_OR_RETURN(line->unit_cost, CostOfKit(sql, *line, book, sold, &of_parts));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Rational>> LineCosts::CostOfKit(mysql::Transaction& sql, const FactLine& line,
                                                             const StockBook& kits,
                                                             const ChannelFactStore::SoldParts& sold,
                                                             Books* books) const {
  const auto sale = std::find_if(kits.sales.begin(), kits.sales.end(),
                                 [&](const CustomerSale& one) { return one.fact == SaleOf(line); });
  if (sale == kits.sales.end()) return std::nullopt;
  std::vector<ConsumedUnits> consumed;
  const auto parts = sold.find(sale->fact);
  if (parts == sold.end()) return LayerUnitCost(line.currency, consumed, sale->quantity);
  for (const ChannelFactStore::SoldPart& part : parts->second) {
    const auto [book, fresh] = books->try_emplace({line.partner, part.product});
    if (fresh) {
      ASSIGN_OR_RETURN(book->second, stock_.Read(sql, line.partner, part.product));
    }
    for (ConsumedUnits& units : ConsumedBy(book->second.history, part.fact)) consumed.push_back(std::move(units));
  }
  return LayerUnitCost(line.currency, consumed, sale->quantity);
}

}  // namespace tributary::incentive
