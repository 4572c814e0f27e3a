#include "inventory-service/billing/billed_line.h"

#include "common/text/text.h"

namespace tributary::inventory {
namespace {

std::string InvoiceNameOrEmpty(std::string_view number) {
  return number.empty() ? std::string() : StrCat("invoices/", number);
}

}  // namespace

std::string_view CollectionOf(BilledKind kind) { return kind == BilledKind::kInvoice ? "invoices" : "creditNotes"; }

std::string BilledName(BilledKind kind, std::string_view partner, std::string_view document) {
  return StrCat("partners/", partner, "/", CollectionOf(kind), "/", document);
}

std::optional<FieldViolation> FirstDifference(BilledKind kind, const BilledHead& known, const BilledHead& stated) {
  const bool invoice = kind == BilledKind::kInvoice;
  if (auto d = Differs(invoice ? "invoice_date" : "credit_date", known.date.ToString(), stated.date.ToString())) {
    return d;
  }
  if (auto d = Differs("due_date", known.due_date.ToString(), stated.due_date.ToString())) return d;
  if (auto d = Differs("gross_amount.currency_code", known.currency, stated.currency)) return d;
  if (auto d = Differs("tax_document_number", known.tax_document_number, stated.tax_document_number)) return d;
  return Differs("original_invoice", InvoiceNameOrEmpty(known.original_invoice),
                 InvoiceNameOrEmpty(stated.original_invoice));
}

std::string KeyOf(const BilledLine& line) { return StrCat(line.partner, "/", line.document, "/", line.line); }

std::optional<FieldViolation> FirstDifference(BilledKind kind, const BilledLine& known, const BilledLine& stated) {
  if (auto d = FirstDifference(kind, known.head, stated.head)) return d;
  if (auto d = Differs("product", ProductName(known.product), ProductName(stated.product))) return d;
  if (auto d = QuantityDiffers(known, stated)) return d;
  if (auto d = Differs("net_amount", known.net_amount.ToString(), stated.net_amount.ToString())) return d;
  if (auto d = Differs("tax_amount", known.tax_amount.ToString(), stated.tax_amount.ToString())) return d;
  return Differs("gross_amount", known.gross_amount.ToString(), stated.gross_amount.ToString());
}

void NegateAmounts(BilledLine* line) {
  line->net_amount = -line->net_amount;
  line->tax_amount = -line->tax_amount;
  line->gross_amount = -line->gross_amount;
}

void AddLine(BilledKind kind, const BilledLine& line, absl::Time now, Documents* documents) {
  const auto [at, fresh] = documents->try_emplace(DocumentKey{line.partner, line.document});
  BilledDocument& document = at->second;
  if (fresh) {
    document.kind = kind;
    document.partner = line.partner;
    document.document = line.document;
    document.create_time = now;
  }
  // Nothing stands of it, so it takes the head that is stated now.
  if (document.lines == 0) document.head = line.head;
  document.lines += IsReversal(line.generation) ? -1 : 1;
  document.net_amount += line.net_amount;
  document.tax_amount += line.tax_amount;
  document.gross_amount += line.gross_amount;
  document.update_time = now;
}

}  // namespace tributary::inventory
