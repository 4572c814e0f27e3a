#include "conflict-service/cases/case_evidence_store.h"

#include <map>
#include <set>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

// Number and hash of the last record of a case.
using LastRecord = std::pair<int64_t, std::string>;

absl::StatusOr<std::map<std::string, LastRecord>> LastOf(mysql::Transaction& sql, const std::set<std::string>& cases) {
  std::map<std::string, LastRecord> last;
  RETURN_IF_ERROR(ForNames(cases, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT e.case_id, e.number, e.sha256 FROM case_evidence e WHERE e.case_id IN ",
                                      in, " AND NOT EXISTS (SELECT 1 FROM case_evidence n WHERE n.case_id = e.case_id ",
                                      "AND n.number > e.number)"),
                               values));
    for (const mysql::Row& row : rows) last.insert_or_assign(row.Text(0), LastRecord(row.Int(1), row.Text(2)));
    return absl::OkStatus();
  }));
  return last;
}

CaseEvidence RecordFrom(const mysql::Row& row) {
  return {.case_id = row.Text(0),
          .number = row.Int(1),
          .create_time = row.Instant(2),
          .previous_sha256 = row.Text(3),
          .sha256 = row.Text(4),
          .lines = {}};
}

// Reads the lines of these records of one case, which are by number.
absl::Status ReadLines(mysql::Transaction& sql, std::vector<CaseEvidence>* records) {
  if (records->empty()) return absl::OkStatus();
  std::map<int64_t, CaseEvidence*> by_number;
  for (CaseEvidence& record : *records) by_number.emplace(record.number, &record);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT number, source, field, value, salt, seal FROM case_evidence_line WHERE case_id = "
                             "? AND number >= ? AND number <= ? ORDER BY number, line",
                             {records->front().case_id, records->front().number, records->back().number}));
  for (const mysql::Row& row : rows) {
    const auto record = by_number.find(row.Int(0));
    if (record == by_number.end()) continue;
    record->second->lines.push_back({.source = row.Text(1),
                                     .field = row.Text(2),
                                     .value = row.Text(3),
                                     .salt = row.Text(4),
                                     .seal = row.Text(5),
                                     .customers = {}});
  }
  return absl::OkStatus();
}

constexpr std::string_view kSelectRecords =
    "SELECT case_id, number, create_time, previous_sha256, sha256 FROM case_evidence ";

}  // namespace

absl::Status CaseEvidenceStore::Add(mysql::Transaction& sql,
                                    const std::vector<std::pair<std::string, const Conclusion*>>& concluded,
                                    absl::Time now) const {
  if (concluded.empty()) return absl::OkStatus();
  std::set<std::string> cases;
  for (const auto& [id, conclusion] : concluded) cases.insert(id);
  ASSIGN_OR_RETURN(const auto last, LastOf(sql, cases));
  std::vector<CaseEvidence> records;
  for (const auto& [id, conclusion] : concluded) {
    const auto before = last.find(id);
    const LastRecord after = before == last.end() ? LastRecord(0, "") : before->second;
    records.push_back(NewEvidence(id, after.first, after.second, *conclusion, now));
  }
  mysql::Values rows, lines, customers;
  for (const CaseEvidence& record : records) {
    rows.insert(rows.end(), {record.case_id, record.number, record.create_time, record.previous_sha256, record.sha256});
    for (size_t i = 0; i < record.lines.size(); ++i) {
      const EvidenceLine& line = record.lines[i];
      const int64_t place = static_cast<int64_t>(i) + 1;
      lines.insert(lines.end(),
                   {record.case_id, record.number, place, line.source, line.field, line.value, line.salt, line.seal});
      for (const std::string& customer : line.customers) {
        customers.insert(customers.end(), {customer, record.case_id, record.number, place});
      }
    }
  }
  RETURN_IF_ERROR(sql.InsertRows(
      "INSERT INTO case_evidence (case_id, number, create_time, previous_sha256, sha256) VALUES", 5, rows));
  RETURN_IF_ERROR(sql.InsertRows(
      "INSERT INTO case_evidence_line (case_id, number, line, source, field, value, salt, seal) VALUES", 8, lines));
  return sql.InsertRows("INSERT INTO case_evidence_customer (customer_key, case_id, number, line) VALUES", 4,
                        customers);
}

absl::StatusOr<std::set<std::string>> CaseEvidenceStore::Erase(mysql::Transaction& sql,
                                                               const std::set<std::string>& customer_keys) const {
  std::set<std::string> cases;
  RETURN_IF_ERROR(ForNames(customer_keys, [&](const std::string& in, const mysql::Values& keys) -> absl::Status {
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT case_id, number, line FROM case_evidence_customer WHERE customer_key IN ", in), keys));
    for (const mysql::Row& row : rows) {
      const std::string id = row.Text(0);
      RETURN_IF_ERROR(sql.Execute("UPDATE case_evidence_line SET value = '', salt = '' WHERE case_id = ? AND number = "
                                  "? AND line = ?",
                                  {id, row.Int(1), row.Int(2)})
                          .status());
      cases.insert(id);
    }
    return sql.Execute(StrCat("DELETE FROM case_evidence_customer WHERE customer_key IN ", in), keys).status();
  }));
  return cases;
}

absl::StatusOr<CaseEvidence> CaseEvidenceStore::Get(mysql::Transaction& sql, std::string_view case_id,
                                                    int64_t number) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelectRecords, "WHERE case_id = ? AND number = ?"), {case_id, number}));
  if (rows.empty()) return NotFound(StrCat("cases/", case_id, "/evidence/", number));
  std::vector<CaseEvidence> records = {RecordFrom(rows[0])};
  RETURN_IF_ERROR(ReadLines(sql, &records));
  return records[0];
}

absl::StatusOr<CaseEvidence> CaseEvidenceStore::Last(mysql::Transaction& sql, std::string_view case_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelectRecords, "WHERE case_id = ? ORDER BY number DESC LIMIT 1"), {case_id}));
  if (rows.empty()) return CaseEvidence{.case_id = std::string(case_id)};
  std::vector<CaseEvidence> records = {RecordFrom(rows[0])};
  RETURN_IF_ERROR(ReadLines(sql, &records));
  return records[0];
}

absl::StatusOr<std::vector<CaseEvidence>> CaseEvidenceStore::List(mysql::Transaction& sql, std::string_view case_id,
                                                                  int64_t after, int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelectRecords, "WHERE case_id = ? AND number > ? ORDER BY number LIMIT ?"),
                             {case_id, after, limit}));
  std::vector<CaseEvidence> records;
  for (const mysql::Row& row : rows) records.push_back(RecordFrom(row));
  RETURN_IF_ERROR(ReadLines(sql, &records));
  return records;
}

}  // namespace tributary::conflict
