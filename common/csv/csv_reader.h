#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tributary {

struct CsvOptions {
  char delimiter = ',';
  size_t max_field_bytes = 64 * 1024;
  size_t max_row_bytes = 1024 * 1024;
  size_t max_fields = 1000;
  // Every row must have as many fields as the first good one.
  bool same_width = true;
};

// A row as it was read. Readers reuse it, so that its memory is got once.
struct CsvRow {
  int64_t number = 0;               // 1 is the first row of the file (the header, where there is one)
  int64_t line = 0;                 // the line that it begins on, from 1; a quoted field may span several
  std::vector<std::string> fields;  // without quotation marks; empty where the row is bad
  size_t bad_column = 0;            // from 1, where one column is at fault; else 0
  // OK, or what is wrong: INVALID_FIELD with got, want and the field "row 7 (line 9), column 3".
  absl::Status status;
};

// Reads RFC 4180: fields are separated by commas and rows end in CRLF or LF; a field in quotation marks may hold
// commas, line ends and doubled quotation marks. A UTF-8 byte order mark is skipped; empty lines are no rows. Stricter
// than most readers, because a file that is misread is worse than one that is refused; a bad row is refused alone and
// reading goes on with the next:
//   a quotation mark inside a field without them, text behind a closing one, a carriage return on its own,
//   NUL and invalid UTF-8, a field or row over its limit, another width than the first row's.
// A quotation mark that is never closed takes the rest of the file into its row, in bounded memory.
// One thread at a time.
class CsvReader {
 public:
  // Fills `buffer` with up to `size` bytes and says how many; 0 is the end.
  using Source = std::function<absl::StatusOr<size_t>(char* buffer, size_t size)>;

  explicit CsvReader(Source source, const CsvOptions& options = {});
  // All of a text that outlives the reader.
  static Source FromText(std::string_view text);
  // An open file, read from where it stands; the caller closes it.
  static Source FromFile(std::FILE* file);

  // Reads the next row, good or bad. false at the end of the file and when the source failed; status() tells which.
  bool Next(CsvRow* row);
  // The error of the source, or of a file that is no UTF-8 text at all; else OK.
  const absl::Status& status() const { return status_; }

 private:
  // Where in a row the reader is.
  enum class State {
    kFieldStart,  // before the first byte of a field
    kBare,        // in a field without quotation marks
    kQuoted,      // in a field with them
    kQuoteSeen,   // behind a quotation mark in such a field: the end of it, or the first of two
    kReturnSeen,  // behind a carriage return outside quotation marks
    kSkipping,    // in a bad row, on the way to the end of its line
  };

  bool Fill();
  void SkipByteOrderMark();
  // Takes one byte; true where a row ends with it.
  bool Take(char c, CsvRow* row);
  // Takes what precedes the next byte that means something in this state.
  void TakeRun(CsvRow* row);
  void Append(const char* data, size_t size, CsvRow* row);
  void EndField(CsvRow* row);
  void CheckField(std::string_view field, CsvRow* row);
  void Finish(CsvRow* row);
  void Refuse(CsvRow* row, std::string_view got, std::string_view want);

  const Source source_;
  const CsvOptions options_;
  absl::Status status_;
  std::vector<char> buffer_;
  size_t begin_ = 0;
  size_t end_ = 0;
  bool at_end_ = false;
  bool started_ = false;

  State state_ = State::kFieldStart;
  size_t field_count_ = 0;  // fields of the row that have begun
  size_t field_bytes_ = 0;  // of the current one, also those that are not kept
  size_t row_bytes_ = 0;
  bool row_empty_ = true;  // nothing of the row was read
  int64_t line_ = 1;
  int64_t number_ = 0;
  size_t width_ = 0;  // of the first good row; 0 before it
};

}  // namespace tributary
