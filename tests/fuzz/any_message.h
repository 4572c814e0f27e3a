#pragma once

// A message as bytes decide: which of its fields are set, and to what. Numbers and texts are often those that people
// get wrong. Any bytes are a message, and near bytes are near messages, which is what a fuzzer wants.

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "google/protobuf/message.h"

namespace tributary::fuzz {

class AnyMessage {
 public:
  AnyMessage(const uint8_t* data, size_t size) : data_(data), end_(data + size) {}

  void Fill(google::protobuf::Message* message, int depth = 0) {
    const google::protobuf::Descriptor* const type = message->GetDescriptor();
    for (int i = 0; i < type->field_count(); ++i) {
      const google::protobuf::FieldDescriptor* const field = type->field(i);
      const int times = field->is_repeated() ? Byte() % 4 : Byte() % 8 != 0;
      for (int n = 0; n < times && depth < kDeepest; ++n) Set(message, field, depth);
    }
  }

  // 0 once the bytes have run out.
  uint8_t Byte() { return data_ == end_ ? 0 : *data_++; }
  std::string_view Rest() const { return {reinterpret_cast<const char*>(data_), static_cast<size_t>(end_ - data_)}; }

 private:
  static constexpr int kDeepest = 4;

  std::string Text() {
    static constexpr std::string_view kTexts[] = {"",
                                                  "0",
                                                  "1",
                                                  "0.05",
                                                  "1000",
                                                  "-1",
                                                  "0.000001",
                                                  "0.0000001",
                                                  "999999999999",
                                                  "1e9",
                                                  "NaN",
                                                  "１",
                                                  "CNY",
                                                  "JPY",
                                                  "CLF",
                                                  "cny",
                                                  "Asia/Shanghai",
                                                  "Mars/Olympus",
                                                  "partners/p-1",
                                                  "products/x",
                                                  "productLines/a",
                                                  "documents/d",
                                                  "programs/p",
                                                  "partners//",
                                                  "\xff",
                                                  "x\ny",
                                                  "\"v1\""};
    const uint8_t choice = Byte();
    if (choice < 4 * std::size(kTexts)) return std::string(kTexts[choice / 4]);
    const std::string_view rest = Rest().substr(0, choice % 16);
    data_ += rest.size();
    return std::string(rest);
  }
  int64_t Number() {
    static constexpr int64_t kNumbers[] = {0,     1,  2,         3,         4,         6,         7,
                                           12,    28, 31,        100,       2024,      2026,      9999,
                                           10000, -1, 999999999, INT32_MAX, INT32_MIN, INT64_MAX, INT64_MIN};
    const uint8_t choice = Byte();
    return choice < 8 * std::size(kNumbers) ? kNumbers[choice / 8] : choice;
  }

  void Set(google::protobuf::Message* message, const google::protobuf::FieldDescriptor* field, int depth) {
    using Field = google::protobuf::FieldDescriptor;
    const google::protobuf::Reflection* const to = message->GetReflection();
    const auto put = [&](auto set, auto add, auto value) {
      field->is_repeated() ? (to->*add)(message, field, value) : (to->*set)(message, field, value);
    };
    using To = google::protobuf::Reflection;
    switch (field->cpp_type()) {
      case Field::CPPTYPE_MESSAGE:
        return Fill(field->is_repeated() ? to->AddMessage(message, field) : to->MutableMessage(message, field),
                    depth + 1);
      case Field::CPPTYPE_STRING:
        return put(
            static_cast<void (To::*)(google::protobuf::Message*, const Field*, std::string) const>(&To::SetString),
            static_cast<void (To::*)(google::protobuf::Message*, const Field*, std::string) const>(&To::AddString),
            Text());
      case Field::CPPTYPE_ENUM:
        return put(&To::SetEnumValue, &To::AddEnumValue, static_cast<int>(Byte() % 10));
      case Field::CPPTYPE_BOOL:
        return put(&To::SetBool, &To::AddBool, Byte() % 2 != 0);
      case Field::CPPTYPE_INT32:
        return put(&To::SetInt32, &To::AddInt32, static_cast<int32_t>(Number()));
      case Field::CPPTYPE_INT64:
        return put(&To::SetInt64, &To::AddInt64, Number());
      default:
        return;
    }
  }

  const uint8_t* data_;
  const uint8_t* const end_;
};

}  // namespace tributary::fuzz
