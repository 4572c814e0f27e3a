#pragma once

#include <string>

#include "tests/matching/postgres.h"

namespace tributary::matching_quality {

// Prints tables in Markdown: ours and two peers in one run. `postgres` may be nullptr: then pg_trgm is left out.

// The sets of the real data: names of applicants, of schools with addresses, Chinese short names; and which of GLEIF's
// legal forms are cut off.
void RealDataQuality(const std::string& folder, const Postgres* postgres);
// A CSV with the columns entity and name and, where it has them, address, phone, domain and tax_id.
void LabelledQuality(const std::string& file, const Postgres* postgres);
// A CSV with the columns short and full: the first of all full names that is found for each short one.
void ShortNameQuality(const std::string& file, const Postgres* postgres);

}  // namespace tributary::matching_quality
