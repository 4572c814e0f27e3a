#include "inventory-service/movements/movement.h"

#include <algorithm>
#include <deque>
#include <string_view>
#include <tuple>

namespace tributary::inventory {
namespace {

// Whether units in the place lie at a site.
bool LiesThere(std::string_view place) { return IsSite(place) && BucketOf(place) != Bucket::kInTransit; }

}  // namespace

std::map<SiteProduct, SiteBook> BooksOf(absl::Span<const PlaceMovement> movements) {
  std::map<SiteProduct, std::map<Date, DayMovement>> days;
  std::map<SiteProduct, SiteBook> books;
  for (const PlaceMovement& one : movements) {
    const bool arrives = LiesThere(one.to);
    const bool leaves = LiesThere(one.from);
    const bool stays = arrives && leaves && SiteOf(one.to) == SiteOf(one.from);
    const auto count = [&](const std::string& place, Decimal quantity) {
      if (!IsSite(place)) return;
      SiteBook& book = books[{std::string(SiteOf(place)), one.product}];
      if (BucketOf(place) == Bucket::kOnHand) book.on_hand += quantity;
      if (BucketOf(place) == Bucket::kInTransit) book.in_transit += quantity;
    };
    const bool within = IsSite(one.to) && IsSite(one.from) && SiteOf(one.to) == SiteOf(one.from);
    if (IsSite(one.to) && !within && (IsSite(one.from) || one.from == kVendor || one.from == kTransfer)) {
      books[{std::string(SiteOf(one.to)), one.product}].sent[one.date] += one.quantity;
    }
    count(one.to, one.quantity);
    count(one.from, -one.quantity);
    const auto day_of = [&](const std::string& place) -> DayMovement& {
      DayMovement& day = days[{std::string(SiteOf(place)), one.product}][one.date];
      day.date = one.date;
      return day;
    };
    if (arrives && !stays) {
      DayMovement& day = day_of(one.to);
      day.in += one.quantity;
      if (one.from == kCustomer) day.sold -= one.quantity;
    }
    if (leaves && !stays) {
      DayMovement& day = day_of(one.from);
      day.out += one.quantity;
      if (one.to == kCustomer) day.sold += one.quantity;
    }
  }
  for (auto& [key, by_day] : days) {
    SiteMovements& out = books[key].movements;
    for (auto& [date, day] : by_day) out.push_back(day);
  }
  return books;
}

AgeLayers FifoLayers(const SiteMovements& movements) {
  std::deque<AgeLayer> layers;
  Decimal uncovered;
  const Decimal nothing;
  for (const DayMovement& day : movements) {
    Decimal came = std::max(day.in, nothing) + std::max(-day.out, nothing);
    Decimal left = std::max(day.out, nothing) + std::max(-day.in, nothing);
    const Decimal covers = std::min(came, uncovered);
    uncovered -= covers;
    came -= covers;
    if (nothing < came) layers.push_back({day.date, came});
    while (nothing < left && !layers.empty()) {
      const Decimal taken = std::min(left, layers.front().quantity);
      left -= taken;
      layers.front().quantity -= taken;
      if (layers.front().quantity.zero()) layers.pop_front();
    }
    uncovered += left;
  }
  return {.layers = {layers.begin(), layers.end()}, .uncovered = uncovered};
}

Decimal BalanceOf(const SiteMovements& movements) {
  Decimal balance;
  for (const DayMovement& day : movements) balance += day.in - day.out;
  return balance;
}

std::vector<AgeBucket> AgeBuckets(absl::Span<const AgeLayer> layers, Date as_of, absl::Span<const int> bounds) {
  std::vector<AgeBucket> buckets = {{}};
  for (const int bound : bounds) {
    buckets.back().to_days = bound;
    buckets.push_back({.from_days = bound});
  }
  for (const AgeLayer& layer : layers) {
    const int age = as_of.days() - layer.received.days();
    const auto bucket = std::find_if(buckets.begin(), buckets.end(),
                                     [&](const AgeBucket& b) { return !b.to_days.has_value() || age < *b.to_days; });
    bucket->quantity += layer.quantity;
  }
  return buckets;
}

DaySet Joined(std::vector<DateRange> ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](const DateRange& a, const DateRange& b) { return std::tie(a.start, a.end) < std::tie(b.start, b.end); });
  DaySet days;
  for (const DateRange& range : ranges) {
    if (range.end <= range.start) continue;
    if (days.empty() || days.back().end < range.start) {
      days.push_back(range);
    } else {
      days.back().end = std::max(days.back().end, range.end);
    }
  }
  return days;
}

DaySet Within(const DaySet& days, DateRange range) {
  DaySet within;
  for (const DateRange& one : days) {
    const DateRange part{std::max(one.start, range.start), std::min(one.end, range.end)};
    if (part.start < part.end) within.push_back(part);
  }
  return within;
}

DaySet Missing(const DaySet& days, DateRange range) {
  DaySet missing;
  for (const DateRange& one : Within(days, range)) {
    if (range.start < one.start) missing.push_back({range.start, one.start});
    range.start = one.end;
  }
  if (range.start < range.end) missing.push_back(range);
  return missing;
}

int CountOf(const DaySet& days) {
  int count = 0;
  for (const DateRange& range : days) count += range.end.days() - range.start.days();
  return count;
}

Rational AverageOnHand(const SiteMovements& movements, const DaySet& days) {
  if (days.empty()) return {};
  // A movement counts on its own day and on every later one of the days.
  Rational sum;
  for (const DayMovement& day : movements) {
    const int counted = CountOf(Within(days, {day.date, days.back().end}));
    if (counted > 0) sum = sum + Rational(day.in - day.out) * Rational::FromInt(counted);
  }
  return sum / Rational::FromInt(CountOf(days));
}

Decimal SumWithin(const ByDay& by_day, const DaySet& days) {
  Decimal sum;
  for (const DateRange& range : days) {
    for (auto day = by_day.lower_bound(range.start); day != by_day.end() && day->first < range.end; ++day) {
      sum += day->second;
    }
  }
  return sum;
}

Decimal SoldWithin(const SiteMovements& movements, const DaySet& days) { return SumWithin(SoldByDay(movements), days); }

ByDay SoldByDay(const SiteMovements& movements) {
  ByDay sold;
  for (const DayMovement& day : movements) {
    if (!day.sold.zero()) sold[day.date] += day.sold;
  }
  return sold;
}

DaySet UntoldOf(absl::Span<const SiteTold> sites, DateRange range) {
  std::vector<DateRange> untold;
  for (const SiteTold& site : sites) {
    for (const DateRange& owed : Within({site.owed}, range)) {
      const DaySet missing = Missing(site.told.days, owed);
      untold.insert(untold.end(), missing.begin(), missing.end());
    }
  }
  return Joined(std::move(untold));
}

std::optional<Rational> DaysOfSupply(Decimal on_hand, Decimal demand, int days) {
  if (demand <= Decimal() || on_hand <= Decimal()) return std::nullopt;
  return Rational(on_hand) * Rational::FromInt(days) / Rational(demand);
}

StuffingSign SignOf(const ChannelFlow& window, const ChannelFlow& rest, Decimal threshold) {
  const Rational left = Rational(window.sell_in) * Rational(rest.sell_through);
  const Rational right = Rational(window.sell_through) * Rational(rest.sell_in);
  StuffingSign sign;
  // The one quotient of products is that of the two quotients wherever both of these exist.
  if (!right.zero() && !rest.sell_through.zero()) sign.ratio = left / right;
  sign.flagged = !left.zero() && Rational(threshold) * right <= left;
  return sign;
}

}  // namespace tributary::inventory
