#include "common/rpc/core.h"

#include <utility>

#include "absl/strings/match.h"
#include "common/rpc/bytes.h"
#include "common/rpc/trace.h"
#include "common/rpc/validation.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "spdlog/spdlog.h"

namespace tributary::rpc {
namespace {

using google::protobuf::Message;

// A deadline further away than this is as good as none.
constexpr absl::Duration kLongestDeadline = absl::Hours(24);

std::string_view Metadata(const grpc::CallbackServerContext& context, const char* key) {
  const auto& all = context.client_metadata();
  const auto found = all.find(key);
  return found == all.end() ? std::string_view() : std::string_view(found->second.data(), found->second.size());
}

// Text as the inside of a JSON string. Library errors may quote any bytes.
std::string JsonEscaped(std::string_view text) {
  if (!IsUtf8(text)) return JsonEscaped(Printable(text, 1000));
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      StrAppend(&out, "\\u00", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    } else {
      out += c;
    }
  }
  return out;
}

absl::Status ReadCall(const Core& core, const MethodEntry& method, grpc::CallbackServerContext& context,
                      absl::Time arrived, Call* call, std::string* language) {
  call->method = method.path;
  // Stored times have microseconds; one moment must compare equal before and after it is stored.
  call->now = absl::FromUnixMicros(absl::ToUnixMicros(core.frame.clock->Now()));
  call->trace_id = TraceIdOf(Metadata(context, "traceparent"));
  *language = std::string(Metadata(context, "accept-language").substr(0, 16));
  const absl::Time wanted = absl::FromChrono(context.deadline());
  const absl::Duration standard =
      method.descriptor->client_streaming() ? core.options.incoming_deadline : core.options.default_deadline;
  call->deadline = wanted > arrived + kLongestDeadline ? arrived + standard : wanted;

  const std::string_view authorization = Metadata(context, "authorization");
  constexpr std::string_view kBearer = "Bearer ";
  if (!absl::StartsWithIgnoreCase(Abseil(authorization), Abseil(kBearer))) {
    return Error(Reason::kUnauthenticated, "got no authorization metadata, want 'authorization: Bearer <token>'");
  }
  call->token = std::string(authorization.substr(kBearer.size()));
  ASSIGN_OR_RETURN(call->identity, core.frame.verifier->Verify(call->token, call->now));
  return absl::OkStatus();
}

}  // namespace

absl::Status AdmitCall(const Core& core, const MethodEntry& method, grpc::CallbackServerContext& context,
                       absl::Time arrived, Call* call, std::string* language) {
  if (core.draining.load(std::memory_order_relaxed)) return Error(Reason::kDraining, "the process is stopping");
  return ReadCall(core, method, context, arrived, call, language);
}

absl::Status AdmitMessage(const MethodEntry& method, const Call& call, const grpc::ByteBuffer& bytes,
                          Message* request) {
  if (!Parse(bytes, request)) {
    return Error(Reason::kMalformedRequest, StrCat("got bytes that are no ", request->GetDescriptor()->full_name(),
                                                   " (or a text in them is not UTF-8), want that message"));
  }
  RETURN_IF_ERROR(method.access.Check(*call.identity, *request));
  return Validate(*request);
}

absl::Status Admit(const Core& core, const MethodEntry& method, grpc::CallbackServerContext& context,
                   const grpc::ByteBuffer& bytes, absl::Time arrived, Message* request, Call* call,
                   std::string* language) {
  RETURN_IF_ERROR(AdmitCall(core, method, context, arrived, call, language));
  RETURN_IF_ERROR(AdmitMessage(method, *call, bytes, request));
  const auto* reflection = request->GetReflection();
  if (method.request_id != nullptr) call->request_id = reflection->GetString(*request, method.request_id);
  if (method.validate_only != nullptr) call->validate_only = reflection->GetBool(*request, method.validate_only);
  return absl::OkStatus();
}

absl::Status ForCaller(absl::Status status, const Call& call) {
  switch (status.code()) {
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
      return Error(Reason::kInternal, StrCat("something went wrong here; trace id ", call.trace_id),
                   {{"trace_id", call.trace_id}});
    default:
      return status;
  }
}

void Account(const MethodEntry& method, const Call& call, const absl::Status& status, absl::Time started) {
  const absl::Duration took = absl::Now() - started;
  method.metrics->Handled(status.code(), took);
  // Every mutation, every error and every slow call has a line; of quick reads one in a hundred.
  thread_local uint32_t reads = 0;
  const bool reads_only = method.request_id == nullptr && !method.descriptor->client_streaming();
  if (status.ok() && reads_only && took < absl::Milliseconds(100) && ++reads % 100 != 0) return;
  std::string line = StrCat("{\"event\":\"call\",\"method\":\"", method.path, "\",\"code\":\"",
                            absl::StatusCodeToString(status.code()), "\",\"micros\":", absl::ToInt64Microseconds(took),
                            ",\"trace_id\":\"", call.trace_id, "\"");
  if (!call.request_id.empty()) StrAppend(&line, ",\"request_id\":\"", JsonEscaped(call.request_id), "\"");
  if (call.identity != nullptr) StrAppend(&line, ",\"principal\":\"", JsonEscaped(call.identity->subject), "\"");
  if (!status.ok()) {
    StrAppend(&line, ",\"reason\":\"", NameOf(ReasonOf(status)), "\"");
    // Messages of refusals may quote what the caller sent; only our own faults are logged in words.
    if (status.code() == absl::StatusCode::kInternal || status.code() == absl::StatusCode::kUnknown) {
      StrAppend(&line, ",\"error\":\"", JsonEscaped(Std(status.message())), "\"");
    }
  }
  StrAppend(&line, "}");
  if (status.ok()) {
    spdlog::info(line);
  } else {
    spdlog::warn(line);
  }
}

absl::Status StartStream(Core& core, std::function<void()> body) {
  core.metrics->open_streams.Increment();
  if (core.streams->TryRun([&core, body = std::move(body)]() mutable {
        body();
        body = nullptr;
        core.metrics->open_streams.Decrement();
      })) {
    return absl::OkStatus();
  }
  core.metrics->open_streams.Decrement();
  core.metrics->shed.Increment();
  return WithDetail(absl::StatusCode::kResourceExhausted,
                    StrCat("got ", core.options.stream_limit, " open streams, want fewer"),
                    {.reason = Reason::kOverloaded, .retry_after = absl::Seconds(1)});
}

void Committed(const Core& core, const std::vector<events::Told>& told) {
  if (told.empty()) return;
  core.told_metrics->Count(told);
  if (core.frame.committed) core.frame.committed();
}

}  // namespace tributary::rpc
