#include "common/http/server.h"

#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "common/http/address.h"
#include "common/http/session.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 21\r\nContent-Type: text/plain\r\nRetry-After: 1\r\n"
    "Connection: close\r\n\r\ntoo many connections\n";

absl::Status CannotListen(std::string_view address, const beast::error_code& error) {
  return absl::FailedPreconditionError(StrCat("cannot listen on ", address, ": ", error.message()));
}

}  // namespace

void Responder::operator()(Response response) const { exchange_->Respond(std::move(response)); }

std::unique_ptr<BodyWriter> Responder::Begin(Response response, std::function<void()> gone) const {
  return exchange_->Begin(std::move(response), std::move(gone));
}

Server::Core::Core(ServerOptions options_in, Handler handler_in)
    : options(std::move(options_in)),
      handler(std::move(handler_in)),
      io(options.threads),
      work(asio::make_work_guard(io)),
      accept_strand(asio::make_strand(io)),
      acceptor(accept_strand),
      accept_again(accept_strand) {}

bool Server::Core::Add(const std::shared_ptr<Session>& session) {
  std::lock_guard lock(mutex);
  if (draining || sessions.size() >= static_cast<size_t>(options.max_connections)) return false;
  sessions.emplace(session.get(), session);
  return true;
}

void Server::Core::Remove(Session* session) {
  std::lock_guard lock(mutex);
  sessions.erase(session);
  changed.notify_all();
}

std::vector<std::shared_ptr<Session>> Server::Core::Sessions() {
  std::lock_guard lock(mutex);
  std::vector<std::shared_ptr<Session>> all;
  for (const auto& [raw, weak] : sessions) {
    if (auto session = weak.lock()) all.push_back(std::move(session));
  }
  return all;
}

void Server::Core::Accept(const std::shared_ptr<Core>& self) {
  acceptor.async_accept(asio::make_strand(io), [this, self](beast::error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted || !acceptor.is_open()) return;
    if (error) {
      // Most likely out of file descriptors: what is open goes on, and a moment later there may be one.
      accept_again.expires_after(std::chrono::milliseconds(100));
      accept_again.async_wait([this, self](beast::error_code canceled) {
        if (!canceled) Accept(self);
      });
      return;
    }
    beast::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    auto session = std::make_shared<Session>(std::move(socket), self);
    if (Add(session)) {
      session->Run();
    } else {
      session->Turn(kFull);
    }
    Accept(self);
  });
}

Server::Server(ServerOptions options, Handler handler)
    : core_(std::make_shared<Core>(std::move(options), std::move(handler))) {}

Server::~Server() { Stop(absl::ZeroDuration()); }

absl::Status Server::Start() {
  const std::string& address = core_->options.address;
  ASSIGN_OR_RETURN(const HostPort where, ParseHostPort(address));
  beast::error_code error;
  tcp::resolver resolver(core_->io);
  const auto found = resolver.resolve(where.host, std::to_string(where.port), tcp::resolver::passive, error);
  if (error || found.empty()) return CannotListen(address, error);
  const tcp::endpoint endpoint = found.begin()->endpoint();
  tcp::acceptor& acceptor = core_->acceptor;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    beast::error_code ignored;
    acceptor.close(ignored);
    return CannotListen(address, error);
  }
  core_->port = acceptor.local_endpoint(error).port();
  asio::post(core_->accept_strand, [core = core_] { core->Accept(core); });
  for (int i = 0; i < core_->options.threads; ++i) {
    core_->threads.emplace_back([core = core_.get()] { core->io.run(); });
  }
  return absl::OkStatus();
}

int Server::port() const { return core_->port; }

void Server::Drain() { Stop(core_->options.grace_period); }

void Server::Stop(absl::Duration grace) {
  {
    std::lock_guard lock(core_->mutex);
    if (core_->draining.exchange(true)) return;
  }
  asio::post(core_->accept_strand, [core = core_] {
    beast::error_code ignored;
    core->acceptor.close(ignored);
    core->accept_again.cancel();
  });
  for (const auto& session : core_->Sessions()) session->Drain();
  {
    std::unique_lock lock(core_->mutex);
    core_->changed.wait_for(lock, absl::ToChronoNanoseconds(grace), [&] { return core_->sessions.empty(); });
  }
  for (const auto& session : core_->Sessions()) session->Abort();
  {
    std::lock_guard lock(core_->mutex);
    core_->ended = true;
  }
  // With the sockets closed nothing is left to wait for, and the threads come to their end by themselves.
  core_->work.reset();
  for (std::thread& thread : core_->threads) thread.join();
  core_->threads.clear();
  if (core_->port == 0) core_->io.poll();  // never started: runs what was posted above
}

}  // namespace tributary::http
