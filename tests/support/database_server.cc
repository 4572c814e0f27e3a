#include "tests/support/database_server.h"

#include <stdlib.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>

#include "absl/strings/str_cat.h"

namespace tributary::testing {
namespace {

namespace fs = std::filesystem;

mysql::Options OptionsOf(const DatabaseNode& node, const std::string& schema) {
  mysql::Options options;
  options.address = node.address();
  options.user = kTestUser;
  options.password = kTestPassword;
  options.schema = schema;
  options.pool_size = 8;
  return options;
}

// A node on a copy of the template, in a folder of this name.
std::unique_ptr<DatabaseNode> NewNode(const std::string& folder) {
  fs::create_directories(folder);
  fs::copy(DataTemplate(), folder + "/data", fs::copy_options::recursive);
  return std::make_unique<DatabaseNode>(folder);
}

}  // namespace

DatabaseServer::DatabaseServer() {
  fs::create_directories(DatabasesFolder());
  std::string pattern = (fs::path(DatabasesFolder()) / absl::StrCat("db-", getpid(), "-XXXXXX")).string();
  if (mkdtemp(pattern.data()) == nullptr) NoDatabase(absl::StrCat("cannot make a folder in ", DatabasesFolder()));
  folder_ = pattern;
  node_ = NewNode(folder_ + "/a");
  if (ProductUnderTest() == DatabaseProduct::kGalera) {
    MakeCluster();
    return;
  }
  // The account is made at every start, before the server takes connections.
  WriteWholeFile(folder_ + "/a/init.sql", AccountStatements());
  node_->Configure(absl::StrCat("init_file = ", folder_, "/a/init.sql\n"));
  if (!node_->Start({})) NoDatabase(absl::StrCat("the server does not start:\n", node_->log()));
}

// The peer outweighs our node, so that it goes on alone when that is killed and can take it in again.
void DatabaseServer::MakeCluster() {
  peer_ = NewNode(folder_ + "/b");
  const int port = FreePort(), peer_port = FreePort();
  node_->Configure(ClusterSettings({port, FreePort(), peer_port, 1}));
  peer_->Configure(ClusterSettings({peer_port, FreePort(), port, 2}));
  if (!node_->Start({"--wsrep-new-cluster"})) NoDatabase(absl::StrCat("no cluster begins:\n", node_->log()));
  if (!peer_->Start({})) NoDatabase(absl::StrCat("no second node joins:\n", peer_->log()));
}

DatabaseServer::~DatabaseServer() {
  node_.reset();
  peer_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

mysql::Options DatabaseServer::options(const std::string& schema) const { return OptionsOf(*node_, schema); }

mysql::Options DatabaseServer::options() const {
  static std::atomic<int> next{1};
  return options(absl::StrCat("test_", getpid(), "_", next++));
}

mysql::Options DatabaseServer::peer_options(const std::string& schema) const {
  if (peer_ == nullptr) NoDatabase("only a cluster has a second node");
  return OptionsOf(*peer_, schema);
}

void DatabaseServer::Restart(const std::vector<std::string>& more) {
  Stop();
  std::vector<std::string> arguments = more;
  if (peer_ != nullptr) {
    const std::vector<std::string> place = node_->Recovered();
    arguments.insert(arguments.end(), place.begin(), place.end());
  }
  if (!node_->Start(arguments)) NoDatabase(absl::StrCat("the server does not start again:\n", node_->log()));
}

}  // namespace tributary::testing
