#include "cli/mapping/mapping.h"

#include <algorithm>
#include <cstdio>
#include <set>

#include "absl/cleanup/cleanup.h"
#include "common/csv/csv_reader.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "yaml-cpp/yaml.h"

namespace tributary::cli {
namespace {

absl::Status Wrong(const std::string& path, const YAML::Mark& mark, std::string_view what) {
  return absl::InvalidArgumentError(StrCat(path, ":", mark.line + 1, ": ", what));
}

// The text of a scalar under `key`; `fallback` where it is absent.
std::string Text(const YAML::Node& node, const char* key, std::string fallback = "") {
  return node[key] ? node[key].as<std::string>() : std::move(fallback);
}

absl::Status CheckKeys(const std::string& path, const YAML::Node& node, const std::set<std::string>& known) {
  for (const auto& entry : node) {
    const std::string key = entry.first.as<std::string>();
    if (!known.contains(key))
      return Wrong(path, entry.first.Mark(), StrCat("got '", key, "', want one of ", StrJoin(known, ", ")));
  }
  return absl::OkStatus();
}

absl::StatusOr<FieldMapping> ReadField(const std::string& path, const std::string& name, const YAML::Node& node) {
  FieldMapping field;
  field.path = name;
  if (node.IsScalar()) {
    ASSIGN_OR_RETURN(field.value, ParseTemplate(node.as<std::string>()));
    return field;
  }
  if (!node.IsMap() || node["value"].IsDefined() == node["ordinal"].IsDefined())
    return Wrong(path, node.Mark(), StrCat(name, ": want a text, or a map with 'value' or 'ordinal'"));
  RETURN_IF_ERROR(CheckKeys(path, node, {"value", "cases", "ordinal", "currency", "map", "optional", "slug"}));
  field.ordinal = node["ordinal"].IsDefined();
  ASSIGN_OR_RETURN(field.value, ParseTemplate(Text(node, field.ordinal ? "ordinal" : "value")));
  for (const auto& entry : node["cases"]) {
    RETURN_IF_ERROR(CheckKeys(path, entry, {"when", "value"}));
    if (!entry["when"] || !entry["when"].IsMap() || !entry["value"]) {
      return Wrong(path, entry.Mark(), StrCat(name, ": cases: want 'when' and 'value'"));
    }
    Case& one = field.cases.emplace_back();
    ASSIGN_OR_RETURN(one.value, ParseTemplate(Text(entry, "value")));
    for (const auto& condition : entry["when"]) {
      ASSIGN_OR_RETURN(Template subject, ParseTemplate(StrCat("{", condition.first.as<std::string>(), "}")));
      one.when.emplace_back(std::move(subject), condition.second.as<std::string>());
    }
  }
  field.currency = Text(node, "currency");
  field.optional = Text(node, "optional", "false") == "true";
  field.slug = Text(node, "slug", "false") == "true";
  for (const auto& entry : node["map"]) field.map[entry.first.as<std::string>()] = entry.second.as<std::string>();
  return field;
}

absl::StatusOr<Mapping> Parse(const YAML::Node& root, const std::string& path, const std::string& name) {
  if (!root.IsMap()) return Wrong(path, root.Mark(), "want a map");
  RETURN_IF_ERROR(CheckKeys(
      path, root,
      {"target", "service", "method", "file", "date_format", "decimal_point", "ordered", "lookups", "skip", "fields"}));
  Mapping mapping;
  mapping.name = name;
  for (const char* key : {"target", "service", "method", "file", "fields"}) {
    if (!root[key]) return Wrong(path, root.Mark(), StrCat("want '", key, "'"));
  }
  mapping.target = Text(root, "target");
  mapping.service = Text(root, "service");
  mapping.method = Text(root, "method");
  mapping.file = Text(root, "file");
  mapping.date_format = Text(root, "date_format", mapping.date_format);
  static const std::set<std::string> formats = {"YYYY-MM-DD", "YYYY/MM/DD", "YYYYMMDD",
                                                "DD/MM/YYYY", "DD.MM.YYYY", "MM/DD/YYYY"};
  std::string_view day = mapping.date_format;
  for (const std::string_view time : {" hh:mm:ss", " hh:mm"}) {
    if (day.ends_with(time)) day.remove_suffix(time.size());
  }
  if (!formats.contains(std::string(day))) {
    return Wrong(path, root["date_format"].Mark(),
                 StrCat("date_format: got '", mapping.date_format, "', want one of ", StrJoin(formats, ", "),
                        ", and ' hh:mm' or ' hh:mm:ss' behind it where there is a time"));
  }
  const std::string point = Text(root, "decimal_point", ".");
  if (point != "." && point != ",") {
    return Wrong(path, root["decimal_point"].Mark(), StrCat("decimal_point: got '", point, "', want '.' or ','"));
  }
  mapping.decimal_point = point[0];
  mapping.ordered = Text(root, "ordered", "false") == "true";
  for (const auto& entry : root["lookups"]) {
    RETURN_IF_ERROR(CheckKeys(path, entry.second, {"file", "key", "from"}));
    Lookup lookup{
        .name = entry.first.as<std::string>(), .file = Text(entry.second, "file"), .key = Text(entry.second, "key")};
    if (lookup.file.empty() || lookup.key.empty() || !entry.second["from"]) {
      return Wrong(path, entry.second.Mark(), StrCat("look-up ", lookup.name, ": want file, key and from"));
    }
    ASSIGN_OR_RETURN(lookup.from, ParseTemplate(Text(entry.second, "from")));
    mapping.lookups.push_back(std::move(lookup));
  }
  for (const auto& rule : root["skip"]) {
    RETURN_IF_ERROR(CheckKeys(path, rule, {"column", "equals"}));
    mapping.skip.push_back({Text(rule, "column"), Text(rule, "equals")});
  }
  for (const auto& entry : root["fields"]) {
    ASSIGN_OR_RETURN(FieldMapping field, ReadField(path, entry.first.as<std::string>(), entry.second));
    mapping.fields.push_back(std::move(field));
  }
  for (const FieldMapping& field : mapping.fields) {
    std::vector<const Template*> templates = {&field.value};
    for (const Case& one : field.cases) {
      templates.push_back(&one.value);
      for (const auto& [subject, pattern] : one.when) templates.push_back(&subject);
    }
    for (const Template* used : templates) {
      for (const Template::Part& part : used->parts) {
        const bool known = part.lookup.empty() || std::any_of(mapping.lookups.begin(), mapping.lookups.end(),
                                                              [&](const Lookup& l) { return l.name == part.lookup; });
        if (!known)
          return Wrong(path, root["fields"].Mark(), StrCat(field.path, ": there is no look-up ", part.lookup));
      }
    }
  }
  return mapping;
}

}  // namespace

std::string Template::FirstColumn() const {
  for (const Part& part : parts) {
    if (part.column) return part.lookup.empty() ? part.text : StrCat(part.lookup, ".", part.text);
  }
  return {};
}

absl::StatusOr<Template> ParseTemplate(std::string_view text) {
  Template out;
  out.source = std::string(text);
  while (!text.empty()) {
    const size_t open = text.find('{');
    if (open != 0) {
      out.parts.push_back({.text = std::string(text.substr(0, open))});
      text.remove_prefix(std::min(open, text.size()));
      continue;
    }
    const size_t close = text.find('}');
    if (close == std::string_view::npos || close == 1) {
      return absl::InvalidArgumentError(StrCat("got '", out.source, "', want {Column} or {lookup.Column}"));
    }
    const std::string_view reference = text.substr(1, close - 1);
    const size_t dot = reference.find('.');
    Template::Part part{.column = true};
    part.text = std::string(dot == std::string_view::npos ? reference : reference.substr(dot + 1));
    if (dot != std::string_view::npos) part.lookup = std::string(reference.substr(0, dot));
    out.parts.push_back(std::move(part));
    text.remove_prefix(close + 1);
  }
  return out;
}

absl::StatusOr<Mapping> ReadMapping(const std::string& path, const std::string& name) {
  try {
    return Parse(YAML::LoadFile(path), path, name);
  } catch (const YAML::BadFile&) {
    return absl::NotFoundError(StrCat("cannot read the mapping ", path));
  } catch (const YAML::Exception& e) {
    return Wrong(path, e.mark, e.msg);
  }
}

absl::StatusOr<Mapping> ParseMapping(std::string_view text, const std::string& name) {
  try {
    return Parse(YAML::Load(std::string(text)), name, name);
  } catch (const YAML::Exception& e) {
    return Wrong(name, e.mark, e.msg);
  }
}

absl::StatusOr<std::unique_ptr<LookupTable>> LookupTable::Read(const std::string& path, const std::string& key) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return absl::NotFoundError(StrCat("cannot read the look-up file ", path));
  const absl::Cleanup close = [file] { std::fclose(file); };
  CsvReader reader(CsvReader::FromFile(file));
  CsvRow row;
  if (!reader.Next(&row) || !row.status.ok()) return absl::InvalidArgumentError(StrCat(path, ": want a header row"));
  std::unique_ptr<LookupTable> table(new LookupTable());
  for (size_t i = 0; i < row.fields.size(); ++i) table->columns_[row.fields[i]] = i;
  const auto column = table->columns_.find(key);
  if (column == table->columns_.end()) return absl::InvalidArgumentError(StrCat(path, ": there is no column ", key));
  while (reader.Next(&row)) {
    if (!row.status.ok()) return Annotate(row.status, path);
    const std::string value = row.fields[column->second];
    if (!table->rows_.emplace(value, row.fields).second) {
      return absl::InvalidArgumentError(
          StrCat(path, ", row ", row.number, ": the key ", key, " ", value, " is there twice"));
    }
  }
  RETURN_IF_ERROR(reader.status());
  return table;
}

const std::string* LookupTable::Find(const std::string& key, const std::string& column) const {
  const auto row = rows_.find(key);
  const auto position = columns_.find(column);
  if (row == rows_.end() || position == columns_.end()) return nullptr;
  return &row->second[position->second];
}

}  // namespace tributary::cli
