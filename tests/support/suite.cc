#include "tests/support/suite.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "absl/time/clock.h"
#include "common/http/fetch.h"
#include "common/text/text.h"
#include "gtest/gtest.h"

namespace tributary::testing {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void Die(const std::string& text) {
  std::fprintf(stderr, "test suite: %s\n", text.c_str());
  std::exit(1);
}

bool IsFree(int port) {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  const bool bound = bind(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(probe);
  return bound;
}

// 'S', 'R', 'T', ...: the third field of /proc/PID/stat, behind the name in brackets; 0 where there is no such process.
char ProcessState(pid_t pid) {
  std::ifstream file(StrCat("/proc/", pid, "/stat"));
  std::string line;
  if (!std::getline(file, line)) return 0;
  const size_t bracket = line.rfind(')');
  return bracket == std::string::npos || bracket + 2 >= line.size() ? '\0' : line[bracket + 2];
}

int Offset(std::string_view part) {
  for (size_t i = 0; i < TestSuite::Parts().size(); ++i) {
    if (TestSuite::Parts()[i] == part) return static_cast<int>(i);
  }
  Die(StrCat("there is no part ", part));
}

}  // namespace

PortBlock::PortBlock() {
  constexpr int kFrom = 12000, kBlocks = 900, kSize = 20;  // up to 30000: the system hands out ports from 32768
  std::minstd_rand random(static_cast<unsigned>(getpid()) ^ static_cast<unsigned>(absl::ToUnixNanos(absl::Now())));
  const fs::path folder = fs::temp_directory_path() / StrCat("tributary-test-ports-", getuid());
  fs::create_directories(folder);
  for (int attempt = 0; attempt < 200; ++attempt) {
    const int first = kFrom + kSize * static_cast<int>(random() % kBlocks);
    const int lock = open((folder / std::to_string(first)).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    bool free = lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0;
    for (int port = first; free && port < first + 16; ++port) free = IsFree(port);
    if (free) {
      first_ = first;
      lock_ = lock;
      return;
    }
    if (lock >= 0) close(lock);
  }
  Die("no 16 free ports in a row");
}

PortBlock::~PortBlock() { close(lock_); }

const std::vector<std::string>& TestSuite::Parts() {
  static const auto& parts =
      *new std::vector<std::string>{"database", "partner", "inventory", "incentive", "conflict", "gateway"};
  return parts;
}

TestSuite::TestSuite() : var_(folder_.path() + "/var") { Guard(); }

TestSuite::~TestSuite() {
  clients_.clear();
  for (const std::string& part : Parts()) Resume(part);
  const Outcome down = Dev({"down"}, absl::Minutes(2));
  if (down.code != 0) std::fprintf(stderr, "./dev down: %s\n", down.ToString().c_str());
  // What a failed test needs to be understood.
  if (::testing::UnitTest::GetInstance()->Failed()) {
    const fs::path kept = fs::temp_directory_path() / StrCat("tributary-e2e-logs-", getpid(), "-", ports_.first());
    std::error_code ignored;
    fs::copy(var_ + "/log", kept, fs::copy_options::recursive, ignored);
    std::fprintf(stderr, "the logs of the processes are kept in %s\n", kept.c_str());
  }
  if (write(guard_, "x", 1) != 1) std::fprintf(stderr, "the guard has gone\n");
  close(guard_);
}

// A shell of its own session that waits for the test's end. Where the test did not say good-bye, it stops the suite.
void TestSuite::Guard() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) Die("no pipe");
  guard_ = ends[1];
  std::string script = StrCat("read -r -n 1 word || { cd '", SourceFolder(), "' && ./dev down; rm -rf '",
                              folder_.path(), "'; } >/dev/null 2>&1");
  std::string shell = "bash", option = "-c";
  char* arguments[] = {shell.data(), option.data(), script.data(), nullptr};
  std::vector<std::string> settings;
  for (char** entry = environ; *entry != nullptr; ++entry) settings.emplace_back(*entry);
  for (const auto& [name, value] : Environment()) settings.push_back(StrCat(name, "=", value));
  std::vector<char*> environment;
  for (std::string& setting : settings) environment.push_back(setting.data());
  environment.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) Die("cannot fork");
  if (child == 0) {
    setsid();
    if (fork() != 0) _exit(0);
    dup2(ends[0], 0);
    const int null = open("/dev/null", O_WRONLY);
    dup2(null, 1);
    dup2(null, 2);
    execvpe(arguments[0], arguments, environment.data());
    _exit(127);
  }
  waitpid(child, nullptr, 0);
  close(ends[0]);
}

std::map<std::string, std::string> TestSuite::Environment() const {
  return {
      {"TRIBUTARY_VAR", var_}, {"TRIBUTARY_PORT", std::to_string(ports_.first())}, {"TRIBUTARY_BIN", ProgramFolder()}};
}

Outcome TestSuite::Dev(std::vector<std::string> arguments, absl::Duration within) {
  arguments.insert(arguments.begin(), "./dev");
  return RunCommand({.arguments = std::move(arguments), .environment = Environment(), .within = within});
}

void TestSuite::Up() {
  const Outcome up = Dev({"up"});
  if (up.code == 0) return;
  for (const std::string& part : Parts()) {
    const Outcome log = RunCommand({.arguments = {"tail", "-n", "5", StrCat(var_, "/log/", part, ".log")}});
    std::fprintf(stderr, "-- %s\n%s", part.c_str(), log.out.c_str());
  }
  Die(StrCat("./dev up: ", up.ToString()));
}

Command TestSuite::CtlCommand(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), ProgramFolder() + "/tributaryctl");
  return {.arguments = std::move(arguments), .environment = Environment()};
}

Outcome TestSuite::Ctl(std::vector<std::string> arguments, absl::Duration within) {
  Command command = CtlCommand(std::move(arguments));
  command.within = within;
  return RunCommand(std::move(command));
}

nlohmann::json TestSuite::CtlJson(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"-o", "json"});
  const Outcome outcome = Ctl(std::move(arguments));
  EXPECT_EQ(outcome.code, 0) << outcome.ToString();
  const nlohmann::json json = nlohmann::json::parse(outcome.out, nullptr, /*allow_exceptions=*/false);
  EXPECT_FALSE(json.is_discarded()) << outcome.ToString();
  return outcome.code == 0 && !json.is_discarded() ? json : nlohmann::json();
}

int TestSuite::port(std::string_view part) const { return ports_.first() + Offset(part); }
int TestSuite::admin_port(std::string_view part) const { return port(part) + 10; }
std::string TestSuite::address(std::string_view part) const { return StrCat("127.0.0.1:", port(part)); }

pid_t TestSuite::pid(const std::string& part) const {
  std::ifstream file(StrCat(var_, "/run/", part, ".pid"));
  pid_t pid = 0;
  if (!(file >> pid)) return 0;
  const char state = ProcessState(pid);
  if (state == 0) return 0;
  // Dead, but nobody has asked for its exit code: it is gone once its last thread is.
  std::error_code ignored;
  const fs::directory_iterator threads(StrCat("/proc/", pid, "/task"), ignored);
  return state == 'Z' && std::distance(threads, fs::directory_iterator()) <= 1 ? 0 : pid;
}

void TestSuite::Kill(const std::string& part) {
  const pid_t process = pid(part);
  ASSERT_GT(process, 0) << part << " does not run";
  kill(process, SIGKILL);
  ASSERT_TRUE(WaitUntil([&] { return pid(part) != process; }, absl::Seconds(30))) << part;
}

void TestSuite::Freeze(const std::string& part) {
  const pid_t process = pid(part);
  ASSERT_GT(process, 0) << part << " does not run";
  kill(process, SIGSTOP);
  ASSERT_TRUE(WaitUntil([&] { return ProcessState(process) == 'T'; }, absl::Seconds(30))) << part;
}

void TestSuite::Resume(const std::string& part) {
  if (const pid_t process = pid(part); process > 0) kill(process, SIGCONT);
}

int TestSuite::Readiness(const std::string& part) const {
  const auto response = http::Fetch(StrCat("127.0.0.1:", admin_port(part)), {.method = "GET", .target = "/readyz"});
  return response.ok() ? response->status : 0;
}

std::string TestSuite::Token(std::string_view role, std::string_view partner, std::string_view subject,
                             absl::Duration lifetime, absl::Time from) const {
  api::v1::Role parsed;
  if (!api::v1::Role_Parse(std::string(role), &parsed)) Die(StrCat("there is no role ", role));
  auto signer = auth::TokenSigner::FromJwk(ReadTestFile(var_ + "/keys/service.jwk"));
  if (!signer.ok()) Die(std::string(signer.status().message()));
  auto token = (*signer)->Sign({.subject = std::string(subject), .roles = {parsed}, .partner = std::string(partner)},
                               from, lifetime);
  if (!token.ok()) Die(std::string(token.status().message()));
  return *std::move(token);
}

rpc::Client& TestSuite::client(const std::string& service) {
  std::unique_ptr<rpc::Client>& client = clients_[service];
  if (client == nullptr) {
    client = std::make_unique<rpc::Client>(rpc::ClientOptions{
        .address = address(service), .token = [this] { return Token("ADMINISTRATOR"); }, .retries = false});
  }
  return *client;
}

http::Response TestSuite::Http(const std::string& method, const std::string& target, const std::string& token,
                               const std::string& body, http::Headers headers) const {
  if (!token.empty()) headers.emplace_back("authorization", "Bearer " + token);
  if (!body.empty()) headers.emplace_back("content-type", "application/json");
  auto response = http::Fetch(address("gateway"), {method, target, std::move(headers), body}, absl::Seconds(30));
  if (response.ok()) return *std::move(response);
  ADD_FAILURE() << method << " " << target << ": " << std::string(response.status().message());
  return {.status = 0};
}

}  // namespace tributary::testing
