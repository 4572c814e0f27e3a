#pragma once

// Which database the tests run on, and how a server of it is made.

#include <string>
#include <vector>

namespace tributary::testing {

// MariaDB, unless TRIBUTARY_TEST_DATABASE says "mysql:PROGRAM" (a mysqld) or "galera:LIBRARY" (a libgalera_smm.so), as
// the compat lane of ./dev test --full does.
enum class DatabaseProduct { kMariaDb, kMySql, kGalera };

// What the environment asks for; ends the process where it cannot be understood.
DatabaseProduct ProductUnderTest();

// The account that every server has, with all rights, and the statements that make it (for --init-file).
inline constexpr char kTestUser[] = "tributary";
inline constexpr char kTestPassword[] = "tributary-test";
std::string AccountStatements();

// The program to start: a name on PATH, or a path.
std::string ServerProgram();

// An option file for a server that stands alone: the settings that ship, then what makes copies small and quick.
// Durability stays as shipped.
std::string ServerSettings();

// Where the nodes of a cluster of two meet.
struct ClusterPlace {
  int group_port = 0;     // of this node, for the group's messages
  int transfer_port = 0;  // of this node, for missing write sets
  int peer_group_port = 0;
  int weight = 1;  // the heavier part goes on when they lose each other
};
// Further lines of the option file, which make the server a node of a cluster.
std::string ClusterSettings(const ClusterPlace& place);

// PATH=..., with the folder of the cluster's own scripts in front.
std::string ServerPath();

// A fresh data folder to copy servers from, made once for each machine, product and settings.
std::string DataTemplate();

// The folder that templates and servers live in. Servers' folders are named "db-PID-XXXXXX" after their process, and
// removed with the next template after it has ended.
std::string DatabasesFolder();

// Runs a program to its end, its output appended to a file; its exit code.
int RunToEnd(const std::vector<std::string>& command, const std::string& output);

std::string ReadWholeFile(const std::string& path);
void WriteWholeFile(const std::string& path, const std::string& text);

// For what makes it impossible to test anything: says so and ends the process.
[[noreturn]] void NoDatabase(const std::string& why);

}  // namespace tributary::testing
