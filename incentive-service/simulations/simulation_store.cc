#include "incentive-service/simulations/simulation_store.h"

#include <map>
#include <string>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/programs/terms_columns.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kOwnColumns =
    "simulation, version, uid, create_time, watermark, statement_count, total, line_count, other_currency_lines";
constexpr size_t kOwnWidth = 9;

Simulation FromRow(const mysql::Row& row) {
  Simulation simulation{
      .id = row.Text(0),
      .uid = row.Id(2),
      .version = row.Int(1),
      .create_time = row.Instant(3),
      .watermark = ParseWatermarkText(row.Bytes(4)),
      .result = {
          .statements = row.Int(5), .total = row.Int(6), .lines = row.Int(7), .other_currency_lines = row.Int(8)}};
  ReadTerms(row, kOwnWidth, &simulation.program);
  return simulation;
}

// Reads the periods of these simulations, all with one statement.
absl::Status ReadPeriods(mysql::Transaction& sql, std::vector<Simulation>* simulations) {
  if (simulations->empty()) return absl::OkStatus();
  std::map<std::string_view, Simulation*> by_id;
  std::string marks;
  mysql::Values values;
  for (Simulation& simulation : *simulations) {
    by_id.emplace(simulation.id, &simulation);
    marks += marks.empty() ? "?" : ", ?";
    values.push_back(simulation.id);
  }
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT simulation, period, partner_count, total FROM simulation_period "
                                    "WHERE simulation IN (",
                                    marks, ") ORDER BY simulation, period"),
                             values));
  for (const mysql::Row& row : rows) {
    by_id.at(row.Bytes(0))->result.periods.push_back({row.Text(1), row.Int(2), row.Int(3)});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Simulation>> Read(mysql::Transaction& sql, std::string_view where,
                                             const mysql::Values& values) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kOwnColumns, ", ", kTermsColumns, " FROM simulation WHERE ", where), values));
  std::vector<Simulation> simulations;
  simulations.reserve(rows.size());
  for (const mysql::Row& row : rows) simulations.push_back(FromRow(row));
  RETURN_IF_ERROR(ReadPeriods(sql, &simulations));
  return simulations;
}

}  // namespace

absl::Status SimulationStore::Insert(mysql::Transaction& sql, const Simulation& simulation) const {
  const SimulationResult& result = simulation.result;
  const std::string watermark = WatermarkText(simulation.watermark);
  const TermsTexts texts(simulation.program);
  mysql::Values values = {simulation.id,     simulation.version, simulation.uid, simulation.create_time,     watermark,
                          result.statements, result.total,       result.lines,   result.other_currency_lines};
  AppendTerms(simulation.program, texts, &values);
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsert(StrCat("INSERT INTO simulation (", kOwnColumns, ", ", kTermsColumns,
                                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                                 values));
  if (!inserted) return AlreadyExists(simulation.name());
  if (result.periods.empty()) return absl::OkStatus();
  values.clear();
  for (const PeriodResult& period : result.periods) {
    values.insert(values.end(), {simulation.id, period.period, period.partners, period.total});
  }
  return sql.InsertRows("INSERT INTO simulation_period (simulation, period, partner_count, total) VALUES", 4, values);
}

absl::StatusOr<Simulation> SimulationStore::Get(mysql::Transaction& sql, std::string_view id) const {
  ASSIGN_OR_RETURN(std::vector<Simulation> simulations, Read(sql, "simulation = ?", {id}));
  if (simulations.empty()) return NotFound(StrCat("simulations/", id));
  return std::move(simulations.front());
}

const std::vector<FilterField>& SimulationStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{FilterField::Timestamp("create_time", "create_time")};
  return fields;
}

absl::StatusOr<std::vector<Simulation>> SimulationStore::List(mysql::Transaction& sql, std::string_view after,
                                                              const SqlPredicate& where, int limit) const {
  mysql::Values values = {after};
  values.insert(values.end(), where.values().begin(), where.values().end());
  values.push_back(limit);
  return Read(sql, StrCat("simulation > ? AND (", where.sql(), ") ORDER BY simulation LIMIT ?"), values);
}

}  // namespace tributary::incentive
