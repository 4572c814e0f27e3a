// Starting and stopping: what up and down touch, and what they leave alone.

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/channel.h"

namespace tributary::testing {
namespace {

using ::testing::HasSubstr;

// Another program's server on a port.
class Squatter {
 public:
  explicit Squatter(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    const int on = 1;
    setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(socket_, 8), 0);
  }
  ~Squatter() { close(socket_); }

 private:
  const int socket_;
};

std::string PortSentence(int port, const std::string& who) {
  return "port " + std::to_string(port) + ", which " + who + " needs, is in use";
}

TEST(LifecycleTest, UpNamesABusyPortAndDownStopsOnlyItsOwn) {
  TestSuite suite;
  {
    Squatter squatter(suite.port("database"));
    const Outcome up = suite.Dev({"up"});
    EXPECT_EQ(up.code, 1);
    EXPECT_THAT(up.err, HasSubstr(PortSentence(suite.port("database"), "database")));
    EXPECT_EQ(suite.pid("database"), 0);
  }
  {
    Squatter squatter(suite.admin_port("incentive"));
    const Outcome up = suite.Dev({"up"});
    EXPECT_EQ(up.code, 1);
    EXPECT_THAT(up.err, HasSubstr(PortSentence(suite.admin_port("incentive"), "incentive (admin)")));
    EXPECT_EQ(suite.pid("incentive"), 0);
  }
  // The port is free again: the rest is started.
  suite.Up();
  for (const std::string& part : TestSuite::Parts()) EXPECT_GT(suite.pid(part), 0) << part;

  // Two programs that are not the suite's: one that a stale pid file names, and another suite's on other ports.
  RunningCommand stranger({.arguments = {"sleep", "600"}});
  const pid_t gateway = suite.pid("gateway");
  kill(gateway, SIGTERM);
  ASSERT_TRUE(WaitUntil([&] { return suite.pid("gateway") == 0; }, absl::Seconds(30)));
  WriteTestFile(suite.var() + "/run/gateway.pid", std::to_string(stranger.pid()));
  TestSuite other;
  const Outcome nothing = other.Dev({"down"});
  EXPECT_EQ(nothing.code, 0) << nothing.ToString();
  EXPECT_GT(suite.pid("database"), 0);

  const Outcome down = suite.Dev({"down"});
  EXPECT_EQ(down.code, 0) << down.ToString();
  EXPECT_TRUE(stranger.running());
  for (const std::string& part : TestSuite::Parts()) {
    if (part == "gateway") continue;
    EXPECT_EQ(suite.pid(part), 0) << part << " still runs";
  }
  const Outcome again = suite.Dev({"down"});
  EXPECT_EQ(again.code, 0) << again.ToString();
  EXPECT_TRUE(stranger.running());
}

}  // namespace
}  // namespace tributary::testing
