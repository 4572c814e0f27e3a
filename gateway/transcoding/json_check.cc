#include "gateway/transcoding/json_check.h"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"
#include "gateway/transcoding/scalars.h"

namespace tributary::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::OneofDescriptor;
using Kind = JsonValue::Kind;

constexpr size_t kMaxViolations = 100;

// null stands for absent only where a field can be absent.
std::string GotOf(const JsonValue& value) {
  if (value.kind == Kind::kArray || value.kind == Kind::kObject) return std::string(NameOf(value.kind));
  return Printable(value.kind == Kind::kString ? std::string_view(value.text) : value.token);
}

class Checker {
 public:
  void Message(const JsonValue& value, const Descriptor& message, const std::string& path) {
    if (value.kind != Kind::kObject) return Violation(path, GotOf(value), "an object");
    std::set<const FieldDescriptor*> seen;
    std::map<const OneofDescriptor*, const FieldDescriptor*> chosen;
    for (const auto& [key, member] : value.members) {
      const FieldDescriptor* field = message.FindFieldByName(key);
      if (field == nullptr) field = message.FindFieldByCamelcaseName(key);
      if (field == nullptr) {
        Violation(Below(path, Printable(key, 64)), Printable(key), WantedKeys(message));
        continue;
      }
      const std::string at = Below(path, field->name());
      if (!seen.insert(field).second) {
        Violation(at, StrCat("twice, as ", field->name(), " and as ", field->json_name()), "once");
        continue;
      }
      if (member.kind == Kind::kNull) continue;
      if (const OneofDescriptor* oneof = field->real_containing_oneof(); oneof != nullptr) {
        if (const auto [other, first] = chosen.emplace(oneof, field); !first) {
          Violation(at, StrCat("beside ", other->second->name()), StrCat("one of the ", oneof->name()));
          continue;
        }
      }
      Field(member, *field, at);
    }
  }

  absl::Status Take() {
    if (violations_.empty()) return absl::OkStatus();
    return InvalidFields(std::move(violations_));
  }

 private:
  void Field(const JsonValue& value, const FieldDescriptor& field, const std::string& path) {
    if (field.is_map()) {
      if (value.kind != Kind::kObject) return Violation(path, GotOf(value), "an object");
      const FieldDescriptor& key_field = *field.message_type()->map_key();
      for (const auto& [key, member] : value.members) {
        const std::string at = StrCat(path, "[", Printable(key, 64), "]");
        if (!Fits(key_field, key)) Violation(at, key, WantedBy(key_field));
        Element(member, *field.message_type()->map_value(), at);
      }
    } else if (field.is_repeated()) {
      if (value.kind != Kind::kArray) return Violation(path, GotOf(value), "an array");
      for (size_t i = 0; i < value.items.size() && violations_.size() < kMaxViolations; ++i) {
        Element(value.items[i], field, StrCat(path, "[", i, "]"));
      }
    } else {
      Element(value, field, path);
    }
  }

  void Element(const JsonValue& value, const FieldDescriptor& field, const std::string& path) {
    bool fits = false;
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_INT32:
      case FieldDescriptor::CPPTYPE_INT64:
      case FieldDescriptor::CPPTYPE_UINT32:
      case FieldDescriptor::CPPTYPE_UINT64:
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT:
      case FieldDescriptor::CPPTYPE_ENUM:
        fits = (value.kind == Kind::kNumber && Fits(field, value.token)) ||
               (value.kind == Kind::kString && Fits(field, value.text));
        break;
      case FieldDescriptor::CPPTYPE_BOOL:
        fits = value.kind == Kind::kBool;
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        fits = value.kind == Kind::kString && Fits(field, value.text);
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (!IsTextMessage(*field.message_type())) return Message(value, *field.message_type(), path);
        fits = value.kind == Kind::kString && Fits(field, value.text);
        break;
    }
    if (!fits) Violation(path, GotOf(value), WantedBy(field));
  }

  static std::string Below(const std::string& path, std::string_view name) {
    return path.empty() ? std::string(name) : StrCat(path, ".", name);
  }

  static std::string WantedKeys(const Descriptor& message) {
    std::vector<std::string> names;
    for (int i = 0; i < message.field_count(); ++i) names.push_back(message.field(i)->json_name());
    return names.empty() ? "no field at all" : StrCat("one of ", StrJoin(names, ", "));
  }

  void Violation(std::string path, std::string got, std::string want) {
    if (violations_.size() < kMaxViolations) violations_.push_back({std::move(path), std::move(got), std::move(want)});
  }

  std::vector<FieldViolation> violations_;
};

}  // namespace

absl::Status CheckJson(const JsonValue& value, const Descriptor& message, std::string_view path) {
  Checker checker;
  checker.Message(value, message, std::string(path));
  return checker.Take();
}

}  // namespace tributary::gateway
