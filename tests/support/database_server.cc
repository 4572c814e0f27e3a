#include "tests/support/database_server.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/mysql/connection.h"

namespace tributary::testing {
namespace {

namespace fs = std::filesystem;

constexpr char kSource[] = TRIBUTARY_SOURCE_DIR;
constexpr absl::Duration kStartWithin = absl::Seconds(60);
constexpr char kUser[] = "tributary";
constexpr char kPassword[] = "tributary-test";

[[noreturn]] void Die(const std::string& text) {
  std::fprintf(stderr, "test database: %s\n", text.c_str());
  std::exit(1);
}

std::string Read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void Write(const fs::path& path, const std::string& text) {
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream << text;
  if (!stream.flush()) Die(absl::StrCat("cannot write ", path.string()));
}

// Memory where there is room for it (a flush to it costs nothing, and a killed process loses nothing there), else disk.
fs::path Base() {
  struct statvfs about {};
  const bool memory = statvfs("/dev/shm", &about) == 0 && access("/dev/shm", W_OK) == 0 &&
                      about.f_bavail * about.f_frsize > (uint64_t{2} << 30);
  const char* chosen = std::getenv("TRIBUTARY_TEST_DIR");
  const fs::path base = chosen != nullptr ? fs::path(chosen)
                        : memory          ? fs::path("/dev/shm")
                                          : fs::temp_directory_path();
  return base / absl::StrCat("tributary-test-", getuid());
}

// Runs a program to its end, output into a file; its exit code.
int Run(const std::vector<std::string>& command, const fs::path& output) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const int out = open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(out, 1);
    dup2(out, 2);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  close(out);
  int state = 0;
  while (waitpid(pid, &state, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(state) ? WEXITSTATUS(state) : 128;
}

// What makes copies small and quick; durability stays as deploy/mariadb.cnf says.
std::string SmallSettings() {
  return absl::StrCat("!include ", kSource, "/deploy/mariadb.cnf\n",
                      "[mysqld]\n"
                      "innodb_log_file_size = 16M\n"
                      "innodb_autoextend_increment = 4\n"
                      "innodb_buffer_pool_size = 64M\n"
                      "innodb_data_file_path = ibdata1:4M:autoextend\n"
                      "innodb_temp_data_file_path = ibtmp1:4M:autoextend\n"
                      "innodb_use_native_aio = 0\n"
                      "innodb_flush_method = fsync\n"
                      "key_buffer_size = 1M\n"
                      "aria_pagecache_buffer_size = 8M\n"
                      "max_connections = 400\n");
}

std::string AsRoot() { return getuid() == 0 ? "user = root\n" : ""; }

// Changes when anything that the template is made from does.
std::string TemplateName() {
  const std::string version = [] {
    const fs::path out = Base() / absl::StrCat("version-", getpid());
    Run({"mariadbd", "--no-defaults", "--version"}, out);
    const std::string text = Read(out);
    fs::remove(out);
    if (text.empty()) Die("mariadbd is not installed (package mariadb-server-core)");
    return text;
  }();
  // The settings by their text and not by their path, so that all checkouts of one machine share the template.
  std::string settings = SmallSettings();
  settings.replace(0, settings.find('\n'), Read(fs::path(kSource) / "deploy/mariadb.cnf"));
  const size_t hash = std::hash<std::string>()(absl::StrCat(version, settings));
  return absl::StrCat("template-", absl::Hex(hash, absl::kZeroPad16));
}

// Removes what tests left behind that were killed. Folders are named after their process: "db-PID-XXXXXX".
void Sweep() {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(Base(), ignored)) {
    int pid = 0;
    if (std::sscanf(entry.path().filename().c_str(), "db-%d-", &pid) != 1) continue;
    if (kill(pid, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), ignored);
  }
}

// The data folder to copy from; made by whoever comes first.
fs::path Template() {
  fs::create_directories(Base());
  const fs::path ready = Base() / TemplateName();
  const int lock = open((Base() / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0 || flock(lock, LOCK_EX) != 0) Die("cannot lock the folder of templates");
  Sweep();
  if (!fs::exists(ready)) {
    const fs::path making = Base() / "making";
    fs::remove_all(making);
    fs::create_directories(making / "data");
    Write(making / "my.cnf", absl::StrCat(SmallSettings(), AsRoot()));
    const fs::path log = making / "install.log";
    const std::vector<std::string> install = {"mariadb-install-db",
                                              absl::StrCat("--defaults-file=", (making / "my.cnf").string()),
                                              absl::StrCat("--datadir=", (making / "data").string()),
                                              "--auth-root-authentication-method=normal",
                                              "--skip-test-db",
                                              "--skip-name-resolve"};
    if (Run(install, log) != 0) Die(absl::StrCat("mariadb-install-db failed:\n", Read(log)));
    fs::rename(making / "data", ready);
    fs::remove_all(making);
  }
  close(lock);
  return ready;
}

int FreePort() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  const bool found = probe >= 0 && bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                     getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
  if (!found) Die("no free port");
  close(probe);
  return ntohs(address.sin_port);
}

}  // namespace

DatabaseServer::DatabaseServer() {
  const fs::path from = Template();
  std::string pattern = (Base() / absl::StrCat("db-", getpid(), "-XXXXXX")).string();
  if (mkdtemp(pattern.data()) == nullptr) Die(absl::StrCat("cannot make a folder in ", Base().string()));
  folder_ = pattern;
  fs::copy(from, fs::path(folder_) / "data", fs::copy_options::recursive);
  // The account is made at every start, before the server takes connections.
  Write(fs::path(folder_) / "init.sql",
        absl::StrCat("CREATE USER IF NOT EXISTS '", kUser, "'@'%' IDENTIFIED BY '", kPassword, "';\n",
                     "GRANT ALL PRIVILEGES ON *.* TO '", kUser, "'@'%' WITH GRANT OPTION;\n"));
  Write(fs::path(folder_) / "my.cnf",
        absl::StrCat(SmallSettings(), AsRoot(), "datadir = ", folder_, "/data\nsocket = ", folder_,
                     "/s\ntmpdir = ", folder_, "\npid_file = ", folder_, "/pid\nlog_error = ", folder_,
                     "/log\ninit_file = ", folder_, "/init.sql\nbind_address = 127.0.0.1\n"));
  // Between finding a free port and taking it another may take it.
  for (int attempt = 0; attempt < 5; ++attempt) {
    port_ = FreePort();
    if (Start({})) return;
  }
  Die(absl::StrCat("the server does not start:\n", log()));
}

DatabaseServer::~DatabaseServer() {
  Kill();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

std::string DatabaseServer::log() const { return Read(fs::path(folder_) / "log"); }

bool DatabaseServer::Start(const std::vector<std::string>& more) {
  std::vector<std::string> command = {"mariadbd", absl::StrCat("--defaults-file=", folder_, "/my.cnf"),
                                      absl::StrCat("--port=", port_)};
  command.insert(command.end(), more.begin(), more.end());
  std::vector<char*> arguments;
  for (std::string& argument : command) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ < 0) Die("cannot fork");
  if (pid_ == 0) {
    // Only calls that are safe after a fork with threads from here to exec.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    const int null = open("/dev/null", O_RDWR);
    dup2(null, 0);
    dup2(null, 1);
    dup2(null, 2);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  return WaitUntilReady();
}

bool DatabaseServer::WaitUntilReady() {
  mysql::Options options = this->options("mysql");
  for (const absl::Time give_up = absl::Now() + kStartWithin; absl::Now() < give_up;) {
    if (mysql::Connection::Open(options).ok()) return true;
    int state = 0;
    if (waitpid(pid_, &state, WNOHANG) == pid_) {
      pid_ = -1;
      return false;
    }
    absl::SleepFor(absl::Milliseconds(20));
  }
  Die(absl::StrCat("the server does not answer:\n", log()));
}

mysql::Options DatabaseServer::options(const std::string& schema) const {
  mysql::Options options;
  options.address = address();
  options.user = kUser;
  options.password = kPassword;
  options.schema = schema;
  options.pool_size = 8;
  return options;
}

mysql::Options DatabaseServer::options() const {
  static std::atomic<int> next{1};
  return options(absl::StrCat("test_", getpid(), "_", next++));
}

std::string DatabaseServer::address() const { return absl::StrCat("tcp://127.0.0.1:", port_); }
std::string DatabaseServer::socket_address() const { return absl::StrCat("unix://", folder_, "/s"); }

void DatabaseServer::Kill() {
  if (pid_ <= 0) return;
  kill(pid_, SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

void DatabaseServer::Stop() {
  if (pid_ <= 0) return;
  kill(pid_, SIGTERM);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
}

void DatabaseServer::Restart(const std::vector<std::string>& more) {
  Stop();
  if (!Start(more)) Die(absl::StrCat("the server does not start again:\n", log()));
}

void DatabaseServer::Freeze() {
  kill(pid_, SIGSTOP);
  // The signal stops one thread after the other; this waits for the last.
  while (waitpid(pid_, nullptr, WUNTRACED) < 0 && errno == EINTR) {
  }
}

void DatabaseServer::Resume() { kill(pid_, SIGCONT); }

}  // namespace tributary::testing
