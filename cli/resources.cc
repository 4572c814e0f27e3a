#include "cli/resources.h"

#include <algorithm>

#include "absl/strings/str_split.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "google/api/resource.pb.h"
#include "google/protobuf/util/json_util.h"

namespace tributary::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;

// Every resource type of the suite with its service's package.
struct ResourceType {
  const Descriptor* message;
  std::vector<std::string> pattern;  // segments; variables begin with '{'
};

// The files that declare resources; a new one is named here.
constexpr const char* kFiles[] = {"tributary/partner/v1/region.proto",
                                  "tributary/partner/v1/partner.proto",
                                  "tributary/partner/v1/application.proto",
                                  "tributary/partner/v1/agreement.proto",
                                  "tributary/partner/v1/territory_grant.proto",
                                  "tributary/inventory/v1/product.proto",
                                  "tributary/inventory/v1/shipment.proto",
                                  "tributary/inventory/v1/direct_sale.proto",
                                  "tributary/inventory/v1/sell_through_sale.proto",
                                  "tributary/inventory/v1/ledger.proto",
                                  "tributary/incentive/v1/program.proto",
                                  "tributary/incentive/v1/accrual.proto",
                                  "tributary/incentive/v1/statement.proto",
                                  "tributary/incentive/v1/period_close.proto",
                                  "tributary/incentive/v1/simulation.proto",
                                  "tributary/conflict/v1/deal_registration.proto",
                                  "tributary/conflict/v1/finding.proto"};

const std::vector<ResourceType>& ResourceTypes() {
  static const std::vector<ResourceType> types = [] {
    std::vector<ResourceType> out;
    for (const char* name : kFiles) {
      const auto* file = DescriptorPool::generated_pool()->FindFileByName(name);
      for (int i = 0; file != nullptr && i < file->message_type_count(); ++i) {
        const auto& options = file->message_type(i)->options();
        if (!options.HasExtension(google::api::resource)) continue;
        for (const std::string& pattern : options.GetExtension(google::api::resource).pattern()) {
          out.push_back({file->message_type(i), absl::StrSplit(pattern, '/')});
        }
      }
    }
    return out;
  }();
  return types;
}

bool Matches(const std::vector<std::string>& name, const std::vector<std::string>& pattern, size_t segments) {
  if (name.size() != segments) return false;
  for (size_t i = 0; i < segments; ++i) {
    if (!pattern[i].starts_with('{') && pattern[i] != name[i]) return false;
  }
  return true;
}

// The method of the resource's package whose name is `verb` + something and that answers what `answers` accepts.
const MethodDescriptor* FindMethod(const Descriptor* resource, std::string_view prefix,
                                   const std::function<bool(const Descriptor*)>& answers) {
  const auto* file = resource->file();
  for (int s = 0; s < file->service_count(); ++s) {
    for (int m = 0; m < file->service(s)->method_count(); ++m) {
      const MethodDescriptor* method = file->service(s)->method(m);
      if (method->name().starts_with(prefix) && answers(method->output_type())) return method;
    }
  }
  return nullptr;
}

std::string PathOf(const MethodDescriptor* method) {
  return StrCat(method->service()->full_name(), "/", method->name());
}

std::unique_ptr<Message> New(const Descriptor* type) {
  return std::unique_ptr<Message>(MessageFactory::generated_factory()->GetPrototype(type)->New());
}

}  // namespace

absl::StatusOr<std::unique_ptr<Message>> GetResource(Suite& suite, const std::string& name) {
  const std::vector<std::string> segments = absl::StrSplit(name, '/');
  for (const ResourceType& type : ResourceTypes()) {
    if (!Matches(segments, type.pattern, type.pattern.size())) continue;
    const MethodDescriptor* method =
        FindMethod(type.message, "Get", [&](const Descriptor* reply) { return reply == type.message; });
    if (method == nullptr) continue;
    ASSIGN_OR_RETURN(rpc::Client * client, suite.ForMethod(method->full_name()));
    std::unique_ptr<Message> request = New(method->input_type());
    request->GetReflection()->SetString(request.get(), request->GetDescriptor()->FindFieldByName("name"), name);
    std::unique_ptr<Message> reply = New(method->output_type());
    RETURN_IF_ERROR(client->Call(PathOf(method), *request, reply.get()));
    return reply;
  }
  return absl::InvalidArgumentError(StrCat("name: got '", name, "', want a resource name such as partners/p1"));
}

absl::StatusOr<std::vector<std::unique_ptr<Message>>> ListResources(Suite& suite, const std::string& collection,
                                                                    const std::string& filter, bool show_deleted,
                                                                    int64_t limit) {
  const std::vector<std::string> segments = absl::StrSplit(collection, '/');
  for (const ResourceType& type : ResourceTypes()) {
    if (!Matches(segments, type.pattern, type.pattern.size() - 1)) continue;
    const FieldDescriptor* members = nullptr;
    const MethodDescriptor* method = FindMethod(type.message, "List", [&](const Descriptor* reply) {
      for (int i = 0; i < reply->field_count(); ++i) {
        if (reply->field(i)->is_repeated() && reply->field(i)->message_type() == type.message) {
          members = reply->field(i);
          return true;
        }
      }
      return false;
    });
    if (method == nullptr) continue;
    ASSIGN_OR_RETURN(rpc::Client * client, suite.ForMethod(method->full_name()));
    std::unique_ptr<Message> request = New(method->input_type());
    const auto* reflection = request->GetReflection();
    const auto field = [&](const char* name) { return request->GetDescriptor()->FindFieldByName(name); };
    if (field("parent") != nullptr) {
      reflection->SetString(request.get(), field("parent"), collection.substr(0, collection.rfind('/')));
    }
    if (!filter.empty()) reflection->SetString(request.get(), field("filter"), filter);
    if (show_deleted && field("show_deleted") != nullptr)
      reflection->SetBool(request.get(), field("show_deleted"), true);
    std::vector<std::unique_ptr<Message>> out;
    while (true) {
      const int64_t left = limit == 0 ? 1000 : std::min<int64_t>(1000, limit - static_cast<int64_t>(out.size()));
      reflection->SetInt32(request.get(), field("page_size"), static_cast<int32_t>(left));
      std::unique_ptr<Message> reply = New(method->output_type());
      RETURN_IF_ERROR(client->Call(PathOf(method), *request, reply.get(), {.timeout = absl::Seconds(30)}));
      const auto* reply_reflection = reply->GetReflection();
      for (int i = 0; i < reply_reflection->FieldSize(*reply, members); ++i) {
        std::unique_ptr<Message> copy = New(type.message);
        copy->CopyFrom(reply_reflection->GetRepeatedMessage(*reply, members, i));
        out.push_back(std::move(copy));
      }
      const std::string token =
          reply_reflection->GetString(*reply, reply->GetDescriptor()->FindFieldByName("next_page_token"));
      if (token.empty() || (limit != 0 && static_cast<int64_t>(out.size()) >= limit)) return out;
      reflection->SetString(request.get(), field("page_token"), token);
    }
  }
  return absl::InvalidArgumentError(
      StrCat("collection: got '", collection, "', want one such as partners or partners/p1/positions"));
}

absl::StatusOr<std::unique_ptr<Message>> CallMethod(Suite& suite, const std::string& method, const std::string& json) {
  std::string full_name = method;
  std::replace(full_name.begin(), full_name.end(), '/', '.');
  const MethodDescriptor* descriptor = DescriptorPool::generated_pool()->FindMethodByName(full_name);
  if (descriptor == nullptr || descriptor->server_streaming()) {
    return absl::InvalidArgumentError(
        StrCat("method: got '", method, "', want one such as tributary.partner.v1.PartnerService/GetPartner"));
  }
  ASSIGN_OR_RETURN(rpc::Client * client, suite.ForMethod(full_name));
  std::unique_ptr<Message> request = New(descriptor->input_type());
  if (const auto status = google::protobuf::util::JsonStringToMessage(json, request.get()); !status.ok()) {
    return absl::InvalidArgumentError(StrCat("request: ", std::string(status.message())));
  }
  std::unique_ptr<Message> reply = New(descriptor->output_type());
  RETURN_IF_ERROR(client->Call(PathOf(descriptor), *request, reply.get(), {.timeout = absl::Minutes(1)}));
  return reply;
}

}  // namespace tributary::cli
