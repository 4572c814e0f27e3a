#include "incentive-service/accruals/accrual.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "incentive-service/programs/revision.h"

namespace tributary::incentive {
namespace {

void AddAmount(const Program& program, const std::string& currency, Date basis_date, Decimal amount, int64_t lines,
               AccrualSums* sums) {
  sums->lines += lines;
  if (currency == program.terms.currency || currency.empty()) {
    sums->amount += amount;
  } else {
    ForeignSum& foreign = sums->foreign[{currency, basis_date}];
    foreign.amount += amount;
    foreign.lines += lines;
  }
}

class Moves {
 public:
  // It stays where it is.
  AccrualMove& Of(const Program& program, const std::string& partner, const Period& paid) {
    AccrualMove& move = moves_[{partner, program.id, paid.id}];
    move.period_start = paid.range.start;
    return move;
  }

  std::vector<AccrualMove> Take() {
    std::vector<AccrualMove> moves;
    moves.reserve(moves_.size());
    for (auto& [key, move] : moves_) {
      if (move.sums == AccrualSums() && !move.recounted) continue;
      move.key = key;
      moves.push_back(std::move(move));
    }
    return moves;
  }

 private:
  std::map<AccrualKey, AccrualMove> moves_;
};

// What a day is to a program, found out once for all lines of it.
struct BasisDay {
  Period paid;
  const ClosedPeriod* close = nullptr;  // of the period of the scale
  const std::string* partner = nullptr;
  AccrualMove* move = nullptr;  // of `partner`
};

// Whether the program is for the partner of the line before, of lines that come partner by partner.
class LastPartner {
 public:
  explicit LastPartner(const Program& program) : program_(program) {}
  // The partner of the line where it is eligible, the same string as long as it is the same partner; else nullptr.
  const std::string* Eligible(const FactLine& line) {
    if (partner_ == nullptr || *partner_ != line.partner) {
      partner_ = &line.partner;
      eligible_ = program_.eligibility.Includes(line.partner);
    }
    return eligible_ ? partner_ : nullptr;
  }

 private:
  const Program& program_;
  const std::string* partner_ = nullptr;
  bool eligible_ = false;
};

// `one`: a program of which CountsByDay does not hold, or a part of it.
void AddMoves(const Program& one, const ClosedPeriods& closes, absl::Span<const LineChange> changes, Moves* moves) {
  std::optional<Program> by_name;
  if (one.reads_standing()) {
    by_name = one;
    by_name->eligibility = one.eligibility.by_name();
  }
  const Program& program = by_name.has_value() ? *by_name : one;
  const FactSource source = SourceOf(program.basis);
  LastPartner last(program);
  std::unordered_map<int32_t, BasisDay> days;
  const auto add = [&](const FactLine& line, int sign, absl::Time at) {
    if (line.source != source) return;
    const Date date = line.BasisDate(program.basis);
    if (!program.HasDay(date)) return;
    const std::string* const partner = last.Eligible(line);
    if (partner == nullptr) return;
    BasisDay& day = days[date.days()];
    if (day.paid.id.empty()) {
      day.paid = PeriodOf(program.paid(), date);
      day.close = Find(closes, program, PeriodOf(program.period, date));
    }
    const AccrualSums sums = SumsOf(program, line, day.close);
    if (sums == AccrualSums()) return;
    if (day.partner != partner) {
      day.partner = partner;
      day.move = &moves->Of(program, line.partner, day.paid);
    }
    AccrualMove& move = *day.move;
    move.sums.Add(sums, sign);
    move.true_up_due = day.close != nullptr;
    // Lines are read without whom they name and without costs: a correction of these leaves the sums as they were. So
    // does one of the day, by which somebody else may earn.
    move.recounted = program.count_of.has_value() || program.rolls_up || program.terms.margin.has_value() ||
                     one.eligibility.asks_segment();
    move.at = std::max(move.at, at);
  };
  for (const LineChange& change : changes) {
    if (change.before.has_value()) add(*change.before, -1, change.after.recorded_at);
    add(change.after, 1, change.after.recorded_at);
  }
}

}  // namespace

absl::StatusOr<AccrualKey> ParseAccrualName(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(std::vector<std::string> ids,
                   ParseResourceName(name, "partners/{partner}/accruals/{accrual}", field));
  const size_t dot = ids[1].rfind('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == ids[1].size()) {
    return InvalidField(field, name, "partners/{partner}/accruals/{program}.{period}");
  }
  return AccrualKey{std::move(ids[0]), ids[1].substr(0, dot), ids[1].substr(dot + 1)};
}

void AccrualSums::Add(const AccrualSums& other, int sign) {
  const auto signed_amount = [&](Decimal value) { return sign > 0 ? value : -value; };
  amount += signed_amount(other.amount);
  quantity += signed_amount(other.quantity);
  lines += sign * other.lines;
  other_currency_lines += sign * other.other_currency_lines;
  for (const auto& [key, sum] : other.foreign) {
    ForeignSum& own = foreign[key];
    own.amount += signed_amount(sum.amount);
    own.lines += sign * sum.lines;
    if (own == ForeignSum()) foreign.erase(key);
  }
  AddUnits(other.counted, sign, &counted);
  set += signed_amount(other.set);
  AddPaid(other.paid, sign, &paid);
  AddGoods(other.goods, sign, &goods);
  margin.Add(other.margin, sign);
}

AccrualSums SumsOf(const Program& program, const FactLine& line, const ClosedPeriod* close) {
  AccrualSums sums;
  const std::optional<AbsenceReason> absent = WhyAbsent(program, line, close);
  if (absent == AbsenceReason::kOtherCurrency) sums.other_currency_lines = 1;
  if (absent.has_value()) return sums;
  const Decimal amount = line.Amount(program.amount_of);
  AddAmount(program, line.currency, line.BasisDate(program.basis), amount, 1, &sums);
  sums.quantity = line.quantity;
  if (const std::string_view of = CountedAs(program, line); !of.empty()) {
    AddUnits({{std::string(of), line.quantity}}, 1, &sums.counted);
  }
  if (IsOfSet(program, line)) sums.set = amount;
  if (program.basis == Basis::kPaid) AddPaid({{line.days_to_pay(), line.net}}, 1, &sums.paid);
  AddGoods(GoodsOf(program, line), 1, &sums.goods);
  if (program.terms.margin.has_value()) sums.margin = MarginOfLine(line.net, line.quantity, line.unit_cost);
  return sums;
}

AccrualSums SumsOf(const Program& program, absl::Span<const FactLine> lines, const ClosedPeriod* close) {
  AccrualSums sums;
  for (const FactLine& line : lines) sums.Add(SumsOf(program, line, close));
  return sums;
}

std::vector<AccrualMove> MovesOf(absl::Span<const Program> programs, const ClosedPeriods& closes,
                                 absl::Span<const LineChange> changes) {
  Moves moves;
  for (const Program& program : programs) {
    if (!CountsByDay(program)) {
      AddMoves(program, closes, changes, &moves);
      continue;
    }
    for (const Program& part : PartsOf(program)) AddMoves(part, closes, changes, &moves);
  }
  return moves.Take();
}

std::vector<FactTotal> TotalsOf(const Program& program, absl::Span<const FactLine> lines, const Watermark& watermark) {
  std::vector<FactTotal> totals;
  for (const FactLine& line : lines) {
    if (!WasLive(line, watermark)) continue;
    if (!LinesOn(program, line.BasisDate(program.basis)).Includes(line.product, line.product_line)) continue;
    if (WhyNotEligible(program, line).has_value()) continue;
    FactTotal& total = totals.emplace_back(FactTotal{line.partner,
                                                     line.BasisDate(program.basis),
                                                     line.currency,
                                                     line.Amount(program.amount_of),
                                                     line.quantity,
                                                     1,
                                                     line.recorded_at,
                                                     {},
                                                     {},
                                                     {},
                                                     {},
                                                     {}});
    if (const std::string_view of = CountedAs(program, line); !of.empty()) {
      total.counted.emplace(of, line.quantity);
    }
    if (IsOfSet(program, line)) total.set = total.amount;
    if (program.basis == Basis::kPaid) total.paid.emplace(line.days_to_pay(), line.net);
    total.goods = GoodsOf(program, line);
    if (program.terms.margin.has_value()) total.margin = MarginOfLine(line.net, line.quantity, line.unit_cost);
  }
  return totals;
}

std::vector<AccrualMove> MovesOf(const Program& program, absl::Span<const FactTotal> totals) {
  Moves moves;
  for (const FactTotal& total : totals) {
    if (!program.HasDay(total.basis_date)) continue;
    if (total.currency.empty() && program.needs_amounts()) continue;
    AccrualMove& move = moves.Of(program, total.partner, PeriodOf(program.paid(), total.basis_date));
    if (!total.currency.empty() && total.currency != program.terms.currency && program.rate_type.empty()) {
      move.sums.other_currency_lines += total.lines;
    } else {
      AddAmount(program, total.currency, total.basis_date, total.amount, total.lines, &move.sums);
      move.sums.quantity += total.quantity;
      AddUnits(total.counted, 1, &move.sums.counted);
      move.sums.set += total.set;
      AddPaid(total.paid, 1, &move.sums.paid);
      AddGoods(total.goods, 1, &move.sums.goods);
      move.sums.margin.Add(total.margin);
    }
    move.at = std::max(move.at, total.last_recorded_at);
  }
  return moves.Take();
}

}  // namespace tributary::incentive
