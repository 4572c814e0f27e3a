#include "common/process/config.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "CLI/CLI.hpp"
#include "common/text/text.h"

namespace tributary::process {

Config ReadConfig(const Program& program, int argc, char** argv) {
  Config config;
  CLI::App app{StrCat("Tributary's ", program.name)};
  app.add_option("--listen", config.listen, "Address to serve on, such as 127.0.0.1:7101")->required();
  app.add_option("--admin-listen", config.admin_listen, "Address of metrics and health")->required();
  app.add_option("--jwks", config.jwks_file, "File with the public keys of tokens (JWK set)")->required();
  app.add_option("--log-level", config.log_level, "debug, info, warn or error")
      ->check(CLI::IsMember({"debug", "info", "warn", "error"}));
  int grace_period_seconds = 10;
  app.add_option("--grace-period-seconds", grace_period_seconds, "How long running calls may take to finish at the end")
      ->check(CLI::Range(0, 600));
  app.add_flag("--production", config.production, "Demand what production needs, such as TLS to the database");
  std::string password_file;
  if (program.has_database) {
    app.add_option("--database", config.database.address, "tcp://host:port or unix:///path/of.sock")->required();
    app.add_option("--database-user", config.database.user, "User")->required();
    app.add_option("--database-password-file", password_file, "File with the user's password");
    app.add_option("--database-schema", config.database.schema, "The service's own database")->required();
    app.add_option("--page-token-key", config.page_token_key_file,
                   "File with the secret that seals page tokens, the same in every replica")
        ->required();
    app.add_option("--workers", config.workers, "Threads and connections for calls that read or write the database")
        ->check(CLI::Range(1, 1000));
  }
  if (!program.peers.empty()) {
    app.add_option("--remote-workers", config.remote_workers, "Threads for calls that wait for other services as well")
        ->check(CLI::Range(1, 1000));
    app.add_option("--signing-key", config.signing_key_file, "File with this process's private key (JWK)");
    for (const std::string& peer : program.peers) {
      app.add_option(StrCat("--", peer), config.peers[peer], StrCat("Address of ", peer, "-service"))->required();
    }
  }
  std::map<std::string, bool> switches;
  for (const auto& [name, help] : program.switches) app.add_flag(StrCat("--", name), switches[name], help);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    std::exit(app.exit(e));
  }
  if (!password_file.empty()) {
    absl::StatusOr<std::string> password = ReadFile(password_file);
    if (!password.ok()) {
      std::fprintf(stderr, "--database-password-file: %s\n", std::string(password.status().message()).c_str());
      std::exit(2);
    }
    config.database.password = *std::move(password);
  }
  for (const auto& [name, given] : switches) {
    if (given) config.switches.insert(name);
  }
  config.database.production = config.production;
  // Background work (feed, consumers, purge, health) has connections besides the workers'.
  constexpr int kBackgroundConnections = 8;
  if (program.peers.empty()) config.remote_workers = 0;
  config.database.pool_size = config.workers + config.remote_workers + kBackgroundConnections;
  config.grace_period = absl::Seconds(grace_period_seconds);
  return config;
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(StrCat("cannot read the file ", path));
  std::stringstream text;
  text << file.rdbuf();
  std::string out = text.str();
  while (!out.empty() && (out.back() == '\n' || out.back() == '\r')) out.pop_back();
  return out;
}

}  // namespace tributary::process
