#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "google/protobuf/message.h"

namespace tributary::cli {

enum class Format { kTable, kJson, kCsv };

// Rows of texts, as people or programs want them. Data goes to standard output, words to standard error.
class Table {
 public:
  // `widest`: where a table for people cuts a cell.
  explicit Table(std::vector<std::string> columns, size_t widest = 1000)
      : columns_(std::move(columns)), widest_(widest) {}
  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  void Print(std::ostream& out, Format format) const;

 private:
  std::vector<std::string> columns_;
  const size_t widest_;
  std::vector<std::vector<std::string>> rows_;
};

// A message as pretty JSON with proto field names in lowerCamelCase.
std::string ToJson(const google::protobuf::Message& message);
// What people are told of a list without members, of which a table shows nothing.
std::string NothingIn(std::string_view collection, std::string_view filter);
// Messages of one type: a JSON array, or a table of their plain fields (nested ones in short form).
void PrintMessages(const std::vector<const google::protobuf::Message*>& messages, std::ostream& out, Format format);

}  // namespace tributary::cli
