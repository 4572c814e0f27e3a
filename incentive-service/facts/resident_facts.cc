#include "incentive-service/facts/resident_facts.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "common/text/text.h"
#include "incentive-service/accruals/counting.h"

namespace tributary::incentive {

bool ResidentFacts::IsOpen(const FactLine& line) {
  return line.kind == FactKind::kReturn && (!line.original.has_value() || line.credits_invoice());
}

ResidentFacts::Line ResidentFacts::LineOf(const FactLine& line) {
  // Names are resource names, so none holds the separator.
  const uint32_t code = codes_.CodeOf(
      StrCat(static_cast<int>(line.source), "\n", line.product, "\n", line.product_line, "\n", line.currency));
  if (code == whats_.size()) whats_.push_back({line.source, line.product, line.product_line, line.currency});
  return {line.net, line.quantity, code, 1, line.order_basis, line.ship_basis};
}

void ResidentFacts::Add(const Line& line, Partner* partner) {
  for (const Date date : {line.order_basis, line.ship_basis}) {
    if (first_day_ == end_day_) first_day_ = end_day_ = date.days();
    first_day_ = std::min(first_day_, date.days());
    end_day_ = std::max(end_day_, date.days() + 1);
  }
  partner->lines.push_back(line);
  ++size_;
}

void ResidentFacts::Enter(const FactLine& fact) {
  if (!fact.live() || fact.source == FactSource::kPayment) return;
  Partner& partner = partners_[fact.partner];
  const Line line = LineOf(fact);
  Add(line, &partner);
  if (IsOpen(fact)) partner.open[fact.refers].insert_or_assign(fact.fact, line);
}

void ResidentFacts::Load(absl::Span<const FactLine> lines) {
  for (const FactLine& line : lines) Enter(line);
}

ResidentFacts::Names ResidentFacts::MovedBy(absl::Span<const FactLine> told) const {
  Names names;
  for (const FactLine& line : told) {
    if (line.kind == FactKind::kReversal) names.emplace(line.partner, line.refers);
    const auto partner = partners_.find(line.partner);
    if (partner == partners_.end()) continue;
    for (const std::string_view target : {std::string_view(line.fact), InvoiceOf(line.fact)}) {
      const auto open = partner->second.open.find(std::string(target));
      if (target.empty() || open == partner->second.open.end()) continue;
      for (const auto& [fact, as_counted] : open->second) names.emplace(line.partner, fact);
    }
  }
  return names;
}

void ResidentFacts::Follow(absl::Span<const FactLine> told, absl::Span<const FactLine> moved, const Watermark& before) {
  Names fresh;
  for (const FactLine& line : told) {
    fresh.emplace(line.partner, line.fact);
    Enter(line);
  }
  for (const FactLine& fact : moved) {
    if (fact.source == FactSource::kPayment || fresh.contains({fact.partner, fact.fact})) continue;
    Partner& partner = partners_[fact.partner];
    std::optional<Line> counted;
    const auto open = partner.open.find(fact.refers);
    if (open != partner.open.end() && open->second.contains(fact.fact)) {
      counted = open->second.extract(fact.fact).mapped();
      if (open->second.empty()) partner.open.erase(open);
    } else {
      // What is not open has had its days from the beginning; only a reversal can have moved it.
      FactLine then = fact;
      if (then.reversed.has_value() && WasLive(then, before)) then.reversed.reset();
      if (then.live()) counted = LineOf(then);
    }
    if (counted.has_value()) {
      Add({-counted->net, -counted->quantity, counted->what, -counted->lines, counted->order_basis,
           counted->ship_basis},
          &partner);
    }
    Enter(fact);
  }
}

void ResidentFacts::Trim() {
  for (auto& [id, partner] : partners_) partner.lines.shrink_to_fit();
}

// One program's way over the lines, partner by partner.
class ResidentFacts::Scan {
 public:
  Scan(const ResidentFacts& facts, const Program& program) : by_order_date_(program.basis == Basis::kOrder) {
    SelectCodes(facts, program);
    CutDays(facts, program);
    cells_.resize(days_.size() * currencies_.size());
  }

  void Take(const std::string& partner, absl::Span<const Line> lines, std::vector<FactTotal>* totals) {
    touched_.clear();
    for (const Line& line : lines) {
      const int32_t currency = currency_of_[line.what];
      if (currency < 0) continue;
      const int64_t day = int64_t{(by_order_date_ ? line.order_basis : line.ship_basis).days()} - first_day_;
      if (day < 0 || day >= static_cast<int64_t>(slot_of_.size())) continue;
      const size_t cell = slot_of_[day] * currencies_.size() + currency;
      Cell& sum = cells_[cell];
      if (!sum.touched) touched_.push_back(cell);
      sum.touched = true;
      sum.net += line.net;
      sum.quantity += line.quantity;
      sum.lines += line.lines;
    }
    std::sort(touched_.begin(), touched_.end());
    for (const size_t cell : touched_) {
      const Cell sum = std::exchange(cells_[cell], Cell());
      if (sum.lines == 0) continue;  // all that was there has been taken back
      totals->push_back({.partner = partner,
                         .basis_date = days_[cell / currencies_.size()],
                         .currency = std::string(currencies_[cell % currencies_.size()]),
                         .amount = sum.net,
                         .quantity = sum.quantity,
                         .lines = sum.lines});
    }
  }

 private:
  struct Cell {
    Decimal net, quantity;
    int64_t lines = 0;
    bool touched = false;
  };

  void SelectCodes(const ResidentFacts& facts, const Program& program) {
    const FactSource source = SourceOf(program.basis);
    for (const What& what : facts.whats_) {
      if (what.source != source || !program.lines.Includes(what.product, what.product_line)) {
        currency_of_.push_back(-1);
        continue;
      }
      const auto known = std::find(currencies_.begin(), currencies_.end(), what.currency);
      currency_of_.push_back(static_cast<int32_t>(known - currencies_.begin()));
      if (known == currencies_.end()) currencies_.push_back(what.currency);
    }
  }

  // What is converted is converted by its day; all else falls into payout periods.
  void CutDays(const ResidentFacts& facts, const Program& program) {
    first_day_ = std::max(facts.first_day_, program.effective.start.days());
    const int32_t end = std::min(facts.end_day_, program.effective.end.days());
    for (int32_t day = first_day_; day < end;) {
      const Date date = Date::FromDays(day);
      const int32_t next =
          program.rate_type.empty() ? std::min(end, PeriodOf(program.paid(), date).range.end.days()) : day + 1;
      slot_of_.insert(slot_of_.end(), static_cast<size_t>(next - day), days_.size());
      days_.push_back(date);
      day = next;
    }
  }

  const bool by_order_date_;
  std::vector<int32_t> currency_of_;  // by code; -1 where the program does not count it
  std::vector<std::string_view> currencies_;
  int32_t first_day_ = 0;
  std::vector<size_t> slot_of_;  // by day from the first on
  std::vector<Date> days_;       // by slot its first day
  std::vector<Cell> cells_;      // by slot and currency, of one partner at a time
  std::vector<size_t> touched_;
};

std::vector<FactTotal> ResidentFacts::Totals(const Program& program) const {
  std::vector<FactTotal> totals;
  Scan scan(*this, program);
  for (const auto& [id, partner] : partners_) {
    if (program.eligibility.Includes(id)) scan.Take(id, partner.lines, &totals);
  }
  return totals;
}

}  // namespace tributary::incentive
