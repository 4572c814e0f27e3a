#include "incentive-service/facts/fact_store.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "common/events/consumer.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/accruals/counting.h"
#include "incentive-service/facts/fact_rows.h"
#include "incentive-service/facts/known_lines.h"
#include "incentive-service/facts/line_costs.h"
#include "incentive-service/facts/matched_returns.h"
#include "incentive-service/facts/unlinked_return_store.h"
#include "incentive-service/programs/revision.h"
#include "incentive-service/standings/standings.h"

namespace tributary::incentive {
namespace {

// Of names in one IN list: enough to make round trips few, within what optimizers look at one by one.
constexpr size_t kNames = 200;

// Of those that are named by customers/{customer}.
absl::Status InsertCustomers(mysql::Transaction& sql, const std::vector<FactLine>& lines) {
  std::set<std::pair<std::string, std::string_view>> named;
  for (const FactLine& line : lines) {
    std::string customer = CustomerIdOf(line.parties.customer);
    if (!customer.empty()) named.emplace(std::move(customer), line.partner);
  }
  if (named.empty()) return absl::OkStatus();
  mysql::Values values;
  for (const auto& [customer, partner] : named) values.insert(values.end(), {customer, partner});
  return sql.InsertRows("INSERT INTO customer_partner (customer, partner) VALUES", 2, values,
                        "ON DUPLICATE KEY UPDATE partner = VALUES(partner)");
}

absl::Status InsertParties(mysql::Transaction& sql, const std::vector<FactLine>& lines) {
  mysql::Values values;
  for (const FactLine& line : lines) {
    const Parties& parties = line.parties;
    if (parties.empty()) continue;
    values.insert(values.end(), {line.partner, line.fact, parties.order, parties.customer, parties.site});
  }
  if (values.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(
      sql.InsertRows("INSERT INTO fact_parties (partner, fact, of_order, customer, site) VALUES", 5, values));
  return InsertCustomers(sql, lines);
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

// FactLine::Amount of a row.
std::string_view AmountColumn(CountedAmount of) {
  return of == CountedAmount::kGross           ? "net_amount + discount"
         : of == CountedAmount::kGrossOfWallet ? "net_amount + wallet_amount"
                                               : "net_amount";
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
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT partner, ", date, ", currency, SUM(", AmountColumn(program.amount_of),
                                    "), SUM(quantity), COUNT(*), MAX(recorded_at) FROM fact_line WHERE ",
                                    Counting(program.basis), " AND ", date, " >= ? AND ", date, " < ? AND ", where,
                                    included, " GROUP BY partner, ", date, ", currency"),
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
  ASSIGN_OR_RETURN(lines, DistinctLines(std::move(lines)));
  if (lines.empty()) return std::vector<LineChange>();
  ASSIGN_OR_RETURN(PlacedLines placed, PlaceAmongKnown(sql, std::move(lines)));
  const std::string head = StrCat("INSERT INTO fact_line (", kFactColumns, ") VALUES");
  ASSIGN_OR_RETURN(const bool all_new, sql.TryInsertRows(head, kFactWidth, FactValues(placed.lines.fresh)));
  if (!all_new) {
    ASSIGN_OR_RETURN(lines, UnknownLines(sql, std::move(placed.lines.fresh)));
    if (lines.empty()) return std::vector<LineChange>();
    ASSIGN_OR_RETURN(placed, PlaceAmongKnown(sql, std::move(lines)));
    RETURN_IF_ERROR(sql.InsertRows(head, kFactWidth, FactValues(placed.lines.fresh)));
  }
  RETURN_IF_ERROR(InsertParties(sql, placed.lines.fresh));
  RETURN_IF_ERROR(UnlinkedReturnStore().Keep(sql, placed.lines.fresh));
  RETURN_IF_ERROR(KeepReferences(sql, placed.references));
  std::vector<FactLine> changed;
  for (const LineChange& change : placed.lines.changes) {
    if (change.before.has_value()) changed.push_back(change.after);
  }
  if (!changed.empty()) {
    RETURN_IF_ERROR(
        sql.InsertRows(head, kFactWidth, FactValues(changed),
                       "ON DUPLICATE KEY UPDATE order_basis = VALUES(order_basis), ship_basis = VALUES(ship_basis), "
                       "reversed_seq = VALUES(reversed_seq), reversed_at = VALUES(reversed_at), "
                       "original_seq = VALUES(original_seq), original_at = VALUES(original_at)"));
  }
  return std::move(placed.lines.changes);
}

absl::StatusOr<std::vector<FactTotal>> FactStore::Totals(mysql::Transaction& sql, const Program& program) const {
  std::vector<FactTotal> totals;
  for (const Program& part : PartsOf(program)) {
    ASSIGN_OR_RETURN(const std::vector<FactTotal> own,
                     ReadTotals(sql, part, "reversed_seq IS NULL", {part.effective.start, part.effective.end}));
    totals.insert(totals.end(), own.begin(), own.end());
  }
  return totals;
}

absl::StatusOr<std::vector<FactTotal>> FactStore::TotalsAsOf(mysql::Transaction& sql, const Program& program,
                                                             const Watermark& watermark) const {
  if (std::all_of(watermark.begin(), watermark.end(), [](int64_t seq) { return seq == 0; })) {
    return std::vector<FactTotal>();
  }
  // The last position of the row's shard, taken by its number: a CASE would compare up to 128 times a row.
  std::string upto = "CAST(ELT(shard + 1";
  mysql::Values positions;
  for (size_t shard = 0; shard < 2 * events::kShards; ++shard) {  // of both feeds
    upto += ", ?";
    positions.push_back(shard < watermark.size() ? watermark[shard] : int64_t{0});
  }
  upto += ") AS SIGNED)";
  const std::string live = StrCat("seq <= ", upto, " AND (reversed_seq IS NULL OR reversed_seq > ", upto, ")");
  std::vector<FactTotal> totals;
  for (const Program& part : PartsOf(program)) {
    mysql::Values values = {part.effective.start, part.effective.end};
    values.insert(values.end(), positions.begin(), positions.end());
    values.insert(values.end(), positions.begin(), positions.end());
    ASSIGN_OR_RETURN(const std::vector<FactTotal> own, ReadTotals(sql, part, live, std::move(values)));
    totals.insert(totals.end(), own.begin(), own.end());
  }
  return totals;
}

absl::StatusOr<Watermark> FactStore::ReadWatermark(mysql::Transaction& sql) const {
  static_assert(kDealShards == events::kShards);
  Watermark watermark(2 * events::kShards);
  for (const auto& [feed, first] : {std::pair("inventory", 0), std::pair("conflict", kDealShards)}) {
    ASSIGN_OR_RETURN(const std::vector<events::Cursor> cursors, events::AppliedCursors(sql, feed));
    for (const events::Cursor& cursor : cursors) watermark[first + cursor.shard] = cursor.seq;
  }
  return watermark;
}

absl::StatusOr<std::optional<DateRange>> FactStore::DaysWithLines(mysql::Transaction& sql, Basis basis,
                                                                  const DateRange& range) const {
  const std::string_view date = BasisColumn(basis);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT MIN(", date, "), MAX(", date, ") FROM fact_line WHERE source = ",
                                    static_cast<int>(SourceOf(basis)), " AND ", date, " >= ? AND ", date, " < ?"),
                             {range.start, range.end}));
  if (rows.front().IsNull(0)) return std::nullopt;
  return DateRange{rows.front().Day(0), rows.front().Day(1).AddDays(1)};
}

absl::StatusOr<std::vector<FactLine>> FactStore::Lines(mysql::Transaction& sql, Basis basis, const DateRange& range,
                                                       const std::optional<std::string>& partner) const {
  const std::string_view date = BasisColumn(basis);
  std::string text = StrCat("SELECT ", kFactColumns, " FROM fact_line WHERE ", Counting(basis), " AND ", date,
                            " >= ? AND ", date, " < ?");
  mysql::Values values = {range.start, range.end};
  if (partner.has_value()) {
    text += " AND partner = ?";
    values.push_back(*partner);
  }
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(text, values));
  std::vector<FactLine> lines;
  lines.reserve(rows.size());
  for (const mysql::Row& row : rows) lines.push_back(FactFromRow(row));
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
                     sql.Query(StrCat("SELECT ", kFactColumns, " FROM fact_line WHERE ", Counting(basis), " AND ", date,
                                      " >= ? AND ", date, " < ? AND partner IN (", marks, ")"),
                               values));
    for (const mysql::Row& row : rows) lines.push_back(FactFromRow(row));
  }
  return lines;
}

absl::StatusOr<std::vector<FactLine>> FactStore::LinesFor(mysql::Transaction& sql, const Program& program,
                                                          const DateRange& range,
                                                          const std::optional<std::string>& partner) const {
  // By amounts and units alone.
  if (program.matches_returns()) return MatchedLines(sql, program, range, partner, nullptr);
  ASSIGN_OR_RETURN(std::vector<FactLine> lines, Lines(sql, program.basis, range, partner));
  RETURN_IF_ERROR(LineCosts().Add(sql, program, &lines));
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

absl::StatusOr<std::vector<FactLine>> FactStore::LinesAsOf(mysql::Transaction& sql, const Program& program,
                                                           const DateRange& range, const Watermark& watermark) const {
  if (!program.matches_returns()) return LinesFor(sql, program, range);
  return MatchedLines(sql, program, range, std::nullopt, &watermark);
}

absl::Status FactStore::NameCustomers(mysql::Transaction& sql, Basis basis, const std::optional<std::string>& partner,
                                      std::vector<FactLine>* lines) const {
  if (lines->empty()) return absl::OkStatus();
  Date first = lines->front().BasisDate(basis), last = first;
  for (const FactLine& line : *lines) {
    first = std::min(first, line.BasisDate(basis));
    last = std::max(last, line.BasisDate(basis));
  }
  const std::string_view date = BasisColumn(basis);
  std::string text = StrCat(
      "SELECT l.partner, l.fact, p.customer FROM fact_line l LEFT JOIN fact_line o ON o.partner = l.partner AND "
      "o.shard = l.shard AND o.seq = l.original_seq AND o.kind = ",
      static_cast<int>(FactKind::kLine),
      " JOIN fact_parties p ON p.partner = l.partner AND p.fact = COALESCE(o.fact, l.fact) WHERE l.source = ",
      static_cast<int>(SourceOf(basis)), " AND l.kind < ", static_cast<int>(FactKind::kReversal), " AND l.", date,
      " >= ? AND l.", date, " <= ?");
  mysql::Values values = {first, last};
  if (partner.has_value()) {
    text += " AND l.partner = ?";
    values.push_back(*partner);
  }
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(text, values));
  std::map<std::pair<std::string, std::string>, std::string> named;
  for (const mysql::Row& row : rows) named.emplace(std::pair(row.Text(0), row.Text(1)), row.Text(2));
  for (FactLine& line : *lines) {
    const auto customer = named.find({line.partner, line.matched.empty() ? line.fact : line.matched});
    line.parties.customer = customer == named.end() ? std::string() : customer->second;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::set<std::string>> FactStore::PartnersNaming(mysql::Transaction& sql,
                                                                const std::set<std::string>& customers) const {
  std::set<std::string> partners;
  for (auto at = customers.begin(); at != customers.end();) {
    std::vector<std::string> some;
    for (; at != customers.end() && some.size() < kNames; ++at) some.push_back(*at);
    mysql::Values values;
    const std::string in = InNames(some, &values);
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT DISTINCT partner FROM customer_partner WHERE customer IN ", in), values));
    for (const mysql::Row& row : rows) partners.insert(row.Text(0));
  }
  return partners;
}

absl::StatusOr<std::vector<FactLine>> FactStore::MatchedLines(mysql::Transaction& sql, const Program& program,
                                                              const DateRange& range,
                                                              const std::optional<std::string>& partner,
                                                              const Watermark* watermark) const {
  const FactSource source = SourceOf(program.basis);
  const UnlinkedReturnStore unlinked{};
  ASSIGN_OR_RETURN(const std::set<PartnerProduct> pairs, unlinked.Of(sql, source, partner));
  ASSIGN_OR_RETURN(std::vector<FactLine> lines, Lines(sql, program.basis, range, partner));
  if (pairs.empty()) return lines;
  std::erase_if(lines, [&](const FactLine& line) { return pairs.contains({line.partner, line.product}); });
  ASSIGN_OR_RETURN(std::vector<FactLine> to_match, unlinked.Lines(sql, source, pairs));
  if (watermark != nullptr) {
    std::erase_if(to_match, [&](const FactLine& line) { return !WasLive(line, *watermark); });
    for (FactLine& line : to_match) line.reversed.reset();  // what takes it back was told later
  }
  for (FactLine& line : MatchReturns(program.basis, std::move(to_match))) {
    if (range.Contains(line.BasisDate(program.basis))) lines.push_back(std::move(line));
  }
  return lines;
}

absl::StatusOr<std::optional<FactLine>> FactStore::Find(mysql::Transaction& sql, std::string_view partner,
                                                        std::string_view fact) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kFactColumns, " FROM fact_line WHERE partner = ? AND fact = ?"), {partner, fact}));
  if (rows.empty()) return std::nullopt;
  return FactFromRow(rows.front());
}

}  // namespace tributary::incentive
