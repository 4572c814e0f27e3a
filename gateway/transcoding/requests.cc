#include "gateway/transcoding/requests.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "gateway/transcoding/json_check.h"
#include "gateway/transcoding/scalars.h"
#include "google/protobuf/util/json_util.h"

namespace tributary::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kMaxParameters = 100;

std::string Spell(const FieldPath& path) {
  std::string text;
  for (const FieldDescriptor* field : path) StrAppend(&text, text.empty() ? "" : ".", field->name());
  return text;
}

// The message that holds the path's last field.
Message* Holder(const FieldPath& path, Message* message) {
  for (size_t i = 0; i + 1 < path.size(); ++i) message = message->GetReflection()->MutableMessage(message, path[i]);
  return message;
}

// Only JSON is read: a form that a browser may send to anybody is not taken for it.
bool IsJson(std::string_view content_type, bool lines) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  const std::string lower = absl::AsciiStrToLower(absl::StripAsciiWhitespace(Abseil(type)));
  return lower.empty() || lower == "application/json" || (lines && lower == "application/x-ndjson");
}

absl::Status ReadBody(const Route& route, const http::Request& request, const JsonLimits& limits, Message* message) {
  if (request.body.empty()) return absl::OkStatus();
  if (route.body == Route::Body::kNone) {
    return Error(Reason::kMalformedRequest, StrCat("got a body of ", request.body.size(), " bytes, want none with ",
                                                   route.verb, " ", route.pattern));
  }
  const bool lines = route.method->client_streaming();
  if (!IsJson(request.Header("content-type"), lines)) {
    return Error(Reason::kMalformedRequest, StrCat("got Content-Type ", Printable(request.Header("content-type")),
                                                   lines ? ", want application/x-ndjson" : ", want application/json"));
  }
  ASSIGN_OR_RETURN(const JsonValue value, ScanJson(request.body, limits));
  std::string path;
  if (route.body == Route::Body::kField) {
    path = route.body_field->name();
    message = message->GetReflection()->MutableMessage(message, route.body_field);
  }
  RETURN_IF_ERROR(CheckJson(value, *message->GetDescriptor(), path));
  const auto status = google::protobuf::util::JsonStringToMessage(request.body, message);
  if (!status.ok()) {
    return Error(Reason::kMalformedRequest, StrCat("the body is no ", message->GetDescriptor()->full_name(), ": ",
                                                   Printable(std::string(status.message()), 300)));
  }
  return absl::OkStatus();
}

absl::Status SetFromPath(const Routes::Found& found, Message* message) {
  for (size_t i = 0; i < found.values.size(); ++i) {
    const FieldPath& path = found.route->variables[i];
    const FieldDescriptor& field = *path.back();
    Message* holder = Holder(path, message);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      const std::string in_body = holder->GetReflection()->GetString(*holder, &field);
      if (!in_body.empty() && in_body != found.values[i]) {
        return InvalidField(Spell(path), in_body, StrCat(found.values[i], ", as the path says, or nothing"));
      }
    }
    if (!SetFromText(field, found.values[i], holder))
      return InvalidField(Spell(path), found.values[i], WantedBy(field));
  }
  return absl::OkStatus();
}

class Parameters {
 public:
  Parameters(const Route& route, Message* message) : route_(route), message_(message) {
    for (const FieldPath& path : route.variables) taken_.insert(Spell(path));
  }

  absl::Status Read(std::string_view query) {
    size_t count = 0;
    while (!query.empty()) {
      const size_t end = std::min(query.find('&'), query.size());
      const std::string_view pair = query.substr(0, end);
      query.remove_prefix(std::min(end + 1, query.size()));
      if (pair.empty()) continue;
      if (++count > kMaxParameters) {
        return InvalidField("query", StrCat("more than ", kMaxParameters, " parameters"), "fewer");
      }
      const size_t equals = std::min(pair.find('='), pair.size());
      ASSIGN_OR_RETURN(const std::string name, PercentDecode(pair.substr(0, equals), true, "query"));
      ASSIGN_OR_RETURN(const std::string value,
                       PercentDecode(pair.substr(std::min(equals + 1, pair.size())), true, name));
      Set(name, value);
    }
    if (violations_.empty()) return absl::OkStatus();
    return InvalidFields(std::move(violations_));
  }

 private:
  void Set(const std::string& name, const std::string& value) {
    const FieldPath path = FindField(*message_->GetDescriptor(), name);
    if (path.empty()) {
      violations_.push_back(
          {Printable(name, 64), Printable(name), StrCat("a field of ", message_->GetDescriptor()->name())});
      return;
    }
    const std::string spelled = Spell(path);
    const FieldDescriptor& field = *path.back();
    if (route_.body == Route::Body::kWhole || path.front() == route_.body_field) {
      violations_.push_back({spelled, "a parameter", "it in the body"});
    } else if (!taken_.insert(spelled).second && !field.is_repeated()) {
      violations_.push_back({spelled, "twice", "once"});
    } else if (!SetFromText(field, value, Holder(path, message_))) {
      violations_.push_back(
          {spelled, value,
           field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !IsTextMessage(*field.message_type())
               ? StrCat("its fields one by one, as ", spelled, ".", FirstField(field))
               : WantedBy(field)});
    }
  }

  static std::string FirstField(const FieldDescriptor& field) {
    return field.message_type()->field_count() == 0 ? "" : field.message_type()->field(0)->name();
  }

  const Route& route_;
  Message* const message_;
  std::set<std::string> taken_;  // also those of the path
  std::vector<FieldViolation> violations_;
};

}  // namespace

absl::Status ReadRequest(const Routes::Found& found, const http::Request& request, const JsonLimits& limits,
                         Message* message) {
  RETURN_IF_ERROR(ReadBody(*found.route, request, limits, message));
  RETURN_IF_ERROR(SetFromPath(found, message));
  return Parameters(*found.route, message).Read(request.Query());
}

absl::StatusOr<std::vector<std::unique_ptr<Message>>> ReadMessages(const Routes::Found& found,
                                                                   const http::Request& request,
                                                                   const JsonLimits& limits) {
  const Message* prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(found.route->method->input_type());
  std::vector<std::unique_ptr<Message>> messages;
  http::Request line{.method = request.method, .target = request.target, .headers = request.headers};
  for (std::string_view rest = request.body; !rest.empty();) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    line.body = std::string(absl::StripAsciiWhitespace(Abseil(rest.substr(0, end))));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.body.empty()) continue;
    messages.emplace_back(prototype->New());
    const absl::Status status = ReadRequest(found, line, limits, messages.back().get());
    if (status.ok()) continue;
    const std::string at = StrCat("messages[", messages.size() - 1, "]");
    return DetailOf(status).violations.empty() ? Annotate(status, at) : AtField(status, at);
  }
  return messages;
}

}  // namespace tributary::gateway
