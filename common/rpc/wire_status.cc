#include "common/rpc/wire_status.h"

#include <string>

#include "common/status/status.h"
#include "google/rpc/error_details.pb.h"

namespace tributary::rpc {

google::rpc::Status ToRpcStatus(const absl::Status& status, std::string_view language) {
  google::rpc::Status out;
  out.set_code(static_cast<int>(status.code()));
  out.set_message(std::string(status.message()));
  if (status.ok()) return out;
  const ErrorDetail detail = DetailOf(status);
  if (detail.reason == Reason::kUnspecified) return out;
  const ReasonInfo& info = InfoOf(detail.reason);

  google::rpc::ErrorInfo error_info;
  error_info.set_reason(std::string(info.name));
  error_info.set_domain(std::string(kErrorDomain));
  for (const auto& [key, value] : detail.metadata) (*error_info.mutable_metadata())[key] = value;
  out.add_details()->PackFrom(error_info);

  if (!detail.violations.empty()) {
    google::rpc::BadRequest bad_request;
    for (const FieldViolation& violation : detail.violations) {
      auto* field = bad_request.add_field_violations();
      field->set_field(violation.field);
      field->set_description("got " + violation.got + ", want " + violation.want);
    }
    out.add_details()->PackFrom(bad_request);
  }
  if (!detail.preconditions.empty()) {
    google::rpc::PreconditionFailure failure;
    for (const std::string& text : detail.preconditions) {
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

grpc::Status ToGrpc(const absl::Status& status, std::string_view language) {
  if (status.ok()) return grpc::Status::OK;
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), std::string(status.message()),
                      ToRpcStatus(status, language).SerializeAsString());
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
    } else if (any.UnpackTo(&bad_request)) {
      for (const auto& field : bad_request.field_violations()) {
        // The description reads "got G, want W".
        std::string got, want = field.description();
        const size_t middle = want.find(", want ");
        if (want.rfind("got ", 0) == 0 && middle != std::string::npos) {
          got = want.substr(4, middle - 4);
          want = want.substr(middle + 7);
        }
        detail.violations.push_back({field.field(), got, want});
      }
    } else if (any.UnpackTo(&failure)) {
      for (const auto& violation : failure.violations()) {
        detail.preconditions.push_back(violation.subject() + ": " + violation.description());
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
