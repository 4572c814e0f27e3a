#include "common/rpc/wire_status.h"

#include <algorithm>
#include <string>

#include "common/status/status.h"
#include "common/text/text.h"
#include "google/rpc/error_details.pb.h"

namespace tributary::rpc {
namespace {

// A violation's description: "got G, want W".
constexpr std::string_view kGot = "got ", kWant = ", want ";

// Bytes of what ToGrpc sends; base64 and percent signs make up to 6.5 KB of them.
constexpr size_t kWireMessage = 600;
constexpr size_t kWireDetails = 2500;

// At most `limit` bytes, whole characters.
std::string Cut(std::string_view text, size_t limit) {
  if (!IsUtf8(text)) return Cut(Printable(text, limit), limit);
  if (text.size() <= limit) return std::string(text);
  size_t end = limit - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return StrCat(text.substr(0, end), "...");
}

// What still fits below a limit.
class Room {
 public:
  explicit Room(size_t bytes) : bytes_(bytes) {}
  bool Take(size_t bytes) {
    if (bytes > bytes_) return false;
    bytes_ -= bytes;
    return true;
  }

 private:
  size_t bytes_;
};

google::rpc::Status Build(const absl::Status& status, std::string_view language, size_t message_limit,
                          size_t details_limit) {
  google::rpc::Status out;
  out.set_code(static_cast<int>(status.code()));
  out.set_message(Cut(Std(status.message()), message_limit));
  if (status.ok()) return out;
  const ErrorDetail detail = DetailOf(status);
  if (detail.reason == Reason::kUnspecified) return out;
  const ReasonInfo& info = InfoOf(detail.reason);
  Room room(details_limit);

  google::rpc::ErrorInfo error_info;
  error_info.set_reason(std::string(info.name));
  error_info.set_domain(std::string(kErrorDomain));
  for (const auto& [key, value] : detail.metadata) {
    std::string text = Cut(value, message_limit);
    if (room.Take(key.size() + text.size())) (*error_info.mutable_metadata())[key] = std::move(text);
  }
  out.add_details()->PackFrom(error_info);

  if (!detail.violations.empty()) {
    google::rpc::BadRequest bad_request;
    for (const FieldViolation& violation : detail.violations) {
      std::string description = Cut(StrCat(kGot, violation.got, kWant, violation.want), message_limit);
      if (!room.Take(violation.field.size() + description.size() + 8)) {
        bad_request.add_field_violations()->set_description(StrCat(
            "and ", static_cast<int>(detail.violations.size()) - bad_request.field_violations_size() + 1, " more"));
        break;
      }
      auto* field = bad_request.add_field_violations();
      field->set_field(violation.field);
      field->set_description(std::move(description));
    }
    out.add_details()->PackFrom(bad_request);
  }
  if (!detail.preconditions.empty()) {
    google::rpc::PreconditionFailure failure;
    for (const std::string& text : detail.preconditions) {
      if (!room.Take(text.size() + info.name.size() + 8)) break;
      auto* violation = failure.add_violations();
      violation->set_type(std::string(info.name));
      const size_t colon = text.find(": ");
      violation->set_subject(colon == std::string::npos ? "" : text.substr(0, colon));
      violation->set_description(colon == std::string::npos ? text : text.substr(colon + 2));
    }
    out.add_details()->PackFrom(failure);
  }
  if (detail.retry_after.has_value()) {
    google::rpc::RetryInfo retry;
    const int64_t nanos = absl::ToInt64Nanoseconds(*detail.retry_after);
    retry.mutable_retry_delay()->set_seconds(nanos / 1000000000);
    retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(nanos % 1000000000));
    out.add_details()->PackFrom(retry);
  }
  google::rpc::LocalizedMessage localized;
  const bool chinese = language.substr(0, 2) == "zh";
  localized.set_locale(chinese ? "zh-CN" : "en");
  localized.set_message(std::string(chinese ? info.zh : info.en));
  out.add_details()->PackFrom(localized);
  return out;
}

}  // namespace

google::rpc::Status ToRpcStatus(const absl::Status& status, std::string_view language) {
  constexpr size_t kAll = 1 << 20;
  return Build(status, language, kAll, kAll);
}

grpc::Status ToGrpc(const absl::Status& status, std::string_view language) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status wire = Build(status, language, kWireMessage, kWireDetails);
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), wire.message(), wire.SerializeAsString());
}

absl::Status FromRpcStatus(const google::rpc::Status& status) {
  if (status.code() == 0) return absl::OkStatus();
  const int code = status.code() >= 1 && status.code() <= 16 ? status.code() : 2;
  ErrorDetail detail;
  for (const google::protobuf::Any& any : status.details()) {
    google::rpc::ErrorInfo error_info;
    google::rpc::BadRequest bad_request;
    google::rpc::PreconditionFailure failure;
    google::rpc::RetryInfo retry;
    if (any.UnpackTo(&error_info)) {
      detail.reason = ReasonFromName(error_info.reason());
      for (const auto& [key, value] : error_info.metadata()) detail.metadata.emplace_back(key, value);
      std::sort(detail.metadata.begin(), detail.metadata.end());  // a map has no order
    } else if (any.UnpackTo(&bad_request)) {
      for (const auto& field : bad_request.field_violations()) {
        // The description reads "got G, want W"; G may be anything, W is ours.
        std::string got, want = field.description();
        const size_t middle = want.rfind(kWant);
        if (want.rfind(kGot, 0) == 0 && middle != std::string::npos && middle >= kGot.size()) {
          got = want.substr(kGot.size(), middle - kGot.size());
          want = want.substr(middle + kWant.size());
        }
        detail.violations.push_back({field.field(), got, want});
      }
    } else if (any.UnpackTo(&failure)) {
      for (const auto& violation : failure.violations()) {
        const char* joint = violation.subject().empty() ? "" : ": ";
        detail.preconditions.push_back(StrCat(violation.subject(), joint, violation.description()));
      }
    } else if (any.UnpackTo(&retry)) {
      detail.retry_after =
          absl::Seconds(retry.retry_delay().seconds()) + absl::Nanoseconds(retry.retry_delay().nanos());
    }
  }
  if (detail.reason == Reason::kUnspecified && detail.violations.empty() && !detail.retry_after.has_value()) {
    return absl::Status(static_cast<absl::StatusCode>(code), status.message());
  }
  return WithDetail(static_cast<absl::StatusCode>(code), status.message(), detail);
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  google::rpc::Status rpc_status;
  if (!status.error_details().empty() && rpc_status.ParseFromString(status.error_details()) && rpc_status.code() != 0) {
    return FromRpcStatus(rpc_status);
  }
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return WithDetail(code, status.error_message(), {.reason = Reason::kServiceUnavailable});
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return WithDetail(code, status.error_message(), {.reason = Reason::kDeadlineExceeded});
    default:
      return absl::Status(code, status.error_message());
  }
}

}  // namespace tributary::rpc
