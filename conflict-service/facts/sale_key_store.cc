#include "conflict-service/facts/sale_key_store.h"

#include <utility>

#include "common/digest/sha256.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/rows/rows.h"

namespace tributary::conflict {
namespace {

std::string HashOf(std::string_view key) { return Sha256Hex(key).substr(0, 32); }

}  // namespace

absl::Status SaleKeyStore::Put(mysql::Transaction& sql, const std::vector<KeyedSale>& keyed) const {
  Texts texts;
  mysql::Values rows;
  for (const KeyedSale& one : keyed) {
    rows.insert(rows.end(), {texts.Keep(HashOf(one.key)), one.sale.name, one.key});
  }
  return PutRows(sql, "INSERT INTO sale_key (key_hash, sale, words) VALUES", 3, std::move(rows),
                 "ON DUPLICATE KEY UPDATE sale = VALUES(sale)");
}

absl::StatusOr<std::set<std::string>> SaleKeyStore::HashesOf(mysql::Transaction& sql,
                                                             const std::set<std::string>& sales) const {
  std::set<std::string> hashes;
  RETURN_IF_ERROR(ForNames(sales, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows,
                     sql.Query(StrCat("SELECT DISTINCT key_hash FROM sale_key WHERE sale IN ", in), values));
    for (const mysql::Row& row : rows) hashes.insert(row.Text(0));
    return absl::OkStatus();
  }));
  return hashes;
}

absl::StatusOr<std::set<std::string>> SaleKeyStore::StatementsOf(mysql::Transaction& sql,
                                                                 const std::set<std::string>& sales) const {
  std::set<std::string> lines, statements = sales;
  for (const std::string& sale : sales) lines.insert(LineOf(sale));
  for (const std::string& line : lines) {
    // All that begins with "line.": '/' comes after '.'.
    const std::string from = StrCat(line, "."), to = StrCat(line, "/");
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query("SELECT DISTINCT sale FROM sale_key WHERE sale = ? OR (sale > ? AND sale < ?)", {line, from, to}));
    for (const mysql::Row& row : rows) {
      if (LineOf(row.Bytes(0)) == line) statements.insert(row.Text(0));
    }
  }
  return statements;
}

absl::StatusOr<std::set<std::string>> SaleKeyStore::SharedIn(mysql::Transaction& sql, const DateRange& days) const {
  ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      sql.Query(
          "SELECT k.key_hash FROM (SELECT DISTINCT d.key_hash FROM sale t JOIN sale_key d ON d.sale = t.name WHERE "
          "t.sale_date >= ? AND t.sale_date < ?) k JOIN sale_key o ON o.key_hash = k.key_hash JOIN sale s ON "
          "s.name = o.sale GROUP BY k.key_hash HAVING COUNT(DISTINCT s.partner) > 1",
          {days.start, days.end}));
  std::set<std::string> hashes;
  for (const mysql::Row& row : rows) hashes.insert(row.Text(0));
  return hashes;
}

absl::Status SaleKeyStore::Shared(mysql::Transaction& sql, const std::set<std::string>& hashes, Visitor visit) const {
  // Nearly always none. A query of its own: as a subquery it would have every key of all looked at.
  std::set<std::string> of_several;
  RETURN_IF_ERROR(ForNames(hashes, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT key_hash FROM sale_key WHERE key_hash IN ", in,
                                                              " GROUP BY key_hash HAVING COUNT(*) > 1"),
                                                       values));
    for (const mysql::Row& row : rows) of_several.insert(row.Text(0));
    return absl::OkStatus();
  }));
  return ForNames(of_several, [&](const std::string& in, const mysql::Values& values) -> absl::Status {
    ASSIGN_OR_RETURN(
        const mysql::Rows rows,
        sql.Query(StrCat("SELECT k.key_hash, k.words, s.partner, s.name, s.sale_date, s.is_return, s.reverses, "
                         "EXISTS (SELECT 1 FROM sale r WHERE r.reverses = s.name), s.region, s.product_line, "
                         "s.customer FROM sale_key k JOIN sale s ON s.name = k.sale WHERE k.key_hash IN ",
                         in, " ORDER BY k.key_hash"),
                  values));
    std::vector<KeyedSale> of_one_key;
    std::set<std::string> partners;
    for (size_t i = 0; i < rows.size(); ++i) {
      const mysql::Row& row = rows[i];
      of_one_key.push_back({.key = row.Text(1),
                            .sale = {.name = row.Text(3),
                                     .partner = row.Text(2),
                                     .date = row.Day(4),
                                     .region = row.Text(8),
                                     .product_line = row.Text(9),
                                     .customer = row.Text(10),
                                     .is_return = row.Bool(5),
                                     .reverses = row.Text(6),
                                     .reversed = row.Bool(7)}});
      partners.insert(row.Text(2));
      if (i + 1 < rows.size() && rows[i + 1].Bytes(0) == row.Bytes(0)) continue;
      if (partners.size() > 1) visit(of_one_key);
      of_one_key.clear();
      partners.clear();
    }
    return absl::OkStatus();
  });
}

}  // namespace tributary::conflict
