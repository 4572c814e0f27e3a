#include "incentive-service/statements/reach_rows.h"

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

void ReachRows::Add(const std::string& partner, int64_t number, int64_t ordinal, const StatementEntry& entry) {
  const Pricing& pricing = entry.pricing;
  if (pricing.count > 0 || !pricing.set.zero()) {
    entries.insert(entries.end(), {partner, number, ordinal, pricing.count, pricing.set});
  }
  for (const auto& [days, amount] : pricing.paid) {
    paid.insert(paid.end(), {partner, number, ordinal, days, amount});
  }
  if (const auto& units = entry.goods; units.has_value()) {
    const GoodsWork& work = units->work;
    goods.insert(goods.end(), {partner, number, ordinal, work.paid, work.due, work.given, units->before});
  }
  for (const auto& [component, figure] : pricing.figures) {
    figures.insert(figures.end(), {partner, number, ordinal, component, texts.emplace_back(figure.ToString())});
  }
  for (const MemberVolume& member : pricing.members) {
    members.insert(members.end(), {partner, number, ordinal, member.partner, member.lines, member.volume});
  }
  if (const MarginSums& margin = pricing.margin; margin != MarginSums()) {
    margins.insert(margins.end(),
                   {partner, number, ordinal, margin.net, texts.emplace_back(margin.cost.ToString()), margin.uncosted});
  }
  for (const StatementLine& line : entry.lines) {
    if (line.unit_cost.has_value()) {
      costs.insert(costs.end(),
                   {partner, number, ordinal, line.ordinal, texts.emplace_back(line.unit_cost->ToDecimalString())});
    }
    if (!line.matched.empty()) {
      matches.insert(matches.end(), {partner, number, ordinal, line.ordinal, line.matched});
    }
    if (line.counted_as == 0) continue;
    lines.insert(lines.end(), {partner, number, ordinal, line.ordinal, line.counted_as});
  }
}

absl::Status InsertReach(mysql::Transaction& sql, const ReachRows& rows) {
  if (!rows.entries.empty()) {
    RETURN_IF_ERROR(sql.InsertRows("INSERT INTO statement_reach (partner, number, ordinal, counted, set_amount) VALUES",
                                   5, rows.entries));
  }
  if (!rows.paid.empty()) {
    RETURN_IF_ERROR(
        sql.InsertRows("INSERT INTO statement_paid (partner, number, ordinal, days, amount) VALUES", 5, rows.paid));
  }
  if (!rows.goods.empty()) {
    RETURN_IF_ERROR(
        sql.InsertRows("INSERT INTO statement_goods (partner, number, ordinal, paid, due, given, stated_before) VALUES",
                       7, rows.goods));
  }
  if (!rows.figures.empty()) {
    RETURN_IF_ERROR(sql.InsertRows("INSERT INTO statement_figure (partner, number, ordinal, component, figure) VALUES",
                                   5, rows.figures));
  }
  if (!rows.members.empty()) {
    RETURN_IF_ERROR(sql.InsertRows(
        "INSERT INTO statement_member (partner, number, ordinal, member, line_count, volume) VALUES", 6, rows.members));
  }
  if (!rows.margins.empty()) {
    RETURN_IF_ERROR(sql.InsertRows(
        "INSERT INTO statement_margin (partner, number, ordinal, net_amount, cost, uncosted) VALUES", 6, rows.margins));
  }
  if (!rows.costs.empty()) {
    RETURN_IF_ERROR(sql.InsertRows(
        "INSERT INTO statement_line_cost (partner, number, entry, ordinal, unit_cost) VALUES", 5, rows.costs));
  }
  if (!rows.matches.empty()) {
    RETURN_IF_ERROR(sql.InsertRows("INSERT INTO statement_line_match (partner, number, entry, ordinal, sale) VALUES", 5,
                                   rows.matches));
  }
  if (rows.lines.empty()) return absl::OkStatus();
  return sql.InsertRows("INSERT INTO statement_line_count (partner, number, entry, ordinal, counted_as) VALUES", 5,
                        rows.lines);
}

absl::Status ReadReach(mysql::Transaction& sql, std::string_view where, const mysql::Values& values,
                       const std::map<std::pair<std::string_view, int64_t>, Statement*>& statements) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT partner, number, ordinal, counted, set_amount FROM statement_reach WHERE ", where),
                values));
  for (const mysql::Row& row : rows) {
    Pricing& pricing = statements.at({row.Bytes(0), row.Int(1)})->entries.at(row.Int(2) - 1).pricing;
    pricing.count = row.Int(3);
    pricing.set = row.Dec(4);
  }
  ASSIGN_OR_RETURN(
      const mysql::Rows paid,
      sql.Query(StrCat("SELECT partner, number, ordinal, days, amount FROM statement_paid WHERE ", where), values));
  for (const mysql::Row& row : paid) {
    Pricing& pricing = statements.at({row.Bytes(0), row.Int(1)})->entries.at(row.Int(2) - 1).pricing;
    pricing.paid.emplace(static_cast<int>(row.Int(3)), row.Dec(4));
  }
  ASSIGN_OR_RETURN(
      const mysql::Rows goods,
      sql.Query(
          StrCat("SELECT partner, number, ordinal, paid, due, given, stated_before FROM statement_goods WHERE ", where),
          values));
  for (const mysql::Row& row : goods) {
    StatementEntry& entry = statements.at({row.Bytes(0), row.Int(1)})->entries.at(row.Int(2) - 1);
    entry.goods = StatedUnits{{row.Dec(3), row.Dec(4), row.Dec(5)}, row.Dec(6)};
  }
  ASSIGN_OR_RETURN(
      const mysql::Rows figures,
      sql.Query(StrCat("SELECT partner, number, ordinal, component, figure FROM statement_figure WHERE ", where),
                values));
  for (const mysql::Row& row : figures) {
    ASSIGN_OR_RETURN(Rational figure, Rational::Parse(row.Text(4)));
    StatementEntry& entry = statements.at({row.Bytes(0), row.Int(1)})->entries.at(row.Int(2) - 1);
    entry.pricing.figures.emplace(row.Text(3), std::move(figure));
  }
  ASSIGN_OR_RETURN(
      const mysql::Rows members,
      sql.Query(StrCat("SELECT partner, number, ordinal, member, line_count, volume FROM statement_member WHERE (",
                       where, ") ORDER BY member"),
                values));
  for (const mysql::Row& row : members) {
    Pricing& pricing = statements.at({row.Bytes(0), row.Int(1)})->entries.at(row.Int(2) - 1).pricing;
    pricing.members.push_back({row.Text(3), row.Dec(5), row.Int(4)});
  }
  ASSIGN_OR_RETURN(
      const mysql::Rows margins,
      sql.Query(
          StrCat("SELECT partner, number, ordinal, net_amount, cost, uncosted FROM statement_margin WHERE ", where),
          values));
  for (const mysql::Row& row : margins) {
    MarginSums& margin = statements.at({row.Bytes(0), row.Int(1)})->entries.at(row.Int(2) - 1).pricing.margin;
    margin.net = row.Dec(3);
    ASSIGN_OR_RETURN(margin.cost, Rational::Parse(row.Text(4)));
    margin.uncosted = row.Int(5);
  }
  return absl::OkStatus();
}

absl::Status ReadCountedLines(mysql::Transaction& sql, const StatementKey& statement,
                              std::vector<StatementLine>* lines) {
  if (lines->empty()) return absl::OkStatus();
  const StatementLine &first = lines->front(), &last = lines->back();
  const auto read = [&](std::string_view column, std::string_view table) {
    return sql.Query(StrCat("SELECT entry, ordinal, ", column, " FROM ", table,
                            " WHERE partner = ? AND number = ? AND (entry > ? OR (entry = ? AND ordinal >= ?)) AND "
                            "(entry < ? OR (entry = ? AND ordinal <= ?)) ORDER BY entry, ordinal"),
                     {statement.partner, statement.number, first.entry, first.entry, first.ordinal, last.entry,
                      last.entry, last.ordinal});
  };
  const auto move_to = [](const mysql::Row& row, std::vector<StatementLine>::iterator* line) {
    while ((*line)->entry != row.Int(0) || (*line)->ordinal != row.Int(1)) ++*line;  // each is among them
  };
  ASSIGN_OR_RETURN(const mysql::Rows counted, read("counted_as", "statement_line_count"));
  auto line = lines->begin();
  for (const mysql::Row& row : counted) {
    move_to(row, &line);
    line->counted_as = row.Int(2);
  }
  ASSIGN_OR_RETURN(const mysql::Rows costs, read("unit_cost", "statement_line_cost"));
  line = lines->begin();
  for (const mysql::Row& row : costs) {
    move_to(row, &line);
    ASSIGN_OR_RETURN(line->unit_cost, Rational::ParseDecimal(row.Text(2)));
  }
  ASSIGN_OR_RETURN(const mysql::Rows matches, read("sale", "statement_line_match"));
  line = lines->begin();
  for (const mysql::Row& row : matches) {
    move_to(row, &line);
    line->matched = row.Text(2);
  }
  return absl::OkStatus();
}

}  // namespace tributary::incentive
