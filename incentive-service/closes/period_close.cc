#include "incentive-service/closes/period_close.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

absl::StatusOr<CloseKey> ParseCloseName(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "programs/{program}/closes/{close}"));
  return CloseKey{std::move(ids[0]), std::move(ids[1])};
}

std::optional<Period> PayoutBefore(const Program& program, const Period& payout) {
  if (payout.range.start <= program.effective.start) return std::nullopt;
  return PeriodOf(program.paid(), payout.range.start.AddDays(-1));
}

absl::StatusOr<Period> RunningOn(const Program& program, Date day) {
  Period running = PeriodOf(program.paid(), day);
  if (!running.id.empty()) return running;
  const std::string calendar = StrCat("fiscalCalendars/", program.fiscal_calendar);
  return Error(
      Reason::kStateConflict,
      StrCat(program.name(), ": got ", day.ToString(), ", which ", calendar, " has no period for, want it extended"),
      {{"resource", calendar}});
}

absl::Time OnceEnded(const Program& program, std::string_view period_id, absl::Time now) {
  const absl::StatusOr<Period> period = ParsePeriod(program.paid(), period_id);
  return period.ok() ? std::max(now, StartOf(program, period->range.end)) : now;
}

absl::StatusOr<Period> DecideClose(const Program& program, std::string_view period_id, absl::Time now, bool closed,
                                   bool open_before) {
  if (program.state == ProgramState::kDraft) {
    return WrongState(program.name(), "close a period of", NameOf(program.state), "ACTIVE or ENDED");
  }
  const absl::StatusOr<Period> period = ParsePeriod(program.paid(), period_id);
  if (!period.ok()) return AtField(period.status(), "name");
  const auto& [start, end] = period->range;
  if (!program.effective.Contains(start)) {
    return InvalidField(
        "name", period_id,
        StrCat("a period of ", program.name(), ", which runs from ", program.effective.start.ToString(),
               program.effective.end == OpenEnd() ? " on" : " until " + program.effective.end.ToString()));
  }
  const Date today = DayOf(program, now);
  if (today < end) {
    return Error(Reason::kPeriodNotEnded,
                 StrCat(program.name(), " ", period_id, ": got ", today.ToString(), ", want a day from ",
                        end.ToString(), " on (", program.time_zone.empty() ? "UTC" : program.time_zone, ")"),
                 {{"period", std::string(period_id)}, {"period_end", end.ToString()}});
  }
  if (closed) {
    return Error(Reason::kPeriodClosed, StrCat(program.name(), " ", period_id, " is closed already"),
                 {{"resource", StrCat(program.name(), "/closes/", period_id)}});
  }
  if (open_before) {
    const std::string before = PayoutBefore(program, *period)->id;
    return Error(Reason::kStateConflict,
                 StrCat(program.name(), " ", period_id, ": got ", before, " open, want it closed first"),
                 {{"resource", StrCat(program.name(), "/closes/", before)}});
  }
  return *period;
}

PeriodClose CloseOf(const Program& program, const Period& period, const StatedPeriod& stated, Watermark watermark,
                    absl::Time now) {
  return {.program = program.id,
          .period = period.id,
          .program_version = program.version,
          .close_time = now,
          .watermark = std::move(watermark),
          .total = stated.total,
          .currency = program.terms.currency,
          .lines = stated.lines,
          .other_currency_lines = stated.other_currency_lines,
          .unpriced_lines = stated.unpriced_lines,
          .true_ups = std::count_if(stated.entries.begin(), stated.entries.end(), [](const PartnerEntry& one) {
            return one.entry.kind == StatementEntryKind::kTrueUp;
          })};
}

}  // namespace tributary::incentive
