#pragma once

// What a program says of margins, on the wire.

#include <optional>
#include <string>
#include <vector>

#include "common/status/status.h"
#include "incentive-service/engine/evaluation.h"
#include "tributary/incentive/v1/program.pb.h"

namespace tributary::incentive {

// Unset where the message has none. What cannot be read is named below `path`.
std::optional<MarginTerms> ReadMargin(const v1::Program& message, const std::string& path,
                                      std::vector<FieldViolation>* violations);
v1::Program::Margin MarginToProto(const MarginTerms& terms);

}  // namespace tributary::incentive
