#include "incentive-service/programs/eligibility.h"

#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::incentive {
namespace {

Date DayFor(std::string_view text) { return *Date::Parse(text); }

// A dealer at home in the city CN-5101, gold since before the quarter.
PartnerStanding Dealer() {
  return {.day = DayFor("2026-02-10"),
          .channel_type = ChannelType::kIndirect,
          .regions = {"CN-5101", "CN-51", "CN"},
          .period_start = DayFor("2026-01-01"),
          .tiers = {{"stars", "gold"}, {"training", "basic"}}};
}

// "got / want"; empty where it fits.
std::string Why(const Eligibility& eligibility, const PartnerStanding& standing = Dealer()) {
  const std::optional<Unfit> unfit = eligibility.WhyUnfit(standing);
  return unfit.has_value() ? StrCat(unfit->got, " / ", unfit->want) : "";
}

TEST(PartnerEligibilityTest, WhoAsksNothingTakesEverybody) {
  EXPECT_FALSE(Eligibility().asks_standing());
  EXPECT_EQ(Why({}), "");
  EXPECT_EQ(Why({}, PartnerStanding()), "");
  const Eligibility by_name{.partners = {"p1"}, .except_partners = {"p2"}};
  EXPECT_FALSE(by_name.asks_standing());
  Eligibility more = by_name;
  more.regions = {"CN"};
  EXPECT_TRUE(more.asks_standing());
  EXPECT_EQ(more.by_name(), by_name);
}

TEST(PartnerEligibilityTest, EachKindIncludesAndExcludes) {
  EXPECT_EQ(Why({.channel_types = {ChannelType::kIndirect, ChannelType::kHybrid}}), "");
  EXPECT_EQ(Why({.channel_types = {ChannelType::kDirect, ChannelType::kHybrid}}),
            "channel type INDIRECT on 2026-02-10 / one of eligibility.channel_types: DIRECT or HYBRID");
  EXPECT_EQ(Why({.except_channel_types = {ChannelType::kIndirect}}),
            "channel type INDIRECT on 2026-02-10 / none of eligibility.except_channel_types: INDIRECT");
  EXPECT_EQ(Why({.except_channel_types = {ChannelType::kDirect}}), "");

  EXPECT_EQ(Why({.regions = {"CN-31", "CN-51"}}), "");
  EXPECT_EQ(Why({.regions = {"CN-5102"}}),
            "region regions/CN-5101 on 2026-02-10 / one of eligibility.regions: regions/CN-5102");
  EXPECT_EQ(Why({.regions = {"CN"}, .except_regions = {"CN-51"}}),
            "region regions/CN-5101 on 2026-02-10 / none of eligibility.except_regions: regions/CN-51");

  EXPECT_EQ(Why({.partner_programs = {"stars"}}), "");
  EXPECT_EQ(Why({.partner_programs = {"growth"}}),
            "gold in partnerPrograms/stars or basic in partnerPrograms/training on 2026-01-01 / one of "
            "eligibility.partner_programs: partnerPrograms/growth");
  EXPECT_NE(Why({.except_partner_programs = {"training"}}), "");

  EXPECT_EQ(Why({.tiers = {{"stars", "gold"}, {"stars", "silver"}}}), "");
  EXPECT_EQ(Why({.tiers = {{"stars", "silver"}}}),
            "gold in partnerPrograms/stars or basic in partnerPrograms/training on 2026-01-01 / one of "
            "eligibility.tiers: silver in partnerPrograms/stars");
  EXPECT_NE(Why({.except_tiers = {{"stars", "gold"}}}), "");
  EXPECT_EQ(Why({.except_tiers = {{"training", "gold"}}}), "");
}

// A line's customer is judged apart from its partner.
TEST(PartnerEligibilityTest, SegmentsOfCustomers) {
  const auto why = [](const Eligibility& eligibility, const char* customer, const char* segment) {
    PartnerStanding sold = Dealer();
    sold.customer = customer;
    sold.segment = segment;
    EXPECT_FALSE(eligibility.WhyUnfit(sold).has_value());
    const std::optional<Unfit> unfit = eligibility.WhyCustomerUnfit(sold);
    return unfit.has_value() ? StrCat(unfit->got, " / ", unfit->want) : "";
  };
  const Eligibility schools{.customer_segments = {"education", "health"}};
  EXPECT_TRUE(schools.asks_standing());
  EXPECT_EQ(schools.by_name(), Eligibility());
  EXPECT_EQ(why(schools, "customers/c1", "health"), "");
  EXPECT_EQ(why(schools, "customers/c1", "retail"),
            "segment retail of customers/c1 on 2026-02-10 / one of eligibility.customer_segments: education or health");
  EXPECT_EQ(why(schools, "Harbor", ""),
            "no known segment of Harbor on 2026-02-10 / one of eligibility.customer_segments: education or health");
  EXPECT_EQ(why(schools, "", ""), "no customer / one of eligibility.customer_segments: education or health");
  const Eligibility others{.except_customer_segments = {"retail"}};
  EXPECT_TRUE(others.asks_segment());
  EXPECT_EQ(why(others, "customers/c1", "retail"),
            "segment retail of customers/c1 on 2026-02-10 / none of eligibility.except_customer_segments: retail");
  EXPECT_EQ(why(others, "customers/c1", "health"), "");
  EXPECT_EQ(why(others, "Harbor", ""), "") << "what is not known is not excluded";
  EXPECT_EQ(why({.customer_segments = {"retail"}, .except_customer_segments = {"retail"}}, "customers/c1", "retail"),
            "segment retail of customers/c1 on 2026-02-10 / none of eligibility.except_customer_segments: retail");
}

// What is not known is in nothing, and not excluded.
TEST(PartnerEligibilityTest, WhatIsNotKnown) {
  const PartnerStanding nothing{.day = DayFor("2026-02-10"), .period_start = DayFor("2026-01-01")};
  EXPECT_EQ(Why({.channel_types = {ChannelType::kDirect}}, nothing),
            "no channel on 2026-02-10 / one of eligibility.channel_types: DIRECT");
  EXPECT_EQ(Why({.regions = {"CN"}}, nothing), "no region on 2026-02-10 / one of eligibility.regions: regions/CN");
  EXPECT_EQ(Why({.tiers = {{"stars", "gold"}}}, nothing),
            "no tier on 2026-01-01 / one of eligibility.tiers: gold in partnerPrograms/stars");
  EXPECT_EQ(Why({.except_tiers = {{"stars", "gold"}},
                 .except_channel_types = {ChannelType::kDirect},
                 .except_regions = {"CN"},
                 .except_partner_programs = {"stars"}},
                nothing),
            "");
}

// Each kind that is given must hold; the first that does not is told.
TEST(PartnerEligibilityTest, AllKindsTogether) {
  Eligibility eligibility{
      .tiers = {{"stars", "gold"}}, .channel_types = {ChannelType::kIndirect}, .regions = {"CN-51"}};
  EXPECT_EQ(Why(eligibility), "");
  eligibility.tiers = {{"stars", "silver"}};
  EXPECT_THAT(Why(eligibility), ::testing::HasSubstr("eligibility.tiers"));
  eligibility.regions = {"CN-50"};
  EXPECT_THAT(Why(eligibility), ::testing::HasSubstr("eligibility.regions"));
  eligibility.channel_types = {ChannelType::kDirect};
  EXPECT_THAT(Why(eligibility), ::testing::HasSubstr("eligibility.channel_types"));
}

}  // namespace
}  // namespace tributary::incentive
