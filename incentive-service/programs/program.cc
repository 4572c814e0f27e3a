#include "incentive-service/programs/program.h"

#include <algorithm>
#include <utility>

#include "absl/time/civil_time.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

// The first day of the period that `day` lies in, where that is not the day itself.
void CheckBeginsPeriod(PeriodKind kind, Date day, std::string field, std::vector<FieldViolation>* violations) {
  const Period period = PeriodOf(kind, day);
  if (period.range.start == day) return;
  violations->push_back({std::move(field), day.ToString(),
                         StrCat("the first day of a period, such as ", period.range.start.ToString(), " or ",
                                period.range.end.ToString())});
}

Program Changed(Program program, absl::Time now) {
  ++program.version;
  program.update_time = now;
  return program;
}

}  // namespace

Period PeriodOf(PeriodKind kind, Date day) {
  switch (kind) {
    case PeriodKind::kQuarter:
      return {QuarterId(day), QuarterOf(day)};
  }
  return {};
}

absl::StatusOr<Period> ParsePeriod(PeriodKind kind, std::string_view id) {
  switch (kind) {
    case PeriodKind::kQuarter: {
      ASSIGN_OR_RETURN(const DateRange range, ParseQuarterId(id));
      return Period{std::string(id), range};
    }
  }
  return InvalidField("", id, "a period");
}

std::string_view NameOf(ProgramState state) {
  switch (state) {
    case ProgramState::kDraft:
      return "DRAFT";
    case ProgramState::kActive:
      return "ACTIVE";
    case ProgramState::kEnded:
      return "ENDED";
  }
  return "";
}

std::vector<FieldViolation> CheckTerms(const Program& program, std::string_view field) {
  std::vector<FieldViolation> violations = CheckTiers(program.terms.scale.tiers, StrCat(field, ".tiers"));
  const auto& [from, to] = program.effective;
  CheckBeginsPeriod(program.period, from, StrCat(field, ".effective_from"), &violations);
  if (to == OpenEnd()) return violations;
  CheckBeginsPeriod(program.period, to, StrCat(field, ".effective_to"), &violations);
  if (to <= from) {
    violations.push_back({StrCat(field, ".effective_to"), to.ToString(),
                          StrCat("a day after effective_from, ", from.ToString(), ", or none")});
  }
  return violations;
}

absl::StatusOr<Program> Activate(const Program& program, absl::Time now) {
  if (program.state != ProgramState::kDraft) {
    return WrongState(program.name(), "activate", NameOf(program.state), "DRAFT");
  }
  Program active = Changed(program, now);
  active.state = ProgramState::kActive;
  return active;
}

absl::StatusOr<Program> End(const Program& program, absl::Time now) {
  if (program.state != ProgramState::kActive) {
    return WrongState(program.name(), "end", NameOf(program.state), "ACTIVE");
  }
  Program ended = Changed(program, now);
  ended.state = ProgramState::kEnded;
  const Date today = DayOf(now);
  const Date last =
      today < program.effective.start ? program.effective.start : PeriodOf(program.period, today).range.end;
  ended.effective.end = std::min(program.effective.end, last);
  return ended;
}

absl::StatusOr<Program> Revise(const Program& program, Program revised, absl::Time now) {
  if (program.state != ProgramState::kDraft) {
    return WrongState(program.name(), "update", NameOf(program.state), "DRAFT");
  }
  revised.id = program.id;
  revised.uid = program.uid;
  revised.version = program.version;
  revised.create_time = program.create_time;
  revised.state = program.state;
  return Changed(std::move(revised), now);
}

Date DayOf(absl::Time now) {
  const absl::CivilDay day = absl::ToCivilDay(now, absl::UTCTimeZone());
  return Date::FromDays(static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1)));
}

}  // namespace tributary::incentive
