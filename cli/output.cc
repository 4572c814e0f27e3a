#include "cli/output.h"

#include <algorithm>

#include "common/money/money.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"

namespace tributary::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

std::string CsvCell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

// Columns on a terminal, where a Chinese character takes two.
size_t Width(std::string_view text) {
  size_t width = 0;
  for (size_t i = 0; i < text.size();) {
    const size_t length = std::max<size_t>(1, Utf8SequenceLength(text.substr(i)));
    width += length >= 3 ? 2 : 1;
    i += length;
  }
  return width;
}

// At most `width` columns, with "..." where something was cut.
std::string Cut(const std::string& text, size_t width) {
  if (Width(text) <= width) return text;
  std::string out;
  for (size_t i = 0; i < text.size();) {
    const size_t length = std::max<size_t>(1, Utf8SequenceLength(std::string_view(text).substr(i)));
    const std::string next = text.substr(i, length);
    if (Width(out) + Width(next) + 3 > width) break;
    out += next;
    i += length;
  }
  return out + "...";
}

std::string Short(const Message& message) {
  const std::string& type = message.GetDescriptor()->full_name();
  if (type == "google.type.Money") {
    const auto amount = wire::FromProto(static_cast<const google::type::Money&>(message));
    if (amount.ok()) {
      const int decimals = std::max(amount->amount.scale(), CurrencyExponent(amount->currency).value_or(0));
      return StrCat(amount->amount.ToFixed(decimals), " ", amount->currency);
    }
  }
  if (type == "google.type.Decimal") return static_cast<const google::type::Decimal&>(message).value();
  if (type == "google.type.Date") {
    const auto date = wire::FromProto(static_cast<const google::type::Date&>(message));
    if (date.ok()) return date->ToString();
  }
  if (type == "google.protobuf.Timestamp") {
    std::string json;
    if (!google::protobuf::util::MessageToJsonString(message, &json).ok()) return "?";
    return json.substr(1, json.size() - 2);
  }
  // What has fields of its own has no place in a cell; `get` and -o json show it.
  return "{...}";
}

std::string CellText(const Message& message, const FieldDescriptor* field) {
  const auto* reflection = message.GetReflection();
  if (field->is_repeated()) {
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      std::vector<std::string> all;
      all.reserve(reflection->FieldSize(message, field));
      for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
        all.push_back(reflection->GetRepeatedString(message, field, i));
      }
      return StrJoin(all, " ");
    }
    return StrCat("[", reflection->FieldSize(message, field), "]");
  }
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection->GetString(message, field);
    case FieldDescriptor::CPPTYPE_INT32:
      return StrCat(reflection->GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_INT64:
      return StrCat(reflection->GetInt64(message, field));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->GetBool(message, field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection->GetEnum(message, field)->name();
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return reflection->HasField(message, field) ? Short(reflection->GetMessage(message, field)) : "";
    default:
      return "";
  }
}

}  // namespace

void Table::Print(std::ostream& out, Format format) const {
  if (format == Format::kJson) {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const auto& row : rows_) {
      nlohmann::ordered_json object;
      for (size_t i = 0; i < columns_.size(); ++i) object[columns_[i]] = row[i];
      all.push_back(std::move(object));
    }
    out << all.dump(2) << "\n";
    return;
  }
  if (format == Format::kCsv) {
    const auto line = [&out](const std::vector<std::string>& cells) {
      for (size_t i = 0; i < cells.size(); ++i) out << (i > 0 ? "," : "") << CsvCell(cells[i]);
      out << "\n";
    };
    line(columns_);
    for (const auto& row : rows_) line(row);
    return;
  }
  // For people: a cell is cut where it would push the others off the screen, a column without values is left out.
  std::vector<size_t> widths;
  for (size_t i = 0; i < columns_.size(); ++i) {
    size_t width = 0;
    for (const auto& row : rows_) width = std::max(width, Width(row[i]));
    widths.push_back(width == 0 ? 0 : std::min(widest_, std::max(width, Width(columns_[i]))));
  }
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (size_t i = 0; i < cells.size(); ++i) {
      if (widths[i] == 0) continue;
      const std::string cell = Cut(cells[i], widths[i]);
      text += cell;
      text.append(widths[i] + 2 - Width(cell), ' ');
    }
    text.resize(text.find_last_not_of(' ') + 1);
    out << text << "\n";
  };
  line(columns_);
  for (const auto& row : rows_) line(row);
}

std::string NothingIn(std::string_view collection, std::string_view filter) {
  return StrCat("nothing in ", collection, filter.empty() ? "" : StrCat(" matches ", filter));
}

std::string ToJson(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok()) return "{}";
  return json;
}

void PrintMessages(const std::vector<const Message*>& messages, std::ostream& out, Format format) {
  if (format == Format::kJson) {
    out << "[";
    for (size_t i = 0; i < messages.size(); ++i) out << (i > 0 ? ",\n" : "\n") << ToJson(*messages[i]);
    out << "]\n";
    return;
  }
  if (messages.empty()) return;
  // Bookkeeping fields say little in a table.
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < messages[0]->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = messages[0]->GetDescriptor()->field(i);
    const std::string& name = field->name();
    if (name == "uid" || name == "etag" || name == "create_time" || name == "update_time" || name == "text") continue;
    fields.push_back(field);
  }
  std::vector<std::string> columns;
  columns.reserve(fields.size());
  for (const FieldDescriptor* field : fields) columns.push_back(field->name());
  Table table(columns, 60);
  for (const Message* message : messages) {
    std::vector<std::string> row;
    row.reserve(fields.size());
    for (const FieldDescriptor* field : fields) row.push_back(CellText(*message, field));
    table.Add(std::move(row));
  }
  table.Print(out, format);
}

}  // namespace tributary::cli
