#include "inventory-service/partner_reports/derivation.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tributary::inventory {

Derivation::Derivation(std::vector<RankedReport> reports) : reports_(std::move(reports)) {
  std::sort(reports_.begin(), reports_.end(), [](const RankedReport& a, const RankedReport& b) {
    return std::tie(b.rank, a.id) < std::tie(a.rank, b.id);
  });
  for (size_t i = 0; i < reports_.size(); ++i) by_id_.emplace(reports_[i].id, i);
}

const RankedReport* Derivation::Find(const Uuid& id) const {
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : &reports_[at->second];
}

const RankedReport* Derivation::TopOf(const Cell& cell) const {
  const auto top = std::find_if(reports_.begin(), reports_.end(), [&](const RankedReport& report) {
    return report.mode == ReportMode::kSnapshot && report.coverage.Covers(cell);
  });
  return top == reports_.end() ? nullptr : &*top;
}

std::vector<const RankedReport*> Derivation::ContributorsOf(const Cell& cell) const {
  const RankedReport* const top = TopOf(cell);
  std::vector<const RankedReport*> contributors;
  for (const RankedReport& report : reports_) {
    if (top != nullptr && report.rank < top->rank) break;
    if (!report.coverage.Covers(cell)) continue;
    if (report.mode == ReportMode::kAppend || report.rank == top->rank) contributors.push_back(&report);
  }
  return contributors;
}

bool Derivation::Contributes(const Uuid& id, const Cell& cell) const {
  const RankedReport* const report = Find(id);
  if (report == nullptr || !report->coverage.Covers(cell)) return false;
  const RankedReport* const top = TopOf(cell);
  return top == nullptr || report->rank >= top->rank;
}

std::map<RowKey, Standing> Derivation::StandingOf(const std::vector<RankedRow>& rows) const {
  // Row n of equal files is one row.
  std::map<std::pair<const ReportRank*, int64_t>, const RankedRow*> of_file;
  // Equal ranks share one address: the first report's of that rank.
  std::map<Uuid, const ReportRank*> rank_of;
  for (size_t i = 0; i < reports_.size(); ++i) {
    const bool same = i > 0 && reports_[i].rank == reports_[i - 1].rank;
    rank_of[reports_[i].id] = same ? rank_of[reports_[i - 1].id] : &reports_[i].rank;
  }
  // A later repair beats an earlier one, any repair what was read, the first report its repetitions.
  const auto beats = [](const RankedRow& a, const RankedRow& b) {
    if (a.repaired != b.repaired) return a.repaired;
    if (a.repaired && a.read_time != b.read_time) return a.read_time > b.read_time;
    return a.report < b.report;
  };
  for (const RankedRow& row : rows) {
    const auto rank = rank_of.find(row.report);
    if (rank == rank_of.end() || !Contributes(row.report, row.cell)) continue;
    const auto [at, fresh] = of_file.try_emplace({rank->second, row.number}, &row);
    if (!fresh && beats(row, *at->second)) at->second = &row;
  }

  std::map<RowKey, std::pair<const ReportRank*, const RankedRow*>> best;
  for (const auto& [file_row, row] : of_file) {
    const auto [at, fresh] = best.try_emplace(row->key, file_row.first, row);
    if (fresh) continue;
    const auto& [rank, standing] = at->second;
    const bool higher = *file_row.first != *rank ? *file_row.first > *rank : row->digest < standing->digest;
    if (higher) at->second = {file_row.first, row};
  }
  std::map<RowKey, Standing> standing;
  for (const auto& [key, found] : best) standing.emplace(key, Standing{found.second->cell, found.second->digest});
  return standing;
}

std::vector<Disagreement> Derivation::DisagreementsIn(const Cell& cell, const std::map<Uuid, std::string>& told) const {
  std::vector<Disagreement> found;
  const RankedReport* const top = TopOf(cell);
  if (top == nullptr) return found;
  const auto digest_of = [&](const RankedReport& report) {
    const auto at = told.find(report.id);
    return at == told.end() ? std::string() : at->second;
  };
  for (const RankedReport& report : reports_) {
    if (report.mode != ReportMode::kSnapshot || report.rank.revision != top->rank.revision || &report == top) continue;
    if (report.rank == top->rank || !report.coverage.Covers(cell) || digest_of(report) == digest_of(*top)) continue;
    found.push_back({.cell = cell, .winner = top->id, .other = report.id});
  }
  return found;
}

std::vector<RowState> StatesOf(const std::vector<RankedRow>& rows, const std::optional<Standing>& standing) {
  std::vector<RowState> states(rows.size(), RowState::kSuperseded);
  if (!standing.has_value()) return states;
  const RankedRow* bearer = nullptr;
  const auto sooner = [](const RankedRow& a, const RankedRow& b) {
    if (Stands(a.state) != Stands(b.state)) return Stands(a.state);
    return std::tie(a.read_time, a.report, a.number) < std::tie(b.read_time, b.report, b.number);
  };
  for (size_t i = 0; i < rows.size(); ++i) {
    if (Standing{rows[i].cell, rows[i].digest} != *standing) continue;
    states[i] = RowState::kDuplicate;
    if (bearer == nullptr || sooner(rows[i], *bearer)) bearer = &rows[i];
  }
  if (bearer != nullptr) {
    states[bearer - rows.data()] = bearer->repaired ? RowState::kRepaired : RowState::kAccepted;
  }
  return states;
}

}  // namespace tributary::inventory
