// Answers whose bodies are written piece by piece.

#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/synchronization/notification.h"
#include "common/http/fetch.h"
#include "common/http/server.h"
#include "common/http/testing_client.h"
#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary::http {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// Hands each answer's body to a thread, as those do that write pieces.
class Bodies {
 public:
  using Work = std::function<void(const Request&, const Responder&)>;
  ~Bodies() {
    for (std::thread& thread : threads_) thread.join();
  }
  Handler Each(Work work) {
    return [this, work](Request request, Responder respond) {
      std::lock_guard lock(mutex_);
      threads_.emplace_back([work, request, respond] { work(request, respond); });
    };
  }

 private:
  std::mutex mutex_;
  std::vector<std::thread> threads_;  // under mutex_
};

void Never() { ADD_FAILURE() << "nobody has gone"; }

TEST(HttpBodyTest, ComesInPiecesAsTheyAreWritten) {
  for (const char* version : {"1.1", "1.0"}) {
    absl::Notification first_read;
    Bodies bodies;
    auto server = StartServer(bodies.Each([&](const Request&, const Responder& respond) {
      const auto body = respond.Begin({.content_type = "text/event-stream", .headers = {{"x-a", "b"}}}, Never);
      EXPECT_TRUE(body->Write("one\n"));
      first_read.WaitForNotification();
      EXPECT_TRUE(body->Write(""));
      EXPECT_TRUE(body->Write("two\n"));
      respond(Response{.body = "too late"});
      EXPECT_EQ(respond.Begin({}, Never), nullptr);
      body->End();
    }));
    RawClient client(server->port());
    client.Send(StrCat("GET / HTTP/", version, "\r\nHost: a\r\n\r\n"));
    const std::string first = client.ReadThrough("one\n");
    EXPECT_THAT(first, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(first, HasSubstr("Content-Type: text/event-stream\r\n"));
    EXPECT_THAT(first, HasSubstr("x-a: b\r\n"));
    EXPECT_THAT(first, testing::Not(HasSubstr("Content-Length")));
    first_read.Notify();
    const std::string rest = client.ReadAll();
    if (std::string_view(version) == "1.1") {
      EXPECT_THAT(first, HasSubstr("Transfer-Encoding: chunked"));
      EXPECT_THAT(first, HasSubstr("Connection: close"));
      EXPECT_EQ(rest, "\r\n4\r\ntwo\n\r\n0\r\n\r\n");
    } else {
      EXPECT_EQ(rest, "two\n");
    }
  }
}

TEST(HttpBodyTest, ABodyThatIsNotEndedIsCutOff) {
  Bodies bodies;
  auto server = StartServer(bodies.Each([&](const Request&, const Responder& respond) {
    const auto body = respond.Begin({}, Never);
    EXPECT_TRUE(body->Write("one"));
  }));
  RawClient client(server->port());
  client.Send(Get("/"));
  EXPECT_THAT(client.ReadAll(), testing::EndsWith("\r\n\r\n3\r\none\r\n"));
  const auto fetched = Fetch(StrCat("127.0.0.1:", server->port()), {.method = "GET", .target = "/"});
  EXPECT_EQ(fetched.status().code(), absl::StatusCode::kUnavailable) << "no answer is taken for whole that is not";
}

TEST(HttpBodyTest, WhoeverWritesLearnsThatTheClientHasGone) {
  for (const bool reset : {true, false}) {
    Bodies bodies;
    absl::Notification gone, ended;
    auto server = StartServer(bodies.Each([&](const Request&, const Responder& respond) {
      const auto body = respond.Begin({}, [&] { gone.Notify(); });
      body->Write("one");          // the client may have gone before it is known to be written
      gone.WaitForNotification();  // although nothing is written
      EXPECT_FALSE(body->Write("two"));
      body->End();
      ended.Notify();
    }));
    {
      RawClient client(server->port());
      client.Send(Get("/"));
      client.ReadThrough("one");
      if (reset) client.Reset();
    }
    EXPECT_TRUE(ended.WaitForNotificationWithTimeout(absl::Seconds(30)));
  }
}

TEST(HttpBodyTest, AClientThatDoesNotReadIsCutOffInTime) {
  Bodies bodies;
  absl::Notification ended;
  ServerOptions options;
  options.write_timeout = absl::Milliseconds(200);
  auto server = StartServer(bodies.Each([&](const Request&, const Responder& respond) {
    const auto body = respond.Begin({}, [] {});
    while (body->Write(std::string(1 << 20, 'x'))) continue;
    ended.Notify();
  }),
                            options);
  RawClient client(server->port());
  client.Send(Get("/"));
  EXPECT_TRUE(ended.WaitForNotificationWithTimeout(absl::Seconds(30)));
}

TEST(HttpBodyTest, ADrainLeavesBodiesTheGracePeriod) {
  Bodies bodies;
  absl::Notification gone, begun;
  ServerOptions options;
  options.grace_period = absl::Milliseconds(50);
  auto server = StartServer(bodies.Each([&](const Request&, const Responder& respond) {
    const auto body = respond.Begin({}, [&] { gone.Notify(); });
    EXPECT_TRUE(body->Write("one"));
    begun.Notify();
    gone.WaitForNotification();
    EXPECT_FALSE(body->Write("two"));
  }),
                            options);
  RawClient client(server->port());
  client.Send(Get("/"));
  begun.WaitForNotification();
  server->Drain();
  EXPECT_TRUE(gone.HasBeenNotified());
  // What is begun after the end reaches nobody, and does not wait.
  EXPECT_THAT(client.ReadAll(), HasSubstr("one"));
}

}  // namespace
}  // namespace tributary::http
