#include "inventory-service/invoices/invoice.h"

#include "common/text/text.h"

namespace tributary::inventory {

std::string NameOf(const InvoiceLine& line) {
  return StrCat(BilledName(line.kKind, line.partner, line.document), "/lines/",
                LineSegment(line.line, line.generation));
}

std::optional<FieldViolation> FirstDifference(const InvoiceLine& known, const InvoiceLine& stated) {
  if (auto d = FirstDifference(InvoiceLine::kKind, known, stated)) return d;
  if (auto d = Differs("order", known.order, stated.order)) return d;
  return Differs("order_line", StrCat(known.order_line), StrCat(stated.order_line));
}

}  // namespace tributary::inventory
