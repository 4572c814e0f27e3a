#include "gateway/transcoding/answers.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "common/rpc/wire_status.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "google/protobuf/util/json_util.h"

namespace tributary::gateway {
namespace {

// An error that came without a reason, from a library below a service, gets the one that its code stands for.
absl::Status WithReason(const absl::Status& status) {
  if (ReasonOf(status) != Reason::kUnspecified) return status;
  ErrorDetail detail = DetailOf(status);
  switch (status.code()) {
    case absl::StatusCode::kUnauthenticated:
      detail.reason = Reason::kUnauthenticated;
      break;
    case absl::StatusCode::kPermissionDenied:
      detail.reason = Reason::kPermissionDenied;
      break;
    case absl::StatusCode::kNotFound:
      detail.reason = Reason::kNotFound;
      break;
    case absl::StatusCode::kAlreadyExists:
      detail.reason = Reason::kAlreadyExists;
      break;
    case absl::StatusCode::kInvalidArgument:
      detail.reason = Reason::kMalformedRequest;
      break;
    case absl::StatusCode::kFailedPrecondition:
      detail.reason = Reason::kStateConflict;
      break;
    case absl::StatusCode::kResourceExhausted:
      detail.reason = Reason::kOverloaded;
      break;
    case absl::StatusCode::kUnavailable:
      detail.reason = Reason::kServiceUnavailable;
      break;
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
      detail.reason = Reason::kDeadlineExceeded;
      break;
    case absl::StatusCode::kUnimplemented:
      detail.reason = Reason::kMethodNotFound;
      break;
    default:
      detail.reason = Reason::kInternal;
  }
  return WithDetail(status.code(), Std(status.message()), detail);
}

http::Headers CommonHeaders() { return {{"cache-control", "no-store"}, {"x-content-type-options", "nosniff"}}; }

}  // namespace

int HttpStatusOf(const absl::Status& status) {
  if (ReasonOf(status) == Reason::kPayloadTooLarge) return 413;
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return 200;
    case absl::StatusCode::kCancelled:
      return 499;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kOutOfRange:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kAborted:
      return 409;
    case absl::StatusCode::kResourceExhausted:
      return 429;
    case absl::StatusCode::kUnimplemented:
      return 501;
    case absl::StatusCode::kUnavailable:
      return 503;
    case absl::StatusCode::kDeadlineExceeded:
      return 504;
    default:
      return 500;
  }
}

http::Response AnswerOf(const google::protobuf::Message& message) {
  http::Response response{.content_type = "application/json; charset=utf-8", .headers = CommonHeaders()};
  const auto status = google::protobuf::util::MessageToJsonString(message, &response.body);
  if (!status.ok()) {
    return ErrorAnswer(
        Error(Reason::kInternal, StrCat("cannot write ", message.GetDescriptor()->full_name(), " as JSON")), "en");
  }
  response.body += '\n';
  return response;
}

http::Response ErrorAnswer(const absl::Status& status, std::string_view language, int http_status) {
  const absl::Status explained = WithReason(status);
  google::rpc::Status error = rpc::ToRpcStatus(explained, language);
  if (!IsUtf8(error.message())) error.set_message(Printable(error.message(), 1000));
  http::Response response{.status = http_status == 0 ? HttpStatusOf(explained) : http_status,
                          .content_type = "application/json; charset=utf-8",
                          .headers = CommonHeaders()};
  if (!google::protobuf::util::MessageToJsonString(error, &response.body).ok()) {
    // A detail that cannot be written; code and message can.
    error.clear_details();
    response.body.clear();
    (void)google::protobuf::util::MessageToJsonString(error, &response.body);
  }
  response.body += '\n';
  if (response.status == 401) response.headers.emplace_back("www-authenticate", "Bearer");
  if (const auto retry = DetailOf(explained).retry_after; retry.has_value()) {
    response.headers.emplace_back(
        "retry-after", StrCat(std::max<int64_t>(1, absl::ToInt64Seconds(absl::Ceil(*retry, absl::Seconds(1))))));
  }
  return response;
}

std::string_view LanguageOf(std::string_view accept_language) {
  double english = 0, chinese = 0, any = 0;
  for (const absl::string_view part : absl::StrSplit(Abseil(accept_language.substr(0, 1024)), ',')) {
    const std::vector<absl::string_view> pieces = absl::StrSplit(part, ';');
    const std::string tag = absl::AsciiStrToLower(absl::StripAsciiWhitespace(pieces[0]));
    double quality = 1;
    if (pieces.size() > 1) {
      const absl::string_view parameter = absl::StripAsciiWhitespace(pieces[1]);
      if (parameter.substr(0, 2) != "q=" || !absl::SimpleAtod(parameter.substr(2), &quality)) quality = 0;
    }
    if (tag == "*") any = std::max(any, quality);
    if (tag == "en" || tag.rfind("en-", 0) == 0) english = std::max(english, quality);
    if (tag == "zh" || tag.rfind("zh-", 0) == 0) chinese = std::max(chinese, quality);
  }
  return chinese > english && chinese >= any ? "zh-CN" : "en";
}

}  // namespace tributary::gateway
