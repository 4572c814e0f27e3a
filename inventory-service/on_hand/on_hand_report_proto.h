#pragma once

// Reports of stock on hand on the wire.

#include "inventory-service/on_hand/on_hand_report.h"
#include "tributary/inventory/v1/on_hand_report.pb.h"

namespace tributary::inventory {

v1::OnHandReport ToProto(const OnHandReport& report);

}  // namespace tributary::inventory
