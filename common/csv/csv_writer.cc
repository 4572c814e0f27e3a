#include "common/csv/csv_writer.h"

namespace tributary {

void AppendCsvRow(std::string* out, const std::vector<std::string>& fields, char delimiter) {
  const char kSpecial[] = {delimiter, '"', '\r', '\n'};
  for (size_t i = 0; i < fields.size(); ++i) {
    const std::string& field = fields[i];
    if (i > 0) *out += delimiter;
    // An empty field alone would be an empty line, which is no row; a byte order mark in front would be taken for the
    // file's.
    const bool quoted = field.find_first_of(kSpecial, 0, sizeof(kSpecial)) != std::string::npos ||
                        (fields.size() == 1 && field.empty()) || field.starts_with("\xEF\xBB\xBF");
    if (!quoted) {
      *out += field;
      continue;
    }
    *out += '"';
    for (char c : field) {
      if (c == '"') *out += '"';
      *out += c;
    }
    *out += '"';
  }
  *out += '\n';
}

}  // namespace tributary
