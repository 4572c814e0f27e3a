#pragma once

// Server streams as HTTP bodies.

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "common/http/message.h"
#include "google/protobuf/message.h"

namespace tributary::gateway {

// How the messages of a stream follow each other: lines of JSON (application/x-ndjson), or server-sent events
// (text/event-stream), whose id is the message's resume_token where it has one.
enum class StreamForm { kLines, kEvents };

// Events where the Accept header names them, else lines.
StreamForm FormOf(std::string_view accept);

// The head of a body in this form.
http::Response StreamHead(StreamForm form);
// One message. Where it cannot be written, an error as by ErrorEvent.
std::string EventOf(const google::protobuf::Message& message, StreamForm form);
// Why the stream ended: a google.rpc.Status, in {"error": ...} as the last line, or as an event of the type "error".
std::string ErrorEvent(const absl::Status& status, std::string_view language, StreamForm form);

// Where a client comes back with the Last-Event-ID of a stream: sets the request's resume_token, unless it has one.
void Resume(std::string_view last_event_id, google::protobuf::Message* request);

}  // namespace tributary::gateway
