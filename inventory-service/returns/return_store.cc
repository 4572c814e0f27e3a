#include "inventory-service/returns/return_store.h"

#include <deque>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/page_of.h"
#include "inventory-service/facts/serials.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kColumns =
    "partner, id, uid, version, create_time, update_time, state, site, disposition, reason_code, note, receive_date";

ReturnAuthorization Read(const mysql::Row& row) {
  ReturnAuthorization authorization{.partner = row.Text(0),
                                    .id = row.Text(1),
                                    .uid = row.Id(2),
                                    .version = row.Int(3),
                                    .create_time = row.Instant(4),
                                    .update_time = row.Instant(5),
                                    .state = static_cast<ReturnState>(row.Int(6)),
                                    .site = row.Text(7),
                                    .disposition = static_cast<Disposition>(row.Int(8)),
                                    .reason_code = row.Text(9),
                                    .note = row.Text(10)};
  if (!row.IsNull(11)) authorization.receive_date = row.Day(11);
  return authorization;
}

// Of a column that is NULL where the product is no kit.
std::vector<KitPart> PartsOf(const mysql::Row& row, size_t column) {
  return row.IsNull(column) ? std::vector<KitPart>() : PartsFromText(row.Bytes(column));
}

absl::Status AddLines(mysql::Transaction& sql, ReturnAuthorization* authorization) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT document, line, product, lot, quantity, serials, unit, unit_quantity, posted, parts "
                "FROM return_line WHERE partner = ? AND return_id = ? ORDER BY n",
                {authorization->partner, authorization->id}));
  for (const mysql::Row& row : rows) {
    authorization->lines.push_back({.document = row.Text(0),
                                    .line = static_cast<int>(row.Int(1)),
                                    .product = row.Text(2),
                                    .lot = row.Text(3),
                                    .serials = SerialsFromText(row.Bytes(5)),
                                    .quantity = row.Dec(4),
                                    .unit = row.Text(6),
                                    .unit_quantity = row.Dec(7),
                                    .posted = row.Bool(8),
                                    .parts = PartsOf(row, 9)});
  }
  return absl::OkStatus();
}

absl::StatusOr<ReturnAuthorization> GetOne(mysql::Transaction& sql, std::string_view partner, std::string_view id,
                                           std::string_view lock) {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(StrCat("SELECT ", kColumns, " FROM return_authorization WHERE partner = ? AND id = ?", lock),
                {partner, id}));
  if (rows.empty()) return NotFound(StrCat("partners/", partner, "/returns/", id));
  ReturnAuthorization authorization = Read(rows.front());
  RETURN_IF_ERROR(AddLines(sql, &authorization));
  return authorization;
}

}  // namespace

const std::vector<FilterField>& ReturnStore::Fields() {
  static const auto* const fields = [] {
    std::vector<FilterField::EnumName> states;
    for (const ReturnState state :
         {ReturnState::kRequested, ReturnState::kApproved, ReturnState::kReceived, ReturnState::kRejected}) {
      states.push_back({std::string(NameOf(state)), static_cast<int64_t>(state)});
    }
    return new std::vector<FilterField>{FilterField::Enum("state", "state", states),
                                        FilterField::String("reason_code", "reason_code")};
  }();
  return *fields;
}

absl::Status ReturnStore::Insert(mysql::Transaction& sql, const ReturnAuthorization& authorization) const {
  ASSIGN_OR_RETURN(
      const bool fresh,
      sql.TryInsert(
          StrCat("INSERT INTO return_authorization (", kColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
          {authorization.partner, authorization.id, authorization.uid, authorization.version, authorization.create_time,
           authorization.update_time, static_cast<int>(authorization.state), authorization.site,
           static_cast<int>(authorization.disposition), authorization.reason_code, authorization.note,
           mysql::Value(authorization.receive_date)}));
  if (!fresh) return AlreadyExists(authorization.name());
  std::deque<std::string> texts;  // that values look into
  mysql::Values values;
  int n = 0;
  for (const ReturnLine& line : authorization.lines) {
    values.insert(values.end(), {authorization.partner, authorization.id, ++n, line.document, line.line, line.product,
                                 line.lot, line.quantity, texts.emplace_back(SerialsText(line.serials)), line.unit,
                                 line.unit_quantity, line.posted});
    values.push_back(line.parts.empty() ? mysql::Value(std::nullopt)
                                        : mysql::Value(texts.emplace_back(PartsText(line.parts))));
  }
  return sql.InsertRows(
      "INSERT INTO return_line (partner, return_id, n, document, line, product, lot, quantity, serials, unit, "
      "unit_quantity, posted, parts) VALUES",
      13, values);
}

absl::Status ReturnStore::Update(mysql::Transaction& sql, const ReturnAuthorization& authorization) const {
  return sql
      .Execute(
          "UPDATE return_authorization SET version = ?, update_time = ?, state = ?, receive_date = ? "
          "WHERE partner = ? AND id = ?",
          {authorization.version, authorization.update_time, static_cast<int>(authorization.state),
           mysql::Value(authorization.receive_date), authorization.partner, authorization.id})
      .status();
}

absl::StatusOr<ReturnAuthorization> ReturnStore::Get(mysql::Transaction& sql, std::string_view partner,
                                                     std::string_view id) const {
  return GetOne(sql, partner, id, "");
}

absl::StatusOr<ReturnAuthorization> ReturnStore::GetForUpdate(mysql::Transaction& sql, std::string_view partner,
                                                              std::string_view id) const {
  return GetOne(sql, partner, id, " FOR UPDATE");
}

absl::StatusOr<std::vector<ReturnAuthorization>> ReturnStore::List(mysql::Transaction& sql, std::string_view partner,
                                                                   std::string_view after_partner,
                                                                   std::string_view after_id,
                                                                   const SqlPredicate& filter, int limit) const {
  const PageClauses page = PageOf(partner, {{"partner", after_partner}, {"id", after_id}}, filter, limit);
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM return_authorization ", page.sql()), page.values));
  std::vector<ReturnAuthorization> authorizations;
  for (const mysql::Row& row : rows) {
    ReturnAuthorization authorization = Read(row);
    RETURN_IF_ERROR(AddLines(sql, &authorization));
    authorizations.push_back(std::move(authorization));
  }
  return authorizations;
}

absl::StatusOr<std::map<ShipmentKey, Returnable>> ReturnStore::Returnables(mysql::Transaction& sql,
                                                                           std::string_view partner,
                                                                           const std::set<ShipmentKey>& lines) const {
  std::map<ShipmentKey, Returnable> returnables;
  for (const ShipmentKey& key : lines) {
    // Reversals are negative, and so are lines of shipments that took goods back from this one.
    const std::string name = StrCat("partners/", partner, "/shipments/", key.first, "/lines/", key.second);
    ASSIGN_OR_RETURN(const mysql::Rows shipped,
                     sql.Query("SELECT product, SUM(quantity) FROM shipment_line "
                               "WHERE document = ? AND line = ? AND partner = ? GROUP BY product "
                               "HAVING SUM(quantity) > 0",
                               {key.first, key.second, partner}));
    if (shipped.empty()) continue;
    ASSIGN_OR_RETURN(const mysql::Rows back, sql.Query("SELECT COALESCE(SUM(quantity), 0) FROM shipment_line "
                                                       "WHERE partner = ? AND original_line = ?",
                                                       {partner, name}));
    ASSIGN_OR_RETURN(const mysql::Rows claimed,
                     sql.Query(StrCat("SELECT COALESCE(SUM(l.quantity), 0) FROM return_line l JOIN "
                                      "return_authorization a ON a.partner = l.partner AND a.id = l.return_id "
                                      "WHERE l.partner = ? AND l.document = ? AND l.line = ? AND a.state <> ",
                                      static_cast<int>(ReturnState::kRejected)),
                               {partner, key.first, key.second}));
    // The line stands, for more was shipped than reversed.
    ASSIGN_OR_RETURN(const mysql::Rows stands, sql.Query("SELECT quantity, posted, parts FROM shipment_line "
                                                         "WHERE document = ? AND line = ? AND partner = ? "
                                                         "ORDER BY generation DESC LIMIT 1",
                                                         {key.first, key.second, partner}));
    returnables.emplace(key, Returnable{.product = shipped.front().Text(0),
                                        .shipped = shipped.front().Dec(1) + back.at(0).Dec(0),
                                        .claimed = claimed.at(0).Dec(0),
                                        .posted = stands.at(0).Bool(1),
                                        .quantity = stands.at(0).Dec(0),
                                        .parts = PartsOf(stands.at(0), 2)});
  }
  return returnables;
}

absl::StatusOr<std::vector<ReturnStore::Returned>> ReturnStore::ReturnedOf(mysql::Transaction& sql,
                                                                           std::string_view partner,
                                                                           std::string_view product) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query("SELECT l.document, l.line, a.receive_date, l.quantity, l.parts FROM return_line l "
                "JOIN return_authorization a ON a.partner = l.partner AND a.id = l.return_id "
                "WHERE l.partner = ? AND (l.product = ? OR l.parts IS NOT NULL) AND a.receive_date IS NOT NULL",
                {partner, product}));
  std::vector<Returned> returned;
  for (const mysql::Row& row : rows) {
    const ShipmentKey original(row.Text(0), static_cast<int>(row.Int(1)));
    if (row.IsNull(4)) returned.push_back({original, row.Day(2), row.Dec(3)});
    for (const KitPart& part : PartsOf(row, 4)) {
      if (part.product == product) returned.push_back({original, row.Day(2), part.quantity});
    }
  }
  return returned;
}

}  // namespace tributary::inventory
