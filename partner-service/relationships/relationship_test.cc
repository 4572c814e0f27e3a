#include "partner-service/relationships/relationship.h"

#include <gmock/gmock.h>

#include <string>

#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::HasSubstr;

using Kind = RelationshipKind;

Relationship Of(std::string partner, Kind kind, std::string other, const char* from, const char* to = nullptr,
                std::string id = "x") {
  return {.partner_id = std::move(partner),
          .id = std::move(id),
          .revision = Revision::First(kNow),
          .kind = kind,
          .other_id = std::move(other),
          .valid = {*Date::Parse(from), to == nullptr ? OpenEnd() : *Date::Parse(to)}};
}
Relationship Parent(std::string partner, std::string other, const char* from, const char* to = nullptr) {
  return Of(std::move(partner), Kind::kParent, std::move(other), from, to);
}

TEST(RelationshipTest, IsWithAnotherAndDoesNotEndBeforeItBegins) {
  EXPECT_OK(CheckRelationship(Parent("a", "b", "2026-01-01")));
  EXPECT_OK(CheckRelationship(Parent("a", "b", "2026-01-01", "2026-01-01")));
  EXPECT_THAT(CheckRelationship(Parent("a", "b", "2026-01-02", "2026-01-01")), Blames("valid_to"));
  EXPECT_THAT(CheckRelationship(Parent("a", "a", "2026-01-01")), Blames("other_partner"));
}

TEST(RelationshipTest, WhatMayStandBesideWhat) {
  const std::vector<Relationship> others = {
      Of("a", Kind::kParent, "b", "2026-01-01", "2026-07-01", "parent"),
      Of("a", Kind::kPayee, "b", "2026-01-01", nullptr, "payee"),
      Of("a", Kind::kBuyingGroup, "g", "2026-01-01", nullptr, "group"),
      Of("a", Kind::kSuccessor, "s", "2026-06-01", nullptr, "successor"),
      Of("a", Kind::kEarnsWith, "h", "2026-01-01", nullptr, "earner"),
      Of("a", Kind::kParent, "c", "2027-01-01", "2027-01-01", "never"),
  };
  const struct {
    Relationship relationship;
    const char* conflicts_with;
  } kCases[] = {
      {Of("a", Kind::kParent, "c", "2026-07-01"), nullptr},
      {Of("a", Kind::kParent, "c", "2026-06-30"), "/parent"},
      {Of("a", Kind::kParent, "c", "2025-01-01", "2026-01-01"), nullptr},
      {Of("a", Kind::kParent, "c", "2026-03-01", "2026-03-01"), nullptr},  // never
      {Of("a", Kind::kPayee, "c", "2030-01-01"), "/payee"},
      {Of("a", Kind::kSuccessor, "t", "2026-01-01"), "/successor"},
      {Of("a", Kind::kSuccessor, "t", "2026-01-01", "2026-06-01"), nullptr},
      {Of("a", Kind::kEarnsWith, "i", "2026-06-01"), "/earner"},
      {Of("a", Kind::kEarnsWith, "i", "2025-06-01", "2026-01-01"), nullptr},
      {Of("a", Kind::kBuyingGroup, "h", "2026-01-01"), nullptr},
      {Of("a", Kind::kBuyingGroup, "g", "2026-05-01", "2026-06-01"), "/group"},
      {Of("a", Kind::kBranch, "b", "2026-01-01"), nullptr},
      {Of("a", Kind::kParent, "c", "2026-01-01", nullptr, "parent"), nullptr},  // itself, before the change
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(std::string(NameOf(c.relationship.kind)) + c.relationship.valid.start.ToString());
    const absl::Status status = CheckAlone(c.relationship, others);
    if (c.conflicts_with == nullptr) {
      EXPECT_OK(status);
    } else {
      EXPECT_THAT(status, HasReason(Reason::kValidityOverlap));
      EXPECT_THAT(std::string(status.message()), HasSubstr(c.conflicts_with));
    }
  }
}

TEST(RelationshipTest, ParentsGoInNoCircleOnAnyDay) {
  // b below c in the first half of the year, below d in the second; d below e for ever.
  const std::vector<Relationship> above = {Parent("b", "c", "2026-01-01", "2026-07-01"), Parent("b", "d", "2026-07-01"),
                                           Parent("d", "e", "2020-01-01"),
                                           Parent("c", "a", "2026-07-01")};  // when b is no longer below c
  const struct {
    const char* partner;
    const char* from;
    const char* to;
    const char* day;  // of the circle
  } kCases[] = {
      {"x", "2026-01-01", nullptr, nullptr},      {"a", "2026-01-01", nullptr, nullptr},
      {"b", "2026-01-01", nullptr, "2026-01-01"}, {"c", "2025-01-01", nullptr, "2026-01-01"},
      {"c", "2025-01-01", "2026-01-01", nullptr}, {"c", "2026-07-01", nullptr, nullptr},
      {"d", "2026-01-01", nullptr, "2026-07-01"}, {"e", "2026-01-01", "2026-07-02", "2026-07-01"},
      {"e", "2026-01-01", "2026-07-01", nullptr}, {"e", "2026-08-01", "2026-08-01", nullptr},  // never
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(std::string(c.partner) + " " + c.from);
    const absl::Status status = CheckNoCircle(Parent(c.partner, "b", c.from, c.to), above);
    if (c.day == nullptr) {
      EXPECT_OK(status);
    } else {
      EXPECT_THAT(status, HasReason(Reason::kStateConflict));
      EXPECT_THAT(std::string(status.message()), HasSubstr(c.day));
    }
  }
  EXPECT_THAT(std::string(CheckNoCircle(Parent("e", "b", "2026-01-01"), above).message()),
              HasSubstr("e below b below d below e"));
}

TEST(RelationshipTest, SuccessorsGoInNoCircleOnAnyDay) {
  const std::vector<Relationship> after = {Of("b", Kind::kSuccessor, "c", "2026-01-01", "2026-07-01")};
  EXPECT_OK(CheckNoCircle(Of("a", Kind::kSuccessor, "b", "2026-01-01"), after));
  EXPECT_OK(CheckNoCircle(Of("c", Kind::kSuccessor, "b", "2026-07-01"), after));
  const absl::Status circle = CheckNoCircle(Of("c", Kind::kSuccessor, "b", "2026-01-01"), after);
  EXPECT_THAT(circle, HasReason(Reason::kStateConflict));
  EXPECT_THAT(std::string(circle.message()), HasSubstr("c before b before c"));
}

TEST(RelationshipTest, WhoEarnsTogetherGoesInNoCircleOnAnyDay) {
  const std::vector<Relationship> above = {Of("b", Kind::kEarnsWith, "c", "2026-01-01", "2026-07-01")};
  EXPECT_TRUE(Leads(Kind::kEarnsWith));
  EXPECT_FALSE(Leads(Kind::kPayee));
  EXPECT_OK(CheckNoCircle(Of("c", Kind::kEarnsWith, "b", "2026-07-01"), above));
  const absl::Status circle = CheckNoCircle(Of("c", Kind::kEarnsWith, "b", "2026-01-01"), above);
  EXPECT_THAT(circle, HasReason(Reason::kStateConflict));
  EXPECT_THAT(std::string(circle.message()), HasSubstr("c below b below c"));
}

TEST(RelationshipTest, ItsDaysChange) {
  const Relationship before = Parent("a", "b", "2026-01-01");
  ASSERT_OK_AND_ASSIGN(const Relationship after, Change(before, Parent("z", "z", "2026-02-01", "2026-03-01"), kNow));
  EXPECT_EQ(after.partner_id, "a");
  EXPECT_EQ(after.other_id, "b");
  EXPECT_EQ(after.valid.start.ToString(), "2026-02-01");
  EXPECT_EQ(after.revision.version, 2);
  EXPECT_THAT(Change(before, Parent("a", "b", "2026-02-01", "2026-01-01"), kNow), Blames("valid_to"));
}

}  // namespace
}  // namespace tributary::partner
