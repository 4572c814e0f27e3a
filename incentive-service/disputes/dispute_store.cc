#include "incentive-service/disputes/dispute_store.h"

#include <sstream>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/listing/list_rows.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns =
    "partner, number, dispute, uid, version, create_time, update_time, state, currency, reason, opener, resolver, "
    "resolution_note, adjustment";

std::string TextOf(const std::vector<int64_t>& lines) {
  std::string text;
  for (const int64_t line : lines) StrAppend(&text, text.empty() ? "" : " ", line);
  return text;
}

std::vector<int64_t> LinesFrom(const std::string& text) {
  std::vector<int64_t> lines;
  std::istringstream words(text);
  for (int64_t line = 0; words >> line;) lines.push_back(line);
  return lines;
}

absl::StatusOr<std::vector<Dispute>> Read(mysql::Transaction& sql, std::string_view condition,
                                          const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM dispute WHERE ", condition), values));
  std::vector<Dispute> disputes;
  disputes.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    disputes.push_back({.partner = row.Text(0),
                        .statement = row.Int(1),
                        .id = row.Text(2),
                        .uid = row.Id(3),
                        .version = row.Int(4),
                        .create_time = row.Instant(5),
                        .update_time = row.Instant(6),
                        .state = static_cast<DisputeState>(row.Int(7)),
                        .currency = row.Text(8),
                        .reason = row.Text(9),
                        .opener = row.Text(10),
                        .resolver = row.Text(11),
                        .resolution_note = row.Text(12),
                        .adjustment = row.Text(13)});
  }
  for (Dispute& dispute : disputes) {
    ASSIGN_OR_RETURN(
        const mysql::Rows items,
        sql.Query("SELECT ordinal, line_ordinals, withheld FROM dispute_item WHERE partner = ? AND number = ? AND "
                  "dispute = ? ORDER BY ordinal",
                  {dispute.partner, dispute.statement, dispute.id}));
    for (const mysql::Row& row : items) {
      dispute.items.push_back({static_cast<int>(row.Int(0)), LinesFrom(row.Text(1)), row.Int(2)});
    }
  }
  return disputes;
}

}  // namespace

absl::StatusOr<Dispute> DisputeStore::Get(mysql::Transaction& sql, const DisputeKey& key) const {
  ASSIGN_OR_RETURN(std::vector<Dispute> disputes, Read(sql, "partner = ? AND number = ? AND dispute = ?",
                                                       {key.statement.partner, key.statement.number, key.dispute}));
  if (disputes.empty()) {
    return NotFound(
        StrCat("partners/", key.statement.partner, "/statements/", key.statement.number, "/disputes/", key.dispute));
  }
  return std::move(disputes.front());
}

const std::vector<FilterField>& DisputeStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("state", "state", {{"OPEN", int64_t{1}}, {"ACCEPTED", int64_t{2}}, {"REJECTED", int64_t{3}}}),
      FilterField::Timestamp("create_time", "create_time"),
  };
  return fields;
}

absl::StatusOr<std::vector<Dispute>> DisputeStore::List(mysql::Transaction& sql,
                                                        const std::optional<std::string>& partner,
                                                        std::optional<int64_t> statement, const DisputeKey& after,
                                                        const SqlPredicate& where, int limit) const {
  return ListRows({"partner", "number", "dispute"}, {after.statement.partner, after.statement.number, after.dispute},
                  where)
      .With("partner", partner)
      .With("number", statement)
      .Read(sql, Read, limit);
}

absl::Status DisputeStore::Insert(mysql::Transaction& sql, const Dispute& dispute) const {
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(StrCat("INSERT INTO dispute (", kColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                    {dispute.partner, dispute.statement, dispute.id, dispute.uid, dispute.version, dispute.create_time,
                     dispute.update_time, static_cast<int>(dispute.state), dispute.currency, dispute.reason,
                     dispute.opener, dispute.resolver, dispute.resolution_note, dispute.adjustment}));
  if (!inserted) return AlreadyExists(dispute.name());
  std::vector<std::string> texts;  // they outlive the statement
  texts.reserve(dispute.items.size());
  mysql::Values values;
  for (const DisputedItem& item : dispute.items) {
    values.insert(values.end(), {dispute.partner, dispute.statement, dispute.id, item.ordinal,
                                 texts.emplace_back(TextOf(item.lines)), item.withheld});
  }
  return sql.InsertRows("INSERT INTO dispute_item (partner, number, dispute, ordinal, line_ordinals, withheld) VALUES",
                        6, values);
}

absl::Status DisputeStore::Update(mysql::Transaction& sql, const Dispute& dispute) const {
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute("UPDATE dispute SET version = ?, update_time = ?, state = ?, resolver = ?, "
                  "resolution_note = ?, adjustment = ? WHERE partner = ? AND number = ? AND dispute = ? AND "
                  "version = ?",
                  {dispute.version, dispute.update_time, static_cast<int>(dispute.state), dispute.resolver,
                   dispute.resolution_note, dispute.adjustment, dispute.partner, dispute.statement, dispute.id,
                   dispute.version - 1}));
  if (matched == 1) return absl::OkStatus();
  return Error(Reason::kConflictRetry, StrCat(dispute.name(), " changed while it was being changed"));
}

absl::StatusOr<std::set<int>> DisputeStore::Disputed(mysql::Transaction& sql, const StatementKey& statement) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT i.ordinal FROM dispute d JOIN dispute_item i ON i.partner = d.partner AND i.number "
                "= d.number AND i.dispute = d.dispute WHERE d.partner = ? AND d.number = ? AND d.state = ?",
                {statement.partner, statement.number, static_cast<int>(DisputeState::kOpen)}));
  std::set<int> ordinals;
  for (const mysql::Row& row : rows) ordinals.insert(static_cast<int>(row.Int(0)));
  return ordinals;
}

absl::StatusOr<int64_t> DisputeStore::CountOpen(mysql::Transaction& sql, const StatementKey& statement) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT COUNT(*) FROM dispute WHERE partner = ? AND number = ? AND state = ?",
                             {statement.partner, statement.number, static_cast<int>(DisputeState::kOpen)}));
  return rows.front().Int(0);
}

}  // namespace tributary::incentive
