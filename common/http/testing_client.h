#pragma once

// For tests of HTTP servers: one to ask, and a client that is as rude as the test wants it to be.

#include <sys/socket.h>
#include <sys/time.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "common/http/asio.h"
#include "common/http/server.h"
#include "common/text/text.h"
#include "gtest/gtest.h"

namespace tributary::http {

// A client that sends exactly what it is told to. Reads give up after ten seconds.
class RawClient {
 public:
  explicit RawClient(int port) : socket_(io_) {
    socket_.connect({boost::asio::ip::make_address("127.0.0.1"), static_cast<uint16_t>(port)});
    const timeval limit{10, 0};
    setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  }
  void Send(std::string_view text) {
    boost::system::error_code ignored;
    boost::asio::write(socket_, boost::asio::buffer(text.data(), text.size()), ignored);
  }
  void HalfClose() { socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send); }
  void Reset() {
    socket_.set_option(boost::asio::socket_base::linger(true, 0));
    socket_.close();
  }
  // Everything up to the end of the connection.
  std::string ReadAll() {
    while (ReadSome()) {
    }
    return std::exchange(received_, "");
  }
  // Everything through `mark`; the rest stays for the next read.
  std::string ReadThrough(std::string_view mark) {
    size_t found;
    while ((found = received_.find(mark)) == std::string::npos && ReadSome()) {
    }
    const size_t size = found == std::string::npos ? received_.size() : found + mark.size();
    std::string text = received_.substr(0, size);
    received_.erase(0, size);
    return text;
  }

 private:
  // recv by hand: Asio's own reads would wait through the time-out.
  bool ReadSome() {
    char bytes[8192];
    const ssize_t got = recv(socket_.native_handle(), bytes, sizeof(bytes), 0);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) ADD_FAILURE() << "nothing came within ten seconds";
    if (got <= 0) return false;
    received_.append(bytes, static_cast<size_t>(got));
    return true;
  }
  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_;
  std::string received_;
};

inline std::unique_ptr<Server> StartServer(Handler handler, ServerOptions options = {}) {
  if (options.address.empty()) options.address = "127.0.0.1:0";
  auto server = std::make_unique<Server>(options, std::move(handler));
  const absl::Status status = server->Start();
  EXPECT_TRUE(status.ok()) << status;
  return server;
}

inline std::string Get(std::string_view path) { return StrCat("GET ", path, " HTTP/1.1\r\nHost: a\r\n\r\n"); }

}  // namespace tributary::http
