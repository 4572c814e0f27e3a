#pragma once

// Credit notes on the wire.

#include <vector>

#include "absl/status/statusor.h"
#include "inventory-service/credit_notes/credit_note.h"
#include "inventory-service/payments/allocation.h"
#include "tributary/inventory/v1/credit_note.pb.h"

namespace tributary::inventory {

v1::CreditNoteLine ToProto(const CreditNoteLine& line);
v1::CreditNote ToProto(const BilledDocument& credit_note, const std::vector<CreditNoteLine>& lines,
                       const std::vector<Allocation>& allocations);

// A line as stated. Violations name the fields of the line: of its forms, of currencies that differ, of
// amounts that do not add up.
absl::StatusOr<CreditNoteLine> FromProto(const v1::CreditNoteLine& line);

}  // namespace tributary::inventory
