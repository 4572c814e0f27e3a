#pragma once

// Whose lines count in a program: partners by name, and by what they and their customers are.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "incentive-service/standings/standing.h"

namespace tributary::incentive {

// The condition that a partner or its customer fails, in words.
struct Unfit {
  std::string got;   // what it is: "region regions/CN-5101 on 2025-02-01"
  std::string want;  // what is asked: "one of eligibility.regions: regions/CN-31 or regions/CN-33"
  friend bool operator==(const Unfit&, const Unfit&) = default;
};

// Partners that each list which is not empty includes, and that no list of exceptions has. Each list is sorted.
struct Eligibility {
  std::vector<std::string> partners;  // ids
  std::vector<std::string> except_partners;
  std::vector<PartnerTier> tiers;
  std::vector<PartnerTier> except_tiers;
  std::vector<ChannelType> channel_types;
  std::vector<ChannelType> except_channel_types;
  std::vector<std::string> regions;  // ids; with all that lies in them
  std::vector<std::string> except_regions;
  std::vector<std::string> partner_programs;  // ids; whoever holds any level of them
  std::vector<std::string> except_partner_programs;
  // Of the customer that a line names; one whose segment is not known is in none.
  std::vector<std::string> customer_segments;
  std::vector<std::string> except_customer_segments;
  friend bool operator==(const Eligibility&, const Eligibility&) = default;

  // By name alone.
  bool Includes(std::string_view partner) const;

  // Whether it asks by which channel partners sell, where they are at home, which tiers they hold and of which segment
  // their customers are; any of these.
  bool asks_channel() const { return !channel_types.empty() || !except_channel_types.empty(); }
  bool asks_region() const { return !regions.empty() || !except_regions.empty(); }
  bool asks_tier() const {
    return !tiers.empty() || !except_tiers.empty() || !partner_programs.empty() || !except_partner_programs.empty();
  }
  bool asks_segment() const { return !customer_segments.empty() || !except_customer_segments.empty(); }
  bool asks_standing() const { return asks_channel() || asks_region() || asks_tier() || asks_segment(); }
  // The first condition that the partner fails, in the order of channel types, regions, partner programs, tiers;
  // nullopt where it fits.
  std::optional<Unfit> WhyUnfit(const PartnerStanding& standing) const;
  // The condition that the customer of the line fails; likewise.
  std::optional<Unfit> WhyCustomerUnfit(const PartnerStanding& standing) const;

  // The same, asking for names alone.
  Eligibility by_name() const { return {.partners = partners, .except_partners = except_partners}; }
};

}  // namespace tributary::incentive
