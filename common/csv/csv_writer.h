#pragma once

#include <string>
#include <vector>

namespace tributary {

// Appends a row of RFC 4180 that CsvReader reads back as it was: quotation marks where a field needs them, LF at the
// end. At least one field.
void AppendCsvRow(std::string* out, const std::vector<std::string>& fields, char delimiter = ',');

}  // namespace tributary
