// The main of test binaries whose tests share one database server.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/database_server.h"

namespace tributary::testing {
namespace {

std::unique_ptr<DatabaseServer>& Server() {
  static auto& server = *new std::unique_ptr<DatabaseServer>();
  return server;
}

[[noreturn]] void Die(const absl::Status& status) {
  std::fprintf(stderr, "test database: %s\n", status.ToString().c_str());
  std::exit(1);
}

// Started on the main thread, and not at all where tests are only listed.
class Environment : public ::testing::Environment {
 public:
  void SetUp() override { Server() = std::make_unique<DatabaseServer>(); }
  void TearDown() override { Server().reset(); }
};

}  // namespace

DatabaseServer& SharedDatabase() {
  if (Server() == nullptr) {
    std::fprintf(stderr, "SharedDatabase() lives from the environment's SetUp to its TearDown\n");
    std::abort();
  }
  return *Server();
}

std::unique_ptr<mysql::Database> FreshDatabase(const std::vector<const mysql::Schema*>& schemas) {
  auto database = mysql::Database::Open(SharedDatabase().options());
  if (!database.ok()) Die(database.status());
  for (const mysql::Schema* schema : schemas) {
    const absl::Status applied = (*database)->ApplySchema(*schema);
    if (!applied.ok()) Die(applied);
  }
  return *std::move(database);
}

}  // namespace tributary::testing

int main(int argc, char** argv) {
  ::testing::InitGoogleMock(&argc, argv);
  ::testing::AddGlobalTestEnvironment(new tributary::testing::Environment);
  return RUN_ALL_TESTS();
}
