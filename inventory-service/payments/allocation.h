#pragma once

// What settles what: which payment and which credit note pays which part of which invoice. A pure function of the set
// of a partner's documents in one currency; the order in which they became known leaves no trace (SEMANTICS R10).
//
// It is a fold over days. Of each day the invoices come first, then credit notes, payments and reversals, each by
// number:
//   - an invoice takes what was named for it and waits; then whatever is free on account settles what is open;
//   - a credit note or payment settles what is named for it (decisions before what the payer said), then what is due
//     first, then by invoice number; what is left is free on account;
//   - what is named for an invoice that is not known yet waits for it and settles nothing else, until a decision takes
//     of it;
//   - a reversal takes back every part that its payment has settled, at the negative amounts.
// So a day's allocations depend on nothing dated after it, and a document that becomes known late changes only what
// follows its date.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/money/decimal.h"
#include "common/time/date.h"

namespace tributary::inventory {

// The numbers of both are stored, and those of AllocationCause are of the wire.
enum class SourceKind { kCreditNote = 1, kPayment = 2 };
enum class AllocationCause { kDecided = 1, kRemitted = 2, kOriginalInvoice = 3, kOldestDue = 4, kReversal = 5 };

struct Receivable {
  std::string invoice;  // number
  Date date;
  Date due;
  Decimal gross;  // not negative
};

// A part of a source that is meant for an invoice.
struct NamedPart {
  std::string invoice;
  Decimal amount;  // positive
  AllocationCause cause = AllocationCause::kRemitted;
  friend bool operator==(const NamedPart&, const NamedPart&) = default;
};

struct Bounce {
  std::string id;  // of the reversal
  Date date;       // counts as the payment's where it lies before that
};

// Something that settles: a credit note or a payment.
struct Source {
  SourceKind kind = SourceKind::kPayment;
  std::string id;
  Date date;
  Decimal amount;                // not negative
  std::vector<NamedPart> named;  // in the order in which they are taken
  std::optional<Bounce> bounce;
};

struct Allocation {
  SourceKind kind = SourceKind::kPayment;
  std::string source;  // of a reversal, the reversal
  std::string invoice;
  Decimal amount;
  Date date;
  Date invoice_date;
  Date settled_on;  // date; of a reversal, that of the part it takes back: what the days to pay are counted to
  AllocationCause cause = AllocationCause::kOldestDue;

  int days_to_pay() const { return settled_on.days() - invoice_date.days(); }
  friend bool operator==(const Allocation&, const Allocation&) = default;
};

struct Allocations {
  std::vector<Allocation> parts;           // in the order in which they are made
  std::map<std::string, Decimal> settled;  // by invoice, of those of which anything is
  // By kind and id of a source, where it is not zero: what is on account, and what of that waits for unknown invoices.
  struct Rest {
    Decimal unallocated;
    Decimal waiting;
  };
  std::map<std::pair<SourceKind, std::string>, Rest> rests;
};

Allocations Allocate(const std::vector<Receivable>& receivables, const std::vector<Source>& sources);

}  // namespace tributary::inventory
