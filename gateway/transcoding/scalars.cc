#include "gateway/transcoding/scalars.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "common/text/text.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/field_mask.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/util/time_util.h"

namespace tributary::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Whole numbers by digits alone: "7" and "-7", not "+7", "7.0", "7e0", "007", " 7".
template <typename T>
std::optional<T> WholeNumber(std::string_view text) {
  const std::string_view digits = !text.empty() && text[0] == '-' ? text.substr(1) : text;
  if (digits.empty() || (digits.size() > 1 && digits[0] == '0')) return std::nullopt;
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A number that a double holds to the digit.
std::optional<double> Real(std::string_view text) {
  size_t significant = 0;
  for (const char c : text.substr(0, text.find_first_of("eE"))) significant += c >= '0' && c <= '9';
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value) || significant > 15) {
    return std::nullopt;
  }
  return value;
}

const EnumValueDescriptor* EnumValue(const FieldDescriptor& field, std::string_view text) {
  if (const auto* value = field.enum_type()->FindValueByName(std::string(text))) return value;
  const std::optional<int> number = WholeNumber<int>(text);
  return number.has_value() ? field.enum_type()->FindValueByNumber(*number) : nullptr;
}

std::optional<std::string> Bytes(std::string_view text) {
  std::string bytes;
  if (absl::Base64Unescape(Abseil(text), &bytes) || absl::WebSafeBase64Unescape(Abseil(text), &bytes)) return bytes;
  return std::nullopt;
}

// Calls `put` with the value of the field's C++ type; false where the text does not fit.
template <typename Put>
bool WithScalar(const FieldDescriptor& field, std::string_view text, const Put& put) {
  const auto put_if = [&put](const auto& value) {
    if (value.has_value()) put(*value);
    return value.has_value();
  };
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return put_if(WholeNumber<int32_t>(text));
    case FieldDescriptor::CPPTYPE_INT64:
      return put_if(WholeNumber<int64_t>(text));
    case FieldDescriptor::CPPTYPE_UINT32:
      return put_if(WholeNumber<uint32_t>(text));
    case FieldDescriptor::CPPTYPE_UINT64:
      return put_if(WholeNumber<uint64_t>(text));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return put_if(Real(text));
    case FieldDescriptor::CPPTYPE_FLOAT: {
      const std::optional<double> value = Real(text);
      if (!value.has_value() || std::abs(*value) > std::numeric_limits<float>::max()) return false;
      put(static_cast<float>(*value));
      return true;
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      if (text != "true" && text != "false") return false;
      put(text == "true");
      return true;
    case FieldDescriptor::CPPTYPE_ENUM: {
      const EnumValueDescriptor* value = EnumValue(field, text);
      if (value == nullptr) return false;
      put(value);
      return true;
    }
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.type() == FieldDescriptor::TYPE_BYTES) return put_if(Bytes(text));
      if (!IsUtf8(text)) return false;
      put(std::string(text));
      return true;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return false;
  }
  return false;
}

bool SetTextMessage(std::string_view text, Message* message) {
  const std::string copy(text);
  if (auto* timestamp = dynamic_cast<google::protobuf::Timestamp*>(message)) {
    return google::protobuf::util::TimeUtil::FromString(copy, timestamp);
  }
  if (auto* duration = dynamic_cast<google::protobuf::Duration*>(message)) {
    return google::protobuf::util::TimeUtil::FromString(copy, duration);
  }
  if (auto* mask = dynamic_cast<google::protobuf::FieldMask*>(message)) {
    if (text.empty()) return true;
    mask->add_paths();
    for (const char c : text) {
      std::string& path = *mask->mutable_paths(mask->paths_size() - 1);
      if (c == ',') {
        if (path.empty()) return false;
        mask->add_paths();
      } else if (absl::ascii_isupper(static_cast<unsigned char>(c))) {
        path += {'_', absl::ascii_tolower(static_cast<unsigned char>(c))};  // both spellings: legalName and legal_name
      } else if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' || c == '*') {
        path += c;
      } else {
        return false;
      }
    }
    return !mask->paths(mask->paths_size() - 1).empty();
  }
  return false;
}

// Adds or sets a scalar by reflection; one overload a C++ type.
struct Putter {
  const FieldDescriptor& field;
  Message* message;

  const google::protobuf::Reflection& reflection() const { return *message->GetReflection(); }
#define TRIBUTARY_PUT(type, name)                     \
  void operator()(type value) const {                 \
    if (field.is_repeated()) {                        \
      reflection().Add##name(message, &field, value); \
    } else {                                          \
      reflection().Set##name(message, &field, value); \
    }                                                 \
  }
  TRIBUTARY_PUT(int32_t, Int32)
  TRIBUTARY_PUT(int64_t, Int64)
  TRIBUTARY_PUT(uint32_t, UInt32)
  TRIBUTARY_PUT(uint64_t, UInt64)
  TRIBUTARY_PUT(double, Double)
  TRIBUTARY_PUT(float, Float)
  TRIBUTARY_PUT(bool, Bool)
  TRIBUTARY_PUT(const EnumValueDescriptor*, Enum)
  TRIBUTARY_PUT(const std::string&, String)
#undef TRIBUTARY_PUT
};

}  // namespace

bool IsTextMessage(const Descriptor& message) {
  return message.full_name() == "google.protobuf.Timestamp" || message.full_name() == "google.protobuf.Duration" ||
         message.full_name() == "google.protobuf.FieldMask";
}

std::string WantedBy(const FieldDescriptor& field) {
  const auto range = [](auto least, auto greatest) { return StrCat("a whole number from ", least, " to ", greatest); };
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return range(std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max());
    case FieldDescriptor::CPPTYPE_INT64:
      return range(std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max());
    case FieldDescriptor::CPPTYPE_UINT32:
      return range(0, std::numeric_limits<uint32_t>::max());
    case FieldDescriptor::CPPTYPE_UINT64:
      return range(0, std::numeric_limits<uint64_t>::max());
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return "a number of at most 15 digits";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "true or false";
    case FieldDescriptor::CPPTYPE_ENUM: {
      std::vector<std::string> names;
      for (int i = 0; i < field.enum_type()->value_count(); ++i) {
        // The unspecified value is what is absent; nobody is asked to write it.
        if (field.enum_type()->value(i)->number() != 0) names.push_back(field.enum_type()->value(i)->name());
      }
      return StrCat("one of ", StrJoin(names, ", "));
    }
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_BYTES ? "base64" : "a text";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (field.message_type()->name() == "Timestamp") return "a moment such as 2024-05-06T07:08:09Z";
      if (field.message_type()->name() == "Duration") return "a duration such as 3.5s";
      if (field.message_type()->name() == "FieldMask") return "field names with commas between";
      return "an object";
  }
  return "";
}

bool Fits(const FieldDescriptor& field, std::string_view text) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return WithScalar(field, text, [](const auto&) {});
  if (!IsTextMessage(*field.message_type())) return false;
  if (field.message_type()->name() == "Timestamp") {
    google::protobuf::Timestamp value;
    return SetTextMessage(text, &value);
  }
  if (field.message_type()->name() == "Duration") {
    google::protobuf::Duration value;
    return SetTextMessage(text, &value);
  }
  google::protobuf::FieldMask value;
  return SetTextMessage(text, &value);
}

bool SetFromText(const FieldDescriptor& field, std::string_view text, Message* message) {
  if (field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) return WithScalar(field, text, Putter{field, message});
  if (!Fits(field, text)) return false;
  const auto* reflection = message->GetReflection();
  return SetTextMessage(text, field.is_repeated() ? reflection->AddMessage(message, &field)
                                                  : reflection->MutableMessage(message, &field));
}

}  // namespace tributary::gateway
