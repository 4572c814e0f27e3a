#include "partner-service/partner_programs/partner_program.h"

#include <algorithm>
#include <set>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/months.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

void CheckLevels(const PartnerProgram& program, std::vector<FieldViolation>* violations) {
  std::set<std::string> seen;
  for (size_t i = 0; i < program.levels.size(); ++i) {
    const ProgramLevel& level = program.levels[i];
    const std::string at = StrCat("levels[", i, "]");
    if (!seen.insert(level.id).second) violations->push_back({StrCat(at, ".level"), level.id, "each level once"});
    CheckOneLine(StrCat(at, ".display_name"), level.display_name, violations);
    if (i > 0 && level.criteria.empty()) {
      violations->push_back({StrCat(at, ".criteria"), "none", "at least one above the lowest level"});
    }
    for (size_t c = 0; c < level.criteria.size(); ++c) {
      const std::vector<std::string>& lines = level.criteria[c].product_lines;
      for (size_t l = 0; l < lines.size(); ++l) {
        if (ParseResourceName(lines[l], "productLines/{product_line}").ok()) continue;
        violations->push_back({StrCat(at, ".criteria[", c, "].sales.product_lines[", l, "]"), Printable(lines[l]),
                               "productLines/{product_line}"});
      }
    }
  }
}

}  // namespace

std::string PartnerProgram::name() const { return StrCat("partnerPrograms/", id); }

int RankOf(const PartnerProgram& program, std::string_view level_id) {
  for (size_t i = 0; i < program.levels.size(); ++i) {
    if (program.levels[i].id == level_id) return static_cast<int>(i) + 1;
  }
  return 0;
}

std::vector<std::string> CoursesOf(const PartnerProgram& program) {
  std::set<std::string> courses;
  for (const ProgramLevel& level : program.levels) {
    for (const LevelCriterion& criterion : level.criteria) {
      if (criterion.kind == CriterionKind::kCertificates) courses.insert(criterion.course_id);
    }
  }
  return {courses.begin(), courses.end()};
}

absl::Status CheckContent(const PartnerProgram& program) {
  std::vector<FieldViolation> violations;
  CheckOneLine("display_name", program.display_name, &violations);
  CheckLevels(program, &violations);
  const bool by_calendar = !program.calendar_id.empty();
  if (by_calendar == (program.months > 0)) {
    violations.push_back({"months",
                          by_calendar ? "a fiscal calendar and months" : "neither a fiscal calendar nor months",
                          "a fiscal calendar with a kind of its periods, or a number of months"});
  }
  if (by_calendar != program.period_kind.has_value()) {
    violations.push_back(
        {"period_kind", by_calendar ? "" : std::string(NameOf(*program.period_kind)),
         by_calendar ? "the kind of the periods that are looked at" : "none without a fiscal calendar"});
  }
  return AllOf(std::move(violations));
}

absl::StatusOr<PartnerProgram> Change(const PartnerProgram& program, const PartnerProgram& changed, absl::Time now) {
  PartnerProgram next = changed;
  next.id = program.id;
  next.revision = program.revision.Next(now);
  RETURN_IF_ERROR(CheckContent(next));
  int last = 0;
  for (const ProgramLevel& level : program.levels) {
    const int rank = RankOf(next, level.id);
    if (rank > last) {
      last = rank;
      continue;
    }
    std::vector<std::string> ids;
    for (const ProgramLevel& one : next.levels) ids.push_back(one.id);
    return InvalidField("levels", StrJoin(ids, ", "),
                        StrCat("every level that there is, in its order: ", level.id,
                               rank == 0 ? " is missing" : " stands before one that was below it"));
  }
  return next;
}

std::vector<DateRange> DaysLookedAt(const PartnerProgram& program, const std::vector<FiscalPeriod>& periods,
                                    Date today) {
  if (program.months > 0) return {{AddMonths(today, -program.months).AddDays(1), today.AddDays(1)}};
  std::vector<DateRange> days;
  for (const FiscalPeriod& period : periods) {
    if (period.kind == program.period_kind && period.days.Contains(today)) days.push_back(period.days);
  }
  if (days.empty()) return days;
  for (const FiscalPeriod& period : periods) {
    if (period.kind == program.period_kind && period.days.end == days.front().start) days.push_back(period.days);
  }
  return days;
}

}  // namespace tributary::partner
