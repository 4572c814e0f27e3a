#include "inventory-service/payments/payment.h"

#include <map>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

Decimal SumOf(const std::vector<NamedPart>& parts) {
  Decimal sum;
  for (const NamedPart& part : parts) sum += part.amount;
  return sum;
}

std::string Text(const std::vector<NamedPart>& parts) {
  std::string text;
  for (const NamedPart& part : parts) {
    StrAppend(&text, text.empty() ? "" : ", ", part.invoice, " ", part.amount.ToString());
  }
  return text;
}

// A payment that neither bounced nor says that one did.
absl::Status CheckStands(const Payment& payment, std::string_view verb) {
  if (!payment.reverses.empty()) return WrongState(payment.name(), verb, "a reversal", "a payment that came");
  if (!payment.reversed_by.empty()) return WrongState(payment.name(), verb, "bounced", "not reversed");
  return absl::OkStatus();
}

absl::Status Exceeds(std::string_view subject, Decimal got, Decimal most, std::string_view of) {
  return Error(
      Reason::kAllocationExceeds,
      StrCat("allocations: got ", got.ToString(), " for ", subject, ", want at most ", most.ToString(), ", ", of),
      {{"resource", std::string(subject)}, {"got", got.ToString()}, {"limit", most.ToString()}});
}

}  // namespace

std::string PaymentName(std::string_view partner, std::string_view id) {
  return StrCat("partners/", partner, "/payments/", id);
}

absl::Status CheckStated(const Payment& payment) {
  if (!IsDocumentSegment(payment.id)) return InvalidField("payment_id", payment.id, "1 to 64 of A-Za-z0-9._~-");
  const Decimal named = SumOf(payment.remittance);
  if (named <= payment.amount.amount) return absl::OkStatus();
  return InvalidField("payment.remittance", StrCat(named.ToString(), " in all"),
                      StrCat("at most the amount, ", payment.amount.amount.ToString()));
}

std::optional<FieldViolation> FirstDifference(const Payment& known, const Payment& stated) {
  if (auto d = Differs("payment.payment_date", known.date.ToString(), stated.date.ToString())) return d;
  if (auto d = Differs("payment.amount.currency_code", known.amount.currency, stated.amount.currency)) return d;
  if (auto d = Differs("payment.amount", known.amount.amount.ToString(), stated.amount.amount.ToString())) return d;
  return Differs("payment.remittance", Text(known.remittance), Text(stated.remittance));
}

Source SourceOf(const Payment& payment, const Payment* reversal) {
  Source source{SourceKind::kPayment, payment.id, payment.date, payment.amount.amount, payment.decisions, {}};
  source.named.insert(source.named.end(), payment.remittance.begin(), payment.remittance.end());
  if (reversal != nullptr) source.bounce = Bounce{reversal->id, reversal->date};
  return source;
}

absl::StatusOr<Payment> Reverse(const Payment& payment, std::string_view id, Date date, absl::Time now) {
  RETURN_IF_ERROR(CheckStands(payment, "reverse"));
  if (date < payment.date) {
    return InvalidField("reversal_date", date.ToString(), StrCat("no day before ", payment.date.ToString()));
  }
  Payment reversal;
  reversal.partner = payment.partner;
  reversal.id = id.empty() ? payment.id + ".r1" : std::string(id);
  if (!IsDocumentSegment(reversal.id)) return InvalidField("reversal_id", reversal.id, "1 to 64 of A-Za-z0-9._~-");
  reversal.date = date;
  reversal.amount = {payment.amount.currency, -payment.amount.amount};
  reversal.reverses = payment.id;
  reversal.create_time = reversal.update_time = now;
  return reversal;
}

absl::StatusOr<Payment> Decide(const Payment& payment, std::vector<NamedPart> parts, const Documents& invoices,
                               absl::Time now) {
  RETURN_IF_ERROR(CheckStands(payment, "allocate"));
  std::map<std::string, Decimal> by_invoice;
  for (const NamedPart& part : parts) by_invoice[part.invoice] += part.amount;
  for (const auto& [number, amount] : by_invoice) {
    const auto known = invoices.find({payment.partner, number});
    if (known == invoices.end()) continue;
    const BilledDocument& invoice = known->second;
    if (invoice.head.currency != payment.amount.currency) {
      return Error(Reason::kCurrencyMismatch, StrCat("allocations: got ", payment.amount.currency, " for ",
                                                     invoice.name(), ", want ", invoice.head.currency));
    }
    if (invoice.open() < amount) return Exceeds(invoice.name(), amount, invoice.open(), "what is open of it");
  }
  if (payment.unallocated < SumOf(parts)) {
    return Exceeds(payment.name(), SumOf(parts), payment.unallocated, "what it has not settled yet");
  }
  Payment next = payment;
  next.update_time = now;
  for (NamedPart& part : parts) {
    part.cause = AllocationCause::kDecided;
    next.decisions.push_back(std::move(part));
  }
  return next;
}

}  // namespace tributary::inventory
