#include "tests/support/command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/time/clock.h"
#include "common/text/text.h"

namespace tributary::testing {
namespace {

[[noreturn]] void Die(const std::string& text) {
  std::fprintf(stderr, "test support: %s\n", text.c_str());
  std::exit(1);
}

// A file in memory that the program writes to, so that nobody has to read while it runs.
int OutputFile() {
  const int file = memfd_create("output", MFD_CLOEXEC);
  if (file < 0) Die("no memory file for a program's output");
  return file;
}

std::string TextOf(int file) {
  std::string text;
  char buffer[1 << 16];
  off_t at = 0;
  for (ssize_t size; (size = pread(file, buffer, sizeof buffer, at)) > 0; at += size) text.append(buffer, size);
  return text;
}

}  // namespace

std::string Outcome::ToString() const { return StrCat("exit code ", code, "\n-- out\n", out, "\n-- err\n", err); }

RunningCommand::RunningCommand(Command command)
    : command_(std::move(command)), deadline_(absl::Now() + command_.within), out_(OutputFile()), err_(OutputFile()) {
  if (command_.folder.empty()) command_.folder = SourceFolder();
  // Everything that allocates comes before the fork.
  std::vector<char*> arguments;
  for (std::string& argument : command_.arguments) arguments.push_back(argument.data());
  arguments.push_back(nullptr);
  std::vector<std::string> settings;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view setting = *entry;
    if (!command_.environment.contains(std::string(setting.substr(0, setting.find('='))))) {
      settings.emplace_back(setting);
    }
  }
  for (const auto& [name, value] : command_.environment) settings.push_back(StrCat(name, "=", value));
  std::vector<char*> environment;
  for (std::string& setting : settings) environment.push_back(setting.data());
  environment.push_back(nullptr);
  pid_ = fork();
  if (pid_ < 0) Die("cannot fork");
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const int null = open("/dev/null", O_RDONLY);
    dup2(null, 0);
    dup2(out_, 1);
    dup2(err_, 2);
    if (chdir(command_.folder.c_str()) == 0) execvpe(arguments[0], arguments.data(), environment.data());
    _exit(127);
  }
  pid_handle_ = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  if (pid_handle_ < 0) Die(StrCat("cannot watch ", command_.arguments[0], ": ", std::strerror(errno)));
}

RunningCommand::~RunningCommand() {
  if (running()) kill(pid_, SIGKILL);
  EndedWithin(absl::InfiniteDuration());
  close(pid_handle_);
  close(out_);
  close(err_);
}

bool RunningCommand::EndedWithin(absl::Duration time) {
  if (reaped_) return true;
  pollfd watched{.fd = pid_handle_, .events = POLLIN, .revents = 0};
  const int milliseconds =
      time == absl::InfiniteDuration() ? -1 : static_cast<int>(std::max<int64_t>(0, absl::ToInt64Milliseconds(time)));
  while (poll(&watched, 1, milliseconds) < 0 && errno == EINTR) {
  }
  if ((watched.revents & POLLIN) == 0) return false;
  int state = 0;
  while (waitpid(pid_, &state, 0) < 0 && errno == EINTR) {
  }
  reaped_ = true;
  code_ = WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
  return true;
}

bool RunningCommand::running() { return !EndedWithin(absl::ZeroDuration()); }

Outcome RunningCommand::Wait() {
  if (!EndedWithin(deadline_ - absl::Now())) {
    std::fprintf(stderr, "killed after %s: %s\n", absl::FormatDuration(command_.within).c_str(),
                 StrJoin(command_.arguments, " ").c_str());
    kill(pid_, SIGKILL);
    EndedWithin(absl::InfiniteDuration());
  }
  return {.code = code_, .out = TextOf(out_), .err = TextOf(err_)};
}

Outcome RunCommand(Command command) { return RunningCommand(std::move(command)).Wait(); }

bool WaitUntil(const std::function<bool()>& condition, absl::Duration within) {
  for (const absl::Time give_up = absl::Now() + within; !condition(); absl::SleepFor(absl::Milliseconds(5))) {
    if (absl::Now() > give_up) return false;
  }
  return true;
}

std::string SourceFolder() { return TRIBUTARY_SOURCE_DIR; }
std::string ProgramFolder() { return TRIBUTARY_PROGRAM_DIR; }

std::string ReadTestFile(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) Die(StrCat("cannot read ", path));
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void WriteTestFile(const std::string& path, const std::string& text) {
  std::ofstream stream(path, std::ios::binary | std::ios::trunc);
  stream << text;
  if (!stream.flush()) Die(StrCat("cannot write ", path));
}

TestFolder::TestFolder() {
  const char* chosen = std::getenv("TRIBUTARY_TEST_DIR");
  const std::filesystem::path base = chosen != nullptr ? chosen : std::filesystem::temp_directory_path();
  path_ = (base / StrCat("tributary-e2e-", getpid(), "-XXXXXX")).string();
  if (mkdtemp(path_.data()) == nullptr) Die(StrCat("cannot make a folder in ", base.string()));
}

TestFolder::~TestFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace tributary::testing
