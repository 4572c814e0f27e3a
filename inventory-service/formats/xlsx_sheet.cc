// Workbooks of Office Open XML (ECMA-376).

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/formats/cells.h"
#include "inventory-service/formats/sheet_builder.h"
#include "inventory-service/formats/xlsx_styles.h"
#include "inventory-service/formats/xml.h"
#include "inventory-service/formats/zip.h"

namespace tributary::inventory {
namespace {

using Path = std::vector<std::string>;

bool IsAt(const Path& path, size_t depth, std::string_view name, std::string_view parent) {
  return path.size() == depth && path.back() == name && path[depth - 2] == parent;
}

absl::Status ParsePart(ZipReader& zip, std::string_view name, XmlHandler& handler) {
  const ZipPart* const part = zip.Find(name);
  if (part == nullptr)
    return InvalidField("file", StrCat("no part ", Printable(name, 60)), "a workbook of Office Open XML (.xlsx)");
  XmlParser parser(Printable(part->name, 60), handler);
  RETURN_IF_ERROR(zip.Unpack(*part, [&](std::string_view piece) { return parser.Parse(piece); }));
  return parser.Finish();
}

// "xl/workbook.xml", "worksheets/sheet1.xml" -> "xl/worksheets/sheet1.xml"; "/xl/a.xml" -> "xl/a.xml".
std::string Resolve(std::string_view source, std::string_view target) {
  std::vector<std::string> parts;
  if (!target.starts_with('/')) {
    parts = absl::StrSplit(Abseil(source), '/');
    parts.pop_back();
  }
  for (const absl::string_view part : absl::StrSplit(Abseil(target), '/', absl::SkipEmpty())) {
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (part != ".") {
      parts.emplace_back(part);
    }
  }
  return StrJoin(parts, "/");
}

// The relationships of a part: id -> (type's last word, part).
class Relationships : public XmlHandler {
 public:
  struct Target {
    std::string type;
    std::string part;
  };
  static absl::StatusOr<Relationships> Read(ZipReader& zip, const std::string& source) {
    const size_t slash = source.rfind('/');
    const std::string name = slash == std::string::npos
                                 ? StrCat("_rels/", source, ".rels")
                                 : StrCat(source.substr(0, slash + 1), "_rels/", source.substr(slash + 1), ".rels");
    Relationships relationships;
    relationships.source_ = source;
    RETURN_IF_ERROR(ParsePart(zip, name, relationships));
    return relationships;
  }
  absl::Status Start(const Path& path, const XmlAttributes& attributes) override {
    if (!IsAt(path, 2, "Relationship", "Relationships") || attributes["TargetMode"] == "External")
      return absl::OkStatus();
    const std::string_view type = attributes["Type"];
    targets_[std::string(attributes["Id"])] = {std::string(type.substr(type.rfind('/') + 1)),
                                               Resolve(source_, attributes["Target"])};
    return absl::OkStatus();
  }
  absl::Status End(const Path&) override { return absl::OkStatus(); }
  void Text(std::string_view) override {}

  // The part of the only relationship of this type; empty where there is none.
  std::string OfType(std::string_view type) const {
    for (const auto& [id, target] : targets_) {
      if (target.type == type) return target.part;
    }
    return {};
  }
  std::string OfId(const std::string& id) const {
    const auto found = targets_.find(id);
    return found == targets_.end() ? std::string() : found->second.part;
  }

 private:
  std::string source_;
  std::map<std::string, Target> targets_;
};

class Workbook : public XmlHandler {
 public:
  struct Listed {
    std::string name;
    std::string relationship;
    bool hidden = false;
  };
  absl::Status Start(const Path& path, const XmlAttributes& attributes) override {
    if (IsAt(path, 2, "workbookPr", "workbook")) {
      const std::string_view value = attributes["date1904"];
      from_1904 = value == "1" || value == "true" || value == "on";
    } else if (IsAt(path, 3, "sheet", "sheets")) {
      const std::string_view state = attributes["state"];
      sheets.push_back(
          {std::string(attributes["name"]), std::string(attributes["id"]), state == "hidden" || state == "veryHidden"});
    }
    return absl::OkStatus();
  }
  absl::Status End(const Path&) override { return absl::OkStatus(); }
  void Text(std::string_view) override {}

  bool from_1904 = false;
  std::vector<Listed> sheets;
};

class Styles : public XmlHandler {
 public:
  absl::Status Start(const Path& path, const XmlAttributes& attributes) override {
    int id = 0;
    if (IsAt(path, 3, "numFmt", "numFmts")) {
      if (absl::SimpleAtoi(Abseil(attributes["numFmtId"]), &id)) formats_[id] = KindOfFormat(attributes["formatCode"]);
    } else if (IsAt(path, 3, "xf", "cellXfs")) {
      if (!absl::SimpleAtoi(Abseil(attributes["numFmtId"]), &id)) id = 0;
      styles_.push_back(id);
    }
    return absl::OkStatus();
  }
  absl::Status End(const Path&) override { return absl::OkStatus(); }
  void Text(std::string_view) override {}

  NumberKind KindOf(std::string_view style) const {
    size_t index = 0;
    if (!absl::SimpleAtoi(Abseil(style), &index) || index >= styles_.size()) return NumberKind::kNumber;
    const auto defined = formats_.find(styles_[index]);
    return defined == formats_.end() ? KindOfBuiltIn(styles_[index]) : defined->second;
  }

 private:
  std::map<int, NumberKind> formats_;
  std::vector<int> styles_;
};

// "_x000D_" stands for the character U+000D, "_x005F_" for the underscore of one that is meant literally.
std::string WithoutEscapes(std::string text) {
  if (text.find("_x") == std::string::npos) return text;
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    uint32_t code = 0;
    if (text.compare(i, 2, "_x") == 0 && i + 6 < text.size() && text[i + 6] == '_' &&
        absl::SimpleHexAtoi(text.substr(i + 2, 4), &code) && code < 0x80 && code != 0) {
      out += static_cast<char>(code);
      i += 6;
    } else {
      out += text[i];
    }
  }
  return out;
}

// Gathers the text of <t> elements, but not of phonetic ones (<rPh>).
class RichText {
 public:
  void Start(const Path& path) {
    if (path.back() == "rPh") ++phonetic_;
    in_text_ = path.back() == "t" && phonetic_ == 0;
  }
  void End(const Path& path) {
    if (path.back() == "rPh") --phonetic_;
    in_text_ = false;
  }
  void Text(std::string_view text) {
    if (in_text_) text_ += text;
  }
  std::string Take() { return WithoutEscapes(std::exchange(text_, {})); }
  size_t size() const { return text_.size(); }

 private:
  int phonetic_ = 0;
  bool in_text_ = false;
  std::string text_;
};

class SharedStrings : public XmlHandler {
 public:
  absl::Status Start(const Path& path, const XmlAttributes&) override {
    if (path.size() > 2) text_.Start(path);
    return absl::OkStatus();
  }
  absl::Status End(const Path& path) override {
    if (path.size() > 2) text_.End(path);
    if (IsAt(path, 2, "si", "sst")) strings.push_back(text_.Take());
    return absl::OkStatus();
  }
  void Text(std::string_view text) override { text_.Text(text); }

  std::vector<std::string> strings;

 private:
  RichText text_;
};

class Worksheet : public XmlHandler {
 public:
  Worksheet(const SheetOptions& options, const Workbook& workbook, const Styles& styles, const SharedStrings& strings,
            SheetBuilder& builder)
      : options_(options), workbook_(workbook), styles_(styles), strings_(strings), builder_(builder) {}

  absl::Status Start(const Path& path, const XmlAttributes& attributes) override {
    if (IsAt(path, 3, "row", "sheetData")) return StartRow(attributes["r"]);
    if (IsAt(path, 4, "c", "row")) return StartCell(attributes);
    if (path.size() > 4 && path[3] == "c") {
      in_value_ = path.size() == 5 && path.back() == "v";
      has_formula_ = has_formula_ || (path.size() == 5 && path.back() == "f");
      if (path[4] == "is") inline_.Start(path);
    }
    return absl::OkStatus();
  }
  absl::Status End(const Path& path) override {
    if (IsAt(path, 3, "row", "sheetData")) return EndRow();
    if (IsAt(path, 4, "c", "row")) return EndCell();
    if (path.size() > 4 && path[3] == "c") {
      in_value_ = false;
      if (path[4] == "is") inline_.End(path);
    }
    return absl::OkStatus();
  }
  void Text(std::string_view text) override {
    if (in_value_ && value_.size() <= options_.limits.cell_bytes) value_ += text;
    if (inline_.size() <= options_.limits.cell_bytes) inline_.Text(text);
  }

 private:
  static constexpr int64_t kLastRow = 1'048'576;
  static constexpr size_t kLastColumn = 16'384;

  absl::Status StartRow(std::string_view number) {
    const int64_t before = row_.number;
    row_ = {.number = before + 1};
    if (!number.empty() && !absl::SimpleAtoi(Abseil(number), &row_.number)) row_.number = 0;
    if (row_.number <= before || row_.number > kLastRow) {
      return InvalidField("file", StrCat("row '", Printable(number, 20), "' behind row ", before),
                          StrCat("rows in their order, up to ", kLastRow));
    }
    next_column_ = 0;
    good_ = true;
    filled_.clear();
    return absl::OkStatus();
  }

  absl::Status StartCell(const XmlAttributes& attributes) {
    const std::string_view reference = attributes["r"];
    column_ = next_column_;
    if (!reference.empty()) {
      size_t letters = 0;
      column_ = 0;
      while (letters < reference.size() && reference[letters] >= 'A' && reference[letters] <= 'Z' && letters < 3) {
        column_ = column_ * 26 + static_cast<size_t>(reference[letters++] - 'A') + 1;
      }
      if (letters == 0) return BadReference(reference);
      --column_;
    }
    if (column_ >= kLastColumn) return BadReference(reference);
    next_column_ = column_ + 1;
    type_ = std::string(attributes["t"]);
    style_ = std::string(attributes["s"]);
    value_.clear();
    has_formula_ = false;
    return absl::OkStatus();
  }
  absl::Status BadReference(std::string_view reference) const {
    return InvalidField("file", StrCat("the cell '", Printable(reference, 20), "' in row ", row_.number),
                        "cells A to XFD");
  }

  absl::Status EndCell() {
    const std::string text = inline_.Take();
    if (row_.number < options_.header_row) return absl::OkStatus();
    if (type_ == "inlineStr") return SetCell(text, false);
    if (value_.empty()) {
      return has_formula_ ? CellProblem("a formula without its value", "a workbook that was saved with its values")
                          : absl::OkStatus();
    }
    if (type_ == "s") {
      size_t index = 0;
      if (!absl::SimpleAtoi(value_, &index) || index >= strings_.strings.size()) {
        return CellProblem(StrCat("shared string ", value_), StrCat("one of ", strings_.strings.size()));
      }
      return SetCell(strings_.strings[index], false);
    }
    if (type_ == "str") return SetCell(WithoutEscapes(std::move(value_)), false);
    if (type_ == "b") return SetCell(value_ == "1" || value_ == "true" ? "true" : "false", false);
    if (type_ == "d") return SetCell(value_, true);
    if (type_ == "e") return CellProblem(value_, "a value");
    const auto number = CellNumber(value_, has_formula_);
    if (!number.has_value()) return CellProblem(value_, "a number");
    const NumberKind kind = styles_.KindOf(style_);
    if (kind == NumberKind::kNumber) return SetCell(*number, true);
    const auto moment = SerialText(*number, kind, workbook_.from_1904);
    if (!moment.has_value()) return CellProblem(*number, "the serial number of a day");
    return SetCell(*moment, true);
  }

  absl::Status SetCell(std::string_view text, bool typed) {
    if (text.empty()) return absl::OkStatus();
    if (text.size() > options_.limits.cell_bytes) {
      return CellProblem(StrCat("more than ", options_.limits.cell_bytes, " bytes"), "a shorter text");
    }
    if (row_.number > options_.header_row && column_ >= builder_.width()) {
      return TrimCell(text).empty() ? absl::OkStatus()
                                    : CellProblem(text, "no value beyond the header, which ends with column " +
                                                            ColumnLetters(builder_.width() - 1));
    }
    if (column_ < filled_.size() && filled_[column_]) return CellProblem(text, "one cell in a place");
    if (column_ >= row_.cells.size()) {
      filled_.resize(column_ + 1);
      row_.cells.resize(column_ + 1);
      row_.typed.resize(column_ + 1);
    }
    filled_[column_] = true;
    row_.cells[column_] = std::string(text);
    row_.typed[column_] = typed;
    return absl::OkStatus();
  }

  absl::Status CellProblem(std::string_view got, std::string_view want) {
    if (row_.number == options_.header_row) {
      return InvalidField("header_row", StrCat(Printable(got, 60), " in column ", ColumnLetters(column_)), want);
    }
    good_ = false;
    const bool named = column_ < builder_.width() && !builder_.column(column_).empty();
    return builder_.Problem(row_.number, named ? builder_.column(column_) : ColumnLetters(column_), got, want);
  }

  absl::Status EndRow() {
    if (row_.number < options_.header_row) return absl::OkStatus();
    if (row_.number == options_.header_row) return builder_.SetHeader(row_.number, std::move(row_.cells));
    if (!builder_.has_header()) {
      return InvalidField("header_row", StrCat("an empty row ", options_.header_row), "a row that names the columns");
    }
    const int64_t number = row_.number;
    absl::Status added = good_ ? builder_.Add(std::move(row_)) : absl::OkStatus();
    row_ = {.number = number};
    return added;
  }

  const SheetOptions& options_;
  const Workbook& workbook_;
  const Styles& styles_;
  const SharedStrings& strings_;
  SheetBuilder& builder_;

  SheetRow row_;
  bool good_ = true;
  size_t next_column_ = 0;
  std::vector<bool> filled_;
  // Of the cell that is being read.
  size_t column_ = 0;
  std::string type_;
  std::string style_;
  std::string value_;
  RichText inline_;
  bool in_value_ = false;
  bool has_formula_ = false;
};

absl::StatusOr<const Workbook::Listed*> Choose(const Workbook& workbook, const std::string& wanted) {
  const auto& sheets = workbook.sheets;
  if (sheets.empty()) return InvalidField("file", "a workbook without sheets", "one at least");
  if (wanted.empty()) {
    const auto shown = std::find_if(sheets.begin(), sheets.end(), [](const auto& sheet) { return !sheet.hidden; });
    return shown == sheets.end() ? &sheets.front() : &*shown;
  }
  const auto named =
      std::find_if(sheets.begin(), sheets.end(), [&](const auto& sheet) { return sheet.name == wanted; });
  if (named != sheets.end()) return &*named;
  size_t number = 0;
  if (absl::SimpleAtoi(wanted, &number) && number >= 1 && number <= sheets.size()) return &sheets[number - 1];
  std::vector<std::string> names;
  for (const auto& sheet : sheets) names.push_back(StrCat("'", Printable(sheet.name, 40), "'"));
  return InvalidField("sheet", wanted, StrCat("one of ", StrJoin(names, ", "), ", or a number up to ", sheets.size()));
}

}  // namespace

absl::StatusOr<Sheet> ReadXlsxSheet(std::string_view bytes, const SheetOptions& options) {
  if (options.header_row < 1) return InvalidField("header_row", StrCat(options.header_row), "1 or more");
  if (bytes.starts_with("\xD0\xCF\x11\xE0")) {
    return InvalidField("file", "an Excel file of before 2007, or one with a password", ".xlsx without a password");
  }
  if (!bytes.starts_with("PK")) return InvalidField("file", Printable(bytes, 20), "a workbook (.xlsx)");
  ASSIGN_OR_RETURN(ZipReader zip, ZipReader::Open(bytes, {.unpacked_bytes = options.limits.unpacked_bytes,
                                                          .packing_ratio = options.limits.packing_ratio}));
  ASSIGN_OR_RETURN(const Relationships package, Relationships::Read(zip, ""));
  const std::string workbook_part = package.OfType("officeDocument");
  ASSIGN_OR_RETURN(const Relationships relationships, Relationships::Read(zip, workbook_part));
  Workbook workbook;
  RETURN_IF_ERROR(ParsePart(zip, workbook_part, workbook));
  ASSIGN_OR_RETURN(const Workbook::Listed* const chosen, Choose(workbook, options.sheet));
  Styles styles;
  if (const std::string part = relationships.OfType("styles"); !part.empty())
    RETURN_IF_ERROR(ParsePart(zip, part, styles));
  SharedStrings strings;
  if (const std::string part = relationships.OfType("sharedStrings"); !part.empty()) {
    RETURN_IF_ERROR(ParsePart(zip, part, strings));
  }
  SheetBuilder builder(options.limits);
  Worksheet worksheet(options, workbook, styles, strings, builder);
  RETURN_IF_ERROR(ParsePart(zip, relationships.OfId(chosen->relationship), worksheet));
  if (!builder.has_header()) {
    return InvalidField("header_row", StrCat("the end of the sheet before row ", options.header_row),
                        "a row that names the columns");
  }
  Sheet sheet = std::move(builder).Finish();
  sheet.sheet = chosen->name;
  return sheet;
}

}  // namespace tributary::inventory
