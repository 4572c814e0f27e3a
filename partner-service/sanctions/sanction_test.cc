#include "partner-service/sanctions/sanction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/status/status.h"
#include "common/status/status_matchers.h"
#include "common/time/testing_time.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAreArray;

const absl::Time kNow = absl::FromUnixSeconds(1790000000);
const Date kToday = Day("2026-10-05");

Sanction In(SanctionState state, const char* from = "2026-10-05", const char* to = "2026-10-15") {
  return {.partner_id = "p",
          .id = "s",
          .revision = Revision::First(kNow),
          .kind = SanctionKind::kSuspension,
          .level = 1,
          .reason = "Late",
          .effective = {Day(from), Day(to)},
          .state = state};
}

TEST(SanctionTest, SaysAllThatIsWrong) {
  struct Case {
    const char* name;
    std::function<void(Sanction&)> change;
    std::vector<std::string> fields;
  };
  const std::vector<Case> cases = {
      {"good", [](Sanction&) {}, {}},
      {"open", [](Sanction& s) { s.effective.end = OpenEnd(); }, {}},
      {"two lines", [](Sanction& s) { s.reason = "a\nb"; }, {"reason"}},
      {"yesterday", [](Sanction& s) { s.effective.start = Day("2026-10-04"); }, {"effective_from"}},
      {"no day", [](Sanction& s) { s.effective.end = kToday; }, {"effective_to"}},
      {"grants with another kind",
       [](Sanction& s) { s.territory_grants = {"partners/p/territoryGrants/g"}; },
       {"territory_grants"}},
      {"no grants", [](Sanction& s) { s.kind = SanctionKind::kGrantReduction; }, {"territory_grants"}},
      {"another's grant, and no name",
       [](Sanction& s) {
         s.kind = SanctionKind::kGrantReduction;
         s.territory_grants = {"partners/p/territoryGrants/g", "partners/q/territoryGrants/g", "g"};
       },
       {"territory_grants[2]", "territory_grants[1]"}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Sanction sanction = In(SanctionState::kScheduled);
    c.change(sanction);
    const absl::Status checked = CheckContent(sanction, kToday);
    std::vector<std::string> fields;
    for (const FieldViolation& violation : DetailOf(checked).violations) fields.push_back(violation.field);
    EXPECT_THAT(fields, ElementsAreArray(c.fields)) << checked;
  }
}

TEST(SanctionTest, BeginsWithItsFirstDayOneLevelAboveThoseThatLast) {
  Sanction content = In(SanctionState::kScheduled);
  content.level = 0;
  Sanction warned = content, over = content;
  warned.level = 1;
  warned.state = SanctionState::kHalted;
  over.level = 7;
  over.state = SanctionState::kEnded;
  EXPECT_EQ(Impose(content, {}, "manager", kToday, kNow).level, 1);
  const Sanction imposed = Impose(content, {over, warned}, "manager", kToday, kNow);
  EXPECT_EQ(imposed.level, 2);
  EXPECT_EQ(imposed.state, SanctionState::kInForce);
  EXPECT_EQ(imposed.principal, "manager");
  content.level = 5;
  EXPECT_EQ(Impose(content, {warned}, "manager", kToday, kNow).level, 5);
  content.effective.start = kToday.AddDays(1);
  EXPECT_EQ(Impose(content, {}, "manager", kToday, kNow).state, SanctionState::kScheduled);
}

// Every state by every verb and day: what becomes of it; "" nothing, "-" refused.
TEST(SanctionTest, StatesByVerbs) {
  const auto turned = [](const char* day) {
    return [day](const Sanction& s) -> absl::StatusOr<std::optional<Sanction>> { return Turned(s, Day(day), kNow); };
  };
  const std::vector<std::pair<std::string, std::function<absl::StatusOr<std::optional<Sanction>>(const Sanction&)>>>
      verbs = {
          {"the day before", turned("2026-10-04")},
          {"its first day", turned("2026-10-05")},
          {"its last day", turned("2026-10-14")},
          {"the day after", turned("2026-10-15")},
          {"halt", [](const Sanction& s) -> absl::StatusOr<std::optional<Sanction>> { return Halt(s, kNow); }},
          {"resume",
           [](const Sanction& s) -> absl::StatusOr<std::optional<Sanction>> { return Resume(s, kToday, kNow); }},
          {"lift",
           [](const Sanction& s) -> absl::StatusOr<std::optional<Sanction>> {
             ASSIGN_OR_RETURN(Sanction lifted, Lift(s, "Paid", "manager", kNow));
             return std::optional(lifted);
           }},
      };
  const std::vector<std::vector<std::string>> want = {
      // day before, first, last, after, halt, resume, lift
      {"", "IN_FORCE", "IN_FORCE", "ENDED", "HALTED", "", "LIFTED"},
      {"", "", "", "ENDED", "HALTED", "", "LIFTED"},
      {"", "", "", "", "", "IN_FORCE", "LIFTED"},
      {"", "", "", "", "", "", "-"},
      {"", "", "", "", "", "", "-"},
  };
  for (size_t state = 0; state < want.size(); ++state) {
    const Sanction sanction = In(static_cast<SanctionState>(state + 1));
    for (size_t verb = 0; verb < verbs.size(); ++verb) {
      SCOPED_TRACE(verbs[verb].first + " of " + std::string(NameOf(sanction.state)));
      const auto next = verbs[verb].second(sanction);
      if (want[state][verb] == "-") {
        EXPECT_THAT(next, HasReason(Reason::kStateConflict));
        continue;
      }
      ASSERT_OK(next);
      EXPECT_EQ(next->has_value() ? NameOf((*next)->state) : "", want[state][verb]);
      if (next->has_value()) EXPECT_EQ((*next)->revision.version, 2);
    }
  }
}

TEST(SanctionTest, WhatAnAppealTookFromItsDaysIsAddedAtTheirEnd) {
  const Sanction halted = In(SanctionState::kHalted, "2026-10-01", "2026-10-11");
  const std::optional<Sanction> resumed = Resume(halted, kToday, kNow);
  ASSERT_TRUE(resumed.has_value());
  EXPECT_EQ(resumed->effective, (DateRange{kToday, Day("2026-10-15")}));
  const std::optional<Sanction> later = Resume(In(SanctionState::kHalted, "2026-10-09", "2026-10-15"), kToday, kNow);
  EXPECT_EQ(later->state, SanctionState::kScheduled);
  EXPECT_EQ(later->effective.start, Day("2026-10-09"));
  Sanction open = halted;
  open.effective.end = OpenEnd();
  EXPECT_EQ(Resume(open, kToday, kNow)->effective.end, OpenEnd());
}

TEST(SanctionTest, LooksAtTheDayByThePartnersCalendar) {
  const Partner partner{.time_zone = "Asia/Shanghai"};
  const auto instant = [](const char* text) {
    absl::Time time;
    EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, nullptr));
    return time;
  };
  EXPECT_EQ(DueOf(In(SanctionState::kScheduled), partner), instant("2026-10-04T16:00:00Z"));
  EXPECT_EQ(DueOf(In(SanctionState::kInForce), partner), instant("2026-10-14T16:00:00Z"));
  Sanction open = In(SanctionState::kInForce);
  open.effective.end = OpenEnd();
  EXPECT_EQ(DueOf(open, partner), std::nullopt);
  for (const SanctionState state : {SanctionState::kHalted, SanctionState::kEnded, SanctionState::kLifted}) {
    EXPECT_EQ(DueOf(In(state), partner), std::nullopt);
  }
}

}  // namespace
}  // namespace tributary::partner
