#include "incentive-service/facts/fact_store.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "common/events/consumer.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns =
    "partner, fact, source, kind, refers, shard, seq, recorded_at, document, line, order_date, ship_date, product, "
    "product_line, "
    "quantity, net_amount, currency, order_basis, ship_basis, reversed_seq, reversed_at, original_seq, original_at";
constexpr size_t kWidth = 23;

// Of names in one IN list: enough to make round trips few, within what optimizers look at one by one.
constexpr size_t kNames = 200;

FactLine FromRow(const mysql::Row& row) {
  FactLine line{.partner = row.Text(0),
                .fact = row.Text(1),
                .source = static_cast<FactSource>(row.Int(2)),
                .kind = static_cast<FactKind>(row.Int(3)),
                .refers = row.Text(4),
                .shard = static_cast<int>(row.Int(5)),
                .seq = row.Int(6),
                .recorded_at = row.Instant(7),
                .document = row.Text(8),
                .line = row.Int(9),
                .order_date = row.Day(10),
                .ship_date = row.Day(11),
                .product = row.Text(12),
                .product_line = row.Text(13),
                .quantity = row.Dec(14),
                .net = row.Dec(15),
                .currency = row.Text(16),
                .order_basis = row.Day(17),
                .ship_basis = row.Day(18)};
  if (!row.IsNull(19)) line.reversed = {row.Int(19), row.Instant(20)};
  if (!row.IsNull(21)) line.original = {row.Int(21), row.Instant(22)};
  return line;
}

mysql::Value SeqOf(const std::optional<Told>& told) {
  return told.has_value() ? mysql::Value(told->seq) : mysql::Value(std::nullopt);
}
mysql::Value RecordedAt(const std::optional<Told>& told) {
  return told.has_value() ? mysql::Value(told->recorded_at) : mysql::Value(std::nullopt);
}

mysql::Values ToValues(const std::vector<FactLine>& lines) {
  mysql::Values values;
  values.reserve(lines.size() * kWidth);
  for (const FactLine& line : lines) {
    values.insert(values.end(), {line.partner,
                                 line.fact,
                                 static_cast<int>(line.source),
                                 static_cast<int>(line.kind),
                                 line.refers.empty() ? mysql::Value(std::nullopt) : mysql::Value(line.refers),
                                 line.shard,
                                 line.seq,
                                 line.recorded_at,
                                 line.document,
                                 line.line,
                                 line.order_date,
                                 line.ship_date,
                                 line.product,
                                 line.product_line,
                                 line.quantity,
                                 line.net,
                                 line.currency,
                                 line.order_basis,
                                 line.ship_basis,
                                 SeqOf(line.reversed),
                                 RecordedAt(line.reversed),
                                 SeqOf(line.original),
                                 RecordedAt(line.original)});
  }
  return values;
}

std::string InsertHead() { return StrCat("INSERT INTO fact_line (", kColumns, ") VALUES"); }

absl::Status InsertParties(mysql::Transaction& sql, const std::vector<FactLine>& lines) {
  mysql::Values values;
  for (const FactLine& line : lines) {
    const Parties& parties = line.parties;
    if (parties.empty()) continue;
    values.insert(values.end(), {line.partner, line.fact, parties.order, parties.customer, parties.site});
  }
  if (values.empty()) return absl::OkStatus();
  return sql.InsertRows("INSERT INTO fact_parties (partner, fact, of_order, customer, site) VALUES", 5, values);
}

// A return counts as what it returns. `lines`: with their own parties, the returned ones among them.
void NameAsOriginals(std::vector<FactLine>* lines) {
  std::map<std::pair<std::string_view, int64_t>, const FactLine*> by_position;
  for (const FactLine& line : *lines) {
    if (line.kind == FactKind::kLine) by_position.emplace(std::pair(std::string_view(line.partner), line.seq), &line);
  }
  for (FactLine& line : *lines) {
    if (!line.original.has_value()) continue;
    const auto original = by_position.find({line.partner, line.original->seq});
    if (original == by_position.end()) continue;
    line.parties = original->second->parties;
    if (line.parties.order.empty()) line.parties.order = original->second->document;
  }
}

using Names = std::map<std::string_view, std::set<std::string_view>>;  // by partner

// Lines by partner and name.
absl::Status ReadNamed(mysql::Transaction& sql, const Names& names, std::vector<FactLine>* lines) {
  for (const auto& [partner, facts] : names) {
    for (auto at = facts.begin(); at != facts.end();) {
      mysql::Values values = {partner};
      std::string marks;
      for (; at != facts.end() && values.size() <= kNames; ++at) {
        marks += marks.empty() ? "?" : ", ?";
        values.push_back(*at);
      }
      ASSIGN_OR_RETURN(
          const mysql::Rows rows,
          sql.Query(StrCat("SELECT ", kColumns, " FROM fact_line WHERE partner = ? AND fact IN (", marks, ")"),
                    values));
      for (const mysql::Row& row : rows) lines->push_back(FromRow(row));
    }
  }
  return absl::OkStatus();
}

// Lines that refer to any of these. Names of two partners may be alike, so the partner is looked at here.
absl::Status ReadReferring(mysql::Transaction& sql, const Names& names, std::vector<FactLine>* lines) {
  std::set<std::string_view> facts;
  for (const auto& [partner, own] : names) facts.insert(own.begin(), own.end());
  for (auto at = facts.begin(); at != facts.end();) {
    mysql::Values values;
    std::string marks;
    for (; at != facts.end() && values.size() < kNames; ++at) {
      marks += marks.empty() ? "?" : ", ?";
      values.push_back(*at);
    }
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT ", kColumns, " FROM fact_line WHERE refers IN (", marks, ")"), values));
    for (const mysql::Row& row : rows) {
      FactLine line = FromRow(row);
      const auto partner = names.find(line.partner);
      if (partner != names.end() && partner->second.contains(line.refers)) lines->push_back(std::move(line));
    }
  }
  return absl::OkStatus();
}

// All lines of these invoices.
absl::Status ReadInvoices(mysql::Transaction& sql, const Names& invoices, std::vector<FactLine>* lines) {
  for (const auto& [partner, names] : invoices) {
    for (auto at = names.begin(); at != names.end();) {
      mysql::Values values = {partner};
      std::string ranges;
      for (; at != names.end() && values.size() <= kNames; ++at) {
        // '0' is next to '/'.
        StrAppend(&ranges, ranges.empty() ? "" : " OR ",
                  "(fact > CONCAT(?, '/lines/') AND fact < CONCAT(?, '/lines0'))");
        values.insert(values.end(), {*at, *at});
      }
      ASSIGN_OR_RETURN(
          const mysql::Rows rows,
          sql.Query(StrCat("SELECT ", kColumns, " FROM fact_line WHERE partner = ? AND (", ranges, ")"), values));
      for (const mysql::Row& row : rows) lines->push_back(FromRow(row));
    }
  }
  return absl::OkStatus();
}

// Credit notes of the invoices that fresh lines are of or refer to, and then all lines of the invoices that have any.
absl::Status ReadCredited(mysql::Transaction& sql, const std::vector<FactLine>& fresh, std::vector<FactLine>* known) {
  Names invoices, credited;
  for (const FactLine& line : fresh) {
    if (const std::string_view invoice = InvoiceOf(line.fact); !invoice.empty()) invoices[line.partner].insert(invoice);
    if (line.credits_invoice()) credited[line.partner].insert(line.refers);
  }
  std::vector<FactLine> credits;
  RETURN_IF_ERROR(ReadReferring(sql, invoices, &credits));
  for (const FactLine& credit : credits) credited[credit.partner].insert(credit.refers);
  RETURN_IF_ERROR(ReadReferring(sql, credited, known));
  return ReadInvoices(sql, credited, known);
}

absl::Status Conflict(const FactLine& line) {
  return Error(Reason::kRowConflict, StrCat(line.name(), " is known with other content"), {{"resource", line.name()}});
}

// One of each name.
absl::StatusOr<std::vector<FactLine>> Distinct(std::vector<FactLine> lines) {
  std::map<std::pair<std::string_view, std::string_view>, const FactLine*> seen;
  std::vector<FactLine> distinct;
  distinct.reserve(lines.size());  // its elements do not move: `seen` looks at them
  for (FactLine& line : lines) {
    const auto known = seen.find({line.partner, line.fact});
    if (known == seen.end()) {
      const FactLine& kept = distinct.emplace_back(std::move(line));
      seen.emplace(std::pair(std::string_view(kept.partner), std::string_view(kept.fact)), &kept);
    } else if (!SaysTheSame(*known->second, line)) {
      return Conflict(line);
    }
  }
  return distinct;
}

// Those that the database does not hold yet.
absl::StatusOr<std::vector<FactLine>> Unknown(mysql::Transaction& sql, std::vector<FactLine> lines) {
  Names names;
  for (const FactLine& line : lines) names[line.partner].insert(line.fact);
  std::vector<FactLine> known;
  RETURN_IF_ERROR(ReadNamed(sql, names, &known));
  std::map<std::pair<std::string_view, std::string_view>, const FactLine*> by_name;
  for (const FactLine& line : known) {
    by_name.emplace(std::pair(std::string_view(line.partner), std::string_view(line.fact)), &line);
  }
  std::vector<FactLine> unknown;
  for (FactLine& line : lines) {
    const auto position = by_name.find({line.partner, line.fact});
    if (position == by_name.end()) {
      unknown.push_back(std::move(line));
    } else if (!SaysTheSame(*position->second, line)) {
      return Conflict(line);
    }
  }
  return unknown;
}

absl::StatusOr<Placed> PlaceAmongKnown(mysql::Transaction& sql, std::vector<FactLine> fresh) {
  Names targets, own;
  for (const FactLine& line : fresh) {
    own[line.partner].insert(line.fact);
    if (!line.refers.empty() && !line.credits_invoice()) targets[line.partner].insert(line.refers);
  }
  std::vector<FactLine> known;
  RETURN_IF_ERROR(ReadNamed(sql, targets, &known));
  RETURN_IF_ERROR(ReadReferring(sql, own, &known));
  RETURN_IF_ERROR(ReadCredited(sql, fresh, &known));
  return Place(std::move(fresh), std::move(known));
}

std::string_view BasisColumn(Basis basis) { return basis == Basis::kOrder ? "order_basis" : "ship_basis"; }

// Of what may count on the basis.
std::string Counting(Basis basis) {
  return StrCat("source = ", static_cast<int>(SourceOf(basis)), " AND kind < ", static_cast<int>(FactKind::kReversal));
}

// "(?, ?)", and the names to the values.
std::string InNames(const std::vector<std::string>& names, mysql::Values* values) {
  std::string marks;
  for (const std::string& name : names) {
    marks += marks.empty() ? "(?" : ", ?";
    values->push_back(name);
  }
  return marks + ")";
}

// Of lines that the filter includes; the same as LineFilter::Includes.
std::string Included(const LineFilter& filter, mysql::Values* values) {
  std::string included, text;
  const auto any = [&](std::string_view column, const std::vector<std::string>& names) {
    if (names.empty()) return;
    StrAppend(&included, included.empty() ? "" : " OR ", column, " IN ", InNames(names, values));
  };
  any("product", filter.products);
  any("product_line", filter.product_lines);
  if (!included.empty()) text = StrCat(" AND (", included, ")");
  const auto none = [&](std::string_view column, const std::vector<std::string>& names) {
    if (!names.empty()) StrAppend(&text, " AND ", column, " NOT IN ", InNames(names, values));
  };
  none("product", filter.except_products);
  none("product_line", filter.except_product_lines);
  return text;
}

absl::StatusOr<std::vector<FactTotal>> ReadTotals(mysql::Transaction& sql, const Program& program,
                                                  std::string_view where, mysql::Values values) {
  const std::string_view date = BasisColumn(program.basis);
  const std::string included = Included(program.lines, &values);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT partner, ", date,
                       ", currency, SUM(net_amount), SUM(quantity), COUNT(*), MAX(recorded_at) FROM fact_line "
                       "WHERE ",
                       Counting(program.basis), " AND ", date, " >= ? AND ", date, " < ? AND ", where, included,
                       " GROUP BY partner, ", date, ", currency"),
                values));
  std::vector<FactTotal> totals;
  totals.reserve(rows.size());
  for (const mysql::Row& row : rows) {
    if (!program.eligibility.Includes(row.Text(0))) continue;
    totals.push_back({row.Text(0), row.Day(1), row.Text(2), row.Dec(3), row.Dec(4), row.Int(5), row.Instant(6)});
  }
  return totals;
}

}  // namespace

absl::StatusOr<std::vector<LineChange>> FactStore::Add(mysql::Transaction& sql, std::vector<FactLine> lines) const {
  ASSIGN_OR_RETURN(lines, Distinct(std::move(lines)));
  if (lines.empty()) return std::vector<LineChange>();
  ASSIGN_OR_RETURN(Placed placed, PlaceAmongKnown(sql, lines));
  const std::string head = InsertHead();
  ASSIGN_OR_RETURN(const bool all_new, sql.TryInsertRows(head, kWidth, ToValues(placed.fresh)));
  if (!all_new) {
    ASSIGN_OR_RETURN(lines, Unknown(sql, std::move(lines)));
    if (lines.empty()) return std::vector<LineChange>();
    ASSIGN_OR_RETURN(placed, PlaceAmongKnown(sql, std::move(lines)));
    RETURN_IF_ERROR(sql.InsertRows(head, kWidth, ToValues(placed.fresh)));
  }
  RETURN_IF_ERROR(InsertParties(sql, placed.fresh));
  std::vector<FactLine> changed;
  for (const LineChange& change : placed.changes) {
    if (change.before.has_value()) changed.push_back(change.after);
  }
  if (!changed.empty()) {
    RETURN_IF_ERROR(
        sql.InsertRows(head, kWidth, ToValues(changed),
                       "ON DUPLICATE KEY UPDATE order_basis = VALUES(order_basis), ship_basis = VALUES(ship_basis), "
                       "reversed_seq = VALUES(reversed_seq), reversed_at = VALUES(reversed_at), "
                       "original_seq = VALUES(original_seq), original_at = VALUES(original_at)"));
  }
  return std::move(placed.changes);
}

absl::StatusOr<std::vector<FactTotal>> FactStore::Totals(mysql::Transaction& sql, const Program& program) const {
  return ReadTotals(sql, program, "reversed_seq IS NULL", {program.effective.start, program.effective.end});
}

absl::StatusOr<std::vector<FactTotal>> FactStore::TotalsAsOf(mysql::Transaction& sql, const Program& program,
                                                             const Watermark& watermark) const {
  // (the last position of the row's shard)
  std::string upto = "CASE shard";
  mysql::Values positions;
  for (size_t shard = 0; shard < watermark.size(); ++shard) {
    if (watermark[shard] == 0) continue;
    upto += " WHEN ? THEN ?";
    positions.insert(positions.end(), {static_cast<int>(shard), watermark[shard]});
  }
  if (positions.empty()) return std::vector<FactTotal>();
  upto += " ELSE 0 END";
  mysql::Values values = {program.effective.start, program.effective.end};
  values.insert(values.end(), positions.begin(), positions.end());
  values.insert(values.end(), positions.begin(), positions.end());
  return ReadTotals(sql, program, StrCat("seq <= ", upto, " AND (reversed_seq IS NULL OR reversed_seq > ", upto, ")"),
                    std::move(values));
}

absl::StatusOr<Watermark> FactStore::ReadWatermark(mysql::Transaction& sql) const {
  ASSIGN_OR_RETURN(const std::vector<events::Cursor> cursors, events::AppliedCursors(sql, "inventory"));
  Watermark watermark(events::kShards);
  for (const events::Cursor& cursor : cursors) watermark[cursor.shard] = cursor.seq;
  return watermark;
}

absl::StatusOr<std::vector<FactLine>> FactStore::Lines(mysql::Transaction& sql, Basis basis, const DateRange& range,
                                                       const std::optional<std::string>& partner) const {
  const std::string_view date = BasisColumn(basis);
  std::string text =
      StrCat("SELECT ", kColumns, " FROM fact_line WHERE ", Counting(basis), " AND ", date, " >= ? AND ", date, " < ?");
  mysql::Values values = {range.start, range.end};
  if (partner.has_value()) {
    text += " AND partner = ?";
    values.push_back(*partner);
  }
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(text, values));
  std::vector<FactLine> lines;
  lines.reserve(rows.size());
  for (const mysql::Row& row : rows) lines.push_back(FromRow(row));
  return lines;
}

absl::StatusOr<std::vector<FactLine>> FactStore::LinesOf(mysql::Transaction& sql, Basis basis, const DateRange& range,
                                                         const std::set<std::string>& partners) const {
  const std::string_view date = BasisColumn(basis);
  std::vector<FactLine> lines;
  for (auto at = partners.begin(); at != partners.end();) {
    mysql::Values values = {range.start, range.end};
    std::string marks;
    for (; at != partners.end() && values.size() < kNames; ++at) {
      marks += marks.empty() ? "?" : ", ?";
      values.push_back(*at);
    }
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT ", kColumns, " FROM fact_line WHERE ", Counting(basis), " AND ", date,
                                      " >= ? AND ", date, " < ? AND partner IN (", marks, ")"),
                               values));
    for (const mysql::Row& row : rows) lines.push_back(FromRow(row));
  }
  return lines;
}

absl::StatusOr<std::vector<FactLine>> FactStore::LinesFor(mysql::Transaction& sql, const Program& program,
                                                          const DateRange& range,
                                                          const std::optional<std::string>& partner) const {
  ASSIGN_OR_RETURN(std::vector<FactLine> lines, Lines(sql, program.basis, range, partner));
  if (!program.reads_parties()) return lines;
  const std::string_view date = BasisColumn(program.basis);
  std::string text = StrCat(
      "SELECT p.partner, p.fact, p.of_order, p.customer, p.site FROM fact_line l JOIN fact_parties p ON p.partner = "
      "l.partner AND p.fact = l.fact WHERE ",
      Counting(program.basis), " AND ", date, " >= ? AND ", date, " < ?");
  mysql::Values values = {range.start, range.end};
  if (partner.has_value()) {
    text += " AND l.partner = ?";
    values.push_back(*partner);
  }
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(text, values));
  std::map<std::pair<std::string, std::string>, Parties> named;
  for (const mysql::Row& row : rows) {
    named.emplace(std::pair(row.Text(0), row.Text(1)), Parties{row.Text(2), row.Text(3), row.Text(4)});
  }
  for (FactLine& line : lines) {
    const auto parties = named.find({line.partner, line.fact});
    if (parties != named.end()) line.parties = parties->second;
  }
  NameAsOriginals(&lines);
  return lines;
}

absl::StatusOr<std::vector<FactLine>> FactStore::PartsOf(mysql::Transaction& sql, std::string_view partner,
                                                         std::string_view payment) const {
  // '0' is next to '/'.
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns,
                                    " FROM fact_line WHERE partner = ? AND fact > CONCAT('payments/', ?, "
                                    "'/allocations/') AND fact < CONCAT('payments/', ?, '/allocations0') AND kind = ?"),
                             {partner, payment, payment, static_cast<int>(FactKind::kLine)}));
  std::vector<FactLine> parts;
  for (const mysql::Row& row : rows) parts.push_back(FromRow(row));
  return parts;
}

absl::StatusOr<std::optional<FactLine>> FactStore::Find(mysql::Transaction& sql, std::string_view partner,
                                                        std::string_view fact) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kColumns, " FROM fact_line WHERE partner = ? AND fact = ?"), {partner, fact}));
  if (rows.empty()) return std::nullopt;
  return FromRow(rows.front());
}

}  // namespace tributary::incentive
