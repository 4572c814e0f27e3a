#pragma once

// What a partner is on a day, as programs ask for it: by its channel, its region and its tiers; and what the customer
// is to whom it sold.

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/time/date.h"

namespace tributary::incentive {

// Who sells to the end customer in a channel. The numbers are those of the wire.
enum class ChannelType { kDirect = 1, kIndirect = 2, kHybrid = 3 };
std::string_view NameOf(ChannelType type);  // "DIRECT"

// A level of a partner program, by their ids.
struct PartnerTier {
  std::string partner_program;
  std::string level;
  friend auto operator<=>(const PartnerTier&, const PartnerTier&) = default;
};

// Of one partner, for its lines of one day that name one customer.
struct PartnerStanding {
  Date day;                                 // on which channel and region are read
  std::optional<ChannelType> channel_type;  // of its channel; nullopt where it has none
  std::vector<std::string> regions;         // ids: its home, then those that it lies in, nearest first
  Date period_start;                        // of the program's period: on which tiers are read
  std::vector<PartnerTier> tiers;           // at most one of a partner program
  std::string customer;  // customers/{customer}, or the partner's own name of it; empty: none is named
  std::string segment;   // the customer's, on `day`; empty where it is not known
  friend bool operator==(const PartnerStanding&, const PartnerStanding&) = default;
};

}  // namespace tributary::incentive
