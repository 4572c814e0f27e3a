#include "incentive-service/standings/standings.h"

#include <algorithm>
#include <random>

#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "incentive-service/accruals/accrual.h"
#include "incentive-service/accruals/counting.h"

namespace tributary::incentive {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

Date StandingDay(std::string_view text) { return *Date::Parse(text); }

ToldAttribute Told(int64_t seq, AttributeKind kind, std::string subject, std::string value, const char* from,
                   const char* to = "9999-12-31", std::string key = "") {
  return {.kind = kind,
          .subject = std::move(subject),
          .key = std::move(key),
          .seq = seq,
          .value = std::move(value),
          .valid = {StandingDay(from), StandingDay(to)}};
}

constexpr const char* kAlways = "1970-01-01";

// p1 is at home in CN-5101, from March on in CN-31, and promoted on 10 February.
std::vector<ToldAttribute> Known() {
  return {Told(1, AttributeKind::kRegionParent, "CN-51", "CN", kAlways),
          Told(2, AttributeKind::kRegionParent, "CN-5101", "CN-51", kAlways),
          Told(3, AttributeKind::kRegionParent, "CN-31", "CN", kAlways),
          Told(4, AttributeKind::kChannelType, "dealers", "INDIRECT", kAlways),
          Told(5, AttributeKind::kHomeRegion, "p1", "CN-5101", kAlways),
          Told(6, AttributeKind::kChannel, "p1", "dealers", kAlways),
          Told(7, AttributeKind::kTier, "p1", "stars/silver", "2025-11-01", "9999-12-31", "a1"),
          Told(8, AttributeKind::kTier, "p1", "stars/silver", "2025-11-01", "2026-02-10", "a1"),
          Told(9, AttributeKind::kTier, "p1", "stars/gold", "2026-02-10", "9999-12-31", "a2"),
          Told(10, AttributeKind::kHomeRegion, "p1", "CN-31", "2026-03-01")};
}

// "INDIRECT CN-5101<CN-51<CN stars/gold" on that day, with the quarter's tiers.
std::string TextOf(const Standings& standings, const char* day, const std::string& partner = "p1") {
  const Date on = StandingDay(day);
  const PartnerStanding standing = standings.On(partner, on, PeriodOf(PeriodKind::kQuarter, on).range.start);
  std::string text = standing.channel_type.has_value() ? std::string(NameOf(*standing.channel_type)) : "-";
  StrAppend(&text, " ", StrJoin(standing.regions, "<"));
  for (const PartnerTier& tier : standing.tiers) StrAppend(&text, " ", tier.partner_program, "/", tier.level);
  return text;
}

TEST(StandingsTest, RegionsAndChannelsHoldOnTheDayTiersFromThePeriodsBeginning) {
  std::vector<ToldAttribute> told = Known();
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::shuffle(told.begin(), told.end(), std::mt19937(seed));
    const Standings standings(told, nullptr);
    EXPECT_EQ(TextOf(standings, "2010-05-05"), "INDIRECT CN-5101<CN-51<CN");
    EXPECT_EQ(TextOf(standings, "2025-12-31"), "INDIRECT CN-5101<CN-51<CN") << "silver came within the quarter";
    EXPECT_EQ(TextOf(standings, "2026-02-09"), "INDIRECT CN-5101<CN-51<CN stars/silver");
    EXPECT_EQ(TextOf(standings, "2026-02-28"), "INDIRECT CN-5101<CN-51<CN stars/silver") << "gold counts from April on";
    EXPECT_EQ(TextOf(standings, "2026-03-01"), "INDIRECT CN-31<CN stars/silver");
    EXPECT_EQ(TextOf(standings, "2026-04-01"), "INDIRECT CN-31<CN stars/gold");
    EXPECT_EQ(TextOf(standings, "2026-04-01", "p2"), "- ");
  }
}

TEST(StandingsTest, WhatWasKnownThen) {
  const Watermark before_the_move = {9}, before_the_promotion = {7}, nothing;
  EXPECT_EQ(TextOf(Standings(Known(), &before_the_move), "2026-04-01"), "INDIRECT CN-5101<CN-51<CN stars/gold");
  EXPECT_EQ(TextOf(Standings(Known(), &before_the_promotion), "2026-04-01"), "INDIRECT CN-5101<CN-51<CN stars/silver");
  EXPECT_EQ(TextOf(Standings(Known(), &nothing), "2026-04-01"), "- ");
}

TEST(StandingsTest, ARegionMovesAndIsTakenBack) {
  std::vector<ToldAttribute> told = Known();
  told.push_back(Told(11, AttributeKind::kRegionParent, "CN-5101", "CN-50", "2026-02-15"));
  EXPECT_EQ(TextOf(Standings(told, nullptr), "2026-02-14"), "INDIRECT CN-5101<CN-51<CN stars/silver");
  EXPECT_EQ(TextOf(Standings(told, nullptr), "2026-02-15"), "INDIRECT CN-5101<CN-50 stars/silver");
  told.push_back(Told(12, AttributeKind::kRegionParent, "CN-5101", "", "2026-02-20"));
  EXPECT_EQ(TextOf(Standings(told, nullptr), "2026-02-20"), "INDIRECT CN-5101 stars/silver");
  // A circle ends where it closes.
  told.push_back(Told(13, AttributeKind::kRegionParent, "CN", "CN-5101", kAlways));
  EXPECT_EQ(TextOf(Standings(told, nullptr), "2026-02-01"), "INDIRECT CN-5101<CN-51<CN stars/silver");
}

TEST(StandingsTest, ADemotionToNothingAndAChannelsOtherType) {
  std::vector<ToldAttribute> told = Known();
  told.push_back(Told(11, AttributeKind::kTier, "p1", "stars/gold", "2026-02-10", "2026-06-01", "a2"));
  told.push_back(Told(12, AttributeKind::kTier, "p1", "stars/", "2026-06-01", "9999-12-31", "a3"));
  told.push_back(Told(13, AttributeKind::kTier, "p1", "training/basic", "2026-01-01", "9999-12-31", "b1"));
  told.push_back(Told(14, AttributeKind::kChannelType, "dealers", "HYBRID", "2026-05-01"));
  told.push_back(Told(15, AttributeKind::kChannel, "p1", "", "2026-08-01"));
  EXPECT_EQ(TextOf(Standings(told, nullptr), "2026-04-30"), "INDIRECT CN-31<CN stars/gold training/basic");
  EXPECT_EQ(TextOf(Standings(told, nullptr), "2026-06-30"), "HYBRID CN-31<CN stars/gold training/basic");
  EXPECT_EQ(TextOf(Standings(told, nullptr), "2026-07-31"), "HYBRID CN-31<CN training/basic");
  EXPECT_EQ(TextOf(Standings(told, nullptr), "2026-08-01"), "- CN-31<CN training/basic");
}

Program Asking(Eligibility eligibility, const char* from = "2026-01-01", Date to = OpenEnd()) {
  Program program;
  program.id = "asking";
  program.state = ProgramState::kActive;
  program.terms.currency = "USD";
  program.effective = {StandingDay(from), to};
  program.eligibility = std::move(eligibility);
  return program;
}

TEST(StandingsTest, WhetherAProgramIsEverForAPartner) {
  const Standings standings(Known(), nullptr);
  EXPECT_TRUE(standings.EverFits(Asking({.tiers = {{"stars", "gold"}}}), "p1")) << "from April on";
  EXPECT_FALSE(
      standings.EverFits(Asking({.tiers = {{"stars", "gold"}}}, "2026-01-01", StandingDay("2026-04-01")), "p1"))
      << "it ends before";
  EXPECT_FALSE(standings.EverFits(Asking({.tiers = {{"stars", "platinum"}}}), "p1"));
  EXPECT_TRUE(standings.EverFits(Asking({.regions = {"CN-51"}}), "p1")) << "until March";
  EXPECT_FALSE(standings.EverFits(Asking({.regions = {"CN-51"}}, "2026-04-01"), "p1"));
  EXPECT_TRUE(standings.EverFits(Asking({.except_regions = {"CN-51"}}, "2026-04-01"), "p1"));
  EXPECT_FALSE(standings.EverFits(Asking({.regions = {"CN"}}), "p2"));
}

FactLine LineOn(const char* day) {
  FactLine line;
  line.partner = "p1";
  line.order_basis = line.ship_basis = StandingDay(day);
  line.net = Decimal::FromInt(100);
  line.quantity = Decimal::FromInt(1);
  line.currency = "USD";
  return line;
}

// The sums that are stored have what may count; what does is worked out from lines with their standing.
TEST(StandingsTest, LinesCountByWhatTheirPartnerWas) {
  const Program program = Asking({.regions = {"CN-51"}});
  ASSERT_TRUE(program.reads_lines());
  EXPECT_FALSE(program.measures_lines());
  std::vector<FactLine> lines = {LineOn("2026-02-28"), LineOn("2026-03-01"), LineOn("2026-02-28")};
  EXPECT_EQ(SumsOf(program, lines, nullptr).lines, 0) << "nobody has written down what the partner was";
  const LineChange change{std::nullopt, lines[1]};
  const std::vector<AccrualMove> moves = MovesOf(absl::MakeConstSpan(&program, 1), {}, absl::MakeConstSpan(&change, 1));
  ASSERT_THAT(moves, SizeIs(1));
  EXPECT_EQ(moves[0].sums.lines, 1);

  Standings(Known(), nullptr).Attribute(program, &lines);
  EXPECT_EQ(lines[0].standing, lines[2].standing);
  EXPECT_EQ(SumsOf(program, lines, nullptr).lines, 2);
  EXPECT_FALSE(WhyAbsent(program, lines[0], nullptr).has_value());
  EXPECT_EQ(WhyAbsent(program, lines[1], nullptr), AbsenceReason::kPartnerNotEligible);
  EXPECT_THAT(TotalsOf(program, lines, Watermark{100}), SizeIs(2));
  Program named = program;
  named.eligibility.except_partners = {"p1"};
  EXPECT_EQ(WhyAbsent(named, lines[0], nullptr), AbsenceReason::kPartnerNotEligible);
  EXPECT_THAT(TotalsOf(named, lines, Watermark{100}), IsEmpty());
}

// A customer is what it was on the line's day, one that was merged what the other one was, all along.
TEST(StandingsTest, LinesCountByWhatTheirCustomerWas) {
  std::vector<ToldAttribute> told = Known();
  told.push_back(Told(11, AttributeKind::kSegment, "a", "retail", kAlways));
  told.push_back(Told(12, AttributeKind::kSegment, "a", "schools", "2026-02-10"));
  told.push_back(Told(13, AttributeKind::kSegment, "b", "retail", kAlways));
  told.push_back(Told(14, AttributeKind::kMergedInto, "b", "a", kAlways));
  told.push_back(Told(15, AttributeKind::kMergedInto, "b", "", kAlways));
  const auto counts = [&](const char* customer, const char* day, const Watermark& known) {
    Program program = Asking({.customer_segments = {"schools"}});
    std::vector<FactLine> lines = {LineOn(day)};
    lines[0].parties.customer = customer;
    Standings(told, &known).Attribute(program, &lines);
    const std::optional<AbsenceReason> absent = WhyAbsent(program, lines[0], nullptr);
    EXPECT_TRUE(!absent.has_value() || absent == AbsenceReason::kCustomerNotEligible);
    EXPECT_EQ(TotalsOf(program, lines, Watermark{100}).empty(), absent.has_value());
    program.eligibility = {.except_customer_segments = {"schools"}};
    EXPECT_EQ(WhyAbsent(program, lines[0], nullptr).has_value(), !absent.has_value());
    return !absent.has_value();
  };
  EXPECT_FALSE(counts("customers/a", "2026-02-09", {15}));
  EXPECT_TRUE(counts("customers/a", "2026-02-10", {15}));
  EXPECT_FALSE(counts("customers/a", "2026-02-10", {11})) << "nobody knew";
  EXPECT_FALSE(counts("customers/b", "2026-02-10", {13}));
  EXPECT_TRUE(counts("customers/b", "2026-02-10", {14}));
  EXPECT_FALSE(counts("customers/b", "2026-02-10", {15})) << "the merge was undone";
  EXPECT_FALSE(counts("a", "2026-02-10", {15})) << "the partner's own word";
  EXPECT_FALSE(counts("customers/a/b", "2026-02-10", {15}));
  EXPECT_FALSE(counts("customers/c", "2026-02-10", {15}));
  // Two customers of one partner and day are two.
  const Program program = Asking({.customer_segments = {"schools"}});
  std::vector<FactLine> both = {LineOn("2026-02-10"), LineOn("2026-02-10")};
  both[0].parties.customer = "customers/a";
  both[1].parties.customer = "customers/b";
  Standings(told, nullptr).Attribute(program, &both);
  EXPECT_EQ(SumsOf(program, both, nullptr).lines, 1);
}

// That another customer is meant changes no sum, and may change which lines count.
TEST(StandingsTest, ACorrectionOfTheCustomerIsLookedAt) {
  const Program program = Asking({.customer_segments = {"schools"}});
  FactLine before = LineOn("2026-02-10"), after = before;
  after.parties.customer = "customers/a";
  const LineChange change{before, after};
  const std::vector<AccrualMove> moves = MovesOf(absl::MakeConstSpan(&program, 1), {}, absl::MakeConstSpan(&change, 1));
  ASSERT_THAT(moves, SizeIs(1));
  EXPECT_TRUE(moves[0].recounted);
}

}  // namespace
}  // namespace tributary::incentive
