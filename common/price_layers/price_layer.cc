#include "common/price_layers/price_layer.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

namespace tributary {
namespace {

// Units [from, to) of an arrival, counted from the one that leaves first.
struct Part {
  Decimal from;
  Decimal to;
  std::optional<Rational> price;
  std::string protected_by;
};

struct Piece {
  LayerArrival arrival;
  std::vector<Part> parts;  // by `from`, without gaps, all of the quantity
};

// Units [from, to) of each piece that lie there; empty where from == to.
struct Span {
  Decimal from;
  Decimal to;
};
struct Moment {
  std::vector<Span> spans;  // a piece each
  Decimal loose;            // units that no arrival explains
  Decimal units;            // all that lies there
};

Rational Times(const Rational& price, Decimal units) { return price * Rational(units); }

// Whether units of this price gain or lose by the change.
bool Concerns(const LayerProtection& protection, const Rational& price) {
  return protection.reverse ? price < protection.new_price : protection.new_price < price;
}

class Layers {
 public:
  explicit Layers(const LayerHistory& history) : history_(history) {
    std::vector<LayerArrival> arrivals = history.arrivals;
    std::sort(arrivals.begin(), arrivals.end(), [](const LayerArrival& a, const LayerArrival& b) {
      return std::tie(a.arrival, a.ship_date, a.line) < std::tie(b.arrival, b.ship_date, b.line);
    });
    for (LayerArrival& arrival : arrivals) {
      if (!(Decimal() < arrival.quantity)) continue;
      Part all{Decimal(), arrival.quantity, arrival.unit_price, ""};
      pieces_.push_back({std::move(arrival), {std::move(all)}});
    }
  }

  const std::vector<Piece>& pieces() const { return pieces_; }

  // What lies there at the end of the day: what came so far, less what went back of its own line, less, from the oldest
  // on, as many units as left.
  Moment At(Date day) const {
    Moment moment;
    std::map<std::string_view, Decimal> returned;
    for (const LayerReturn& one : history_.returns) {
      if (one.date <= day) returned[one.line] += one.quantity;
    }
    for (const Piece& piece : pieces_) {
      moment.spans.push_back({Decimal(), piece.arrival.arrival <= day ? piece.arrival.quantity : Decimal()});
    }
    // The last units of a line go back first.
    for (size_t i = pieces_.size(); i-- > 0;) {
      Decimal& back = returned[pieces_[i].arrival.line];
      const Decimal taken = std::min(std::max(back, Decimal()), moment.spans[i].to);
      moment.spans[i].to -= taken;
      back -= taken;
    }
    Decimal left;
    for (const LayerDeparture& one : history_.departures) {
      if (one.date <= day) left += one.quantity;
    }
    if (left.negative()) {
      moment.loose = -left;
      left = Decimal();
    }
    for (Span& span : moment.spans) {
      span.from = std::min(left, span.to);
      left -= span.from;
      moment.units += span.to - span.from;
    }
    moment.units += moment.loose;
    return moment;
  }

  // The units [from, to) of a piece, part by part.
  template <typename Do>
  void ForParts(size_t piece, Decimal from, Decimal to, Do body) const {
    for (const Part& part : pieces_[piece].parts) {
      const Decimal begin = std::max(part.from, from);
      const Decimal end = std::min(part.to, to);
      if (begin < end) body(part, end - begin);
    }
  }

  // Gives the units [from, to) of a piece the new price, those that it concerns.
  void Reprice(size_t piece, Decimal from, Decimal to, const LayerProtection& by) {
    std::vector<Part> parts;
    for (const Part& part : pieces_[piece].parts) {
      const Decimal begin = std::max(part.from, from);
      const Decimal end = std::min(part.to, to);
      if (!(begin < end) || !part.price.has_value() || !Concerns(by, *part.price)) {
        parts.push_back(part);
        continue;
      }
      if (part.from < begin) parts.push_back({part.from, begin, part.price, part.protected_by});
      parts.push_back({begin, end, by.new_price, by.name});
      if (end < part.to) parts.push_back({end, part.to, part.price, part.protected_by});
    }
    pieces_[piece].parts = std::move(parts);
  }

  PriceLayer LayerOf(size_t piece, const Part& part, Decimal units) const {
    const LayerArrival& arrival = pieces_[piece].arrival;
    return {.line = arrival.line,
            .ship_date = arrival.ship_date,
            .arrival = arrival.arrival,
            .received = arrival.quantity,
            .remaining = units,
            .unit_price = part.price,
            .currency = arrival.currency,
            .protected_by = part.protected_by};
  }

 private:
  const LayerHistory& history_;
  std::vector<Piece> pieces_;
};

// Looks at what the protection means for each part; then the layers have its price.
CutExposure Protect(const LayerProtection& protection, Layers* layers) {
  CutExposure exposure;
  const Date effective = protection.effective_date;
  const Moment before = layers->At(effective.AddDays(-1));
  exposure.book = before.units;
  const Decimal reported = protection.reported_units.value_or(before.units);
  exposure.unexplained = std::max(Decimal(), reported - before.units);
  // What the report does not have is missing from the oldest, and first of all from what nobody bought.
  Decimal missing = std::max(Decimal(), before.units - reported);
  missing -= std::min(missing, before.loose);

  const auto judge = [&](PriceLayer layer, bool in_transit, bool counted) {
    ExposedUnits line{.layer = std::move(layer), .in_transit = in_transit};
    if (!counted) {
      line.reason = Unprotected::kNotReported;
    } else if (line.layer.ship_date < effective.AddDays(-protection.lookback_days)) {
      line.reason = Unprotected::kOutsideLookback;
    } else if (!line.layer.unit_price.has_value() || line.layer.currency != protection.currency) {
      line.reason = Unprotected::kNoPrice;
    } else if (!Concerns(protection, *line.layer.unit_price)) {
      line.reason = protection.reverse ? Unprotected::kNotBelow : Unprotected::kNotAbove;
    } else {
      line.credit = Times(*line.layer.unit_price - protection.new_price, line.layer.remaining);
      exposure.credit = exposure.credit + line.credit;
    }
    const bool is_protected = line.reason == Unprotected::kNone;
    exposure.lines.push_back(std::move(line));
    return is_protected;
  };

  for (size_t i = 0; i < layers->pieces().size(); ++i) {
    const LayerArrival& arrival = layers->pieces()[i].arrival;
    const bool comes = arrival.ship_date < effective && effective <= arrival.arrival &&
                       arrival.arrival <= effective.AddDays(protection.in_transit_days);
    Span span = before.spans[i];
    if (comes) span = {Decimal(), arrival.quantity};
    const Decimal gone = comes ? Decimal() : std::min(missing, span.to - span.from);
    missing -= gone;
    const Decimal counted = span.from + gone;
    bool any = false;
    layers->ForParts(i, span.from, counted,
                     [&](const Part& part, Decimal units) { judge(layers->LayerOf(i, part, units), false, false); });
    layers->ForParts(i, counted, span.to, [&](const Part& part, Decimal units) {
      any = judge(layers->LayerOf(i, part, units), comes, true) || any;
    });
    if (any) layers->Reprice(i, counted, span.to, protection);
  }
  if (!before.loose.zero())
    judge({.ship_date = effective, .arrival = effective, .remaining = before.loose}, false, true);
  return exposure;
}

std::vector<LayerProtection> InOrder(std::vector<LayerProtection> protections) {
  std::sort(protections.begin(), protections.end(), [](const LayerProtection& a, const LayerProtection& b) {
    return std::tie(a.effective_date, a.name) < std::tie(b.effective_date, b.name);
  });
  return protections;
}

// The sum of prices, as long as all have one and in one currency.
class Sum {
 public:
  void Add(const std::optional<Rational>& price, const std::string& currency, Decimal units) {
    if (!price.has_value() || (!currency_.empty() && currency != currency_)) known_ = false;
    if (!known_) return;
    currency_ = currency;
    sum_ = sum_ + Times(*price, units);
  }
  std::optional<Rational> value() const { return known_ ? std::optional(sum_) : std::nullopt; }

 private:
  bool known_ = true;
  std::string currency_;
  Rational sum_;
};

}  // namespace

std::string_view NameOf(Unprotected reason) {
  switch (reason) {
    case Unprotected::kNone:
      return "PROTECTED";
    case Unprotected::kNotReported:
      return "NOT_REPORTED";
    case Unprotected::kOutsideLookback:
      return "OUTSIDE_LOOKBACK";
    case Unprotected::kNoPrice:
      return "NO_PRICE";
    case Unprotected::kNotAbove:
      return "NOT_ABOVE";
    case Unprotected::kNotBelow:
      return "NOT_BELOW";
  }
  return {};
}

LayerState LayersAt(const LayerHistory& history, Date day) {
  Layers layers(history);
  for (const LayerProtection& protection : InOrder(history.protections)) {
    if (protection.effective_date <= day) Protect(protection, &layers);
  }
  const Moment moment = layers.At(day);
  LayerState state{.units = moment.units};
  Sum value;
  Sum sold;
  for (size_t i = 0; i < layers.pieces().size(); ++i) {
    const Span& span = moment.spans[i];
    const std::string& currency = layers.pieces()[i].arrival.currency;
    layers.ForParts(i, Decimal(), span.from,
                    [&](const Part& part, Decimal units) { sold.Add(part.price, currency, units); });
    layers.ForParts(i, span.from, span.to, [&](const Part& part, Decimal units) {
      value.Add(part.price, currency, units);
      state.layers.push_back(layers.LayerOf(i, part, units));
    });
  }
  if (!moment.loose.zero()) {
    state.layers.push_back({.received = moment.loose, .remaining = moment.loose});
    value.Add(std::nullopt, "", moment.loose);
  }
  state.value = value.value();
  state.sold_cost = sold.value();
  return state;
}

std::vector<ConsumedUnits> ConsumedBy(const LayerHistory& history, std::string_view fact) {
  std::vector<LayerDeparture> departures = history.departures;
  std::sort(departures.begin(), departures.end(), [](const LayerDeparture& a, const LayerDeparture& b) {
    return std::tie(a.date, a.fact) < std::tie(b.date, b.fact);
  });
  Decimal before;  // units that left so far
  Decimal taken;
  Date day;
  for (const LayerDeparture& one : departures) {
    if (one.fact == fact) {
      taken += one.quantity;
      day = one.date;
    } else if (taken.zero()) {
      before += one.quantity;
    }
  }
  std::vector<ConsumedUnits> consumed;
  if (!(Decimal() < taken)) return consumed;

  Layers layers(history);
  for (const LayerProtection& protection : InOrder(history.protections)) {
    if (protection.effective_date <= day) Protect(protection, &layers);
  }
  const Moment moment = layers.At(day);
  const Decimal to = before + taken;
  Decimal begin;  // of the piece, among all that came until that day and did not go back
  Decimal explained;
  for (size_t i = 0; i < layers.pieces().size(); ++i) {
    const Decimal end = begin + moment.spans[i].to;
    const Decimal first = std::max(begin, before);
    const Decimal last = std::min(end, to);
    if (first < last) {
      const LayerArrival& arrival = layers.pieces()[i].arrival;
      layers.ForParts(i, first - begin, last - begin, [&](const Part& part, Decimal units) {
        consumed.push_back({arrival.line, units, part.price, arrival.currency});
        explained += units;
      });
    }
    begin = end;
  }
  if (explained < taken) consumed.push_back({.quantity = taken - explained});
  return consumed;
}

CutExposure ExposureTo(const LayerHistory& history, const LayerProtection& protection, Date today) {
  Layers layers(history);
  for (const LayerProtection& earlier : InOrder(history.protections)) {
    if (std::tie(earlier.effective_date, earlier.name) < std::tie(protection.effective_date, protection.name)) {
      Protect(earlier, &layers);
    }
  }
  CutExposure exposure = Protect(protection, &layers);
  const Date last = protection.effective_date.AddDays(protection.in_transit_days);
  if (last < today) return exposure;
  // What is still on its way may come on the last day: looked at as if it did, by itself.
  LayerHistory pending;
  for (const LayerTransit& transit : history.transits) {
    if (!(Decimal() < transit.quantity) || protection.effective_date <= transit.ship_date) continue;
    pending.arrivals.push_back(
        {transit.line, transit.ship_date, last, transit.quantity, transit.unit_price, transit.currency});
  }
  Layers to_come(pending);
  CutExposure more = Protect(protection, &to_come);
  exposure.credit = exposure.credit + more.credit;
  exposure.lines.insert(exposure.lines.end(), more.lines.begin(), more.lines.end());
  return exposure;
}

}  // namespace tributary
