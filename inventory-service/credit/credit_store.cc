#include "inventory-service/credit/credit_store.h"

#include <utility>

#include "common/status/status.h"
#include "inventory-service/billing/document_store.h"
#include "inventory-service/orders/order_store.h"
#include "inventory-service/payments/payment_store.h"

namespace tributary::inventory {

absl::Status CreditStore::Put(mysql::Transaction& sql, const CreditLine& line) const {
  return sql
      .Execute(
          "INSERT INTO credit_line (partner, id, currency, credit_limit, payment_terms_days, valid_from, "
          "valid_to, on_hold) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE "
          "currency = VALUES(currency), credit_limit = VALUES(credit_limit), "
          "payment_terms_days = VALUES(payment_terms_days), valid_from = VALUES(valid_from), "
          "valid_to = VALUES(valid_to), on_hold = VALUES(on_hold)",
          {line.partner, line.id, line.currency, line.limit, line.payment_terms_days, line.valid.start, line.valid.end,
           line.on_hold})
      .status();
}

absl::StatusOr<std::vector<CreditLine>> CreditStore::LinesOf(mysql::Transaction& sql, std::string_view partner) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query("SELECT id, currency, credit_limit, payment_terms_days, valid_from, valid_to, on_hold "
                             "FROM credit_line WHERE partner = ? ORDER BY id",
                             {partner}));
  std::vector<CreditLine> lines;
  for (const mysql::Row& row : rows) {
    lines.push_back({.partner = std::string(partner),
                     .id = row.Text(0),
                     .currency = row.Text(1),
                     .limit = row.Dec(2),
                     .payment_terms_days = static_cast<int>(row.Int(3)),
                     .valid = {row.Day(4), row.Day(5)},
                     .on_hold = row.Bool(6)});
  }
  return lines;
}

absl::StatusOr<Exposure> CreditStore::ExposureOf(mysql::Transaction& sql, std::string_view partner,
                                                 std::string_view currency, Date day) const {
  Exposure exposure;
  ASSIGN_OR_RETURN(const std::vector<BilledDocument> documents, DocumentStore().OpenOfPartner(sql, partner, currency));
  for (const BilledDocument& document : documents) {
    const bool invoice = document.kind == BilledKind::kInvoice;
    exposure.terms.push_back({invoice ? ExposureKind::kOpenInvoice : ExposureKind::kCreditNote, document.name(),
                              invoice ? document.open() : -document.open()});
  }
  ASSIGN_OR_RETURN(const std::vector<Payment> payments, PaymentStore().OnAccount(sql, partner, currency));
  for (const Payment& payment : payments) {
    exposure.terms.push_back({ExposureKind::kUnallocatedPayment, payment.name(), -payment.unallocated});
  }
  ASSIGN_OR_RETURN(const std::vector<ExposureTerm> orders, OrderStore().OpenOf(sql, partner, currency));
  exposure.terms.insert(exposure.terms.end(), orders.begin(), orders.end());
  ASSIGN_OR_RETURN(const std::vector<CreditLine> lines, LinesOf(sql, partner));
  exposure.line = InForce(lines, currency, day);
  return exposure;
}

}  // namespace tributary::inventory
