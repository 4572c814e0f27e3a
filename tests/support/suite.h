#pragma once

// The suite as a user starts it: ./dev up with its database and its five processes, in a folder and on ports of its
// own.

#include <sys/types.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/auth/tokens.h"
#include "common/http/message.h"
#include "common/rpc/client.h"
#include "nlohmann/json.hpp"
#include "tests/support/command.h"

namespace tributary::testing {

// 16 ports in a row that are free and below those that the system hands out; no other test gets them while this lives.
class PortBlock {
 public:
  PortBlock();
  ~PortBlock();
  PortBlock(const PortBlock&) = delete;
  PortBlock& operator=(const PortBlock&) = delete;
  int first() const { return first_; }

 private:
  int first_ = 0;
  int lock_ = -1;
};

// One installation. Nothing runs until Up or another command starts it; what runs is stopped with its owner, also where
// the test's process is killed. Its parts: "database", "partner", "inventory", "incentive", "conflict", "gateway".
class TestSuite {
 public:
  TestSuite();
  ~TestSuite();
  TestSuite(const TestSuite&) = delete;
  TestSuite& operator=(const TestSuite&) = delete;

  static const std::vector<std::string>& Parts();

  // ./dev ARGUMENTS with this installation's folder and ports and this build's programs.
  Outcome Dev(std::vector<std::string> arguments, absl::Duration within = absl::Minutes(5));
  // ./dev up, which must succeed: the test's process ends where it does not, for nothing can be tested then.
  void Up();
  // tributaryctl ARGUMENTS.
  Outcome Ctl(std::vector<std::string> arguments, absl::Duration within = absl::Minutes(5));
  // The same, as a program that runs beside the test.
  Command CtlCommand(std::vector<std::string> arguments);
  // What tributaryctl prints with -o json; null where it failed, which also fails the test.
  nlohmann::json CtlJson(std::vector<std::string> arguments);
  // TRIBUTARY_VAR, TRIBUTARY_PORT, TRIBUTARY_BIN.
  std::map<std::string, std::string> Environment() const;

  const std::string& var() const { return var_; }
  int port(std::string_view part) const;
  int admin_port(std::string_view part) const;
  std::string address(std::string_view part) const;

  // The process of a part by its pid file; 0 where none runs.
  pid_t pid(const std::string& part) const;
  // kill -9, and waits until it is gone.
  void Kill(const std::string& part);
  // Takes its processor time (SIGSTOP), waits until it stands; Resume gives it back.
  void Freeze(const std::string& part);
  void Resume(const std::string& part);
  // Status of /readyz on the part's admin listener; 0 where nobody answers.
  int Readiness(const std::string& part) const;

  // A token of this installation's key.
  std::string Token(std::string_view role, std::string_view partner = "", std::string_view subject = "test",
                    absl::Duration lifetime = absl::Hours(1), absl::Time from = absl::Now()) const;
  // Calls a service (not the gateway) as an administrator, or with the token that a call brings. Does not retry.
  rpc::Client& client(const std::string& service);
  // Asks the gateway. `headers` have names in lower case. An answer with status 0 where nobody answers.
  http::Response Http(const std::string& method, const std::string& target, const std::string& token = "",
                      const std::string& body = "", http::Headers headers = {}) const;

 private:
  void Guard();

  TestFolder folder_;
  std::string var_;
  PortBlock ports_;
  int guard_ = -1;  // as long as it is open, the guard waits
  std::map<std::string, std::unique_ptr<rpc::Client>> clients_;
};

}  // namespace tributary::testing
