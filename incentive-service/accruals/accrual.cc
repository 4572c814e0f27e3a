#include "incentive-service/accruals/accrual.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"

namespace tributary::incentive {
namespace {

class Moves {
 public:
  void Add(const Program& program, const FactTotal& total, int sign) {
    if (!program.effective.Contains(total.basis_date)) return;
    const Period period = PeriodOf(program.period, total.basis_date);
    AccrualMove& move = moves_[{total.partner, program.id, period.id}];
    move.period_start = period.range.start;
    if (total.currency == program.terms.currency) {
      move.qualifying += sign > 0 ? total.net : -total.net;
      move.lines += sign * total.lines;
    } else {
      move.other_currency_lines += sign * total.lines;
    }
    move.at = std::max(move.at, total.last_recorded_at);
  }

  std::vector<AccrualMove> Take() {
    std::vector<AccrualMove> moves;
    moves.reserve(moves_.size());
    for (auto& [key, move] : moves_) {
      move.key = key;
      moves.push_back(std::move(move));
    }
    return moves;
  }

 private:
  std::map<AccrualKey, AccrualMove> moves_;
};

}  // namespace

absl::StatusOr<AccrualKey> ParseAccrualName(std::string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids, ParseResourceName(name, "partners/{partner}/accruals/{accrual}"));
  const size_t dot = ids[1].rfind('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == ids[1].size()) {
    return InvalidField("name", name, "partners/{partner}/accruals/{program}.{period}");
  }
  return AccrualKey{std::move(ids[0]), ids[1].substr(0, dot), ids[1].substr(dot + 1)};
}

std::vector<AccrualMove> MovesOf(absl::Span<const Program> programs, const LiveChanges& changes) {
  Moves moves;
  const auto add = [&](const std::vector<FactLine>& lines, int sign) {
    for (const FactLine& line : lines) {
      FactTotal total{line.partner, {}, line.currency, line.net, 1, line.recorded_at};
      for (const Program& program : programs) {
        total.basis_date = line.BasisDate(program.basis);
        moves.Add(program, total, sign);
      }
    }
  };
  add(changes.entered, 1);
  add(changes.left, -1);
  return moves.Take();
}

std::vector<AccrualMove> MovesOf(const Program& program, absl::Span<const FactTotal> totals) {
  Moves moves;
  for (const FactTotal& total : totals) moves.Add(program, total, 1);
  return moves.Take();
}

}  // namespace tributary::incentive
