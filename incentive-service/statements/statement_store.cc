#include "incentive-service/statements/statement_store.h"

#include <algorithm>
#include <limits>
#include <map>
#include <sstream>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "incentive-service/statements/budget_rows.h"
#include "incentive-service/statements/carried_rows.h"
#include "incentive-service/statements/clawback_rows.h"
#include "incentive-service/statements/growth_rows.h"
#include "incentive-service/statements/payment_rows.h"
#include "incentive-service/statements/reach_rows.h"
#include "incentive-service/statements/stacking_rows.h"

namespace tributary::incentive {
namespace {

constexpr std::string_view kColumns =
    "partner, number, uid, version, create_time, update_time, state, kind, period, period_start, period_end, currency, "
    "line_count, total, issue_time, issued_by, previous_hash, hash";
constexpr size_t kWidth = 18;
constexpr std::string_view kMoneyColumns =
    "(SELECT COALESCE(SUM(i.settled), 0) FROM statement_item i WHERE i.partner = statement.partner AND i.number = "
    "statement.number), (SELECT COALESCE(SUM(i.withheld), 0) FROM statement_item i WHERE i.partner = statement.partner "
    "AND i.number = statement.number)";
constexpr std::string_view kEntryColumns =
    "partner, number, ordinal, kind, program, program_version, period, period_start, counted_until, close_period, "
    "line_count, qualifying, quantity, converted, value, stated_before, amount";
constexpr size_t kEntryWidth = 17;
constexpr std::string_view kLineColumns =
    "partner, number, entry, ordinal, fact, basis_date, product, quantity, amount, currency, share, of_partner";
constexpr size_t kLineWidth = 12;
// Of statements whose entries are read by one query.
constexpr size_t kStatements = 200;

// "currency date amount rate lines", one after the other; "-" for no rate.
std::string ConvertedText(const std::vector<ConvertedAmount>& converted) {
  std::string text;
  for (const ConvertedAmount& one : converted) {
    StrAppend(&text, text.empty() ? "" : " ", one.currency, " ", one.date.ToString(), " ", one.amount.ToString(), " ",
              one.rate.has_value() ? one.rate->ToDecimalString() : "-", " ", one.lines);
  }
  return text;
}

absl::StatusOr<std::vector<ConvertedAmount>> ParseConvertedText(const std::string& text) {
  std::vector<ConvertedAmount> converted;
  std::istringstream words(text);
  std::string date, amount, rate;
  for (ConvertedAmount one; words >> one.currency >> date >> amount >> rate >> one.lines; converted.push_back(one)) {
    ASSIGN_OR_RETURN(one.date, Date::Parse(date));
    ASSIGN_OR_RETURN(one.amount, Decimal::Parse(amount));
    one.rate.reset();
    if (rate != "-") {
      ASSIGN_OR_RETURN(one.rate, Rational::ParseDecimal(rate));
    }
  }
  return converted;
}

Statement FromRow(const mysql::Row& row) {
  Statement statement{.partner = row.Text(0),
                      .number = row.Int(1),
                      .uid = row.Id(2),
                      .version = row.Int(3),
                      .create_time = row.Instant(4),
                      .update_time = row.Instant(5),
                      .state = static_cast<StatementState>(row.Int(6)),
                      .kind = static_cast<StatementKind>(row.Int(7)),
                      .period = {row.Text(8), {row.Day(9), row.Day(10)}},
                      .currency = row.Text(11),
                      .line_count = row.Int(12),
                      .total = row.Int(13),
                      .previous_hash = row.Text(16),
                      .hash = row.Text(17),
                      .settled = row.Int(18),
                      .withheld = row.Int(19)};
  if (!row.IsNull(14)) statement.issue_time = row.Instant(14);
  if (!row.IsNull(15)) statement.issued_by = row.Text(15);
  return statement;
}

absl::StatusOr<StatementEntry> EntryFromRow(const mysql::Row& row) {
  StatementEntry entry{.ordinal = static_cast<int>(row.Int(2)),
                       .kind = static_cast<StatementEntryKind>(row.Int(3)),
                       .program = row.Text(4),
                       .program_version = row.Int(5),
                       .scale = {row.Text(6), {row.Day(7), row.Day(8)}},
                       .counted_until = row.Day(8),
                       .close_period = row.Text(9),
                       .value = row.Int(14),
                       .stated_before = row.Int(15)};
  entry.pricing = {.quantity = row.Dec(12), .lines = row.Int(10)};
  ASSIGN_OR_RETURN(entry.pricing.amount, Rational::Parse(row.Text(11)));
  ASSIGN_OR_RETURN(entry.pricing.converted, ParseConvertedText(row.Text(13)));
  for (const ConvertedAmount& one : entry.pricing.converted) {
    if (!one.rate.has_value()) entry.pricing.unpriced_lines += one.lines;
  }
  return entry;
}

StatementLine LineFromRow(const mysql::Row& row) {
  return {.ordinal = row.Int(3),
          .fact = row.Text(4),
          .basis_date = row.Day(5),
          .product = row.Text(6),
          .quantity = row.Dec(7),
          .amount = row.Dec(8),
          .currency = row.Text(9),
          .share = row.Int(10),
          .entry = static_cast<int>(row.Int(2)),
          .of_partner = row.Text(11)};
}

absl::Status ReadEntries(mysql::Transaction& sql, std::vector<Statement>* statements) {
  for (size_t first = 0; first < statements->size(); first += kStatements) {
    const size_t last = std::min(first + kStatements, statements->size());
    std::map<std::pair<std::string_view, int64_t>, Statement*> by_key;
    std::string where;
    mysql::Values values;
    for (size_t i = first; i < last; ++i) {
      Statement& statement = (*statements)[i];
      by_key.emplace(std::pair(std::string_view(statement.partner), statement.number), &statement);
      where += where.empty() ? "(partner = ? AND number = ?)" : " OR (partner = ? AND number = ?)";
      values.insert(values.end(), {statement.partner, statement.number});
    }
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT ", kEntryColumns, " FROM statement_entry WHERE ",
                                                              where, " ORDER BY partner, number, ordinal"),
                                                       values));
    bool guaranteed = false;
    for (const mysql::Row& row : rows) {
      ASSIGN_OR_RETURN(StatementEntry entry, EntryFromRow(row));
      guaranteed = guaranteed || entry.kind == StatementEntryKind::kGuarantee;
      by_key.at({row.Bytes(0), row.Int(1)})->entries.push_back(std::move(entry));
    }
    RETURN_IF_ERROR(ReadStackings(sql, where, values, by_key));
    RETURN_IF_ERROR(ReadBaselines(sql, where, values, by_key));
    RETURN_IF_ERROR(ReadReach(sql, where, values, by_key));
    RETURN_IF_ERROR(ReadBudgets(sql, where, values, by_key));
    RETURN_IF_ERROR(ReadClawbacks(sql, where, values, by_key));
    RETURN_IF_ERROR(ReadCarried(sql, where, values, by_key));
    RETURN_IF_ERROR(ReadPayments(sql, where, values, by_key));
    if (!guaranteed) continue;
    ASSIGN_OR_RETURN(const mysql::Rows steps,
                     sql.Query(StrCat("SELECT partner, number, ordinal, earned, carry_before, top_up, recouped, carry "
                                      "FROM statement_guarantee WHERE ",
                                      where),
                               values));
    for (const mysql::Row& row : steps) {
      std::vector<StatementEntry>& entries = by_key.at({row.Bytes(0), row.Int(1)})->entries;
      entries.at(row.Int(2) - 1).guarantee = {row.Int(3), row.Int(4), row.Int(5), row.Int(6), row.Int(7)};
    }
  }
  return absl::OkStatus();
}

absl::Status ReadAdjustments(mysql::Transaction& sql, std::vector<Statement>* statements) {
  for (size_t first = 0; first < statements->size(); first += kStatements) {
    std::map<std::pair<std::string_view, int64_t>, Statement*> by_key;
    std::string where;
    mysql::Values values;
    for (size_t i = first; i < statements->size() && i < first + kStatements; ++i) {
      Statement& statement = (*statements)[i];
      by_key.emplace(std::pair(std::string_view(statement.partner), statement.number), &statement);
      where += where.empty() ? "(partner = ? AND statement = ?)" : " OR (partner = ? AND statement = ?)";
      values.insert(values.end(), {statement.partner, statement.number});
    }
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT partner, statement, ordinal, adjustment, program, reason, document, amount "
                         "FROM adjustment WHERE ",
                         where, " ORDER BY partner, statement, ordinal"),
                  values));
    for (const mysql::Row& row : rows) {
      by_key.at({row.Bytes(0), row.Int(1)})
          ->adjustments.push_back({.ordinal = static_cast<int>(row.Int(2)),
                                   .adjustment = row.Text(3),
                                   .program = row.Text(4),
                                   .reason = row.Text(5),
                                   .document = row.Text(6),
                                   .amount = row.Int(7)});
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Statement>> Read(mysql::Transaction& sql, std::string_view where,
                                            const mysql::Values& values) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kColumns, ", ", kMoneyColumns, " FROM statement WHERE ", where), values));
  std::vector<Statement> statements;
  statements.reserve(rows.size());
  for (const mysql::Row& row : rows) statements.push_back(FromRow(row));
  RETURN_IF_ERROR(ReadEntries(sql, &statements));
  RETURN_IF_ERROR(ReadAdjustments(sql, &statements));
  return statements;
}

absl::StatusOr<Statement> ReadOne(mysql::Transaction& sql, const StatementKey& key, std::string_view lock) {
  ASSIGN_OR_RETURN(std::vector<Statement> statements,
                   Read(sql, StrCat("partner = ? AND number = ?", lock), {key.partner, key.number}));
  if (statements.empty()) return NotFound(StrCat("partners/", key.partner, "/statements/", key.number));
  return std::move(statements.front());
}

// "AND partner = ?", where it is of one.
std::string OfPartner(const std::optional<std::string>& partner, mysql::Values* values) {
  if (!partner.has_value()) return "";
  values->push_back(*partner);
  return " AND partner = ?";
}

// Where each partner's next entry goes.
struct Draft {
  int64_t number = 0;
  int64_t entries = 0;
  bool is_new = false;
  int64_t lines_added = 0;
  int64_t total_added = 0;
  bool says_more = false;  // than amounts: goods, or what is waived

  void Add(const StatementEntry& entry) {
    ++entries;
    lines_added += entry.pricing.lines;
    total_added += entry.amount();
    says_more = says_more || entry.goods.has_value() || entry.waives() != 0;
  }
  bool IsTouched() const { return lines_added != 0 || total_added != 0 || is_new || says_more; }
};

absl::StatusOr<std::map<std::string, Draft>> DraftsFor(mysql::Transaction& sql, StatementKind kind,
                                                       const Period& period, const std::string& currency,
                                                       const std::vector<PartnerEntry>& entries,
                                                       std::string_view lock = "") {
  ASSIGN_OR_RETURN(const mysql::Rows known,
                   sql.Query(StrCat("SELECT partner, number, (SELECT COUNT(*) FROM statement_entry e WHERE e.partner = "
                                    "s.partner AND e.number = s.number) FROM statement s WHERE period = ? AND state = "
                                    "? AND kind = ? AND currency = ? AND period_start = ? AND period_end = ?",
                                    lock),
                             {period.id, static_cast<int>(StatementState::kDraft), static_cast<int>(kind), currency,
                              period.range.start, period.range.end}));
  std::map<std::string, Draft> drafts;
  for (const mysql::Row& row : known) drafts[row.Text(0)] = {row.Int(1), row.Int(2)};
  // Only the last row of each partner is looked at.
  ASSIGN_OR_RETURN(const mysql::Rows last, sql.Query("SELECT partner, MAX(number) FROM statement GROUP BY partner"));
  std::map<std::string, int64_t> numbers;
  for (const mysql::Row& row : last) numbers.emplace(row.Text(0), row.Int(1));
  for (const auto& [partner, entry] : entries) {
    drafts.try_emplace(partner, Draft{.number = numbers[partner] + 1, .is_new = true});
  }
  return drafts;
}

}  // namespace

absl::StatusOr<int64_t> StatementStore::AddToDrafts(mysql::Transaction& sql, StatementKind kind, const Period& period,
                                                    const std::string& currency,
                                                    const std::vector<PartnerEntry>& entries, absl::Time now) const {
  if (entries.empty()) return 0;
  ASSIGN_OR_RETURN(auto drafts, DraftsFor(sql, kind, period, currency, entries, " FOR UPDATE"));
  std::vector<std::pair<std::string, std::string>> texts;  // they outlive the statement
  texts.reserve(entries.size());
  mysql::Values entry_values, line_values, guarantee_values;
  std::vector<StackingRow> stackings;
  std::vector<GrowthRow> baselines;
  std::vector<BudgetRow> budgets;
  std::vector<ClawbackRow> clawbacks;
  std::vector<CarriedRow> carried;
  ReachRows reach;
  for (const auto& [partner, entry] : entries) {
    Draft& draft = drafts.at(partner);
    draft.Add(entry);
    const int64_t ordinal = draft.entries;
    if (entry.stacking.has_value()) stackings.push_back({partner, draft.number, ordinal, *entry.stacking});
    if (entry.pricing.baseline.has_value()) {
      baselines.push_back({partner, draft.number, ordinal, *entry.pricing.baseline});
    }
    if (entry.budget.has_value()) budgets.push_back({partner, draft.number, ordinal, *entry.budget});
    if (entry.clawback.has_value()) clawbacks.push_back({partner, draft.number, ordinal, *entry.clawback});
    if (entry.pricing.carried != Carried()) {
      carried.push_back({partner, draft.number, ordinal, entry.pricing.carried});
    }
    reach.Add(partner, draft.number, ordinal, entry);
    const auto& [qualifying, converted] =
        texts.emplace_back(entry.pricing.amount.ToString(), ConvertedText(entry.pricing.converted));
    entry_values.insert(
        entry_values.end(),
        {partner, draft.number, ordinal, static_cast<int>(entry.kind), entry.program, entry.program_version,
         entry.scale.id, entry.scale.range.start, entry.counted_until, entry.close_period, entry.pricing.lines,
         qualifying, entry.pricing.quantity, converted, entry.value, entry.stated_before, entry.amount()});
    if (const auto& steps = entry.guarantee; steps.has_value()) {
      guarantee_values.insert(guarantee_values.end(),
                              {partner, draft.number, ordinal, steps->earned, steps->carry_before, steps->top_up,
                               steps->recouped, steps->carry});
    }
    for (const StatementLine& line : entry.lines) {
      line_values.insert(line_values.end(),
                         {partner, draft.number, ordinal, line.ordinal, line.fact, line.basis_date, line.product,
                          line.quantity, line.amount, line.currency, line.share, line.of_partner});
    }
  }
  mysql::Values values;
  std::vector<Uuid> uids;  // they outlive the statement
  uids.reserve(drafts.size());
  int64_t touched = 0;
  for (const auto& [partner, draft] : drafts) {
    if (!draft.IsTouched()) continue;
    ++touched;
    values.insert(values.end(), {partner, draft.number, uids.emplace_back(Uuid::New(now)), int64_t{1}, now, now,
                                 static_cast<int>(StatementState::kDraft), static_cast<int>(kind), period.id,
                                 period.range.start, period.range.end, currency, draft.lines_added, draft.total_added,
                                 std::nullopt, std::nullopt, "", ""});
  }
  if (touched > 0) {
    RETURN_IF_ERROR(sql.InsertRows(StrCat("INSERT INTO statement (", kColumns, ") VALUES"), kWidth, values,
                                   "ON DUPLICATE KEY UPDATE version = version + 1, update_time = VALUES(update_time), "
                                   "line_count = line_count + VALUES(line_count), total = total + VALUES(total)"));
  }
  RETURN_IF_ERROR(
      sql.InsertRows(StrCat("INSERT INTO statement_entry (", kEntryColumns, ") VALUES"), kEntryWidth, entry_values));
  if (!guarantee_values.empty()) {
    RETURN_IF_ERROR(
        sql.InsertRows("INSERT INTO statement_guarantee (partner, number, ordinal, earned, carry_before, top_up, "
                       "recouped, carry) VALUES",
                       8, guarantee_values));
  }
  RETURN_IF_ERROR(InsertStackings(sql, stackings, currency));
  RETURN_IF_ERROR(InsertBaselines(sql, baselines));
  RETURN_IF_ERROR(InsertBudgets(sql, budgets));
  RETURN_IF_ERROR(InsertClawbacks(sql, clawbacks));
  RETURN_IF_ERROR(InsertCarried(sql, carried));
  RETURN_IF_ERROR(InsertReach(sql, reach));
  if (line_values.empty()) return touched;
  RETURN_IF_ERROR(
      sql.InsertRows(StrCat("INSERT INTO statement_line (", kLineColumns, ") VALUES"), kLineWidth, line_values));
  return touched;
}

absl::StatusOr<int64_t> StatementStore::CountTouched(mysql::Transaction& sql, StatementKind kind, const Period& period,
                                                     const std::string& currency,
                                                     const std::vector<PartnerEntry>& entries) const {
  if (entries.empty()) return 0;
  ASSIGN_OR_RETURN(auto drafts, DraftsFor(sql, kind, period, currency, entries));
  for (const auto& [partner, entry] : entries) drafts.at(partner).Add(entry);
  int64_t touched = 0;
  for (const auto& [partner, draft] : drafts) touched += draft.IsTouched() ? 1 : 0;
  return touched;
}

absl::StatusOr<StatedAmounts> StatementStore::Stated(mysql::Transaction& sql, std::string_view program,
                                                     std::string_view scale, const std::optional<std::string>& partner,
                                                     Date until) const {
  mysql::Values values = {program, scale, until};
  const std::string of_partner = OfPartner(partner, &values);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT partner, SUM(amount) FROM statement_entry WHERE program = ? AND period = ? "
                                    "AND counted_until <= ? AND kind <> ",
                                    static_cast<int>(StatementEntryKind::kGuarantee), of_partner, " GROUP BY partner"),
                             values));
  StatedAmounts stated;
  for (const mysql::Row& row : rows) stated.emplace(row.Text(0), row.Int(1));
  return stated;
}

absl::StatusOr<StatedGoods> StatementStore::GoodsStated(mysql::Transaction& sql, const Program& program,
                                                        std::string_view scale,
                                                        const std::optional<std::string>& partner) const {
  StatedGoods stated;
  if (!program.terms.free_goods.has_value()) return stated;
  mysql::Values values = {program.id, scale};
  if (partner.has_value()) values.push_back(*partner);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(
          StrCat("SELECT e.partner, SUM(g.due - g.stated_before) FROM statement_entry e JOIN statement_goods g ON "
                 "g.partner = e.partner AND g.number = e.number AND g.ordinal = e.ordinal WHERE e.program = ? AND "
                 "e.period = ?",
                 partner.has_value() ? " AND e.partner = ?" : "", " GROUP BY e.partner"),
          values));
  for (const mysql::Row& row : rows) stated.emplace(row.Text(0), row.Dec(1));
  return stated;
}

absl::StatusOr<std::map<std::string, ClawedPeriod>> StatementStore::Clawed(
    mysql::Transaction& sql, std::string_view program, std::string_view scale,
    const std::optional<std::string>& partner) const {
  // What its close stated, of all payout periods together, and what its true-ups made of that.
  const int earned = static_cast<int>(StatementEntryKind::kEarned);
  const int trued_up = static_cast<int>(StatementEntryKind::kTrueUp);
  mysql::Values values = {earned, trued_up, program, scale};
  if (partner.has_value()) values.push_back(*partner);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT e.partner, SUM(CASE WHEN e.kind = ? THEN e.amount ELSE 0 END), MAX(CASE WHEN e.kind = ? "
                       "THEN e.value ELSE 0 END), COALESCE(SUM(c.waived - c.waived_before), 0) FROM statement_entry e "
                       "LEFT JOIN statement_clawback c ON c.partner = e.partner AND c.number = e.number AND c.ordinal "
                       "= e.ordinal WHERE e.program = ? AND e.period = ?",
                       partner.has_value() ? " AND e.partner = ?" : "", " GROUP BY e.partner"),
                values));
  std::map<std::string, ClawedPeriod> clawed;
  for (const mysql::Row& row : rows) {
    clawed.emplace(row.Text(0), ClawedPeriod{std::max(row.Int(1), row.Int(2)), row.Int(3)});
  }
  return clawed;
}

absl::StatusOr<std::map<std::string, SaidOfPeriods>> StatementStore::SaidOf(mysql::Transaction& sql,
                                                                            std::string_view program) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT partner, period, kind, SUM(amount) FROM statement_entry "
                                                     "WHERE program = ? GROUP BY partner, period, kind",
                                                     {program}));
  std::map<std::string, SaidOfPeriods> said;
  for (const mysql::Row& row : rows) {
    SaidOfPeriod& of_period = said[row.Text(0)][row.Text(1)];
    const bool guaranteed = static_cast<StatementEntryKind>(row.Int(2)) == StatementEntryKind::kGuarantee;
    (guaranteed ? of_period.guaranteed : of_period.earned) += row.Int(3);
  }
  return said;
}

absl::StatusOr<Statement> StatementStore::Get(mysql::Transaction& sql, const StatementKey& key) const {
  return ReadOne(sql, key, "");
}

absl::StatusOr<Statement> StatementStore::GetForUpdate(mysql::Transaction& sql, const StatementKey& key) const {
  return ReadOne(sql, key, " FOR UPDATE");
}

absl::StatusOr<bool> StatementStore::EarlierIsDraft(mysql::Transaction& sql, const StatementKey& key) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT 1 FROM statement WHERE partner = ? AND number < ? AND state = ? LIMIT 1",
                             {key.partner, key.number, static_cast<int>(StatementState::kDraft)}));
  return !rows.empty();
}

absl::StatusOr<std::string> StatementStore::HashBefore(mysql::Transaction& sql, const StatementKey& key) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT hash FROM statement WHERE partner = ? AND number = ?",
                                                     {key.partner, key.number - 1}));
  return rows.empty() ? std::string() : rows.front().Text(0);
}

absl::StatusOr<std::vector<StatementItem>> StatementStore::Items(mysql::Transaction& sql,
                                                                 const Statement& statement) const {
  std::vector<StatementItem> items = ItemsOf(statement);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT ordinal, settled, withheld FROM statement_item WHERE partner = ? AND number = ?",
                             {statement.partner, statement.number}));
  for (const mysql::Row& row : rows) {
    StatementItem& item = items.at(row.Int(0) - 1);  // ordinals have no gaps
    item.settled = row.Int(1);
    item.withheld = row.Int(2);
  }
  return items;
}

absl::Status StatementStore::SaveItems(mysql::Transaction& sql, const Statement& statement,
                                       const std::vector<StatementItem>& items) const {
  mysql::Values values;
  for (const StatementItem& item : items) {
    values.insert(values.end(), {statement.partner, statement.number, item.ordinal, item.settled, item.withheld});
  }
  if (values.empty()) return absl::OkStatus();
  return sql.InsertRows("INSERT INTO statement_item (partner, number, ordinal, settled, withheld) VALUES", 5, values,
                        "ON DUPLICATE KEY UPDATE settled = VALUES(settled), withheld = VALUES(withheld)");
}

absl::Status StatementStore::SaveLastPayment(mysql::Transaction& sql, const Statement& statement) const {
  return InsertLastPayment(sql, statement);
}

absl::Status StatementStore::Update(mysql::Transaction& sql, const Statement& statement) const {
  ASSIGN_OR_RETURN(
      const int64_t matched,
      sql.Execute(
          "UPDATE statement SET version = ?, update_time = ?, state = ?, total = ?, issue_time = ?, issued_by = ?, "
          "previous_hash = ?, hash = ? WHERE partner = ? AND number = ? AND version = ?",
          {statement.version, statement.update_time, static_cast<int>(statement.state), statement.total,
           statement.issue_time, statement.issued_by, statement.previous_hash, statement.hash, statement.partner,
           statement.number, statement.version - 1}));
  if (matched == 1) return absl::OkStatus();
  return Error(Reason::kConflictRetry, StrCat(statement.name(), " changed while it was being changed"));
}

absl::StatusOr<std::vector<Statement>> StatementStore::DraftsForUpdate(mysql::Transaction& sql, std::string_view period,
                                                                       const std::optional<std::string>& partner,
                                                                       int limit) const {
  mysql::Values values = {period, static_cast<int>(StatementState::kDraft)};
  const std::string of_partner = OfPartner(partner, &values);
  values.push_back(static_cast<int>(StatementState::kDraft));
  values.push_back(limit);
  return Read(sql,
              StrCat("period = ? AND state = ?", of_partner,
                     " AND NOT EXISTS (SELECT 1 FROM statement e WHERE e.partner = statement.partner AND e.number < "
                     "statement.number AND e.state = ?) ORDER BY partner, number LIMIT ? FOR UPDATE"),
              values);
}

absl::StatusOr<int64_t> StatementStore::CountDrafts(mysql::Transaction& sql, std::string_view period,
                                                    const std::optional<std::string>& partner) const {
  mysql::Values values = {period, static_cast<int>(StatementState::kDraft)};
  const std::string of_partner = OfPartner(partner, &values);
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT COUNT(*) FROM statement WHERE period = ? AND state = ?", of_partner), values));
  return rows.front().Int(0);
}

const std::vector<FilterField>& StatementStore::FilterFields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::String("period", "period"),
      FilterField::Enum("kind", "kind", {{"REGULAR", int64_t{1}}, {"TRUE_UP", int64_t{2}}}),
      FilterField::Enum("state", "state",
                        {{"ISSUED", int64_t{1}},
                         {"DRAFT", int64_t{2}},
                         {"ACCEPTED", int64_t{3}},
                         {"SETTLED", int64_t{4}},
                         {"PART_DISPUTED", int64_t{5}}}),
  };
  return fields;
}

absl::StatusOr<std::vector<Statement>> StatementStore::List(mysql::Transaction& sql,
                                                            const std::optional<std::string>& partner,
                                                            const StatementKey& after, const SqlPredicate& where,
                                                            bool drafts_too, int limit) const {
  std::string text = StrCat("partner >= ? AND (partner > ? OR number > ?) AND (", where.sql(), ")");
  mysql::Values values = {after.partner, after.partner, after.number};
  values.insert(values.end(), where.values().begin(), where.values().end());
  text += OfPartner(partner, &values);
  if (!drafts_too) text += " AND state <> 2";
  text += " ORDER BY partner, number LIMIT ?";
  values.push_back(limit);
  return Read(sql, text, values);
}

absl::StatusOr<std::vector<StatementLine>> StatementStore::ListLines(mysql::Transaction& sql,
                                                                     const StatementKey& statement, int64_t entry,
                                                                     int64_t ordinal, int limit) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kLineColumns,
                                    " FROM statement_line WHERE partner = ? AND number = ? AND entry >= ? AND "
                                    "(entry > ? OR ordinal > ?) ORDER BY entry, ordinal LIMIT ?"),
                             {statement.partner, statement.number, entry, entry, ordinal, limit}));
  std::vector<StatementLine> lines;
  lines.reserve(rows.size());
  for (const mysql::Row& row : rows) lines.push_back(LineFromRow(row));
  RETURN_IF_ERROR(ReadCountedLines(sql, statement, &lines));
  return lines;
}

absl::StatusOr<std::vector<StatementLine>> StatementStore::Lines(mysql::Transaction& sql,
                                                                 const StatementKey& statement) const {
  return ListLines(sql, statement, 0, 0, std::numeric_limits<int>::max());
}

}  // namespace tributary::incentive
