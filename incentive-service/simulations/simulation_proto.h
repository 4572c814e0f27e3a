#pragma once

#include "incentive-service/simulations/simulation.h"
#include "tributary/incentive/v1/simulation.pb.h"

namespace tributary::incentive {

v1::Simulation ToProto(const Simulation& simulation);

}  // namespace tributary::incentive
