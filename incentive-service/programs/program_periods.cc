#include "incentive-service/programs/program_periods.h"

#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

absl::Status ReadPeriods(mysql::Transaction& sql, std::vector<Program>* programs) {
  std::string marks;
  mysql::Values values;
  for (const Program& program : *programs) {
    if (program.fiscal_calendar.empty()) continue;
    marks += marks.empty() ? "?" : ", ?";
    values.push_back(program.id);
  }
  if (values.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT program, calendar, kind, period, starts_on, ends_on FROM program_period WHERE program "
                       "IN (",
                       marks, ") ORDER BY program, calendar, kind, starts_on"),
                values));
  std::map<std::tuple<std::string, std::string, PeriodKind>, std::vector<Period>> known;
  for (const mysql::Row& row : rows) {
    known[{row.Text(0), row.Text(1), static_cast<PeriodKind>(row.Int(2))}].push_back(
        {row.Text(3), {row.Day(4), row.Day(5)}});
  }
  for (Program& program : *programs) {
    if (program.fiscal_calendar.empty()) continue;
    const auto of = [&](PeriodKind kind) { return Periods(kind, known[{program.id, program.fiscal_calendar, kind}]); };
    program.period = of(program.period.kind());
    if (program.payout_period.has_value()) program.payout_period = of(program.payout_period->kind());
  }
  return absl::OkStatus();
}

absl::Status KeepPeriods(mysql::Transaction& sql, const Program& program) {
  if (!program.period.is_fiscal()) return absl::OkStatus();
  RETURN_IF_ERROR(sql.Execute("DELETE FROM program_period WHERE program = ? AND calendar = ?",
                              {program.id, program.fiscal_calendar})
                      .status());
  mysql::Values values;
  const auto add = [&](const Periods& periods) {
    for (const Period& period : periods.fiscal()) {
      values.insert(values.end(), {program.id, program.fiscal_calendar, static_cast<int>(periods.kind()),
                                   period.range.start, period.range.end, period.id});
    }
  };
  add(program.period);
  if (program.payout_period.has_value()) add(*program.payout_period);
  if (values.empty()) return absl::OkStatus();
  return sql.InsertRows("INSERT INTO program_period (program, calendar, kind, starts_on, ends_on, period) VALUES", 6,
                        values);
}

}  // namespace tributary::incentive
