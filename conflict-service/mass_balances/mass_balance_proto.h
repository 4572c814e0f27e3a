#pragma once

#include "conflict-service/detection/diversion_detector.h"
#include "conflict-service/mass_balances/mass_balance.h"
#include "tributary/conflict/v1/mass_balance.pb.h"

namespace tributary::conflict {

v1::MassBalance ToProto(const KeptBalance& kept, const JudgedBalance& judged);

}  // namespace tributary::conflict
