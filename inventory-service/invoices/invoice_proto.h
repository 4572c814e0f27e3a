#pragma once

// Invoices on the wire.

#include <vector>

#include "absl/status/statusor.h"
#include "inventory-service/invoices/invoice.h"
#include "tributary/inventory/v1/invoice.pb.h"

namespace tributary::inventory {

v1::InvoiceLine ToProto(const InvoiceLine& line);
v1::Invoice ToProto(const BilledDocument& invoice, const std::vector<InvoiceLine>& lines);

// A line as stated. Violations name the fields of the line: of its forms, of currencies that differ, of dates out of
// order, of amounts that do not add up.
absl::StatusOr<InvoiceLine> FromProto(const v1::InvoiceLine& line);

}  // namespace tributary::inventory
