#include "inventory-service/billing/document_store.h"

#include <algorithm>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/page_of.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kColumns =
    "partner, kind, document, document_date, due_date, currency, tax_document_number, original_invoice, line_count, "
    "net_amount, tax_amount, gross_amount, settled, create_time, update_time";
constexpr size_t kWidth = 15;
constexpr size_t kKeysAtOnce = 100;

BilledDocument Read(const mysql::Row& row) {
  BilledDocument document;
  document.partner = row.Text(0);
  document.kind = static_cast<BilledKind>(row.Int(1));
  document.document = row.Text(2);
  document.head = {row.Day(3), row.Day(4), row.Text(5), row.Text(6), row.Text(7)};
  document.lines = static_cast<int>(row.Int(8));
  document.net_amount = row.Dec(9);
  document.tax_amount = row.Dec(10);
  document.gross_amount = row.Dec(11);
  document.settled = row.Dec(12);
  document.create_time = row.Instant(13);
  document.update_time = row.Instant(14);
  return document;
}

absl::StatusOr<std::vector<BilledDocument>> Select(mysql::Transaction& sql, std::string_view tail,
                                                   const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kColumns, " FROM billed_document ", tail), values));
  std::vector<BilledDocument> documents;
  documents.reserve(rows.size());
  for (const mysql::Row& row : rows) documents.push_back(Read(row));
  return documents;
}

}  // namespace

const std::vector<FilterField>& DocumentStore::Fields(BilledKind kind) {
  static const auto& invoices =
      *new std::vector<FilterField>{FilterField::Day("invoice_date", "document_date"),
                                    FilterField::Day("due_date", "due_date"),
                                    FilterField::String("document", "document"),
                                    FilterField::String("currency", "currency"),
                                    FilterField::String("tax_document_number", "tax_document_number"),
                                    FilterField::DecimalNumber("open_amount", "gross_amount - settled")};
  static const auto& credit_notes = *new std::vector<FilterField>{
      FilterField::Day("credit_date", "document_date"), FilterField::String("document", "document"),
      FilterField::String("currency", "currency"), FilterField::String("tax_document_number", "tax_document_number"),
      FilterField::DecimalNumber("unallocated_amount", "gross_amount - settled")};
  return kind == BilledKind::kInvoice ? invoices : credit_notes;
}

absl::StatusOr<BilledDocument> DocumentStore::Get(mysql::Transaction& sql, BilledKind kind, std::string_view partner,
                                                  std::string_view document) const {
  ASSIGN_OR_RETURN(std::vector<BilledDocument> found, Select(sql, "WHERE partner = ? AND kind = ? AND document = ?",
                                                             {partner, static_cast<int>(kind), document}));
  if (found.empty()) return NotFound(BilledName(kind, partner, document));
  return std::move(found.front());
}

absl::StatusOr<Documents> DocumentStore::Find(mysql::Transaction& sql, BilledKind kind,
                                              const std::vector<DocumentKey>& keys) const {
  Documents found;
  for (size_t at = 0; at < keys.size(); at += kKeysAtOnce) {
    const size_t count = std::min(kKeysAtOnce, keys.size() - at);
    mysql::Values values = {static_cast<int>(kind)};
    std::string where = "WHERE kind = ? AND (partner, document) IN (";
    // Every place is filled, so that the statement stays prepared.
    for (size_t i = 0; i < kKeysAtOnce; ++i) {
      const DocumentKey& key = keys[at + std::min(i, count - 1)];
      where += i == 0 ? "(?, ?)" : ", (?, ?)";
      values.insert(values.end(), {key.first, key.second});
    }
    ASSIGN_OR_RETURN(std::vector<BilledDocument> documents, Select(sql, where + ")", values));
    for (BilledDocument& document : documents) {
      DocumentKey key{document.partner, document.document};
      found.emplace(std::move(key), std::move(document));
    }
  }
  return found;
}

absl::StatusOr<std::vector<BilledDocument>> DocumentStore::List(mysql::Transaction& sql, BilledKind kind,
                                                                std::string_view partner,
                                                                std::string_view after_partner,
                                                                std::string_view after_document,
                                                                const SqlPredicate& filter, int limit) const {
  PageClauses page = PageOf(partner, {{"partner", after_partner}, {"document", after_document}}, filter, limit);
  StrAppend(&page.where, " AND kind = ", static_cast<int>(kind));
  return Select(sql, page.sql(), page.values);
}

absl::StatusOr<std::vector<BilledDocument>> DocumentStore::OfPartner(mysql::Transaction& sql,
                                                                     std::string_view partner) const {
  return Select(sql, "WHERE partner = ? ORDER BY kind, document", {partner});
}

absl::StatusOr<std::vector<BilledDocument>> DocumentStore::OpenOfPartner(mysql::Transaction& sql,
                                                                         std::string_view partner,
                                                                         std::string_view currency) const {
  return Select(sql, "WHERE partner = ? AND currency = ? AND settled <> gross_amount ORDER BY kind, document",
                {partner, currency});
}

absl::Status DocumentStore::Put(mysql::Transaction& sql, const std::vector<BilledDocument>& documents) const {
  mysql::Values values;
  for (const BilledDocument& one : documents) {
    const int kind = static_cast<int>(one.kind);
    if (one.lines == 0) {
      RETURN_IF_ERROR(sql.Execute("DELETE FROM billed_document WHERE partner = ? AND kind = ? AND document = ?",
                                  {one.partner, kind, one.document}));
      continue;
    }
    values.insert(values.end(), {one.partner, kind, one.document, one.head.date, one.head.due_date, one.head.currency,
                                 one.head.tax_document_number, one.head.original_invoice, one.lines, one.net_amount,
                                 one.tax_amount, one.gross_amount, one.settled, one.create_time, one.update_time});
  }
  return sql.InsertRows(
      StrCat("INSERT INTO billed_document (", kColumns, ") VALUES"), kWidth, values,
      "ON DUPLICATE KEY UPDATE document_date = VALUES(document_date), due_date = VALUES(due_date), "
      "currency = VALUES(currency), tax_document_number = VALUES(tax_document_number), "
      "original_invoice = VALUES(original_invoice), line_count = VALUES(line_count), net_amount = VALUES(net_amount), "
      "tax_amount = VALUES(tax_amount), gross_amount = VALUES(gross_amount), settled = VALUES(settled), "
      "update_time = VALUES(update_time)");
}

}  // namespace tributary::inventory
