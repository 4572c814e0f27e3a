#include "inventory-service/payments/payment_store.h"

#include <algorithm>

#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/facts/page_of.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kColumns =
    "partner, id, payment_date, currency, amount, reverses, reversed_by, unallocated, waiting, create_time, "
    "update_time";
constexpr size_t kKeysAtOnce = 100;

Payment Read(const mysql::Row& row) {
  Payment payment;
  payment.partner = row.Text(0);
  payment.id = row.Text(1);
  payment.date = row.Day(2);
  payment.amount = {row.Text(3), row.Dec(4)};
  payment.reverses = row.Text(5);
  payment.reversed_by = row.Text(6);
  payment.unallocated = row.Dec(7);
  payment.waiting = row.Dec(8);
  payment.create_time = row.Instant(9);
  payment.update_time = row.Instant(10);
  return payment;
}

constexpr std::string_view kAllocationColumns =
    "kind, source, invoice, amount, allocation_date, invoice_date, settled_on, cause";

Allocation ReadAllocation(const mysql::Row& row) {
  return {.kind = static_cast<SourceKind>(row.Int(0)),
          .source = row.Text(1),
          .invoice = row.Text(2),
          .amount = row.Dec(3),
          .date = row.Day(4),
          .invoice_date = row.Day(5),
          .settled_on = row.Day(6),
          .cause = static_cast<AllocationCause>(row.Int(7))};
}

absl::StatusOr<std::vector<Payment>> Select(mysql::Transaction& sql, std::string_view tail,
                                            const mysql::Values& values) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT ", kColumns, " FROM payment ", tail), values));
  std::vector<Payment> payments;
  payments.reserve(rows.size());
  for (const mysql::Row& row : rows) payments.push_back(Read(row));
  return payments;
}

// Adds what is named for the payments and what they settle.
absl::Status Complete(mysql::Transaction& sql, std::vector<Payment>* payments) {
  std::map<DocumentKey, Payment*> by_key;
  for (Payment& payment : *payments) by_key[{payment.partner, payment.id}] = &payment;
  for (size_t at = 0; at < payments->size(); at += kKeysAtOnce) {
    const size_t count = std::min(kKeysAtOnce, payments->size() - at);
    mysql::Values values;
    std::string in;
    // Every place is filled, so that the statements stay prepared.
    for (size_t i = 0; i < kKeysAtOnce; ++i) {
      const Payment& payment = (*payments)[at + std::min(i, count - 1)];
      in += i == 0 ? "(?, ?)" : ", (?, ?)";
      values.insert(values.end(), {payment.partner, payment.id});
    }
    ASSIGN_OR_RETURN(const mysql::Rows named,
                     sql.Query(StrCat("SELECT partner, payment, decided, invoice, amount FROM remittance "
                                      "WHERE (partner, payment) IN (",
                                      in, ") ORDER BY partner, payment, decided, n"),
                               values));
    for (const mysql::Row& row : named) {
      Payment& payment = *by_key.at({row.Text(0), row.Text(1)});
      const bool decided = row.Bool(2);
      (decided ? payment.decisions : payment.remittance)
          .push_back({row.Text(3), row.Dec(4), decided ? AllocationCause::kDecided : AllocationCause::kRemitted});
    }
    ASSIGN_OR_RETURN(const mysql::Rows settled, sql.Query(StrCat("SELECT ", kAllocationColumns,
                                                                 ", partner FROM allocation WHERE kind = 2 AND "
                                                                 "(partner, source) IN (",
                                                                 in, ") ORDER BY partner, source, n"),
                                                          values));
    for (const mysql::Row& row : settled) {
      by_key.at({row.Text(8), row.Text(1)})->allocations.push_back(ReadAllocation(row));
    }
  }
  return absl::OkStatus();
}

absl::Status InsertParts(mysql::Transaction& sql, const Payment& payment, bool decided,
                         const std::vector<NamedPart>& parts, std::string_view tail = {}) {
  mysql::Values values;
  int n = 0;
  for (const NamedPart& part : parts) {
    values.insert(values.end(), {payment.partner, payment.id, decided, ++n, part.invoice, part.amount});
  }
  return sql.InsertRows("INSERT INTO remittance (partner, payment, decided, n, invoice, amount) VALUES", 6, values,
                        tail);
}

}  // namespace

const std::vector<FilterField>& PaymentStore::Fields() {
  static const auto& fields = *new std::vector<FilterField>{
      FilterField::Day("payment_date", "payment_date"), FilterField::String("number", "id"),
      FilterField::String("currency", "currency"), FilterField::DecimalNumber("unallocated_amount", "unallocated")};
  return fields;
}

absl::StatusOr<Payment> PaymentStore::Get(mysql::Transaction& sql, std::string_view partner,
                                          std::string_view id) const {
  ASSIGN_OR_RETURN(std::vector<Payment> found, Select(sql, "WHERE partner = ? AND id = ?", {partner, id}));
  if (found.empty()) return NotFound(PaymentName(partner, id));
  RETURN_IF_ERROR(Complete(sql, &found));
  return std::move(found.front());
}

absl::StatusOr<std::vector<Payment>> PaymentStore::List(mysql::Transaction& sql, std::string_view partner,
                                                        std::string_view after_partner, std::string_view after_id,
                                                        const SqlPredicate& filter, int limit) const {
  const PageClauses page = PageOf(partner, {{"partner", after_partner}, {"id", after_id}}, filter, limit);
  ASSIGN_OR_RETURN(std::vector<Payment> payments, Select(sql, page.sql(), page.values));
  RETURN_IF_ERROR(Complete(sql, &payments));
  return payments;
}

absl::StatusOr<std::vector<Payment>> PaymentStore::OfPartner(mysql::Transaction& sql, std::string_view partner) const {
  ASSIGN_OR_RETURN(std::vector<Payment> payments, Select(sql, "WHERE partner = ? ORDER BY id", {partner}));
  RETURN_IF_ERROR(Complete(sql, &payments));
  return payments;
}

absl::StatusOr<std::vector<Payment>> PaymentStore::OnAccount(mysql::Transaction& sql, std::string_view partner,
                                                             std::string_view currency) const {
  return Select(sql, "WHERE partner = ? AND currency = ? AND unallocated <> 0 ORDER BY id", {partner, currency});
}

absl::StatusOr<bool> PaymentStore::Insert(mysql::Transaction& sql, const Payment& payment) const {
  ASSIGN_OR_RETURN(
      const bool inserted,
      sql.TryInsert(
          StrCat("INSERT INTO payment (", kColumns, ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
          {payment.partner, payment.id, payment.date, payment.amount.currency, payment.amount.amount, payment.reverses,
           payment.reversed_by, payment.unallocated, payment.waiting, payment.create_time, payment.update_time}));
  if (!inserted) return false;
  RETURN_IF_ERROR(InsertParts(sql, payment, /*decided=*/false, payment.remittance));
  return true;
}

absl::Status PaymentStore::Update(mysql::Transaction& sql, const Payment& payment) const {
  RETURN_IF_ERROR(sql.Execute(
      "UPDATE payment SET reversed_by = ?, unallocated = ?, waiting = ?, update_time = ? "
      "WHERE partner = ? AND id = ?",
      {payment.reversed_by, payment.unallocated, payment.waiting, payment.update_time, payment.partner, payment.id}));
  // Decisions are appended; those that are there stay.
  return InsertParts(sql, payment, /*decided=*/true, payment.decisions,
                     "ON DUPLICATE KEY UPDATE invoice = VALUES(invoice)");
}

absl::StatusOr<AllocationsBySource> PaymentStore::AllocationsOf(mysql::Transaction& sql,
                                                                std::string_view partner) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT ", kAllocationColumns,
                                                            " FROM allocation WHERE partner = ? "
                                                            "ORDER BY kind, source, n"),
                                                     {partner}));
  AllocationsBySource by_source;
  for (const mysql::Row& row : rows) {
    Allocation part = ReadAllocation(row);
    by_source[{part.kind, part.source}].push_back(std::move(part));
  }
  return by_source;
}

absl::StatusOr<std::vector<Allocation>> PaymentStore::AllocationsOf(mysql::Transaction& sql, std::string_view partner,
                                                                    SourceKind kind, std::string_view source) const {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   sql.Query(StrCat("SELECT ", kAllocationColumns,
                                    " FROM allocation WHERE partner = ? AND kind = ? AND source = ? ORDER BY n"),
                             {partner, static_cast<int>(kind), source}));
  std::vector<Allocation> parts;
  for (const mysql::Row& row : rows) parts.push_back(ReadAllocation(row));
  return parts;
}

absl::Status PaymentStore::ReplaceAllocations(mysql::Transaction& sql, std::string_view partner,
                                              const SourceKey& source, const std::vector<Allocation>& parts) const {
  const int kind = static_cast<int>(source.first);
  RETURN_IF_ERROR(sql.Execute("DELETE FROM allocation WHERE partner = ? AND kind = ? AND source = ?",
                              {partner, kind, source.second}));
  mysql::Values values;
  int n = 0;
  for (const Allocation& part : parts) {
    values.insert(values.end(), {partner, kind, source.second, ++n, part.invoice, part.amount, part.date,
                                 part.invoice_date, part.settled_on, static_cast<int>(part.cause)});
  }
  return sql.InsertRows(
      "INSERT INTO allocation (partner, kind, source, n, invoice, amount, allocation_date, invoice_date, settled_on, "
      "cause) VALUES",
      10, values);
}

}  // namespace tributary::inventory
