#include "incentive-service/facts/matched_returns.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "incentive-service/engine/exact.h"

namespace tributary::incentive {
namespace {

// What may be matched with one another: partner, product, currency, and the net amount of a unit.
using MatchKey = std::tuple<std::string_view, std::string_view, std::string_view, Rational>;

MatchKey MatchKeyOf(const FactLine& line) {
  return {line.partner, line.product, line.currency, Rational(line.net) / Rational(line.quantity)};
}

// A line of which units may come back.
struct Sold {
  const FactLine* line = nullptr;
  Decimal left;
};

// What linked returns name: the line, or its invoice as a whole.
std::string_view NamedBy(const FactLine& line) {
  const std::string_view invoice = InvoiceOf(line.fact);
  return invoice.empty() ? std::string_view(line.fact) : invoice;
}

// By what may be matched, the earliest first, without units that came back by name: of an invoice those of its first
// lines of the product. They point to the lines.
std::map<MatchKey, std::vector<Sold>> SoldLines(Basis basis, const std::vector<FactLine>& lines) {
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, Decimal> back;  // partner, name, product
  std::vector<const FactLine*> sales;
  for (const FactLine& line : lines) {
    if (!line.live()) continue;
    if (line.kind == FactKind::kReturn && line.original.has_value()) {
      back[{line.partner, line.refers, line.product}] -= line.quantity;
    } else if (line.kind == FactKind::kLine && line.quantity > Decimal()) {
      sales.push_back(&line);
    }
  }
  std::sort(sales.begin(), sales.end(),
            [&](const FactLine* a, const FactLine* b) { return a->Key(basis) < b->Key(basis); });
  std::map<MatchKey, std::vector<Sold>> sold;
  for (const FactLine* const sale : sales) {
    Decimal left = sale->quantity;
    if (const auto named = back.find({sale->partner, NamedBy(*sale), sale->product}); named != back.end()) {
      const Decimal units = std::clamp(named->second, Decimal(), left);
      named->second -= units;
      left -= units;
    }
    if (left > Decimal()) sold[MatchKeyOf(*sale)].push_back({sale, left});
  }
  return sold;
}

// Parts of a return, one after the other.
class Parts {
 public:
  explicit Parts(const FactLine& whole) : whole_(whole) {}

  Decimal left() const { return -whole_.quantity - taken_; }
  // The next so many units, more than 0.
  FactLine Take(Decimal units) {
    FactLine part = whole_;
    const Decimal before = std::exchange(taken_, taken_ + units);
    const auto share = [&](Decimal amount) { return Upto(amount, taken_) - Upto(amount, before); };
    part.quantity = -units;
    part.net = share(whole_.net);
    part.discount = share(whole_.discount);
    part.wallet = share(whole_.wallet);
    return part;
  }

 private:
  Decimal Upto(Decimal amount, Decimal units) const {
    return ToDecimal(Rational(amount) * Rational(units) / Rational(-whole_.quantity), Rounding::kDown);
  }

  const FactLine& whole_;
  Decimal taken_;
};

}  // namespace

bool IsUnlinkedReturn(const FactLine& line) { return line.kind == FactKind::kLine && line.quantity.negative(); }

std::vector<FactLine> MatchReturns(Basis basis, std::vector<FactLine> lines) {
  std::map<MatchKey, std::vector<Sold>> sold = SoldLines(basis, lines);
  std::vector<const FactLine*> returns;
  std::vector<FactLine> matched;
  matched.reserve(lines.size());
  for (const FactLine& line : lines) {
    if (IsUnlinkedReturn(line)) {
      returns.push_back(&line);
    } else {
      matched.push_back(line);
    }
  }
  std::sort(returns.begin(), returns.end(), [&](const FactLine* a, const FactLine* b) {
    if (a->live() != b->live()) return a->live();
    return a->Key(basis) < b->Key(basis);
  });
  for (const FactLine* const back : returns) {
    Parts parts(*back);
    if (const auto same = sold.find(MatchKeyOf(*back)); same != sold.end()) {
      for (auto of = same->second.rbegin(); of != same->second.rend() && !parts.left().zero(); ++of) {
        const FactLine& line = *of->line;
        if (of->left.zero() || back->BasisDate(basis) < line.BasisDate(basis)) continue;
        const Decimal units = std::min(of->left, parts.left());
        of->left -= units;
        FactLine part = parts.Take(units);
        part.order_basis = line.order_date;
        part.ship_basis = line.ship_date;
        part.original = line.told();
        part.matched = line.fact;
        matched.push_back(std::move(part));
      }
    }
    if (!parts.left().zero()) matched.push_back(parts.Take(parts.left()));
  }
  return matched;
}

}  // namespace tributary::incentive
