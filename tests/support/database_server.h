#pragma once

// A private database for tests: on a free port, in a folder of its own, with the suite's settings. A MariaDB, or what
// TRIBUTARY_TEST_DATABASE asks for (tests/support/database_product.h): a MySQL, or a Galera cluster of two nodes, of
// which the tests speak to one.

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "tests/support/database_node.h"
#include "tests/support/database_product.h"

namespace tributary::testing {

// Start it on a thread that lives as long as it does (the main thread of the test): the server dies with the thread
// that started it, so that it never outlives a test that crashes. Its folder goes with it.
class DatabaseServer {
 public:
  // Copies a data folder that is made once per machine and starts a server on it; ends the test's process where that
  // cannot be done, for nothing can be tested then.
  DatabaseServer();
  ~DatabaseServer();
  DatabaseServer(const DatabaseServer&) = delete;
  DatabaseServer& operator=(const DatabaseServer&) = delete;

  // To connect to a schema of this name; Database::Open makes it. Account: tributary, all rights.
  mysql::Options options(const std::string& schema) const;
  // The same with a name that nobody had before.
  mysql::Options options() const;
  // To connect to the cluster's other node, which nobody writes to; only on DatabaseProduct::kGalera.
  mysql::Options peer_options(const std::string& schema) const;

  // Over TCP, "tcp://127.0.0.1:PORT", and over the socket file, "unix:///...".
  std::string address() const { return node_->address(); }
  std::string socket_address() const { return node_->socket_address(); }
  int port() const { return node_->port(); }
  pid_t pid() const { return node_->pid(); }

  // Of a cluster, all of these mean the node that the tests speak to.
  // kill -9: nothing is flushed, clients see broken connections.
  void Kill() { node_->Kill(); }
  // Asks it to end and waits.
  void Stop() { node_->Stop(); }
  // Starts it again on the same data, port and socket, stopping it first where it runs. `more` are further arguments
  // ("--innodb-flush-log-at-trx-commit=2").
  void Restart(const std::vector<std::string>& more = {});
  // Stops its processor time (SIGSTOP): clients wait for answers. Resume lets it go on.
  void Freeze() { node_->Freeze(); }
  void Resume() { node_->Resume(); }

 private:
  void MakeCluster();

  std::string folder_;
  std::unique_ptr<DatabaseNode> node_;
  std::unique_ptr<DatabaseNode> peer_;  // of a cluster
};

// The server that all tests of this binary share; tests keep apart by their schemas. For binaries with the main of
// database_test_main.cc.
DatabaseServer& SharedDatabase();

// A Database on a fresh schema of the shared server, with these schemas applied. Ends the process on failure.
std::unique_ptr<mysql::Database> FreshDatabase(const std::vector<const mysql::Schema*>& schemas = {});

}  // namespace tributary::testing
