#pragma once

// Periods of programs under fiscal calendars in the database. Each call works in the caller's transaction.

#include <vector>

#include "absl/status/status.h"
#include "common/mysql/database.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

// Gives those of these programs that are under fiscal calendars their periods, all read by one statement; none where
// none of them is.
absl::Status ReadPeriods(mysql::Transaction& sql, std::vector<Program>* programs);
// Keeps the periods of a program under a fiscal calendar, in place of those that it had of that calendar.
absl::Status KeepPeriods(mysql::Transaction& sql, const Program& program);

}  // namespace tributary::incentive
