#include <sys/stat.h>

#include <fstream>
#include <iostream>

#include "absl/strings/escaping.h"
#include "cli/commands/commands.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "openssl/rand.h"

namespace tributary::cli {
namespace {

absl::Status WriteFile(const std::string& path, const std::string& text, mode_t mode) {
  std::ofstream file(path);
  chmod(path.c_str(), mode);
  file << text << "\n";
  file.close();
  return file ? absl::OkStatus() : absl::UnavailableError(StrCat("cannot write ", path));
}

absl::Status MakeKeys(const std::string& folder) {
  ASSIGN_OR_RETURN(auth::TokenSigner::KeyPair keys, auth::TokenSigner::NewKeyPair("development"));
  std::string secret(32, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(secret.data()), static_cast<int>(secret.size())) != 1) {
    return absl::InternalError("no random bytes");
  }
  RETURN_IF_ERROR(WriteFile(folder + "/service.jwk", keys.private_jwk, 0600));
  RETURN_IF_ERROR(WriteFile(folder + "/page_token.key", absl::BytesToHexString(secret), 0600));
  return WriteFile(folder + "/jwks.json", keys.public_jwks, 0644);
}

}  // namespace

void AddKeys(CLI::App& app, Context& context) {
  CLI::App* keys = app.add_subcommand("keys", "Make development keys: service.jwk, jwks.json, page_token.key");
  auto folder = std::make_shared<std::string>();
  keys->add_option("--out", *folder, "Folder to write them to")->required();
  keys->callback([&context, folder] { context.chosen = [folder] { return MakeKeys(*folder); }; });

  CLI::App* token = app.add_subcommand("token", "Print a signed token, made with the development key");
  auto minutes = std::make_shared<int>(60);
  token->add_option("--minutes", *minutes, "How long it is valid")->check(CLI::Range(1, 24 * 60));
  token->callback([&context, minutes] {
    context.chosen = [&context, minutes]() -> absl::Status {
      ASSIGN_OR_RETURN(std::string text, DevelopmentToken(context.suite, absl::Minutes(*minutes)));
      std::cout << text << "\n";
      return absl::OkStatus();
    };
  });
}

}  // namespace tributary::cli
