#include "conflict-service/cases/party_store.h"

#include <set>

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kSelectViews =
    "SELECT n.partner, n.number, n.case_id, n.create_time, p.product, p.lot, p.units, p.regions, w.words FROM "
    "partner_case n LEFT JOIN case_party p ON p.case_id = n.case_id AND p.partner = n.partner "
    "LEFT JOIN case_party_words w ON w.case_id = n.case_id AND w.partner = n.partner ";

PartyStore::Listed ListedFrom(const mysql::Row& row) {
  PartyStore::Listed listed{
      .partner = row.Text(0), .case_id = row.Text(2), .view = {.number = row.Int(1), .create_time = row.Instant(3)}};
  PartyFacts& facts = listed.view.facts;
  facts.partner = listed.partner;
  if (row.IsNull(4)) return listed;
  facts.product = row.Text(4);
  facts.lot = row.Text(5);
  if (!row.IsNull(6)) facts.units = row.Dec(6);
  facts.regions = SplitLines(row.Bytes(7));
  if (!row.IsNull(8)) facts.words = row.Text(8);
  return listed;
}

std::vector<PartyStore::Listed> ListedFrom(const mysql::Rows& rows) {
  std::vector<PartyStore::Listed> listed;
  for (const mysql::Row& row : rows) listed.push_back(ListedFrom(row));
  return listed;
}

std::vector<CaseMessage> MessagesFrom(const mysql::Rows& rows) {
  std::vector<CaseMessage> messages;
  for (const mysql::Row& row : rows) {
    messages.push_back({.number = row.Int(0),
                        .create_time = row.Instant(1),
                        .party = row.Text(2),
                        .from_party = row.Bool(3),
                        .text = row.Text(4)});
  }
  return messages;
}

}  // namespace

absl::Status PartyStore::PutFacts(mysql::Transaction& sql,
                                  const std::vector<std::pair<std::string, std::vector<PartyFacts>>>& facts) const {
  std::set<std::string> cases;
  Texts texts;
  mysql::Values rows, words;
  for (const auto& [id, parties] : facts) {
    for (const PartyFacts& party : parties) {
      cases.insert(id);
      rows.insert(rows.end(), {id, party.partner, party.product, party.lot, mysql::Value(party.units),
                               texts.Keep(JoinLines(party.regions))});
      if (!party.words.empty()) words.insert(words.end(), {id, party.partner, party.words});
    }
  }
  RETURN_IF_ERROR(ForNames(cases, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    for (const std::string_view table : {"case_party", "case_party_words"}) {
      RETURN_IF_ERROR(sql.Execute(StrCat("DELETE FROM ", table, " WHERE case_id IN ", in), values).status());
    }
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(
      sql.InsertRows("INSERT INTO case_party (case_id, partner, product, lot, units, regions) VALUES", 6, rows));
  return sql.InsertRows("INSERT INTO case_party_words (case_id, partner, words) VALUES", 3, words);
}

absl::StatusOr<std::vector<PartyStore::Listed>> PartyStore::ViewsOf(mysql::Transaction& sql,
                                                                    const std::string& case_id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelectViews, "WHERE n.case_id = ? ORDER BY n.partner"), {case_id}));
  return ListedFrom(rows);
}

absl::Status PartyStore::Show(mysql::Transaction& sql, const Case& one, absl::Time now) const {
  // A rival registration is told by the registration's own `conflict`, once for all of them, or not at all (R22).
  if (one.kind == FindingKind::kDuplicateDeal) return absl::OkStatus();
  for (const std::string& partner : one.parties()) {
    ASSIGN_OR_RETURN(const mysql::Rows shown,
                     sql.Query("SELECT 1 FROM partner_case WHERE case_id = ? AND partner = ?", {one.id, partner}));
    if (!shown.empty()) continue;
    ASSIGN_OR_RETURN(const mysql::Rows last,
                     sql.Query("SELECT COALESCE(MAX(number), 0) FROM partner_case WHERE partner = ?", {partner}));
    ASSIGN_OR_RETURN(
        const bool made,
        sql.TryInsert("INSERT INTO partner_case (partner, number, case_id, create_time) VALUES (?, ?, ?, ?)",
                      {partner, last.at(0).Int(0) + 1, one.id, now}));
    if (!made) return sql.RunAgain("another case took the partner's number");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::pair<std::string, PartyView>> PartyStore::Get(mysql::Transaction& sql, const std::string& partner,
                                                                  int64_t number) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelectViews, "WHERE n.partner = ? AND n.number = ?"), {partner, number}));
  if (rows.empty()) return NotFound(StrCat(partner, "/cases/", number));
  Listed listed = ListedFrom(rows[0]);
  return std::pair(std::move(listed.case_id), std::move(listed.view));
}

absl::StatusOr<std::vector<PartyStore::Listed>> PartyStore::List(mysql::Transaction& sql, const std::string& partner,
                                                                 const std::string& after_partner, int64_t after_number,
                                                                 int limit) const {
  mysql::Values values = {after_partner, after_partner, after_number};
  std::string of_partner;
  if (!partner.empty()) {
    of_partner = " AND n.partner = ?";
    values.emplace_back(partner);
  }
  values.emplace_back(limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat(kSelectViews, "WHERE (n.partner > ? OR (n.partner = ? AND n.number > ?))",
                                    of_partner, " ORDER BY n.partner, n.number LIMIT ?"),
                             values));
  return ListedFrom(rows);
}

absl::StatusOr<CaseMessage> PartyStore::AddMessage(mysql::Transaction& sql, const std::string& case_id,
                                                   CaseMessage message) const {
  ASSIGN_OR_RETURN(const mysql::Rows last,
                   sql.Query("SELECT COALESCE(MAX(number), 0) FROM case_message WHERE case_id = ?", {case_id}));
  message.number = last.at(0).Int(0) + 1;
  RETURN_IF_ERROR(
      sql.Execute("INSERT INTO case_message (case_id, number, create_time, party, from_party, text) VALUES (?, ?, ?, "
                  "?, ?, ?)",
                  {case_id, message.number, message.create_time, message.party, message.from_party, message.text})
          .status());
  return message;
}

absl::StatusOr<std::vector<CaseMessage>> PartyStore::Messages(mysql::Transaction& sql, const std::string& case_id,
                                                              int64_t after, int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT number, create_time, party, from_party, text FROM case_message WHERE case_id = ? "
                             "AND number > ? ORDER BY number LIMIT ?",
                             {case_id, after, limit}));
  return MessagesFrom(rows);
}

absl::StatusOr<std::vector<CaseMessage>> PartyStore::MessagesOf(mysql::Transaction& sql, const std::string& case_id,
                                                                const std::string& party) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT number, create_time, party, from_party, text FROM case_message WHERE case_id = ? "
                             "AND party = ? ORDER BY number",
                             {case_id, party}));
  return MessagesFrom(rows);
}

}  // namespace tributary::conflict
