#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/mysql/database.h"

namespace tributary::process {

// What a program of the suite is, known when it is built.
struct Program {
  std::string name;  // "partner-service"
  bool serves_grpc = true;
  bool has_database = true;
  std::vector<std::string> peers;                             // services that it calls: "partner", "inventory"
  std::vector<const mysql::Schema*> schemas;                  // applied at start, in this order
  std::vector<std::pair<std::string, std::string>> switches;  // of its own, without "--": name, help
};

// What the command line says.
struct Config {
  std::string listen;        // gRPC, or HTTP for the gateway
  std::string admin_listen;  // metrics and health
  mysql::Options database;
  std::string jwks_file;                     // public keys of tokens
  std::string page_token_key_file;           // at least 32 bytes, the same in every replica
  std::string signing_key_file;              // this process's own key, for calls to peers
  std::map<std::string, std::string> peers;  // name -> address
  std::string log_level = "info";
  int workers = 16;
  int remote_workers = 8;
  absl::Duration grace_period = absl::Seconds(10);
  bool production = false;
  std::set<std::string> switches;  // of the program's own, those that were given
};

// Reads the command line. Prints help or what is wrong and ends the process where that is asked for or needed.
Config ReadConfig(const Program& program, int argc, char** argv);

// The whole of a small file, without the newline at its end.
absl::StatusOr<std::string> ReadFile(const std::string& path);

}  // namespace tributary::process
