#include "common/csv/csv_reader.h"

#include <cstdio>
#include <cstring>
#include <memory>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary {
namespace {

constexpr size_t kBufferBytes = 64 * 1024;

}  // namespace

CsvReader::CsvReader(Source source, const CsvOptions& options)
    : source_(std::move(source)), options_(options), buffer_(kBufferBytes) {}

CsvReader::Source CsvReader::FromText(std::string_view text) {
  return [text, at = size_t{0}](char* buffer, size_t size) mutable -> absl::StatusOr<size_t> {
    const size_t taken = text.copy(buffer, size, at);
    at += taken;
    return taken;
  };
}

CsvReader::Source CsvReader::FromFile(std::FILE* file) {
  return [file](char* buffer, size_t size) -> absl::StatusOr<size_t> {
    const size_t taken = std::fread(buffer, 1, size, file);
    if (taken == 0 && std::ferror(file) != 0) return absl::DataLossError("the file cannot be read");
    return taken;
  };
}

bool CsvReader::Fill() {
  if (at_end_) return false;
  // What is left moves to the front: only the first bytes of a file are ever waited for together.
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  absl::StatusOr<size_t> taken = source_(buffer_.data() + end_, buffer_.size() - end_);
  if (!taken.ok()) status_ = std::move(taken).status();
  at_end_ = !status_.ok() || *taken == 0;
  if (!at_end_) end_ += *taken;
  return !at_end_;
}

void CsvReader::SkipByteOrderMark() {
  started_ = true;
  while (end_ - begin_ < 3 && Fill()) {
  }
  const std::string_view head(buffer_.data() + begin_, end_ - begin_);
  if (head.starts_with("\xEF\xBB\xBF")) {
    begin_ += 3;
  } else if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) {
    status_ = InvalidField("", "a UTF-16 byte order mark", "a file in UTF-8");
    at_end_ = true;
    begin_ = end_;
  }
}

bool CsvReader::Next(CsvRow* row) {
  if (!started_) SkipByteOrderMark();
  row->status = absl::OkStatus();
  row->bad_column = 0;
  row->line = line_;
  row_empty_ = true;
  state_ = State::kFieldStart;
  field_count_ = 0;
  field_bytes_ = 0;
  row_bytes_ = 0;
  while (begin_ < end_ || Fill()) {
    TakeRun(row);
    if (begin_ == end_) continue;
    if (!Take(buffer_[begin_++], row)) continue;
    if (row_empty_) {  // an empty line
      row->line = line_;
      state_ = State::kFieldStart;
      continue;
    }
    Finish(row);
    return true;
  }
  if (!status_.ok() || (row_empty_ && state_ == State::kFieldStart)) return false;
  // The last row needs no line end.
  if (state_ == State::kQuoted) {
    Refuse(row, "the end of the file inside quotation marks", "a closing quotation mark");
  } else if (state_ == State::kReturnSeen) {
    Refuse(row, "a carriage return on its own", "CRLF or LF at the end of a row");
  } else if (state_ != State::kSkipping) {
    EndField(row);
  }
  Finish(row);
  return true;
}

void CsvReader::TakeRun(CsvRow* row) {
  const char* const start = buffer_.data() + begin_;
  const char* const end = buffer_.data() + end_;
  const char* at = start;
  if (state_ == State::kQuoted) {
    while (at != end && *at != '"') line_ += *at++ == '\n';
  } else if (state_ == State::kBare) {
    while (at != end && *at != options_.delimiter && *at != '\n' && *at != '\r' && *at != '"') ++at;
  } else if (state_ == State::kSkipping) {
    at = static_cast<const char*>(std::memchr(start, '\n', static_cast<size_t>(end - start)));
    if (at == nullptr) at = end;
  }
  if (at == start) return;
  if (state_ != State::kSkipping) Append(start, static_cast<size_t>(at - start), row);
  begin_ += static_cast<size_t>(at - start);
}

bool CsvReader::Take(char c, CsvRow* row) {
  if (c == '\n') {
    ++line_;
    // The end of the row: within quotation marks TakeRun passes over it.
    if (state_ != State::kSkipping && !row_empty_) EndField(row);
    return true;
  }
  switch (state_) {
    case State::kFieldStart:
      if (c == '\r') {
        state_ = State::kReturnSeen;
        return false;
      }
      row_empty_ = false;
      if (c == options_.delimiter) {
        EndField(row);
      } else if (c == '"') {
        Append(nullptr, 0, row);
        state_ = State::kQuoted;
      } else {
        state_ = State::kBare;
        Append(&c, 1, row);
      }
      return false;
    case State::kBare:
      if (c == options_.delimiter) {
        EndField(row);
      } else if (c == '\r') {
        state_ = State::kReturnSeen;
      } else {
        Refuse(row, "a quotation mark inside a field that has none around it",
               "the field in quotation marks, and each one in it doubled");
        state_ = State::kSkipping;
      }
      return false;
    case State::kQuoted:
      state_ = State::kQuoteSeen;
      return false;
    case State::kQuoteSeen:
      if (c == '"') {
        Append(&c, 1, row);
        state_ = State::kQuoted;
      } else if (c == options_.delimiter) {
        EndField(row);
      } else if (c == '\r') {
        state_ = State::kReturnSeen;
      } else {
        Refuse(row, StrCat("'", Printable(std::string_view(&c, 1)), "' behind a closing quotation mark"),
               "a delimiter or the end of the row; a quotation mark in a field is doubled");
        state_ = State::kSkipping;
      }
      return false;
    case State::kReturnSeen:
      row_empty_ = false;
      Refuse(row, "a carriage return on its own", "CRLF or LF at the end of a row");
      state_ = State::kSkipping;
      return false;
    case State::kSkipping:
      return false;
  }
  return false;
}

void CsvReader::Append(const char* data, size_t size, CsvRow* row) {
  row_empty_ = false;
  field_bytes_ += size;
  row_bytes_ += size;
  if (field_bytes_ > options_.max_field_bytes) {
    Refuse(row, StrCat("more than ", options_.max_field_bytes, " bytes"), "a shorter field");
  } else if (row_bytes_ > options_.max_row_bytes) {
    Refuse(row, StrCat("more than ", options_.max_row_bytes, " bytes in the row"), "a shorter row");
  } else if (field_count_ >= options_.max_fields) {
    Refuse(row, StrCat("more than ", options_.max_fields, " fields"), "fewer");
  }
  if (!row->status.ok()) return;  // read to its end, but no longer kept
  if (field_count_ == row->fields.size()) row->fields.emplace_back();
  std::string& field = row->fields[field_count_];
  if (field_bytes_ == size) field.clear();  // what an earlier row left
  if (size != 0) field.append(data, size);
}

void CsvReader::EndField(CsvRow* row) {
  if (field_bytes_ == 0) Append(nullptr, 0, row);
  if (row->status.ok()) CheckField(row->fields[field_count_], row);
  ++field_count_;
  field_bytes_ = 0;
  state_ = State::kFieldStart;
}

void CsvReader::CheckField(std::string_view field, CsvRow* row) {
  if (field.find('\0') != std::string_view::npos) {
    Refuse(row, Printable(field), "text without NUL");
  } else if (!IsUtf8(field)) {
    Refuse(row, Printable(field), "UTF-8");
  }
}

void CsvReader::Finish(CsvRow* row) {
  row->number = ++number_;
  if (row->status.ok() && options_.same_width && width_ != 0 && field_count_ != width_) {
    row->status = InvalidField(StrCat("row ", number_, " (line ", row->line, ")"), StrCat(field_count_, " fields"),
                               StrCat(width_, " as in the first row"));
  }
  if (row->status.ok() && width_ == 0) width_ = field_count_;
  row->fields.resize(row->status.ok() ? field_count_ : 0);
}

void CsvReader::Refuse(CsvRow* row, std::string_view got, std::string_view want) {
  if (!row->status.ok()) return;  // the first is the cause
  row->bad_column = field_count_ + 1;
  row->status =
      InvalidField(StrCat("row ", number_ + 1, " (line ", row->line, "), column ", field_count_ + 1), got, want);
}

}  // namespace tributary
