#pragma once

// New lines among those that the database knows. What a line refers to is read by its name; what refers to it is found
// in fact_reference, which is looked into for partners alone of whom something waits for a line that has not come, and
// for invoices, which credit notes refer to as a whole.

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "incentive-service/facts/fact_line.h"

namespace tributary::incentive {

// One of each name, partner by partner. ROW_CONFLICT where two of a name do not say the same.
absl::StatusOr<std::vector<FactLine>> DistinctLines(std::vector<FactLine> lines);
// Those of these names (partner, fact) that the database holds, in no order.
absl::StatusOr<std::vector<FactLine>> LinesNamed(mysql::Transaction& sql,
                                                 const std::set<std::pair<std::string, std::string>>& names);
// Those that the database does not hold yet. ROW_CONFLICT where it holds one with other content.
absl::StatusOr<std::vector<FactLine>> UnknownLines(mysql::Transaction& sql, std::vector<FactLine> lines);

using PaymentKey = std::pair<std::string, std::string>;  // partner, the payment's last segment
// The parts of these payments so far, also those that were taken back, and what they have returned of parts, in no
// order.
absl::StatusOr<std::map<PaymentKey, std::vector<FactLine>>> PartsOfPayments(mysql::Transaction& sql,
                                                                            const std::set<PaymentKey>& payments);

// A line that refers to another, by names without "partners/{partner}/".
struct FactReference {
  std::string partner;
  std::string target;
  std::string referrer;
  bool waits = false;  // the target is not known
};

struct PlacedLines {
  Placed lines;
  std::vector<FactReference> references;  // new ones, and known ones that wait no more
};
// `fresh`: distinct lines that the database does not hold. INVALID_FIELD as Place.
absl::StatusOr<PlacedLines> PlaceAmongKnown(mysql::Transaction& sql, std::vector<FactLine> fresh);
// Keeps the references of lines that have been inserted.
absl::Status KeepReferences(mysql::Transaction& sql, const std::vector<FactReference>& references);

}  // namespace tributary::incentive
