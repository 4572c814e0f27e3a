#include "common/paging/field_mask.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/str_split.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "google/api/field_behavior.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/util/message_differencer.h"

namespace tributary {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Path = std::vector<const FieldDescriptor*>;

bool Has(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

bool IsFixed(const FieldDescriptor& field) {
  return Has(field, google::api::IMMUTABLE) || Has(field, google::api::IDENTIFIER);
}

bool IsSingularMessage(const FieldDescriptor& field) {
  return !field.is_repeated() && field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

// The fields that "a.b.c" names from `type` on; nullopt where there are none such.
std::optional<Path> Resolve(const Descriptor& type, std::string_view path) {
  Path fields;
  const Descriptor* level = &type;
  for (absl::string_view name : absl::StrSplit(Abseil(path), '.')) {
    const FieldDescriptor* field = level == nullptr ? nullptr : level->FindFieldByName(std::string(name));
    if (field == nullptr) return std::nullopt;
    fields.push_back(field);
    level = IsSingularMessage(*field) ? field->message_type() : nullptr;
  }
  return fields;
}

bool IsAllowed(std::string_view path, const std::vector<std::string_view>& allowed) {
  return std::any_of(allowed.begin(), allowed.end(), [path](std::string_view root) {
    return path.starts_with(root) && (path.size() == root.size() || path[root.size()] == '.');
  });
}

bool IsSet(const Message& message, const FieldDescriptor* field) {
  const auto* reflection = message.GetReflection();
  return field->is_repeated() ? reflection->FieldSize(message, field) > 0 : reflection->HasField(message, field);
}

bool IsSetAt(const Message& message, const Path& path) {
  const Message* level = &message;
  for (const FieldDescriptor* field : path) {
    if (!IsSet(*level, field)) return false;
    if (field != path.back()) level = &level->GetReflection()->GetMessage(*level, field);
  }
  return true;
}

// Sets one field of `to` as in `from`, which gives it up.
void Take(const Path& path, Message* from, Message* to) {
  const bool set = IsSetAt(*from, path);
  for (const FieldDescriptor* field : path) {
    const auto* reflection = to->GetReflection();
    if (field != path.back()) {
      // Nothing to clear below what is not there.
      if (!set && !IsSet(*to, field)) return;
      to = reflection->MutableMessage(to, field);
      if (set) from = from->GetReflection()->MutableMessage(from, field);
      continue;
    }
    reflection->ClearField(to, field);
    if (set) reflection->SwapFields(to, from, {field});
  }
}

// What an explicit path is refused for; empty where it may be changed.
std::string WantedInstead(const Descriptor& type, std::string_view path, const std::vector<std::string_view>& allowed) {
  const std::string wanted = StrCat("one of ", StrJoin(allowed, ", "));
  if (path == "*") return StrCat("* alone, or ", wanted);
  const std::optional<Path> fields = Resolve(type, path);
  if (!fields) return StrCat("a field of ", type.name(), ": ", wanted);
  for (const FieldDescriptor* field : *fields) {
    if (Has(*field, google::api::OUTPUT_ONLY)) return StrCat("no output-only field: ", wanted);
    if (IsFixed(*field)) return StrCat("no immutable field: ", wanted);
  }
  return IsAllowed(path, allowed) ? "" : wanted;
}

// With an implied mask nobody has named the immutable fields, so repeating their values is fine and changing them is
// not.
void CheckFixed(const Message& from, const Message& to, std::vector<FieldViolation>* violations) {
  for (int i = 0; i < from.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = from.GetDescriptor()->field(i);
    if (!IsFixed(*field) || !IsSet(from, field)) continue;
    google::protobuf::util::MessageDifferencer differencer;
    if (!differencer.CompareWithFields(from, to, {field}, {field})) {
      violations->push_back({field->name(), "another value", "the value that it has; the field is immutable"});
    }
  }
}

}  // namespace

absl::Status ApplyFieldMask(const google::protobuf::FieldMask& mask, const Message& from, Message* to,
                            const std::vector<std::string_view>& allowed, std::string_view mask_field) {
  const Descriptor& type = *from.GetDescriptor();
  const bool everything = mask.paths_size() == 1 && mask.paths(0) == "*";
  const bool implied = mask.paths_size() == 0 || everything;

  std::vector<FieldViolation> violations;
  std::vector<Path> paths;
  if (implied) {
    CheckFixed(from, *to, &violations);
    for (std::string_view path : allowed) {
      std::optional<Path> fields = Resolve(type, path);
      if (fields && (everything || IsSetAt(from, *fields))) paths.push_back(*std::move(fields));
    }
  } else {
    for (int i = 0; i < mask.paths_size(); ++i) {
      std::string want = WantedInstead(type, mask.paths(i), allowed);
      if (want.empty()) {
        paths.push_back(*Resolve(type, mask.paths(i)));
      } else {
        violations.push_back({StrCat(mask_field, ".paths[", i, "]"), mask.paths(i), std::move(want)});
      }
    }
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));

  // Outer fields first, and none below one that was taken whole: its source has been given up by then.
  std::sort(paths.begin(), paths.end(), [](const Path& a, const Path& b) { return a.size() < b.size(); });
  const std::unique_ptr<Message> source(from.New());
  source->CopyFrom(from);
  std::vector<Path> taken;
  for (const Path& path : paths) {
    const bool covered = std::any_of(taken.begin(), taken.end(), [&](const Path& outer) {
      return std::equal(outer.begin(), outer.end(), path.begin());
    });
    if (covered) continue;
    Take(path, source.get(), to);
    taken.push_back(path);
  }
  return absl::OkStatus();
}

}  // namespace tributary
