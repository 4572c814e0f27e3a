#pragma once

// Statements on the wire.

#include <string_view>

#include "absl/status/statusor.h"
#include "incentive-service/statements/statement.h"
#include "incentive-service/statements/statement_export.h"
#include "tributary/incentive/v1/statement.pb.h"

namespace tributary::incentive {

// With its explanation. `programs`: those of its entries as they were.
absl::StatusOr<v1::Statement> ToProto(const Statement& statement, const ProgramVersions& programs);

// One entry; `program`: as it was, `partner`: of the statement.
absl::StatusOr<v1::StatementEntry> ToProto(const StatementEntry& entry, const Program& program,
                                           std::string_view partner);

// `currency`: of the statement.
v1::StatementLine ToProto(const StatementLine& line, std::string_view partner, std::string_view currency);

}  // namespace tributary::incentive
