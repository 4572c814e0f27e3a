#include "common/http/fetch.h"

#include "absl/strings/ascii.h"
#include "common/http/address.h"
#include "common/http/asio.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

// The steps of one fetch, each begun when the one before has ended.
class Fetcher {
 public:
  Fetcher(const Request& request, const HostPort& where) : stream_(io_) {
    request_.method_string(request.method);
    request_.target(request.target);
    request_.version(11);
    for (const auto& [name, value] : request.headers) request_.insert(name, value);
    request_.set(beast::http::field::host, StrCat(where.host, ":", where.port));
    request_.body() = request.body;
    request_.keep_alive(false);
    request_.prepare_payload();
    parser_.body_limit(64 * 1024 * 1024);
  }

  beast::error_code Run(const HostPort& where, absl::Duration timeout) {
    asio::ip::tcp::resolver resolver(io_);
    const auto endpoints = resolver.resolve(where.host, std::to_string(where.port), error_);
    if (error_) return error_;
    stream_.expires_after(absl::ToChronoNanoseconds(timeout));
    stream_.async_connect(endpoints, [this](beast::error_code error, const auto&) {
      if (Failed(error)) return;
      beast::http::async_write(stream_, request_, [this](beast::error_code write_error, size_t) {
        // A server may answer before it has read everything: what it says counts, not that it stopped reading.
        if (write_error == beast::error::timeout) error_ = write_error;
        if (error_) return;
        beast::http::async_read(stream_, buffer_, parser_,
                                [this](beast::error_code read_error, size_t) { Failed(read_error); });
      });
    });
    io_.run();
    return error_;
  }

  Response Take() {
    auto message = parser_.release();
    Response response;
    response.status = static_cast<int>(message.result_int());
    for (const auto& field : message) {
      const std::string name =
          absl::AsciiStrToLower(absl::string_view(field.name_string().data(), field.name_string().size()));
      if (name == "content-type") response.content_type = std::string(field.value());
      response.headers.emplace_back(name, std::string(field.value()));
    }
    response.body = std::move(message.body());
    return response;
  }

 private:
  bool Failed(beast::error_code error) {
    error_ = error;
    return static_cast<bool>(error);
  }

  asio::io_context io_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  beast::http::request<beast::http::string_body> request_;
  beast::http::response_parser<beast::http::string_body> parser_;
  beast::error_code error_;
};

}  // namespace

absl::StatusOr<Response> Fetch(const std::string& address, const Request& request, absl::Duration timeout) {
  ASSIGN_OR_RETURN(const HostPort where, ParseHostPort(address));
  Fetcher fetcher(request, where);
  const beast::error_code error = fetcher.Run(where, timeout);
  if (error == beast::error::timeout) return absl::DeadlineExceededError(StrCat(address, " did not answer in time"));
  if (error) return absl::UnavailableError(StrCat(address, ": ", error.message()));
  return fetcher.Take();
}

}  // namespace tributary::http
