#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "common/http/asio.h"
#include "common/http/server.h"

namespace tributary::http {

// What a session shares with whoever writes the body of its answer.
class Body {
 public:
  explicit Body(std::function<void()> gone) : gone_(std::move(gone)) {}

  // The writer's side. Waits for its turn; false where the connection has ended.
  bool Take();
  // Waits until what was begun is done; false where the connection has ended.
  bool Await();
  // The session's side. What was begun is done; the connection has ended.
  void Done();
  void Break();
  // The body has ended as it should: nobody is told of the connection any more.
  void Forget();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool busy_ = true;            // with the head; under mutex_
  bool broken_ = false;         // under mutex_
  std::function<void()> gone_;  // under mutex_
};

// What the sessions of a server share. Held by sessions, so that an answer that comes after the server's end finds it.
class Server::Core {
 public:
  Core(ServerOptions options, Handler handler);

  const ServerOptions options;
  const Handler handler;
  boost::asio::io_context io;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work;
  boost::asio::strand<boost::asio::io_context::executor_type> accept_strand;
  boost::asio::ip::tcp::acceptor acceptor;  // used on accept_strand
  boost::asio::steady_timer accept_again;   // used on accept_strand
  std::vector<std::thread> threads;
  int port = 0;

  // False when the server is full or draining.
  bool Add(const std::shared_ptr<Session>& session);
  void Remove(Session* session);
  std::vector<std::shared_ptr<Session>> Sessions();
  // Runs `work` on `executor`; false where the threads have ended.
  template <typename Executor, typename Work>
  bool Post(const Executor& executor, Work work) {
    std::lock_guard lock(mutex);
    if (!ended) boost::asio::post(executor, std::move(work));
    return !ended;
  }
  void Accept(const std::shared_ptr<Core>& self);

  std::mutex mutex;
  std::condition_variable changed;
  std::unordered_map<Session*, std::weak_ptr<Session>> sessions;  // under mutex
  std::atomic<bool> draining{false};                              // set under mutex
  bool ended = false;                                             // under mutex
};

// One connection: read a request, have it handled, write the answer, again. Everything runs on the strand of the stream
// but Respond.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(boost::asio::ip::tcp::socket socket, std::shared_ptr<Server::Core> core);

  void Run();
  // Sends the raw answer and closes, without reading: the server is full.
  void Turn(std::string_view raw_answer);
  // Any thread.
  void Respond(Response response);
  void BeginBody(Response head, const std::shared_ptr<Body>& body);
  // False where the server has ended.
  bool WritePiece(std::string piece);
  bool EndBody();
  void Drain();
  void Abort();

 private:
  void AwaitRequest(absl::Duration timeout);
  void ReadHeader();
  void ReadBody();
  void Handle();
  void OnReadError(boost::beast::error_code error);
  void Refuse(int status, std::string_view why);
  void Write(Response response);
  template <typename Message>
  void FillHead(const Response& response, Message* message) const;
  void WriteHead(const Response& head);
  // Reads on while a body is sent, to see that the client goes.
  void AwaitGone();
  void OnPieceWritten(boost::beast::error_code error);
  void OnWritten(boost::beast::error_code error);
  // Reads what the client still sends, for a moment: closing on unread bytes would reset the connection under the
  // answer.
  void Linger();
  void Close();

  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  const std::shared_ptr<Server::Core> core_;  // first, so that it goes last: the stream needs its io_context
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  boost::beast::http::response<boost::beast::http::string_body> response_;
  using HeadSerializer = boost::beast::http::response_serializer<boost::beast::http::empty_body>;
  boost::beast::http::response<boost::beast::http::empty_body> body_head_;
  std::optional<HeadSerializer> head_serializer_;
  std::shared_ptr<Body> body_;  // of the answer that is being sent, where it comes in pieces
  std::string piece_;
  bool chunked_ = true;  // the client knows chunks
  bool head_ = false;    // the request is a HEAD
  bool keep_alive_ = false;
  bool idle_ = false;    // waits for the first byte of a request
  bool unread_ = false;  // the request was refused before it was read whole
  bool draining_ = false;
  bool closed_ = false;
  size_t lingered_bytes_ = 0;
};

// One request waiting for its answer.
class Exchange {
 public:
  explicit Exchange(std::shared_ptr<Session> session) : session_(std::move(session)) {}
  ~Exchange();
  void Respond(Response response);
  std::unique_ptr<BodyWriter> Begin(Response head, std::function<void()> gone);

 private:
  const std::shared_ptr<Session> session_;
  std::atomic<bool> answered_ = false;
};

}  // namespace tributary::http
