#pragma once

// What moved at a site, day by day, and what follows from it: layers by age, averages, days of supply, and the sign of
// channel stuffing. Exact; pure values and decisions.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/time/date.h"
#include "inventory-service/ledger/posting.h"

namespace tributary::inventory {

using ByDay = std::map<Date, Decimal>;

// One product at one site on one day.
struct DayMovement {
  Date date;
  Decimal in;    // came to the site, less what went back by the way it had come
  Decimal out;   // left the site, less what came back by the way it had left
  Decimal sold;  // what customers took of it, less what they brought back
  friend bool operator==(const DayMovement&, const DayMovement&) = default;
};

// By date, each date once.
using SiteMovements = std::vector<DayMovement>;

// Units of a product that moved from one place of a partner to another on a day, all postings of that day together.
struct PlaceMovement {
  std::string product;
  std::string from;  // places, as in ledger/posting.h
  std::string to;
  Date date;
  Decimal quantity;
};

// One product at one site. What lies there is in any bucket but in_transit: what moves between those buckets does not
// move the site's stock.
struct SiteBook {
  SiteMovements movements;
  Decimal on_hand;     // free there: the bucket of that name
  Decimal in_transit;  // on its way there
  ByDay sent;          // set on the way to it or brought at once, by the vendor, another partner or another site
};
struct SiteProduct {
  std::string site;
  std::string product;
  friend auto operator<=>(const SiteProduct&, const SiteProduct&) = default;
};
std::map<SiteProduct, SiteBook> BooksOf(absl::Span<const PlaceMovement> movements);

// Units of one day's arrival that are still there.
struct AgeLayer {
  Date received;
  Decimal quantity;
  friend bool operator==(const AgeLayer&, const AgeLayer&) = default;
};

struct AgeLayers {
  std::vector<AgeLayer> layers;  // oldest first, each more than 0
  Decimal uncovered;             // units that left before they came: 0, or the books stand below zero by as much
  friend bool operator==(const AgeLayers&, const AgeLayers&) = default;
};

// First in, first out over event time: of each day first what came, then what left, which takes the oldest units. What
// leaves a site that has nothing is covered by what comes next. A row that takes a movement back on its own day leaves
// no trace; goods that a customer brought back are as old as their return; a negative arrival leaves as anything else.
AgeLayers FifoLayers(const SiteMovements& movements);

// On hand after all of them: the sum of the layers less what is uncovered.
Decimal BalanceOf(const SiteMovements& movements);

// Units of an age: [from_days, to_days), without end where to_days is unset.
struct AgeBucket {
  int from_days = 0;
  std::optional<int> to_days;
  Decimal quantity;
  friend bool operator==(const AgeBucket&, const AgeBucket&) = default;
};

// `bounds`: rising, each more than 0: {30, 60} makes [0, 30), [30, 60), [60, ...). A unit's age is the number of days
// from its arrival to `as_of`; it arrived on or before that.
std::vector<AgeBucket> AgeBuckets(absl::Span<const AgeLayer> layers, Date as_of, absl::Span<const int> bounds);

// Some days: ranges in order, none of them empty, with days between them.
using DaySet = std::vector<DateRange>;
// The days of all the ranges, which may come in any order, overlap or be empty.
DaySet Joined(std::vector<DateRange> ranges);
// The days of the range that are among the days, and those that are not.
DaySet Within(const DaySet& days, DateRange range);
DaySet Missing(const DaySet& days, DateRange range);
int CountOf(const DaySet& days);

// Mean of the balances at the end of each of the days; 0 where there is none.
Rational AverageOnHand(const SiteMovements& movements, const DaySet& days);

// Of the days: the sum of `by_day`, or of `sold`.
Decimal SumWithin(const ByDay& by_day, const DaySet& days);
Decimal SoldWithin(const SiteMovements& movements, const DaySet& days);
ByDay SoldByDay(const SiteMovements& movements);

// Which days a partner told its sales of. What happened on other days is not known, which is not zero.
struct ToldDays {
  DaySet days;
  bool by_reports = false;  // those that reports cover; else from the first recorded sale to the last one
  // From the first to the day after the last one; empty where there is none.
  DateRange span() const { return days.empty() ? DateRange() : DateRange{days.front().start, days.back().end}; }
  friend bool operator==(const ToldDays&, const ToldDays&) = default;
};

// A site of which a partner has to tell: from its first movement until it was closed.
struct SiteTold {
  DateRange owed;
  ToldDays told;
};
// The days of the range on which one of the sites was not told of.
DaySet UntoldOf(absl::Span<const SiteTold> sites, DateRange range);

// Days that `on_hand` lasts where `demand` was asked for in `days` days: on_hand x days / demand. Unset where nothing
// was asked for, or nothing is there.
std::optional<Rational> DaysOfSupply(Decimal on_hand, Decimal demand, int days);

// What came into the channel and what went out of it in a part of a period.
struct ChannelFlow {
  Decimal sell_in;
  Decimal sell_through;
};

// Channel stuffing: before a period ends more is sold in, against what is sold through, than in the rest of it.
struct StuffingSign {
  // (window.sell_in / window.sell_through) / (rest.sell_in / rest.sell_through); unset where one of the divisors is 0.
  std::optional<Rational> ratio;
  // window.sell_in x rest.sell_through >= threshold x window.sell_through x rest.sell_in, and the left side is more
  // than 0: no division, so that a window without any sale counts too.
  bool flagged = false;
};
// No number is negative.
StuffingSign SignOf(const ChannelFlow& window, const ChannelFlow& rest, Decimal threshold);

}  // namespace tributary::inventory
