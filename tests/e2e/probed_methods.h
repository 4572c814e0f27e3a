#pragma once

// For tests that look for leaks: every method that there is, found by the descriptors, and requests of it put together
// by their fields.

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "common/text/text.h"
#include "google/api/annotations.pb.h"
#include "google/api/field_behavior.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor_database.h"
#include "google/protobuf/dynamic_message.h"
#include "google/type/date.pb.h"
#include "tributary/api/v1/access.pb.h"

namespace tributary::testing {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;

// Who asks, and whose rows the questions are about. The demo's injected deals are of the first two partners.
inline constexpr char kAsker[] = "s-1005";
inline constexpr char kOwner[] = "s-1000";
inline constexpr char kNobody[] = "no-such-partner";

struct Method {
  const MethodDescriptor* descriptor;
  std::string service;  // the process: "partner"
  std::string path;     // "tributary.partner.v1.PartnerService/GetPartner"
  api::v1::Access access;
  std::string pattern_of_name;  // "partners/*/deals/*" where the HTTP binding's path has {name=...}

  bool ForPartners() const {
    return std::find(access.roles().begin(), access.roles().end(), api::v1::PARTNER_USER) != access.roles().end();
  }
  const FieldDescriptor* Field(const std::string& name) const {
    const FieldDescriptor* field = descriptor->input_type()->FindFieldByName(name);
    return field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_STRING && !field->is_repeated() ? field
                                                                                                             : nullptr;
  }
};

inline std::string PatternOf(const MethodDescriptor& method) {
  const auto& rule = method.options().GetExtension(google::api::http);
  for (const std::string& path : {rule.get(), rule.post(), rule.patch(), rule.delete_()}) {
    const size_t from = path.find("{name=");
    if (from != std::string::npos) return path.substr(from + 6, path.find('}', from) - from - 6);
  }
  return "";
}

// Every method of the four services, and of the feed in each of them.
inline std::vector<Method> AllMethods() {
  std::vector<std::string> files;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  std::sort(files.begin(), files.end());
  std::vector<Method> methods;
  for (const std::string& name : files) {
    if (!name.starts_with("tributary/")) continue;
    const std::string component = name.substr(10, name.find('/', 10) - 10);
    const auto* file = DescriptorPool::generated_pool()->FindFileByName(name);
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        const MethodDescriptor* method = file->service(s)->method(m);
        const std::vector<std::string> processes =
            component == "events" ? std::vector<std::string>{"partner", "inventory", "incentive", "conflict"}
                                  : std::vector<std::string>{component};
        for (const std::string& process : processes) {
          methods.push_back({.descriptor = method,
                             .service = process,
                             .path = StrCat(method->service()->full_name(), "/", method->name()),
                             .access = method->options().GetExtension(api::v1::access),
                             .pattern_of_name = PatternOf(*method)});
        }
      }
    }
  }
  return methods;
}

// "partners/s-1000/deals/x" -> "partners/*/deals/*".
inline std::string Generalize(const std::string& name) {
  std::string out;
  int segment = 0;
  for (size_t from = 0; from <= name.size(); ++segment) {
    const size_t to = std::min(name.find('/', from), name.size());
    StrAppend(&out, segment == 0 ? "" : "/", segment % 2 == 0 ? name.substr(from, to - from) : "*");
    from = to + 1;
  }
  return out;
}

inline std::unique_ptr<Message> New(const Descriptor* type) {
  return std::unique_ptr<Message>(MessageFactory::generated_factory()->GetPrototype(type)->New());
}

inline void Set(Message* message, const FieldDescriptor* field, const std::string& value) {
  message->GetReflection()->SetString(message, field, value);
}

// Sets a path of texts such as "program.name".
inline void SetPath(Message* message, const std::string& path, const std::string& value) {
  size_t from = 0;
  for (size_t dot; (dot = path.find('.', from)) != std::string::npos; from = dot + 1) {
    const auto* field = message->GetDescriptor()->FindFieldByName(path.substr(from, dot - from));
    message = message->GetReflection()->MutableMessage(message, field);
  }
  Set(message, message->GetDescriptor()->FindFieldByName(path.substr(from)), value);
}

// Every text in the message, however deep.
inline void Texts(const Message& message, std::vector<std::string>* out) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const auto* reflection = message.GetReflection();
    const int count = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
        out->push_back(field->is_repeated() ? reflection->GetRepeatedString(message, field, i)
                                            : reflection->GetString(message, field));
      } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        Texts(field->is_repeated() ? reflection->GetRepeatedMessage(message, field, i)
                                   : reflection->GetMessage(message, field),
              out);
      }
    }
  }
}

// The message with every text that begins with `from` begin with `to`: what one partner names, as another would.
inline void Rename(Message* message, const std::string& from, const std::string& to) {
  std::vector<const FieldDescriptor*> fields;
  message->GetReflection()->ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    const auto* reflection = message->GetReflection();
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      const int count = field->is_repeated() ? reflection->FieldSize(*message, field) : 1;
      for (int i = 0; i < count; ++i) {
        Rename(field->is_repeated() ? reflection->MutableRepeatedMessage(message, field, i)
                                    : reflection->MutableMessage(message, field),
               from, to);
      }
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING && !field->is_repeated()) {
      const std::string text = reflection->GetString(*message, field);
      if (text.starts_with(from)) Set(message, field, to + text.substr(from.size()));
    }
  }
}

// Gives the dates, the product and the lot that the request must have.
inline void SetRequired(Message* request) {
  const FieldDescriptor* lot = request->GetDescriptor()->FindFieldByName("lot");
  if (lot != nullptr && request->GetDescriptor()->FindFieldByName("product") != nullptr) Set(request, lot, "l-1");
  for (int f = 0; f < request->GetDescriptor()->field_count(); ++f) {
    const FieldDescriptor* field = request->GetDescriptor()->field(f);
    const auto behavior = field->options().GetRepeatedExtension(google::api::field_behavior);
    if (std::find(behavior.begin(), behavior.end(), google::api::REQUIRED) == behavior.end()) continue;
    if (field->name() == "product") Set(request, field, "products/sp-100");
    if (field->message_type() == nullptr || field->message_type()->full_name() != "google.type.Date") continue;
    auto* date = static_cast<google::type::Date*>(request->GetReflection()->MutableMessage(request, field));
    date->set_year(field->name().starts_with("start") ? 2024 : 2025);
    date->set_month(7);
    date->set_day(1);
  }
}

}  // namespace tributary::testing
