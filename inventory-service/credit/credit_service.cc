#include "inventory-service/credit/credit_service.h"

#include <string>

#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/time/today.h"
#include "common/wire/wire.h"
#include "inventory-service/facts/fact.h"

namespace tributary::inventory {
namespace {

v1::CreditExposure ToProto(const Exposure& exposure, std::string_view partner, const std::string& currency, Date day,
                           bool explain) {
  const auto money = [&](Decimal amount) { return wire::ToProto(Money{currency, amount}); };
  v1::CreditExposure out;
  out.set_partner(PartnerName(partner));
  *out.mutable_date() = wire::ToProto(day);
  *out.mutable_open_invoices() = money(exposure.SumOf(ExposureKind::kOpenInvoice));
  *out.mutable_credit_notes() = money(exposure.SumOf(ExposureKind::kCreditNote));
  *out.mutable_unallocated_payments() = money(exposure.SumOf(ExposureKind::kUnallocatedPayment));
  *out.mutable_open_orders() = money(exposure.SumOf(ExposureKind::kOpenOrder));
  *out.mutable_exposure() = money(exposure.total());
  if (exposure.line.has_value()) out.set_credit_line(exposure.line->name());
  *out.mutable_limit() = money(exposure.limit());
  *out.mutable_available() = money(exposure.available());
  out.set_on_hold(exposure.on_hold());
  if (!explain) return out;
  for (const ExposureTerm& term : exposure.terms) {
    v1::CreditExposureTerm& told = *out.add_terms();
    told.set_kind(static_cast<v1::CreditExposureTerm::Kind>(term.kind));
    told.set_resource(term.resource);
    *told.mutable_amount() = money(term.amount);
  }
  return out;
}

}  // namespace

void CreditService::Register(rpc::Server& server) {
  server.Add("tributary.inventory.v1.CreditService", this).Unary("GetCreditExposure", &CreditService::GetExposure);
}

absl::Status CreditService::GetExposure(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::GetCreditExposureRequest& request, v1::CreditExposure* reply) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  if (partner.empty()) return InvalidField("parent", request.parent(), "one partner, partners/{partner}");
  Date day = UtcToday(call.now);
  if (request.has_date()) {
    const auto given = wire::FromProto(request.date());
    if (!given.ok()) return AtField(given.status(), "date");
    day = *given;
  }
  ASSIGN_OR_RETURN(const Exposure exposure, credit_.ExposureOf(unit.sql(), partner, request.currency_code(), day));
  *reply = ToProto(exposure, partner, request.currency_code(), day, request.explain());
  return absl::OkStatus();
}

}  // namespace tributary::inventory
