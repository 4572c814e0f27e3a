#include "incentive-service/simulations/simulation_store.h"

#include <map>
#include <string>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/listing/list_rows.h"
#include "incentive-service/programs/terms_columns.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kOwnColumns =
    "simulation, version, uid, create_time, watermark, statement_count, total, line_count, other_currency_lines, "
    "free_goods, stacking_plan, stacking_plan_version, in_place_of";
constexpr size_t kOwnWidth = 13;

Simulation FromRow(const mysql::Row& row) {
  Simulation simulation{.id = row.Text(0),
                        .uid = row.Id(2),
                        .version = row.Int(1),
                        .create_time = row.Instant(3),
                        .watermark = ParseWatermarkText(row.Bytes(4)),
                        .result = {.statements = row.Int(5),
                                   .total = row.Int(6),
                                   .lines = row.Int(7),
                                   .other_currency_lines = row.Int(8),
                                   .free_goods = row.Dec(9)}};
  if (!row.Bytes(10).empty()) {
    simulation.plan = PlanTried{row.Text(10), row.Int(11), row.Text(12)};
  } else {
    simulation.in_place_of = row.Text(12);
  }
  if (simulation.has_terms()) {
    ReadTerms(row, kOwnWidth, &simulation.program);
  } else {
    simulation.program.terms.currency = row.Text(kOwnWidth + kTermsCurrency);
  }
  return simulation;
}

// Reads the periods, members and comparisons of these simulations, each with one statement.
absl::Status ReadParts(mysql::Transaction& sql, std::vector<Simulation>* simulations) {
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
  ASSIGN_OR_RETURN(
      const mysql::Rows members,
      sql.Query(StrCat("SELECT simulation, program, program_version, partner_count, line_count, total FROM "
                       "simulation_member WHERE simulation IN (",
                       marks, ") ORDER BY simulation, program"),
                values));
  for (const mysql::Row& row : members) {
    by_id.at(row.Bytes(0))->result.members.push_back({row.Text(1), row.Int(2), row.Int(3), row.Int(4), row.Int(5)});
  }
  ASSIGN_OR_RETURN(const mysql::Rows comparisons,
                   sql.Query(StrCat("SELECT simulation, compared_with, total, winners, gained, losers, lost, unchanged "
                                    "FROM simulation_comparison WHERE simulation IN (",
                                    marks, ")"),
                             values));
  for (const mysql::Row& row : comparisons) {
    by_id.at(row.Bytes(0))->comparison = {.with = row.Text(1),
                                          .total = row.Int(2),
                                          .winners = row.Int(3),
                                          .gained = row.Int(4),
                                          .losers = row.Int(5),
                                          .lost = row.Int(6),
                                          .unchanged = row.Int(7)};
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
  RETURN_IF_ERROR(ReadParts(sql, &simulations));
  return simulations;
}

absl::Status InsertPartners(mysql::Transaction& sql, const Simulation& simulation) {
  mysql::Values values;
  values.reserve(simulation.result.partners.size() * 6);
  for (const PartnerResult& partner : simulation.result.partners) {
    values.insert(values.end(),
                  {simulation.id, partner.partner, partner.value, partner.compared, partner.lines, partner.free_goods});
  }
  return sql.InsertRows(
      "INSERT INTO simulation_partner (simulation, partner, value, compared_value, line_count, free_goods) VALUES", 6,
      values);
}

absl::Status InsertMembers(mysql::Transaction& sql, const Simulation& simulation) {
  mysql::Values values;
  for (const MemberResult& member : simulation.result.members) {
    values.insert(values.end(),
                  {simulation.id, member.program, member.version, member.partners, member.lines, member.total});
  }
  RETURN_IF_ERROR(sql.InsertRows(
      "INSERT INTO simulation_member (simulation, program, program_version, partner_count, line_count, total) VALUES",
      6, values));
  values.clear();
  for (const PartnerResult& partner : simulation.result.partners) {
    for (const MemberOfPartner& member : partner.members) {
      values.insert(values.end(), {simulation.id, partner.partner, member.program, member.value, member.lines});
    }
  }
  return sql.InsertRows(
      "INSERT INTO simulation_partner_member (simulation, partner, program, value, line_count) VALUES", 5, values);
}

// What the members pay these partners, who are by id and follow `after`.
absl::Status ReadMembersOf(mysql::Transaction& sql, std::string_view simulation, std::string_view after,
                           std::vector<PartnerResult>* partners) {
  if (partners->empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT partner, program, value, line_count FROM simulation_partner_member WHERE "
                             "simulation = ? AND partner > ? AND partner <= ? ORDER BY partner, program",
                             {simulation, after, partners->back().partner}));
  auto partner = partners->begin();
  for (const mysql::Row& row : rows) {  // also of partners that were filtered out
    while (partner != partners->end() && partner->partner < row.Bytes(0)) ++partner;
    if (partner == partners->end()) break;
    if (partner->partner == row.Bytes(0)) partner->members.push_back({row.Text(1), row.Int(2), row.Int(3)});
  }
  return absl::OkStatus();
}

absl::Status InsertComparison(mysql::Transaction& sql, const Simulation& simulation) {
  if (!simulation.comparison.has_value()) return absl::OkStatus();
  const Comparison& comparison = *simulation.comparison;
  return sql
      .Execute(
          "INSERT INTO simulation_comparison (simulation, compared_with, total, winners, gained, losers, lost, "
          "unchanged) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          {simulation.id, comparison.with, comparison.total, comparison.winners, comparison.gained, comparison.losers,
           comparison.lost, comparison.unchanged})
      .status();
}

}  // namespace

absl::Status SimulationStore::Insert(mysql::Transaction& sql, const Simulation& simulation) const {
  const SimulationResult& result = simulation.result;
  const std::string watermark = WatermarkText(simulation.watermark);
  const TermsTexts texts(simulation.program);
  const PlanTried plan = simulation.plan.value_or(PlanTried());
  mysql::Values values = {simulation.id,
                          simulation.version,
                          simulation.uid,
                          simulation.create_time,
                          watermark,
                          result.statements,
                          result.total,
                          result.lines,
                          result.other_currency_lines,
                          result.free_goods,
                          plan.plan,
                          plan.version,
                          simulation.plan.has_value() ? plan.in_place_of : simulation.in_place_of};
  AppendTerms(simulation.program, texts, &values);
  ASSIGN_OR_RETURN(const bool inserted,
                   sql.TryInsert(StrCat("INSERT INTO simulation (", kOwnColumns, ", ", kTermsColumns,
                                        ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
                                        "?, ?)"),
                                 values));
  if (!inserted) return AlreadyExists(simulation.name());
  RETURN_IF_ERROR(InsertPartners(sql, simulation));
  RETURN_IF_ERROR(InsertMembers(sql, simulation));
  RETURN_IF_ERROR(InsertComparison(sql, simulation));
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
  return ListRows({"simulation"}, {after}, where).Read(sql, Read, limit);
}

const std::vector<FilterField>& SimulationStore::PartnerFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::String("partner", "CONCAT('partners/', partner)"),
      FilterField::Enum("outcome", "SIGN(CAST(value AS DECIMAL(38,0)) - compared_value)",
                        {{"WINNER", int64_t{1}}, {"LOSER", int64_t{-1}}, {"UNCHANGED", int64_t{0}}}),
  };
  return fields;
}

absl::StatusOr<std::vector<PartnerResult>> SimulationStore::ListPartners(mysql::Transaction& sql,
                                                                         std::string_view simulation,
                                                                         std::string_view after,
                                                                         const SqlPredicate& where, int limit) const {
  mysql::Values values = {simulation, after};
  values.insert(values.end(), where.values().begin(), where.values().end());
  values.push_back(limit);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT partner, value, compared_value, line_count, free_goods FROM simulation_partner WHERE "
                       "simulation = ? AND partner > ? AND (",
                       where.sql(), ") ORDER BY partner LIMIT ?"),
                values));
  std::vector<PartnerResult> partners;
  partners.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    PartnerResult& partner = partners.emplace_back(PartnerResult{.partner = row.Text(0),
                                                                 .value = row.Int(1),
                                                                 .compared = std::nullopt,
                                                                 .lines = row.Int(3),
                                                                 .free_goods = row.Dec(4)});
    if (!row.IsNull(2)) partner.compared = row.Int(2);
  }
  RETURN_IF_ERROR(ReadMembersOf(sql, simulation, after, &partners));
  return partners;
}

}  // namespace tributary::incentive
