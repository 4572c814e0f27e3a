#include "inventory-service/payments/payment_service.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "inventory-service/payments/account.h"
#include "inventory-service/payments/payment_proto.h"

namespace tributary::inventory {
namespace {

constexpr std::string_view kPattern = "partners/{partner}/payments/{payment}";

// The same number with other content.
absl::Status Differing(const Payment& payment, const FieldViolation& difference) {
  ErrorDetail detail{.reason = Reason::kRowConflict, .violations = {difference}};
  return WithDetail(InfoOf(detail.reason).code,
                    StrCat(difference.field, ": got ", difference.got, ", want ", difference.want, ", as ",
                           payment.name(), " is known"),
                    detail);
}

}  // namespace

void PaymentService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.PaymentService", this)
      .Unary("GetPayment", &PaymentService::Get)
      .Unary("ListPayments", &PaymentService::List)
      .Unary("CreatePayment", &PaymentService::Create)
      .Unary("AllocatePayment", &PaymentService::Allocate)
      .Unary("ReversePayment", &PaymentService::Reverse);
}

absl::Status PaymentService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetPaymentRequest& request,
                                 v1::Payment* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const Payment payment, payments_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(payment);
  return absl::OkStatus();
}

absl::Status PaymentService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPaymentsRequest& request,
                                  v1::ListPaymentsResponse* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  ASSIGN_OR_RETURN(const Page page, Page::Of(page_tokens_, call, request, PaymentStore::Fields(), request.parent()));
  ASSIGN_OR_RETURN(std::vector<Payment> payments,
                   payments_.List(unit.sql(), partner, page.after(0), page.after(1), page.filter(), page.limit()));
  reply->set_next_page_token(page.Cut(&payments, [](const Payment& last) {
    return std::vector{last.partner, last.id};
  }));
  for (const Payment& payment : payments) *reply->add_payments() = ToProto(payment);
  return absl::OkStatus();
}

absl::Status PaymentService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreatePaymentRequest& request,
                                    v1::Payment* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  auto stated = FromProto(request.payment(), ids[0]);
  if (!stated.ok()) return AtField(stated.status(), "payment");
  stated->id = request.payment_id();
  stated->create_time = stated->update_time = call.now;
  RETURN_IF_ERROR(CheckStated(*stated));
  RETURN_IF_ERROR(partners_.CheckKnown(call, ids[0]));
  RETURN_IF_ERROR(LockAccounts(unit.sql(), {ids[0]}, call.now));
  ASSIGN_OR_RETURN(const bool fresh, payments_.Insert(unit.sql(), *stated));
  if (fresh) RETURN_IF_ERROR(Reallocate(call, unit, {ids[0]}, {{{ids[0], stated->id}, "recorded"}}));
  ASSIGN_OR_RETURN(const Payment payment, payments_.Get(unit.sql(), ids[0], stated->id));
  // The same payment again changes nothing and is answered as it is known.
  if (const auto difference = FirstDifference(payment, *stated)) return Differing(payment, *difference);
  *reply = ToProto(payment);
  return absl::OkStatus();
}

absl::Status PaymentService::Allocate(const rpc::Call& call, rpc::Unit& unit, const v1::AllocatePaymentRequest& request,
                                      v1::Payment* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  RETURN_IF_ERROR(LockAccounts(unit.sql(), {ids[0]}, call.now));
  ASSIGN_OR_RETURN(const Payment payment, payments_.Get(unit.sql(), ids[0], ids[1]));
  auto parts = FromProto(request.allocations(), ids[0], payment.amount.currency);
  if (!parts.ok()) return AtField(parts.status(), "allocations");
  std::vector<DocumentKey> named;
  for (const NamedPart& part : *parts) named.push_back({ids[0], part.invoice});
  ASSIGN_OR_RETURN(const Documents invoices, documents_.Find(unit.sql(), BilledKind::kInvoice, named));
  ASSIGN_OR_RETURN(const Payment decided, Decide(payment, *std::move(parts), invoices, call.now));
  RETURN_IF_ERROR(payments_.Update(unit.sql(), decided));
  RETURN_IF_ERROR(Reallocate(call, unit, {ids[0]}, {{{ids[0], ids[1]}, "allocated"}}));
  ASSIGN_OR_RETURN(const Payment allocated, payments_.Get(unit.sql(), ids[0], ids[1]));
  *reply = ToProto(allocated);
  return absl::OkStatus();
}

absl::Status PaymentService::Reverse(const rpc::Call& call, rpc::Unit& unit, const v1::ReversePaymentRequest& request,
                                     v1::Payment* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  auto date = wire::FromProto(request.reversal_date());
  if (!date.ok()) return AtField(date.status(), "reversal_date");
  RETURN_IF_ERROR(LockAccounts(unit.sql(), {ids[0]}, call.now));
  ASSIGN_OR_RETURN(Payment payment, payments_.Get(unit.sql(), ids[0], ids[1]));
  ASSIGN_OR_RETURN(const Payment reversal, inventory::Reverse(payment, request.reversal_id(), *date, call.now));
  ASSIGN_OR_RETURN(const bool fresh, payments_.Insert(unit.sql(), reversal));
  if (!fresh) return AlreadyExists(reversal.name());
  payment.reversed_by = reversal.id;
  RETURN_IF_ERROR(payments_.Update(unit.sql(), payment));
  RETURN_IF_ERROR(
      Reallocate(call, unit, {ids[0]}, {{{ids[0], payment.id}, "reversed"}, {{ids[0], reversal.id}, "recorded"}}));
  ASSIGN_OR_RETURN(const Payment recorded, payments_.Get(unit.sql(), ids[0], reversal.id));
  *reply = ToProto(recorded);
  return absl::OkStatus();
}

}  // namespace tributary::inventory
