#include "tests/support/database_node.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/mysql/connection.h"
#include "tests/support/database_product.h"

namespace tributary::testing {
namespace {

constexpr absl::Duration kStartWithin = absl::Seconds(60);

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

int FreePort() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool found = probe >= 0 && bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (!found) NoDatabase("no free port");
  close(probe);
  return ntohs(address.sin_port);
}

DatabaseNode::DatabaseNode(std::string folder) : folder_(std::move(folder)) { Configure(""); }
DatabaseNode::~DatabaseNode() { Kill(); }

void DatabaseNode::Configure(const std::string& more) {
  WriteWholeFile(
      folder_ + "/my.cnf",
      absl::StrCat(ServerSettings(), "datadir = ", folder_, "/data\nsocket = ", folder_, "/s\ntmpdir = ", folder_,
                   "\npid_file = ", folder_, "/pid\nlog_error = ", folder_, "/log\nbind_address = 127.0.0.1\n", more));
}

bool DatabaseNode::Start(const std::vector<std::string>& more) {
  const bool first = port_ == 0;
  // Between finding a free port and taking it another may take it.
  for (int attempt = 0; attempt < (first ? 5 : 1); ++attempt) {
    if (first) port_ = FreePort();
    std::vector<std::string> command = {ServerProgram(), absl::StrCat("--defaults-file=", folder_, "/my.cnf"),
                                        absl::StrCat("--port=", port_)};
    command.insert(command.end(), more.begin(), more.end());
    std::vector<std::string> settings = {ServerPath()};
    for (char** entry = environ; *entry != nullptr; ++entry) {
      if (!absl::StartsWith(*entry, "PATH=")) settings.emplace_back(*entry);
    }
    const std::vector<char*> arguments = Pointers(command), environment = Pointers(settings);
    const pid_t parent = getpid();
    pid_ = fork();
    if (pid_ < 0) NoDatabase("cannot fork");
    if (pid_ == 0) {
      // Only calls that are safe after a fork with threads from here to exec.
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (getppid() != parent) _exit(1);
      const int null = open("/dev/null", O_RDWR);
      dup2(null, 0);
      dup2(null, 1);
      dup2(null, 2);
      execvpe(arguments[0], arguments.data(), environment.data());
      _exit(127);
    }
    if (WaitUntilReady()) return true;
  }
  return false;
}

bool DatabaseNode::WaitUntilReady() {
  mysql::Options options;
  options.address = address();
  options.user = kTestUser;
  options.password = kTestPassword;
  options.schema = "mysql";
  for (const absl::Time give_up = absl::Now() + kStartWithin; absl::Now() < give_up;) {
    if (mysql::Connection::Open(options).ok()) return true;
    int state = 0;
    if (waitpid(pid_, &state, WNOHANG) == pid_) {
      pid_ = -1;
      return false;
    }
    absl::SleepFor(absl::Milliseconds(20));
  }
  NoDatabase(absl::StrCat("the server does not answer:\n", log()));
}

std::vector<std::string> DatabaseNode::Recovered() const {
  const std::string state = ReadWholeFile(folder_ + "/data/grastate.dat");
  const size_t seqno = state.find("seqno:");
  if (seqno == std::string::npos) NoDatabase(absl::StrCat(folder_, " is no node of a cluster"));
  if (absl::StripLeadingAsciiWhitespace(absl::string_view(state).substr(seqno + 6)).substr(0, 2) != "-1") return {};
  const std::string found = folder_ + "/recovery.log";
  std::filesystem::remove(found);
  RunToEnd({ServerProgram(), absl::StrCat("--defaults-file=", folder_, "/my.cnf"), absl::StrCat("--log-error=", found),
            "--wsrep-recover"},
           folder_ + "/recovery.out");
  const std::string log = ReadWholeFile(found);
  constexpr std::string_view kLabel = "WSREP: Recovered position: ";
  const size_t at = log.rfind(kLabel);
  if (at == std::string::npos) NoDatabase(absl::StrCat("the node's place in its history cannot be read:\n", log));
  const std::string position = log.substr(at + kLabel.size(), log.find_first_of(",\n", at) - at - kLabel.size());
  return {absl::StrCat("--wsrep-start-position=", absl::StripAsciiWhitespace(position))};
}

void DatabaseNode::End(int signal) {
  if (pid_ <= 0) return;
  kill(pid_, signal);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

void DatabaseNode::Kill() { End(SIGKILL); }
void DatabaseNode::Stop() { End(SIGTERM); }

void DatabaseNode::Freeze() {
  kill(pid_, SIGSTOP);
  // The signal stops one thread after the other; this waits for the last.
  while (waitpid(pid_, nullptr, WUNTRACED) < 0 && errno == EINTR) {
  }
}

void DatabaseNode::Resume() { kill(pid_, SIGCONT); }

std::string DatabaseNode::address() const { return absl::StrCat("tcp://127.0.0.1:", port_); }
std::string DatabaseNode::socket_address() const { return absl::StrCat("unix://", folder_, "/s"); }
std::string DatabaseNode::log() const { return ReadWholeFile(folder_ + "/log"); }

}  // namespace tributary::testing
