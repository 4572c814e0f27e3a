#pragma once

#include "incentive-service/closes/period_close.h"
#include "tributary/incentive/v1/period_close.pb.h"

namespace tributary::incentive {

v1::PeriodClose ToProto(const PeriodClose& close);

}  // namespace tributary::incentive
