#include "inventory-service/invoices/invoice_proto.h"

#include "inventory-service/billing/billed_proto.h"

namespace tributary::inventory {

v1::InvoiceLine ToProto(const InvoiceLine& line) {
  v1::InvoiceLine out;
  PutLine(line, &out);
  *out.mutable_invoice_date() = wire::ToProto(line.head.date);
  *out.mutable_due_date() = wire::ToProto(line.head.due_date);
  if (!line.order.empty()) out.set_order(StrCat("partners/", line.partner, "/orders/", line.order));
  out.set_order_line(line.order_line);
  return out;
}

v1::Invoice ToProto(const BilledDocument& invoice, const std::vector<InvoiceLine>& lines) {
  v1::Invoice out;
  PutDocument(invoice, &out);
  *out.mutable_invoice_date() = wire::ToProto(invoice.head.date);
  *out.mutable_due_date() = wire::ToProto(invoice.head.due_date);
  *out.mutable_open_amount() = wire::ToProto(Money{invoice.head.currency, invoice.open()});
  for (const InvoiceLine& line : lines) *out.add_lines() = ToProto(line);
  return out;
}

absl::StatusOr<InvoiceLine> FromProto(const v1::InvoiceLine& line) {
  FieldReader fields;
  InvoiceLine out;
  ReadLine(line, fields, &out);
  out.head.date = fields.Take("invoice_date", wire::FromProto(line.invoice_date()));
  out.head.due_date = fields.Take("due_date", wire::FromProto(line.due_date()));
  if (out.head.due_date < out.head.date) {
    fields.Refuse("due_date", out.head.due_date.ToString(),
                  StrCat("no day before invoice_date, ", out.head.date.ToString()));
  }
  out.order = fields.OwnId("order", line.order(), out.partner, "orders");
  out.order_line = line.order_line();
  if (line.order().empty() != (out.order_line == 0)) {
    fields.Refuse("order_line", StrCat(out.order_line),
                  line.order().empty() ? "0, as no order is named" : "the line of the order that is billed");
  }
  RETURN_IF_ERROR(fields.status());
  return out;
}

}  // namespace tributary::inventory
