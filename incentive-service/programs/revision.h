#pragma once

// Revisions of programs by name: programs/{program}@{version}. Every change of a program makes the next one, and all
// are kept. And revisions of programs that accrue: other terms from a period on, whose beginning no closed period has
// reached. A period has the terms that hold on its first day, in all that is said of it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

struct RevisionName {
  std::string id;                  // the program's
  std::optional<int64_t> version;  // nullopt: as it is now
};

// programs/{program}, or with @{version}, a number from 1. INVALID_FIELD `field`.
absl::StatusOr<RevisionName> ParseRevisionName(std::string_view name, std::string_view field = "name");

// "programs/growth@3".
std::string RevisionNameOf(const Program& program);

// The terms of the period of the scale that begins on that day; and the program with them and with the version that
// brought them.
const Terms& TermsOn(const Program& program, Date period_start);
Program InForce(const Program& program, Date period_start);

// Which lines count on the day, and for whom; and how late they may come, of the period that begins on that day.
const LineFilter& LinesOn(const Program& program, Date day);
const Eligibility& EligibilityOn(const Program& program, Date day);
std::optional<int> GraceDaysOn(const Program& program, Date period_start);
std::optional<int> ClawbackDaysOn(const Program& program, Date period_start);

CountedTerms CountedOf(const Program& program);
// Whether other lines count in some of its time than in the rest, or for others.
bool CountsByDay(const Program& program);
// The program cut where it was revised, by day: each part with its own time and all that holds in it, and without
// revisions. A program of which CountsByDay does not hold is one part, as it is.
std::vector<Program> PartsOf(const Program& program);

// An active program whose terms become those of `revised` on `starts_on`, or why they cannot, in this order:
//   STATE_CONFLICT  it is not active
//   INVALID_FIELD   starts_on: begins no period of the scale, or lies outside the program's time, or before the
//   beginning of
//                   the revision before
//   PERIOD_CLOSED   a period that begins then or later is closed: `closed` are ids of its closed payout periods
// A revision that begins on the same day takes the place of the one before. What belongs neither to the terms nor to
// CountedTerms is not looked at: it stays as it is.
absl::StatusOr<Program> ReviseFrom(const Program& program, const Program& revised, Date starts_on,
                                   const std::vector<std::string>& closed, absl::Time now);

// Why other lines cannot count in a program from a period on, or not for others, since more than its own lines of that
// period rests on which do: what it measures growth by, groups, what partners are, matched returns, costs that were
// stated, who is named by a guarantee or charged by name. Empty where they can. `next`: with the other ones.
std::string WhyCountedStays(const Program& program, const Program& next);

}  // namespace tributary::incentive
