#pragma once

// Price layers: at which net prices a partner holds its stock of a product, first in, first out over event time. A pure
// function of what came, what left and what was protected, in whatever order that became known (SEMANTICS: layers are
// read at the end of a day, and of the facts of one day those that bring units come first).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/money/decimal.h"
#include "common/money/rational.h"
#include "common/time/date.h"

namespace tributary {

// Units that came on one day of one line of a shipment.
struct LayerArrival {
  std::string line;  // partners/{partner}/shipments/{document}/lines/{line}
  Date ship_date;
  Date arrival;
  Decimal quantity;
  std::optional<Rational> unit_price;  // net, exact; unset where no line that stands tells it
  std::string currency;
};

// Units of a line that were shipped and have not come.
struct LayerTransit {
  std::string line;
  Date ship_date;
  Decimal quantity;
  std::optional<Rational> unit_price;
  std::string currency;
};

// Units that left on a day; negative where more came back or were found.
struct LayerDeparture {
  Date date;
  Decimal quantity;
  std::string fact;  // its name, where what it took of the layers is asked for; of one day those without come first
};

// Units of one line that went back to the vendor.
struct LayerReturn {
  std::string line;
  Date date;
  Decimal quantity;
};

// A change of price that the partner is protected against, before the opening of its day.
struct LayerProtection {
  std::string name;
  Date effective_date;
  Rational new_price;
  std::string currency;
  int in_transit_days = 0;  // what was shipped before and comes within so many days is protected, too
  int lookback_days = 0;    // what was shipped longer ago is not
  std::optional<Decimal>
      reported_units;    // on hand by the partner's report; more than the books have counts for nothing
  bool reverse = false;  // a rise, where the agreement says that the partner pays it: credits are below zero
};

struct LayerHistory {
  std::vector<LayerArrival> arrivals;
  std::vector<LayerTransit> transits;
  std::vector<LayerDeparture> departures;
  std::vector<LayerReturn> returns;
  std::vector<LayerProtection> protections;
};

// Units of one line at one price.
struct PriceLayer {
  std::string line;  // empty for units that nothing tells the origin of
  Date ship_date;
  Date arrival;
  Decimal received;   // units that came with the line on that day
  Decimal remaining;  // of them at this price
  std::optional<Rational> unit_price;
  std::string currency;
  std::string protected_by;  // the protection that made the price; empty where it is the line's own
};

struct LayerState {
  std::vector<PriceLayer> layers;     // what remains, oldest first
  Decimal units;                      // their sum; the books' units where those are not below zero
  std::optional<Rational> value;      // of the layers; unset where one has no price or the currencies differ
  std::optional<Rational> sold_cost;  // of what left, at the prices of its layers; unset likewise
};

// At the end of the day.
LayerState LayersAt(const LayerHistory& history, Date day);

// Units of one layer that left with a departure, at the price that the layer had on that day.
struct ConsumedUnits {
  std::string line;  // empty for units that no arrival explains
  Decimal quantity;
  std::optional<Rational> unit_price;  // unset for those, and where no line tells it
  std::string currency;
};

// What the departures with the fact's name took, the oldest units first. Departures of a day come by their facts'
// names; what later facts bring back leaves no trace here. Empty where there is none, or where it brought units back.
std::vector<ConsumedUnits> ConsumedBy(const LayerHistory& history, std::string_view fact);

// Why units take no part in a protection.
enum class Unprotected : int {
  kNone = 0,
  kNotReported = 1,      // the books have them, the report does not
  kOutsideLookback = 2,  // shipped too long ago
  kNoPrice = 3,          // no line tells what was paid, or in another currency
  kNotAbove = 4,         // they cost no more than the new price
  kNotBelow = 5,         // of a rise: they cost no less than the new price
};
std::string_view NameOf(Unprotected reason);

struct ExposedUnits {
  PriceLayer layer;         // `remaining`: the units that are meant
  bool in_transit = false;  // shipped before, come or to come within the days
  Unprotected reason = Unprotected::kNone;
  Rational credit;  // zero where they are not protected
};

struct CutExposure {
  Decimal book;         // units at the end of the day before
  Decimal unexplained;  // reported beyond the books; never protected
  std::vector<ExposedUnits> lines;
  Rational credit;  // exact
};

// What `protection` costs, after those of the history that came before it. Of units that have not come, those count
// that may still come in time, as of `today`.
CutExposure ExposureTo(const LayerHistory& history, const LayerProtection& protection, Date today);

}  // namespace tributary
