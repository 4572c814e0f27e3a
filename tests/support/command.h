#pragma once

// Running programs from tests: their output, their exit code, and never longer than said.

#include <sys/types.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace tributary::testing {

struct Command {
  std::vector<std::string> arguments;              // the program first, found by PATH
  std::map<std::string, std::string> environment;  // beside the test's own
  std::string folder;                              // to run in; empty: the repository's root
  absl::Duration within = absl::Minutes(5);
};

struct Outcome {
  int code = -1;  // exit code; 128 + signal where one ended it
  std::string out;
  std::string err;
  // For messages of tests: everything that is known.
  std::string ToString() const;
};

// A program that runs beside the test. It is killed with its owner.
class RunningCommand {
 public:
  // Ends the test's process where the program cannot be started at all.
  explicit RunningCommand(Command command);
  ~RunningCommand();
  RunningCommand(const RunningCommand&) = delete;
  RunningCommand& operator=(const RunningCommand&) = delete;

  pid_t pid() const { return pid_; }
  // Whether it has not ended yet.
  bool running();
  // Waits for its end; kills it where that does not come within the command's time (code 128 + 9).
  Outcome Wait();

 private:
  bool EndedWithin(absl::Duration time);

  Command command_;
  absl::Time deadline_;
  pid_t pid_ = -1;
  int pid_handle_ = -1;
  int out_ = -1, err_ = -1;  // files without a name
  bool reaped_ = false;
  int code_ = -1;
};

Outcome RunCommand(Command command);

// Asks until the answer is yes; false where that is not so within the time.
bool WaitUntil(const std::function<bool()>& condition, absl::Duration within);

// The root of the repository that the test was built from, and the folder of the suite's programs of the same build.
std::string SourceFolder();
std::string ProgramFolder();

// A file's bytes; the test's process ends where it cannot be read or written.
std::string ReadTestFile(const std::string& path);
void WriteTestFile(const std::string& path, const std::string& text);

// A new folder that goes with its owner; its name carries the process's id.
class TestFolder {
 public:
  TestFolder();
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace tributary::testing
