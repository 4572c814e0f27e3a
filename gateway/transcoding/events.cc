#include "gateway/transcoding/events.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "gateway/transcoding/answers.h"
#include "google/protobuf/util/json_util.h"

namespace tributary::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

const FieldDescriptor* TokenField(const Message& message) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName("resume_token");
  return field == nullptr || field->is_repeated() || field->type() != FieldDescriptor::TYPE_STRING ? nullptr : field;
}

}  // namespace

StreamForm FormOf(std::string_view accept) {
  return absl::StrContains(absl::AsciiStrToLower(Abseil(accept.substr(0, 1024))), "text/event-stream")
             ? StreamForm::kEvents
             : StreamForm::kLines;
}

http::Response StreamHead(StreamForm form) {
  return {
      .content_type = form == StreamForm::kEvents ? "text/event-stream" : "application/x-ndjson",
      .headers = {{"cache-control", "no-store"}, {"x-content-type-options", "nosniff"}, {"x-accel-buffering", "no"}}};
}

std::string EventOf(const Message& message, StreamForm form) {
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(message, &json).ok()) {
    return ErrorEvent(
        Error(Reason::kInternal, StrCat("cannot write ", message.GetDescriptor()->full_name(), " as JSON")), "en",
        form);
  }
  if (form == StreamForm::kLines) return json + "\n";
  std::string event;
  if (const FieldDescriptor* field = TokenField(message); field != nullptr) {
    const std::string token = message.GetReflection()->GetString(message, field);
    // A line break would begin another field.
    if (!token.empty() && token.find_first_of("\r\n") == std::string::npos) event = StrCat("id: ", token, "\n");
  }
  return StrCat(event, "data: ", json, "\n\n");
}

std::string ErrorEvent(const absl::Status& status, std::string_view language, StreamForm form) {
  std::string json = ErrorAnswer(status, language).body;
  while (!json.empty() && json.back() == '\n') json.pop_back();
  return form == StreamForm::kLines ? StrCat("{\"error\":", json, "}\n") : StrCat("event: error\ndata: ", json, "\n\n");
}

void Resume(std::string_view last_event_id, Message* request) {
  const FieldDescriptor* field = TokenField(*request);
  if (last_event_id.empty() || field == nullptr) return;
  if (!request->GetReflection()->GetString(*request, field).empty()) return;
  // What is no text is no token of ours either, and is refused as one.
  request->GetReflection()->SetString(request, field, IsUtf8(last_event_id) ? std::string(last_event_id) : "?");
}

}  // namespace tributary::gateway
