#include "tests/support/database_product.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string_view>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tests/support/database_node.h"

namespace tributary::testing {
namespace {

namespace fs = std::filesystem;

constexpr char kSource[] = TRIBUTARY_SOURCE_DIR;
constexpr absl::string_view kMySql = "mysql:", kGalera = "galera:";

absl::string_view Asked() {
  const char* asked = std::getenv("TRIBUTARY_TEST_DATABASE");
  return asked == nullptr ? "" : asked;
}

// The program or library behind the product's name.
std::string PathAsked() {
  absl::string_view path = Asked();
  if (!absl::ConsumePrefix(&path, kMySql)) absl::ConsumePrefix(&path, kGalera);
  return std::string(path);
}

std::string Shipped(const char* name) { return absl::StrCat(kSource, "/deploy/", name); }

std::string AsRoot() { return getuid() == 0 ? "user = root\n" : ""; }

// Changes when anything that a template is made from does.
std::string TemplateName() {
  const fs::path out = fs::path(DatabasesFolder()) / absl::StrCat("version-", getpid());
  RunToEnd({ServerProgram(), "--no-defaults", "--version"}, out);
  const std::string version = ReadWholeFile(out);
  fs::remove(out);
  if (version.empty()) NoDatabase(absl::StrCat(ServerProgram(), " cannot be run"));
  // The settings that ship by their text and not by their path, so that all checkouts of one machine share the
  // template.
  std::string made_from = absl::StrCat(version, ServerSettings().substr(ServerSettings().find('\n')));
  switch (ProductUnderTest()) {
    case DatabaseProduct::kMySql:
      absl::StrAppend(&made_from, ReadWholeFile(Shipped("mysql.cnf")));
      break;
    case DatabaseProduct::kGalera:
      absl::StrAppend(&made_from, ReadWholeFile(Shipped("galera.cnf")), PathAsked());
      [[fallthrough]];
    case DatabaseProduct::kMariaDb:
      absl::StrAppend(&made_from, ReadWholeFile(Shipped("mariadb.cnf")));
      break;
  }
  return absl::StrCat("template-", absl::Hex(std::hash<std::string>()(made_from), absl::kZeroPad16));
}

// Removes what tests left behind that were killed.
void Sweep() {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(DatabasesFolder(), ignored)) {
    int pid = 0;
    if (std::sscanf(entry.path().filename().c_str(), "db-%d-", &pid) != 1) continue;
    if (kill(pid, 0) != 0 && errno == ESRCH) fs::remove_all(entry.path(), ignored);
  }
}

void Install(const fs::path& folder) {
  const std::string settings = absl::StrCat("--defaults-file=", (folder / "my.cnf").string());
  const std::string data = absl::StrCat("--datadir=", (folder / "data").string());
  const std::string log = folder / "install.log";
  std::vector<std::string> command;
  if (ProductUnderTest() == DatabaseProduct::kMySql) {
    command = {ServerProgram(), settings, data, "--initialize-insecure"};
  } else {
    command = {"mariadb-install-db", settings, data, "--auth-root-authentication-method=normal", "--skip-test-db",
               "--skip-name-resolve"};
  }
  if (RunToEnd(command, log) != 0) NoDatabase(absl::StrCat(command[0], " failed:\n", ReadWholeFile(log)));
}

// The history that all nodes of all test clusters begin with: a cluster of one that has been there for a moment.
void BeginHistory(const fs::path& folder) {
  DatabaseNode node(folder);
  const int group_port = FreePort();
  node.Configure(
      ClusterSettings({.group_port = group_port, .transfer_port = FreePort(), .peer_group_port = group_port}));
  if (!node.Start({"--wsrep-new-cluster", absl::StrCat("--init-file=", (folder / "init.sql").string())})) {
    NoDatabase(absl::StrCat("the first node of a cluster does not start:\n", node.log()));
  }
  node.Stop();
}

}  // namespace

DatabaseProduct ProductUnderTest() {
  if (Asked().empty()) return DatabaseProduct::kMariaDb;
  if (!PathAsked().empty() && absl::StartsWith(Asked(), kMySql)) return DatabaseProduct::kMySql;
  if (!PathAsked().empty() && absl::StartsWith(Asked(), kGalera)) return DatabaseProduct::kGalera;
  NoDatabase(absl::StrCat("TRIBUTARY_TEST_DATABASE: got '", Asked(), "', want mysql:PROGRAM or galera:LIBRARY"));
}

std::string AccountStatements() {
  return absl::StrCat("CREATE USER IF NOT EXISTS '", kTestUser, "'@'%' IDENTIFIED BY '", kTestPassword, "';\n",
                      "GRANT ALL PRIVILEGES ON *.* TO '", kTestUser, "'@'%' WITH GRANT OPTION;\n");
}

std::string ServerProgram() {
  return ProductUnderTest() == DatabaseProduct::kMySql ? PathAsked() : std::string("mariadbd");
}

std::string ServerSettings() {
  const bool mysql = ProductUnderTest() == DatabaseProduct::kMySql;
  return absl::StrCat("!include ", Shipped(mysql ? "mysql.cnf" : "mariadb.cnf"), "\n[mysqld]\n",
                      mysql ? "innodb_redo_log_capacity = 128M\n"
                            : "innodb_log_file_size = 16M\n"
                              "innodb_data_file_path = ibdata1:4M:autoextend\n"
                              "innodb_temp_data_file_path = ibtmp1:4M:autoextend\n"
                              "aria_pagecache_buffer_size = 8M\n",
                      "innodb_autoextend_increment = 4\n"
                      "innodb_buffer_pool_size = 64M\n"
                      "innodb_use_native_aio = 0\n"
                      "innodb_flush_method = fsync\n"
                      "key_buffer_size = 1M\n"
                      "max_connections = 400\n",
                      AsRoot());
}

std::string ClusterSettings(const ClusterPlace& place) {
  return absl::StrCat("!include ", Shipped("galera.cnf"), "\n[mysqld]\n",  //
                      "wsrep_provider = ", PathAsked(), "\n",              //
                      "wsrep_cluster_name = test-", getpid(), "\n",
                      "wsrep_cluster_address = gcomm://127.0.0.1:", place.peer_group_port, "\n",
                      "wsrep_node_address = 127.0.0.1\n"
                      "wsrep_sst_method = ist\n"
                      "wsrep_provider_options = \"gcache.size=32M;",                                 //
                      "base_port=", place.group_port, ";",                                           //
                      "gmcast.listen_addr=tcp://127.0.0.1:", place.group_port, ";",                  //
                      "ist.recv_addr=127.0.0.1:", place.transfer_port, ";pc.weight=", place.weight,  //
                      "\"\n");
}

std::string ServerPath() {
  const char* path = std::getenv("PATH");
  return absl::StrCat("PATH=", kSource, "/tests/support/galera:", path == nullptr ? "/usr/bin:/bin" : path);
}

std::string DataTemplate() {
  fs::create_directories(DatabasesFolder());
  const fs::path ready = fs::path(DatabasesFolder()) / TemplateName();
  const int lock = open((fs::path(DatabasesFolder()) / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0 || flock(lock, LOCK_EX) != 0) NoDatabase("cannot lock the folder of templates");
  Sweep();
  if (!fs::exists(ready)) {
    const fs::path making = fs::path(DatabasesFolder()) / "making";
    fs::remove_all(making);
    fs::create_directories(making / "data");
    WriteWholeFile(making / "my.cnf", ServerSettings());
    WriteWholeFile(making / "init.sql", AccountStatements());
    Install(making);
    if (ProductUnderTest() == DatabaseProduct::kGalera) BeginHistory(making);
    fs::rename(making / "data", ready);
    fs::remove_all(making);
  }
  close(lock);
  return ready;
}

std::string DatabasesFolder() {
  // Memory where there is room for it (a flush to it costs nothing, and a killed process loses nothing there), else
  // disk.
  struct statvfs about {};
  const bool memory = statvfs("/dev/shm", &about) == 0 && access("/dev/shm", W_OK) == 0 &&
                      about.f_bavail * about.f_frsize > (uint64_t{2} << 30);
  const char* chosen = std::getenv("TRIBUTARY_TEST_DIR");
  const fs::path base = chosen != nullptr ? fs::path(chosen)
                        : memory          ? fs::path("/dev/shm")
                                          : fs::temp_directory_path();
  return base / absl::StrCat("tributary-test-", getuid());
}

int RunToEnd(const std::vector<std::string>& command, const std::string& output) {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
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

std::string ReadWholeFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void WriteWholeFile(const std::string& path, const std::string& text) {
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream << text;
  if (!stream.flush()) NoDatabase(absl::StrCat("cannot write ", path));
}

void NoDatabase(const std::string& why) {
  std::fprintf(stderr, "test database: %s\n", why.c_str());
  std::exit(1);
}

}  // namespace tributary::testing
