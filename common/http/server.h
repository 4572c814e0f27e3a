#pragma once

// A small asynchronous HTTP/1.1 server with limits, for the inside of a network: no TLS of its own.

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/http/message.h"

namespace tributary::http {

class Exchange;
class Body;
class Session;

// The body of an answer that is sent piece by piece, in chunks (until the connection ends for a client of HTTP/1.0).
// For one thread, which may block. The connection is closed behind it.
class BodyWriter {
 public:
  BodyWriter(std::shared_ptr<Session> session, std::shared_ptr<Body> body);
  // Where End was not called the client sees that the body was cut off.
  ~BodyWriter();
  BodyWriter(const BodyWriter&) = delete;
  BodyWriter& operator=(const BodyWriter&) = delete;

  // Waits until the piece is on its way, at most the write time-out; false where the client has gone or is too slow.
  bool Write(std::string piece);
  void End();

 private:
  const std::shared_ptr<Session> session_;
  const std::shared_ptr<Body> body_;
  bool ended_ = false;
};

// Answers one request, from any thread, at once or later; the first answer counts. Where the last copy goes without an
// answer, the caller gets a 500. Copyable; may outlive the server (then it does nothing).
class Responder {
 public:
  explicit Responder(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
  void operator()(Response response) const;
  // Answers with the head of `response` at once, and with a body that follows. `gone` is called once where the
  // connection ends before the body does, on a thread of the server, and must not block. Null where there was an answer
  // already.
  std::unique_ptr<BodyWriter> Begin(Response response, std::function<void()> gone) const;

 private:
  std::shared_ptr<Exchange> exchange_;
};

// Runs on the server's threads and must not block.
using Handler = std::function<void(Request, Responder)>;

struct ServerOptions {
  std::string address;  // "127.0.0.1:8080", "[::1]:8080"; port 0 picks a free one
  int threads = 2;
  int max_connections = 1024;  // one more is told 503 and closed
  size_t max_header_bytes = 16 * 1024;
  size_t max_body_bytes = 1024 * 1024;
  absl::Duration header_timeout = absl::Seconds(10);  // for a whole request line and header
  absl::Duration body_timeout = absl::Seconds(30);    // for a whole body
  absl::Duration write_timeout = absl::Seconds(30);   // for a whole response, or a piece of one
  absl::Duration idle_timeout = absl::Seconds(60);    // between requests of one connection
  absl::Duration grace_period = absl::Seconds(10);    // drain
  // What the server itself refuses, in the caller's own form: the HTTP code and why. Unset: plain text.
  std::function<Response(int status, std::string_view why)> refusal;
};

// Keep-alive and pipelining by HTTP/1.1; one request of a connection is handled at a time. What is no HTTP gets 400, a
// header over its limit 431, a body over its limit 413 (before it is read where its length is declared), another
// version 505; a client that is slower than the time-outs is cut off.
class Server {
 public:
  Server(ServerOptions options, Handler handler);
  ~Server();  // drains without grace where Drain was not called

  // FAILED_PRECONDITION, naming the address, where it cannot be listened on.
  absl::Status Start();
  int port() const;
  // No new connections; idle ones are closed, requests under way are answered within the grace period. Then the threads
  // end.
  void Drain();

  class Core;

 private:
  void Stop(absl::Duration grace);
  std::shared_ptr<Core> core_;
};

}  // namespace tributary::http
