#include "inventory-service/prices/price_resolution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "common/text/text.h"
#include "common/time/testing_time.h"

namespace tributary::inventory {
namespace {

Decimal N(const char* text) { return Decimal::Parse(text).value(); }

const PriceQuestion kQuestion = {.channel = "online",
                                 .tiers = std::vector<HeldTier>{{.tier = "gold"}},
                                 .segment = "schools",
                                 .edition = "pro",
                                 .currency = "CNY",
                                 .quantity = N("100"),
                                 .date = Day("2026-06-01")};

PriceCandidate Entry(
    const char* id, void (*change)(PriceEntry&) = [](PriceEntry&) {}) {
  PriceEntry entry{.price_list = "l",
                   .id = id,
                   .product = "bike",
                   .price = {"CNY", N("800")},
                   .effective = {Day("2026-01-01"), OpenEnd()}};
  change(entry);
  return {.entry = entry};
}

TEST(PriceResolution, WhyAnEntryDoesNotApply) {
  const struct {
    const char* what;
    void (*change)(PriceEntry&);
    PriceVerdict verdict;
    const char* why;
  } kCases[] = {
      {"it does", [](PriceEntry&) {}, PriceVerdict::kWon, "applies, and states nothing"},
      {"out of use", [](PriceEntry& e) { e.state = LifeState::kInactive; }, PriceVerdict::kInactive,
       "the entry is out of use"},
      {"currency", [](PriceEntry& e) { e.price.currency = "USD"; }, PriceVerdict::kOtherCurrency,
       "currency: got CNY, want USD"},
      {"too early", [](PriceEntry& e) { e.effective.start = Day("2026-06-02"); }, PriceVerdict::kNotYetInForce,
       "date: got 2026-06-01, want 2026-06-02 or later"},
      {"too late", [](PriceEntry& e) { e.effective.end = Day("2026-06-01"); }, PriceVerdict::kNoLongerInForce,
       "date: got 2026-06-01, want before 2026-06-01"},
      {"the last day", [](PriceEntry& e) { e.effective.end = Day("2026-06-02"); }, PriceVerdict::kWon,
       "applies, and states nothing"},
      {"edition", [](PriceEntry& e) { e.edition = "lite"; }, PriceVerdict::kOtherEdition,
       "edition: got pro, want lite"},
      {"segment", [](PriceEntry& e) { e.segment = "banks"; }, PriceVerdict::kOtherSegment,
       "segment: got schools, want banks"},
      {"tier", [](PriceEntry& e) { e.tier = "silver"; }, PriceVerdict::kOtherTier, "tier: got gold, want silver"},
      {"channel", [](PriceEntry& e) { e.channel = "shops"; }, PriceVerdict::kOtherChannel,
       "channel: got online, want shops"},
      {"quantity", [](PriceEntry& e) { e.min_quantity = N("100.000001"); }, PriceVerdict::kBelowMinimum,
       "quantity: got 100, want 100.000001 or more"},
      {"just enough", [](PriceEntry& e) { e.min_quantity = N("100"); }, PriceVerdict::kWon,
       "applies, and states nothing"},
      {"the first of two reasons",
       [](PriceEntry& e) {
         e.tier = "silver";
         e.price.currency = "USD";
       },
       PriceVerdict::kOtherCurrency, "currency: got CNY, want USD"},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const PriceResolution resolution = ResolvePrice(kQuestion, {{Entry("e", c.change)}});
    ASSERT_EQ(resolution.outcomes.size(), 1u);
    EXPECT_EQ(resolution.outcomes[0].verdict, c.verdict);
    EXPECT_EQ(resolution.outcomes[0].why, c.why);
    EXPECT_EQ(resolution.winner() != nullptr, c.verdict == PriceVerdict::kWon);
  }
  PriceCandidate of_old_list = Entry("e");
  of_old_list.list_in_use = false;
  EXPECT_EQ(ResolvePrice(kQuestion, {{of_old_list}}).outcomes[0].verdict, PriceVerdict::kInactive);
  EXPECT_EQ(ResolvePrice(kQuestion, {}).winner(), nullptr);
}

// Each beats all that follow.
TEST(PriceResolution, WhichOfThoseThatApplyWins) {
  const std::vector<PriceCandidate> best_first = {
      Entry("edition", [](PriceEntry& e) { e.edition = "pro"; }),
      Entry("segment-tier",
            [](PriceEntry& e) {
              e.segment = "schools";
              e.tier = "gold";
            }),
      Entry("segment", [](PriceEntry& e) { e.segment = "schools"; }),
      Entry("tier-channel",
            [](PriceEntry& e) {
              e.tier = "gold";
              e.channel = "online";
            }),
      Entry("tier", [](PriceEntry& e) { e.tier = "gold"; }),
      Entry("channel", [](PriceEntry& e) { e.channel = "online"; }),
      Entry("hundred", [](PriceEntry& e) { e.min_quantity = N("100"); }),
      Entry("ten", [](PriceEntry& e) { e.min_quantity = N("10"); }),
      Entry("younger", [](PriceEntry& e) { e.effective.start = Day("2026-05-01"); }),
      Entry("a"),
      Entry("b"),
  };
  const std::vector<PriceVerdict> kBehind = {PriceVerdict::kLessSpecific, PriceVerdict::kLessSpecific,
                                             PriceVerdict::kLessSpecific, PriceVerdict::kLessSpecific,
                                             PriceVerdict::kLessSpecific, PriceVerdict::kLessSpecific,
                                             PriceVerdict::kLowerMinimum, PriceVerdict::kLowerMinimum,
                                             PriceVerdict::kOlder,        PriceVerdict::kLaterName};
  for (size_t i = 0; i < best_first.size(); ++i) {
    const std::vector<PriceCandidate> rest(best_first.begin() + static_cast<ptrdiff_t>(i), best_first.end());
    const PriceResolution resolution = ResolvePrice(kQuestion, rest);
    ASSERT_NE(resolution.winner(), nullptr);
    EXPECT_EQ(resolution.winner()->id, best_first[i].entry.id);
    if (i + 1 < best_first.size()) {
      EXPECT_EQ(resolution.outcomes[1].verdict, kBehind[i]) << best_first[i].entry.id;
    }
  }
}

TEST(PriceResolution, SaysWhatTheWinnerHasBefore) {
  const PriceResolution resolution =
      ResolvePrice(kQuestion, {{Entry("all"), Entry("gold", [](PriceEntry& e) { e.tier = "gold"; })}});
  ASSERT_EQ(resolution.outcomes.size(), 2u);
  EXPECT_EQ(resolution.outcomes[0].why, "applies, and states tier");
  EXPECT_EQ(resolution.outcomes[1].why, "states nothing; the winner states tier");
}

// A partner of two programs has two tiers: an entry of either applies, and says which assignment it is for.
TEST(PriceResolution, AnyOfThePartnersTiersFits) {
  PriceQuestion question = kQuestion;
  question.tiers = std::vector<HeldTier>{{.tier = "partnerPrograms/stars/levels/gold",
                                          .assignment = "partners/acme/tierAssignments/a1",
                                          .valid = {Day("2026-02-10"), OpenEnd()}},
                                         {.tier = "partnerPrograms/experts/levels/basic",
                                          .assignment = "partners/acme/tierAssignments/a2",
                                          .valid = {Day("2026-01-01"), Day("2026-07-01")}}};
  const PriceCandidate gold = Entry("gold", [](PriceEntry& e) { e.tier = "partnerPrograms/stars/levels/gold"; });
  const PriceCandidate basic = Entry("basic", [](PriceEntry& e) { e.tier = "partnerPrograms/experts/levels/basic"; });
  const PriceCandidate silver = Entry("silver", [](PriceEntry& e) { e.tier = "partnerPrograms/stars/levels/silver"; });
  const PriceResolution of_gold = ResolvePrice(question, {{Entry("all"), gold, silver}});
  ASSERT_NE(of_gold.winner(), nullptr);
  EXPECT_EQ(of_gold.winner()->id, "gold");
  EXPECT_EQ(of_gold.outcomes[0].why,
            "applies, and states tier, by partners/acme/tierAssignments/a1, from 2026-02-10 on");
  EXPECT_EQ(of_gold.outcomes[2].verdict, PriceVerdict::kOtherTier);
  EXPECT_EQ(of_gold.outcomes[2].why,
            "tier: got partnerPrograms/stars/levels/gold, partnerPrograms/experts/levels/basic, want "
            "partnerPrograms/stars/levels/silver");
  const PriceResolution of_basic = ResolvePrice(question, {{Entry("all"), basic}});
  ASSERT_NE(of_basic.winner(), nullptr);
  EXPECT_EQ(of_basic.outcomes[0].why,
            "applies, and states tier, by partners/acme/tierAssignments/a2, from 2026-01-01 to before 2026-07-01");
  // Two that fit are alike in what they state: the next rules decide.
  EXPECT_EQ(ResolvePrice(question, {{gold, basic}}).winner()->id, "basic");
  question.tiers = std::vector<HeldTier>();
  EXPECT_EQ(ResolvePrice(question, {{gold, basic}}).winner(), nullptr);
}

// What is not known counts as none, and says so.
TEST(PriceResolution, WhatIsNotKnownIsNone) {
  PriceQuestion question = kQuestion;
  question.tiers.reset();
  const PriceCandidate gold = Entry("gold", [](PriceEntry& e) { e.tier = "gold"; });
  const PriceResolution resolution = ResolvePrice(question, {{Entry("all"), gold}});
  EXPECT_EQ(resolution.winner()->id, "all");
  EXPECT_EQ(resolution.outcomes[1].verdict, PriceVerdict::kOtherTier);
  EXPECT_EQ(resolution.outcomes[1].why, "tier: not known, want gold");
}

// Against every way in which it might be: an entry is conceivable where it wins in one of them.
TEST(PriceResolution, WhatIsConceivableWinsSomehow) {
  std::mt19937 random(12);
  const char* kOf[] = {"", "", "x", "y"};
  int conceivable = 0;
  for (int round = 0; round < 1000; ++round) {
    std::vector<PriceCandidate> candidates;
    const size_t count = 1 + random() % 8;
    for (size_t i = 0; i < count; ++i) {
      candidates.push_back(Entry(StrCat("e", i).c_str()));
      PriceEntry& e = candidates.back().entry;
      e.channel = kOf[random() % 4];
      e.tier = kOf[random() % 4];
      e.segment = kOf[random() % 4];
      e.min_quantity = Decimal::FromInt(static_cast<int64_t>(random() % 4) * 50);
      if (random() % 8 == 0) e.state = LifeState::kInactive;
    }
    PriceQuestion question = kQuestion;
    question.channel = "x";
    question.tiers.reset();
    question.segment.reset();
    std::set<std::string> winners;
    for (const char* tier : {"", "x", "y"}) {
      for (const char* segment : {"", "x", "y"}) {
        PriceQuestion known = question;
        known.tiers.emplace();
        if (*tier != '\0') known.tiers->push_back({.tier = tier});
        known.segment = segment;
        const PriceResolution resolution = ResolvePrice(known, candidates);
        const PriceEntry* winner = resolution.winner();
        if (winner != nullptr && !(winner->tier.empty() && winner->segment.empty())) winners.insert(winner->id);
      }
    }
    for (const PriceCandidate& candidate : candidates) {
      const std::string& id = candidate.entry.id;
      const auto found = FindConceivable(question, candidates, [&](const PriceEntry& e) { return e.id == id; });
      ASSERT_EQ(found.has_value(), winners.contains(id)) << id;
      conceivable += found.has_value();
    }
    const auto first = FindConceivable(question, candidates, [](const PriceEntry&) { return true; });
    ASSERT_EQ(first.has_value(), !winners.empty());
    if (first.has_value()) {
      ASSERT_EQ(first->entry->id, *winners.begin());
    }
  }
  EXPECT_GT(conceivable, 1000);
}

// The whole answer, reasons and order included, is the same for every order of the entries.
TEST(PriceResolution, KnowsNoOrder) {
  std::mt19937 random(11);
  const char* kOf[] = {"", "", "x", "y"};
  for (int round = 0; round < 2000; ++round) {
    std::vector<PriceCandidate> candidates;
    const size_t count = random() % 12;
    for (size_t i = 0; i < count; ++i) {
      PriceCandidate candidate = Entry(StrCat("e", i).c_str());
      PriceEntry& e = candidate.entry;
      e.channel = kOf[random() % 4];
      e.tier = kOf[random() % 4];
      e.segment = kOf[random() % 4];
      e.edition = kOf[random() % 4];
      e.min_quantity = Decimal::FromInt(static_cast<int64_t>(random() % 4) * 50);
      e.effective.start = Day("2026-05-30").AddDays(static_cast<int>(random() % 4));
      e.effective.end = random() % 3 == 0 ? e.effective.start.AddDays(1) : OpenEnd();
      e.price.currency = random() % 8 == 0 ? "USD" : "CNY";
      if (random() % 8 == 0) e.state = LifeState::kInactive;
      candidate.list_in_use = random() % 16 != 0;
      candidates.push_back(candidate);
    }
    PriceQuestion question = kQuestion;
    question.channel = question.segment = question.edition = "x";
    question.tiers = std::vector<HeldTier>{{.tier = "x"}};
    const auto told = [&] {
      std::string text;
      for (const PriceOutcome& outcome : ResolvePrice(question, candidates).outcomes) {
        StrAppend(&text, outcome.entry.id, " ", static_cast<int>(outcome.verdict), " ", outcome.why, "\n");
      }
      return text;
    };
    const std::string once = told();
    for (int shuffle = 0; shuffle < 5; ++shuffle) {
      std::shuffle(candidates.begin(), candidates.end(), random);
      ASSERT_EQ(told(), once);
    }
    // One more entry that does not apply changes no price.
    const PriceResolution before = ResolvePrice(question, candidates);
    candidates.push_back(Entry("other", [](PriceEntry& e) { e.price.currency = "EUR"; }));
    const PriceResolution after = ResolvePrice(question, candidates);
    ASSERT_EQ(before.winner() == nullptr, after.winner() == nullptr);
    if (before.winner() != nullptr) {
      ASSERT_EQ(before.winner()->id, after.winner()->id);
    }
  }
}

}  // namespace
}  // namespace tributary::inventory
