#pragma once

// One process of a database server: it stands alone, or is a node of a cluster.

#include <sys/types.h>

#include <string>
#include <vector>

namespace tributary::testing {

// A port of the loopback interface that nobody listens on now.
int FreePort();

// Its folder holds the data (data/), the option file, the socket (s) and the log. The process dies with the thread that
// started it.
class DatabaseNode {
 public:
  explicit DatabaseNode(std::string folder);
  ~DatabaseNode();
  DatabaseNode(const DatabaseNode&) = delete;
  DatabaseNode& operator=(const DatabaseNode&) = delete;

  // Writes the option file: ServerSettings(), its own places, then these lines.
  void Configure(const std::string& more);
  // Starts it with further arguments on a free port, the same one at every further start, and waits until it answers to
  // the test's account. False where it ended instead.
  bool Start(const std::vector<std::string>& arguments);
  // The node's place in its cluster's history after a kill, "--wsrep-start-position=..."; nothing after a Stop, which
  // wrote it down.
  std::vector<std::string> Recovered() const;

  void Kill();
  void Stop();
  void Freeze();
  void Resume();

  int port() const { return port_; }
  pid_t pid() const { return pid_; }
  std::string address() const;
  std::string socket_address() const;
  std::string log() const;

 private:
  bool WaitUntilReady();
  void End(int signal);

  const std::string folder_;
  int port_ = 0;
  pid_t pid_ = -1;
};

}  // namespace tributary::testing
