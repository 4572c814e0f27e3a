#include "cli/table_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/formats/sheet.h"
#include "openssl/evp.h"

namespace tributary::cli {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// Hands the file's bytes on, piece by piece.
template <typename Take>
absl::Status ReadAll(std::FILE* file, Take take) {
  char buffer[1 << 16];
  size_t size;
  while ((size = std::fread(buffer, 1, sizeof buffer, file)) > 0) take(buffer, size);
  if (std::ferror(file) != 0) return absl::UnavailableError("the file cannot be read");
  std::rewind(file);
  return absl::OkStatus();
}

absl::StatusOr<std::string> Sha256Of(std::FILE* file) {
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
  RETURN_IF_ERROR(ReadAll(file, [&](const char* data, size_t size) { EVP_DigestUpdate(context.get(), data, size); }));
  std::string digest(32, '\0');
  EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(digest.data()), nullptr);
  return std::string(absl::BytesToHexString(digest));
}

// A CSV file in UTF-8, of which no more is in memory than a row.
class StreamedFile : public TableFile {
 public:
  StreamedFile(File file, const CsvOptions& options)
      : file_(std::move(file)), reader_(CsvReader::FromFile(file_.get()), options) {
    struct stat info {};
    fstat(fileno(file_.get()), &info);
    size_ = info.st_size;
  }
  bool Next(CsvRow* row) override { return reader_.Next(row); }
  const absl::Status& status() const override { return reader_.status(); }
  int64_t percent() const override { return size_ == 0 ? 100 : 100 * std::ftell(file_.get()) / size_; }

 private:
  File file_;
  CsvReader reader_;
  int64_t size_ = 0;
};

// Any other, read whole.
class SheetFile : public TableFile {
 public:
  explicit SheetFile(inventory::Sheet sheet) : sheet_(std::move(sheet)) {}

  bool Next(CsvRow* row) override {
    *row = CsvRow();
    if (!header_told_) {
      header_told_ = true;
      row->fields = sheet_.columns;
      return true;
    }
    // Both are in the file's order; a row has one problem or more, or is a row.
    const bool has_row = row_ < sheet_.rows.size();
    const bool has_problem = problem_ < sheet_.problems.size();
    if (!has_row && !has_problem) return false;
    if (has_problem && (!has_row || sheet_.problems[problem_].row <= sheet_.rows[row_].number)) {
      const inventory::RowProblem& problem = sheet_.problems[problem_++];
      row->number = problem.row;
      row->status = InvalidField(problem.column.empty() ? StrCat("row ", problem.row) : problem.column, problem.got,
                                 problem.want);
      while (problem_ < sheet_.problems.size() && sheet_.problems[problem_].row == problem.row) ++problem_;
      return true;
    }
    row->number = sheet_.rows[row_].number;
    row->fields = std::move(sheet_.rows[row_++].cells);
    return true;
  }
  const absl::Status& status() const override { return status_; }
  int64_t percent() const override {
    return sheet_.rows.empty() ? 100 : static_cast<int64_t>(100 * row_ / sheet_.rows.size());
  }

 private:
  inventory::Sheet sheet_;
  const absl::Status status_;
  bool header_told_ = false;
  size_t row_ = 0;
  size_t problem_ = 0;
};

absl::StatusOr<inventory::ReportFormat> FormatOf(const std::string& path, std::string_view stated) {
  using inventory::ReportFormat;
  constexpr std::pair<std::string_view, ReportFormat> kFormats[] = {{"csv", ReportFormat::kCsv},
                                                                    {"xlsx", ReportFormat::kXlsx},
                                                                    {"json", ReportFormat::kJson},
                                                                    {"edi852", ReportFormat::kEdi852},
                                                                    {"edi867", ReportFormat::kEdi867}};
  const size_t dot = path.rfind('.');
  const std::string_view end = dot == std::string::npos ? std::string_view() : std::string_view(path).substr(dot + 1);
  for (const auto& [name, format] : kFormats) {
    if (name == stated || (stated.empty() && name == end)) return format;
  }
  if (stated.empty()) return ReportFormat::kCsv;
  return InvalidField("format", stated, "csv, xlsx, json, edi852 or edi867");
}

}  // namespace

absl::StatusOr<std::unique_ptr<TableFile>> TableFile::Open(const std::string& path, const TableOptions& options) {
  ASSIGN_OR_RETURN(const inventory::ReportFormat format, FormatOf(path, options.format));
  if (options.delimiter.size() > 1) return InvalidField("delimiter", options.delimiter, "one character");
  File file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (file == nullptr) return absl::NotFoundError(StrCat("cannot read the file ", path));
  ASSIGN_OR_RETURN(std::string sha256, Sha256Of(file.get()));
  std::unique_ptr<TableFile> table;
  if (format == inventory::ReportFormat::kCsv && options.encoding.empty()) {
    CsvOptions csv;
    if (!options.delimiter.empty()) csv.delimiter = options.delimiter[0];
    table = std::make_unique<StreamedFile>(std::move(file), csv);
  } else {
    std::string bytes;
    inventory::SheetOptions how{.sheet = options.sheet};
    if (options.encoding != "auto") how.encoding = options.encoding;
    if (!options.delimiter.empty()) how.delimiter = options.delimiter[0];
    RETURN_IF_ERROR(ReadAll(file.get(), [&](const char* data, size_t size) {
      if (bytes.size() <= how.limits.bytes) bytes.append(data, size);
    }));
    auto sheet = inventory::ReadSheet(format, bytes, how);
    if (!sheet.ok()) return Annotate(sheet.status(), path);
    table = std::make_unique<SheetFile>(*std::move(sheet));
  }
  table->sha256_ = std::move(sha256);
  return table;
}

}  // namespace tributary::cli
