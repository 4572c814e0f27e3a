#include "cli/suite.h"

#include "common/ids/uuid.h"
#include "common/process/config.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "nlohmann/json.hpp"

namespace tributary::cli {

absl::StatusOr<std::unique_ptr<Suite>> Suite::Open(const SuiteOptions& options) {
  const std::string path = StrCat(options.var, "/run/endpoints.json");
  absl::StatusOr<std::string> text = process::ReadFile(path);
  if (!text.ok()) {
    return absl::UnavailableError(StrCat("no running suite: ", path, " is not there; ./dev up starts one"));
  }
  const nlohmann::json endpoints = nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false);
  if (!endpoints.is_object())
    return absl::InvalidArgumentError(StrCat(path, ": got no JSON object, want name: address"));
  std::unique_ptr<Suite> suite(new Suite());
  if (!options.token.empty()) {
    suite->token_ = options.token;
  } else {
    ASSIGN_OR_RETURN(suite->token_, DevelopmentToken(options, absl::Hours(1)));
  }
  for (const auto& [name, address] : endpoints.items()) {
    if (!address.is_string()) return absl::InvalidArgumentError(StrCat(path, ": ", name, " is no text"));
    suite->addresses_[name] = address.get<std::string>();
  }
  for (const char* name : {"partner", "inventory", "incentive", "conflict"}) {
    if (!suite->addresses_.contains(name)) return absl::InvalidArgumentError(StrCat(path, ": no address of ", name));
    suite->clients_[name] = std::make_unique<rpc::Client>(
        rpc::ClientOptions{.address = suite->addresses_[name], .token = [raw = suite.get()] { return raw->token_; }});
  }
  return suite;
}

absl::StatusOr<rpc::Client*> Suite::ForMethod(std::string_view method) {
  for (const auto& [name, client] : clients_) {
    if (method.starts_with(StrCat("tributary.", name, "."))) return client.get();
  }
  return absl::NotFoundError(
      StrCat("got the method ", method, ", want one of tributary.{partner,inventory,incentive,conflict}.v1, or --of"));
}

absl::StatusOr<rpc::Client*> Suite::OfService(const std::string& service) {
  const auto client = clients_.find(service);
  if (client != clients_.end()) return client->second.get();
  return absl::InvalidArgumentError(StrCat("of: got '", service, "', want partner, inventory, incentive or conflict"));
}

absl::StatusOr<std::string> DevelopmentToken(const SuiteOptions& options, absl::Duration lifetime) {
  ASSIGN_OR_RETURN(std::string key, process::ReadFile(StrCat(options.var, "/keys/service.jwk")));
  ASSIGN_OR_RETURN(std::unique_ptr<auth::TokenSigner> signer, auth::TokenSigner::FromJwk(key));
  api::v1::Role role;
  if (!api::v1::Role_Parse(options.role, &role) || role == api::v1::ROLE_UNSPECIFIED) {
    return absl::InvalidArgumentError(
        StrCat("role: got ", options.role,
               ", want PARTNER_USER, CHANNEL_MANAGER, FINANCE, ADMINISTRATOR, SERVICE or AUDITOR"));
  }
  if ((role == api::v1::PARTNER_USER) != !options.partner.empty()) {
    return absl::InvalidArgumentError("want --partner with PARTNER_USER, and only with it");
  }
  return signer->Sign({.subject = options.subject, .roles = {role}, .partner = options.partner}, absl::Now(), lifetime);
}

std::string NewRequestId() { return Uuid::New(absl::Now()).ToString(); }

}  // namespace tributary::cli
