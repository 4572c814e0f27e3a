#include "common/http/session.h"

#include <chrono>
#include <exception>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/time/clock.h"
#include "common/text/text.h"

namespace tributary::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;

constexpr size_t kReadBytes = 4096;
// Room for a header and what came behind it in the same packets.
constexpr size_t kBufferSlackBytes = 64 * 1024;
constexpr size_t kLingerBytes = 4 * 1024 * 1024;
constexpr absl::Duration kLingerTime = absl::Seconds(2);

std::chrono::nanoseconds Chrono(absl::Duration duration) { return absl::ToChronoNanoseconds(duration); }

// A header value as it may be sent: a line break would begin another header.
std::string HeaderValue(std::string_view text) {
  std::string value;
  for (const char c : text) value += (c == '\r' || c == '\n' || c == '\0') ? ' ' : c;
  return value;
}

}  // namespace

Session::Session(asio::ip::tcp::socket socket, std::shared_ptr<Server::Core> core)
    : core_(std::move(core)),
      stream_(std::move(socket)),
      buffer_(core_->options.max_header_bytes + kBufferSlackBytes) {}

void Session::Run() {
  asio::dispatch(stream_.get_executor(),
                 [self = shared_from_this()] { self->AwaitRequest(self->core_->options.header_timeout); });
}

void Session::Turn(std::string_view raw_answer) {
  asio::dispatch(stream_.get_executor(), [self = shared_from_this(), raw_answer] {
    self->stream_.expires_after(Chrono(kLingerTime));
    asio::async_write(self->stream_, asio::buffer(raw_answer.data(), raw_answer.size()),
                      [self](beast::error_code, size_t) { self->Close(); });
  });
}

void Session::AwaitRequest(absl::Duration timeout) {
  if (closed_) return;
  if (buffer_.size() > 0) return ReadHeader();
  if (draining_) return Close();
  idle_ = true;
  stream_.expires_after(Chrono(timeout));
  stream_.async_read_some(buffer_.prepare(kReadBytes),
                          [self = shared_from_this()](beast::error_code error, size_t bytes) {
                            self->idle_ = false;
                            if (error) return self->Close();
                            self->buffer_.commit(bytes);
                            self->ReadHeader();
                          });
}

void Session::ReadHeader() {
  parser_.emplace();
  parser_->header_limit(static_cast<uint32_t>(core_->options.max_header_bytes));
  parser_->body_limit(core_->options.max_body_bytes);
  stream_.expires_after(Chrono(core_->options.header_timeout));
  beast::http::async_read_header(stream_, buffer_, *parser_,
                                 [self = shared_from_this()](beast::error_code error, size_t) {
                                   if (error) return self->OnReadError(error);
                                   self->ReadBody();
                                 });
}

void Session::ReadBody() {
  const auto& header = parser_->get();
  head_ = header.method() == beast::http::verb::head;
  if (header.version() == 11 && header.count(beast::http::field::host) != 1) {
    return Refuse(400, "HTTP/1.1 wants exactly one Host header");
  }
  if (header.has_content_length() && header.chunked()) {
    return Refuse(400, "Content-Length and Transfer-Encoding came together");
  }
  stream_.expires_after(Chrono(core_->options.body_timeout));
  auto read = [self = shared_from_this()] {
    beast::http::async_read(self->stream_, self->buffer_, *self->parser_, [self](beast::error_code error, size_t) {
      if (error) return self->OnReadError(error);
      self->Handle();
    });
  };
  if (parser_->is_done() || !beast::iequals(header[beast::http::field::expect], "100-continue")) return read();
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(stream_, asio::buffer(kContinue.data(), kContinue.size()),
                    [self = shared_from_this(), read = std::move(read)](beast::error_code error, size_t) {
                      if (error) return self->Close();
                      read();
                    });
}

void Session::Handle() {
  stream_.expires_never();
  keep_alive_ = parser_->keep_alive();
  chunked_ = parser_->get().version() >= 11;
  auto message = parser_->release();
  parser_.reset();
  Request request;
  request.method = std::string(message.method_string());
  request.target = std::string(message.target());
  for (const auto& field : message) {
    request.headers.emplace_back(
        absl::AsciiStrToLower(absl::string_view(field.name_string().data(), field.name_string().size())),
        std::string(field.value()));
  }
  request.body = std::move(message.body());
  const Responder responder(std::make_shared<Exchange>(shared_from_this()));
  try {
    core_->handler(std::move(request), responder);
  } catch (const std::exception&) {
    responder(Response{.status = 500, .body = "the handler failed\n"});
  }
}

void Session::OnReadError(beast::error_code error) {
  if (error == beast::http::error::end_of_stream || error == beast::http::error::partial_message) return Close();
  if (error == beast::http::error::header_limit || error == beast::http::error::buffer_overflow) {
    return Refuse(431, StrCat("the header is larger than ", core_->options.max_header_bytes, " bytes"));
  }
  if (error == beast::http::error::bad_version) return Refuse(505, "only HTTP/1.0 and HTTP/1.1 are spoken");
  if (error == beast::http::error::body_limit) {
    return Refuse(413, StrCat("the body is larger than ", core_->options.max_body_bytes, " bytes"));
  }
  if (error.category() == beast::http::make_error_code(beast::http::error::bad_method).category()) {
    return Refuse(400, StrCat("not HTTP: ", error.message()));
  }
  Close();  // the time-out (which has closed the socket) or the network
}

void Session::Refuse(int status, std::string_view why) {
  keep_alive_ = false;
  unread_ = true;
  Write(core_->options.refusal ? core_->options.refusal(status, why)
                               : Response{.status = status, .body = StrCat(why, "\n")});
}

void Session::Respond(Response response) {
  core_->Post(stream_.get_executor(), [self = shared_from_this(), response = std::move(response)]() mutable {
    self->Write(std::move(response));
  });
}

template <typename Message>
void Session::FillHead(const Response& response, Message* message) const {
  message->version(11);
  message->result(static_cast<unsigned>(response.status));
  message->set(beast::http::field::date,
               absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::Now(), absl::UTCTimeZone()));
  for (const auto& [name, value] : response.headers) message->insert(name, HeaderValue(value));
}

void Session::Write(Response response) {
  if (closed_) return;
  // The server may have begun to drain without having told this session yet.
  if (draining_ || core_->draining) keep_alive_ = false;
  response_ = {};
  FillHead(response, &response_);
  const bool bodiless = response.status == 204 || response.status == 304;
  if (!bodiless) {
    response_.set(beast::http::field::content_type, HeaderValue(response.content_type));
    response_.content_length(response.body.size());
  }
  response_.keep_alive(keep_alive_);
  if (!head_ && !bodiless) response_.body() = std::move(response.body);
  stream_.expires_after(Chrono(core_->options.write_timeout));
  beast::http::async_write(stream_, response_,
                           [self = shared_from_this()](beast::error_code error, size_t) { self->OnWritten(error); });
}

void Session::OnWritten(beast::error_code error) {
  if (error) return Close();
  response_ = {};
  if (keep_alive_ && !draining_) return AwaitRequest(core_->options.idle_timeout);
  beast::error_code ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  if (!unread_ && buffer_.size() == 0) return Close();
  stream_.expires_after(Chrono(kLingerTime));
  Linger();
}

void Session::BeginBody(Response head, const std::shared_ptr<Body>& body) {
  const bool posted = core_->Post(stream_.get_executor(), [self = shared_from_this(), head = std::move(head), body] {
    if (self->closed_) return body->Break();
    self->body_ = body;
    self->WriteHead(head);
  });
  if (!posted) body->Break();
}

void Session::WriteHead(const Response& head) {
  keep_alive_ = false;
  body_head_ = {};
  FillHead(head, &body_head_);
  body_head_.set(beast::http::field::content_type, HeaderValue(head.content_type));
  if (chunked_) body_head_.chunked(true);
  body_head_.keep_alive(false);
  head_serializer_.emplace(body_head_);
  stream_.expires_never();
  buffer_.clear();
  AwaitGone();
  // With a read under way this is the time of the write alone.
  stream_.expires_after(Chrono(core_->options.write_timeout));
  beast::http::async_write_header(
      stream_, *head_serializer_,
      [self = shared_from_this()](beast::error_code error, size_t) { self->OnPieceWritten(error); });
}

void Session::AwaitGone() {
  stream_.async_read_some(buffer_.prepare(kReadBytes), [self = shared_from_this()](beast::error_code error, size_t) {
    if (error || self->closed_) return self->Close();
    self->AwaitGone();  // nothing more is expected, and nothing is kept
  });
}

bool Session::WritePiece(std::string piece) {
  return core_->Post(stream_.get_executor(), [self = shared_from_this(), piece = std::move(piece)]() mutable {
    if (self->closed_) return;
    self->piece_ = std::move(piece);
    self->stream_.expires_after(Chrono(self->core_->options.write_timeout));
    const asio::const_buffer bytes(self->piece_.data(), self->piece_.size());
    const auto written = [self](beast::error_code error, size_t) { self->OnPieceWritten(error); };
    if (self->chunked_) {
      asio::async_write(self->stream_, beast::http::make_chunk(bytes), written);
    } else {
      asio::async_write(self->stream_, bytes, written);
    }
  });
}

void Session::OnPieceWritten(beast::error_code error) {
  if (error) return Close();
  body_->Done();
}

bool Session::EndBody() {
  return core_->Post(stream_.get_executor(), [self = shared_from_this()] {
    if (self->closed_) return;
    const auto written = [self](beast::error_code error, size_t) {
      if (!error) {
        self->body_->Done();
        self->body_->Forget();
        self->stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
      }
      self->Close();
    };
    if (!self->chunked_) return written({}, 0);
    self->stream_.expires_after(Chrono(self->core_->options.write_timeout));
    asio::async_write(self->stream_, beast::http::make_chunk_last(), written);
  });
}

void Session::Linger() {
  if (closed_) return;
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(kBufferSlackBytes),
                          [self = shared_from_this()](beast::error_code error, size_t bytes) {
                            self->lingered_bytes_ += bytes;
                            if (error || self->lingered_bytes_ > kLingerBytes) return self->Close();
                            self->Linger();
                          });
}

void Session::Drain() {
  core_->Post(stream_.get_executor(), [self = shared_from_this()] {
    self->draining_ = true;
    if (self->idle_) self->Close();
  });
}

void Session::Abort() {
  core_->Post(stream_.get_executor(), [self = shared_from_this()] { self->Close(); });
}

void Session::Close() {
  if (std::exchange(closed_, true)) return;
  stream_.close();
  if (body_ != nullptr) body_->Break();
  core_->Remove(this);
}

bool Body::Take() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !busy_ || broken_; });
  busy_ = true;
  return !broken_;
}

bool Body::Await() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !busy_ || broken_; });
  return !broken_;
}

void Body::Done() {
  std::lock_guard lock(mutex_);
  busy_ = false;
  changed_.notify_all();
}

void Body::Break() {
  std::lock_guard lock(mutex_);
  broken_ = true;
  changed_.notify_all();
  // Under the lock, so that nobody is told any more once Forget has returned.
  if (const auto gone = std::exchange(gone_, nullptr)) gone();
}

void Body::Forget() {
  std::lock_guard lock(mutex_);
  gone_ = nullptr;
}

BodyWriter::BodyWriter(std::shared_ptr<Session> session, std::shared_ptr<Body> body)
    : session_(std::move(session)), body_(std::move(body)) {}

BodyWriter::~BodyWriter() {
  body_->Forget();
  if (!ended_) session_->Abort();
}

bool BodyWriter::Write(std::string piece) {
  if (piece.empty()) return true;  // would be the end
  if (!body_->Take()) return false;
  if (!session_->WritePiece(std::move(piece))) body_->Break();
  return body_->Await();
}

void BodyWriter::End() {
  if (std::exchange(ended_, true) || !body_->Take()) return;
  if (!session_->EndBody()) body_->Break();
  body_->Await();
}

Exchange::~Exchange() {
  if (!answered_) session_->Respond(Response{.status = 500, .body = "no answer was given\n"});
}

void Exchange::Respond(Response response) {
  if (!answered_.exchange(true)) session_->Respond(std::move(response));
}

std::unique_ptr<BodyWriter> Exchange::Begin(Response head, std::function<void()> gone) {
  if (answered_.exchange(true)) return nullptr;
  auto body = std::make_shared<Body>(std::move(gone));
  session_->BeginBody(std::move(head), body);
  return std::make_unique<BodyWriter>(session_, std::move(body));
}

}  // namespace tributary::http
