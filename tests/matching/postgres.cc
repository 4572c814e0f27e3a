#include "tests/matching/postgres.h"

#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <thread>
#include <vector>

namespace tributary::matching_quality {
namespace {

[[noreturn]] void Fail(const std::string& why) {
  std::fprintf(stderr, "PostgreSQL: %s\n", why.c_str());
  std::exit(1);
}

// Where Debian keeps the programs of the newest version; empty where there is none.
std::string Programs() {
  std::vector<std::string> found;
  std::error_code none;
  for (const auto& version : std::filesystem::directory_iterator("/usr/lib/postgresql", none)) {
    if (std::filesystem::exists(version.path() / "bin/postgres")) found.push_back((version.path() / "bin").string());
  }
  return found.empty() ? "" : *std::max_element(found.begin(), found.end());
}

// Starts a program, its output in a file. PostgreSQL refuses to run as root; then it runs as the package's own user.
pid_t Spawn(const std::vector<std::string>& command, const std::string& output, const passwd* user) {
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) Fail("cannot fork");
  if (pid > 0) return pid;
  const int null = open("/dev/null", O_RDONLY), file = open(output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  dup2(null, 0);
  dup2(file, 1);
  dup2(file, 2);
  if (user != nullptr && (setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) _exit(126);
  prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (getppid() != parent || chdir("/") != 0) _exit(1);
  execv(arguments[0], arguments.data());
  _exit(127);
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::unique_ptr<Postgres> Postgres::Start() {
  const std::string programs = Programs();
  if (programs.empty()) {
    std::fprintf(stderr, "PostgreSQL is not installed (apt-get install postgresql-15): pg_trgm is left out\n");
    return nullptr;
  }
  const passwd* const user = getuid() == 0 ? getpwnam("postgres") : nullptr;
  if (getuid() == 0 && user == nullptr) Fail("there is no user postgres to run it as");
  std::string folder = std::filesystem::temp_directory_path().string() + "/tributary-postgres-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) Fail("no folder of its own");
  if (user != nullptr && chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0) Fail("cannot give its folder away");
  const std::string log = folder + ".log";
  int state = 0;
  const pid_t made = Spawn({programs + "/initdb", "-D", folder + "/data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                            "--locale=C.UTF-8", "--no-sync"},
                           log, user);
  if (waitpid(made, &state, 0) != made || state != 0) Fail("initdb: " + ReadFile(log));
  const pid_t pid =
      Spawn({programs + "/postgres", "-D", folder + "/data", "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off",
             "-c", "shared_buffers=512MB", "-c", "work_mem=64MB", "-c", "jit=off", "-c", "maintenance_work_mem=512MB"},
            log, user);
  std::unique_ptr<Postgres> server(new Postgres(folder, pid));
  const std::string ready = "psql -X -q -h " + folder + " -U postgres -c 'SELECT 1' >/dev/null 2>&1";
  for (int i = 0; std::system(ready.c_str()) != 0; ++i) {
    if (i == 300 || waitpid(pid, &state, WNOHANG) == pid) Fail("it does not start: " + ReadFile(log));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  server->Run("CREATE EXTENSION pg_trgm;");
  return server;
}

Postgres::~Postgres() {
  kill(pid_, SIGQUIT);
  waitpid(pid_, nullptr, 0);
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
  std::filesystem::remove(folder_ + ".log", ignored);
}

std::string Postgres::Run(const std::string& statements) const {
  const std::string file = folder_ + "/statements.sql";
  std::ofstream(file) << "SET client_min_messages = warning;\n" << statements;
  const std::string command =
      "psql -X -q -A -t -F '\t' -v ON_ERROR_STOP=1 -h " + folder_ + " -U postgres -f " + file + " 2>&1";
  std::FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) Fail("psql cannot be started");
  std::string output;
  char buffer[1 << 16];
  for (size_t n = 0; (n = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;) output.append(buffer, n);
  if (pclose(pipe) != 0) Fail(output.substr(0, 2000));
  return output;
}

}  // namespace tributary::matching_quality
