#pragma once

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/mapping/mapping.h"
#include "common/time/date.h"
#include "google/protobuf/message.h"
#include "re2/re2.h"
#include "tributary/api/v1/import.pb.h"

namespace tributary::cli {

// Turns rows of a CSV file into row messages, as a mapping says. Not thread-safe.
class RowBuilder {
 public:
  // `folder` holds the look-up files; `header` is the file's first row; `row_type` is the row message.
  static absl::StatusOr<std::unique_ptr<RowBuilder>> Make(const Mapping& mapping, const std::string& folder,
                                                          const std::vector<std::string>& header,
                                                          const google::protobuf::Descriptor* row_type);

  // Whether the mapping leaves this row out.
  bool Skips(const std::vector<std::string>& fields) const;
  // Fills `message` and answers no errors, or answers every error of the row (column, got, want). Rows come in the
  // order of the file: ordinals count them.
  std::vector<api::v1::RowError> Build(int64_t row, const std::vector<std::string>& fields,
                                       google::protobuf::Message* message);
  // The column behind a field path of the row message, as the service names it in its errors; the path where unknown.
  std::string ColumnOf(const std::string& field_path) const;

 private:
  using Path = std::vector<const google::protobuf::FieldDescriptor*>;
  struct Cell {
    bool constant;
    std::string text;  // of a constant
    int column = -1;   // of the row
    int lookup = -1;   // index, with column_name
    std::string column_name;
  };
  struct CompiledLookup {
    const Lookup* lookup;
    std::vector<Cell> from;
    std::unique_ptr<LookupTable> table;
  };
  struct CompiledCase {
    struct Condition {
      std::vector<Cell> subject;
      std::string text;
      std::unique_ptr<RE2> pattern;  // instead of the text
    };
    std::vector<Condition> when;
    std::vector<Cell> value;
  };
  struct CompiledField {
    const FieldMapping* mapping;
    std::vector<Cell> cells;
    std::vector<CompiledCase> cases;
    Path path;
    std::unordered_map<std::string, int64_t> ordinals;
  };

  absl::StatusOr<std::vector<Cell>> Compile(const Template& source, size_t lookups) const;
  // Empty `problem` on success.
  std::string Render(const std::vector<Cell>& cells, const std::vector<std::string>& fields, bool* empty,
                     std::string* problem, std::string* culprit) const;
  // The value of a field, as Render answers it.
  std::string ValueOf(const CompiledField& field, const std::vector<std::string>& fields, bool* empty,
                      std::string* problem, std::string* culprit) const;
  // Sets the field; the answer is empty or says what was wanted.
  std::string Set(const CompiledField& field, const std::string& text, google::protobuf::Message* message) const;

  Mapping mapping_;
  std::map<std::string, int> columns_;
  std::vector<CompiledLookup> lookups_;
  std::vector<CompiledField> fields_;
  std::vector<std::pair<int, std::string>> skip_;
  const google::protobuf::FieldDescriptor* row_number_ = nullptr;
};

// A date in one of the mapping's formats.
absl::StatusOr<Date> ParseDateAs(std::string_view text, std::string_view format);
// "Mountain Bikes!" -> "mountain-bikes".
std::string Slug(std::string_view text);

}  // namespace tributary::cli
