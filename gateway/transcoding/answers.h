#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "common/http/message.h"
#include "google/protobuf/message.h"

namespace tributary::gateway {

// The HTTP code that says the same.
int HttpStatusOf(const absl::Status& status);

// 200 with the message as JSON in its canonical form: JSON names, enums by name, absent fields left out.
http::Response AnswerOf(const google::protobuf::Message& message);

// The error as a google.rpc.Status in JSON with its details, texts for people in `language` ("en" or "zh-CN");
// WWW-Authenticate, Retry-After as they fit. `http_status` 0: by the code. Errors without a reason get their code's.
http::Response ErrorAnswer(const absl::Status& status, std::string_view language, int http_status = 0);

// The best of "en" and "zh-CN" by an Accept-Language header; English where it names neither.
std::string_view LanguageOf(std::string_view accept_language);

}  // namespace tributary::gateway
