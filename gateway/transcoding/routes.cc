#include "gateway/transcoding/routes.h"

#include <algorithm>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"
#include "gateway/transcoding/scalars.h"
#include "google/api/annotations.pb.h"
#include "google/protobuf/descriptor_database.h"
#include "tributary/api/v1/access.pb.h"

namespace tributary::gateway {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using Kind = PathTemplate::Segment::Kind;

absl::Status Wrong(const MethodDescriptor& method, std::string_view what) {
  return absl::FailedPreconditionError(StrCat("http rule of ", method.full_name(), ": ", what));
}

absl::StatusOr<std::unique_ptr<Route>> Compile(const MethodDescriptor& method, const google::api::HttpRule& rule) {
  auto route = std::make_unique<Route>();
  route->method = &method;
  switch (rule.pattern_case()) {
    case google::api::HttpRule::kGet:
      route->verb = "GET";
      route->pattern = rule.get();
      break;
    case google::api::HttpRule::kPut:
      route->verb = "PUT";
      route->pattern = rule.put();
      break;
    case google::api::HttpRule::kPost:
      route->verb = "POST";
      route->pattern = rule.post();
      break;
    case google::api::HttpRule::kDelete:
      route->verb = "DELETE";
      route->pattern = rule.delete_();
      break;
    case google::api::HttpRule::kPatch:
      route->verb = "PATCH";
      route->pattern = rule.patch();
      break;
    default:
      return Wrong(method, "want get, put, post, patch or delete");
  }
  if (method.client_streaming() && (method.server_streaming() || rule.body() != "*")) {
    return Wrong(method, "a client stream is a whole body, and its answer one message");
  }
  ASSIGN_OR_RETURN(route->path, ParsePathTemplate(route->pattern));
  for (const PathTemplate::Variable& variable : route->path.variables) {
    FieldPath field = FindField(*method.input_type(), variable.field_path);
    if (field.empty() || field.back()->is_repeated() || field.back()->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      return Wrong(method, StrCat("got {", variable.field_path, "}, want a single value of the request"));
    }
    route->variables.push_back(std::move(field));
  }
  if (rule.body() == "*") {
    route->body = Route::Body::kWhole;
  } else if (!rule.body().empty()) {
    route->body = Route::Body::kField;
    route->body_field = method.input_type()->FindFieldByName(rule.body());
    if (route->body_field == nullptr || route->body_field->is_repeated() ||
        route->body_field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      return Wrong(method, StrCat("got body ", rule.body(), ", want a single message of the request"));
    }
  }
  if (!rule.response_body().empty()) return Wrong(method, "response_body is not supported");
  return route;
}

}  // namespace

// One step down a path.
struct Routes::Node {
  // What ends here, by the verb behind the ':' and then by that of HTTP.
  using Ends = std::map<std::string, std::map<std::string, const Route*, std::less<>>, std::less<>>;
  std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
  std::unique_ptr<Node> one;  // any segment
  Ends ends;
  Ends rest;  // whatever follows, also nothing

  // Calls `visit` with each end that fits, the most literal first, until it answers true.
  template <typename Visit>
  bool Walk(const RequestPath& path, size_t at, const Visit& visit) const {
    if (at == path.segments.size()) {
      if (const auto found = ends.find(path.verb); found != ends.end() && visit(found->second)) return true;
    } else {
      const auto literal = literals.find(path.segments[at]);
      if (literal != literals.end() && literal->second->Walk(path, at + 1, visit)) return true;
      if (one != nullptr && !path.segments[at].empty() && one->Walk(path, at + 1, visit)) return true;
    }
    const auto found = rest.find(path.verb);
    return found != rest.end() && visit(found->second);
  }
};

Routes::Routes() : root_(std::make_unique<Node>()) {}
Routes::Routes(Routes&&) noexcept = default;
Routes& Routes::operator=(Routes&&) noexcept = default;
Routes::~Routes() = default;

absl::StatusOr<Routes> Routes::Of(const std::vector<const MethodDescriptor*>& methods) {
  Routes routes;
  for (const MethodDescriptor* method : methods) {
    const google::api::HttpRule& rule = method->options().GetExtension(google::api::http);
    ASSIGN_OR_RETURN(std::unique_ptr<Route> route, Compile(*method, rule));
    RETURN_IF_ERROR(routes.Add(std::move(route)));
    for (const google::api::HttpRule& additional : rule.additional_bindings()) {
      if (additional.additional_bindings_size() > 0) return Wrong(*method, "additional bindings do not nest");
      ASSIGN_OR_RETURN(std::unique_ptr<Route> other, Compile(*method, additional));
      RETURN_IF_ERROR(routes.Add(std::move(other)));
    }
  }
  return routes;
}

absl::Status Routes::Add(std::unique_ptr<Route> route) {
  Node* node = root_.get();
  bool rest = false;
  for (const PathTemplate::Segment& segment : route->path.segments) {
    if (segment.kind == Kind::kRest) {
      rest = true;
      break;
    }
    std::unique_ptr<Node>& next = segment.kind == Kind::kOne ? node->one : node->literals[segment.literal];
    if (next == nullptr) next = std::make_unique<Node>();
    node = next.get();
  }
  Node::Ends& ends = rest ? node->rest : node->ends;
  const auto [taken, added] = ends[route->path.verb].emplace(route->verb, route.get());
  if (!added) {
    return absl::FailedPreconditionError(StrCat("http rules: ", route->verb, " ", route->path.Shape(),
                                                " would be both ", taken->second->method->full_name(), " and ",
                                                route->method->full_name()));
  }
  routes_.push_back(std::move(route));
  return absl::OkStatus();
}

absl::StatusOr<Routes::Found> Routes::Find(std::string_view verb, std::string_view path) const {
  ASSIGN_OR_RETURN(const RequestPath request, ParseRequestPath(path));
  Found found;
  root_->Walk(request, 0, [&](const auto& by_verb) {
    const auto hit = by_verb.find(verb);
    if (hit != by_verb.end()) {
      found.route = hit->second;
      return true;
    }
    for (const auto& [allowed, route] : by_verb) found.allowed.push_back(allowed);
    return false;
  });
  if (found.route == nullptr) {
    std::sort(found.allowed.begin(), found.allowed.end());
    found.allowed.erase(std::unique(found.allowed.begin(), found.allowed.end()), found.allowed.end());
    return found;
  }
  found.allowed.clear();
  const PathTemplate& pattern = found.route->path;
  for (const PathTemplate::Variable& variable : pattern.variables) {
    const bool to_the_end = pattern.segments[variable.last - 1].kind == Kind::kRest;
    const size_t last = to_the_end ? request.segments.size() : variable.last;
    std::string value;
    for (size_t i = variable.first; i < last; ++i) {
      if (i > variable.first) value += '/';
      value += request.segments[i];
    }
    found.values.push_back(std::move(value));
  }
  return found;
}

std::vector<const MethodDescriptor*> PublicMethods(const std::vector<std::string>& packages) {
  std::vector<std::string> files;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  std::sort(files.begin(), files.end());
  std::vector<const MethodDescriptor*> methods;
  for (const std::string& name : files) {
    const auto* file = DescriptorPool::generated_pool()->FindFileByName(name);
    if (file == nullptr || std::find(packages.begin(), packages.end(), file->package()) == packages.end()) continue;
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        const MethodDescriptor* method = file->service(s)->method(m);
        if (!method->options().HasExtension(google::api::http)) continue;
        if (method->options().GetExtension(api::v1::access).internal()) continue;
        methods.push_back(method);
      }
    }
  }
  return methods;
}

FieldPath FindField(const Descriptor& message, std::string_view path) {
  FieldPath fields;
  const Descriptor* at = &message;
  while (true) {
    if (at == nullptr || (!fields.empty() && (fields.back()->is_repeated() || IsTextMessage(*at)))) return {};
    const size_t end = std::min(path.find('.'), path.size());
    const std::string name(path.substr(0, end));
    const FieldDescriptor* field = at->FindFieldByName(name);
    if (field == nullptr) field = at->FindFieldByCamelcaseName(name);
    if (field == nullptr) return {};
    fields.push_back(field);
    if (end == path.size()) return fields;
    path.remove_prefix(end + 1);
    at = field->message_type();
  }
}

}  // namespace tributary::gateway
