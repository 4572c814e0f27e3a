// What the linter of the protos cannot see: rules that every method and message of ours keeps.

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "common/rpc/field_rules.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "google/api/annotations.pb.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor_database.h"
#include "tributary/api/v1/access.pb.h"
#include "tributary/api/v1/rules.pb.h"

namespace tributary::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::MethodDescriptor;

std::vector<const FileDescriptor*> OurFiles() {
  std::vector<std::string> names;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&names);
  std::sort(names.begin(), names.end());
  std::vector<const FileDescriptor*> files;
  for (const std::string& name : names) {
    if (name.rfind("tributary/", 0) == 0) files.push_back(DescriptorPool::generated_pool()->FindFileByName(name));
  }
  return files;
}

std::vector<const MethodDescriptor*> OurMethods() {
  std::vector<const MethodDescriptor*> methods;
  for (const FileDescriptor* file : OurFiles()) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) methods.push_back(file->service(s)->method(m));
    }
  }
  return methods;
}

void Collect(const Descriptor* message, std::vector<const Descriptor*>* messages) {
  messages->push_back(message);
  for (int i = 0; i < message->nested_type_count(); ++i) Collect(message->nested_type(i), messages);
}

std::vector<const Descriptor*> OurMessages() {
  std::vector<const Descriptor*> messages;
  for (const FileDescriptor* file : OurFiles()) {
    for (int i = 0; i < file->message_type_count(); ++i) Collect(file->message_type(i), &messages);
  }
  return messages;
}

// The message and all that can occur in it.
void Reach(const Descriptor* message, std::set<const Descriptor*>* reached) {
  if (!reached->insert(message).second) return;
  for (int i = 0; i < message->field_count(); ++i) {
    if (message->field(i)->message_type() != nullptr) Reach(message->field(i)->message_type(), reached);
  }
}

// The field at "a.b"; null where there is none.
const FieldDescriptor* Resolve(const Descriptor* message, const std::string& path) {
  const FieldDescriptor* field = nullptr;
  for (size_t start = 0; start <= path.size();) {
    const size_t dot = std::min(path.find('.', start), path.size());
    if (message == nullptr) return nullptr;
    field = message->FindFieldByName(path.substr(start, dot - start));
    if (field == nullptr) return nullptr;
    message = field->message_type();
    start = dot + 1;
  }
  return field;
}

const api::v1::Access& AccessOf(const MethodDescriptor* method) {
  return method->options().GetExtension(api::v1::access);
}

bool IsRead(const MethodDescriptor* method) {
  if (method->server_streaming()) return true;
  const std::string& name = method->name();
  if (name.rfind("Get", 0) == 0 || name.rfind("List", 0) == 0) return true;
  return method->options().HasExtension(google::api::http) &&
         !method->options().GetExtension(google::api::http).get().empty();
}

TEST(DescriptorsTest, SeeTheWholeApi) {
  EXPECT_GE(OurFiles().size(), 22u);
  EXPECT_GE(OurMethods().size(), 60u);
}

TEST(DescriptorsTest, NoFloatingPoint) {
  for (const Descriptor* message : OurMessages()) {
    for (int i = 0; i < message->field_count(); ++i) {
      const FieldDescriptor* field = message->field(i);
      EXPECT_NE(field->cpp_type(), FieldDescriptor::CPPTYPE_DOUBLE) << field->full_name();
      EXPECT_NE(field->cpp_type(), FieldDescriptor::CPPTYPE_FLOAT) << field->full_name();
    }
  }
}

TEST(DescriptorsTest, EveryMethodSaysWhoMayCall) {
  for (const MethodDescriptor* method : OurMethods()) {
    SCOPED_TRACE(method->full_name());
    ASSERT_TRUE(method->options().HasExtension(api::v1::access));
    const api::v1::Access& access = AccessOf(method);
    EXPECT_GT(access.roles_size(), 0);
    std::set<int> roles(access.roles().begin(), access.roles().end());
    EXPECT_EQ(roles.count(api::v1::ROLE_UNSPECIFIED), 0u);
    EXPECT_EQ(static_cast<int>(roles.size()), access.roles_size()) << "a role twice";
    for (int role : roles) EXPECT_TRUE(api::v1::Role_IsValid(role));
    // A method that changes something is not for those who only read.
    if (!IsRead(method)) {
      EXPECT_EQ(roles.count(api::v1::AUDITOR), 0u);
    }
    if (access.reads_only()) {
      EXPECT_TRUE(IsRead(method));
    }
  }
}

TEST(DescriptorsTest, PartnerUsersAreBoundToTheirOwnRows) {
  for (const MethodDescriptor* method : OurMethods()) {
    SCOPED_TRACE(method->full_name());
    const api::v1::Access& access = AccessOf(method);
    const bool for_partners = std::count(access.roles().begin(), access.roles().end(), api::v1::PARTNER_USER) > 0;
    if (for_partners && !access.shared_reference()) {
      EXPECT_NE(access.partner_field(), "");
    }
    if (access.shared_reference()) {
      EXPECT_EQ(access.partner_field(), "");
      EXPECT_TRUE(IsRead(method));
    }
    if (access.partner_field().empty()) continue;
    const FieldDescriptor* field = Resolve(method->input_type(), access.partner_field());
    ASSERT_NE(field, nullptr) << access.partner_field();
    EXPECT_EQ(field->type(), FieldDescriptor::TYPE_STRING);
    EXPECT_FALSE(field->is_repeated());
  }
}

TEST(DescriptorsTest, MutationsCanBeRepeatedAndTried) {
  for (const MethodDescriptor* method : OurMethods()) {
    SCOPED_TRACE(method->full_name());
    const FieldDescriptor* request_id = method->input_type()->FindFieldByName("request_id");
    const FieldDescriptor* validate_only = method->input_type()->FindFieldByName("validate_only");
    if (IsRead(method)) {
      // The frame takes a request_id for a sign of change.
      EXPECT_EQ(request_id, nullptr);
      continue;
    }
    if (method->client_streaming()) {
      // What it carries is known by itself, row by row; the messages have no id of their own.
      EXPECT_EQ(request_id, nullptr);
      EXPECT_EQ(method->name().rfind("StreamPost", 0), 0u);
      continue;
    }
    ASSERT_NE(request_id, nullptr);
    EXPECT_EQ(request_id->type(), FieldDescriptor::TYPE_STRING);
    EXPECT_EQ(request_id->options().GetExtension(api::v1::rules).format(), api::v1::UUID);
    ASSERT_NE(validate_only, nullptr);
    EXPECT_EQ(validate_only->type(), FieldDescriptor::TYPE_BOOL);
  }
}

TEST(DescriptorsTest, ListsComeInPages) {
  for (const MethodDescriptor* method : OurMethods()) {
    if (method->name().rfind("List", 0) != 0) continue;
    SCOPED_TRACE(method->full_name());
    // One entry for each of a handful of feeds.
    if (method->name() == "ListConsumerPositions") continue;
    const FieldDescriptor* size = method->input_type()->FindFieldByName("page_size");
    const FieldDescriptor* token = method->input_type()->FindFieldByName("page_token");
    const FieldDescriptor* next = method->output_type()->FindFieldByName("next_page_token");
    ASSERT_TRUE(size != nullptr && token != nullptr && next != nullptr);
    EXPECT_EQ(size->type(), FieldDescriptor::TYPE_INT32);
    EXPECT_EQ(size->options().GetExtension(api::v1::rules).min_value(), 0);
    EXPECT_TRUE(size->options().GetExtension(api::v1::rules).has_min_value());
    EXPECT_EQ(token->type(), FieldDescriptor::TYPE_STRING);
    EXPECT_EQ(next->type(), FieldDescriptor::TYPE_STRING);
    EXPECT_TRUE(method->output_type()->field(0)->is_repeated()) << "the elements come first";
  }
}

TEST(DescriptorsTest, EveryMethodHasAnHttpBindingUnlessInternal) {
  std::set<std::string> bindings;
  for (const MethodDescriptor* method : OurMethods()) {
    SCOPED_TRACE(method->full_name());
    const bool bound = method->options().HasExtension(google::api::http);
    EXPECT_NE(bound, AccessOf(method).internal());
    if (!bound) continue;
    const google::api::HttpRule& rule = method->options().GetExtension(google::api::http);
    const bool read = !rule.get().empty();
    const std::string path = StrCat(rule.get(), rule.post(), rule.patch(), rule.delete_());
    EXPECT_TRUE(path.rfind("/v1/", 0) == 0) << path;
    EXPECT_TRUE(bindings.insert(StrCat(static_cast<int>(rule.pattern_case()), path)).second) << path << " is taken";
    EXPECT_EQ(rule.body().empty(), read || !rule.delete_().empty());
    if (!rule.body().empty() && rule.body() != "*") {
      EXPECT_NE(method->input_type()->FindFieldByName(rule.body()), nullptr) << rule.body();
    }
    // Fields bound in the path are strings of the request.
    for (size_t open = path.find('{'); open != std::string::npos; open = path.find('{', open + 1)) {
      const std::string name = path.substr(open + 1, path.find_first_of("=}", open) - open - 1);
      const FieldDescriptor* field = Resolve(method->input_type(), name);
      ASSERT_NE(field, nullptr) << name;
      EXPECT_EQ(field->type(), FieldDescriptor::TYPE_STRING);
    }
    // A GET's other fields come from the query: none may be a message but of those that it can spell.
    if (!read) continue;
    for (int i = 0; i < method->input_type()->field_count(); ++i) {
      const FieldDescriptor* field = method->input_type()->field(i);
      if (field->message_type() != nullptr) {
        EXPECT_TRUE(field->message_type()->full_name() == "google.type.Date" ||
                    field->message_type()->full_name() == "google.type.Decimal" ||
                    field->message_type()->full_name() == "google.protobuf.Timestamp")
            << field->full_name();
      }
    }
  }
}

TEST(DescriptorsTest, RequestsHoldNothingUntyped) {
  for (const MethodDescriptor* method : OurMethods()) {
    std::set<const Descriptor*> reached;
    Reach(method->input_type(), &reached);
    for (const Descriptor* message : reached) {
      for (const char* untyped :
           {"google.protobuf.Struct", "google.protobuf.Value", "google.protobuf.ListValue", "google.protobuf.Any"}) {
        EXPECT_NE(message->full_name(), untyped) << method->full_name();
      }
      // Paths of violations and the checks behind them know lists, not maps.
      EXPECT_FALSE(message->options().map_entry()) << message->full_name() << " in " << method->full_name();
    }
  }
}

TEST(DescriptorsTest, ResourcesHaveTheirStandardFields) {
  for (const Descriptor* message : OurMessages()) {
    if (!message->options().HasExtension(google::api::resource)) continue;
    SCOPED_TRACE(message->full_name());
    const auto& resource = message->options().GetExtension(google::api::resource);
    EXPECT_EQ(resource.type(), StrCat("tributary.example/", message->name()));
    EXPECT_GT(resource.pattern_size(), 0);
    const FieldDescriptor* name = message->FindFieldByName("name");
    ASSERT_NE(name, nullptr);
    EXPECT_EQ(name->number(), 1);
    EXPECT_GT(name->options().ExtensionSize(google::api::field_behavior), 0);
    // What can change is guarded; its state moves by verbs alone.
    if (const FieldDescriptor* state = message->FindFieldByName("state")) {
      ASSERT_GT(state->options().ExtensionSize(google::api::field_behavior), 0);
      EXPECT_EQ(state->options().GetExtension(google::api::field_behavior, 0), google::api::OUTPUT_ONLY);
      EXPECT_NE(message->FindFieldByName("etag"), nullptr);
    }
  }
}

TEST(DescriptorsTest, RulesCanBeReadAndFitTheirFields) {
  for (const Descriptor* message : OurMessages()) {
    for (const FieldPlan& plan : PlanOf(*message).fields) {
      SCOPED_TRACE(plan.field->full_name());
      const api::v1::FieldRules& rules = plan.field->options().GetExtension(api::v1::rules);
      const bool text = plan.kind == FieldKind::kText || plan.kind == FieldKind::kBytes;
      const bool number = plan.kind == FieldKind::kMoney || plan.kind == FieldKind::kDecimal;
      EXPECT_LE(rules.max_scale(), 6);
      EXPECT_LE(plan.min_length, plan.max_length);
      EXPECT_LE(plan.min_items, plan.max_items);
      if (rules.max_length() != 0 || rules.min_length() != 0) {
        EXPECT_TRUE(text);
      }
      if (rules.format() != api::v1::FORMAT_UNSPECIFIED) {
        EXPECT_EQ(plan.kind, FieldKind::kText);
      }
      if (rules.has_min_value() || rules.has_max_value()) {
        EXPECT_EQ(plan.kind, FieldKind::kInteger);
      }
      if (rules.max_scale() != 0 || plan.min_decimal || plan.max_decimal) {
        EXPECT_TRUE(number);
      }
      if (rules.points()) {
        EXPECT_TRUE(plan.kind == FieldKind::kMoney || rules.format() == api::v1::CURRENCY_CODE);
      }
      if (rules.max_items() != 0 || rules.min_items() != 0) {
        EXPECT_TRUE(plan.repeated);
      }
      if (plan.required && plan.output_only) ADD_FAILURE() << "required and output-only";
      if (plan.field->options().HasExtension(google::api::resource_reference)) {
        EXPECT_FALSE(plan.patterns.empty());
      }
    }
  }
}

}  // namespace
}  // namespace tributary::rpc
