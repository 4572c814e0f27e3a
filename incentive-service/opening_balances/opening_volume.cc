#include "incentive-service/opening_balances/opening_volume.h"

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/programs/revision.h"

namespace tributary::incentive {

std::string_view KeepsVolumesOut(const Program& program) {
  const Measure measure = program.terms.scale.measure;
  if (measure != Measure::kAmount && measure != Measure::kQuantity) return "another measure than AMOUNT or QUANTITY";
  if (program.terms.max_penalty.has_value()) return "max_penalty";
  if (program.terms.carry_negative) return "carry_negative";
  if (program.rolls_up) return "group ROLL_UP";
  if (program.budget.has_value()) return "a budget";
  if (program.guarantee.has_value()) return "a guarantee";
  if (program.clawback_cap.has_value()) return "a clawback_cap";
  return "";
}

Period PeriodWith(const OpeningBalance& balance, const Program& program) {
  return program.HasDay(balance.date) ? PeriodOf(program.period, balance.date) : Period();
}

absl::StatusOr<Period> DecideVolume(const OpeningBalance& balance, const Program& program, const VolumeGround& ground,
                                    std::string_view path) {
  if (program.state != ProgramState::kActive) {
    return WrongState(program.name(), "begin a period with an opening balance of", NameOf(program.state), "ACTIVE");
  }
  const std::string field = StrCat(path, ".program");
  Period period = PeriodWith(balance, program);
  const Program in_force = period.id.empty() ? program : InForce(program, period.range.start);
  std::string_view with = KeepsVolumesOut(in_force);
  if (with.empty() && ground.stacked) with = "a stacking plan";
  if (!with.empty()) {
    return InvalidField(field, StrCat(program.name(), ", with ", with),
                        "one that is worth what amounts or units of a partner come to");
  }
  if (program.terms.currency != balance.currency) {
    return InvalidField(field, StrCat(program.name(), ", in ", program.terms.currency),
                        StrCat("one in ", balance.currency, ", the balance's currency"));
  }
  if (period.id.empty()) {
    return InvalidField(field, StrCat(program.name(), ", without a period on ", balance.date.ToString()),
                        "one that runs on the day of the balance");
  }
  if (!in_force.eligibility.Includes(balance.partner)) {
    return InvalidField(field, program.name(), StrCat("one that is for partners/", balance.partner));
  }
  for (const std::string& id : ground.closed) {
    ASSIGN_OR_RETURN(const Period closed, ParsePeriod(program.paid(), id));
    if (closed.range.end <= balance.date || closed.range.start >= period.range.end) continue;
    const std::string name = StrCat(program.name(), "/closes/", id);
    return Error(Reason::kPeriodClosed,
                 StrCat(path, ": got ", period.id, " of ", program.name(), ", of which ", name,
                        " is closed, want no close after ", balance.date.ToString()),
                 {{"resource", name}});
  }
  if (ground.lines > 0) {
    return Error(Reason::kStateConflict,
                 StrCat(path, ": got ", ground.lines, " lines that count in ", period.id, " of ", program.name(),
                        " until ", balance.date.ToString(), ", want none: the volume has what they come to"),
                 {{"resource", program.name()}});
  }
  return period;
}

}  // namespace tributary::incentive
