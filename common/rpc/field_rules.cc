#include "common/rpc/field_rules.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>

#include "common/text/text.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/descriptor_database.h"

namespace tributary::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;

constexpr int kDefaultMaxLength = 1024;
constexpr int kDefaultMaxItems = 1000;
constexpr int kDefaultMaxScale = 6;

// Patterns of every resource type that any linked proto declares, by type.
const std::map<std::string, std::vector<std::string>>& ResourcePatterns() {
  static const auto* const patterns = [] {
    auto* all = new std::map<std::string, std::vector<std::string>>;
    std::vector<std::string> files;
    DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
    for (const std::string& file : files) {
      if (file.rfind("tributary/", 0) != 0) continue;
      const auto* descriptor = DescriptorPool::generated_pool()->FindFileByName(file);
      for (int i = 0; i < descriptor->message_type_count(); ++i) {
        const auto& options = descriptor->message_type(i)->options();
        if (!options.HasExtension(google::api::resource)) continue;
        const auto& resource = options.GetExtension(google::api::resource);
        (*all)[resource.type()].assign(resource.pattern().begin(), resource.pattern().end());
      }
    }
    return all;
  }();
  return *patterns;
}

// "partners/{partner}/deals/{deal}" -> "partners/{partner}"; empty at the top.
std::string ParentPattern(const std::string& pattern) {
  const size_t id = pattern.rfind('/');
  if (id == std::string::npos) return {};
  const size_t collection = pattern.rfind('/', id - 1);
  return collection == std::string::npos ? std::string() : pattern.substr(0, collection);
}

std::vector<std::string> ReferencePatterns(const FieldDescriptor& field) {
  if (!field.options().HasExtension(google::api::resource_reference)) return {};
  const auto& reference = field.options().GetExtension(google::api::resource_reference);
  const std::string& type = reference.type().empty() ? reference.child_type() : reference.type();
  const auto found = ResourcePatterns().find(type);
  if (found == ResourcePatterns().end()) return {};
  std::vector<std::string> patterns;
  for (const std::string& pattern : found->second) {
    std::string wanted = reference.type().empty() ? ParentPattern(pattern) : pattern;
    if (!wanted.empty()) patterns.push_back(std::move(wanted));
  }
  return patterns;
}

FieldKind KindOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return FieldKind::kInteger;
    case FieldDescriptor::CPPTYPE_ENUM:
      return FieldKind::kEnum;
    case FieldDescriptor::CPPTYPE_STRING:
      return field.type() == FieldDescriptor::TYPE_BYTES ? FieldKind::kBytes : FieldKind::kText;
    case FieldDescriptor::CPPTYPE_MESSAGE: {
      const std::string& name = field.message_type()->full_name();
      if (name == "google.type.Date") return FieldKind::kDate;
      if (name == "google.type.Money") return FieldKind::kMoney;
      if (name == "google.type.Decimal") return FieldKind::kDecimal;
      if (name == "google.protobuf.Timestamp") return FieldKind::kTimestamp;
      if (name == "google.protobuf.Any") return FieldKind::kOpaque;
      return FieldKind::kMessage;
    }
    default:
      return FieldKind::kPlain;
  }
}

std::optional<Decimal> Bound(const FieldDescriptor& field, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const absl::StatusOr<Decimal> bound = Decimal::Parse(text);
  if (!bound.ok()) {
    std::fprintf(stderr, "%s: '%s' is no decimal bound\n", field.full_name().c_str(), text.c_str());
    std::abort();
  }
  return *bound;
}

// BatchImport and StreamPost requests carry up to thousands of rows, and one bad row must not refuse the others.
bool IsBatchRows(const FieldDescriptor& field) {
  const std::string_view message = field.containing_type()->name();
  return field.is_repeated() && field.name() == "rows" &&
         (message.starts_with("BatchImport") || message.starts_with("StreamPost")) && message.ends_with("Request");
}

class Plans {
 public:
  const MessagePlan& Get(const Descriptor& descriptor) {
    {
      std::shared_lock lock(mutex_);
      const auto found = plans_.find(&descriptor);
      if (found != plans_.end()) return *found->second;
    }
    std::unique_lock lock(mutex_);
    return *Make(descriptor);
  }

 private:
  // Entered before its fields are read, so that recursive messages find themselves. Plans seen by readers are whole:
  // the lock is held until the outermost one is.
  const MessagePlan* Make(const Descriptor& descriptor) {
    const auto [entry, added] = plans_.try_emplace(&descriptor, nullptr);
    if (!added) return entry->second.get();
    entry->second = std::make_unique<MessagePlan>();
    MessagePlan* const plan = entry->second.get();
    for (int i = 0; i < descriptor.field_count(); ++i) {
      const FieldDescriptor& field = *descriptor.field(i);
      if (!field.is_repeated() && field.message_type() != nullptr &&
          field.message_type()->full_name() == "google.protobuf.FieldMask" && field.name() == "update_mask") {
        plan->update_mask = &field;
      }
    }
    for (int i = 0; i < descriptor.field_count(); ++i) {
      plan->fields.push_back(MakeField(*descriptor.field(i), *plan));
    }
    return plan;
  }

  FieldPlan MakeField(const FieldDescriptor& field, const MessagePlan& owner) {
    FieldPlan plan;
    plan.field = &field;
    plan.kind = KindOf(field);
    plan.repeated = field.is_repeated();
    plan.presence = field.has_presence();
    const auto& options = field.options();
    for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
      switch (options.GetExtension(google::api::field_behavior, i)) {
        case google::api::REQUIRED:
          plan.required = true;
          break;
        case google::api::OUTPUT_ONLY:
          plan.output_only = true;
          break;
        case google::api::IMMUTABLE:
          plan.fixed = true;
          break;
        case google::api::IDENTIFIER:
          plan.fixed = plan.identifier = true;
          break;
        default:
          break;
      }
    }
    const api::v1::FieldRules& rules = options.GetExtension(api::v1::rules);
    plan.format = rules.format();
    plan.points = rules.points();
    plan.min_length = rules.min_length();
    plan.max_length = rules.max_length() > 0 ? rules.max_length() : kDefaultMaxLength;
    plan.max_scale = rules.max_scale() < 0 ? 0 : (rules.max_scale() > 0 ? rules.max_scale() : kDefaultMaxScale);
    plan.min_items = rules.min_items();
    plan.max_items = rules.max_items() > 0 ? rules.max_items() : kDefaultMaxItems;
    if (rules.has_min_value()) plan.min_value = rules.min_value();
    if (rules.has_max_value()) plan.max_value = rules.max_value();
    plan.min_decimal = Bound(field, rules.min_decimal());
    plan.max_decimal = Bound(field, rules.max_decimal());
    plan.patterns = ReferencePatterns(field);
    const auto& resource_options = field.containing_type()->options();
    if (plan.identifier && resource_options.HasExtension(google::api::resource)) {
      const auto& resource = resource_options.GetExtension(google::api::resource);
      plan.patterns.assign(resource.pattern().begin(), resource.pattern().end());
    }
    plan.rows = IsBatchRows(field);
    if (plan.kind == FieldKind::kMessage && !plan.rows) {
      plan.message = Make(*field.message_type());
      plan.subject = owner.update_mask != nullptr && !plan.repeated && &field != owner.update_mask &&
                     field.message_type()->options().HasExtension(google::api::resource);
    }
    return plan;
  }

  std::shared_mutex mutex_;
  std::unordered_map<const Descriptor*, std::unique_ptr<MessagePlan>> plans_;
};

}  // namespace

const MessagePlan& PlanOf(const Descriptor& descriptor) {
  static Plans* const plans = new Plans;
  return plans->Get(descriptor);
}

}  // namespace tributary::rpc
