#pragma once

// A declarative mapping: how the columns of a CSV file become the fields of a row message. The files are YAML; their
// format is described in docs/reference/mappings.md.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace tributary::cli {

// "partners/aw-{ResellerKey}": literal text and references to columns ({Column}, {lookup.Column}).
struct Template {
  struct Part {
    std::string text;    // literal, or the column's name
    std::string lookup;  // of which look-up; empty: of the row itself
    bool column = false;
  };
  std::vector<Part> parts;
  std::string source;
  // The first column named in it, as people know it; empty for a constant.
  std::string FirstColumn() const;
};

// A value that stands where all of its conditions hold.
struct Case {
  // What a template gives, and what it must be: a text or, between slashes, a regular expression (RE2) of all of it.
  std::vector<std::pair<Template, std::string>> when;
  Template value;
};

struct FieldMapping {
  std::string path;  // in the row message: "line.net_amount"
  Template value;
  std::vector<Case> cases;                 // the first that fits gives the value instead
  bool ordinal = false;                    // the value is how many rows up to this one gave this text
  std::string currency;                    // for amounts
  std::map<std::string, std::string> map;  // value -> value; a value not in it is a row error
  bool optional = false;                   // an empty column leaves the field unset
  bool slug = false;                       // as a resource id: lower case, runs of other characters as one '-'
};

struct Lookup {
  std::string name;
  std::string file;  // beside the main file
  std::string key;   // its key column
  Template from;     // what to look for
};

struct SkipRule {
  std::string column;
  std::string equals;
};

struct Mapping {
  std::string name;     // "adventureworks_dw/shipments"
  std::string target;   // the collection, as the Import resource names it
  std::string service;  // "partner" or "inventory"
  std::string method;   // "tributary.inventory.v1.ShipmentService/BatchImportShipments"
  std::string file;     // the CSV's usual name
  // Also DD/MM/YYYY, DD.MM.YYYY, MM/DD/YYYY, YYYYMMDD, YYYY/MM/DD; with " hh:mm" or " hh:mm:ss" behind it, which is
  // left out.
  std::string date_format = "YYYY-MM-DD";
  char decimal_point = '.';
  bool ordered = false;  // rows refer to earlier rows: batches go one after the other
  std::vector<Lookup> lookups;
  std::vector<SkipRule> skip;
  std::vector<FieldMapping> fields;
};

// Reads and checks a mapping file; what is wrong is said with its place.
absl::StatusOr<Mapping> ReadMapping(const std::string& path, const std::string& name);
// The same of a file's text.
absl::StatusOr<Mapping> ParseMapping(std::string_view text, const std::string& name);
absl::StatusOr<Template> ParseTemplate(std::string_view text);

// The rows of a look-up file by their key.
class LookupTable {
 public:
  static absl::StatusOr<std::unique_ptr<LookupTable>> Read(const std::string& path, const std::string& key);
  // Null where there is no such key, or column.
  const std::string* Find(const std::string& key, const std::string& column) const;
  bool Has(const std::string& key) const { return rows_.contains(key); }

 private:
  std::unordered_map<std::string, size_t> columns_;
  std::unordered_map<std::string, std::vector<std::string>> rows_;
};

}  // namespace tributary::cli
