#pragma once

// Reconciliations on the wire.

#include "inventory-service/reconciliation/reconciliation.h"
#include "tributary/inventory/v1/reconciliation.pb.h"

namespace tributary::inventory {

v1::Reconciliation ToProto(const Reconciliation& reconciliation);

}  // namespace tributary::inventory
