#include "conflict-service/findings/finding_store.h"

#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

constexpr std::string_view kColumns =
    "id, uid, version, create_time, update_time, state, kind, rule_version, subjects, explanation, shared_regions, "
    "shared_product_lines, shared_segments, shared_routes, shared_from, shared_to";
constexpr size_t kWidth = 16;
// Of columns 0 to 15 and the price.
constexpr std::string_view kFrom =
    ", currency, paid, least_price, units FROM finding LEFT JOIN finding_price ON finding_id = id WHERE ";

Finding FromRow(const mysql::Row& row) {
  Finding finding{.id = row.Text(0),
                  .uid = row.Id(1),
                  .version = row.Int(2),
                  .create_time = row.Instant(3),
                  .update_time = row.Instant(4),
                  .state = static_cast<FindingState>(row.Int(5)),
                  .conclusion = {.kind = static_cast<FindingKind>(row.Int(6)),
                                 .rule_version = row.Text(7),
                                 .subjects = SplitLines(row.Bytes(8)),
                                 .explanation = row.Text(9)}};
  if (!row.IsNull(14)) {
    finding.conclusion.intersection = ScopeBox{SplitLines(row.Bytes(10)),
                                               SplitLines(row.Bytes(11)),
                                               SplitLines(row.Bytes(12)),
                                               SplitLines(row.Bytes(13)),
                                               {row.Day(14), row.Day(15)}};
  }
  if (!row.IsNull(16)) {
    PriceDepth& depth = finding.conclusion.price_depth.emplace();
    depth.currency = row.Text(16);
    depth.paid = row.Dec(17);
    depth.least = row.Dec(18);
    if (!row.IsNull(19)) depth.units = row.Dec(19);
  }
  return finding;
}

// Of findings that have a key: forgets what they were about and are no more.
absl::Status ForgetSubjects(mysql::Transaction& sql, const std::vector<FindingChange>& changes) {
  std::map<std::string, const Conclusion*> keyed;  // by id
  std::set<std::string> ids;
  for (const FindingChange& change : changes) {
    if (change.finding.version == 1 || change.finding.conclusion.key.empty()) continue;
    keyed.emplace(change.finding.id, &change.finding.conclusion);
    ids.insert(change.finding.id);
  }
  return ForNames(ids, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT id, subjects FROM finding WHERE id IN ", in), values));
    for (const mysql::Row& row : rows) {
      const std::string id = row.Text(0);
      const std::vector<std::string> before = SplitLines(row.Bytes(1));
      std::set<std::string> gone(before.begin(), before.end());
      for (const std::string& subject : keyed.at(id)->subjects) gone.erase(subject);
      const auto forget = [&](const std::string& of, const mysql::Values& subjects) -> absl::Status {
        mysql::Values bound = {id};
        bound.insert(bound.end(), subjects.begin(), subjects.end());
        return sql.Execute(StrCat("DELETE FROM finding_subject WHERE finding = ? AND subject IN ", of), bound).status();
      };
      RETURN_IF_ERROR(ForNames(gone, forget));
    }
    return absl::OkStatus();
  });
}

}  // namespace

absl::Status FindingStore::Lock(mysql::Transaction& sql, const std::set<FindingKind>& kinds) const {
  if (kinds.empty()) return absl::OkStatus();
  mysql::Values rows;
  for (const FindingKind kind : kinds) rows.insert(rows.end(), {static_cast<int>(kind), 1});
  // So that it is one statement, the last one, used no more, stands in the places up to the next number of rows that
  // InsertRows sends at once.
  size_t places = 1;
  while (places < kinds.size()) places *= 4;
  while (rows.size() / 2 < places) rows.insert(rows.end(), {static_cast<int>(*kinds.rbegin()), 0});
  // Locks the rows, and makes those that are used for the first time ever.
  return sql.InsertRows("INSERT INTO rule_lock (kind, uses) VALUES", 2, rows,
                        "ON DUPLICATE KEY UPDATE uses = uses + VALUES(uses)");
}

absl::StatusOr<std::map<std::string, Finding>> FindingStore::About(mysql::Transaction& sql,
                                                                   const std::set<FindingKind>& kinds,
                                                                   const std::set<std::string>& subjects,
                                                                   const std::vector<Conclusion>& conclusions) const {
  std::string of_kinds = "kind IN (";
  for (const FindingKind kind : kinds) StrAppend(&of_kinds, kind == *kinds.begin() ? "" : ", ", static_cast<int>(kind));
  of_kinds += ") AND ";
  std::set<std::string> concluded;
  for (const Conclusion& conclusion : conclusions) concluded.insert(FindingId(conclusion));
  std::map<std::string, Finding> findings;
  const auto read = [&](std::string_view where) {
    return [&sql, &findings, &of_kinds, where](const std::string& in, const mysql::Values& values) -> absl::Status {
      ASSIGN_OR_RETURN(const mysql::Rows rows,
                       sql.Query(StrCat("SELECT ", kColumns, kFrom, of_kinds, where, in), values));
      for (const mysql::Row& row : rows) {
        Finding finding = FromRow(row);
        findings.emplace(finding.id, std::move(finding));
      }
      return absl::OkStatus();
    };
  };
  RETURN_IF_ERROR(ForNames(concluded, read("id IN ")));
  std::set<std::string> about;
  RETURN_IF_ERROR(ForNames(subjects, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT DISTINCT finding FROM finding_subject WHERE subject IN ", in), values));
    for (const mysql::Row& row : rows) about.insert(row.Text(0));
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(ForNames(about, read(StrCat("state = ", static_cast<int>(FindingState::kOpen), " AND id IN "))));
  return findings;
}

absl::Status FindingStore::Save(mysql::Transaction& sql, const std::vector<FindingChange>& changes) const {
  Texts texts;
  mysql::Values rows;
  mysql::Values subjects;
  mysql::Values prices;
  const ScopeBox nothing;
  for (const FindingChange& change : changes) {
    const Finding& finding = change.finding;
    const Conclusion& conclusion = finding.conclusion;
    const ScopeBox& shared = conclusion.intersection ? *conclusion.intersection : nothing;
    const bool has = conclusion.intersection.has_value();
    rows.insert(
        rows.end(),
        {finding.id, finding.uid, finding.version, finding.create_time, finding.update_time,
         static_cast<int>(finding.state), static_cast<int>(conclusion.kind), conclusion.rule_version,
         texts.Keep(JoinLines(conclusion.subjects)), conclusion.explanation, texts.Keep(JoinLines(shared.regions)),
         texts.Keep(JoinLines(shared.product_lines)), texts.Keep(JoinLines(shared.segments)),
         texts.Keep(JoinLines(shared.routes)), has ? mysql::Value(shared.time.start) : mysql::Value(std::nullopt),
         has ? mysql::Value(shared.time.end) : mysql::Value(std::nullopt)});
    if (conclusion.price_depth) {
      const PriceDepth& depth = *conclusion.price_depth;
      prices.insert(prices.end(), {finding.id, depth.currency, depth.paid, depth.least, depth.units});
    }
    if (finding.version > 1 && conclusion.key.empty()) continue;
    for (const std::string& subject : conclusion.subjects) subjects.insert(subjects.end(), {subject, finding.id});
  }
  RETURN_IF_ERROR(ForgetSubjects(sql, changes));
  RETURN_IF_ERROR(sql.InsertRows(
      StrCat("INSERT INTO finding (", kColumns, ") VALUES"), kWidth, rows,
      "ON DUPLICATE KEY UPDATE version = VALUES(version), update_time = VALUES(update_time), state = VALUES(state), "
      "rule_version = VALUES(rule_version), subjects = VALUES(subjects), explanation = VALUES(explanation), "
      "shared_regions = VALUES(shared_regions), shared_product_lines = VALUES(shared_product_lines), "
      "shared_segments = VALUES(shared_segments), shared_routes = VALUES(shared_routes), "
      "shared_from = VALUES(shared_from), shared_to = VALUES(shared_to)"));
  RETURN_IF_ERROR(sql.InsertRows("INSERT INTO finding_price (finding_id, currency, paid, least_price, units) VALUES", 5,
                                 prices,
                                 "ON DUPLICATE KEY UPDATE currency = VALUES(currency), paid = VALUES(paid), "
                                 "least_price = VALUES(least_price), units = VALUES(units)"));
  return sql.InsertRows("INSERT INTO finding_subject (subject, finding) VALUES", 2, subjects,
                        "ON DUPLICATE KEY UPDATE finding = VALUES(finding)");
}

absl::StatusOr<Finding> FindingStore::Get(mysql::Transaction& sql, std::string_view id) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT ", kColumns, kFrom, "id = ?"), {id}));
  if (rows.empty()) return NotFound(StrCat("findings/", id));
  return FromRow(rows[0]);
}

absl::StatusOr<std::vector<Finding>> FindingStore::List(mysql::Transaction& sql, const SqlPredicate& filter,
                                                        bool withdrawn_too, std::string_view after, int limit) const {
  mysql::Values values = {after};
  values.insert(values.end(), filter.values().begin(), filter.values().end());
  values.emplace_back(limit);
  const std::string state = withdrawn_too ? "" : StrCat(" AND state = ", static_cast<int>(FindingState::kOpen));
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT ", kColumns, kFrom, "id > ?", state, " AND ",
                                                            filter.sql(), " ORDER BY id LIMIT ?"),
                                                     values));
  std::vector<Finding> findings;
  for (const mysql::Row& row : rows) findings.push_back(FromRow(row));
  return findings;
}

const std::vector<FilterField>& FindingStore::Fields() {
  static const auto* const fields = [] {
    std::vector<FilterField::EnumName> kinds, states;
    for (FindingKind kind : kAllFindingKinds) {
      kinds.push_back({std::string(NameOf(kind)), static_cast<int64_t>(kind)});
    }
    for (FindingState state : {FindingState::kOpen, FindingState::kWithdrawn}) {
      states.push_back({std::string(NameOf(state)), static_cast<int64_t>(state)});
    }
    return new std::vector<FilterField>{FilterField::Enum("kind", "kind", kinds),
                                        FilterField::Enum("state", "state", states)};
  }();
  return *fields;
}

absl::StatusOr<std::map<FindingKind, int64_t>> FindingStore::CountOpen(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT kind, COUNT(*) FROM finding WHERE state = ? GROUP BY kind",
                                                     {static_cast<int>(FindingState::kOpen)}));
  std::map<FindingKind, int64_t> counts;
  for (const mysql::Row& row : rows) counts[static_cast<FindingKind>(row.Int(0))] = row.Int(1);
  return counts;
}

}  // namespace tributary::conflict
