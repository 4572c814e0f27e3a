#include "conflict-service/remedies/remedy_store.h"

#include <iterator>
#include <optional>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kRemedyColumns = "case_id, number, uid, version, create_time, update_time, state, principal";
constexpr std::string_view kStepColumns =
    "case_id, number, step, kind, partner, currency, amount, units, program, reason, applied, refused, compensated, "
    "result, compensation, note";
constexpr size_t kStepWidth = 16;
constexpr std::string_view kTerritoryColumns = "territory_grant, recipient, effective_from";
constexpr size_t kRoleColumn = kStepWidth + 3;
constexpr std::string_view kPriceColumns = "price_rule, due_date, follow_up, observation";
constexpr size_t kPriceColumn = kRoleColumn + 1;

// kStepColumns, and behind them kTerritoryColumns, role_text and kPriceColumns.
RemedyStep StepFrom(const mysql::Row& row) {
  RemedyStep step{.kind = static_cast<RemedyKind>(row.Int(3)),
                  .partner = row.Text(4),
                  .currency = row.Text(5),
                  .amount = row.Int(6),
                  .program = row.Text(8),
                  .reason = row.Text(9),
                  .applied = row.Bool(10),
                  .refused = row.Bool(11),
                  .compensated = row.Bool(12),
                  .result = row.Text(13),
                  .compensation = row.Text(14),
                  .note = row.Text(15)};
  if (!row.IsNull(7)) step.units = row.Dec(7);
  if (!row.IsNull(kStepWidth)) {
    step.territory = Reassignment{row.Text(kStepWidth), row.Text(kStepWidth + 1), row.Day(kStepWidth + 2)};
  }
  if (!row.IsNull(kRoleColumn)) step.role = row.Text(kRoleColumn);
  if (!row.IsNull(kPriceColumn)) {
    step.price = PriceAction{row.Text(kPriceColumn), row.Day(kPriceColumn + 1),
                             static_cast<FollowUp>(row.Int(kPriceColumn + 2)), row.Text(kPriceColumn + 3)};
  }
  return step;
}

// Of remedies by case and number.
absl::Status ReadSteps(mysql::Transaction& sql, std::vector<Remedy>* remedies) {
  std::set<std::string> cases;
  std::map<std::pair<std::string, int64_t>, Remedy*> places;
  for (Remedy& remedy : *remedies) {
    cases.insert(remedy.case_id);
    places[{remedy.case_id, remedy.number}] = &remedy;
  }
  return ForNames(cases, [&](const std::string& in, const mysql::Values& ids) -> absl::Status {
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT ", kStepColumns, ", ", kTerritoryColumns, ", role_text, ", kPriceColumns,
                         " FROM remedy_step LEFT JOIN remedy_territory USING (case_id, number, step) LEFT JOIN "
                         "remedy_role USING (case_id, number, step) LEFT JOIN remedy_price_action USING (case_id, "
                         "number, step) WHERE case_id IN ",
                         in, " ORDER BY case_id, number, step"),
                  ids));
    for (const mysql::Row& row : rows) {
      const auto place = places.find({row.Text(0), row.Int(1)});
      if (place != places.end()) place->second->steps.push_back(StepFrom(row));
    }
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<Remedy>> ReadRemedies(mysql::Transaction& sql, std::string_view condition,
                                                 const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kRemedyColumns, " FROM remedy WHERE ", condition), values));
  std::vector<Remedy> remedies;
  for (const mysql::Row& row : rows) {
    remedies.push_back({.case_id = row.Text(0),
                        .number = row.Int(1),
                        .uid = row.Id(2),
                        .version = row.Int(3),
                        .create_time = row.Instant(4),
                        .update_time = row.Instant(5),
                        .principal = row.Text(7)});
  }
  RETURN_IF_ERROR(ReadSteps(sql, &remedies));
  for (Remedy& remedy : remedies) Derive(&remedy);
  return remedies;
}

absl::Status PutSteps(mysql::Transaction& sql, const Remedy& remedy) {
  mysql::Values rows;
  int order = 0;
  for (const RemedyStep& step : remedy.steps) {
    rows.insert(rows.end(), {remedy.case_id, remedy.number, ++order, static_cast<int>(step.kind), step.partner,
                             step.currency, step.amount, mysql::Value(step.units), step.program, step.reason,
                             step.applied, step.refused, step.compensated, step.result, step.compensation, step.note});
  }
  return sql.InsertRows(StrCat("INSERT INTO remedy_step (", kStepColumns, ") VALUES"), kStepWidth, rows,
                        "ON DUPLICATE KEY UPDATE applied = VALUES(applied), refused = VALUES(refused), compensated = "
                        "VALUES(compensated), result = VALUES(result), compensation = VALUES(compensation), note = "
                        "VALUES(note)");
}

absl::Status PutTerritories(mysql::Transaction& sql, const Remedy& remedy) {
  mysql::Values rows;
  int order = 0;
  for (const RemedyStep& step : remedy.steps) {
    ++order;
    if (!step.territory) continue;
    rows.insert(rows.end(), {remedy.case_id, remedy.number, order, step.territory->territory_grant,
                             step.territory->recipient, step.territory->effective_from});
  }
  if (rows.empty()) return absl::OkStatus();
  return sql.InsertRows(StrCat("INSERT INTO remedy_territory (case_id, number, step, ", kTerritoryColumns, ") VALUES"),
                        6, rows);
}

absl::Status PutRoles(mysql::Transaction& sql, const Remedy& remedy) {
  mysql::Values rows;
  int order = 0;
  for (const RemedyStep& step : remedy.steps) {
    ++order;
    if (!step.role.empty()) rows.insert(rows.end(), {remedy.case_id, remedy.number, order, step.role});
  }
  if (rows.empty()) return absl::OkStatus();
  return sql.InsertRows("INSERT INTO remedy_role (case_id, number, step, role_text) VALUES", 4, rows);
}

absl::Status PutPriceActions(mysql::Transaction& sql, const Remedy& remedy) {
  mysql::Values rows;
  int order = 0;
  for (const RemedyStep& step : remedy.steps) {
    ++order;
    if (!step.price) continue;
    rows.insert(rows.end(), {remedy.case_id, remedy.number, order, step.partner, step.price->price_rule,
                             step.price->due_on, static_cast<int>(step.price->follow_up), step.price->observation});
  }
  if (rows.empty()) return absl::OkStatus();
  return sql.InsertRows(
      StrCat("INSERT INTO remedy_price_action (case_id, number, step, asked_partner, ", kPriceColumns, ") VALUES"), 8,
      rows, "ON DUPLICATE KEY UPDATE follow_up = VALUES(follow_up), observation = VALUES(observation)");
}

}  // namespace

absl::Status RemedyStore::Create(mysql::Transaction& sql, Remedy* remedy) const {
  ASSIGN_OR_RETURN(const mysql::Rows last,
                   sql.Query("SELECT COALESCE(MAX(number), 0) FROM remedy WHERE case_id = ?", {remedy->case_id}));
  remedy->number = last.at(0).Int(0) + 1;
  RETURN_IF_ERROR(sql.Execute(StrCat("INSERT INTO remedy (", kRemedyColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
                              {remedy->case_id, remedy->number, remedy->uid, remedy->version, remedy->create_time,
                               remedy->update_time, static_cast<int>(remedy->state), remedy->principal})
                      .status());
  RETURN_IF_ERROR(PutSteps(sql, *remedy));
  RETURN_IF_ERROR(PutTerritories(sql, *remedy));
  RETURN_IF_ERROR(PutRoles(sql, *remedy));
  return PutPriceActions(sql, *remedy);
}

absl::Status RemedyStore::Update(mysql::Transaction& sql, const Remedy& remedy) const {
  RETURN_IF_ERROR(
      sql.Execute("UPDATE remedy SET version = ?, update_time = ?, state = ? WHERE case_id = ? AND number = ?",
                  {remedy.version, remedy.update_time, static_cast<int>(remedy.state), remedy.case_id, remedy.number})
          .status());
  RETURN_IF_ERROR(PutSteps(sql, remedy));
  return PutPriceActions(sql, remedy);
}

absl::StatusOr<Remedy> RemedyStore::Get(mysql::Transaction& sql, std::string_view case_id, int64_t number) const {
  ASSIGN_OR_RETURN(std::vector<Remedy> remedies, ReadRemedies(sql, "case_id = ? AND number = ?", {case_id, number}));
  if (remedies.empty()) return NotFound(StrCat("cases/", case_id, "/remedies/", number));
  return std::move(remedies.front());
}

absl::StatusOr<std::vector<Remedy>> RemedyStore::OfCase(mysql::Transaction& sql, std::string_view case_id) const {
  return ReadRemedies(sql, "case_id = ? ORDER BY number", {case_id});
}

absl::StatusOr<std::vector<Remedy>> RemedyStore::OfCasesForUpdate(mysql::Transaction& sql,
                                                                  const std::set<std::string>& case_ids) const {
  std::vector<Remedy> remedies;
  RETURN_IF_ERROR(ForNames(case_ids, [&](const std::string& in, const mysql::Values& ids) -> absl::Status {
    ASSIGN_OR_RETURN(std::vector<Remedy> some,
                     ReadRemedies(sql, StrCat("case_id IN ", in, " ORDER BY case_id, number FOR UPDATE"), ids));
    remedies.insert(remedies.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
    return absl::OkStatus();
  }));
  return remedies;
}

absl::StatusOr<std::vector<Remedy>> RemedyStore::List(mysql::Transaction& sql, std::string_view case_id,
                                                      const SqlPredicate& filter, std::string_view after_case,
                                                      int64_t after_number, int limit) const {
  std::string condition = StrCat("case_id >= ? AND (case_id > ? OR number > ?) AND ", filter.sql());
  mysql::Values values = {after_case, after_case, after_number};
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  if (!case_id.empty()) {
    condition += " AND case_id = ?";
    values.emplace_back(case_id);
  }
  values.emplace_back(limit);
  return ReadRemedies(sql, StrCat(condition, " ORDER BY case_id, number LIMIT ?"), values);
}

const std::vector<FilterField>& RemedyStore::Fields() {
  static const auto* const fields = [] {
    std::vector<FilterField::EnumName> states;
    for (RemedyState state : kAllRemedyStates) {
      states.push_back({std::string(NameOf(state)), static_cast<int64_t>(state)});
    }
    return new std::vector<FilterField>{FilterField::Enum("state", "state", states),
                                        FilterField::Timestamp("create_time", "create_time")};
  }();
  return *fields;
}

absl::StatusOr<std::set<std::string>> RemedyStore::CasesAskingFor(mysql::Transaction& sql,
                                                                  const std::string& price_rule) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT DISTINCT case_id FROM remedy_price_action WHERE price_rule = ?", {price_rule}));
  std::set<std::string> cases;
  for (const mysql::Row& row : rows) cases.insert(row.Text(0));
  return cases;
}

absl::StatusOr<std::set<std::string>> RemedyStore::CasesWithPriceActions(mysql::Transaction& sql,
                                                                         const std::set<std::string>& partners) const {
  std::set<std::string> cases;
  RETURN_IF_ERROR(ForNames(partners, [&](const std::string& in, const mysql::Values& names) -> absl::Status {
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT DISTINCT case_id FROM remedy_price_action WHERE asked_partner IN ", in), names));
    for (const mysql::Row& row : rows) cases.insert(row.Text(0));
    return absl::OkStatus();
  }));
  return cases;
}

absl::StatusOr<std::map<RemedyState, int64_t>> RemedyStore::CountByState(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT state, COUNT(*) FROM remedy GROUP BY state"));
  std::map<RemedyState, int64_t> counts;
  for (const mysql::Row& row : rows) counts[static_cast<RemedyState>(row.Int(0))] = row.Int(1);
  return counts;
}

absl::StatusOr<std::set<std::string>> RemedyStore::Running(mysql::Transaction& sql,
                                                           const std::set<std::string>& case_ids) const {
  std::set<std::string> running;
  RETURN_IF_ERROR(ForNames(case_ids, [&](const std::string& in, const mysql::Values& ids) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT case_id FROM remedy WHERE case_id IN ", in,
                                                              " AND state = ", static_cast<int>(RemedyState::kRunning)),
                                                       ids));
    for (const mysql::Row& row : rows) running.insert(row.Text(0));
    return absl::OkStatus();
  }));
  return running;
}

absl::Status RemedyStore::CheckNoneRuns(mysql::Transaction& sql, std::string_view case_id,
                                        std::string_view verb) const {
  ASSIGN_OR_RETURN(const mysql::Rows running, sql.Query("SELECT number FROM remedy WHERE case_id = ? AND state = ?",
                                                        {case_id, static_cast<int>(RemedyState::kRunning)}));
  if (running.empty()) return absl::OkStatus();
  return WrongState(StrCat("cases/", case_id, "/remedies/", running[0].Int(0)), StrCat(verb, " the case of"),
                    NameOf(RemedyState::kRunning), "APPLIED or COMPENSATED");
}

}  // namespace tributary::conflict
