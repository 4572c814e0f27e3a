#pragma once

#include <string>

#include "incentive-service/simulations/simulation.h"
#include "tributary/incentive/v1/simulation.pb.h"

namespace tributary::incentive {

v1::Simulation ToProto(const Simulation& simulation);
v1::SimulationPartner ToProto(const PartnerResult& partner, const Simulation& simulation);

}  // namespace tributary::incentive
