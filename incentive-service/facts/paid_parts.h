#pragma once

// Parts of payments as facts. Inventory derives what a payment settles anew whenever an invoice, a payment or a
// decision comes, and tells the payment as it is by then. Kept is what has come to it and gone from it, by date of the
// invoices and day of payment: where more is settled than before, one more part tells the difference; where less, it is
// returned of the newest parts, and a part that goes whole is taken back. Each lies at the position of what told it. So
// what is late, and what a closed period was worth, hold for them as for any line; what counted there counts on as far
// as it is settled still, and what came too late to count goes first.
//
// A payment that bounced settles nothing: its reversal, a payment of its own, returns what is left of its parts. What
// the two are said to settle and to take back after that is nothing in sum, and is not followed.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/money/money.h"
#include "common/time/date.h"
#include "incentive-service/facts/fact_line.h"

namespace tributary::incentive {

struct PaidPart {
  Date invoice_date;
  Date paid_on;
  Money amount;
};

// A payment as it was told.
struct ToldPayment {
  std::string partner;
  std::string payment;   // its last segment
  std::string reverses;  // of a reversal: the payment that bounced, likewise
  int shard = 0;
  Told told;
  std::vector<PaidPart> parts;  // of a reversal none

  // Whose parts it tells of: its own or, of a reversal, those of the payment that bounced.
  const std::string& settled_by() const { return reverses.empty() ? payment : reverses; }
};

// What there is to tell. `known`: the parts so far of settled_by(), also those that were taken back, and what was
// returned of them.
std::vector<FactLine> PartsToTell(const ToldPayment& payment, const std::vector<FactLine>& known);
// Puts that among the known ones, so that the next telling can be compared with them.
void Keep(const std::vector<FactLine>& told, std::vector<FactLine>* known);

}  // namespace tributary::incentive
