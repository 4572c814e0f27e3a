#include "incentive-service/facts/paid_parts.h"

#include <algorithm>

#include "common/text/text.h"

namespace tributary::incentive {
namespace {

FactLine PartOf(const ToldPayment& payment, int64_t number, const PaidPart& part) {
  FactLine line;
  line.partner = payment.partner;
  line.fact = StrCat("payments/", payment.payment, "/allocations/", number);
  line.source = FactSource::kPayment;
  line.shard = payment.shard;
  line.seq = payment.told.seq;
  line.recorded_at = payment.told.recorded_at;
  line.document = payment.payment;
  line.line = number;
  line.order_date = line.order_basis = part.invoice_date;
  line.ship_date = line.ship_basis = part.paid_on;
  line.net = part.amount.amount;
  line.currency = part.amount.currency;
  return line;
}

FactLine TakenBack(const ToldPayment& payment, const FactLine& part) {
  FactLine reversal = part;
  reversal.kind = FactKind::kReversal;
  reversal.refers = part.fact;
  reversal.fact = part.fact + ".r1";
  reversal.seq = payment.told.seq;
  reversal.recorded_at = payment.told.recorded_at;
  reversal.net = -part.net;
  return reversal;
}

}  // namespace

std::vector<FactLine> PartsToTell(const ToldPayment& payment, const std::vector<FactLine>& known) {
  std::vector<FactLine> lines;
  std::vector<PaidPart> parts = payment.parts;
  int64_t number = 0;
  for (const FactLine& line : known) {
    number = std::max(number, line.line);
    if (!line.live()) continue;
    const auto same = std::find_if(parts.begin(), parts.end(), [&](const PaidPart& part) {
      return part.invoice_date == line.order_date && part.paid_on == line.ship_date && part.amount.amount == line.net &&
             part.amount.currency == line.currency;
    });
    if (same != parts.end()) {
      parts.erase(same);
    } else {
      lines.push_back(TakenBack(payment, line));
    }
  }
  for (const PaidPart& part : parts) lines.push_back(PartOf(payment, ++number, part));
  return lines;
}

}  // namespace tributary::incentive
