#pragma once

// What partners, and the customers to whom they sold, were on which day, by what partner-service's feed has told.
// Channels and regions are told without days: they hold from the day of the change on, and what is told first of one
// also before, since history may be brought along. So do segments of customers. Tiers are told with their days. What a
// customer is merged into holds of all days: both were one all along.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/time/date.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/facts/watermark.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/standings/standing.h"

namespace tributary::incentive {

// What was told. The numbers are stored.
enum class AttributeKind {
  kHomeRegion = 1,    // of a partner: the region's id
  kChannel = 2,       // of a partner: the channel's id
  kTier = 3,          // of a partner: "{partner program}/{level}"
  kRegionParent = 4,  // of a region: the id of the one that it lies in
  kChannelType = 5,   // of a channel: NameOf its type
  kSegment = 6,       // of a customer
  kMergedInto = 7,    // of a customer: the id of the one that it is
};

// The id of a name customers/{customer}; empty of a name that is the partner's own.
std::string CustomerIdOf(std::string_view name);

// As it was told once. Of a subject and key what was told last counts, of what had begun by the day that is asked for.
struct ToldAttribute {
  AttributeKind kind = AttributeKind::kHomeRegion;
  std::string subject;  // id of the partner, region, channel or customer
  std::string key;      // of a tier the id of its assignment, for one may hold beside another; else empty
  int shard = 0;        // position on partner-service's feed
  int64_t seq = 0;
  std::string value;  // empty: none
  DateRange valid;
  friend bool operator==(const ToldAttribute&, const ToldAttribute&) = default;
};

class Standings {
 public:
  // Of whom nothing was told.
  Standings() = default;
  // `told`: in any order; what counts of it was told up to the watermark `known` of the feed, all of it where that is
  // nullptr.
  Standings(std::vector<ToldAttribute> told, const Watermark* known);

  // Tiers are those of `period_start`.
  PartnerStanding On(const std::string& partner, Date day, Date period_start) const;
  // Whether the program is for the partner on any day of its time, past or to come, by what it is.
  bool EverFits(const Program& program, const std::string& partner) const;
  // Writes down what the partner of each line was on the line's day, and at the beginning of the program's period, and
  // its customer on the line's day.
  void Attribute(const Program& program, std::vector<FactLine>* lines) const;

 private:
  // What holds on the day, in the order in which it was told.
  std::vector<const ToldAttribute*> Holding(AttributeKind kind, const std::string& subject, Date day) const;
  // Empty where there is none.
  std::string ValueOf(AttributeKind kind, const std::string& subject, Date day) const;
  // Of the customer that the named one is in the end; empty where it is not known.
  std::string SegmentOf(std::string_view customer, Date day) const;

  std::map<std::pair<AttributeKind, std::string>, std::vector<ToldAttribute>> told_;  // each by (key, seq)
};

}  // namespace tributary::incentive
