#include "inventory-service/reconciliation/reconciliation_store.h"

#include <deque>
#include <optional>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/page_of.h"

namespace tributary::inventory {
namespace {

// Of a head and one of its revisions.
constexpr std::string_view kSelect =
    "SELECT h.partner, h.product, h.lot, h.from_date, h.to_date, h.uid, h.version, h.create_time, h.update_time, "
    "r.revision, r.run_time, r.opening_reported, r.reported, r.opening_book, r.opening_in_transit, r.sell_in, "
    "r.sell_through, r.transferred_in, r.transferred_out, r.adjusted, r.in_transit, r.book, r.unreported_sites, "
    "r.unexplained, r.too_many_candidates, r.acceptor, r.accept_time, r.note FROM reconciliation h "
    "JOIN reconciliation_revision r ON r.partner = h.partner AND r.id = h.id ";
const std::string kNobody;
constexpr std::string_view kLast = "AND r.revision = h.revision ";

std::optional<Decimal> OptionalDec(const mysql::Row& row, size_t column) {
  if (row.IsNull(column)) return std::nullopt;
  return row.Dec(column);
}

// One a line; ids hold no line breaks.
std::string Lines(const std::vector<std::string>& ids) {
  std::string text;
  for (const std::string& id : ids) StrAppend(&text, id, "\n");
  return text;
}
std::vector<std::string> OfLines(std::string_view text) {
  std::vector<std::string> ids;
  for (size_t at = 0; at < text.size();) {
    const size_t end = text.find('\n', at);
    ids.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return ids;
}

Reconciliation Read(const mysql::Row& row) {
  Reconciliation out{.key = {.partner = row.Text(0), .product = row.Text(1), .from = row.Day(3), .to = row.Day(4)},
                     .uid = row.Id(5),
                     .version = row.Int(6),
                     .create_time = row.Instant(7),
                     .update_time = row.Instant(8),
                     .revision = row.Int(9),
                     .run_time = row.Instant(10)};
  if (!row.IsNull(2)) out.key.lot = row.Text(2);
  ReconciliationFigures& figures = out.figures;
  figures.opening_reported = OptionalDec(row, 11);
  figures.reported = OptionalDec(row, 12);
  figures.opening_book = row.Dec(13);
  figures.opening_in_transit = row.Dec(14);
  figures.sell_in = row.Dec(15);
  figures.sell_through = row.Dec(16);
  figures.transferred_in = row.Dec(17);
  figures.transferred_out = row.Dec(18);
  figures.adjusted = row.Dec(19);
  figures.in_transit = row.Dec(20);
  figures.book = row.Dec(21);
  figures.unreported_sites = OfLines(row.Bytes(22));
  figures.explanation.unexplained = row.Dec(23);
  figures.explanation.too_many_candidates = row.Bool(24);
  if (!row.IsNull(26)) out.acceptance = Acceptance{row.Text(25), row.Instant(26), row.Text(27)};
  return out;
}

// The facts that explain it; only where there are some.
absl::Status ReadFacts(mysql::Transaction& sql, Reconciliation* out) {
  if (out->figures.state() != ReconciliationState::kExplained) return absl::OkStatus();
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT kind, fact, fact_date, units FROM reconciliation_fact "
                                                     "WHERE partner = ? AND id = ? AND revision = ? ORDER BY n",
                                                     {out->key.partner, SegmentOf(out->key), out->revision}));
  for (const mysql::Row& row : rows) {
    out->figures.explanation.facts.push_back(
        {.kind = static_cast<CandidateKind>(row.Int(0)), .fact = row.Text(1), .date = row.Day(2), .units = row.Dec(3)});
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Reconciliation>> Select(mysql::Transaction& sql, std::string_view tail,
                                                   const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat(kSelect, tail), values));
  std::vector<Reconciliation> found;
  found.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    found.push_back(Read(row));
    RETURN_IF_ERROR(ReadFacts(sql, &found.back()));
  }
  return found;
}

}  // namespace

const std::vector<FilterField>& ReconciliationStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Enum("state", "r.state", {{"MATCHED", 1}, {"EXPLAINED", 2}, {"UNEXPLAINED", 3}, {"UNKNOWN", 4}}),
      FilterField::String("product", "CONCAT('products/', h.product)"), FilterField::Day("from_date", "h.from_date"),
      FilterField::Day("to_date", "h.to_date"), FilterField::Boolean("accepted", "(r.accept_time IS NOT NULL)")};
  return fields;
}

absl::Status ReconciliationStore::Put(mysql::Transaction& sql, absl::Span<const Reconciliation> reconciliations) const {
  std::deque<std::string> texts;  // that values look into
  mysql::Values heads;
  mysql::Values revisions;
  mysql::Values facts;
  for (const Reconciliation& one : reconciliations) {
    const ReconciliationFigures& figures = one.figures;
    const std::string& id = texts.emplace_back(SegmentOf(one.key));
    heads.insert(heads.end(), {one.key.partner, id, one.uid, one.version, one.create_time, one.update_time,
                               one.key.product, mysql::Value(one.key.lot), one.key.from, one.key.to, one.revision});
    const std::optional<Acceptance>& accepted = one.acceptance;
    revisions.insert(revisions.end(), {one.key.partner,
                                       id,
                                       one.revision,
                                       one.run_time,
                                       static_cast<int>(figures.state()),
                                       mysql::Value(figures.opening_reported),
                                       mysql::Value(figures.reported),
                                       figures.opening_book,
                                       figures.opening_in_transit,
                                       figures.sell_in,
                                       figures.sell_through,
                                       figures.transferred_in,
                                       figures.transferred_out,
                                       figures.adjusted,
                                       figures.in_transit,
                                       figures.book,
                                       texts.emplace_back(Lines(figures.unreported_sites)),
                                       figures.explanation.unexplained,
                                       figures.explanation.too_many_candidates,
                                       std::string_view(accepted.has_value() ? accepted->acceptor : kNobody),
                                       accepted.has_value() ? mysql::Value(accepted->time) : mysql::Value(std::nullopt),
                                       std::string_view(accepted.has_value() ? accepted->note : kNobody)});
    int n = 0;
    for (const Candidate& fact : figures.explanation.facts) {
      facts.insert(facts.end(), {one.key.partner, id, one.revision, ++n, static_cast<int>(fact.kind), fact.fact,
                                 fact.date, fact.units});
    }
  }
  RETURN_IF_ERROR(sql.InsertRows(
      "INSERT INTO reconciliation (partner, id, uid, version, create_time, update_time, product, lot, from_date, "
      "to_date, revision) VALUES",
      11, heads,
      "ON DUPLICATE KEY UPDATE version = VALUES(version), update_time = VALUES(update_time), revision = "
      "VALUES(revision)"));
  RETURN_IF_ERROR(sql.InsertRows(
      "INSERT INTO reconciliation_revision (partner, id, revision, run_time, state, opening_reported, reported, "
      "opening_book, opening_in_transit, sell_in, sell_through, transferred_in, transferred_out, adjusted, in_transit, "
      "book, unreported_sites, unexplained, too_many_candidates, acceptor, accept_time, note) VALUES",
      22, revisions,
      "ON DUPLICATE KEY UPDATE acceptor = VALUES(acceptor), accept_time = VALUES(accept_time), note = VALUES(note)"));
  return sql.InsertRows(
      "INSERT INTO reconciliation_fact (partner, id, revision, n, kind, fact, fact_date, units) VALUES", 8, facts,
      "ON DUPLICATE KEY UPDATE n = VALUES(n)");
}

absl::StatusOr<Reconciliation> ReconciliationStore::Get(mysql::Transaction& sql, const ReconciliationKey& key,
                                                        int64_t revision) const {
  const std::string id = SegmentOf(key);
  mysql::Values values = {key.partner, id};
  std::string tail = "WHERE h.partner = ? AND h.id = ? AND r.revision = ";
  if (revision == 0) {
    tail += "h.revision";
  } else {
    tail += "?";
    values.push_back(revision);
  }
  ASSIGN_OR_RETURN(std::vector<Reconciliation> found, Select(sql, tail, values));
  if (found.empty()) return NotFound(NameOf(key));
  return std::move(found.front());
}

absl::StatusOr<std::map<ReconciliationKey, Reconciliation>> ReconciliationStore::OfPeriod(mysql::Transaction& sql,
                                                                                          std::string_view partner,
                                                                                          std::string_view product,
                                                                                          Date from, Date to) const {
  mysql::Values values = {partner, from, to};
  std::string tail = StrCat(kLast, "WHERE h.partner = ? AND h.from_date = ? AND h.to_date = ?");
  if (!product.empty()) {
    tail += " AND h.product = ?";
    values.push_back(product);
  }
  ASSIGN_OR_RETURN(std::vector<Reconciliation> found, Select(sql, tail, values));
  std::map<ReconciliationKey, Reconciliation> by_key;
  for (Reconciliation& one : found) {
    ReconciliationKey key = one.key;
    by_key.emplace(std::move(key), std::move(one));
  }
  return by_key;
}

absl::StatusOr<std::vector<Reconciliation>> ReconciliationStore::List(mysql::Transaction& sql, std::string_view partner,
                                                                      std::string_view after_partner,
                                                                      std::string_view after_id,
                                                                      const SqlPredicate& filter, int limit) const {
  const PageClauses page = PageOf(partner, {{"h.partner", after_partner}, {"h.id", after_id}}, filter, limit);
  return Select(sql, StrCat(kLast, page.sql()), page.values);
}

absl::StatusOr<std::vector<Reconciliation>> ReconciliationStore::Revisions(mysql::Transaction& sql,
                                                                           const ReconciliationKey& key, int64_t before,
                                                                           int limit) const {
  const std::string id = SegmentOf(key);
  return Select(sql, "WHERE h.partner = ? AND h.id = ? AND r.revision < ? ORDER BY r.revision DESC LIMIT ?",
                {key.partner, id, before, limit});
}

}  // namespace tributary::inventory
