#include "incentive-service/facts/paid_parts.h"

#include <algorithm>
#include <compare>
#include <map>
#include <string_view>

#include "common/text/text.h"

namespace tributary::incentive {
namespace {

// What is settled on one day of invoices of one day is one to a program.
struct PartKey {
  Date invoice_date;
  Date paid_on;
  std::string currency;
  friend auto operator<=>(const PartKey&, const PartKey&) = default;
};

PartKey PartKeyOf(const FactLine& part) { return {part.order_date, part.ship_date, part.currency}; }

FactLine PartOf(const ToldPayment& payment, int64_t number, const PartKey& key, Decimal amount) {
  FactLine line;
  line.partner = payment.partner;
  line.fact = StrCat("payments/", payment.payment, "/allocations/", number);
  line.source = FactSource::kPayment;
  line.shard = payment.shard;
  line.seq = payment.told.seq;
  line.recorded_at = payment.told.recorded_at;
  line.document = payment.payment;
  line.line = number;
  line.order_date = line.order_basis = key.invoice_date;
  line.ship_date = line.ship_basis = key.paid_on;
  line.net = amount;
  line.currency = key.currency;
  return line;
}

FactLine Returned(const ToldPayment& payment, int64_t number, const FactLine& part, Decimal amount) {
  FactLine line = PartOf(payment, number, PartKeyOf(part), -amount);
  line.kind = FactKind::kReturn;
  line.refers = part.fact;
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

struct OpenPart {
  const FactLine* line;
  Decimal left;  // what was returned of it is not
};

// Those of which anything is left, the newest first.
std::vector<OpenPart> OpenParts(const std::vector<FactLine>& known) {
  std::map<std::string_view, Decimal> returned;
  for (const FactLine& line : known) {
    if (line.kind == FactKind::kReturn) returned[line.refers] -= line.net;
  }
  std::vector<OpenPart> open;
  for (const FactLine& line : known) {
    if (line.kind != FactKind::kLine || !line.live()) continue;
    const Decimal left = line.net - returned[line.fact];
    if (!left.zero()) open.push_back({&line, left});
  }
  std::sort(open.begin(), open.end(), [](const OpenPart& a, const OpenPart& b) { return a.line->line > b.line->line; });
  return open;
}

}  // namespace

std::vector<FactLine> PartsToTell(const ToldPayment& payment, const std::vector<FactLine>& known) {
  int64_t number = 0;
  for (const FactLine& line : known) {
    if (line.document == payment.payment) number = std::max(number, line.line);
  }
  const std::vector<OpenPart> open = OpenParts(known);
  std::vector<FactLine> lines;
  if (!payment.reverses.empty()) {
    for (const OpenPart& part : open) lines.push_back(Returned(payment, ++number, *part.line, part.left));
    return lines;
  }
  // By how much more is settled than is known; below 0 where less is.
  std::map<PartKey, Decimal> more;
  for (const PaidPart& part : payment.parts) {
    more[{part.invoice_date, part.paid_on, part.amount.currency}] += part.amount.amount;
  }
  for (const OpenPart& part : open) more[PartKeyOf(*part.line)] -= part.left;

  for (const OpenPart& part : open) {
    Decimal& of_key = more[PartKeyOf(*part.line)];
    if (!of_key.negative()) continue;
    const Decimal gone = std::min(part.left, -of_key);
    of_key += gone;
    lines.push_back(gone == part.line->net ? TakenBack(payment, *part.line)
                                           : Returned(payment, ++number, *part.line, gone));
  }
  for (const auto& [key, amount] : more) {
    if (!amount.zero()) lines.push_back(PartOf(payment, ++number, key, amount));
  }
  return lines;
}

void Keep(const std::vector<FactLine>& told, std::vector<FactLine>* known) {
  for (const FactLine& line : told) {
    if (line.kind != FactKind::kReversal) {
      known->push_back(line);
      continue;
    }
    for (FactLine& part : *known) {
      if (part.fact == line.refers) part.reversed = line.told();
    }
  }
}

}  // namespace tributary::incentive
