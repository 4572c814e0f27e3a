#pragma once

// Credit: what a partner owes in one currency, against what it may owe. Values and decisions.

#include <optional>
#include <string>
#include <vector>

#include "common/money/decimal.h"
#include "common/time/date.h"

namespace tributary::inventory {

// A credit line as partner-service tells it.
struct CreditLine {
  std::string partner;
  std::string id;
  std::string currency;
  Decimal limit;
  int payment_terms_days = 0;
  DateRange valid;
  bool on_hold = false;

  std::string name() const;  // partners/{partner}/creditLines/{id}
};

// The numbers are those of the wire.
enum class ExposureKind { kOpenInvoice = 1, kCreditNote = 2, kUnallocatedPayment = 3, kOpenOrder = 4 };

struct ExposureTerm {
  ExposureKind kind;
  std::string resource;
  Decimal amount;  // what it adds
};

struct Exposure {
  std::vector<ExposureTerm> terms;
  std::optional<CreditLine> line;  // in force on the day that was asked for

  Decimal SumOf(ExposureKind kind) const;
  Decimal total() const;
  // Without a line nothing may be owed.
  Decimal limit() const { return line.has_value() ? line->limit : Decimal(); }
  Decimal available() const { return limit() - total(); }
  bool on_hold() const { return line.has_value() && line->on_hold; }
};

// Of a partner's lines, the one of the currency that is in force on the day.
std::optional<CreditLine> InForce(const std::vector<CreditLine>& lines, std::string_view currency, Date day);

// Whether `more` may be owed besides. What adds nothing is always allowed.
struct CreditVerdict {
  bool passed = false;
  Decimal got;    // exposure with `more`
  Decimal limit;  // what it may be
  Decimal short_by;
  std::string why;  // for people
};
CreditVerdict CheckCredit(const Exposure& exposure, Decimal more);

}  // namespace tributary::inventory
