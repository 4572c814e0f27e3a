#pragma once

#include <cstddef>

#include "tests/bench/bench.h"
#include "tests/matching/postgres.h"

namespace tributary::matching_quality {

// Prints the lines name_lookup and name_lookup_p99 where there is a PostgreSQL, and to standard error what was found,
// what it takes in memory, and a self-join of a fifth of the names.
void Speed(const bench::Settings& settings, size_t names, const Postgres* postgres);

}  // namespace tributary::matching_quality
