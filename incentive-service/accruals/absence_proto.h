#pragma once

// Why lines do not count, and what late ones did, on the wire.

#include <optional>
#include <string_view>

#include "incentive-service/accruals/counting.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/statements/entry.h"
#include "tributary/incentive/v1/accrual.pb.h"

namespace tributary::incentive {

// With what the line has and what the program wants. `close`: of the scale's period, if it is closed.
v1::Absence AbsenceToProto(const Program& program, std::optional<AbsenceReason> reason, const FactLine& line,
                           const ClosedPeriod* close, std::string_view period);

v1::AccrualLine ToProto(const JudgedLine& line, std::string_view partner, std::string_view currency);

v1::TrueUp ToProto(const TrueUp& true_up, std::string_view currency);

}  // namespace tributary::incentive
