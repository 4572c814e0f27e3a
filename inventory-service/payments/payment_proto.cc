#include "inventory-service/payments/payment_proto.h"

#include <string>
#include <utility>

#include "common/text/text.h"
#include "common/wire/field_reader.h"
#include "common/wire/wire.h"
#include "inventory-service/billing/billed_line.h"

namespace tributary::inventory {
namespace {

void AddParts(const std::vector<NamedPart>& parts, const Payment& payment,
              google::protobuf::RepeatedPtrField<v1::Remittance>* out) {
  for (const NamedPart& part : parts) {
    v1::Remittance& remittance = *out->Add();
    remittance.set_invoice(BilledName(BilledKind::kInvoice, payment.partner, part.invoice));
    *remittance.mutable_amount() = wire::ToProto(Money{payment.amount.currency, part.amount});
  }
}

}  // namespace

v1::Allocation ToProto(const Allocation& allocation, std::string_view partner, std::string_view currency) {
  v1::Allocation out;
  out.set_invoice(BilledName(BilledKind::kInvoice, partner, allocation.invoice));
  *out.mutable_amount() = wire::ToProto(Money{std::string(currency), allocation.amount});
  *out.mutable_allocation_date() = wire::ToProto(allocation.date);
  *out.mutable_invoice_date() = wire::ToProto(allocation.invoice_date);
  out.set_days_to_pay(allocation.days_to_pay());
  out.set_cause(static_cast<v1::Allocation::Cause>(allocation.cause));
  return out;
}

v1::Payment ToProto(const Payment& payment) {
  const std::string& currency = payment.amount.currency;
  v1::Payment out;
  out.set_name(payment.name());
  *out.mutable_create_time() = wire::ToProto(payment.create_time);
  *out.mutable_update_time() = wire::ToProto(payment.update_time);
  *out.mutable_payment_date() = wire::ToProto(payment.date);
  *out.mutable_amount() = wire::ToProto(payment.amount);
  AddParts(payment.remittance, payment, out.mutable_remittance());
  AddParts(payment.decisions, payment, out.mutable_decisions());
  for (const Allocation& part : payment.allocations) *out.add_allocations() = ToProto(part, payment.partner, currency);
  *out.mutable_unallocated_amount() = wire::ToProto(Money{currency, payment.unallocated});
  *out.mutable_waiting_amount() = wire::ToProto(Money{currency, payment.waiting});
  if (!payment.reverses.empty()) out.set_reverses(PaymentName(payment.partner, payment.reverses));
  if (!payment.reversed_by.empty()) out.set_reversed_by(PaymentName(payment.partner, payment.reversed_by));
  return out;
}

absl::StatusOr<std::vector<NamedPart>> FromProto(const google::protobuf::RepeatedPtrField<v1::Remittance>& parts,
                                                 std::string_view partner, std::string_view currency) {
  FieldReader fields;
  std::vector<NamedPart> out;
  for (int i = 0; i < parts.size(); ++i) {
    const std::string at = StrCat("[", i, "]");
    const auto ids = ParseResourceName(parts[i].invoice(), "partners/{partner}/invoices/{invoice}");
    if (!ids.ok() || ids->at(0) != partner) {
      fields.Refuse(at + ".invoice", parts[i].invoice(), StrCat(PartnerName(partner), "/invoices/{invoice}"));
    }
    const Money amount = fields.Take(at + ".amount", wire::FromProto(parts[i].amount()));
    if (amount.currency != currency) {
      fields.Refuse(at + ".amount.currency_code", amount.currency, StrCat(currency, ", the currency of the payment"));
    }
    out.push_back({ids.ok() ? ids->at(1) : std::string(), amount.amount});
  }
  RETURN_IF_ERROR(fields.status());
  return out;
}

absl::StatusOr<Payment> FromProto(const v1::Payment& payment, std::string_view partner) {
  FieldReader fields;
  Payment out;
  out.partner = std::string(partner);
  out.date = fields.Take("payment_date", wire::FromProto(payment.payment_date()));
  out.amount = fields.Take("amount", wire::FromProto(payment.amount()));
  auto parts = FromProto(payment.remittance(), partner, out.amount.currency);
  if (parts.ok()) {
    out.remittance = *std::move(parts);
  } else {
    for (const FieldViolation& violation : DetailOf(parts.status()).violations) {
      fields.Refuse("remittance" + violation.field, violation.got, violation.want);
    }
  }
  RETURN_IF_ERROR(fields.status());
  return out;
}

events::EventDraft Told(std::string_view verb, const Payment& payment) {
  return events::Draft(payment.partner, verb, payment.name(), ToProto(payment));
}

}  // namespace tributary::inventory
