#pragma once

// The days of calendar periods, by the verifier's own calendar.

#include <optional>
#include <string>

#include "tributary/incentive/v1/program.pb.h"

namespace tributary::cli {

// "2013Q4", "2013-11" or "2013": from its first day to the first after it, as comparable texts.
struct Span {
  std::string start, end;
};
// nullopt where the id is none of that kind.
std::optional<Span> SpanOf(const std::string& id, incentive::v1::Program::Period kind);

}  // namespace tributary::cli
