#include "common/http/server.h"

#include <sys/resource.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "common/http/address.h"
#include "common/http/asio.h"
#include "common/http/fetch.h"
#include "common/http/testing_client.h"
#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using testing::HasSubstr;
using testing::StartsWith;

// Answers with what it was asked.
void Echo(Request request, const Responder& respond) {
  respond(
      Response{.body = StrCat(request.method, " ", request.Path(), " ? ", request.Query(), " [", request.body, "]")});
}

TEST(HttpAddressTest, Parse) {
  struct Row {
    std::string_view text, host;
    int port;  // -1: refused
  };
  for (const Row& row : std::vector<Row>{{"127.0.0.1:80", "127.0.0.1", 80},
                                         {"[::1]:65535", "::1", 65535},
                                         {"localhost:0", "localhost", 0},
                                         {"localhost", "", -1},
                                         {":80", "", -1},
                                         {"a:", "", -1},
                                         {"a:65536", "", -1},
                                         {"a:-1", "", -1},
                                         {"a:80x", "", -1},
                                         {"::1:80", "", -1},
                                         {"[]:80", "", -1},
                                         {"[::1:80", "", -1},
                                         {"", "", -1}}) {
    const auto got = ParseHostPort(row.text);
    ASSERT_EQ(got.ok(), row.port >= 0) << row.text;
    if (!got.ok()) continue;
    EXPECT_EQ(got->host, row.host);
    EXPECT_EQ(got->port, row.port);
  }
}

TEST(HttpServerTest, AnswersAndKeepsTheConnection) {
  auto server = StartServer(Echo);
  RawClient client(server->port());
  client.Send(Get("/a?b=1"));
  const std::string first = client.ReadThrough("[]");
  EXPECT_THAT(first, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(first, HasSubstr("\r\nDate: "));
  EXPECT_THAT(first, HasSubstr("GET /a ? b=1 []"));
  client.Send("POST /c HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nxyz");
  EXPECT_THAT(client.ReadThrough("]"), HasSubstr("POST /c ?  [xyz]"));
  client.Send(
      "POST /d HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: "
      "close\r\n\r\n2\r\nxy\r\n1\r\nz\r\n0\r\n\r\n");
  const std::string last = client.ReadAll();
  EXPECT_THAT(last, HasSubstr("POST /d ?  [xyz]"));
  EXPECT_THAT(last, HasSubstr("Connection: close"));
}

TEST(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  auto server = StartServer(Echo);
  RawClient client(server->port());
  std::string all;
  for (int i = 0; i < 200; ++i) all += Get(StrCat("/", i));
  client.Send(all);
  for (int i = 0; i < 200; ++i) EXPECT_THAT(client.ReadThrough("[]"), HasSubstr(StrCat("GET /", i, " ")));
}

TEST(HttpServerTest, HeadHasTheLengthAndNoBody) {
  auto server = StartServer(Echo);
  RawClient client(server->port());
  client.Send("HEAD /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const std::string answer = client.ReadAll();
  EXPECT_THAT(answer, HasSubstr("Content-Length: 13"));
  EXPECT_THAT(answer, testing::EndsWith("\r\n\r\n"));
}

TEST(HttpServerTest, OneDotZeroClosesByItself) {
  auto server = StartServer(Echo);
  RawClient client(server->port());
  client.Send("GET /a HTTP/1.0\r\n\r\n");
  EXPECT_THAT(client.ReadAll(), HasSubstr("GET /a"));
}

TEST(HttpServerTest, SaysContinueWhereAsked) {
  auto server = StartServer(Echo);
  RawClient client(server->port());
  client.Send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.ReadThrough("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("ok");
  EXPECT_THAT(client.ReadThrough("]"), HasSubstr("[ok]"));
}

TEST(HttpServerTest, RefusesWhatIsNotHttpOrTooLarge) {
  ServerOptions options;
  options.max_body_bytes = 1000;
  auto server = StartServer(Echo, options);
  struct Row {
    const char* what;
    std::string sent;
    const char* answer;
  };
  const std::string host = "Host: a\r\n";
  for (const Row& row : std::vector<Row>{
           {"garbage", "garbage\r\n\r\n", "HTTP/1.1 400 "},
           {"TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15), "HTTP/1.1 400 "},
           {"no host", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 400 "},
           {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "HTTP/1.1 400 "},
           {"version 3.0", "GET / HTTP/3.0\r\nHost: a\r\n\r\n", "HTTP/1.1 505 "},
           {"broken header", "GET / HTTP/1.1\r\nHost a\r\n\r\n", "HTTP/1.1 400 "},
           {"header with NUL", std::string("GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", 34), "HTTP/1.1 400 "},
           {"negative length", "POST / HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", "HTTP/1.1 400 "},
           {"two lengths", "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            "HTTP/1.1 400 "},
           {"length and chunks",
            "POST / HTTP/1.1\r\n" + host + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 400 "},
           {"chunks and length",
            "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 400 "},
           {"bad chunk", "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 400 "},
           {"large header", "GET / HTTP/1.1\r\n" + host + "X: " + std::string(20000, 'x') + "\r\n\r\n",
            "HTTP/1.1 431 "},
           {"endless target", "GET /" + std::string(200000, 'x'), "HTTP/1.1 431 "},
           {"many headers",
            [&] {
              std::string text = "GET / HTTP/1.1\r\n" + host;
              for (int i = 0; i < 5000; ++i) text += "a: b\r\n";
              return text + "\r\n";
            }(),
            "HTTP/1.1 431 "},
           {"declared large body", "POST / HTTP/1.1\r\n" + host + "Content-Length: 1001\r\n\r\n", "HTTP/1.1 413 "},
           {"large body", "POST / HTTP/1.1\r\n" + host + "Content-Length: 500000\r\n\r\n" + std::string(500000, 'x'),
            "HTTP/1.1 413 "},
           {"absurd length", "POST / HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999999\r\n\r\n",
            "HTTP/1.1 400 "},
           {"large chunks",
            "POST / HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n7d1\r\n" + std::string(2001, 'x'),
            "HTTP/1.1 413 "},
       }) {
    RawClient client(server->port());
    client.Send(row.sent);
    client.HalfClose();
    EXPECT_THAT(client.ReadAll(), StartsWith(row.answer)) << row.what;
  }
  RawClient client(server->port());
  client.Send("POST / HTTP/1.1\r\n" + host + "Content-Length: 1000\r\n\r\n" + std::string(1000, 'x'));
  EXPECT_THAT(client.ReadThrough("]"), StartsWith("HTTP/1.1 200 ")) << "exactly the limit";
}

TEST(HttpServerTest, CutsOffSlowAndHalfOpenClients) {
  ServerOptions options;
  options.header_timeout = absl::Milliseconds(200);
  options.body_timeout = absl::Milliseconds(200);
  options.idle_timeout = absl::Milliseconds(200);
  auto server = StartServer(Echo, options);
  RawClient silent(server->port()), half_line(server->port()), half_body(server->port()), idle(server->port());
  half_line.Send("GET / HT");
  half_body.Send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  idle.Send(Get("/"));
  EXPECT_THAT(idle.ReadThrough("[]"), HasSubstr("200 OK"));
  for (RawClient* client : {&silent, &half_line, &half_body, &idle}) EXPECT_EQ(client->ReadAll(), "");
}

TEST(HttpServerTest, HalfOpenClientsDoNotKeepOthersOut) {
  auto server = StartServer(Echo);
  std::vector<std::unique_ptr<RawClient>> half_open;
  for (int i = 0; i < 64; ++i) {
    half_open.push_back(std::make_unique<RawClient>(server->port()));
    half_open.back()->Send("GET / HTTP/1.1\r\n");
  }
  const auto answer = Fetch(StrCat("127.0.0.1:", server->port()), {.method = "GET", .target = "/x"});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->status, 200);
}

TEST(HttpServerTest, TurnsAwayBeyondTheLimit) {
  ServerOptions options;
  options.max_connections = 2;
  auto server = StartServer(Echo, options);
  RawClient first(server->port());
  first.Send(Get("/1"));
  first.ReadThrough("[]");
  {
    RawClient second(server->port());
    second.Send(Get("/2"));
    second.ReadThrough("[]");
    RawClient third(server->port());
    EXPECT_THAT(third.ReadAll(), StartsWith("HTTP/1.1 503 "));
  }
  // The second has gone: there is room again, once the server has seen it.
  const absl::Time limit = absl::Now() + absl::Seconds(10);
  std::string answer;
  do {
    RawClient next(server->port());
    next.Send(Get("/3"));
    answer = next.ReadThrough("\r\n");
  } while (answer.find(" 200 ") == std::string::npos && absl::Now() < limit);
  EXPECT_THAT(answer, HasSubstr(" 200 "));
}

TEST(HttpServerTest, AnswersLaterFromAnotherThread) {
  std::vector<std::thread> threads;
  std::mutex mutex;
  auto server = StartServer([&](Request request, Responder respond) {
    std::lock_guard lock(mutex);
    threads.emplace_back([request = std::move(request), respond = std::move(respond)] {
      respond(Response{.status = 201, .body = request.target});
      respond(Response{.status = 500, .body = "a second answer"});
    });
  });
  for (int i = 0; i < 20; ++i) {
    const auto answer = Fetch(StrCat("127.0.0.1:", server->port()), {.method = "GET", .target = StrCat("/", i)});
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->status, 201);
    EXPECT_EQ(answer->body, StrCat("/", i));
  }
  server->Drain();
  for (std::thread& thread : threads) thread.join();
}

TEST(HttpServerTest, AHandlerThatThrowsOrForgetsIsA500) {
  auto server = StartServer([](const Request& request, const Responder&) {
    if (request.Path() == "/throw") throw std::runtime_error("x");
  });
  for (const char* path : {"/throw", "/forget"}) {
    const auto answer = Fetch(StrCat("127.0.0.1:", server->port()), {.method = "GET", .target = path});
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->status, 500) << path;
  }
}

TEST(HttpServerTest, HeaderValuesCannotBreakOut) {
  auto server = StartServer([](const Request&, const Responder& respond) {
    respond(Response{.headers = {{"x-name", "a\r\nSet-Cookie: b"}}});
  });
  const auto answer = Fetch(StrCat("127.0.0.1:", server->port()), {.method = "GET", .target = "/"});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->Header("x-name"), "a  Set-Cookie: b");
  EXPECT_EQ(answer->Header("set-cookie"), "");
}

TEST(HttpServerTest, ABusyPortIsNamed) {
  auto server = StartServer(Echo);
  const std::string address = StrCat("127.0.0.1:", server->port());
  Server second({.address = address}, Echo);
  const absl::Status status = second.Start();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr(address));
  Server third({.address = "nowhere"}, Echo);
  EXPECT_EQ(third.Start().code(), absl::StatusCode::kInvalidArgument);
}

// Holds requests until told to answer.
class Held {
 public:
  Handler Take() {
    return [this](Request, Responder respond) {
      std::lock_guard lock(mutex_);
      held_.push_back(std::move(respond));
      changed_.notify_all();
    };
  }
  void Await(size_t count) {
    std::unique_lock lock(mutex_);
    ASSERT_TRUE(changed_.wait_for(lock, std::chrono::seconds(10), [&] { return held_.size() >= count; }));
  }
  void AnswerAll() {
    std::lock_guard lock(mutex_);
    for (const Responder& respond : held_) respond(Response{.body = "late"});
    held_.clear();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Responder> held_;
};

TEST(HttpServerTest, DrainFinishesWhatIsUnderWay) {
  Held held;
  auto server = StartServer(held.Take());
  RawClient busy(server->port()), idle(server->port());
  busy.Send(Get("/"));
  held.Await(1);
  std::thread drain([&] { server->Drain(); });
  EXPECT_EQ(idle.ReadAll(), "") << "an idle connection is closed at once";
  held.AnswerAll();
  const std::string answer = busy.ReadAll();
  EXPECT_THAT(answer, HasSubstr("late"));
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  drain.join();
  EXPECT_FALSE(Fetch(StrCat("127.0.0.1:", server->port()), {.method = "GET", .target = "/"}).ok());
}

TEST(HttpServerTest, DrainGivesUpAfterTheGracePeriod) {
  Held held;
  ServerOptions options;
  options.grace_period = absl::Milliseconds(100);
  auto server = StartServer(held.Take(), options);
  RawClient busy(server->port());
  busy.Send(Get("/"));
  held.Await(1);
  server->Drain();
  EXPECT_EQ(busy.ReadAll(), "");
  server.reset();
  held.AnswerAll();  // finds nobody, harms nobody
}

TEST(HttpServerTest, ClientsThatVanishLeaveNothingBehind) {
  Held held;
  ServerOptions options;
  options.max_connections = 8;
  auto server = StartServer(held.Take(), options);
  for (size_t round = 0; round < 3; ++round) {
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 4; ++i) {
      clients.push_back(std::make_unique<RawClient>(server->port()));
      clients.back()->Send(Get("/"));
    }
    held.Await(4);
    for (auto& client : clients) client->Reset();
    held.AnswerAll();
  }
  server->Drain();
}

TEST(HttpFetchTest, SaysWhatWentWrong) {
  EXPECT_EQ(Fetch("127.0.0.1:1", {.method = "GET", .target = "/"}).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Fetch("nonsense", {.method = "GET", .target = "/"}).status().code(), absl::StatusCode::kInvalidArgument);
  Held held;
  auto server = StartServer(held.Take());
  EXPECT_EQ(Fetch(StrCat("127.0.0.1:", server->port()), {.method = "GET", .target = "/"}, absl::Milliseconds(100))
                .status()
                .code(),
            absl::StatusCode::kDeadlineExceeded);
}

}  // namespace
}  // namespace tributary::http
