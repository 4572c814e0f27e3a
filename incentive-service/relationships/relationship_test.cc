#include "incentive-service/relationships/relationship.h"

#include <algorithm>
#include <random>

#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::incentive {
namespace {

Date SuccessionDay(std::string_view text) { return *Date::Parse(text); }

Relationship Successor(int64_t seq, std::string partner, std::string id, std::string other, const char* from,
                       const char* to = "9999-12-31") {
  return {.partner = std::move(partner),
          .id = std::move(id),
          .seq = seq,
          .kind = RelationshipKind::kSuccessor,
          .other = std::move(other),
          .valid = {SuccessionDay(from), SuccessionDay(to)}};
}

std::string LinksText(const char* day, const std::vector<Relationship>& told, const Watermark* known = nullptr) {
  std::string text;
  for (const GroupLink& link : SuccessorsOn(SuccessionDay(day), told, known)) {
    StrAppend(&text, text.empty() ? "" : " ", link.partner, ">", link.other);
  }
  return text;
}

TEST(KnownRelationshipTest, WhatWasToldLastHolds) {
  std::vector<Relationship> told = {
      Successor(1, "a", "s", "b", "2026-02-01"),
      Successor(4, "a", "s", "b", "2026-04-01"),
      Successor(9, "a", "s", "b", "2026-04-01", "2026-04-01"),  // it never was
      Successor(2, "c", "s", "d", "2026-01-01", "2026-07-01"),
  };
  told.push_back(told[0]);
  told.back().id = "t";
  told.back().kind = RelationshipKind::kEarnsWith;
  const Watermark early = {3}, later = {8};
  for (unsigned seed = 0; seed < 20; ++seed) {
    std::shuffle(told.begin(), told.end(), std::mt19937(seed));
    EXPECT_EQ(LinksText("2026-03-31", told, &early), "a>b c>d");
    EXPECT_EQ(LinksText("2026-03-31", told, &later), "c>d");
    EXPECT_EQ(LinksText("2026-06-30", told, &later), "a>b c>d");
    EXPECT_EQ(LinksText("2026-07-01", told, &later), "a>b");
    EXPECT_EQ(LinksText("2026-06-30", told), "c>d");
  }
  const Watermark nothing;
  EXPECT_EQ(LinksText("2026-06-30", told, &nothing), "");
}

TEST(KnownRelationshipTest, WhoEarnsWithWhomOnSomeOfTheDays) {
  std::vector<Relationship> told = {
      Successor(1, "a", "s", "b", "2026-01-01"), Successor(2, "c", "e", "d", "2026-02-10", "2026-05-01"),
      Successor(3, "c", "f", "x", "2026-04-01"), Successor(4, "g", "e", "x", "2026-02-01"),
      Successor(5, "g", "e", "x", "2026-02-01", "2026-02-01")};  // it never was
  for (size_t i = 1; i < told.size(); ++i) told[i].kind = RelationshipKind::kEarnsWith;
  const auto text = [&](const char* from, const char* end, const Watermark* known) {
    std::string links;
    for (const GroupLink& link : EarningLinksOn({SuccessionDay(from), SuccessionDay(end)}, told, known)) {
      StrAppend(&links, links.empty() ? "" : " ", link.partner, link.relation == GroupRelation::kSuccessor ? ">>" : ">",
                link.other);
    }
    return links;
  };
  EXPECT_EQ(text("2026-01-01", "2026-04-01", nullptr), "a>>b c>d");
  EXPECT_EQ(text("2026-01-01", "2026-02-10", nullptr), "a>>b");
  EXPECT_EQ(text("2026-04-01", "2026-07-01", nullptr), "a>>b c>d c>x");
  EXPECT_EQ(text("2026-05-01", "2026-07-01", nullptr), "a>>b c>x");
  const Watermark known = {4};
  EXPECT_EQ(text("2026-01-01", "2026-04-01", &known), "a>>b c>d g>x");
}

TEST(KnownRelationshipTest, AMergeComesBeforeOtherSuccessors) {
  std::vector<Relationship> told = {Successor(1, "a", "s", "b", "2026-01-01"), Successor(2, "a", "", "c", "1970-01-01"),
                                    Successor(3, "z", "s", "b", "2026-01-01")};
  EXPECT_EQ(LinksText("2026-06-30", told), "a>c z>b");
  told.push_back(Successor(4, "a", "", "a", "1970-01-01", "1970-01-01"));  // undone
  EXPECT_EQ(LinksText("2026-06-30", told), "a>b z>b");
}

}  // namespace
}  // namespace tributary::incentive
