#include "conflict-service/prices/price.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "common/digest/sha256.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::conflict {
namespace {

// None of the parts holds a line feed but the seller, which comes last.
std::string HashOfParts(const std::string& parts) { return Sha256Hex(parts).substr(0, 32); }

}  // namespace

std::string PriceObservation::Who() const { return partner.empty() ? StrCat("'", seller, "'") : partner; }

std::string_view NameOf(PriceObservation::Kind kind) {
  return kind == PriceObservation::Kind::kAdvertised ? "ADVERTISED" : "SOLD";
}

bool SameFact(const PriceObservation& a, const PriceObservation& b) {
  const auto said = [](const PriceObservation& o) {
    return std::tie(o.name, o.kind, o.partner, o.seller, o.product, o.price.currency, o.price.amount, o.region, o.place,
                    o.date, o.time, o.promotion, o.evidence, o.evidence_sha256);
  };
  return said(a) == said(b);
}

bool Earlier(const PriceObservation& a, const PriceObservation& b) {
  const auto key = [](const PriceObservation& o) {
    return std::tuple(o.date, o.time.value_or(absl::InfiniteFuture()), std::string_view(o.name));
  };
  return key(a) < key(b);
}

bool PaidLess(Decimal paid, Decimal units, Decimal each) {
  return paid.micros() * Decimal::kUnit < each.micros() * units.micros();
}

std::string OfferOf(const PriceObservation& observation) {
  return HashOfParts(StrCat(NameOf(observation.kind), "\n", observation.product, "\n", observation.region, "\n",
                            observation.price.currency, "\n", observation.date.ToString(), "\n", observation.Who()));
}

std::string MarketOf(const PriceObservation& observation) {
  return HashOfParts(StrCat(observation.product, "\n", observation.region, "\n", observation.price.currency));
}

absl::Status Check(const PriceRule& rule) {
  if (!rule.floor && !rule.advertised) {
    return InvalidField("floor", "nothing", "this or minimum_advertised_price, or both");
  }
  if (rule.floor && rule.advertised && *rule.advertised < *rule.floor) {
    return InvalidField("minimum_advertised_price", rule.advertised->ToString(),
                        StrCat("at least the floor, ", rule.floor->ToString()));
  }
  if (rule.days.end <= rule.days.start) {
    return InvalidField("effective_to", rule.days.end.ToString(),
                        StrCat("a day after effective_from, ", rule.days.start.ToString()));
  }
  const Decimal highest = rule.advertised ? *rule.advertised : *rule.floor;
  for (size_t i = 0; i < rule.exceptions.size(); ++i) {
    const PriceException& exception = rule.exceptions[i];
    if (exception.days.end <= exception.days.start) {
      return InvalidField(StrCat("exceptions[", i, "].effective_to"), exception.days.end.ToString(),
                          StrCat("a day after effective_from, ", exception.days.start.ToString()));
    }
    if (exception.price >= highest) {
      return InvalidField(StrCat("exceptions[", i, "].price"), exception.price.ToString(),
                          StrCat("less than ", highest.ToString(), ", which it is an exception from"));
    }
  }
  std::set<int32_t> depths;
  for (size_t i = 0; i < rule.bands.size(); ++i) {
    if (depths.insert(rule.bands[i].from_basis_points).second) continue;
    return InvalidField(StrCat("bands[", i, "].from_basis_points"), StrCat(rule.bands[i].from_basis_points),
                        "each depth once");
  }
  return absl::OkStatus();
}

}  // namespace tributary::conflict
