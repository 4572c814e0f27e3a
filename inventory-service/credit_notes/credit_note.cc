#include "inventory-service/credit_notes/credit_note.h"

#include "common/text/text.h"

namespace tributary::inventory {

std::string NameOf(const CreditNoteLine& line) {
  return StrCat(BilledName(line.kKind, line.partner, line.document), "/lines/",
                LineSegment(line.line, line.generation));
}

std::optional<FieldViolation> FirstDifference(const CreditNoteLine& known, const CreditNoteLine& stated) {
  return FirstDifference(CreditNoteLine::kKind, known, stated);
}

}  // namespace tributary::inventory
