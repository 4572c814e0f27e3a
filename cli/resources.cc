#include "cli/resources.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_split.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "google/api/annotations.pb.h"
#include "google/protobuf/descriptor_database.h"
#include "google/protobuf/util/json_util.h"

namespace tributary::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MessageFactory;
using google::protobuf::MethodDescriptor;

using Segments = std::vector<std::string>;

// A method that answers a GET, and the names that its path stands for: "/v1/{parent=partners/*/statements/*}/lines" is
// partners/*/statements/*/lines, of which the first four segments are the parent. A word in front of the braces
// ("/v1/inventory/{name=imports/*}") tells services apart and is no part of the name.
struct GetMethod {
  const MethodDescriptor* method;
  Segments prefix;
  Segments variable;  // what the braces hold; "*" is any segment
  Segments suffix;
};

Segments Split(std::string_view path) { return absl::StrSplit(Abseil(path), '/', absl::SkipEmpty()); }

std::optional<GetMethod> BindingOf(const MethodDescriptor* method) {
  std::string_view path = method->options().GetExtension(google::api::http).get();
  if (!path.starts_with("/v1/") || path.find(':') != std::string_view::npos) return std::nullopt;
  path.remove_prefix(4);
  GetMethod get{.method = method};
  const size_t open = path.find('{');
  get.prefix = Split(path.substr(0, open));
  if (open != std::string_view::npos) {
    const size_t equals = path.find('=', open), close = path.find('}', open);
    if (equals == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
    get.variable = Split(path.substr(equals + 1, close - equals - 1));
    get.suffix = Split(path.substr(close + 1));
  }
  return get;
}

// Every Get and List method of the suite.
const std::vector<GetMethod>& GetMethods() {
  static const auto* const methods = [] {
    auto* out = new std::vector<GetMethod>();
    std::vector<std::string> files;
    DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
    std::sort(files.begin(), files.end());
    for (const std::string& name : files) {
      if (!name.starts_with("tributary/")) continue;
      const auto* file = DescriptorPool::generated_pool()->FindFileByName(name);
      for (int s = 0; s < file->service_count(); ++s) {
        for (int m = 0; m < file->service(s)->method_count(); ++m) {
          if (std::optional<GetMethod> get = BindingOf(file->service(s)->method(m))) out->push_back(*std::move(get));
        }
      }
    }
    return out;
  }();
  return *methods;
}

// The method with this verb whose path is `name`, and what of the name its variable takes.
struct Found {
  const MethodDescriptor* method = nullptr;
  std::string variable;
};
Found Find(std::string_view verb, const std::string& name) {
  const Segments segments = Split(name);
  for (const GetMethod& get : GetMethods()) {
    if (!get.method->name().starts_with(verb)) continue;
    Segments pattern = get.prefix;
    pattern.insert(pattern.end(), get.variable.begin(), get.variable.end());
    pattern.insert(pattern.end(), get.suffix.begin(), get.suffix.end());
    if (!std::equal(
            segments.begin(), segments.end(), pattern.begin(), pattern.end(),
            [](const std::string& segment, const std::string& want) { return want == "*" || segment == want; })) {
      continue;
    }
    const auto from = segments.begin() + static_cast<ptrdiff_t>(get.prefix.size());
    return {get.method, StrJoin(Segments(from, from + static_cast<ptrdiff_t>(get.variable.size())), "/")};
  }
  return {};
}

// The field of a List reply that holds the page.
const FieldDescriptor* MembersOf(const Descriptor* reply) {
  for (int i = 0; i < reply->field_count(); ++i) {
    if (reply->field(i)->is_repeated() && reply->field(i)->message_type() != nullptr) return reply->field(i);
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
  const Found found = Find("Get", name);
  if (found.method == nullptr) {
    return absl::InvalidArgumentError(StrCat("name: got '", name, "', want a resource name such as partners/p1"));
  }
  ASSIGN_OR_RETURN(rpc::Client * client, suite.ForMethod(found.method->full_name()));
  std::unique_ptr<Message> request = New(found.method->input_type());
  request->GetReflection()->SetString(request.get(), request->GetDescriptor()->FindFieldByName("name"), found.variable);
  std::unique_ptr<Message> reply = New(found.method->output_type());
  RETURN_IF_ERROR(client->Call(PathOf(found.method), *request, reply.get()));
  return reply;
}

absl::StatusOr<std::vector<std::unique_ptr<Message>>> ListResources(Suite& suite, const std::string& collection,
                                                                    const std::string& filter, bool show_deleted,
                                                                    int64_t limit) {
  const Found found = Find("List", collection);
  const FieldDescriptor* members = found.method == nullptr ? nullptr : MembersOf(found.method->output_type());
  if (members == nullptr) {
    return absl::InvalidArgumentError(
        StrCat("collection: got '", collection, "', want one such as partners or partners/p1/positions"));
  }
  ASSIGN_OR_RETURN(rpc::Client * client, suite.ForMethod(found.method->full_name()));
  std::unique_ptr<Message> request = New(found.method->input_type());
  const auto* reflection = request->GetReflection();
  const auto field = [&](const char* name) { return request->GetDescriptor()->FindFieldByName(name); };
  if (field("parent") != nullptr) reflection->SetString(request.get(), field("parent"), found.variable);
  if (!filter.empty()) {
    if (field("filter") == nullptr) return absl::InvalidArgumentError(StrCat("filter: ", collection, " has none"));
    reflection->SetString(request.get(), field("filter"), filter);
  }
  if (show_deleted && field("show_deleted") != nullptr) {
    reflection->SetBool(request.get(), field("show_deleted"), true);
  }
  std::vector<std::unique_ptr<Message>> out;
  while (true) {
    const int64_t left = limit == 0 ? 1000 : std::min<int64_t>(1000, limit - static_cast<int64_t>(out.size()));
    reflection->SetInt32(request.get(), field("page_size"), static_cast<int32_t>(left));
    std::unique_ptr<Message> reply = New(found.method->output_type());
    RETURN_IF_ERROR(client->Call(PathOf(found.method), *request, reply.get(), {.timeout = absl::Seconds(30)}));
    const auto* reply_reflection = reply->GetReflection();
    for (int i = 0; i < reply_reflection->FieldSize(*reply, members); ++i) {
      const Message& member = reply_reflection->GetRepeatedMessage(*reply, members, i);
      out.push_back(New(member.GetDescriptor()));
      out.back()->CopyFrom(member);
    }
    const std::string token =
        reply_reflection->GetString(*reply, reply->GetDescriptor()->FindFieldByName("next_page_token"));
    if (token.empty() || (limit != 0 && static_cast<int64_t>(out.size()) >= limit)) return out;
    reflection->SetString(request.get(), field("page_token"), token);
  }
}

absl::Status CallMethod(Suite& suite, const std::string& service, const std::string& method, const std::string& json,
                        absl::Duration within, const std::function<bool(const Message&)>& tell) {
  std::string full_name = method;
  std::replace(full_name.begin(), full_name.end(), '/', '.');
  const MethodDescriptor* descriptor = DescriptorPool::generated_pool()->FindMethodByName(full_name);
  if (descriptor == nullptr) {
    return absl::InvalidArgumentError(
        StrCat("method: got '", method, "', want one such as tributary.partner.v1.PartnerService/GetPartner"));
  }
  ASSIGN_OR_RETURN(rpc::Client * client, service.empty() ? suite.ForMethod(full_name) : suite.OfService(service));
  const auto read = [descriptor](absl::string_view text) -> absl::StatusOr<std::unique_ptr<Message>> {
    std::unique_ptr<Message> request = New(descriptor->input_type());
    const auto status = google::protobuf::util::JsonStringToMessage(std::string(text), request.get());
    if (!status.ok()) return absl::InvalidArgumentError(StrCat("request: ", std::string(status.message())));
    return request;
  };
  std::unique_ptr<Message> reply = New(descriptor->output_type());
  if (descriptor->client_streaming()) {
    std::vector<std::unique_ptr<Message>> requests;
    for (const absl::string_view line : absl::StrSplit(json, '\n', absl::SkipWhitespace())) {
      ASSIGN_OR_RETURN(requests.emplace_back(), read(line));
    }
    const auto stream = client->OpenOutgoing(PathOf(descriptor), reply.get(), {.stream_timeout = within});
    for (const auto& request : requests) {
      if (!stream->Write(*request)) break;
    }
    RETURN_IF_ERROR(stream->Finish());
    tell(*reply);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<Message> request, read(json));
  if (!descriptor->server_streaming()) {
    RETURN_IF_ERROR(client->Call(PathOf(descriptor), *request, reply.get(), {.timeout = absl::Minutes(1)}));
    tell(*reply);
    return absl::OkStatus();
  }
  const auto stream = client->OpenStream(PathOf(descriptor), *request, {.stream_timeout = within});
  bool enough = false;
  while (!enough && stream->Read(reply.get())) enough = !tell(*reply);
  if (enough) {
    stream->Cancel();
    while (stream->Read(reply.get())) continue;
  }
  const absl::Status end = stream->Finish();
  // The time that was asked for is no failure.
  return enough || absl::IsDeadlineExceeded(end) ? absl::OkStatus() : end;
}

}  // namespace tributary::cli
