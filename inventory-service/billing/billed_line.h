#pragma once

// What the lines of invoices and credit notes have in common, and the documents that they make up. Values and
// decisions.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"
#include "common/money/decimal.h"
#include "common/status/status.h"
#include "common/time/date.h"
#include "inventory-service/facts/fact.h"

namespace tributary::inventory {

// The numbers are stored.
enum class BilledKind { kInvoice = 1, kCreditNote = 2 };
// "invoices", "creditNotes".
std::string_view CollectionOf(BilledKind kind);
std::string BilledName(BilledKind kind, std::string_view partner, std::string_view document);

// What all lines of a document state alike.
struct BilledHead {
  Date date;
  Date due_date;  // of a credit note, its date
  std::string currency;
  std::string tax_document_number;
  std::string original_invoice;  // number, of the same partner; empty where none
};
// The first field in which they differ, as the lines of `kind` call it.
std::optional<FieldViolation> FirstDifference(BilledKind kind, const BilledHead& known, const BilledHead& stated);

// A line as the document states it; identified by (partner, document, line). Its net and tax amounts make its gross
// amount, which is checked where it is read. Never posts stock.
struct BilledLine : Fact {
  BilledHead head;
  Decimal net_amount;
  Decimal tax_amount;
  Decimal gross_amount;
};
std::string KeyOf(const BilledLine& line);
std::optional<FieldViolation> FirstDifference(BilledKind kind, const BilledLine& known, const BilledLine& stated);
void NegateAmounts(BilledLine* line);

// A document: its head and the sums of its lines that stand.
struct BilledDocument {
  BilledKind kind = BilledKind::kInvoice;
  std::string partner;
  std::string document;
  BilledHead head;
  int lines = 0;
  Decimal net_amount;
  Decimal tax_amount;
  Decimal gross_amount;
  Decimal settled;  // of an invoice: what payments and credit notes pay of it; of a credit note: what it pays
  absl::Time create_time;
  absl::Time update_time;

  Decimal open() const { return gross_amount - settled; }
  std::string name() const { return BilledName(kind, partner, document); }
};
// partner and document number.
using DocumentKey = std::pair<std::string, std::string>;
using Documents = std::map<DocumentKey, BilledDocument>;

// Adds a line, or the reversal of one, to its document, which begins with it where it has none that stands.
void AddLine(BilledKind kind, const BilledLine& line, absl::Time now, Documents* documents);

}  // namespace tributary::inventory
