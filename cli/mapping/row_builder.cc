#include "cli/mapping/row_builder.h"

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "common/money/money.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "google/api/field_behavior.pb.h"

namespace tributary::cli {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

absl::StatusOr<Date> ParseDateAs(std::string_view text, std::string_view format) {
  std::string year, month, day;
  if (text.size() == format.size()) {
    for (size_t i = 0; i < format.size(); ++i) {
      switch (format[i]) {
        case 'Y':
          year += text[i];
          break;
        case 'M':
          month += text[i];
          break;
        case 'D':
          day += text[i];
          break;
        case 'h':
        case 'm':
        case 's':
          if (!absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) {
            return InvalidField("", text, StrCat("a date as ", format));
          }
          break;
        default:
          if (text[i] != format[i]) return InvalidField("", text, StrCat("a date as ", format));
      }
    }
  }
  absl::StatusOr<Date> date = Date::Parse(StrCat(year, "-", month, "-", day));
  if (!date.ok()) return InvalidField("", text, StrCat("a date as ", format));
  return date;
}

std::string Slug(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
    if (absl::ascii_isalnum(static_cast<unsigned char>(lower))) {
      out += lower;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

namespace {

bool IsRequired(const FieldDescriptor& field) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == google::api::REQUIRED) return true;
  }
  return false;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RowBuilder>> RowBuilder::Make(const Mapping& mapping, const std::string& folder,
                                                             const std::vector<std::string>& header,
                                                             const Descriptor* row_type) {
  std::unique_ptr<RowBuilder> builder(new RowBuilder());
  builder->mapping_ = mapping;
  for (size_t i = 0; i < header.size(); ++i) builder->columns_[header[i]] = static_cast<int>(i);
  builder->row_number_ = row_type->FindFieldByName("row");
  for (const Lookup& lookup : builder->mapping_.lookups) {
    CompiledLookup compiled{.lookup = &lookup};
    ASSIGN_OR_RETURN(compiled.from, builder->Compile(lookup.from, builder->lookups_.size()));
    ASSIGN_OR_RETURN(compiled.table, LookupTable::Read(StrCat(folder, "/", lookup.file), lookup.key));
    builder->lookups_.push_back(std::move(compiled));
  }
  for (const SkipRule& rule : mapping.skip) {
    const auto column = builder->columns_.find(rule.column);
    if (column == builder->columns_.end())
      return absl::InvalidArgumentError(StrCat("skip: the file has no column ", rule.column));
    builder->skip_.emplace_back(column->second, rule.equals);
  }
  for (const FieldMapping& field : builder->mapping_.fields) {
    CompiledField compiled{.mapping = &field};
    ASSIGN_OR_RETURN(compiled.cells, builder->Compile(field.value, builder->lookups_.size()));
    for (const Case& one : field.cases) {
      CompiledCase& compiled_case = compiled.cases.emplace_back();
      ASSIGN_OR_RETURN(compiled_case.value, builder->Compile(one.value, builder->lookups_.size()));
      for (const auto& [subject, want] : one.when) {
        CompiledCase::Condition& condition = compiled_case.when.emplace_back();
        ASSIGN_OR_RETURN(condition.subject, builder->Compile(subject, builder->lookups_.size()));
        condition.text = want;
        if (want.size() < 2 || !want.starts_with('/') || !want.ends_with('/')) continue;
        condition.pattern = std::make_unique<RE2>(want.substr(1, want.size() - 2), RE2::Quiet);
        if (!condition.pattern->ok()) {
          return absl::InvalidArgumentError(
              StrCat(field.path, ": cases: got '", want, "', want a regular expression: ", condition.pattern->error()));
        }
      }
    }
    const Descriptor* message = row_type;
    for (const std::string& part : std::vector<std::string>(absl::StrSplit(field.path, '.'))) {
      const FieldDescriptor* descriptor = message == nullptr ? nullptr : message->FindFieldByName(part);
      if (descriptor == nullptr) {
        return absl::InvalidArgumentError(StrCat("fields: ", row_type->full_name(), " has no field ", field.path));
      }
      if (descriptor->is_repeated() && descriptor->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
        return absl::InvalidArgumentError(
            StrCat("fields: got ", field.path, ", want a field that stands once, or of texts"));
      }
      compiled.path.push_back(descriptor);
      message = descriptor->message_type();
    }
    builder->fields_.push_back(std::move(compiled));
  }
  return builder;
}

absl::StatusOr<std::vector<RowBuilder::Cell>> RowBuilder::Compile(const Template& source, size_t lookups) const {
  std::vector<Cell> cells;
  for (const Template::Part& part : source.parts) {
    if (!part.column) {
      cells.push_back({.constant = true, .text = part.text});
      continue;
    }
    Cell cell{.constant = false, .text = "", .column_name = part.text};
    if (part.lookup.empty()) {
      const auto column = columns_.find(part.text);
      if (column == columns_.end()) return absl::InvalidArgumentError(StrCat("the file has no column ", part.text));
      cell.column = column->second;
    } else {
      for (size_t i = 0; i < lookups; ++i) {
        if (mapping_.lookups[i].name == part.lookup) cell.lookup = static_cast<int>(i);
      }
      if (cell.lookup < 0)
        return absl::InvalidArgumentError(StrCat("no look-up ", part.lookup, " stands before its use"));
    }
    cells.push_back(std::move(cell));
  }
  return cells;
}

std::string RowBuilder::Render(const std::vector<Cell>& cells, const std::vector<std::string>& fields, bool* empty,
                               std::string* problem, std::string* culprit) const {
  std::string out;
  for (const Cell& cell : cells) {
    if (cell.constant) {
      out += cell.text;
      continue;
    }
    std::string value;
    if (cell.lookup < 0) {
      value = std::string(Std(absl::StripAsciiWhitespace(fields[static_cast<size_t>(cell.column)])));
    } else {
      const CompiledLookup& lookup = lookups_[static_cast<size_t>(cell.lookup)];
      bool key_empty = false;
      const std::string key = Render(lookup.from, fields, &key_empty, problem, culprit);
      if (!problem->empty()) return {};
      if (!key_empty) {
        const std::string* found = lookup.table->Find(key, cell.column_name);
        if (found == nullptr) {
          *problem = lookup.table->Has(key) ? StrCat("the column ", cell.column_name, " in ", lookup.lookup->file)
                                            : StrCat("a ", lookup.lookup->key, " of ", lookup.lookup->file);
          *culprit = key;
          return {};
        }
        value = std::string(Std(absl::StripAsciiWhitespace(*found)));
      }
    }
    if (value.empty()) *empty = true;
    out += value;
  }
  return out;
}

std::string RowBuilder::ValueOf(const CompiledField& field, const std::vector<std::string>& fields, bool* empty,
                                std::string* problem, std::string* culprit) const {
  for (const CompiledCase& one : field.cases) {
    bool fits = true;
    for (const CompiledCase::Condition& condition : one.when) {
      bool ignored = false;
      const std::string text = Render(condition.subject, fields, &ignored, problem, culprit);
      if (!problem->empty()) return {};
      fits = condition.pattern == nullptr ? text == condition.text : RE2::FullMatch(text, *condition.pattern);
      if (!fits) break;
    }
    if (fits) return Render(one.value, fields, empty, problem, culprit);
  }
  return Render(field.cells, fields, empty, problem, culprit);
}

bool RowBuilder::Skips(const std::vector<std::string>& fields) const {
  return std::any_of(skip_.begin(), skip_.end(),
                     [&](const auto& rule) { return fields[static_cast<size_t>(rule.first)] == rule.second; });
}

std::string RowBuilder::Set(const CompiledField& field, const std::string& text, Message* message) const {
  for (size_t i = 0; i + 1 < field.path.size(); ++i) {
    message = message->GetReflection()->MutableMessage(message, field.path[i]);
  }
  const FieldDescriptor* descriptor = field.path.back();
  const Reflection* reflection = message->GetReflection();
  switch (descriptor->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (descriptor->is_repeated()) {
        reflection->AddString(message, descriptor, text);
      } else {
        reflection->SetString(message, descriptor, text);
      }
      return {};
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64: {
      int64_t value = 0;
      const bool wide = descriptor->cpp_type() == FieldDescriptor::CPPTYPE_INT64;
      if (!absl::SimpleAtoi(text, &value) || (!wide && value != static_cast<int32_t>(value))) return "a whole number";
      // On the wire such a 0 is nothing at all, and the service could not say what it got.
      if (value == 0 && !descriptor->has_presence() && IsRequired(*descriptor)) return "a whole number other than 0";
      if (wide) {
        reflection->SetInt64(message, descriptor, value);
      } else {
        reflection->SetInt32(message, descriptor, static_cast<int32_t>(value));
      }
      return {};
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") return "true or false";
      reflection->SetBool(message, descriptor, text == "true");
      return {};
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* value = descriptor->enum_type()->FindValueByName(text);
      if (value == nullptr || value->number() == 0) return StrCat("a value of ", descriptor->enum_type()->name());
      reflection->SetEnum(message, descriptor, value);
      return {};
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      break;
    default:
      return StrCat("a field that a mapping can fill, not ", descriptor->cpp_type_name());
  }
  const std::string& type = descriptor->message_type()->full_name();
  Message* child = reflection->MutableMessage(message, descriptor);
  if (type == "google.type.Date") {
    const absl::StatusOr<Date> date = ParseDateAs(text, mapping_.date_format);
    if (!date.ok()) return StrCat("a date as ", mapping_.date_format);
    child->CopyFrom(wire::ToProto(*date));
    return {};
  }
  std::string number = text;
  if (mapping_.decimal_point == ',') {
    if (number.find('.') != std::string::npos) return "a decimal number with ',' as its point";
    std::replace(number.begin(), number.end(), ',', '.');
  }
  const absl::StatusOr<Decimal> value = Decimal::Parse(number);
  if (!value.ok()) return "a decimal number of at most 6 decimals";
  if (type == "google.type.Decimal") {
    child->CopyFrom(wire::ToProto(*value));
    return {};
  }
  if (type == "google.type.Money") {
    child->CopyFrom(wire::ToProto(Money{field.mapping->currency, *value}));
    return {};
  }
  return StrCat("a field that a mapping can fill, not ", type);
}

std::vector<api::v1::RowError> RowBuilder::Build(int64_t row, const std::vector<std::string>& fields,
                                                 Message* message) {
  std::vector<api::v1::RowError> errors;
  const auto report = [&](const CompiledField& field, const std::string& got, const std::string& want) {
    api::v1::RowError& error = errors.emplace_back();
    error.set_row(row);
    const std::string column = field.mapping->value.FirstColumn();
    error.set_column(column.empty() ? field.mapping->path : column);
    error.set_got(Printable(got));
    error.set_want(want);
    error.set_reason(std::string(NameOf(Reason::kInvalidField)));
  };
  if (row_number_ != nullptr) message->GetReflection()->SetInt64(message, row_number_, row);
  for (CompiledField& field : fields_) {
    bool empty = false;
    std::string problem, culprit;
    std::string text = ValueOf(field, fields, &empty, &problem, &culprit);
    if (field.mapping->ordinal && problem.empty() && !empty) text = StrCat(++field.ordinals[text]);
    if (!problem.empty()) {
      report(field, culprit, problem);
      continue;
    }
    if (empty && field.mapping->optional) continue;
    if (empty) {
      report(field, "", "a value");
      continue;
    }
    if (!field.mapping->map.empty()) {
      const auto mapped = field.mapping->map.find(text);
      if (mapped == field.mapping->map.end()) {
        std::vector<std::string> known;
        for (const auto& [key, value] : field.mapping->map) known.push_back(key);
        report(field, text, StrCat("one of ", StrJoin(known, ", ")));
        continue;
      }
      text = mapped->second;
    }
    if (field.mapping->slug) {
      // The collection in front stays as it is: productLines/Road Bikes -> productLines/road-bikes.
      const size_t slash = text.rfind('/');
      text = slash == std::string::npos ? Slug(text) : StrCat(text.substr(0, slash + 1), Slug(text.substr(slash + 1)));
    }
    if (const std::string want = Set(field, text, message); !want.empty()) report(field, text, want);
  }
  return errors;
}

std::string RowBuilder::ColumnOf(const std::string& field_path) const {
  const CompiledField* best = nullptr;
  for (const CompiledField& field : fields_) {
    const std::string& path = field.mapping->path;
    // The service names fields below the row's resource: "line.net_amount" and "net_amount" are both ours.
    const bool matches = field_path == path || field_path.starts_with(StrCat(path, ".")) ||
                         field_path.starts_with(StrCat(path, "[")) || path.ends_with(StrCat(".", field_path));
    if (matches && (best == nullptr || path.size() > best->mapping->path.size())) best = &field;
  }
  if (best == nullptr) return field_path;
  const std::string column = best->mapping->value.FirstColumn();
  return column.empty() ? field_path : column;
}

}  // namespace tributary::cli
