#include "incentive-service/programs/eligibility.h"

#include <algorithm>

#include "common/text/text.h"

namespace tributary::incentive {
namespace {

std::string RegionText(const std::string& id) { return StrCat("regions/", id); }
std::string PartnerProgramText(const std::string& id) { return StrCat("partnerPrograms/", id); }
std::string TierText(const PartnerTier& tier) {
  return StrCat(tier.level, " in ", PartnerProgramText(tier.partner_program));
}
std::string ChannelTypeText(ChannelType type) { return std::string(NameOf(type)); }

// "a or b"; "no <what>" where there is none.
template <typename Entry, typename Text>
std::string Listed(const std::vector<Entry>& entries, const Text& text, std::string_view what) {
  if (entries.empty()) return StrCat("no ", what);
  std::vector<std::string> texts;
  for (const Entry& entry : entries) texts.push_back(text(entry));
  return StrJoin(texts, " or ");
}

// One kind of condition: `has` tells of an entry whether the one that is judged is or has it, `got` what it is or has.
template <typename Entry, typename Has, typename Text, typename Got>
std::optional<Unfit> WhyUnfitBy(std::string_view field, const std::vector<Entry>& included,
                                const std::vector<Entry>& excluded, const Has& has, const Text& text, const Got& got) {
  if (std::any_of(excluded.begin(), excluded.end(), has)) {
    return Unfit{got(), StrCat("none of eligibility.except_", field, ": ", Listed(excluded, text, field))};
  }
  if (included.empty() || std::any_of(included.begin(), included.end(), has)) return std::nullopt;
  return Unfit{got(), StrCat("one of eligibility.", field, ": ", Listed(included, text, field))};
}

}  // namespace

bool Eligibility::Includes(std::string_view partner) const {
  if (std::binary_search(except_partners.begin(), except_partners.end(), partner)) return false;
  return partners.empty() || std::binary_search(partners.begin(), partners.end(), partner);
}

std::optional<Unfit> Eligibility::WhyUnfit(const PartnerStanding& standing) const {
  const auto on = [](std::string_view what, Date day) { return StrCat(what, " on ", day.ToString()); };
  const auto held = [&] { return on(Listed(standing.tiers, TierText, "tier"), standing.period_start); };
  std::optional<Unfit> unfit = WhyUnfitBy(
      "channel_types", channel_types, except_channel_types,
      [&](ChannelType type) { return standing.channel_type == type; }, ChannelTypeText,
      [&] {
        return on(standing.channel_type.has_value() ? StrCat("channel type ", NameOf(*standing.channel_type))
                                                    : std::string("no channel"),
                  standing.day);
      });
  if (unfit.has_value()) return unfit;
  unfit = WhyUnfitBy(
      "regions", regions, except_regions,
      [&](const std::string& region) {
        return std::find(standing.regions.begin(), standing.regions.end(), region) != standing.regions.end();
      },
      RegionText,
      [&] {
        return on(standing.regions.empty() ? std::string("no region")
                                           : StrCat("region ", RegionText(standing.regions.front())),
                  standing.day);
      });
  if (unfit.has_value()) return unfit;
  unfit = WhyUnfitBy(
      "partner_programs", partner_programs, except_partner_programs,
      [&](const std::string& program) {
        return std::any_of(standing.tiers.begin(), standing.tiers.end(),
                           [&](const PartnerTier& tier) { return tier.partner_program == program; });
      },
      PartnerProgramText, held);
  if (unfit.has_value()) return unfit;
  return WhyUnfitBy(
      "tiers", tiers, except_tiers,
      [&](const PartnerTier& tier) {
        return std::find(standing.tiers.begin(), standing.tiers.end(), tier) != standing.tiers.end();
      },
      TierText, held);
}

std::optional<Unfit> Eligibility::WhyCustomerUnfit(const PartnerStanding& standing) const {
  return WhyUnfitBy(
      "customer_segments", customer_segments, except_customer_segments,
      [&](const std::string& segment) { return segment == standing.segment; },
      [](const std::string& segment) { return segment; },
      [&] {
        if (standing.customer.empty()) return std::string("no customer");
        const std::string on = StrCat(standing.customer, " on ", standing.day.ToString());
        return standing.segment.empty() ? StrCat("no known segment of ", on)
                                        : StrCat("segment ", standing.segment, " of ", on);
      });
}

}  // namespace tributary::incentive
