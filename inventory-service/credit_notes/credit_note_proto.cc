#include "inventory-service/credit_notes/credit_note_proto.h"

#include "inventory-service/billing/billed_proto.h"
#include "inventory-service/payments/payment_proto.h"

namespace tributary::inventory {

v1::CreditNoteLine ToProto(const CreditNoteLine& line) {
  v1::CreditNoteLine out;
  PutLine(line, &out);
  *out.mutable_credit_date() = wire::ToProto(line.head.date);
  if (!line.head.original_invoice.empty()) {
    out.set_original_invoice(BilledName(BilledKind::kInvoice, line.partner, line.head.original_invoice));
  }
  return out;
}

v1::CreditNote ToProto(const BilledDocument& credit_note, const std::vector<CreditNoteLine>& lines,
                       const std::vector<Allocation>& allocations) {
  v1::CreditNote out;
  PutDocument(credit_note, &out);
  *out.mutable_credit_date() = wire::ToProto(credit_note.head.date);
  *out.mutable_unallocated_amount() = wire::ToProto(Money{credit_note.head.currency, credit_note.open()});
  if (!credit_note.head.original_invoice.empty()) {
    out.set_original_invoice(BilledName(BilledKind::kInvoice, credit_note.partner, credit_note.head.original_invoice));
  }
  for (const CreditNoteLine& line : lines) *out.add_lines() = ToProto(line);
  for (const Allocation& part : allocations) {
    *out.add_allocations() = ToProto(part, credit_note.partner, credit_note.head.currency);
  }
  return out;
}

absl::StatusOr<CreditNoteLine> FromProto(const v1::CreditNoteLine& line) {
  FieldReader fields;
  CreditNoteLine out;
  ReadLine(line, fields, &out);
  out.head.date = out.head.due_date = fields.Take("credit_date", wire::FromProto(line.credit_date()));
  out.head.original_invoice = fields.OwnId("original_invoice", line.original_invoice(), out.partner, "invoices");
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
