#include "incentive-service/statements/statement.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "incentive-service/engine/evaluation.h"
#include "incentive-service/engine/shares.h"

namespace tributary::incentive {
namespace {

// The statement of one partner; `lines` are sorted by their keys.
absl::StatusOr<StatedPeriod::Stated> StateOne(const Program& program, const Period& period,
                                              absl::Span<const FactLine> lines, absl::Time now) {
  StatedPeriod::Stated stated;
  std::vector<Decimal> amounts;
  amounts.reserve(lines.size());
  Decimal qualifying;
  for (const FactLine& line : lines) {
    amounts.push_back(line.net);
    qualifying += line.net;
  }
  ASSIGN_OR_RETURN(const Evaluation evaluation, Evaluate(program.terms, qualifying));
  const std::vector<int64_t> shares = ShareOut(evaluation.minor, amounts);
  stated.lines.reserve(lines.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    stated.lines.push_back({static_cast<int64_t>(i) + 1, lines[i].fact, lines[i].BasisDate(program.basis),
                            lines[i].product, lines[i].quantity, lines[i].net, shares[i]});
  }
  stated.statement = {.partner = lines.front().partner,
                      .uid = Uuid::New(now),
                      .create_time = now,
                      .update_time = now,
                      .program = program.id,
                      .program_version = program.version,
                      .period = period.id,
                      .line_count = static_cast<int64_t>(lines.size()),
                      .qualifying = qualifying,
                      .total = evaluation.minor};
  return stated;
}

}  // namespace

absl::StatusOr<StatementKey> ParseStatementName(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids,
                   ParseResourceName(name, "partners/{partner}/statements/{statement}", field));
  StatementKey key{std::move(ids[0])};
  const std::string& number = ids[1];
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), key.number);
  if (error != std::errc() || end != number.data() + number.size() || number.front() < '1') return NotFound(name);
  return key;
}

absl::StatusOr<StatedPeriod> StatePeriod(const Program& program, const Period& period, std::vector<FactLine> lines,
                                         absl::Time now) {
  StatedPeriod stated;
  stated.other_currency_lines = static_cast<int64_t>(
      std::erase_if(lines, [&](const FactLine& line) { return line.currency != program.terms.currency; }));
  stated.lines = static_cast<int64_t>(lines.size());
  std::sort(lines.begin(), lines.end(), [&](const FactLine& a, const FactLine& b) {
    return a.partner != b.partner ? a.partner < b.partner : a.Key(program.basis) < b.Key(program.basis);
  });
  for (auto first = lines.begin(); first != lines.end();) {
    const auto last =
        std::find_if(first, lines.end(), [&](const FactLine& line) { return line.partner != first->partner; });
    ASSIGN_OR_RETURN(StatedPeriod::Stated one,
                     StateOne(program, period, absl::MakeConstSpan(&*first, last - first), now));
    stated.total += one.statement.total;
    stated.statements.push_back(std::move(one));
    first = last;
  }
  return stated;
}

}  // namespace tributary::incentive
