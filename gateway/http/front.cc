#include "gateway/http/front.h"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "common/observability/log.h"
#include "common/rpc/trace.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "gateway/transcoding/answers.h"
#include "gateway/transcoding/requests.h"
#include "google/protobuf/message.h"

namespace tributary::gateway {
namespace {

using google::protobuf::Message;
using google::protobuf::MessageFactory;

// Quick reads are logged one in so many.
constexpr uint32_t kReadsPerLine = 100;
constexpr absl::Duration kSlow = absl::Seconds(1);

absl::StatusOr<std::string> BearerOf(const http::Request& request) {
  const auto count = std::count_if(request.headers.begin(), request.headers.end(),
                                   [](const auto& header) { return header.first == "authorization"; });
  if (count == 0) return Error(Reason::kUnauthenticated, "got no Authorization header, want Bearer and a token");
  if (count > 1) return Error(Reason::kUnauthenticated, "got several Authorization headers, want one");
  const absl::string_view value = absl::StripAsciiWhitespace(Abseil(request.Header("authorization")));
  constexpr absl::string_view kScheme = "Bearer ";
  if (!absl::StartsWithIgnoreCase(value, kScheme)) {
    return Error(Reason::kUnauthenticated, "got an Authorization header of another kind, want Bearer and a token");
  }
  return std::string(absl::StripAsciiWhitespace(value.substr(kScheme.size())));
}

absl::StatusOr<absl::Duration> TimeoutOf(const http::Request& request, const FrontOptions& options) {
  const std::string_view text = request.Header("x-timeout-seconds");
  if (text.empty()) return options.default_timeout;
  double seconds = 0;
  const bool plain = text.find_first_not_of("0123456789.") == std::string_view::npos && text.size() <= 16;
  if (!plain || !absl::SimpleAtod(Abseil(text), &seconds) || seconds <= 0) {
    return InvalidField("X-Timeout-Seconds", text, "a decimal number greater than 0");
  }
  return std::min(absl::Seconds(seconds), options.max_timeout);
}

// Of a stream: as long as it is told to, `standard` where nobody says.
absl::StatusOr<absl::Duration> StreamTimeoutOf(const http::Request& request, absl::Duration standard) {
  if (request.Header("x-timeout-seconds").empty()) return standard;
  return TimeoutOf(request, {.max_timeout = absl::InfiniteDuration()});
}

std::string PathOf(const google::protobuf::MethodDescriptor& method) {
  return StrCat(method.service()->full_name(), "/", method.name());
}

// A stream that was cancelled from here ends because the process does, or because its client has.
absl::Status WhyEnded(absl::Status status, bool stopping) {
  if (absl::IsCancelled(status) && stopping) return Error(Reason::kDraining, "the gateway is stopping");
  return status;
}

// A stream between the thread that opens it, which may take a while, and whoever cancels it.
template <typename Stream>
class OpenStream {
 public:
  Stream& Hold(std::unique_ptr<Stream> stream) {
    std::lock_guard lock(mutex_);
    stream_ = std::move(stream);
    if (cancelled_) stream_->Cancel();
    return *stream_;
  }
  void Cancel() {
    std::lock_guard lock(mutex_);
    cancelled_ = true;
    if (stream_ != nullptr) stream_->Cancel();
  }

 private:
  std::mutex mutex_;
  std::unique_ptr<Stream> stream_;  // under mutex_
  bool cancelled_ = false;          // under mutex_
};

// "partner-service" for the package tributary.partner.v1.
std::string ServiceOf(const google::protobuf::MethodDescriptor& method) {
  std::string_view package = method.file()->package();
  package.remove_prefix(std::min(package.size(), package.find('.') + 1));
  return StrCat(package.substr(0, package.find('.')), "-service");
}

// What outsiders may know of a service that does not answer: not its address.
absl::Status ForOutside(const absl::Status& status, const google::protobuf::MethodDescriptor& method) {
  if (ReasonOf(status) == Reason::kServiceUnavailable && DetailOf(status).metadata.empty()) {
    const std::string service = ServiceOf(method);
    return Error(Reason::kServiceUnavailable, StrCat(service, " cannot be reached"), {{"service", service}});
  }
  return status;
}

}  // namespace

// One request on its way.
struct Front::Exchange {
  http::Request request;
  http::Responder respond;
  absl::Time began;
  std::string_view language;
  std::string trace_id;
  std::string subject;
  std::string token;
  const Route* route = nullptr;
  std::shared_ptr<Message> reply;
};

rpc::CallOptions Front::StreamOptions(const Exchange& exchange, absl::Duration timeout) {
  return {.stream_timeout = timeout, .token = exchange.token, .traceparent = rpc::TraceparentOf(exchange.trace_id)};
}

Front::Front(FrontOptions options, Routes routes)
    : options_(std::move(options)),
      routes_(std::move(routes)),
      metrics_(*options_.registry),
      no_route_(metrics_, "any", "none"),
      streams_(options_.stream_limit, *options_.registry) {
  for (const auto& route : routes_.all()) {
    route_metrics_[route.get()] = std::make_unique<RouteMetrics::Route>(metrics_, route->verb, route->pattern);
  }
}

Front::~Front() {
  std::lock_guard lock(gate_->mutex);
  gate_->closed = true;
}

absl::StatusOr<std::unique_ptr<Front>> Front::Of(FrontOptions options) {
  std::vector<std::string> packages;
  for (const auto& [package, client] : options.backends) packages.push_back(package);
  ASSIGN_OR_RETURN(Routes routes, Routes::Of(PublicMethods(packages)));
  return std::unique_ptr<Front>(new Front(std::move(options), std::move(routes)));
}

void Front::Handle(http::Request request, http::Responder respond) {
  metrics_.in_flight().Increment();
  auto exchange = std::make_shared<Exchange>(
      Exchange{.request = std::move(request), .respond = std::move(respond), .began = options_.clock->Now()});
  exchange->language = LanguageOf(exchange->request.Header("accept-language"));
  exchange->trace_id = rpc::TraceIdOf(exchange->request.Header("traceparent"));
  if (absl::Status status = Begin(exchange); !status.ok()) Fail(*exchange, status);
}

absl::Status Front::Begin(const std::shared_ptr<Exchange>& exchange) {
  const http::Request& request = exchange->request;
  ASSIGN_OR_RETURN(exchange->token, BearerOf(request));
  ASSIGN_OR_RETURN(const auto identity, options_.verifier->Verify(exchange->token, exchange->began));
  exchange->subject = identity->subject;
  ASSIGN_OR_RETURN(const Routes::Found found, routes_.Find(request.method, request.Path()));
  if (found.route == nullptr) {
    const bool known = !found.allowed.empty();
    http::Response response =
        ErrorAnswer(Error(Reason::kMethodNotFound, known ? StrCat("got ", Printable(request.method, 32), ", want ",
                                                                  StrJoin(found.allowed, " or "), " with this path")
                                                         : StrCat("got ", Printable(request.method, 32), " ",
                                                                  Printable(request.Path()), ", want a known path")),
                    exchange->language, known ? 405 : 404);
    if (known) response.headers.emplace_back("allow", StrJoin(found.allowed, ", "));
    Answer(*exchange, std::move(response));
    return absl::OkStatus();
  }
  exchange->route = found.route;
  const auto& method = *found.route->method;
  MessageFactory* factory = MessageFactory::generated_factory();
  exchange->reply.reset(factory->GetPrototype(method.output_type())->New());
  if (method.client_streaming()) return BeginIncoming(exchange, found);
  std::unique_ptr<Message> message(factory->GetPrototype(method.input_type())->New());
  RETURN_IF_ERROR(ReadRequest(found, request, options_.json, message.get()));
  if (method.server_streaming()) return BeginStream(exchange, std::move(message));
  ASSIGN_OR_RETURN(const absl::Duration timeout, TimeoutOf(request, options_));
  exchange->request.body = std::string();  // a large one is not held while the call runs
  options_.backends.at(method.file()->package())
      ->CallAsync(PathOf(method), *message, exchange->reply,
                  {.timeout = timeout, .token = exchange->token, .traceparent = rpc::TraceparentOf(exchange->trace_id)},
                  [this, gate = gate_, exchange](const absl::Status& status) {
                    std::shared_lock lock(gate->mutex);
                    if (gate->closed) return;
                    if (status.ok()) {
                      Answer(*exchange, AnswerOf(*exchange->reply));
                    } else {
                      Fail(*exchange, ForOutside(status, *exchange->route->method));
                    }
                  });
  return absl::OkStatus();
}

absl::Status Front::BeginIncoming(const std::shared_ptr<Exchange>& exchange, const Routes::Found& found) {
  ASSIGN_OR_RETURN(auto messages, ReadMessages(found, exchange->request, options_.json));
  ASSIGN_OR_RETURN(const absl::Duration timeout, StreamTimeoutOf(exchange->request, options_.max_timeout));
  exchange->request.body = std::string();
  const auto& method = *exchange->route->method;
  rpc::Client* const client = options_.backends.at(method.file()->package());
  const auto open = std::make_shared<OpenStream<rpc::OutgoingStream>>();
  return streams_.Start(
      [this, exchange, client, timeout, open,
       messages = std::make_shared<std::vector<std::unique_ptr<Message>>>(std::move(messages))] {
        const auto& called = *exchange->route->method;
        rpc::OutgoingStream& stream =
            open->Hold(client->OpenOutgoing(PathOf(called), exchange->reply.get(), StreamOptions(*exchange, timeout)));
        for (const auto& message : *messages) {
          if (!stream.Write(*message)) break;
        }
        const absl::Status status = WhyEnded(stream.Finish(), streams_.stopping());
        if (status.ok()) {
          Answer(*exchange, AnswerOf(*exchange->reply));
        } else {
          Fail(*exchange, ForOutside(status, called));
        }
      },
      [open] { open->Cancel(); });
}

absl::Status Front::BeginStream(const std::shared_ptr<Exchange>& exchange, std::unique_ptr<Message> request) {
  const http::Request& asked = exchange->request;
  Resume(asked.Header("last-event-id"), request.get());
  ASSIGN_OR_RETURN(const absl::Duration timeout, StreamTimeoutOf(asked, absl::InfiniteDuration()));
  const StreamForm form = FormOf(asked.Header("accept"));
  const auto& method = *exchange->route->method;
  rpc::Client* const client = options_.backends.at(method.file()->package());
  const auto open = std::make_shared<OpenStream<rpc::StreamReader>>();
  return streams_.Start(
      [this, exchange, client, timeout, open, form, message = std::shared_ptr<Message>(std::move(request))] {
        Follow(*exchange,
               open->Hold(
                   client->OpenStream(PathOf(*exchange->route->method), *message, StreamOptions(*exchange, timeout))),
               form);
      },
      [open] { open->Cancel(); });
}

void Front::Follow(Exchange& exchange, rpc::StreamReader& reader, StreamForm form) {
  std::unique_ptr<http::BodyWriter> body;
  bool gone = false;
  while (!gone && reader.Read(exchange.reply.get())) {
    if (body == nullptr) {
      // Only now: an error before the first message is answered with its own code.
      http::Response head = StreamHead(form);
      head.headers.emplace_back("x-trace-id", exchange.trace_id);
      body = exchange.respond.Begin(std::move(head), [&reader] { reader.Cancel(); });
    }
    gone = body == nullptr || !body->Write(EventOf(*exchange.reply, form));
  }
  if (gone) {
    reader.Cancel();
    while (reader.Read(exchange.reply.get())) continue;
  }
  absl::Status status = WhyEnded(reader.Finish(), streams_.stopping());
  if (!status.ok()) status = ForOutside(status, *exchange.route->method);
  if (body == nullptr && !gone) {
    if (!status.ok()) return Fail(exchange, status);
    return Answer(exchange, StreamHead(form));  // a stream of no messages
  }
  if (body != nullptr) {
    if (!gone && !status.ok()) body->Write(ErrorEvent(status, exchange.language, form));
    body->End();
  }
  Account(exchange, gone || absl::IsCancelled(status) ? 499 : status.ok() ? 200 : HttpStatusOf(status));
}

void Front::Fail(Exchange& exchange, const absl::Status& status, int http_status) {
  if (status.code() == absl::StatusCode::kInternal || status.code() == absl::StatusCode::kUnknown) {
    observability::Log(observability::Level::kError, "internal error",
                       {{"trace_id", exchange.trace_id}, {"error", Std(status.message())}});
  }
  Answer(exchange, ErrorAnswer(status, exchange.language, http_status));
}

void Front::Account(const Exchange& exchange, int http_status) {
  const absl::Duration took = options_.clock->Now() - exchange.began;
  const bool known = exchange.route != nullptr;
  (known ? *route_metrics_.at(exchange.route) : no_route_).Answered(http_status, took);
  metrics_.in_flight().Decrement();

  thread_local uint32_t reads = 0;
  const bool read = exchange.request.method == "GET" || exchange.request.method == "HEAD";
  if (!read || http_status >= 500 || took >= kSlow || reads++ % kReadsPerLine == 0) {
    observability::Log(http_status >= 500 ? observability::Level::kWarning : observability::Level::kInfo, "request",
                       {{"method", known ? exchange.route->verb : "any"},
                        {"route", known ? exchange.route->pattern : "none"},
                        {"status", http_status},
                        {"micros", absl::ToInt64Microseconds(took)},
                        {"principal", exchange.subject},
                        {"trace_id", exchange.trace_id}});
  }
}

void Front::Answer(Exchange& exchange, http::Response response) {
  Account(exchange, response.status);
  response.headers.emplace_back("x-trace-id", exchange.trace_id);
  exchange.respond(std::move(response));
}

http::Response Front::Refusal(int http_status, std::string_view why) {
  no_route_.Answered(http_status, absl::ZeroDuration());
  return ErrorAnswer(Error(http_status == 413 ? Reason::kPayloadTooLarge : Reason::kMalformedRequest, why), "en",
                     http_status);
}

}  // namespace tributary::gateway
