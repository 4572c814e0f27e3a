#include "inventory-service/supply/availability.h"

#include <algorithm>
#include <set>

namespace tributary::inventory {
namespace {

Decimal UpTo(const std::map<Date, Decimal>& changes, Date day) {
  Decimal sum;
  for (const auto& [date, quantity] : changes) {
    if (day < date) break;
    sum += quantity;
  }
  return sum;
}

std::set<Date> Changes(const SupplyBook& book) {
  std::set<Date> days;
  for (const auto& [date, quantity] : book.supplied) days.insert(date);
  for (const auto& [date, quantity] : book.promised) days.insert(date);
  return days;
}

// The least that any day from `day` on has left; may be negative.
Decimal LeastFrom(const SupplyBook& book, Date day) {
  Decimal left = UpTo(book.supplied, day) - UpTo(book.promised, day);
  Decimal least = left;
  for (const Date later : Changes(book)) {
    if (later <= day) continue;
    const auto more = book.supplied.find(later);
    if (more != book.supplied.end()) left += more->second;
    const auto less = book.promised.find(later);
    if (less != book.promised.end()) left -= less->second;
    least = std::min(least, left);
  }
  return least;
}

}  // namespace

Decimal SupplyBook::AvailableFor(Date day) const { return std::max(Decimal(), LeastFrom(*this, day)); }

std::optional<Date> SupplyBook::EarliestFor(Decimal quantity, Date from) const {
  if (quantity <= AvailableFor(from)) return from;
  // It grows only on the days on which something changes.
  for (const Date day : Changes(*this)) {
    if (from < day && quantity <= AvailableFor(day)) return day;
  }
  return std::nullopt;
}

bool SupplyBook::Holds() const {
  const std::set<Date> days = Changes(*this);
  return days.empty() || !LeastFrom(*this, *days.begin()).negative();
}

std::vector<AvailabilityDay> DaysOf(const SupplyBook& book) {
  std::vector<AvailabilityDay> days;
  for (const Date day : Changes(book)) {
    days.push_back({day, UpTo(book.supplied, day), UpTo(book.promised, day), book.AvailableFor(day)});
  }
  return days;
}

}  // namespace tributary::inventory
