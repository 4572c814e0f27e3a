#pragma once

// Statements on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "incentive-service/programs/program.h"
#include "incentive-service/statements/statement.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::incentive {

// With its explanation. `program` is as it was when the period was closed: the statement's program_version.
absl::StatusOr<v1::Statement> ToProto(const Statement& statement, const Program& program);

v1::StatementLine ToProto(const StatementLine& line, std::string_view partner, std::string_view currency);

}  // namespace tributary::incentive
